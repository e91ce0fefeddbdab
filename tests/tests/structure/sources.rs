//! The Rust files of the repository, parsed.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A parsed file.
pub(crate) struct Source {
    /// Its path from the repository's root, with `/` between folders.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Its syntax tree.
    pub(crate) syntax: syn::File,
}

/// Every `.rs` file outside build output and hidden folders, by path.
pub(crate) fn sources() -> Vec<Source> {
    let walk = WalkDir::new(REPOSITORY).sort_by_file_name().into_iter().filter_entry(is_ours);
    let files = walk.map(|entry| entry.expect("the repository can be read").into_path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| read(&path))
        .collect()
}

/// Whether a file or folder belongs to the repository. The walk starts at a path that ends in `..`.
fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name.starts_with('.') || name == "target" || name == "node_modules")
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let path =
        path.strip_prefix(REPOSITORY).expect("a file of the repository").to_string_lossy().replace('\\', "/");
    Source { path, text, syntax }
}
