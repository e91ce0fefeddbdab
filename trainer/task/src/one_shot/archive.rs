//! The files of a folder or a zip, by their path in it. It knows nothing of their contents.
//!
//! Whoever made them may mean harm: a file, all files together and their number have limits, and only regular files
//! are opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use metaplastic_files::regular;

use super::archive_error::{ArchiveError, MOST_BYTES, MOST_FILES, MOST_TOTAL, MOST_ZIP};
use super::zipped::{Zip, ZipBytes};

/// A folder or a zip, and how much of it has been read.
pub(super) struct Archive {
    source: ArchiveSource,
    /// ZipBytes read so far.
    read: u64,
}

enum ArchiveSource {
    Folder(PathBuf),
    Zip(Box<Zip>),
}

impl Archive {
    /// Opens a folder, or a regular file that must be a zip.
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |why| ArchiveError::Read { path: path.display().to_string(), why };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            return Ok(Self { source: ArchiveSource::Folder(path.to_owned()), read: 0 });
        }
        let file = regular::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() > MOST_ZIP {
            return Err(ArchiveError::ZipTooLarge { path: path.display().to_string() });
        }
        Self::zip(path, Box::new(io::BufReader::new(file)))
    }

    /// A zip in memory; errors call it `path`.
    pub(super) fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Self, ArchiveError> {
        Self::zip(path, Box::new(io::Cursor::new(bytes)))
    }

    fn zip(path: &Path, bytes: ZipBytes) -> Result<Self, ArchiveError> {
        Ok(Self { source: ArchiveSource::Zip(Box::new(Zip::new(path, bytes)?)), read: 0 })
    }

    /// Its path, for errors.
    pub(super) fn path(&self) -> String {
        match &self.source {
            ArchiveSource::Folder(path) => path.display().to_string(),
            ArchiveSource::Zip(zip) => zip.path().to_owned(),
        }
    }

    /// Whether it is a folder.
    pub(super) fn is_folder(&self) -> bool {
        matches!(self.source, ArchiveSource::Folder(_))
    }

    /// Paths of all files, at most `depth` folders deep, with `/` between folders, sorted. Paths that are not UTF-8
    /// are left out.
    pub(super) fn names(&self, depth: usize) -> Result<Vec<String>, ArchiveError> {
        let mut names = Vec::new();
        match &self.source {
            ArchiveSource::Folder(path) => list(path, "", depth, &mut names)?,
            ArchiveSource::Zip(zip) => names.extend(zip.names().map(str::to_owned)),
        }
        if names.len() > MOST_FILES {
            return Err(ArchiveError::TooMany { path: self.path() });
        }
        names.sort();
        Ok(names)
    }

    /// The contents of a file of [`names`](Self::names).
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, ArchiveError> {
        let bytes = match &mut self.source {
            ArchiveSource::Folder(folder) => read(folder, name)?,
            ArchiveSource::Zip(zip) => zip.read(name)?,
        };
        self.read += bytes.len() as u64;
        if self.read > MOST_TOTAL {
            return Err(ArchiveError::TooLargeTogether { path: self.path() });
        }
        Ok(bytes)
    }
}

/// The contents of a file of a folder.
fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ArchiveError> {
    let file = folder.join(name);
    regular::read(&file, MOST_BYTES).map_err(|why| match why.kind() {
        io::ErrorKind::FileTooLarge => {
            ArchiveError::TooLarge { path: folder.display().to_string(), entry: name.to_owned() }
        }
        _ => ArchiveError::Read { path: file.display().to_string(), why },
    })
}

/// The files below a folder, at most `depth` folders deep.
fn list(folder: &Path, prefix: &str, depth: usize, names: &mut Vec<String>) -> Result<(), ArchiveError> {
    let unreadable = |why| ArchiveError::Read { path: folder.display().to_string(), why };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        if names.len() > MOST_FILES {
            return Ok(());
        }
        if !path.is_dir() {
            names.push(name);
        } else if depth > 0 {
            list(&path, &format!("{name}/"), depth - 1, names)?;
        }
    }
    Ok(())
}
