//! Faults of windows, and of what the parameters require of them.

use std::io;

use metaplastic_files::npz::NpzError;
use metaplastic_files::text::Escaped;

/// Why windows cannot be used; names the file, the line, the column, the limit and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WindowsError {
    /// Data are given although the windows are synthetic.
    #[error("task.source = \"synthetic\" reads no windows; leave out the data, or set task.source = \"files\"")]
    NotRead,
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {why}", Escaped(.path))]
    Read {
        /// The file or folder.
        path: String,
        /// The reason.
        why: io::Error,
    },
    /// There is no file of a known format.
    #[error("{}: no file that ends in {known}, nor any whose name begins so", Escaped(.path))]
    NoFiles {
        /// The folder, or the beginning of names.
        path: String,
        /// The endings of the formats.
        known: &'static str,
    },
    /// There are files of several formats.
    #[error("{}: files of several formats, {} and {}; give one file, or the beginning of the files' names", Escaped(.path), Escaped(.first), Escaped(.other))]
    Formats {
        /// The folder, or the beginning of names.
        path: String,
        /// A file.
        first: String,
        /// A file of another format.
        other: String,
    },
    /// The files together are too large.
    #[error("{}: its files are larger than {limit} bytes together; take fewer, or resample them", Escaped(.path))]
    TooLarge {
        /// The file or folder.
        path: String,
        /// The limit.
        limit: u64,
    },
    /// A line of a text cannot be read.
    #[error("{}:{line}:{column}: {}", Escaped(.path), Escaped(.why))]
    Text {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, and the remedy.
        why: String,
    },
    /// An array cannot be read.
    #[error("{0}")]
    Numpy(#[from] NpzError),
    /// An array cannot be used.
    #[error("{}: {}: {}", Escaped(.path), Escaped(.array), Escaped(.why))]
    Array {
        /// The file.
        path: String,
        /// The name of the array.
        array: String,
        /// What is wrong, and the remedy.
        why: String,
    },
    /// A file has no windows.
    #[error("{}: no windows", Escaped(.path))]
    Empty {
        /// The file.
        path: String,
    },
    /// The windows have different channels.
    #[error(
        "{}: {channels} channels, {} has {expected}; windows of one data set have the same channels. If the folder has several \
         sets, give the beginning of one set's file names",
        Escaped(.path), Escaped(.first)
    )]
    Channels {
        /// The file.
        path: String,
        /// Its channels.
        channels: usize,
        /// A file with other channels.
        first: String,
        /// Its channels.
        expected: usize,
    },
    /// A channel of a window has no value.
    #[error("{}: {}: every value of channel {channel} is missing; leave the window out, or the channel", Escaped(.path), Escaped(.window))]
    Missing {
        /// The file.
        path: String,
        /// Which window.
        window: String,
        /// The channel, from 1.
        channel: usize,
    },
    /// Windows have no group.
    #[error(
        "{}: no window has a group, which {field} needs; name its column by task.group_column, or set task.groups = \"file\" \
         where every file is one",
        Escaped(.path)
    )]
    NoGroups {
        /// The data.
        path: String,
        /// The parameter with its value.
        field: &'static str,
    },
    /// The artifact's constants are of other channels.
    #[error(
        "the task's standardisation is of {standardised} channels, the windows have {channels}: these are other data than those of training"
    )]
    OtherChannels {
        /// Channels of the constants.
        standardised: usize,
        /// Channels of the data.
        channels: usize,
    },
    /// The encoder gives more values than a network can take.
    #[error(
        "{channels} channels with task.encoder = {encoder:?} are {values} analog values, at most {limit} are allowed; take fewer channels, bands or differences"
    )]
    Values {
        /// Channels of the data.
        channels: usize,
        /// The encoder.
        encoder: &'static str,
        /// Values of a step.
        values: usize,
        /// The most.
        limit: usize,
    },
    /// No class or group has this name.
    #[error("{field}: no {what} is called {:?}; there are: {known}", Escaped(.name).to_string())]
    NoSuch {
        /// The parameter.
        field: &'static str,
        /// Class or group.
        what: &'static str,
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// A count is larger than what there is.
    #[error(
        "{field} = {count}: of each {what} serving one purpose, only {all} are left for it; there are: {known}"
    )]
    Count {
        /// The parameter.
        field: &'static str,
        /// The count.
        count: usize,
        /// What there is.
        all: usize,
        /// Class or group.
        what: &'static str,
        /// All names.
        known: String,
    },
    /// A class or group would serve two purposes.
    #[error("{what} {} is both in task.held_out and in task.validation; each serves one purpose", Escaped(.name))]
    Shared {
        /// Class or group.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Nothing is held out for test.
    #[error("task.held_out is empty: test episodes need classes or groups of their own; there are: {known}")]
    NothingHeldOut {
        /// All names.
        known: String,
    },
    /// Everything serves another purpose.
    #[error(
        "no {what} is left for {purpose} episodes: task.held_out and task.validation take all there are; leave some"
    )]
    NothingLeft {
        /// Class or group.
        what: &'static str,
        /// The purpose.
        purpose: &'static str,
    },
    /// Episodes of a purpose cannot be drawn.
    #[error(
        "{purpose} episodes of task.ways = {ways} classes with task.shots + task.queries = {windows} windows each cannot be \
         drawn: {found} of {names} have as many; {remedy}"
    )]
    TooFew {
        /// The purpose.
        purpose: &'static str,
        /// Classes of an episode.
        ways: usize,
        /// Windows of a class.
        windows: usize,
        /// How many there are.
        found: String,
        /// What the purpose has.
        names: String,
        /// What to do.
        remedy: &'static str,
    },
}

/// A fault of a line of a text, before the file's name is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineFault {
    /// From 1.
    pub(super) line: usize,
    /// From 1.
    pub(super) column: usize,
    pub(super) why: String,
}

impl LineFault {
    /// At `part` of the text of a line; of a part of another text, at its beginning.
    pub(super) fn at(line: usize, text: &str, part: &str, why: impl Into<String>) -> Self {
        let before = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let column = before.filter(|before| *before <= text.len()).map_or(1, |before| before + 1);
        Self { line, column, why: why.into() }
    }

    pub(super) fn of(self, path: &str) -> WindowsError {
        let Self { line, column, why } = self;
        WindowsError::Text { path: path.to_owned(), line, column, why }
    }
}
