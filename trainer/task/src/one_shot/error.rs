//! Faults of drawings, and of what the parameters require of them.

use metaplastic_files::text::Escaped;

use super::archive_error::ArchiveError;
use super::scan::DrawingError;

/// Why drawings cannot be used; names the file, the entry, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Data are given although the drawings are synthetic.
    #[error("task.source = \"synthetic\" reads no drawings; leave out the data, or set task.source = \"omniglot\"")]
    NotRead,
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A picture cannot be used as a drawing.
    #[error("{}: {}: {}", Escaped(.path), Escaped(.entry), Escaped(.why))]
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
        "{}: {}: {side} pixels a side, the drawings before it have {expected}; all must be of one size",
        Escaped(.path),
        Escaped(.entry)
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
    /// The drawings together are too large.
    #[error(
        "{}: {}: with it, all drawings have more than {limit} pixels of ink; take fewer or smaller ones",
        Escaped(.path),
        Escaped(.entry)
    )]
    TooMuchInk {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// The largest number of pixels with ink.
        limit: usize,
    },
    /// There are no drawings.
    #[error(
        "{}: no alphabets; a folder or zip with ALPHABET/characterNN/NNNN_DD.png, a few folders below at most, is \
         looked for, or a folder with such zips{hint}",
        Escaped(.path)
    )]
    NoAlphabets {
        /// The zip or folder.
        path: String,
        /// What should be given instead, if that is known.
        hint: &'static str,
    },
    /// An alphabet does not exist.
    #[error(
        "{field}: there is no alphabet \"{}\" among the drawings; there are: {known}; where --data has drawings of \
         your own, name alphabets of theirs, in {field} or with evaluate's --held-out",
        Escaped(.name)
    )]
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
    #[error("task.validation: alphabet \"{}\" is in task.held_out too; an alphabet serves one purpose", Escaped(.name))]
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
         {} has {drawers}",
        Escaped(.alphabet),
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
