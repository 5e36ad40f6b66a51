//! Promise 5: what is free is tried again, what is paid for is asked about.
