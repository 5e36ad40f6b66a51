//! Promise 1: one press, one POST, whatever the network does.
