//! Promise 13: text from outside cannot drive the terminal.

#[path = "untrusted/attacks.rs"]
mod attacks;
#[path = "untrusted/sinks.rs"]
mod sinks;
#[path = "untrusted/witness.rs"]
mod witness;
