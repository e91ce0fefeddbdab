//! The emulated body: the firmware in an emulator, whose standard input and output are its byte stream.

use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::board::{Board, Emulation, QemuMachine};
use metaplastic_shared::wire::{Cost, Identity};

use super::board::{BoardError, emulated_board};
use super::client::Client;
use super::error::BodyError;
use super::qemu::{QEMU, Time, qemu_arguments};
use super::remote::Remote;
use super::timeout::timeout;
use crate::firmware;

const NODE: &str = "node";

/// A board in a running emulator, which ends when this is dropped.
pub struct Emulator {
    connection: Connection,
    identity: Identity,
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

    /// Like [`start`](Self::start), in emulated time: an instruction takes a nanosecond, so that the board's costs
    /// are exact counts of instructions, the same in every run, to a tick of its timer (5.95 to 80 instructions).
    ///
    /// # Errors
    /// As [`start`](Self::start), and if QEMU does not emulate the board.
    pub fn start_counting(name: &str, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        Self::start_with(name, artifact, Time::Instructions)
    }

    fn start_with(name: &str, artifact: &ArtifactFile, time: Time) -> Result<Self, BodyError> {
        let board = emulated_board(name)?;
        let timeout = timeout()?;
        let folder = tempfile::tempdir().map_err(BodyError::io("temporary folder"))?;
        let elf = folder.path().join("firmware.elf");
        let command = command(board, time, &elf)?;
        firmware::build(board, artifact, &elf)?;
        let mut connection = Connection::boot(command, folder, timeout)?;
        let checksum = artifact.artifact().checksum();
        let mut identity = connection.call(|client| client.identify(checksum))?;
        if time == Time::Hosts {
            identity.cost = Cost::Nothing;
        }
        Ok(Self { connection, identity })
    }

    /// The identity of the firmware. It counts [`Cost::Nothing`] unless it was started by
    /// [`start_counting`](Self::start_counting): its timer then follows the host's.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }
}

impl Remote for Emulator {
    type Stream = ChildStdin;

    fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Client<ChildStdin>) -> Result<T, BodyError>,
    ) -> Result<T, BodyError> {
        self.connection.call(request)
    }
}

/// The emulator's process and the client at its standard input and output.
struct Connection {
    process: Child,
    client: Client<ChildStdin>,
    /// With the firmware's ELF file.
    _folder: tempfile::TempDir,
}

impl Connection {
    fn boot(mut command: Command, folder: tempfile::TempDir, timeout: Duration) -> Result<Self, BodyError> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(BodyError::io(&command.get_program().to_string_lossy()))?;
        let missing = || BodyError::Ended("no pipe".into());
        let output = process.stdout.take().ok_or_else(missing)?;
        let input = process.stdin.take().ok_or_else(missing)?;
        Ok(Self { process, client: Client::new(output, input, timeout), _folder: folder })
    }

    fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Client<ChildStdin>) -> Result<T, BodyError>,
    ) -> Result<T, BodyError> {
        request(&mut self.client).map_err(|error| self.explain(error))
    }

    /// Ends the emulator, and adds what it wrote to standard error to the error of a stream that ended. Standard
    /// error of an emulator that hangs is not read to its end: a process it has started may hold it open.
    fn explain(&mut self, error: BodyError) -> BodyError {
        self.end();
        let BodyError::Ended(mut text) = error else { return error };
        if let Some(mut stderr) = self.process.stderr.take() {
            let _ = stderr.read_to_string(&mut text);
        }
        BodyError::Ended(if text.trim().is_empty() { "nothing".into() } else { text.trim_end().into() })
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.end();
    }
}

/// The command that starts a board's emulator with the firmware in a file.
fn command(board: &Board, time: Time, elf: &Path) -> Result<Command, BodyError> {
    match board.emulation {
        Some(Emulation::Qemu(machine)) => qemu(machine, time, elf),
        Some(Emulation::Node { script }) if time == Time::Hosts => node(script, elf),
        _ => Err(BoardError::NotEmulated { name: board.name.to_owned() }.into()),
    }
}

fn qemu(machine: QemuMachine, time: Time, elf: &Path) -> Result<Command, BodyError> {
    let mut command = installed(QEMU)?;
    command.args(qemu_arguments(machine, time)).arg(elf);
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
