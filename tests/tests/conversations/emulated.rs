//! An emulated board behind a pseudo-terminal that loses its power at a random message.
//!
//! `METAPLASTIC_RESTARTS` sets the number of restarts.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyError;
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_host::evaluate::{EvaluateError, Evaluation, Evaluator};
use metaplastic_host::firmware;
use metaplastic_shared::board::Board;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Message, Request, read_frame};
use metaplastic_tests::corpus::case;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use serialport::{SerialPort, TTYPort};

use crate::peers::Peer;
use crate::{Few, evaluate};

/// Timeout of an answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A board in an emulator between the far end of a line and its standard input and output.
struct EmulatedBoard<'e> {
    board: &'static Board,
    elf: &'e Path,
    far: TTYPort,
    emulator: Child,
}

impl<'e> EmulatedBoard<'e> {
    fn start(board: &'static Board, elf: &'e Path, far: TTYPort) -> Self {
        let emulator = Self::emulator(board, elf, &far);
        Self { board, elf, far, emulator }
    }

    /// Starts the emulator and a thread that forwards what the board sends.
    fn emulator(board: &Board, elf: &Path, far: &TTYPort) -> Child {
        let mut command = Command::new(QEMU);
        command.args(qemu_arguments(board.qemu().unwrap(), Time::Hosts)).arg(elf);
        let mut emulator = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut output, mut far) = (emulator.stdout.take().unwrap(), far.try_clone_native().unwrap());
        thread::spawn(move || {
            let mut buffer = [0; 512];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let _ = far.write_all(&buffer[..count]);
            }
        });
        emulator
    }

    /// Forwards what the board receives until it is to end; restarts the board behind frame `at`, counted from the one
    /// that begins the first run: a slow emulator is asked more than once who it is.
    fn forward(mut self, at: usize, end: &AtomicBool) {
        let (mut buffer, mut frame, mut frames) = ([0], Vec::new(), 0);
        while !end.load(Ordering::Relaxed) {
            if self.far.read(&mut buffer).is_err() {
                continue;
            }
            self.emulator.stdin.as_mut().unwrap().write_all(&buffer).unwrap();
            if buffer != [0] {
                frame.push(buffer[0]);
                continue;
            }
            frames += usize::from(frames > 0 || begins_a_run(&mut frame));
            frame.clear();
            if frames == at + 1 {
                self.stop();
                self.emulator = Self::emulator(self.board, self.elf, &self.far);
            }
        }
        self.stop();
    }

    fn stop(&mut self) {
        self.emulator.kill().unwrap();
        self.emulator.wait().unwrap();
    }
}

fn begins_a_run(frame: &mut [u8]) -> bool {
    let message = read_frame::<Message<Request<'_>>>(frame);
    message.is_ok_and(|message| matches!(message.content, Request::Reset(_)))
}

/// Evaluates on a board that restarts behind frame `at` of its runs.
fn evaluate_with_restart(file: &ArtifactFile, elf: &Path, at: usize) -> Result<Evaluation, EvaluateError> {
    let (far, near) = TTYPort::pair().unwrap();
    let board = EmulatedBoard::start(Board::named("mps2-an386").unwrap(), elf, far);
    let mut reader = near.try_clone_native().unwrap();
    reader.set_timeout(Duration::from_secs(3600)).unwrap();
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| board.forward(at, &end));
        let result = evaluate(file, &Few::in_lives_of(1), reader, near, TIMEOUT);
        end.store(true, Ordering::Relaxed);
        result
    })
}

#[test]
#[ignore = "needs an emulator and a core library: tests/run.sh emulator"]
fn an_emulated_board_that_restarts_yields_no_figure() {
    let file = case("analog").artifact;
    let folder = tempfile::tempdir().unwrap();
    let elf = folder.path().join("elf");
    firmware::build(Board::named("mps2-an386").unwrap(), &file, &elf).unwrap();
    let right = Evaluator::host(&file, Freeze::Nothing).evaluate(&Few::in_lives_of(1)).unwrap();
    assert_eq!(evaluate_with_restart(&file, &elf, usize::MAX - 1).unwrap(), right);
    let restarts = std::env::var("METAPLASTIC_RESTARTS").map_or(5, |text| text.parse().unwrap());
    let messages = Peer::RestartsInARequest.messages_of_runs();
    let mut named = 0;
    for seed in 0..restarts {
        let at = Pcg32::seed_from_u64(seed).random_range(messages.clone());
        match evaluate_with_restart(&file, &elf, at) {
            // The last answer may come before the power goes.
            Ok(evaluation) => assert!(at + 1 == messages.end && evaluation == right, "seed {seed}, message {at}"),
            Err(error) => named += u64::from(is_named(&error)),
        }
    }
    println!("{named} of {restarts} restarts were named");
    assert!(2 * named > restarts, "{named} of {restarts} restarts were named");
}

/// Whether an error says that the board has restarted. An emulator that takes longer to start than the timeout is not
/// heard of again.
fn is_named(error: &EvaluateError) -> bool {
    let EvaluateError::Episode(episode) = error else { panic!("{error}") };
    let is_named = matches!(episode.error, BodyError::Restarted { .. });
    assert!(is_named || matches!(episode.error, BodyError::Timeout(_)), "{error}");
    is_named
}
