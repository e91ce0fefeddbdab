//! The only place that names dfdx.
