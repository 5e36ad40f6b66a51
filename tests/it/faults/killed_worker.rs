//! Promise 2: no charge without a row, whenever the worker dies.
