//! Faults of drawings, and of what the parameters require of them.

use super::archive::ArchiveError;
use super::drawing::DrawingError;

/// Why drawings cannot be used; names the file, the entry, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// No data are given.
    #[error(
        "task one-shot needs drawings: pass --data DIR with Omniglot's images_background.zip, or \
         images_background_small1.zip and images_background_small2.zip \
         (https://github.com/brendenlake/omniglot/tree/master/python); or take synthetic ones: `evaluate --source \
         synthetic`, or task.source = \"synthetic\" in the file of an experiment"
    )]
    NotGiven,
    /// Data are given although the drawings are synthetic.
    #[error("task.source = \"synthetic\" reads no drawings; leave out the data, or set task.source = \"omniglot\"")]
    NotRead,
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A picture cannot be used as a drawing.
    #[error("{path}: {entry}: {why}")]
    Drawing {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// What is wrong.
        why: DrawingError,
    },
    /// The sheets have different sizes.
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
        /// Pixels a side of the others.
        expected: usize,
    },
    /// There are no drawings.
    #[error(
        "{path}: no alphabets; a folder or zip with ALPHABET/characterNN/NNNN_DD.png, below at most one folder, is \
         looked for, or a folder with such zips"
    )]
    NoAlphabets {
        /// The zip or folder.
        path: String,
    },
    /// An alphabet does not exist.
    #[error("{field}: there is no alphabet {name:?}; there are: {known}")]
    NoSuchAlphabet {
        /// The task's parameter.
        field: &'static str,
        /// The name.
        name: String,
        /// The names of all alphabets.
        known: String,
    },
    /// No alphabet is held out for test.
    #[error("task.held_out is empty; name alphabets that only test episodes have; there are: {known}")]
    NothingHeldOut {
        /// The names of all alphabets.
        known: String,
    },
    /// An alphabet would serve two purposes.
    #[error("task.validation: alphabet {name:?} is in task.held_out too; an alphabet serves one purpose")]
    Shared {
        /// The alphabet.
        name: String,
    },
    /// No alphabet is left for training.
    #[error("task.held_out and task.validation hold back every alphabet; none is left for training: {known}")]
    NothingLeft {
        /// The names of all alphabets.
        known: String,
    },
    /// An episode has more classes than an alphabet has characters.
    #[error(
        "task.ways = {ways}: alphabet {name} has {characters} characters, and task.within_alphabet is not 0; at most \
         {characters} ways are possible within it"
    )]
    SmallAlphabet {
        /// Classes of an episode.
        ways: usize,
        /// The alphabet.
        name: String,
        /// Characters of the alphabet.
        characters: usize,
    },
    /// An episode has more classes than there are characters.
    #[error("task.ways = {ways}: the alphabets for {purpose} have {characters} characters in all: {names}")]
    FewCharacters {
        /// Classes of an episode.
        ways: usize,
        /// The purpose of the alphabets.
        purpose: &'static str,
        /// Characters of all these alphabets.
        characters: usize,
        /// The alphabets.
        names: String,
    },
    /// No alphabet has enough characters.
    #[error(
        "task.ways = {ways}: no alphabet for {purpose} has that many characters ({names}), and task.within_alphabet \
         is not 0"
    )]
    NoAlphabetLargeEnough {
        /// Classes of an episode.
        ways: usize,
        /// The purpose of the alphabets.
        purpose: &'static str,
        /// The alphabets.
        names: String,
    },
    /// An episode has more drawings of a character than there are drawers.
    #[error(
        "task.shots = {shots} and task.queries = {queries} need {needed} drawings of a character; {character} of \
         {alphabet} has {drawers}",
        needed = shots + queries
    )]
    FewDrawers {
        /// Support samples of a class.
        shots: usize,
        /// Query samples of a class.
        queries: usize,
        /// The character.
        character: String,
        /// Its alphabet.
        alphabet: String,
        /// Its drawers.
        drawers: usize,
    },
}
