//! Promises 1, 2, 4 and 7 under every order of events.
