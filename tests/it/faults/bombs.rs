//! Promise 16: a hostile picture is boring.
