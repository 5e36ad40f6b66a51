//! Promise 8: the history survives its database.
