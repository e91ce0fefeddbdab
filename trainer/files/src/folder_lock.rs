//! A lock on a folder: one process at a time writes into it, another is refused; and on a file, for which others wait.
//!
//! The operating system keeps the lock of a folder on the open folder itself. It leaves no file behind, and it ends with the process,
//! however that ends.
//!
//! ```
//! use metaplastic_files::folder_lock::FolderLock;
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let lock = FolderLock::take(folder.path()).unwrap();
//! // Where folders have locks, a second writer is refused as long as the first one is there.
//! if cfg!(target_os = "linux") {
//!     assert!(FolderLock::take(folder.path()).is_err());
//! }
//! drop(lock);
//! assert!(FolderLock::take(folder.path()).is_ok());
//! ```

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Holds a folder's lock until it is dropped.
#[derive(Debug)]
pub struct FolderLock {
    _folder: Option<File>,
}

impl FolderLock {
    /// Locks a folder. Where the operating system or the file system has no locks for folders, as some network ones, it
    /// is not locked.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] if another process holds the lock.
    pub fn take(folder: &Path) -> io::Result<Self> {
        let Ok(file) = File::open(folder) else { return Ok(Self { _folder: None }) };
        match file.try_lock() {
            Ok(()) => Ok(Self { _folder: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
            Err(TryLockError::Error(_)) => Ok(Self { _folder: None }),
        }
    }
}

/// Waits for the lock of a file, which is made where it is not there, and holds it as long as what is returned is open.
///
/// # Errors
/// If it cannot be made or locked.
pub fn wait_for(file: &Path) -> io::Result<File> {
    let file = File::create(file)?;
    file.lock()?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_locked_until_its_lock_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        assert_eq!(FolderLock::take(folder.path()).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(lock);
        FolderLock::take(folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
