//! What a build script does: writes the memory map and the constants, and has cargo link with them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use metaplastic_shared::board::{BOARDS, Board};

use crate::constants::constants;
use crate::error::EmbedError;
use crate::memory_map::memory_map;

/// Names the board in [`embed_from_environment`].
pub const BOARD_VARIABLE: &str = "METAPLASTIC_BOARD";
/// Names the artifact in [`embed_from_environment`].
pub const ARTIFACT_VARIABLE: &str = "METAPLASTIC_ARTIFACT";
const OUT: &str = "OUT_DIR";

/// Embeds an artifact in firmware for a board of the table. To be called by a build script; a relative path begins at
/// the package's folder.
///
/// # Errors
/// If there is no such board, or as [`embed_for`].
pub fn embed(board: &str, artifact: impl AsRef<Path>) -> Result<(), EmbedError> {
    embed_for(named(board)?, artifact)
}

/// The same for the board and the artifact that environment variables name.
///
/// # Errors
/// If they are not set, or as [`embed()`].
pub fn embed_from_environment() -> Result<(), EmbedError> {
    embed(&board()?, value(ARTIFACT_VARIABLE, ": the artifact to embed, an absolute path")?)
}

/// The name of the board in [`BOARD_VARIABLE`], which whoever builds for several boards sets.
///
/// # Errors
/// If it is not set.
pub fn board() -> Result<String, EmbedError> {
    value(BOARD_VARIABLE, ": the name of the board to build for")
}

fn value(name: &'static str, hint: &'static str) -> Result<String, EmbedError> {
    println!("cargo::rerun-if-env-changed={name}");
    env::var(name).map_err(|_| EmbedError::NotSet { name, hint })
}

/// The same for any board.
///
/// # Errors
/// If the artifact cannot be read, or the decoder refuses it.
pub fn embed_for(board: &Board, artifact: impl AsRef<Path>) -> Result<(), EmbedError> {
    let artifact = artifact.as_ref();
    println!("cargo::rerun-if-changed={}", artifact.display());
    let out = env::var_os(OUT).map(PathBuf::from);
    let out =
        out.ok_or(EmbedError::NotSet { name: OUT, hint: ": this is for build scripts, which cargo sets it for" })?;
    let absolute = std::path::absolute(artifact).map_err(failed(artifact))?;
    write(&out.join("memory.x"), &memory_map(board))?;
    write(&out.join("network.rs"), &constants(board, &absolute)?)?;
    println!("cargo::rustc-link-search={}", out.display());
    for argument in ["-Tlink.x", "--nmagic"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    Ok(())
}

fn named(name: &str) -> Result<&'static Board, EmbedError> {
    let boards = || BOARDS.each_ref().map(|board| board.name).join(", ");
    Board::named(name).ok_or_else(|| EmbedError::NoBoard { name: name.to_owned(), boards: boards() })
}

/// An unchanged file stays, so that cargo compiles nothing anew.
fn write(path: &Path, text: &str) -> Result<(), EmbedError> {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> EmbedError + use<> {
    let path = path.display().to_string();
    move |error| EmbedError::Io { path: path.clone(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_board_is_refused_with_those_there_are() {
        let error = embed("abacus", "network.plastic").unwrap_err();
        assert!(error.to_string().contains("'abacus'") && error.to_string().contains("nrf52840-dk"), "{error}");
        // Cargo prints the debug form of what a build script returns.
        assert_eq!(format!("{error:?}"), error.to_string());
    }
}
