//! The public modules of the libraries, and whether the head of each shows what it is for by an example that is compiled
//! and run.

use syn::{Item, Meta, Visibility};

use crate::modules::Files;
use crate::sources::Source;
use crate::test_code::is_test_only;

/// Where libraries are that nobody uses but this repository, that no host computer can run, or that become a user's own.
const NOT_FOR_USERS: [&str; 4] = ["tests/", "runtime/firmware/", "trainer/benches/", "trainer/template/"];

/// Public modules of the libraries, and the libraries themselves, without an example at their heads.
pub(crate) fn without_example(files: &Files<'_>) -> Vec<String> {
    let libraries = files.values().filter(|source| {
        source.path.ends_with("/src/lib.rs") && !NOT_FOR_USERS.iter().any(|folder| source.path.starts_with(folder))
    });
    libraries.flat_map(|library| missing(files, library, parent(&library.path))).collect()
}

/// A file and the public modules below it that have no example, or are hidden for no reason.
fn missing(files: &Files<'_>, source: &Source, folder: &str) -> Vec<String> {
    let own = (!has_example(&source.text)).then(|| source.path.clone());
    let modules = source.syntax.items.iter().filter_map(|item| match item {
        Item::Mod(module) if is_public(module) => Some(module),
        _ => None,
    });
    let below = modules.flat_map(|module| {
        if is_hidden(module) {
            let path = format!("{}: mod {}, which is hidden without a reason", source.path, module.ident);
            return Vec::from_iter((!says_why(&source.text, module)).then_some(path));
        }
        let folder = format!("{folder}/{}", module.ident);
        let candidates = [format!("{folder}.rs"), format!("{folder}/mod.rs")];
        let file = candidates.iter().find_map(|path| files.get(path.as_str()));
        file.map(|file| missing(files, file, &folder)).unwrap_or_default()
    });
    own.into_iter().chain(below).collect()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_public(module: &syn::ItemMod) -> bool {
    matches!(module.vis, Visibility::Public(_)) && module.content.is_none() && !is_test_only(&module.attrs)
}

fn is_hidden(module: &syn::ItemMod) -> bool {
    let is_hidden = |meta: &Meta| matches!(meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string() == "hidden");
    module.attrs.iter().any(|attribute| is_hidden(&attribute.meta))
}

/// Whether a comment stands before the attributes of a module.
fn says_why(text: &str, module: &syn::ItemMod) -> bool {
    let declaration = format!("pub mod {};", module.ident);
    let before = text.lines().take_while(|line| line.trim() != declaration).collect::<Vec<_>>();
    let reason = before.into_iter().rev().find(|line| !line.trim_start().starts_with("#["));
    reason.is_some_and(|line| line.trim_start().starts_with("//"))
}

/// Whether the head of a file has a block of code that is compiled and, unless it needs more than a computer, run.
pub(crate) fn has_example(text: &str) -> bool {
    let head = text.lines().map_while(|line| line.strip_prefix("//!"));
    let fences = head.filter_map(|line| line.trim_start().strip_prefix("```"));
    let mut opening = fences.step_by(2);
    opening.any(|language| ["", "rust", "no_run"].contains(&language))
}
