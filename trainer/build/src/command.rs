//! Cargo, set up to compile for a board.

use std::path::Path;
use std::process::Command;

use metaplastic_shared::board::Board;

use crate::embed::BOARD_VARIABLE;
use crate::toolchain::{BROWSER, Toolchain};
use crate::toolchain_error::ToolchainError;

/// A subcommand of cargo in a folder, for a board: with the target, the compiler, the core library and the flags. What
/// it is to act on can be appended.
///
/// ```no_run
/// use metaplastic_shared::board::Board;
///
/// let board = Board::named("mps2-an386").unwrap();
/// let built = metaplastic_build::cargo(board, "firmware".as_ref(), "build")?.arg("--release").status();
/// # Ok::<(), metaplastic_build::ToolchainError>(())
/// ```
///
/// # Errors
/// If there is no core library for the board's target and none can be compiled.
pub fn cargo(board: &Board, folder: &Path, subcommand: &str) -> Result<Command, ToolchainError> {
    let cpu = board.target_cpu.map(|cpu| format!("-Ctarget-cpu={cpu}"));
    let mut command = cargo_for(board.target, cpu, folder, subcommand)?;
    command.env(BOARD_VARIABLE, board.name);
    Ok(command)
}

/// The same for a page in a browser: WebAssembly without an operating system.
///
/// # Errors
/// If there is no core library for it and none can be compiled.
pub fn cargo_for_browser(folder: &Path, subcommand: &str) -> Result<Command, ToolchainError> {
    cargo_for(BROWSER, None, folder, subcommand)
}

fn cargo_for(
    target: &str,
    flag: Option<String>,
    folder: &Path,
    subcommand: &str,
) -> Result<Command, ToolchainError> {
    let toolchain = Toolchain::find(target, folder)?;
    let mut command = Command::new("cargo");
    command.args([subcommand, "--target", target]).current_dir(folder);
    let flags: Vec<_> = flag.into_iter().chain(toolchain.flags()).collect();
    // The encoded form outranks a RUSTFLAGS of the caller's, which would rebuild every dependency.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    if let Toolchain::Distribution { rustc, .. } = toolchain {
        command.env("RUSTC", rustc);
    }
    Ok(command)
}
