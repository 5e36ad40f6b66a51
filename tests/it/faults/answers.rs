//! Promise 4: what was delivered is saved before it is understood.
