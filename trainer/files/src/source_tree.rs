//! Packages of this repository that a program carries as data, written into a folder as a workspace of their own, from
//! which cargo builds.
//!
//! A tree is unpacked once: under another name first, then renamed, so that an interrupted program leaves nothing that
//! looks complete, and of two programs at once one does the work. A package whose manifest inherits from the repository's
//! brings the repository's; one that cargo has published inherits nothing, and finds the others by a patch of the registry.
//!
//! ```
//! use metaplastic_files::source_tree::{SharedManifest, SourcePackage, SourceTree};
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let package = SourcePackage { name: "mine", folder: "mine", files: &[("src/lib.rs", b"")] };
//! let tree = SourceTree::new(&[package], SharedManifest { manifest: None, lock: None }).unwrap();
//! let cache = TemporaryFolder::new().unwrap();
//! let folder = tree.unpack(cache.path(), "firmware").unwrap();
//! let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
//! assert!(manifest.contains("members = [\"mine\"]"), "{manifest}");
//!
//! // It is there already, as it was; but what has been changed is refused.
//! assert_eq!(tree.unpack(cache.path(), "firmware").unwrap(), folder);
//! std::fs::write(folder.join("mine/src/lib.rs"), "fn other() {}").unwrap();
//! let refused = tree.unpack(cache.path(), "firmware").unwrap_err().to_string();
//! assert!(refused.contains("mine/src/lib.rs: is not what"), "{refused}");
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use metaplastic_shared::checksum::CRC;

use crate::folder_lock::wait_for;

const MANIFEST: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";

/// A package as data.
#[derive(Clone, Copy, Debug)]
pub struct SourcePackage {
    /// Its name.
    pub name: &'static str,
    /// Its folder in the repository and in a tree, with `/` between folders.
    pub folder: &'static str,
    /// Paths in its folder, and contents.
    pub files: &'static [(&'static str, &'static [u8])],
}

/// What packages share, as [`workspace!`](macro@metaplastic_source::workspace) gives it.
#[derive(Clone, Copy, Debug)]
pub struct SharedManifest {
    /// The repository's manifest; none of published packages.
    pub manifest: Option<&'static str>,
    /// The lock file.
    pub lock: Option<&'static str>,
}

/// Why a tree is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceTreeError {
    /// The folder has been changed since it was unpacked.
    #[error("{file}: is not what this program has unpacked; remove the folder {folder}, and it is unpacked again")]
    Changed {
        /// The first file that differs or is missing.
        file: String,
        /// The folder of the tree.
        folder: String,
    },
    /// The repository's manifest could not be read; it is part of the program.
    #[error("the repository's Cargo.toml: {0}")]
    Manifest(String),
    /// A file could not be written.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What went wrong.
        error: io::Error,
    },
}

/// Packages as a workspace.
#[derive(Clone, Debug)]
pub struct SourceTree {
    /// By their paths in the tree.
    files: BTreeMap<String, Vec<u8>>,
}

impl SourceTree {
    /// The workspace of these packages.
    ///
    /// # Errors
    /// If the repository's manifest is not one.
    pub fn new(packages: &[SourcePackage], shared: SharedManifest) -> Result<Self, SourceTreeError> {
        let mut files = BTreeMap::new();
        for package in packages {
            let entries = package.files.iter();
            files.extend(entries.map(|(path, contents)| (format!("{}/{path}", package.folder), contents.to_vec())));
        }
        files.insert(MANIFEST.to_owned(), root_manifest(packages, shared.manifest)?.into_bytes());
        files.extend(shared.lock.map(|lock| (LOCK.to_owned(), lock.as_bytes().to_vec())));
        Ok(Self { files })
    }

    /// The same for the same paths and contents.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        let mut digest = CRC.digest();
        for (path, contents) in &self.files {
            digest.update(path.as_bytes());
            digest.update(&(contents.len() as u64).to_le_bytes());
            digest.update(contents);
        }
        digest.finalize()
    }

    /// The folder of the tree in `parent`, named by `name` and fingerprint; it is unpacked where it is not there.
    ///
    /// # Errors
    /// If it cannot be written, or has been changed.
    pub fn unpack(&self, parent: &Path, name: &str) -> Result<PathBuf, SourceTreeError> {
        let folder = parent.join(format!("{name}-{:08x}", self.fingerprint()));
        if !folder.is_dir() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
            let lock = parent.join(format!("{name}.lock"));
            let _lock = wait_for(&lock).map_err(failed(&lock))?;
            if !folder.is_dir() {
                self.move_to(&folder, parent, name)?;
            }
        }
        self.check(&folder)?;
        Ok(folder)
    }

    /// Writes every file below a folder.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), SourceTreeError> {
        for (name, contents) in &self.files {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(failed(parent))?;
            fs::write(&path, contents).map_err(failed(&path))?;
        }
        Ok(())
    }

    /// The lock on the name is held: what an earlier process left half written goes.
    fn move_to(&self, folder: &Path, parent: &Path, name: &str) -> Result<(), SourceTreeError> {
        let unfinished = parent.join(format!(".{name}.unfinished"));
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(failed(&unfinished))?;
        }
        self.write(&unfinished)?;
        fs::rename(&unfinished, folder).map_err(failed(folder))
    }

    /// The lock file is cargo's to change.
    fn check(&self, folder: &Path) -> Result<(), SourceTreeError> {
        let is_whole = |name: &str, contents: &[u8]| fs::read(folder.join(name)).is_ok_and(|read| read == contents);
        let changed = self.files.iter().find(|(name, contents)| *name != LOCK && !is_whole(name, contents));
        changed.map_or(Ok(()), |(name, _)| {
            let file = folder.join(name).display().to_string();
            Err(SourceTreeError::Changed { file, folder: folder.display().to_string() })
        })
    }
}

/// The manifest of the tree: the repository's with these members, or one of its own with a patch for each package.
fn root_manifest(packages: &[SourcePackage], repository: Option<&str>) -> Result<String, SourceTreeError> {
    let text = repository.unwrap_or("[workspace]\nresolver = \"3\"\n");
    let invalid = |error: &dyn std::fmt::Display| SourceTreeError::Manifest(error.to_string());
    let mut root: toml::Table = text.parse().map_err(|error: toml::de::Error| invalid(&error))?;
    let workspace = root.get_mut("workspace").and_then(toml::Value::as_table_mut);
    let workspace = workspace.ok_or_else(|| invalid(&"there is no [workspace]"))?;
    let members: Vec<_> = packages.iter().map(|package| package.folder).collect();
    workspace.insert("members".to_owned(), members.into());
    workspace.remove("default-members");
    if repository.is_none() {
        root.insert("patch".to_owned(), patch(packages));
    }
    toml::to_string(&root).map_err(|error| invalid(&error))
}

fn patch(packages: &[SourcePackage]) -> toml::Value {
    let table = |entries: Vec<(String, toml::Value)>| toml::Value::Table(entries.into_iter().collect());
    let path = |package: &SourcePackage| table(vec![("path".to_owned(), package.folder.into())]);
    let packages = packages.iter().map(|package| (package.name.to_owned(), path(package))).collect();
    table(vec![("crates-io".to_owned(), table(packages))])
}

fn failed(path: &Path) -> impl Fn(io::Error) -> SourceTreeError + use<> {
    let path = path.display().to_string();
    move |error| SourceTreeError::Io { path: path.clone(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGES: [SourcePackage; 2] = [
        SourcePackage { name: "one", folder: "one", files: &[("Cargo.toml", b"1"), ("src/lib.rs", b"")] },
        SourcePackage { name: "two", folder: "one/two", files: &[("Cargo.toml", b"2")] },
    ];
    const REPOSITORY: &str = "[workspace]\nmembers = [\"other\"]\ndefault-members = [\"other\"]\n\
                              [workspace.package]\nversion = \"1.2.3\"\n[profile.release]\ndebug = 1\n";

    fn tree(lock: &'static str) -> SourceTree {
        SourceTree::new(&PACKAGES, SharedManifest { manifest: Some(REPOSITORY), lock: Some(lock) }).unwrap()
    }

    #[test]
    fn packages_that_inherit_bring_the_repositorys_manifest_with_other_members() {
        let root: toml::Table = root_manifest(&PACKAGES, Some(REPOSITORY)).unwrap().parse().unwrap();
        assert_eq!(root["workspace"]["members"], vec!["one", "one/two"].into());
        assert_eq!(root["workspace"]["package"]["version"], "1.2.3".into());
        assert!(root["workspace"].get("default-members").is_none() && root.get("patch").is_none());
        assert!(root.contains_key("profile"));
    }

    #[test]
    fn published_packages_are_found_by_a_patch() {
        let root: toml::Table = root_manifest(&PACKAGES, None).unwrap().parse().unwrap();
        assert_eq!(root["patch"]["crates-io"]["two"]["path"], "one/two".into());
        assert_eq!(root["workspace"]["resolver"], "3".into());
    }

    #[test]
    fn a_tree_is_unpacked_once_and_one_of_other_contents_beside_it() {
        let cache = tempfile::tempdir().unwrap();
        let parent = cache.path().join("new");
        fs::create_dir_all(parent.join(".tree.unfinished/left")).unwrap();
        let folder = tree("").unpack(&parent, "tree").unwrap();
        assert_eq!(fs::read(folder.join("one/two/Cargo.toml")).unwrap(), b"2");
        assert!(!folder.join("left").exists() && !parent.join(".tree.unfinished").exists());
        // Cargo changes the lock file; it stays.
        fs::write(folder.join(LOCK), "changed").unwrap();
        assert_eq!(tree("").unpack(&parent, "tree").unwrap(), folder);
        assert_eq!(fs::read(folder.join(LOCK)).unwrap(), b"changed");
        assert_ne!(tree("other").unpack(&parent, "tree").unwrap(), folder);
    }

    #[test]
    fn a_tree_that_was_changed_is_refused_by_the_name_of_the_file() {
        let cache = tempfile::tempdir().unwrap();
        let folder = tree("").unpack(cache.path(), "tree").unwrap();
        let refused = || tree("").unpack(cache.path(), "tree").unwrap_err().to_string();
        fs::write(folder.join("one/Cargo.toml"), "other").unwrap();
        assert!(refused().contains("one/Cargo.toml: is not what"), "{}", refused());
        fs::write(folder.join("one/Cargo.toml"), "1").unwrap();
        fs::remove_file(folder.join("one/src/lib.rs")).unwrap();
        assert!(refused().contains("one/src/lib.rs") && refused().contains(&folder.display().to_string()));
    }

    #[test]
    fn many_at_once_unpack_one_whole_tree() {
        let cache = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| tree("").unpack(cache.path(), "tree").unwrap())).collect();
            let folders: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert!(folders.iter().all(|folder| *folder == folders[0]));
        });
        // The tree and the lock.
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 2);
    }
}
