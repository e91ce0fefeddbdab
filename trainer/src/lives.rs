//! How many lives are run, and of how many episodes.

/// Lives of so many episodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lives {
    /// Episodes of a life.
    pub life: u64,
    /// Number of lives.
    pub lives: u64,
}
