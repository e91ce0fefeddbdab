//! Macros that carry a package's own files in the program that is compiled from them, so that an installed program can
//! build firmware, and begin projects, where there is no repository.
//!
//! It has no dependency, because every other package depends on it. It knows no package but its own: what a package
//! consists of is what cargo would publish of it, `Cargo.toml`, `build.rs`, `src` and what the caller names.
//!
//! ```
//! // Of the package that this is compiled in.
//! const FILES: &[(&str, &[u8])] = metaplastic_source::source!();
//! let (_, contents) = FILES.iter().find(|(path, _)| *path == "src/lib.rs").unwrap();
//! assert!(contents.starts_with(b"//! "));
//! assert!(!FILES.iter().any(|(path, _)| path.starts_with("target")));
//! ```
#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro::{TokenStream, TokenTree};

/// What every package has; `build.rs` only some.
const PARTS: [&str; 3] = ["Cargo.toml", "build.rs", "src"];
/// What npm installs, in a folder of this name, is no part of a package.
const INSTALLED: &str = "node_modules";
/// In the manifest of a package of a repository; cargo writes the values themselves into what it publishes.
const INHERITED: &str = ".workspace = true";

/// The files of the package that calls it, a `&[(&str, &[u8])]` of paths in the package and contents. Further files and
/// folders of the package are named by string literals.
#[proc_macro]
pub fn source(further: TokenStream) -> TokenStream {
    let further: Vec<String> = further.into_iter().filter_map(literal).collect();
    expression(&listing(&calling_package(), &further))
}

/// The files of this package, as [`source!`](macro@source) has those of another.
#[proc_macro]
pub fn own_source(_: TokenStream) -> TokenStream {
    expression(&listing(Path::new(env!("CARGO_MANIFEST_DIR")), &[]))
}

/// What a workspace of the calling package needs beside it, an `(Option<&str>, Option<&str>)`: the manifest of the
/// workspace that its own manifest inherits from, if it does, and the lock file.
#[proc_macro]
pub fn workspace(_: TokenStream) -> TokenStream {
    let package = calling_package();
    let root = workspace_root(&package);
    let text = |path: PathBuf| match path.is_file() {
        true => format!("Some(include_str!({path:?}))"),
        false => "None".to_owned(),
    };
    let manifest = root.as_ref().map_or_else(|| "None".to_owned(), |root| text(root.join("Cargo.toml")));
    expression(&format!("({manifest}, {})", text(root.unwrap_or(package).join("Cargo.lock"))))
}

fn calling_package() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR").into()
}

fn expression(text: &str) -> TokenStream {
    text.parse().expect("an expression of literals")
}

fn literal(token: TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    Some(literal.to_string().trim_matches('"').to_owned())
}

/// The folder of the workspace that a package inherits from; none if it inherits nothing.
fn workspace_root(package: &Path) -> Option<PathBuf> {
    let manifest = |folder: &Path| fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if !manifest(package).contains(INHERITED) {
        return None;
    }
    package.ancestors().skip(1).find(|folder| manifest(folder).contains("[workspace]")).map(Path::to_owned)
}

/// Rust source of the slice of a package's files.
///
/// # Panics
/// If something further is not there: left out, it would be missed where the package is compiled, on a user's machine.
fn listing(package: &Path, further: &[String]) -> String {
    let missing = further.iter().find(|name| !package.join(name).exists());
    assert!(missing.is_none(), "{missing:?} is not in {}", package.display());
    let mut files = Vec::new();
    let parts = PARTS.iter().copied().chain(further.iter().map(String::as_str));
    parts.for_each(|part| collect(&package.join(part), &mut files));
    files.sort();
    let entries = files.iter().map(|path| {
        let name = path.strip_prefix(package).expect("below the package").to_string_lossy().replace('\\', "/");
        format!("({name:?}, include_bytes!({path:?}).as_slice()),")
    });
    format!("&[{}]", entries.collect::<String>())
}

/// The file at a path, or every file below the folder there; nothing if there is neither.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    } else if let Ok(entries) = fs::read_dir(path) {
        let inside = entries.flatten().filter(|entry| entry.file_name() != INSTALLED);
        inside.for_each(|entry| collect(&entry.path(), files));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_package_is_listed_and_inherits_from_the_repository() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = listing(own, &[]);
        assert!(
            text.starts_with("&[(\"Cargo.toml\", include_bytes!(") && text.contains("(\"src/lib.rs\", "),
            "{text}"
        );
        if let Some(root) = workspace_root(own) {
            assert!(own.starts_with(&root) && root.join("Cargo.toml").is_file());
        }
    }

    #[test]
    #[should_panic(expected = "\"experiments\"")]
    fn what_is_named_and_not_there_is_an_error() {
        listing(Path::new(env!("CARGO_MANIFEST_DIR")), &["experiments".to_owned()]);
    }
}
