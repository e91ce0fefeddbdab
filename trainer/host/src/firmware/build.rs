//! Building a board's firmware around an artifact: cargo with the compiler, the flags and the feature of the board.
//!
//! With the dependencies built, another artifact or another board of the same target takes seconds.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};

use metaplastic_build::ARTIFACT_VARIABLE;
use metaplastic_shared::board::Board;

use super::error::FirmwareError;
use super::source::FirmwareSource;
use metaplastic_files::atomic;
use metaplastic_files::folder_lock::wait_for;

pub(super) const PACKAGE: &str = "metaplastic-firmware";
pub(super) const PROFILE: &str = "firmware";
/// In the package's folder.
pub(super) const PROFILE_FILE: &str = "profile.toml";

/// One of the firmware's binaries, for a board, around an artifact.
#[derive(Clone, Copy, Debug)]
pub struct Firmware<'f> {
    /// The board.
    pub board: &'f Board,
    /// The artifact's file.
    pub artifact: &'f Path,
    /// One of `src/bin/`.
    pub binary: &'f str,
}

impl<'f> Firmware<'f> {
    /// The board's own binary.
    #[must_use]
    pub fn of(board: &'f Board, artifact: &'f Path) -> Self {
        Self { board, artifact, binary: board.binary }
    }

    /// Builds it as an ELF file, which appears whole or not at all.
    ///
    /// # Errors
    /// If the firmware's source, the artifact or the target's core library is missing, or the network does not fit
    /// the board.
    pub fn build(&self, elf: &Path) -> Result<(), FirmwareError> {
        let source = FirmwareSource::find()?;
        let target = source.target_directory()?;
        let mut cargo = self.cargo_of(&source, "build")?;
        cargo.args(["--bin", self.binary]).stdin(Stdio::null());
        // Every build writes its ELF to the same path: the lock is held until this one is copied.
        let _lock = lock(&target)?;
        let output = cargo.output().map_err(no_cargo)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
            return Err(too_large(self.board, &said).unwrap_or(FirmwareError::Build(said)));
        }
        copy(&target.join(self.board.target).join(PROFILE).join(self.binary), elf)
    }

    /// A subcommand of cargo on the firmware's package, for the board's target; what it is to act on can be
    /// appended.
    ///
    /// # Errors
    /// If the firmware's source, the artifact or the target's core library is missing.
    pub fn cargo(&self, subcommand: &str) -> Result<Command, FirmwareError> {
        self.cargo_of(&FirmwareSource::find()?, subcommand)
    }

    fn cargo_of(&self, source: &FirmwareSource, subcommand: &str) -> Result<Command, FirmwareError> {
        let artifact = fs::canonicalize(self.artifact);
        let artifact = artifact.map_err(FirmwareError::at(self.artifact))?;
        let mut command = metaplastic_build::cargo(self.board, source.folder(), subcommand)?;
        command.args(["--quiet", "-p", PACKAGE, "--config", PROFILE_FILE, "--profile", PROFILE]);
        command.args(["--features", self.board.binary, "--target-dir"]).arg(source.target_directory()?);
        command.env(ARTIFACT_VARIABLE, artifact);
        Ok(command)
    }
}

pub(super) fn no_cargo(error: io::Error) -> FirmwareError {
    if error.kind() == ErrorKind::NotFound { FirmwareError::NoCargo } else { FirmwareError::io("cargo")(error) }
}

/// A lock on the build directory, held as long as the file is open.
pub(super) fn lock(folder: &Path) -> Result<File, FirmwareError> {
    let path = folder.join("build.lock");
    let io = FirmwareError::at(&path);
    fs::create_dir_all(folder).map_err(&io)?;
    wait_for(&path).map_err(io)
}

fn copy(built: &Path, elf: &Path) -> Result<(), FirmwareError> {
    let bytes = fs::read(built).map_err(FirmwareError::at(built))?;
    let io = FirmwareError::at(elf);
    if let Some(folder) = elf.parent() {
        fs::create_dir_all(folder).map_err(&io)?;
    }
    atomic::write(elf, &bytes).map_err(io)
}

/// The overflow of a memory region in the linker's message. The linker reports every section beyond the end of the
/// region, with the excess up to that section's end, so that the largest counts.
fn too_large(board: &Board, said: &str) -> Option<FirmwareError> {
    let excess = |region: &str| -> Option<u64> {
        let lines = said.lines().filter(|line| line.contains(region));
        let figures = lines.filter_map(|line| line.split_once("overflowed by ")?.1.split(' ').next()?.parse().ok());
        figures.max()
    };
    let regions = [("'RAM'", "RAM beside the stack", board.ram_bytes()), ("'FLASH'", "flash", board.flash_bytes())];
    regions.into_iter().find_map(|(region, memory, limit)| {
        let limit = u64::from(limit);
        let need = limit + excess(region)?;
        Some(FirmwareError::TooLarge { board: board.name.to_owned(), memory, need, limit })
    })
}
