//! How many lives are run, and of how many episodes.
//!
//! ```
//! use metaplastic::lives::Lives;
//! use metaplastic::task::CueAssociation;
//! use metaplastic::task::unseen::{Episodes, UnseenLives};
//!
//! // As `evaluate --life 100 --lives 4` asks for.
//! let Lives { life, lives } = Lives { life: 100, lives: 4 };
//! let unseen = UnseenLives { task: &CueAssociation::default(), seed: 1, life, lives };
//! assert_eq!((unseen.count(), unseen.life()), (400, 100));
//! ```

/// Lives of so many episodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lives {
    /// Episodes of a life.
    pub life: u64,
    /// Number of lives.
    pub lives: u64,
}
