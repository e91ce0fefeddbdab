//! A test that a type's name says which type it is: no two structs, enums, traits or aliases of the library
//! crates share one. Firmware and code of tests are left out.

use std::collections::BTreeMap;

use syn::Item;

use crate::sources::{Source, sources};

#[test]
fn no_two_types_share_a_name() {
    let sources = sources();
    let mut files: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| is_library(source)) {
        let items = syn::parse_file(&source.text).expect("Rust").items;
        items.iter().filter_map(type_name).for_each(|name| files.entry(name).or_default().push(&source.path));
    }
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "{files:#?}");
}

fn is_library(source: &Source) -> bool {
    let path = &source.path;
    let is_test = path.ends_with("/tests.rs") || path.ends_with("/testing.rs");
    let is_of_the_libraries =
        ["shared/src/", "runtime/src/", "trainer/"].iter().any(|folder| path.starts_with(folder));
    source.extension == "rs" && is_of_the_libraries && path.contains("/src/") && !is_test
}

/// Of an item at a file's top level.
fn type_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}
