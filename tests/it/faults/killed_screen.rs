//! Promise 3: no delivered picture is lost when the screen dies.
