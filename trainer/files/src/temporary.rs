//! Temporary folders, which go when they are dropped, and all at once where a signal ends the program.
//!
//! ```
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let path = folder.path().to_owned();
//! std::fs::write(path.join("firmware.elf"), b"bytes").unwrap();
//! drop(folder);
//! assert!(!path.exists());
//! ```

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Those that there are.
static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A new folder, in the system's folder for temporary files.
#[derive(Debug)]
pub struct TemporaryFolder {
    path: PathBuf,
}

impl TemporaryFolder {
    /// Makes the folder.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new() -> io::Result<Self> {
        // Held while it is made, so that none is forgotten.
        let mut folders = folders();
        let path = tempfile::tempdir()?.keep();
        folders.insert(path.clone());
        Ok(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // Held while it is removed: a signal in the meantime waits, or it would end the program half way.
        let mut folders = folders();
        // What cannot be removed stays, as `tempfile` has it.
        let _ = std::fs::remove_dir_all(&self.path);
        folders.remove(&self.path);
    }
}

/// Removes every temporary folder there is, then ends the program with `end`; no other is made in the meantime.
pub fn remove_all(end: impl FnOnce()) {
    let folders = folders();
    for folder in folders.iter() {
        // What cannot be removed stays; there is nobody left to tell.
        let _ = std::fs::remove_dir_all(folder);
    }
    end();
}

fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_go_when_they_are_dropped_or_all_at_once() {
        let (dropped, left) = (TemporaryFolder::new().unwrap(), TemporaryFolder::new().unwrap());
        let paths = [&dropped, &left].map(|folder| folder.path().to_owned());
        drop(dropped);
        assert_eq!(paths.each_ref().map(|path| path.is_dir()), [false, true]);
        std::fs::write(paths[1].join("file"), "contents").unwrap();
        let mut ended = false;
        remove_all(|| ended = true);
        assert!(ended && !paths[1].exists());
    }

    #[test]
    fn a_folder_that_is_being_dropped_is_gone_before_the_program_ends() {
        let folder = TemporaryFolder::new().unwrap();
        let path = folder.path().to_owned();
        for file in 0..2000 {
            std::fs::write(path.join(file.to_string()), "contents").unwrap();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| drop(folder));
            while path.join("0").exists() && path.join("1999").exists() {}
            remove_all(|| assert!(!path.exists()));
        });
    }
}
