//! `metaplastic new NAME --board BOARD`: a project of one's own.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_files::text::Escaped;
use metaplastic_host::body::board;

use super::output::say;
use crate::project;

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The project's name: lower-case letters, digits and '-'
    name: String,
    /// The board that its firmware is for; it runs in QEMU too
    #[arg(long, value_name = "BOARD")]
    board: String,
    /// The folder to write [default: NAME]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
}

impl New {
    pub(crate) fn run(self) -> Result<()> {
        let board = board::board(&self.board).context("--board")?;
        let folder = self.path.unwrap_or_else(|| PathBuf::from(&self.name));
        project::write(&self.name, board, &folder)?;
        say!("{} is a project of its own, which README.md explains. In it:", Escaped(folder.display()));
        say!("  cargo run -- train {} --out trained", self.name);
        say!("  cargo test");
        Ok(())
    }
}
