//! Promise 6: a paste costs nothing.
