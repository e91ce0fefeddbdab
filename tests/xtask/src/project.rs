//! The job project: what `metaplastic new` writes trains, lives in an emulated board and passes its own CI, as its README
//! says; and its firmware compiles for every board that it can be for.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::boards::ignored_tests;
use crate::process::{cargo, run, target_folder};
use crate::setup::setup;

const NAME: &str = "vibration";
const BOARD: &str = "pico";

/// The project is written anew; what was compiled for the last one stays.
pub(crate) fn project() -> Result<()> {
    setup()?;
    let folder = target_folder().join("project").join(NAME);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let path = folder.to_str().with_context(|| folder.display().to_string())?;
    let program = ["run", "--quiet", "--release", "--"];
    cargo(program.into_iter().chain(["new", NAME, "--board", BOARD, "--path", path]))?;
    let readme = folder.join("README.md");
    let readme = fs::read_to_string(&readme).with_context(|| readme.display().to_string())?;
    let commands = first_block(&readme).context("the project's README.md has no commands")?;
    println!("{commands}");
    shell(&folder, commands)?;
    shell(&folder, "./ci.sh")?;
    ignored_tests("command_line", "new::")
}

/// Nothing of this repository's environment reaches the project.
fn shell(folder: &Path, commands: &str) -> Result<()> {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", commands]).current_dir(folder);
    command.env_remove("METAPLASTIC_FIRMWARE").env_remove("PROPTEST_RNG_SEED");
    // The packages of others are those of this repository: they are compiled already.
    run(command.env("CARGO_TARGET_DIR", fs::canonicalize(target_folder())?))
}

/// The commands of the first block of `sh`: the two that a project has.
fn first_block(text: &str) -> Option<&str> {
    text.split_once("```sh\n")?.1.split_once("```").map(|(block, _)| block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_is_the_projects_commands() {
        assert_eq!(first_block("# name\n```sh\none\ntwo\n```\n```sh\nthree\n```\n"), Some("one\ntwo\n"));
        assert_eq!(first_block("# name\n"), None);
    }
}
