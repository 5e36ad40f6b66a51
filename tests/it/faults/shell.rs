//! Promise 10: the shell is usable afterwards.
