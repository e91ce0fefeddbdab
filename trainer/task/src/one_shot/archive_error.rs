//! Faults of folders and zips, and the limits of what is read of them.

use std::io;

use metaplastic_files::text::Escaped;
use zip::CompressionMethod;
use zip::result::ZipError;

/// Limit of the size of a file, bytes.
pub(super) const MOST_BYTES: u64 = 1 << 20;
/// Limit of the size of all files of a folder or zip that are read, bytes.
pub(super) const MOST_TOTAL: u64 = 1 << 30;
/// Limit of the size of a zip, bytes: its directory, which is read first, takes some times its size of memory.
pub(super) const MOST_ZIP: u64 = 1 << 28;
/// Limit of the number of files of a folder or zip.
pub(super) const MOST_FILES: usize = 200_000;

/// Why a file of an archive, or the archive itself, cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The operating system refuses.
    #[error("{}: cannot be read: {why}", Escaped(.path))]
    Read {
        /// The file or folder.
        path: String,
        /// The reason.
        why: io::Error,
    },
    /// Not a zip, or damaged.
    #[error("{}: not a whole zip: {}; fetch it again", Escaped(.path), Escaped(.why))]
    Zip {
        /// The zip.
        path: String,
        /// What is wrong.
        why: ZipError,
    },
    /// A zip is too large.
    #[error("{}: larger than {MOST_ZIP} bytes; unpack it", Escaped(.path))]
    ZipTooLarge {
        /// The zip.
        path: String,
    },
    /// Several entries of a zip consist of the same bytes.
    #[error("{}: entries of the zip overlap; no program packs files that way", Escaped(.path))]
    Overlap {
        /// The zip.
        path: String,
    },
    /// An entry of a zip is damaged.
    #[error("{}: {}: damaged: {}; fetch the zip again", Escaped(.path), Escaped(.entry), Escaped(.why))]
    Entry {
        /// The zip.
        path: String,
        /// The entry.
        entry: String,
        /// What is wrong.
        why: io::Error,
    },
    /// An entry is compressed by a method that this program does not have.
    #[error(
        "{}: {}: compression method {} ({}) is not supported; pack with Deflate",
        Escaped(.path),
        Escaped(.entry),
        .method,
        CompressionMethod::name_from_u16(*.method)
    )]
    Method {
        /// The zip.
        path: String,
        /// The entry.
        entry: String,
        /// The method's number.
        method: u16,
    },
    /// An entry is encrypted.
    #[error("{}: {}: encrypted; pack without a password", Escaped(.path), Escaped(.entry))]
    Encrypted {
        /// The zip.
        path: String,
        /// The entry.
        entry: String,
    },
    /// A file is too large.
    #[error("{}: {}: larger than {MOST_BYTES} bytes", Escaped(.path), Escaped(.entry))]
    TooLarge {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
    },
    /// There are too many files.
    #[error("{}: more than {MOST_FILES} files", Escaped(.path))]
    TooMany {
        /// The zip or folder.
        path: String,
    },
    /// The files together are too large.
    #[error("{}: its files are larger than {MOST_TOTAL} bytes together", Escaped(.path))]
    TooLargeTogether {
        /// The zip or folder.
        path: String,
    },
}
