//! Promise 12: no size of the terminal kills it.
