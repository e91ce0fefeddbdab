//! Atomic writing: a file has its old contents or its new ones, never a part.
//!
//! Contents are written to a temporary file beside it, which is then renamed. The writer holds a lock on the temporary
//! file; the operating system releases it when the writer ends, however that ends. A temporary file without a lock was
//! therefore left by a writer that was killed, and the next writer of the same file removes it.
//!
//! ```
//! use metaplastic_files::atomic;
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let file = folder.path().join("network.plastic");
//! atomic::write(&file, b"old").unwrap();
//! atomic::write(&file, b"new").unwrap();
//! assert_eq!(std::fs::read(&file).unwrap(), b"new");
//! // Nothing else is left beside it.
//! assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
//!
//! assert!(atomic::check(&folder.path().join("missing/network.plastic")).is_err());
//! ```

use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

const SUFFIX: &str = ".tmp";
/// Random characters in the name of a temporary file.
const RANDOM: usize = 6;

/// Writes a file under a temporary name in the same folder and renames it.
///
/// # Errors
/// If the folder does not exist or is not writable; the file is then unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    remove_abandoned(path);
    let mut file = temporary(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Checks that [`write()`] can write a file, without changing it.
///
/// # Errors
/// As [`write()`]; and if it is a folder.
pub fn check(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    temporary(path).map(drop)
}

/// Removes the temporary files that killed writers of a file left beside it.
pub fn remove_abandoned(path: &Path) {
    let Ok(entries) = fs::read_dir(folder(path)) else { return };
    let prefix = prefix(path);
    let temporary = entries.flatten().filter(|entry| is_temporary(entry, &prefix)).map(|entry| entry.path());
    temporary.for_each(|path| remove_if_abandoned(&path));
}

/// Removes a temporary file while holding its lock, so that no writer takes it up between the two.
fn remove_if_abandoned(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    if file.try_lock().is_ok() {
        // Where it is already gone, another writer has removed it.
        let _ = fs::remove_file(path);
    }
}

/// A new temporary file, locked.
fn temporary(path: &Path) -> io::Result<NamedTempFile<File>> {
    loop {
        let file = create(path)?;
        // Between its creation and its lock, another writer may take it for abandoned.
        let is_taken = matches!(file.as_file().try_lock(), Err(fs::TryLockError::WouldBlock));
        if !is_taken && file.path().exists() {
            return Ok(file);
        }
    }
}

/// An error names no temporary file, for which nobody asked.
fn create(path: &Path) -> io::Result<NamedTempFile<File>> {
    let mut refused = None;
    let mut create = |path: &Path| File::create_new(path).inspect_err(|error| refused = error.raw_os_error());
    let file = tempfile::Builder::new()
        .prefix(&prefix(path))
        .suffix(SUFFIX)
        .rand_bytes(RANDOM)
        .make_in(folder(path), &mut create);
    file.map_err(|error| refused.map_or(error, io::Error::from_raw_os_error))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The start of the names of a file's temporary files.
fn prefix(path: &Path) -> OsString {
    let name = path.file_name().unwrap_or_default();
    [".".as_ref(), name, ".".as_ref()].into_iter().collect()
}

fn is_temporary(entry: &DirEntry, prefix: &OsString) -> bool {
    let (name, prefix) = (entry.file_name(), prefix.as_encoded_bytes());
    let name = name.as_encoded_bytes();
    name.len() == prefix.len() + RANDOM + SUFFIX.len()
        && name.starts_with(prefix)
        && name.ends_with(SUFFIX.as_bytes())
        && entry.file_type().is_ok_and(|kind| kind.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_no_temporary_file_remains() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"long before").unwrap();
        write(&path, b"after").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(names(folder.path()), ["file"]);
        check(&path).unwrap();
        assert_eq!((names(folder.path()), fs::read(&path).unwrap()), (vec!["file".into()], b"after".to_vec()));
    }

    #[test]
    fn an_error_names_the_file_that_was_requested() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing/file");
        for refused in [write(&missing, b"").unwrap_err(), check(&missing).unwrap_err()] {
            assert_eq!(refused.kind(), io::ErrorKind::NotFound);
            assert!(!refused.to_string().contains("tmp"), "{refused}");
        }
        assert_eq!(check(folder.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let others = [".file.tmp", ".file.abcdefg.tmp", ".other.abcdef.tmp", "file.abcdef.tmp"];
        [&others[..], &[".file.abcdef.tmp"]].concat().iter().for_each(|name| {
            fs::write(folder.path().join(name), "part").unwrap();
        });
        let current = create(&path).unwrap();
        current.as_file().try_lock().unwrap();
        write(&path, b"whole").unwrap();
        let mut expected: Vec<OsString> = others.map(OsString::from).to_vec();
        expected.extend([current.path().file_name().unwrap().to_owned(), "file".into()]);
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn many_writers_of_one_file_leave_one_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::thread::scope(|scope| {
            for writer in 0..8_u8 {
                let path = &path;
                scope.spawn(move || (0..50).for_each(|_| write(path, &[writer; 1000]).unwrap()));
            }
        });
        let bytes = fs::read(&path).unwrap();
        assert_eq!((names(folder.path()), bytes.len()), (vec!["file".into()], 1000));
        assert!(bytes.iter().all(|byte| *byte == bytes[0]));
    }
}
