//! Promise 14: keys stay home.
