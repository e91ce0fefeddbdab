//! The files of the repository in which words are searched.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::scanner::is_searched;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A file that is searched.
pub(crate) struct Source {
    /// From the repository's root, with `/` between folders.
    pub(crate) path: String,
    /// Of a file without one, its name.
    pub(crate) extension: String,
    pub(crate) text: String,
}

/// All sources and texts of the repository but this test.
pub(crate) fn sources() -> Vec<Source> {
    let walk = WalkDir::new(REPOSITORY).sort_by_file_name().into_iter().filter_entry(is_ours);
    walk.filter_map(|entry| read(entry.expect("the repository can be read").path())).collect()
}

/// Whether a file or folder belongs to the repository and was written by hand.
fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_left_out = ["target", "runs", "book", "node_modules", "package-lock.json"].contains(&name.as_ref());
    let is_hidden = name.starts_with('.') && ![".ci", ".cargo"].contains(&name.as_ref());
    entry.depth() == 0 || !(is_left_out || is_hidden || entry.path().ends_with("tests/tests/words"))
}

fn read(path: &Path) -> Option<Source> {
    let extension = path.extension().or(path.file_name())?.to_string_lossy().into_owned();
    if !path.is_file() || !is_searched(&extension) {
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let path = path.strip_prefix(REPOSITORY).expect("below the root").to_string_lossy().replace('\\', "/");
    Some(Source { path, extension, text })
}
