//! `metaplastic flash FILE.plastic --board NAME`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use metaplastic_files::atomic;
use metaplastic_files::temporary::TemporaryFolder;
use metaplastic_files::text::Escaped;
use metaplastic_host::body::board;
use metaplastic_host::firmware;
use metaplastic_shared::board::Board;

use super::artifact;
use super::output::say;
use super::replaced::{Input, check_output};

/// The end of the help.
fn environment() -> String {
    let (folder, probe) = (firmware::FOLDER_VARIABLE, firmware::PROBE_VARIABLE);
    format!(
        "Environment:\n  \
         {folder}  firmware source folder [default: this program's own]\n  \
         {probe:<20}  which probe, VID:PID[:SERIAL], where several are connected"
    )
}

#[derive(Debug, Args)]
#[command(after_help = environment())]
pub(crate) struct Flash {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    #[arg(long, value_name = "BOARD", help = boards())]
    board: String,
    /// Writes the firmware to an ELF file instead of to the board
    #[arg(long, value_name = "FILE.elf")]
    output: Option<PathBuf>,
}

impl Flash {
    pub(crate) fn run(self) -> Result<()> {
        let board = board::board(&self.board).context("--board")?;
        let chip = board.chip.ok_or_else(|| self.nothing_to_flash())?;
        let artifact = artifact::read(&self.file)?;
        let inputs = [Input { name: "FILE.plastic", path: Some(&self.file) }];
        self.output.as_deref().map_or(Ok(()), |output| check_output("--output", output, &inputs))?;
        let folder = TemporaryFolder::new().context("temporary folder")?;
        let elf = folder.path().join("firmware.elf");
        firmware::build(board, &artifact, &elf).with_context(|| self.file.display().to_string())?;
        match &self.output {
            Some(output) => self.write(&elf, output),
            None => self.flash(board, chip, &elf),
        }
    }

    fn nothing_to_flash(&self) -> anyhow::Error {
        let (file, board) = (self.file.display(), &self.board);
        anyhow!(
            "--board: '{board}' is emulated, there is nothing to flash: use `evaluate {file} --on emulator:{board}`"
        )
    }

    fn write(&self, elf: &Path, output: &Path) -> Result<()> {
        let bytes = std::fs::read(elf).context("the firmware that was built")?;
        atomic::write(output, &bytes).with_context(|| format!("{}: cannot be written", output.display()))?;
        say!("firmware for {} in {}", self.board, Escaped(output.display()));
        Ok(())
    }

    fn flash(&self, board: &Board, chip: &str, elf: &Path) -> Result<()> {
        firmware::flash(chip, elf)?;
        say!("{} runs on {} ({})", Escaped(self.file.display()), self.board, board.core);
        say!("let it learn: metaplastic evaluate {} --on serial:PORT", Escaped(self.file.display()));
        Ok(())
    }
}

/// The help of `--board`, with the boards there are.
fn boards() -> String {
    format!("The board: one of {}", board::real_names())
}
