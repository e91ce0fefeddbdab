//! The emulated body: the firmware in an emulator, whose standard input and output are its byte stream.

use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Cost, Identity, Ran};

use super::board::{Emulation, emulated_board};
use super::{Body, BodyError, Client, Tally};
use crate::firmware;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::episode::Episode;

const QEMU: &str = "qemu-system-arm";
const NODE: &str = "node";
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
    /// If the board is unknown or not emulated, its emulator or core library is missing, or the firmware does not
    /// answer.
    pub fn start(name: &str, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        Self::start_with(name, artifact, Time::Hosts)
    }

    /// Like [`start`](Self::start), in emulated time: an instruction takes a nanosecond, so that the board's costs are
    /// exact counts of instructions, the same in every run, to a tick of its timer (5.95 to 80 instructions).
    ///
    /// # Errors
    /// As [`start`](Self::start), and if QEMU does not emulate the board.
    pub fn start_counting(name: &str, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        Self::start_with(name, artifact, Time::Instructions)
    }

    fn start_with(name: &str, artifact: &ArtifactFile, time: Time) -> Result<Self, BodyError> {
        let board = emulated_board(name)?;
        let patience = patience()?;
        let folder = tempfile::tempdir().map_err(io("temporary folder"))?;
        let elf = folder.path().join("firmware.elf");
        let command = match board.emulation() {
            Some(Emulation::Qemu { machine, cpu }) => qemu(machine, cpu, time, &elf)?,
            Some(Emulation::Node(script)) if time == Time::Hosts => node(script, &elf)?,
            _ => return Err(BodyError::NotEmulated { name: name.to_owned() }),
        };
        firmware::build(name, &board, artifact, &elf)?;
        let mut emulator = Self::boot(command, folder, artifact.artifact().checksum(), patience)?;
        if time == Time::Hosts {
            emulator.identity.cost = Cost::Nothing;
        }
        Ok(emulator)
    }

    fn boot(
        mut command: Command,
        folder: tempfile::TempDir,
        artifact: u32,
        patience: Duration,
    ) -> Result<Self, BodyError> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(io(&command.get_program().to_string_lossy()))?;
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

/// What an emulated board's timer follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    /// The host's clock.
    Hosts,
    /// The instructions executed.
    Instructions,
}

fn qemu(machine: &str, cpu: &str, time: Time, elf: &Path) -> Result<Command, BodyError> {
    let mut command = installed(QEMU)?;
    command.args(["-M", machine, "-cpu", cpu]);
    if time == Time::Instructions {
        command.args(["-icount", "shift=0"]);
    }
    command.args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    command.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(elf);
    Ok(command)
}

fn node(script: &str, elf: &Path) -> Result<Command, BodyError> {
    let mut command = installed(NODE)?;
    let script = firmware::folder().join(script);
    // Without its packages the script would end with a page about modules.
    if !script.with_file_name("node_modules").is_dir() {
        return Err(BodyError::NoEmulator("rp2040js"));
    }
    command.arg(script).arg(elf);
    Ok(command)
}

fn installed(program: &'static str) -> Result<Command, BodyError> {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(Command::new(program));
    }
    Err(BodyError::NoEmulator(program))
}

/// How long to wait for an answer: [`PATIENCE_VARIABLE`], whole seconds.
pub(super) fn patience() -> Result<Duration, BodyError> {
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

fn io(what: &str) -> impl Fn(std::io::Error) -> BodyError {
    let what = what.to_owned();
    move |error| BodyError::Io { what: what.clone(), error }
}

impl Body for Emulator {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        let result = self.client.reset(freeze);
        self.explained(result)
    }

    fn rest(&mut self) -> Result<(), BodyError> {
        let result = self.client.rest();
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
