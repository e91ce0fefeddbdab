//! A project of one's own, written from the template that this program carries: a task, its experiment, a firmware, tests
//! and a CI. The packages that it is built from come with it.

mod packages;
mod template;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use metaplastic_files::source_tree::{SharedManifest, SourceTree};
use metaplastic_shared::board::Board;

/// Where the packages go.
const VENDOR: &str = "vendor/metaplastic";
/// Characters of a name at most: it becomes the name of packages and files.
const LONGEST: usize = 40;
/// Names that a package cannot have beside what it depends on.
const TAKEN: [&str; 6] = ["core", "metaplastic", "rand", "std", "test", "toml"];

/// Writes the project `name` for a board into a folder, which must not be there yet.
///
/// # Errors
/// If the name cannot be a package's, the template has no firmware for the board, or the folder is there or cannot be
/// written.
pub(crate) fn write(name: &str, board: &Board, folder: &Path) -> Result<()> {
    check_name(name)?;
    template::check_board(board)?;
    let shown = folder.display();
    ensure!(!folder.exists(), "{shown}: is there already; give another name, or another folder with --path");
    let (manifest, lock) = metaplastic_source::workspace!();
    let packages = SourceTree::new(&packages::ALL, SharedManifest { manifest, lock })?;
    packages.write(&folder.join(VENDOR))?;
    template::write(name, folder).with_context(|| shown.to_string())
}

/// A name is lower-case ASCII, so that package, module and files are called alike.
fn check_name(name: &str) -> Result<()> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let is_formed = name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(is_plain);
    ensure!(
        is_formed && name.len() <= LONGEST && !name.ends_with('-'),
        "NAME: '{name}' is not a name of lower-case letters, digits and '-', at most {LONGEST}, that begins with a letter"
    );
    ensure!(
        !TAKEN.contains(&name),
        "NAME: '{name}' is the name of a package that the project needs; choose another"
    );
    Ok(())
}
