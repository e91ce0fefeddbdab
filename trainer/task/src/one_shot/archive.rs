//! The files of a folder or a zip, by their path in it. It knows nothing of their contents.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

/// Limit of the size of a file, bytes.
const MOST_BYTES: u64 = 1 << 20;
/// Limit of the number of files of a folder or zip.
const MOST_FILES: usize = 1_000_000;

/// A folder or a zip.
pub(super) enum Archive {
    Folder(PathBuf),
    Zip { path: PathBuf, zip: Box<ZipArchive<BufReader<File>>> },
}

/// Why a file of an archive, or the archive itself, cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The operating system refuses.
    #[error("{path}: cannot be read: {why}")]
    Read {
        /// The file or folder.
        path: String,
        /// The reason.
        why: io::Error,
    },
    /// Not a zip, or damaged.
    #[error("{path}: not a whole zip: {why}; fetch it again")]
    Zip {
        /// The zip.
        path: String,
        /// What is wrong.
        why: ZipError,
    },
    /// An entry of a zip is damaged.
    #[error("{path}: {entry}: damaged: {why}; fetch the zip again")]
    Entry {
        /// The zip.
        path: String,
        /// The entry.
        entry: String,
        /// What is wrong.
        why: io::Error,
    },
    /// A file is too large.
    #[error("{path}: {entry}: larger than {MOST_BYTES} bytes")]
    TooLarge {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
    },
    /// There are too many files.
    #[error("{path}: more than {MOST_FILES} files")]
    TooMany {
        /// The zip or folder.
        path: String,
    },
}

impl Archive {
    /// Opens a folder, or a file that must be a zip.
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |why| ArchiveError::Read { path: path.display().to_string(), why };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let file = BufReader::new(File::open(path).map_err(unreadable)?);
        let zip =
            ZipArchive::new(file).map_err(|why| ArchiveError::Zip { path: path.display().to_string(), why })?;
        Ok(Self::Zip { path: path.to_owned(), zip: Box::new(zip) })
    }

    pub(super) fn path(&self) -> String {
        match self {
            Self::Folder(path) | Self::Zip { path, .. } => path.display().to_string(),
        }
    }

    /// Paths of all files, at most `depth` folders deep, with `/` between folders, sorted. Paths that are not UTF-8 are
    /// left out.
    pub(super) fn names(&self, depth: usize) -> Result<Vec<String>, ArchiveError> {
        let mut names = Vec::new();
        match self {
            Self::Folder(path) => list(path, "", depth, &mut names)?,
            Self::Zip { zip, .. } => {
                let entries = zip.file_names().filter_map(Result::ok);
                names.extend(entries.filter(|name| !name.ends_with('/')).map(|name| name.into_owned()));
            }
        }
        if names.len() > MOST_FILES {
            return Err(ArchiveError::TooMany { path: self.path() });
        }
        names.sort();
        Ok(names)
    }

    /// The contents of a file of [`names`](Self::names).
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, ArchiveError> {
        let (path, entry) = (self.path(), name.to_owned());
        let mut bytes = Vec::new();
        let read = match self {
            Self::Folder(folder) => {
                let file = folder.join(name);
                let read = File::open(&file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
                read.map_err(|why| ArchiveError::Read { path: file.display().to_string(), why })
            }
            Self::Zip { zip, .. } => {
                let read = zip.by_name(name).map_err(io::Error::from);
                let read = read.and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
                read.map_err(|why| ArchiveError::Entry { path: path.clone(), entry: entry.clone(), why })
            }
        };
        if read? as u64 > MOST_BYTES {
            return Err(ArchiveError::TooLarge { path, entry });
        }
        Ok(bytes)
    }
}

/// The files below a folder, at most `depth` folders deep.
fn list(folder: &Path, prefix: &str, depth: usize, names: &mut Vec<String>) -> Result<(), ArchiveError> {
    let unreadable = |why| ArchiveError::Read { path: folder.display().to_string(), why };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        if !path.is_dir() {
            names.push(name);
        } else if depth > 0 && names.len() <= MOST_FILES {
            list(&path, &format!("{name}/"), depth - 1, names)?;
        }
    }
    Ok(())
}
