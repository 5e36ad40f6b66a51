//! Promise 15: nothing reaches the inside network.
