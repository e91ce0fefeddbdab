//! What is published: every package says what it is, and compiles from its own files alone.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};
use walkdir::{DirEntry, WalkDir};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The folders of packages that would be published, with their manifests.
fn published() -> Vec<(PathBuf, Table)> {
    let root: Table = read(&Path::new(REPOSITORY).join("Cargo.toml")).parse().unwrap();
    let members = root["workspace"]["members"].as_array().unwrap().iter().map(|member| member.as_str().unwrap());
    let packages = members.map(|member| {
        let folder = Path::new(REPOSITORY).join(member);
        let manifest: Table = read(&folder.join("Cargo.toml")).parse().unwrap();
        (folder, manifest)
    });
    packages.filter(|(_, manifest)| manifest["package"].get("publish") != Some(&Value::Boolean(false))).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_package_says_what_it_is() {
    let packages = published();
    assert_eq!(packages.len(), 12);
    for (folder, manifest) in packages {
        let package = &manifest["package"];
        let name = package["name"].as_str().unwrap();
        let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        assert!(text("description").len() > 20, "{name}: description");
        assert_eq!(text("documentation"), format!("https://docs.rs/{name}"));
        for (key, most) in [("keywords", 5), ("categories", 5)] {
            let words = package.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            assert!((1..=most).contains(&words), "{name}: {words} {key}");
        }
        assert!(package["metadata"]["docs"]["rs"].is_table(), "{name}: metadata for docs.rs");
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let (own, ours) = (read(&folder.join(licence)), read(&Path::new(REPOSITORY).join(licence)));
            assert_eq!(own, ours, "{name}: {licence}");
        }
    }
}

/// A file outside would not be in the package. Tests and examples in documentation may read it: cargo does not compile them
/// of a package.
#[test]
fn what_is_compiled_includes_files_of_its_own_package_only() {
    for (folder, _) in published() {
        for source in sources(&folder) {
            let text = read(&source);
            let lines: Vec<_> = text.lines().collect();
            for (index, line) in lines.iter().enumerate().filter(|(_, line)| includes(line)) {
                let Some(path) = line.split('"').nth(1).filter(|path| path.starts_with("..")) else { continue };
                let is_for_tests = index > 0 && lines[index - 1].contains("cfg(doctest)");
                let target = fs::canonicalize(source.parent().unwrap().join(path));
                let is_inside = target.is_ok_and(|target| target.starts_with(fs::canonicalize(&folder).unwrap()));
                assert!(is_for_tests || is_inside, "{}:{}: {path}", source.display(), index + 1);
            }
        }
    }
}

fn includes(line: &str) -> bool {
    line.contains("include_") && !line.trim_start().starts_with("//")
}

/// The Rust files below `src` and the build script, without those of tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let walk = WalkDir::new(folder.join("src")).into_iter().flatten().map(DirEntry::into_path);
    let is_compiled = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "rs") && path.file_name().unwrap() != "tests.rs"
    };
    walk.chain([folder.join("build.rs")]).filter(|path| path.is_file() && is_compiled(path)).collect()
}
