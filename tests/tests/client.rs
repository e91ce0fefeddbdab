//! The client of a sound line does on the chip what the host body does, over messages of any number; and what a line
//! loses is an error within the timeout.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, Client, Expected, Host};
use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_runtime::{Network, NetworkStorage, serve};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{MAX_FRAME, MAX_PAYLOAD, Message, Refusal, Response, RunPosition, write_frame};
use metaplastic_task::episode::Episode;
use metaplastic_tests::flash::MockFlash;

/// Timeout where everything is answered: it does not pass.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Timeout where something is lost.
const SHORT: Duration = Duration::from_secs(1);
/// Synapses of its two plastic projections, of many messages each; the last message of the second is not full.
const SYNAPSES: [usize; 2] = [72 * 64, 64 * 8];
const PAGES: usize = 96;

type Flash = MockFlash<4, 4, 256>;

fn artifact() -> ArtifactFile {
    ArtifactFile::from_bytes(include_bytes!("../artifacts/cue-association.plastic")).unwrap()
}

/// The chip's end of a line.
struct Socket(UnixStream);

impl ErrorType for Socket {
    type Error = ErrorKind;
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.0.read(buffer).map_err(|_| ErrorKind::Other)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write_all(bytes).map(|()| bytes.len()).map_err(|_| ErrorKind::Other)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// A chip that saves to flash, until its line ends.
fn run_chip(file: &ArtifactFile, far: UnixStream) {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).unwrap();
    let mut board = SnapshotStorage::new(Flash::new(PAGES), 0..256 * PAGES as u32, &network).unwrap();
    serve(&mut network, &mut Socket(far), &mut (), &mut board).unwrap();
}

/// A client of a chip, and the host body with the same network.
fn with_both(test: impl FnOnce(&mut Client<UnixStream>, &mut Host<'_>)) {
    let file = artifact();
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(file.artifact(), &mut storage).unwrap();
    let (near, far) = UnixStream::pair().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| run_chip(&file, far));
        let ends = near.try_clone().unwrap();
        let client = Client::start(near.try_clone().unwrap(), ends, Expected::of(&artifact), TIMEOUT);
        test(&mut client.unwrap(), &mut host);
        near.shutdown(Shutdown::Both).unwrap();
    });
}

/// An episode in which every input neuron spikes.
fn episode() -> Episode {
    let file = artifact();
    let network = &file.artifact().manifest().network;
    let mut episode = Episode::silent(network, 40);
    (0..40 * 72).filter(|at| at % 5 < 2).for_each(|at| episode.spike(at / 72, at % 72));
    episode
}

/// Different weights for every synapse, within every limit.
fn weights(synapses: usize) -> Vec<i16> {
    (0..synapses).map(|synapse| synapse as i16 - 2000).collect()
}

#[test]
fn a_chip_does_what_the_host_body_does() {
    let episode = episode();
    with_both(|client, host| {
        let run = |body: &mut dyn Body| {
            let mut results = Vec::new();
            body.reset(Freeze::Nothing).unwrap();
            results.push((body.run(&episode, 0..30).unwrap(), body.state_hash().unwrap()));
            body.reset_state().unwrap();
            results.push((body.run(&episode, 30..40).unwrap(), body.state_hash().unwrap()));
            results
        };
        assert_eq!(run(client), run(host));
        assert_eq!(client.plastic(0, SYNAPSES[0]).unwrap(), host.plastic(0, SYNAPSES[0]).unwrap());
        client.recover().unwrap();
        assert_eq!(client.state_hash().unwrap(), host.state_hash().unwrap());
    });
}

#[test]
fn plastic_weights_of_many_messages_are_read_as_they_were_written() {
    assert!(SYNAPSES[0] > MAX_PAYLOAD && !SYNAPSES[1].is_multiple_of(MAX_PAYLOAD / 2));
    with_both(|client, host| {
        for (projection, synapses) in SYNAPSES.into_iter().enumerate() {
            let written = weights(synapses);
            client.write_plastic(projection, &written).unwrap();
            host.write_plastic(projection, &written).unwrap();
            assert_eq!(client.plastic(projection, synapses).unwrap(), written);
        }
        assert_eq!(client.state_hash().unwrap(), host.state_hash().unwrap());
        let refused = client.plastic(2, 0);
        assert!(matches!(refused, Err(BodyError::Refused(Refusal::NoState(_)))), "{refused:?}");
        let refused = client.write_plastic(2, &[1]);
        assert!(matches!(refused, Err(BodyError::Refused(Refusal::NotPlastic(2)))), "{refused:?}");
    });
}

#[test]
fn plastic_weights_are_saved_and_loaded_by_number() {
    with_both(|client, host| {
        let nothing = client.load(Freeze::Nothing);
        assert!(matches!(nothing, Err(BodyError::Refused(Refusal::NothingSaved))), "{nothing:?}");
        let written = weights(SYNAPSES[1]);
        client.write_plastic(1, &written).unwrap();
        assert_eq!((client.save().unwrap(), client.save().unwrap()), (1, 2));
        client.reset(Freeze::Nothing).unwrap();
        assert!(client.plastic(1, SYNAPSES[1]).unwrap().iter().all(|weight| *weight == 0));
        assert_eq!(client.load(Freeze::Nothing).unwrap(), 2);
        host.write_plastic(1, &written).unwrap();
        assert_eq!(client.state_hash().unwrap(), host.state_hash().unwrap());
    });
}

/// A client whose line loses the first frame behind its identification and gives `answer` for every further one.
fn with_a_lost_request(answer: &[u8], test: impl FnOnce(&mut Client<UnixStream>)) {
    with_middle(test, |near, chip| forward_one_and(1, near, chip, answer));
}

/// A client whose line gives `answer` for every frame behind its identification.
fn with_an_answer(answer: &[u8], test: impl FnOnce(&mut Client<UnixStream>)) {
    with_middle(test, |near, chip| forward_one_and(0, near, chip, answer));
}

/// A client of a chip with something in the middle of the line.
fn with_middle(test: impl FnOnce(&mut Client<UnixStream>), act: impl FnOnce(UnixStream, UnixStream) + Send) {
    let file = artifact();
    let ((near, middle), (chip, far)) = (UnixStream::pair().unwrap(), UnixStream::pair().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| run_chip(&file, far));
        scope.spawn(|| act(middle, chip));
        let ends = near.try_clone().unwrap();
        let client = Client::start(near.try_clone().unwrap(), ends, Expected::of(&file.artifact()), SHORT);
        test(&mut client.unwrap());
        near.shutdown(Shutdown::Both).unwrap();
    });
}

/// Forwards the identification, loses some frames, and answers every further one.
fn forward_one_and(lost: usize, mut near: UnixStream, mut chip: UnixStream, answer: &[u8]) {
    chip.write_all(&frame(&mut near)).unwrap();
    near.write_all(&frame(&mut chip)).unwrap();
    (0..lost).for_each(|_| drop(frame(&mut near)));
    while !frame(&mut near).is_empty() {
        near.write_all(answer).unwrap();
    }
    chip.shutdown(Shutdown::Both).unwrap();
}

/// The next frame with its zero; what there is of it at the end.
fn frame(stream: &mut UnixStream) -> Vec<u8> {
    let mut frame = Vec::new();
    let mut byte = [0];
    while frame.last() != Some(&0) && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        frame.push(byte[0]);
    }
    frame
}

/// A chip whose line loses the first probe, as a board does that is still starting.
#[test]
fn a_chip_that_starts_late_is_found() {
    let file = artifact();
    let ((near, mut middle), (mut chip, far)) = (UnixStream::pair().unwrap(), UnixStream::pair().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| run_chip(&file, far));
        scope.spawn(move || {
            frame(&mut middle);
            frame(&mut middle);
            let mut request = frame(&mut middle);
            while !request.is_empty() {
                chip.write_all(&request).unwrap();
                middle.write_all(&frame(&mut chip)).unwrap();
                request = frame(&mut middle);
            }
            chip.shutdown(Shutdown::Both).unwrap();
        });
        let ends = near.try_clone().unwrap();
        let client = Client::attach(near.try_clone().unwrap(), ends, Expected::of(&file.artifact()), TIMEOUT);
        assert_eq!(client.unwrap().identity().artifact, file.artifact().checksum());
        near.shutdown(Shutdown::Both).unwrap();
    });
}

#[test]
fn a_chip_that_falls_silent_is_a_timeout() {
    with_a_lost_request(&[], |client| {
        let begun = Instant::now();
        let lost = client.state_hash();
        assert!(matches!(lost, Err(BodyError::Timeout(1))), "{lost:?}");
        assert!(begun.elapsed() >= SHORT);
    });
}

/// The chip got half a request: the empty frame at the deadline ends it, and what comes then shows that the chip is there.
#[test]
fn a_request_that_was_lost_can_be_made_again() {
    with_a_lost_request(&[1, 1, 0], |client| {
        let lost = client.state_hash();
        assert!(matches!(&lost, Err(BodyError::Answer(what)) if what.contains("3 bytes arrived")), "{lost:?}");
    });
}

/// The frame of a sound answer at the position of the chip before any run.
fn sound(content: Response<'_>) -> Vec<u8> {
    let message = Message { content, position: RunPosition::default() };
    write_frame(&message, &mut [0; MAX_FRAME]).unwrap().to_vec()
}

#[test]
fn a_sound_answer_to_another_request_is_none() {
    with_an_answer(&sound(Response::StateHash(7)), |client| {
        let answer = client.write_plastic(1, &[1]);
        assert!(matches!(&answer, Err(BodyError::Answer(what)) if what.contains("another request")), "{answer:?}");
    });
    with_an_answer(&sound(Response::Ready), |client| {
        let answer = client.state_hash();
        assert!(matches!(&answer, Err(BodyError::Answer(what)) if what.contains("another request")), "{answer:?}");
    });
}

#[test]
fn plastic_weights_of_another_number_are_refused() {
    for bytes in [0, 2 * SYNAPSES[1] % MAX_PAYLOAD, MAX_PAYLOAD - 2, MAX_PAYLOAD - 1] {
        with_an_answer(&sound(Response::State(&vec![0; bytes])), |client| {
            let answer = client.plastic(0, SYNAPSES[0]);
            assert!(matches!(answer, Err(BodyError::Inconsistent(_))), "{bytes} bytes: {answer:?}");
        });
    }
}
