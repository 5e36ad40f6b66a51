//! Promise 13: text from outside cannot drive the terminal.
