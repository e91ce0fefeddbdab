//! `serial:PORT` against the runtime's `serve` at the other end of the line.

use std::io::{Read as _, Write as _};
use std::thread;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::bench::bench;
use metaplastic_host::body::{BodyError, BodyName, Serial};
use metaplastic_host::evaluate::Evaluator;
use metaplastic_runtime::{Artifact, Network, NetworkStorage, StepCounter, serve};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Cost, Message, Request, RunPosition, write_frame};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::Unseen;
use metaplastic_tests::corpus::case;
use metaplastic_tests::trained::task_of;

use crate::line::{FarEnd, TestPort};

const TRAINED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
const CONTROLLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/adaptive-control-weak-drive.plastic");
const BAUD: u32 = 115_200;

struct Stream(FarEnd);

impl ErrorType for Stream {
    type Error = ErrorKind;
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.0.read(buffer).map_err(|_| ErrorKind::Other)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write(bytes).map_err(|_| ErrorKind::Other)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.0.flush().map_err(|_| ErrorKind::Other)
    }
}

fn chip(artifact: Artifact<'_>, far: FarEnd) {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).unwrap();
    serve(&mut network, &mut Stream(far), &mut (), &mut ()).unwrap();
}

/// Runs `test` with a line at whose far end a chip serves the artifact.
fn with_chip(file: &ArtifactFile, test: impl FnOnce(&mut TestPort)) {
    let (mut line, far) = TestPort::new();
    thread::scope(|scope| {
        scope.spawn(|| chip(file.artifact(), far));
        test(&mut line);
        drop(line);
    });
}

#[test]
fn a_board_at_a_serial_port_learns_as_the_host_does() {
    let artifact = ArtifactFile::read(TRAINED.as_ref()).unwrap();
    let task = task_of(&artifact, toml::Table::new());
    let unseen = Unseen { task: &*task, seed: 3, episodes: 5 };
    with_chip(&artifact, |line| {
        let body = BodyName::Serial { port: line.port(), baud: BAUD };
        for freeze in [Freeze::Nothing, Freeze::ThirdFactor] {
            let board = Evaluator::new(&body, &artifact, freeze).evaluate(&unseen).unwrap();
            assert_eq!(board, Evaluator::host(&artifact, freeze).evaluate(&unseen).unwrap());
        }
    });
}

/// A line is the one body whose loop takes a time that says something; all else is as on the host.
#[test]
fn a_board_at_a_serial_port_lives_in_a_world_as_the_host_does_and_its_loop_is_timed() {
    let artifact = ArtifactFile::read(CONTROLLER.as_ref()).unwrap();
    let task = task_of(&artifact, toml::Table::new());
    let unseen = Unseen { task: &*task, seed: 3, episodes: 1 };
    with_chip(&artifact, |line| {
        let body = BodyName::Serial { port: line.port(), baud: BAUD };
        let mut board = Evaluator::new(&body, &artifact, Freeze::Nothing).evaluate(&unseen).unwrap();
        let timed = board.loop_microseconds.take().unwrap();
        assert!(timed.steps == task.steps(Purpose::Test) as u64 && 0 < timed.median && timed.median <= timed.worst);
        assert_eq!(board, Evaluator::host(&artifact, Freeze::Nothing).evaluate(&unseen).unwrap());
    });
}

/// The host computer was stopped in the middle of a request, and a response to another is still in transit.
#[test]
fn an_interrupted_conversation_does_not_disturb_the_next() {
    let file = case("event").artifact;
    with_chip(&file, |line| {
        let mut buffer = [0; metaplastic_shared::wire::MAX_FRAME];
        let position = RunPosition::default();
        let question =
            write_frame(&Message { content: Request::StateHash, position }, &mut buffer).unwrap().to_vec();
        line.host.write_all(&question).unwrap();
        line.host.write_all(&question[..question.len() / 2]).unwrap();
        let board = Serial::open(&line.port(), BAUD, &file).unwrap();
        assert_eq!(board.identity().artifact, file.artifact().checksum());
    });
}

#[test]
fn a_board_with_another_network_is_refused() {
    with_chip(&case("event").artifact, |line| {
        let refusal = Serial::open(&line.port(), BAUD, &case("modulated-oja").artifact).err().unwrap();
        assert!(matches!(refusal, BodyError::Identity { what: "artifact", .. }), "{refusal}");
    });
}

/// A counter of cycles, as a real board has.
struct Cycles;

impl StepCounter for Cycles {
    const COST: Cost = Cost::Cycles;

    fn elapsed(&mut self) -> u32 {
        1
    }
}

/// A line that breaks after so many answers.
struct Breaking {
    stream: Stream,
    answers: usize,
}

impl ErrorType for Breaking {
    type Error = ErrorKind;
}

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.stream.read(buffer)
    }
}

impl Write for Breaking {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        if self.answers == 0 {
            return Err(ErrorKind::Other);
        }
        self.answers -= 1;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.stream.flush()
    }
}

/// An episode of the trained network is a reset and 180 steps, one message each.
#[test]
fn a_measurement_that_fails_names_port_and_episode() {
    let file = ArtifactFile::read(TRAINED.as_ref()).unwrap();
    let task = task_of(&file, toml::Table::new());
    let (line, far) = TestPort::new();
    let body = BodyName::Serial { port: line.port(), baud: BAUD };
    thread::scope(|scope| {
        scope.spawn(|| {
            let artifact = file.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut network = Network::new(artifact, &mut storage).unwrap();
            let mut breaking = Breaking { stream: Stream(far), answers: 200 };
            serve(&mut network, &mut breaking, &mut Cycles, &mut ()).unwrap_err();
        });
        let error = bench(&Unseen { task: &*task, seed: 1, episodes: 3 }, &body, &file).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{body}: episode 2 of 3: ")), "{error}");
    });
}
