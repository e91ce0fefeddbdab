//! A project of one's own, written from the template that this program carries: a task, its experiment, a firmware, tests
//! and a CI.
//!
//! The packages that it is built from come with it, in its own folder: no registry has them, and a user's cache is neither on
//! another computer nor in a CI. Once they are published, versions take their place.

mod board;
mod files;
mod name;
mod packages;
mod template;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use metaplastic_files::source_tree::{SharedManifest, SourceTree};
use metaplastic_shared::board::Board;

use board::ProjectBoard;

/// Where the packages go.
const VENDOR: &str = "vendor/metaplastic";
/// The workspaces of a project.
const WORKSPACES: [&str; 2] = ["", "firmware"];

/// Writes the project `name` for a board into a folder, which must not be there yet.
///
/// # Errors
/// If the name cannot be a project's, the template has no start-up for the board, or the folder is there or cannot be
/// written.
pub(crate) fn write(name: &str, board: &'static Board, folder: &Path) -> Result<()> {
    name::check(name)?;
    let board = ProjectBoard::new(board)?;
    let shown = folder.display();
    ensure!(!folder.exists(), "{shown}: is there already; give another name, or another folder with --path");
    let (manifest, lock) = metaplastic_source::workspace!();
    let packages = SourceTree::new(&packages::ALL, SharedManifest { manifest, lock })?;
    packages.write(&folder.join(VENDOR))?;
    template::write(name, &board, folder).with_context(|| shown.to_string())?;
    lock.map_or(Ok(()), |lock| write_locks(lock, folder))
}

/// The versions of all dependencies are those that this program was built with; cargo adds what is missing, and takes away
/// what is not needed.
fn write_locks(lock: &str, folder: &Path) -> Result<()> {
    WORKSPACES
        .iter()
        .map(|workspace| folder.join(workspace).join("Cargo.lock"))
        .try_for_each(|path| fs::write(&path, lock).with_context(|| path.display().to_string()))
}
