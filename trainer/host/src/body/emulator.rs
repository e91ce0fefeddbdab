//! The emulated body: the firmware in an emulator, whose standard input and output are its byte stream.

use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::temporary::TemporaryFolder;
use metaplastic_shared::board::{Board, Emulation, QemuMachine};
use metaplastic_shared::wire::{Cost, Identity};

use super::board::{BoardError, emulated_board};
use super::client::Client;
use super::error::{BodyError, ProgramOutput};
use super::expected::Expected;
use super::qemu::{QEMU, Time, qemu_arguments};
use super::remote::Remote;
use super::timeout::timeout;
use crate::firmware::{self, FirmwareSource};

const NODE: &str = "node";

/// A board in a running emulator, which ends when this is dropped.
pub struct Emulator {
    process: Process,
    client: Client<ChildStdin>,
    time: Time,
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
        let folder = TemporaryFolder::new().map_err(BodyError::io("temporary folder"))?;
        let elf = folder.path().join("firmware.elf");
        let command = command(board, time, &elf)?;
        firmware::build(board, artifact, &elf)?;
        let mut process = Process::spawn(command, hint(board))?;
        let (output, input) = process.stream()?;
        let client = Client::start(output, input, Expected::of(&artifact.artifact()), timeout);
        let client = client.map_err(|error| process.explain(error))?;
        // Firmware that answers is in the emulator's memory; whatever ends this program leaves no file.
        drop(folder);
        Ok(Self { process, client, time })
    }

    /// The identity of the firmware. It counts [`Cost::Nothing`] unless it was started by
    /// [`start_counting`](Self::start_counting): its timer then follows the host's.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let identity = self.client.identity();
        let cost = if self.time == Time::Hosts { Cost::Nothing } else { identity.cost };
        Identity { cost, ..identity }
    }
}

impl Remote for Emulator {
    type Stream = ChildStdin;

    fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Client<ChildStdin>) -> Result<T, BodyError>,
    ) -> Result<T, BodyError> {
        request(&mut self.client).map_err(|error| self.process.explain(error))
    }

    fn counts(&self) -> bool {
        self.time == Time::Instructions
    }
}

/// The emulator's process, which ends when this is dropped.
struct Process {
    child: Child,
    program: String,
    /// What the program may need if it does not run the board.
    hint: &'static str,
}

impl Process {
    fn spawn(mut command: Command, hint: &'static str) -> Result<Self, BodyError> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(BodyError::io(&program))?;
        Ok(Self { child, program, hint })
    }

    /// Its standard output and input.
    fn stream(&mut self) -> Result<(ChildStdout, ChildStdin), BodyError> {
        let missing = || BodyError::Ended(None);
        Ok((self.child.stdout.take().ok_or_else(missing)?, self.child.stdin.take().ok_or_else(missing)?))
    }

    /// Ends the emulator of a stream that ended, and adds to the error what it wrote to standard error. Standard error of
    /// an emulator that hangs is not read to its end: a process it has started may hold it open.
    fn explain(&mut self, error: BodyError) -> BodyError {
        if error.is_of_the_line() {
            return error;
        }
        self.end();
        let BodyError::Ended(_) = error else { return error };
        let mut text = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut text);
        }
        let (program, hint) = (self.program.clone(), self.hint);
        BodyError::Ended(Some(ProgramOutput { program, text, hint }))
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
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

/// What a program that ends without an answer may need.
fn hint(board: &Board) -> &'static str {
    match board.emulation {
        Some(Emulation::Qemu(_)) => "QEMU before 7.2 may not know the board",
        _ => "`tests/run.sh setup` installs the emulator that this board needs",
    }
}

fn qemu(machine: QemuMachine, time: Time, elf: &Path) -> Result<Command, BodyError> {
    let mut command = installed(QEMU, "qemu-system-arm")?;
    command.args(qemu_arguments(machine, time)).arg(elf);
    Ok(command)
}

fn node(script: &str, elf: &Path) -> Result<Command, BodyError> {
    let mut command = installed(NODE, "nodejs")?;
    let script = FirmwareSource::find()?.folder().join(script);
    // Without its packages the script would end with a page about modules.
    if !script.with_file_name("node_modules").is_dir() {
        return Err(BodyError::NoPackages { folder: script.with_file_name("").display().to_string() });
    }
    command.arg(script).arg(elf);
    Ok(command)
}

/// A program, if it is installed; `package` is Debian's name of what has it.
fn installed(program: &'static str, package: &'static str) -> Result<Command, BodyError> {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(Command::new(program));
    }
    Err(BodyError::NoEmulator { program, package })
}
