//! What can be wrong with drawings, and with what a task asks of them.

use super::archive::ArchiveError;
use super::drawing::DrawingError;

/// What is wrong; names the file, the entry, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// No data given.
    #[error(
        "task one-shot needs drawings: pass --data DIR with Omniglot's images_background.zip, or \
         images_background_small1.zip and images_background_small2.zip \
         (https://github.com/brendenlake/omniglot/tree/master/python), or set task.source = \"synthetic\""
    )]
    NotGiven,
    /// Data given to a task that makes its own.
    #[error("task.source = \"synthetic\" reads no drawings; leave out the data, or set task.source = \"omniglot\"")]
    NotRead,
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A picture is no drawing.
    #[error("{path}: {entry}: {why}")]
    Drawing {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// What is wrong.
        why: DrawingError,
    },
    /// Sheets of different sizes.
    #[error(
        "{path}: {entry}: {side} pixels a side, the drawings before it have {expected}; all must be of one size"
    )]
    Sides {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// Pixels a side.
        side: usize,
        /// What the others have.
        expected: usize,
    },
    /// No drawings.
    #[error(
        "{path}: no alphabets; a folder or zip with ALPHABET/characterNN/NNNN_DD.png, below at most one folder, is \
         looked for, or a folder with such zips"
    )]
    NoAlphabets {
        /// The zip or folder.
        path: String,
    },
    /// An alphabet that is not there.
    #[error("{field}: there is no alphabet {name:?}; there are: {known}")]
    NoSuchAlphabet {
        /// The task's parameter.
        field: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No alphabet to test on.
    #[error("task.held_out is empty; name alphabets that only test episodes see; there are: {known}")]
    NothingHeldOut {
        /// The names there are.
        known: String,
    },
    /// An alphabet for two purposes.
    #[error("task.validation: alphabet {name:?} is in task.held_out too; an alphabet serves one purpose")]
    Shared {
        /// The alphabet.
        name: String,
    },
    /// Nothing left to train on.
    #[error("task.held_out and task.validation hold back every alphabet; none is left for training: {known}")]
    NothingLeft {
        /// The names there are.
        known: String,
    },
    /// More classes than an alphabet has characters.
    #[error(
        "task.ways = {ways}: alphabet {name} has {characters} characters, and task.within_alphabet is not 0; at most \
         {characters} ways are possible within it"
    )]
    SmallAlphabet {
        /// Classes of an episode.
        ways: usize,
        /// The alphabet.
        name: String,
        /// What it has.
        characters: usize,
    },
    /// More classes than there are characters.
    #[error("task.ways = {ways}: the alphabets for {purpose} have {characters} characters in all: {names}")]
    FewCharacters {
        /// Classes of an episode.
        ways: usize,
        /// What the alphabets are for.
        purpose: &'static str,
        /// What they have.
        characters: usize,
        /// The alphabets.
        names: String,
    },
    /// No alphabet is large enough.
    #[error(
        "task.ways = {ways}: no alphabet for {purpose} has that many characters ({names}), and task.within_alphabet \
         is not 0"
    )]
    NoAlphabetLargeEnough {
        /// Classes of an episode.
        ways: usize,
        /// What the alphabets are for.
        purpose: &'static str,
        /// The alphabets.
        names: String,
    },
    /// More drawings of a character than there are drawers.
    #[error(
        "task.shots = {shots} and task.queries = {queries} need {needed} drawings of a character; {character} of \
         {alphabet} has {drawers}",
        needed = shots + queries
    )]
    FewDrawers {
        /// Support drawings of a class.
        shots: usize,
        /// Queries of a class.
        queries: usize,
        /// The character.
        character: String,
        /// Its alphabet.
        alphabet: String,
        /// How many drew it.
        drawers: usize,
    },
}
