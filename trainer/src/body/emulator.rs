//! The emulated body: the firmware in QEMU, semihosting as its byte stream.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use metaplastic_shared::wire::{Cost, Freeze, Identity, Ran};

use super::board::{Board, board};
use super::{Body, BodyError, Client, Tally};
use crate::artifact_file::ArtifactFile;
use crate::episode::Episode;

const EMULATOR: &str = "qemu-system-arm";
/// Exit status of `build.sh` where no core library for the board's target is installed.
const NO_CORE_LIBRARY: i32 = 3;
/// The environment variable that says how long an answer may take.
const PATIENCE_VARIABLE: &str = "METAPLASTIC_PATIENCE_SECONDS";
/// Without it, seconds.
const PATIENCE: u64 = 30;

/// A running emulator; it is ended when dropped.
pub struct Emulator {
    process: Child,
    client: Client<ChildStdin>,
    identity: Identity,
    _folder: tempfile::TempDir,
}

impl Emulator {
    /// Builds the firmware of a board around an artifact and starts it.
    ///
    /// # Errors
    /// If the board is unknown, QEMU or the board's core library is missing, or the firmware does not answer.
    pub fn start(machine: &str, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        Self::start_with(machine, artifact, &[])
    }

    /// Like [`start`](Self::start), in emulated time: an instruction takes a nanosecond, so that the board's costs are
    /// exact counts of instructions, the same in every run, to a tick of its timer (5.95 to 80 instructions).
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_counting(machine: &str, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        Self::start_with(machine, artifact, &["-icount", "shift=0"])
    }

    fn start_with(machine: &str, artifact: &ArtifactFile, options: &[&str]) -> Result<Self, BodyError> {
        let board = board(machine)?;
        let patience = patience()?;
        if !is_installed() {
            return Err(BodyError::NoEmulator);
        }
        let folder = tempfile::tempdir().map_err(io("temporary folder"))?;
        let elf = folder.path().join("firmware.elf");
        build(machine, artifact, folder.path(), &elf)?;
        let expected = artifact.artifact().checksum();
        let mut emulator = Self::boot(&board, &elf, options, folder, expected, patience)?;
        if options.is_empty() {
            emulator.identity.cost = Cost::Nothing;
        }
        Ok(emulator)
    }

    fn boot(
        board: &Board,
        elf: &Path,
        options: &[&str],
        folder: tempfile::TempDir,
        artifact: u32,
        patience: Duration,
    ) -> Result<Self, BodyError> {
        let mut process = Command::new(EMULATOR)
            .args(["-M", &board.machine, "-cpu", &board.cpu])
            .args(options)
            .args(["-display", "none", "-monitor", "none", "-serial", "none"])
            .args(["-semihosting-config", "enable=on,target=native", "-kernel"])
            .arg(elf)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(io(EMULATOR))?;
        let missing = || BodyError::Ended("no pipe".into());
        let (output, input) =
            (process.stdout.take().ok_or_else(missing)?, process.stdin.take().ok_or_else(missing)?);
        let mut client = Client::new(output, input, patience);
        match client.identify(artifact) {
            Ok(identity) => Ok(Self { process, client, identity, _folder: folder }),
            Err(error) => Err(explain(&mut process, error)),
        }
    }

    /// Who the firmware says it is. It counts [`Cost::Nothing`] unless it was started by
    /// [`start_counting`](Self::start_counting): its timer then follows the host's.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Runs as many steps as fit one message and says what they did and cost.
    ///
    /// # Errors
    /// If the firmware does not answer or refuses.
    pub fn run_some(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
        let result = self.client.run_some(episode, steps);
        self.explained(result)
    }

    fn explained<T>(&mut self, result: Result<T, BodyError>) -> Result<T, BodyError> {
        result.map_err(|error| explain(&mut self.process, error))
    }
}

fn is_installed() -> bool {
    let found = Command::new(EMULATOR).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// How long to wait for an answer: [`PATIENCE_VARIABLE`], whole seconds.
fn patience() -> Result<Duration, BodyError> {
    let Some(value) = std::env::var_os(PATIENCE_VARIABLE) else { return Ok(Duration::from_secs(PATIENCE)) };
    let seconds = value.to_str().and_then(|text| text.parse().ok()).filter(|seconds| (1..=3600).contains(seconds));
    let wrong = || BodyError::Setting {
        variable: PATIENCE_VARIABLE,
        value: value.to_string_lossy().into_owned(),
        allowed: "a whole number of seconds in 1..=3600",
    };
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

/// Ends the emulator, and adds what it wrote to standard error to the error of a stream that ended. That of one that
/// hangs is not waited for: a process it has started may hold it open.
fn explain(process: &mut Child, error: BodyError) -> BodyError {
    let _ = process.kill();
    let _ = process.wait();
    let BodyError::Ended(mut said) = error else { return error };
    if let Some(mut stderr) = process.stderr.take() {
        let _ = stderr.read_to_string(&mut said);
    }
    BodyError::Ended(if said.trim().is_empty() { "nothing".into() } else { said.trim_end().into() })
}

fn build(machine: &str, artifact: &ArtifactFile, folder: &Path, elf: &Path) -> Result<(), BodyError> {
    let path = folder.join("network.plastic");
    artifact.write(&path).map_err(|error| BodyError::Build(format!("{error:#}")))?;
    let script = firmware_folder().join("build.sh");
    let output = Command::new(&script).arg(machine).arg(path).arg(elf).stdin(Stdio::null()).output();
    let output = output.map_err(io(&script.display().to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Err(if output.status.code() == Some(NO_CORE_LIBRARY) {
        BodyError::NoCoreLibrary(said)
    } else {
        BodyError::Build(said)
    })
}

/// Where the firmware's source is: in this repository, or where `METAPLASTIC_FIRMWARE` says.
fn firmware_folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/firmware");
    std::env::var_os("METAPLASTIC_FIRMWARE").map_or_else(|| own.into(), PathBuf::from)
}

fn io(what: &str) -> impl Fn(std::io::Error) -> BodyError {
    let what = what.to_owned();
    move |error| BodyError::Io { what: what.clone(), error }
}

impl Body for Emulator {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        let result = self.client.reset(freeze);
        self.explained(result)
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Tally, BodyError> {
        let result = self.client.run(episode, steps);
        self.explained(result)
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        let result = self.client.state_hash();
        self.explained(result)
    }

    fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError> {
        let result = self.client.plastic(projection, synapses);
        self.explained(result)
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        let result = self.client.write_plastic(projection, weights);
        self.explained(result)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
