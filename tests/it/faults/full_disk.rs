//! Promise 9: a full disk is a message.
