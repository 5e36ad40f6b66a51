//! Promise 11: no orphan burns the processor.
