//! The chip's end of the wire over streams in memory and over pipes. Every request has a response, a wrong request
//! changes nothing, no input panics, and the client gets the same results as the host.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, Client, Expected, Host, run_episode};
use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_runtime::{Network, NetworkStorage, ServeError, StateValues, WeightStorage, serve};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::{StateQuantity, StateSection};
use metaplastic_shared::wire::{
    Cost, Identity, MAX_FRAME, MAX_PAYLOAD, Message, PROTOCOL, Refusal, Request, Response, RunPosition, RunStart,
    read_frame, write_frame,
};
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_tests::corpus::{case, episode};
use metaplastic_tests::flash::MockFlash;
use proptest::collection::vec;
use proptest::prelude::*;

/// Bytes of the input spikes and of the analog values of a step of the case `analog`.
const INPUT_BYTES: usize = 2;
const ANALOG_BYTES: usize = 4;

/// A stream in memory: gives `input`, at most `chunk` bytes a read, then ends; keeps what is written.
struct Wire<'a> {
    input: &'a [u8],
    chunk: usize,
    output: Vec<u8>,
}

impl ErrorType for Wire<'_> {
    type Error = ErrorKind;
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let count = self.chunk.min(buffer.len()).min(self.input.len());
        let (now, later) = self.input.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.input = later;
        Ok(count)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.output.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// A chip with the network of an artifact.
struct Chip<'a> {
    network: Network<'a>,
}

/// The memory of a network, allocated when its size is known.
type Memory<'a> = Option<NetworkStorage<'a, Vec<u64>>>;

impl<'a> Chip<'a> {
    fn new(file: &'a ArtifactFile, memory: &'a mut Memory<'a>) -> Self {
        let artifact = file.artifact();
        let storage = memory.insert(NetworkStorage::new(vec![0; Network::memory_words(&artifact)]));
        Self { network: Network::new(artifact, storage).expect("the memory is as large as asked for") }
    }

    /// The chip's responses to these bytes, read `chunk` bytes at a time, frame by frame.
    fn responses(&mut self, input: &[u8], chunk: usize) -> Vec<Vec<u8>> {
        self.responses_on(&mut (), input, chunk)
    }

    fn responses_on(&mut self, board: &mut impl WeightStorage, input: &[u8], chunk: usize) -> Vec<Vec<u8>> {
        let mut wire = Wire { input, chunk, output: Vec::new() };
        serve(&mut self.network, &mut wire, &mut (), board).expect("a stream in memory does not fail");
        let frames = wire.output.split_inclusive(|byte| *byte == 0);
        frames.map(|frame| frame.strip_suffix(&[0]).expect("a frame ends").to_vec()).collect()
    }

    /// The only response to these bytes.
    fn answer<T>(&mut self, input: &[u8], read: impl FnOnce(Response<'_>) -> T) -> T {
        self.answer_on(&mut (), input, read)
    }

    fn answer_on<T>(
        &mut self,
        board: &mut impl WeightStorage,
        input: &[u8],
        read: impl FnOnce(Response<'_>) -> T,
    ) -> T {
        let mut frames = self.responses_on(board, input, usize::MAX);
        assert_eq!(frames.len(), 1, "one answer a request");
        read(response(&mut frames[0]).content)
    }

    fn refusal(&mut self, input: &[u8]) -> Refusal {
        self.refusal_on(&mut (), input)
    }

    fn refusal_on(&mut self, board: &mut impl WeightStorage, input: &[u8]) -> Refusal {
        let before = self.network.state_hash();
        let refusal = self.answer_on(board, input, |response| match response {
            Response::Refused(refusal) => refusal,
            other => panic!("not refused: {other:?}"),
        });
        assert_eq!(self.network.state_hash(), before, "{refusal} changed the state");
        refusal
    }
}

fn plastic_weights(projection: u8) -> StateSection {
    StateSection::new(StateQuantity::PlasticWeights, projection)
}

fn read_plastic(projection: u8, first: u32, count: u16) -> Request<'static> {
    Request::ReadState { section: plastic_weights(projection), first, count }
}

/// The start of a run.
const START: RunStart = RunStart { freeze: Freeze::Nothing, nonce: 7 };

/// A request to a chip that has just been started.
fn frame(request: &Request<'_>) -> Vec<u8> {
    frame_at(RunPosition::default(), request)
}

fn frame_at(position: RunPosition, request: &Request<'_>) -> Vec<u8> {
    let mut buffer = [0; MAX_FRAME];
    write_frame(&Message { content: *request, position }, &mut buffer).expect("short enough").to_vec()
}

fn response(frame: &mut [u8]) -> Message<Response<'_>> {
    read_frame(frame).expect("the chip writes sound frames")
}

fn run(steps: u16, inputs: &[u8], analog: &[u8]) -> Vec<u8> {
    frame(&Request::Run { steps, inputs, analog })
}

/// A chip that has already run some steps, so that a lost state is detected.
fn with_chip<T>(test: impl FnOnce(&mut Chip<'_>) -> T) -> T {
    let file = case("analog").artifact;
    let mut memory = None;
    let mut chip = Chip::new(&file, &mut memory);
    let newborn = chip.network.state_hash();
    let answers = chip.responses(&run(20, &[0xff; 20 * INPUT_BYTES], &[7; 20 * ANALOG_BYTES]), usize::MAX);
    assert!(answers.len() == 1 && chip.network.state_hash() != newborn);
    test(&mut chip)
}

/// A stream that can be read but not written.
struct Deaf<'a>(Wire<'a>);

impl ErrorType for Deaf<'_> {
    type Error = ErrorKind;
}

impl Read for Deaf<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.0.read(buffer)
    }
}

impl Write for Deaf<'_> {
    fn write(&mut self, _: &[u8]) -> Result<usize, ErrorKind> {
        Ok(0)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

#[test]
fn a_stream_that_cannot_be_written_ends_serve() {
    with_chip(|chip| {
        let mut deaf = Deaf(Wire { input: &frame(&Request::Identify), chunk: usize::MAX, output: Vec::new() });
        assert_eq!(serve(&mut chip.network, &mut deaf, &mut (), &mut ()), Err(ServeError::Full));
    });
}

#[test]
fn every_request_is_answered() {
    let checksum = case("analog").artifact.artifact().checksum();
    with_chip(|chip| {
        let state_bytes = 8 * Network::memory_words(chip.network.artifact()) as u32;
        let identity = Identity { protocol: PROTOCOL, artifact: checksum, state_bytes, cost: Cost::Nothing };
        chip.answer(&frame(&Request::Identify), |answer| assert_eq!(answer, Response::Identity(identity)));
        let weights: Vec<_> = chip.network.plastic_rows(0).flatten().skip(5).take(9).copied().collect();
        let bytes: Vec<_> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        assert!(bytes.iter().any(|byte| *byte != 0));
        let read = frame(&read_plastic(0, 5, 9));
        chip.answer(&read, |answer| assert_eq!(answer, Response::State(&bytes)));
        chip.answer(&frame(&Request::Reset(START)), |answer| assert_eq!(answer, Response::Ready));
        chip.answer(&frame(&Request::ResetState), |answer| assert_eq!(answer, Response::Ready));
        let hash = chip.network.state_hash();
        chip.answer(&frame(&Request::StateHash), |answer| assert_eq!(answer, Response::StateHash(hash)));
        let steps = run(9, &[0xff; 9 * INPUT_BYTES], &[7; 9 * ANALOG_BYTES]);
        chip.answer(&steps, |answer| match answer {
            Response::Ran(ran) => {
                assert!(ran.class_scores.len() == 2 && ran.class_scores.iter().any(|count| *count > 0))
            }
            other => panic!("{other:?}"),
        });
    });
}

#[test]
fn every_damaged_bit_of_a_request_is_refused_and_changes_nothing() {
    let request = run(3, &[0xff; 3 * INPUT_BYTES], &[7; 3 * ANALOG_BYTES]);
    with_chip(|chip| {
        for bit in 0..8 * (request.len() - 1) {
            let mut damaged = request.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            // A flipped bit that makes a zero splits the frame; both halves are refused.
            let before = chip.network.state_hash();
            for mut answer in chip.responses(&damaged, usize::MAX) {
                let refused = Response::Refused(Refusal::Frame);
                assert_eq!(response(&mut answer).content, refused, "bit {bit}");
            }
            assert_eq!(chip.network.state_hash(), before, "bit {bit}");
        }
    });
}

#[test]
fn requests_that_do_not_fit_the_network_are_refused_by_name() {
    let plastic = |projection, first, count| frame(&read_plastic(projection, first, count));
    with_chip(|chip| {
        assert_eq!(chip.refusal(&run(2, &[1; 3], &[0; 8])), Refusal::Inputs { needed: 4, given: 3 });
        assert_eq!(chip.refusal(&run(2, &[1; 5], &[0; 8])), Refusal::Inputs { needed: 4, given: 5 });
        assert_eq!(chip.refusal(&run(u16::MAX, &[], &[])), Refusal::Inputs { needed: 131_070, given: 0 });
        assert_eq!(chip.refusal(&run(2, &[1; 4], &[])), Refusal::Analog { needed: 8, given: 0 });
        assert_eq!(chip.refusal(&run(2, &[1; 4], &[0; 9])), Refusal::Analog { needed: 8, given: 9 });
        for projection in [2, 3, 4, 255] {
            assert_eq!(chip.refusal(&plastic(projection, 0, 1)), Refusal::NoState(plastic_weights(projection)));
        }
        // Projection 0 has 13 x 9 synapses.
        for (first, count) in [(117, 1), (0, 118), (116, 2), (u32::MAX, u16::MAX)] {
            assert_eq!(chip.refusal(&plastic(0, first, count)), Refusal::Values { first, count });
        }
    });
}

/// A flash of 8 KiB, all of it for this chip's plastic weights.
fn storage(network: &Network<'_>) -> SnapshotStorage<MockFlash<1, 4, 256>> {
    SnapshotStorage::new(MockFlash::new(32), 0..8192, network).expect("large enough")
}

#[test]
fn plastic_weights_are_written_saved_and_loaded() {
    with_chip(|chip| {
        let mut board = storage(&chip.network);
        let weights: Vec<u8> = (0..18).flat_map(|weight: i16| (50 * weight - 400).to_le_bytes()).collect();
        let write = frame(&Request::WritePlastic { projection: 0, first: 5, weights: &weights });
        chip.answer_on(&mut board, &write, |answer| assert_eq!(answer, Response::Ready));
        let read = frame(&read_plastic(0, 5, 18));
        chip.answer_on(&mut board, &read, |answer| assert_eq!(answer, Response::State(&weights)));
        chip.answer_on(&mut board, &frame(&Request::Save), |answer| assert_eq!(answer, Response::Saved(1)));
        // A load must result in these weights, and in all other state as at the start of an episode.
        chip.network.begin_episode(Freeze::Nothing);
        let begun = chip.network.state_hash();
        chip.network.reset(Freeze::Nothing);
        assert_ne!(chip.network.state_hash(), begun);
        chip.network.step(&[0xff; INPUT_BYTES], &[]);
        let load = frame(&Request::Load(START));
        chip.answer_on(&mut board, &load, |answer| assert_eq!(answer, Response::Saved(1)));
        assert_eq!(chip.network.state_hash(), begun);
        chip.answer_on(&mut board, &frame(&Request::Save), |answer| assert_eq!(answer, Response::Saved(2)));
    });
}

#[test]
fn writes_saves_and_loads_that_do_not_fit_are_refused_by_name() {
    let (save, load) = (frame(&Request::Save), frame(&Request::Load(START)));
    let write = |projection, first, weights: &[u8]| frame(&Request::WritePlastic { projection, first, weights });
    with_chip(|chip| {
        assert_eq!([chip.refusal(&save), chip.refusal(&load)], [Refusal::NoStorage; 2]);
        assert_eq!(chip.refusal(&write(2, 0, &[1; 2])), Refusal::NotPlastic(2));
        assert_eq!(chip.refusal(&write(0, 117, &[1; 2])), Refusal::Synapses { first: 117, count: 1 });
        assert_eq!(chip.refusal(&write(0, u32::MAX, &[1; 2])), Refusal::Synapses { first: u32::MAX, count: 1 });
        assert_eq!(chip.refusal(&write(0, 0, &[1; 3])), Refusal::Synapses { first: 0, count: 1 });
        let mut board = storage(&chip.network);
        assert_eq!(chip.refusal_on(&mut board, &load), Refusal::NothingSaved);
        let mut flash = board.release();
        flash.power = Some(300);
        let mut board = SnapshotStorage::new(&mut flash, 0..8192, &chip.network).unwrap();
        assert_eq!(chip.refusal_on(&mut board, &save), Refusal::Storage);
        assert_eq!(chip.refusal_on(&mut board, &load), Refusal::Storage);
    });
}

#[test]
fn another_artifacts_save_is_not_loaded() {
    let file = case("event").artifact;
    let mut memory = None;
    let mut other = Chip::new(&file, &mut memory);
    let mut board = storage(&other.network);
    other.answer_on(&mut board, &frame(&Request::Save), |answer| assert_eq!(answer, Response::Saved(1)));
    with_chip(|chip| {
        let load = frame(&Request::Load(START));
        assert_eq!(chip.refusal_on(&mut board, &load), Refusal::NothingSaved);
        chip.answer_on(&mut board, &frame(&Request::Save), |answer| assert_eq!(answer, Response::Saved(2)));
        chip.answer_on(&mut board, &load, |answer| assert_eq!(answer, Response::Saved(2)));
    });
}

#[test]
fn more_values_than_a_message_has_room_for_are_refused() {
    let example = metaplastic_tests::example::artifact();
    let mut manifest = example.artifact().manifest().clone();
    manifest.network.populations[0].size = 300;
    let file = metaplastic_tests::forge::filled(&manifest, |_, _| 0).unwrap();
    let mut memory = None;
    let mut chip = Chip::new(&file, &mut memory);
    let most = (MAX_PAYLOAD / 2) as u16;
    let read = |count| frame(&read_plastic(0, 0, count));
    chip.answer(&read(most), |answer| assert_eq!(answer, Response::State(&[0; MAX_PAYLOAD])));
    assert_eq!(chip.refusal(&read(most + 1)), Refusal::Values { first: 0, count: most + 1 });
}

#[test]
fn a_frame_that_is_too_long_is_refused_and_the_next_one_answered() {
    with_chip(|chip| {
        for length in [MAX_FRAME + 1, 10 * MAX_FRAME] {
            let mut bytes = vec![1; length];
            bytes.push(0);
            assert_eq!(chip.refusal(&bytes), Refusal::TooLong);
        }
        let mut bytes = vec![1; 2 * MAX_FRAME];
        bytes.push(0);
        bytes.extend(frame(&Request::Reset(START)));
        let answers = chip.responses(&bytes, 7);
        let read = |answer: &Vec<u8>| format!("{:?}", response(&mut answer.clone()).content);
        assert_eq!(answers.iter().map(read).collect::<Vec<_>>(), ["Refused(TooLong)", "Ready"]);
    });
}

#[test]
fn responses_do_not_depend_on_how_a_stream_is_split_into_reads() {
    let start = RunPosition::start(7);
    let steps = Request::Run { steps: 40, inputs: &[0x5a; 40 * INPUT_BYTES], analog: &[3; 40 * ANALOG_BYTES] };
    let requests = [
        frame(&Request::Reset(RunStart { freeze: Freeze::ThirdFactor, nonce: 7 })),
        frame_at(start, &steps),
        frame_at(start.after(40), &read_plastic(1, 0, 45)),
        frame_at(start.after(40), &Request::StateHash),
    ]
    .concat();
    with_chip(|chip| {
        let whole = chip.responses(&requests, usize::MAX);
        assert_eq!(whole.len(), 4);
        for chunk in [1, 2, 3, 255, 256, 257] {
            assert_eq!(chip.responses(&requests, chunk), whole, "{chunk} bytes a read");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn garbage_never_panics_and_a_good_request_after_it_is_answered(
        garbage in vec(prop_oneof![4 => any::<u8>(), 1 => Just(0)], 0..3000),
        chunk in 1..300_usize,
    ) {
        with_chip(|chip| {
            let before = chip.network.state_hash();
            let bytes = [&garbage[..], &[0], &frame(&Request::StateHash)].concat();
            let mut answers = chip.responses(&bytes, chunk);
            let ends = garbage.iter().filter(|byte| **byte == 0).count() + 1;
            assert_eq!(answers.len(), ends + 1);
            let last = answers.last_mut().expect("there is one");
            assert_eq!(response(last).content, Response::StateHash(before));
        });
    }

    /// Frames with any content and a correct CRC, and reads of any part of any section.
    #[test]
    fn any_sound_frame_is_answered(
        quantity in 0..StateQuantity::ALL.len(),
        index in 0..6_u8,
        first in any::<u32>(),
        near in 0..130_u32,
        count in any::<u16>(),
        steps in 0..5_u16,
        inputs in vec(any::<u8>(), 0..12),
        analog in vec(any::<u8>(), 0..20),
        age in any::<u32>(),
    ) {
        let section = StateSection::new(StateQuantity::ALL[quantity], index);
        let requests = [
            Request::ReadAge,
            Request::WriteAge(age),
            Request::ReadAge,
            Request::ReadState { section, first, count },
            Request::ReadState { section, first: near, count: count % 130 },
            Request::Run { steps, inputs: &inputs, analog: &analog },
        ];
        with_chip(|chip| requests.iter().for_each(|request| assert_answered(chip, request)));
    }
}

/// The refusal of a request to read the state or to run steps, of a chip with the case `analog`.
fn refusal_of(request: &Request<'_>) -> Option<Refusal> {
    match *request {
        Request::ReadState { section, first, count } => {
            let values = section.values(&case("analog").artifact.artifact().manifest().network);
            if values == 0 {
                return Some(Refusal::NoState(section));
            }
            let fits = u64::from(first) + u64::from(count) <= values as u64;
            (!fits).then_some(Refusal::Values { first, count })
        }
        Request::Run { steps, inputs, analog } => {
            let needed = |bytes: usize| (usize::from(steps) * bytes) as u32;
            let (inputs, analog) = (inputs.len() as u32, analog.len() as u32);
            let (input_bytes, analog_bytes) = (needed(INPUT_BYTES), needed(ANALOG_BYTES));
            let analog =
                (analog != analog_bytes).then_some(Refusal::Analog { needed: analog_bytes, given: analog });
            if inputs == input_bytes {
                analog
            } else {
                Some(Refusal::Inputs { needed: input_bytes, given: inputs })
            }
        }
        _ => None,
    }
}

/// Compares the answer with the network itself; a refusal changes nothing.
fn assert_answered(chip: &mut Chip<'_>, request: &Request<'_>) {
    let before = chip.network.state_hash();
    let mut frames = chip.responses(&frame(request), usize::MAX);
    let answer = response(&mut frames[0]);
    let refusal = refusal_of(request);
    match (answer.content, *request) {
        (Response::Refused(refused), _) => assert_eq!(Some(refused), refusal, "{request:?}"),
        (Response::State(bytes), Request::ReadState { section, first, count }) => {
            let values = StateValues::of(&chip.network, section);
            let indices = first as usize..first as usize + usize::from(count);
            let values: Vec<_> = indices.flat_map(|index| values.get(index).to_le_bytes()).collect();
            assert_eq!((refusal, bytes), (None, &values[..]), "{request:?}");
        }
        (Response::Age(age), Request::ReadAge) => assert_eq!(age, chip.network.age()),
        (Response::Ready, Request::WriteAge(age)) => assert_eq!(age, chip.network.age()),
        (Response::Ran(ran), Request::Run { steps, .. }) => {
            assert_eq!((refusal, ran.class_scores.len()), (None, chip.network.classes()), "{request:?}");
            assert_eq!(answer.position, RunPosition::default().after(steps.into()));
        }
        (other, _) => panic!("{request:?} was answered by {other:?}"),
    }
    let may_change = refusal.is_none() && matches!(request, Request::Run { .. } | Request::WriteAge(_));
    assert!(may_change || chip.network.state_hash() == before, "{request:?} changed the state");
}

/// A request from another position than the chip's changes nothing and is refused; the answer says where it is.
#[test]
fn a_request_of_another_run_or_step_is_refused() {
    let start = RunPosition::start(7);
    let steps = Request::Run { steps: 3, inputs: &[0xff; 3 * INPUT_BYTES], analog: &[7; 3 * ANALOG_BYTES] };
    let requests = [
        steps,
        Request::Reset(START),
        Request::ResetState,
        Request::StateHash,
        read_plastic(0, 0, 1),
        Request::WritePlastic { projection: 0, first: 0, weights: &[1; 2] },
        Request::ReadAge,
        Request::WriteAge(9),
        Request::Save,
        Request::Load(START),
    ];
    with_chip(|chip| {
        for position in [RunPosition::default(), start, start.after(2), start.after(4), RunPosition::start(8)] {
            for request in requests {
                let begin = [frame(&Request::Reset(START)), frame_at(start, &steps)].concat();
                let stream = [begin.clone(), frame_at(position, &request)].concat();
                let mut answers = chip.responses(&stream, usize::MAX);
                let after = chip.network.state_hash();
                let (answer, here) = (response(&mut answers[2]), start.after(3));
                assert_eq!(answer, Message { content: Response::Refused(Refusal::Position), position: here });
                chip.responses(&begin, usize::MAX);
                assert_eq!(chip.network.state_hash(), after, "{request:?} at {position:?}");
            }
        }
    });
}

/// The chip's end of a socket.
struct Pipe(UnixStream);

impl ErrorType for Pipe {
    type Error = ErrorKind;
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.0.read(buffer).map_err(|_| ErrorKind::Other)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write(bytes).map_err(|_| ErrorKind::Other)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.0.flush().map_err(|_| ErrorKind::Other)
    }
}

/// Ends both directions when dropped, also when a test fails, so that the chip's thread does not wait for ever.
struct HangUp(UnixStream);

impl Drop for HangUp {
    fn drop(&mut self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// Runs `test` with a client whose chip runs in another thread, at the other end of a pair of sockets.
fn with_client(file: &ArtifactFile, test: impl FnOnce(&mut Client<UnixStream>)) {
    with_client_on(file, |_| (), test);
}

/// The same; `board` creates the chip's board.
fn with_client_on<W: WeightStorage>(
    file: &ArtifactFile,
    board: impl FnOnce(&Network<'_>) -> W + Send,
    test: impl FnOnce(&mut Client<UnixStream>),
) {
    let (host_end, chip) = UnixStream::pair().expect("sockets");
    thread::scope(|scope| {
        let served = scope.spawn(move || {
            let mut memory = None;
            let mut host = Chip::new(file, &mut memory);
            let mut board = board(&host.network);
            serve(&mut host.network, &mut Pipe(chip), &mut (), &mut board)
        });
        let hang_up = HangUp(host_end.try_clone().expect("sockets"));
        let reader = host_end.try_clone().expect("sockets");
        let expected = Expected::of(&file.artifact());
        let client = Client::start(reader, host_end, expected, Duration::from_secs(60));
        test(&mut client.expect("the chip has the artifact"));
        drop(hang_up);
        assert_eq!(served.join().expect("the chip does not panic"), Ok(()));
    });
}

#[test]
fn a_client_gets_the_same_results_as_the_host() {
    for name in ["analog", "commands", "rare-terms", "recurrent", "dead-zone"] {
        let case = case(name);
        let mut episode = episode(&case, 700);
        episode.decisions =
            [(100, 130), (300, 690)].map(|(start, end)| Decision { start, end, target: 0, among: 2 }).to_vec();
        let artifact = case.artifact.artifact();
        let network = artifact.manifest().network;
        let (pre, post) = network.shape(&network.projections[0]);
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
        let mut host = Host::new(artifact, &mut storage).unwrap();
        with_client(&case.artifact, |client| {
            for freeze in [Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor] {
                let rollout = run_episode(&mut host, &episode, freeze).unwrap();
                assert_eq!(run_episode(client, &episode, freeze).unwrap(), rollout, "{name}, {freeze:?}");
                assert!(rollout.class_scores.iter().flatten().any(|count| *count > 0), "{name} is silent");
                assert_eq!(client.state_hash().unwrap(), host.state_hash().unwrap(), "{name}, {freeze:?}");
                assert_eq!(client.plastic(0, pre * post).unwrap(), host.plastic(0, pre * post).unwrap(), "{name}");
            }
        });
    }
}

/// The network has convolutions, scores by potentials, and resets its state inside the episode.
#[test]
fn state_resets_and_graded_class_scores_are_the_same_over_the_wire() {
    let case = case("convolution");
    let mut episode = episode(&case, 90);
    episode.state_resets = vec![30, 60];
    episode.decisions =
        [(20, 30), (70, 90)].map(|(start, end)| Decision { start, end, target: 0, among: 2 }).to_vec();
    let artifact = case.artifact.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let rollout = run_episode(&mut host, &episode, Freeze::Nothing).unwrap();
    assert!(
        rollout.class_scores.iter().flatten().any(|score| *score < 0),
        "no potential is negative: {:?}",
        rollout.class_scores
    );
    let without_resets = Episode { state_resets: Vec::new(), ..episode.clone() };
    assert_ne!(run_episode(&mut host, &without_resets, Freeze::Nothing).unwrap(), rollout);
    with_client(&case.artifact, |client| {
        assert_eq!(run_episode(client, &episode, Freeze::Nothing).unwrap(), rollout);
        run_episode(&mut host, &episode, Freeze::Nothing).unwrap();
        assert_eq!(client.state_hash().unwrap(), host.state_hash().unwrap());
    });
}

/// A state reset has the same result as a load of the same plastic weights.
#[test]
fn a_state_reset_leaves_the_plastic_weights_alone() {
    with_chip(|chip| {
        let weights = |chip: &Chip<'_>| chip.network.plastic_rows(0).flatten().copied().collect::<Vec<_>>();
        let before = weights(chip);
        chip.answer(&frame(&Request::ResetState), |answer| assert_eq!(answer, Response::Ready));
        assert_eq!(weights(chip), before);
        assert!(chip.network.eligibility_rows(0).chain(chip.network.traces(0)).flatten().all(|it| *it == 0));
        assert!((1..3).all(|it| chip.network.potentials(it).iter().all(|v| *v == 0)));
        let after_reset = chip.network.state_hash();
        chip.network.begin_episode(Freeze::Nothing);
        assert_eq!(chip.network.state_hash(), after_reset);
    });
}

/// One projection takes more than one message.
#[test]
fn the_client_writes_saves_and_loads_plastic_weights() {
    let example = metaplastic_tests::example::artifact();
    let mut manifest = example.artifact().manifest().clone();
    manifest.network.populations[0].size = 600;
    let file = metaplastic_tests::forge::filled(&manifest, |_, _| 0).unwrap();
    let weights: Vec<i16> = (0..1200).map(|weight| 20 * weight - 12_000).collect();
    let storage = |network: &Network<'_>| storage(network);
    with_client_on(&file, storage, |client| {
        client.write_plastic(0, &weights).unwrap();
        assert_eq!(client.plastic(0, 1200).unwrap(), weights);
        let written = client.state_hash().unwrap();
        assert_eq!(client.save().unwrap(), 1);
        client.reset(Freeze::Nothing).unwrap();
        assert_eq!(client.plastic(0, 1200).unwrap(), [0; 1200]);
        assert_eq!(client.load(Freeze::Nothing).unwrap(), 1);
        assert_eq!((client.plastic(0, 1200).unwrap(), client.state_hash().unwrap()), (weights, written));
        let refused = client.write_plastic(1, &[1]).unwrap_err();
        assert!(matches!(refused, BodyError::Refused(Refusal::NotPlastic(1))), "{refused}");
    });
    with_client(&file, |client| {
        let refused = [client.save().unwrap_err(), client.load(Freeze::Nothing).unwrap_err()];
        assert!(refused.iter().all(|error| matches!(error, BodyError::Refused(Refusal::NoStorage))), "{refused:?}");
    });
}

#[test]
fn the_client_reports_what_a_chip_refused() {
    with_client(&case("event").artifact, |client| {
        let refused = client.plastic(3, 9).unwrap_err();
        assert!(
            matches!(refused, BodyError::Refused(Refusal::NoState(section)) if section.index == 3),
            "{refused}"
        );
        let other = episode(&case("analog"), 10);
        let refused = client.run(&other, 0..10).unwrap_err();
        assert!(matches!(refused, BodyError::Refused(Refusal::Analog { needed: 0, given: 40 })), "{refused}");
    });
}
