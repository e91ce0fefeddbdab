//! The entries of a zip by their paths. It knows nothing of their contents.
//!
//! Paths are read as every program writes them: with `\` or `/` between folders, with or without `./` or `/` before
//! the first. Entries that share bytes are refused: a small zip could else hold any number of files.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::archive_error::{ArchiveError, MOST_BYTES, MOST_FILES};

/// What a zip is read from.
pub(super) trait SeekableRead: Read + Seek + Send {}

impl<T: Read + Seek + Send> SeekableRead for T {}

/// The bytes of a zip.
pub(super) type ZipBytes = Box<dyn SeekableRead>;

/// A zip and its entries.
pub(super) struct Zip {
    path: String,
    archive: ZipArchive<ZipBytes>,
    /// Indices of files by their path, with `/` between folders.
    entries: BTreeMap<String, usize>,
}

impl Zip {
    /// Reads the directory of a zip; errors call it `path`.
    pub(super) fn new(path: &Path, bytes: ZipBytes) -> Result<Self, ArchiveError> {
        let path = path.display().to_string();
        let damaged = |why| ArchiveError::Zip { path: path.clone(), why };
        let mut archive = ZipArchive::new(bytes).map_err(damaged)?;
        if archive.len() > MOST_FILES {
            return Err(ArchiveError::TooMany { path });
        }
        if archive.has_overlapping_entries().map_err(damaged)? {
            return Err(ArchiveError::Overlap { path });
        }
        let mut entries = BTreeMap::new();
        for (index, name) in archive.file_names().enumerate() {
            if let Some(name) = name.ok().and_then(|name| file_path(&name)) {
                entries.entry(name).or_insert(index);
            }
        }
        Ok(Self { path, archive, entries })
    }

    /// Its path, for errors.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Paths of all files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The contents of a file of [`names`](Self::names).
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, ArchiveError> {
        let (path, entry) = (self.path.clone(), name.to_owned());
        let index = self.entries.get(name).copied();
        let bytes = index.ok_or(ZipError::FileNotFound).and_then(|index| self.contents(index));
        match bytes {
            Ok(bytes) if bytes.len() as u64 > MOST_BYTES => Err(ArchiveError::TooLarge { path, entry }),
            Ok(bytes) => Ok(bytes),
            Err(ZipError::CompressionMethodNotSupported(method)) => {
                Err(ArchiveError::Method { path, entry, method })
            }
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                Err(ArchiveError::Encrypted { path, entry })
            }
            Err(why) => Err(ArchiveError::Entry { path, entry, why: io::Error::from(why) }),
        }
    }

    /// The contents of an entry, up to one byte more than allowed.
    fn contents(&mut self, index: usize) -> Result<Vec<u8>, ZipError> {
        let mut bytes = Vec::new();
        let read = self.archive.by_index(index)?.take(MOST_BYTES + 1).read_to_end(&mut bytes);
        // The library looks at the method no sooner than at the bytes.
        read.map_err(|why| why.downcast().unwrap_or_else(ZipError::Io))?;
        Ok(bytes)
    }
}

/// The path of a file with `/` between its folders; none for the name of a folder.
fn file_path(name: &str) -> Option<String> {
    let is_separator = |character| matches!(character, '/' | '\\');
    if name.ends_with(is_separator) {
        return None;
    }
    let parts = name.split(is_separator).filter(|part| !part.is_empty() && *part != ".");
    Some(parts.collect::<Vec<_>>().join("/"))
}
