//! Why a recording cannot be planned; names the option and what there is.

/// Why a recording cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// There is no such population, projection or array.
    #[error("--only {name}: the network has nothing of that name; it has: {known}")]
    NoSuchName {
        /// The name that was given.
        name: String,
        /// The names of its populations and projections, and of all their arrays.
        known: String,
    },
    /// No step is kept.
    #[error("--steps begins at step {first}: there are only {all} steps, from 0 on")]
    NoSteps {
        /// The first that was to be kept.
        first: u64,
        /// Steps of all episodes of the recording.
        all: u64,
    },
}
