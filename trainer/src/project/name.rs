//! The name of a project: it becomes the name of packages, modules, a type, files and a task.

use anyhow::{Result, ensure};

/// Characters at most.
const LONGEST: usize = 40;
/// How the names of this program's own packages begin.
const OURS: &str = "metaplastic";
/// Packages that a project has beside its own, and what Rust brings itself.
const PACKAGES: [&str; 10] =
    ["alloc", "core", "firmware", "proc-macro", "rand", "serde", "starter", "std", "test", "vendor"];
/// Words of Rust, which no package may be called.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Checks a name: lower-case ASCII, so that package, module and files are called alike, and free.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(name: &str) -> Result<()> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let is_formed = name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(is_plain);
    ensure!(
        is_formed && name.len() <= LONGEST && !name.ends_with('-'),
        "NAME: '{name}' is not a name of lower-case letters, digits and '-', at most {LONGEST}, that begins with a letter"
    );
    let is_package = name.starts_with(OURS) || PACKAGES.contains(&name);
    ensure!(!is_package, "NAME: '{name}' is the name of a package that the project needs; choose another");
    ensure!(!KEYWORDS.contains(&name), "NAME: '{name}' is a word of Rust, which no package may be called");
    Ok(())
}
