//! How long to wait for an answer of a board, as the environment says.

use std::time::Duration;

use super::error::BodyError;

/// The environment variable.
pub const TIMEOUT_VARIABLE: &str = "METAPLASTIC_TIMEOUT_SECONDS";
/// Without it, seconds.
pub const TIMEOUT: u64 = 30;

/// How long to wait for an answer: [`TIMEOUT_VARIABLE`], whole seconds.
pub(super) fn timeout() -> Result<Duration, BodyError> {
    let Some(value) = std::env::var_os(TIMEOUT_VARIABLE) else { return Ok(Duration::from_secs(TIMEOUT)) };
    let seconds = value.to_str().and_then(|text| text.parse().ok()).filter(|seconds| (1..=3600).contains(seconds));
    let wrong = || BodyError::Environment {
        variable: TIMEOUT_VARIABLE,
        value: value.to_string_lossy().into_owned(),
        allowed: "a whole number of seconds in 1..=3600",
    };
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}
