//! A chip in memory: a network with state, a board that saves, and a byte stream that ends.

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_runtime::{Network, StateValues, StepCounter, WeightStorage, serve};
use metaplastic_shared::checksum::CRC;
use metaplastic_shared::wire::{Cost, MAX_FRAME, Message, Refusal, Request, Response, RunPosition, read_frame};
use metaplastic_tests::flash::MockFlash;
use metaplastic_tests::soundness::assert_sound;

/// A stream that gives `input`, at most `chunk` bytes a read, then ends; keeps what is written.
struct Stream<'a> {
    input: &'a [u8],
    chunk: usize,
    output: Vec<u8>,
}

impl ErrorType for Stream<'_> {
    type Error = ErrorKind;
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let count = self.chunk.min(buffer.len()).min(self.input.len());
        let (now, later) = self.input.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.input = later;
        Ok(count)
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.output.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// A flash of four pages: room for two saves of a network with up to 200 synapses.
type Chips = MockFlash<1, 4, 256>;

/// Saves to flash.
pub struct Flash(SnapshotStorage<Chips>);

impl Flash {
    /// A flash that begins with these bytes and can erase or write `power` more.
    ///
    /// # Panics
    /// If it is too small for the network.
    #[must_use]
    pub fn new(network: &Network<'_>, bytes: &[u8], power: Option<usize>) -> Self {
        let mut flash = Chips::new(4);
        flash.bytes.iter_mut().zip(bytes).for_each(|(byte, given)| *byte = *given);
        flash.power = power;
        Self(SnapshotStorage::new(flash, 0..4 * 256, network).expect("there is room for two saves"))
    }
}

impl WeightStorage for Flash {
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        self.0.save(network).map_err(Refusal::from)
    }

    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        self.0.load(network).map_err(Refusal::from)
    }
}

/// A clock by which every step is expensive.
struct Expensive;

impl StepCounter for Expensive {
    const COST: Cost = Cost::Cycles;

    fn elapsed(&mut self) -> u32 {
        u32::MAX / 3
    }
}

/// A network that is served, and its board.
pub struct Chip<'n, 'a> {
    /// The network.
    pub network: &'n mut Network<'a>,
    /// The board.
    pub board: Flash,
}

impl Chip<'_, '_> {
    /// The chip's responses to these bytes, frame by frame without the zeros, read `chunk` bytes at a time.
    ///
    /// # Panics
    /// If it writes anything but whole frames.
    pub fn responses(&mut self, input: &[u8], chunk: usize) -> Vec<Vec<u8>> {
        let mut stream = Stream { input, chunk, output: Vec::new() };
        serve(self.network, &mut stream, &mut Expensive, &mut self.board)
            .expect("a stream in memory does not fail");
        let frames = stream.output.split_inclusive(|byte| *byte == 0);
        frames.map(|frame| frame.strip_suffix(&[0]).expect("a frame ends").to_vec()).collect()
    }

    /// The chip's response to one frame with its zero, checked against the request.
    ///
    /// # Panics
    /// If the response does not fit the request, or if a refused request changes the state.
    pub fn answer(&mut self, frame: &[u8], chunk: usize) -> Vec<u8> {
        let before = self.network.state_hash();
        let mut answers = self.responses(frame, chunk);
        let answer = answers.pop().expect("every frame is answered");
        assert!(answers.is_empty(), "one answer a frame");
        assert_sound(self.network, &self.network.artifact().manifest());
        let (mut requested, mut answered) = (frame[..frame.len() - 1].to_vec(), answer.clone());
        let message = read_frame::<Message<Request<'_>>>(&mut requested).ok().filter(|_| frame.len() <= MAX_FRAME);
        let request = message.map(|message| message.content);
        let Message { content: response, position } =
            read_frame::<Message<Response<'_>>>(&mut answered).expect("the chip writes sound frames");
        assert!(request.is_none() || is_intact(frame), "{request:?} was read from a damaged frame");
        // Every frame is a conversation of its own here, at whose start the chip is in no run.
        let is_elsewhere = message.is_some_and(|message| message.position != RunPosition::default())
            && !matches!(request, Some(Request::Identify));
        let is_displaced = response == Response::Refused(Refusal::Position);
        assert_eq!(is_displaced, is_elsewhere, "{message:?} was answered by {response:?} at {position:?}");
        assert!(is_displaced || self.fits(request.as_ref(), &response), "{request:?} was answered by {response:?}");
        let may_change = matches!(
            request,
            Some(
                Request::Reset(_)
                    | Request::ResetState
                    | Request::Run { .. }
                    | Request::WritePlastic { .. }
                    | Request::WriteAge(_)
                    | Request::Load(_)
            )
        );
        if !may_change || matches!(response, Response::Refused(_)) {
            assert_eq!(
                self.network.state_hash(),
                before,
                "{request:?}, answered by {response:?}, changed the state"
            );
        }
        answer
    }

    /// Whether a response fits this request, or a frame without a request.
    fn fits(&self, request: Option<&Request<'_>>, response: &Response<'_>) -> bool {
        let refused = |refusal: &Refusal| matches!(refusal, Refusal::Frame | Refusal::TooLong);
        match (request, response) {
            (None, Response::Refused(refusal)) => refused(refusal),
            (Some(Request::Identify), Response::Identity(_))
            | (Some(Request::Reset(_) | Request::ResetState | Request::WriteAge(_)), Response::Ready)
            | (Some(Request::ReadAge), Response::Age(_))
            | (Some(Request::StateHash), Response::StateHash(_))
            | (Some(Request::Save | Request::Load(_)), Response::Saved(_)) => true,
            (Some(Request::WritePlastic { projection, first, weights }), Response::Ready) => {
                weights.len() % 2 == 0 && self.has_synapses(*projection, *first, weights.len() / 2)
            }
            (Some(Request::Run { steps, inputs, analog }), Response::Ran(ran)) => {
                let exact = |given: &[u8], each: usize| given.len() == usize::from(*steps) * each;
                let whole =
                    exact(inputs, self.network.input_bytes()) && exact(analog, 2 * self.network.analog_values());
                whole && ran.modulated_steps <= *steps
            }
            (Some(Request::ReadState { section, first, count }), Response::State(bytes)) => {
                let count = usize::from(*count);
                let all = StateValues::of(self.network, *section).len();
                bytes.len() == 2 * count && *first as usize + count <= all
            }
            (
                Some(
                    Request::Identify
                    | Request::Reset(_)
                    | Request::ResetState
                    | Request::StateHash
                    | Request::ReadAge
                    | Request::WriteAge(_),
                ),
                _,
            ) => false,
            (Some(_), Response::Refused(refusal)) => !refused(refusal),
            _ => false,
        }
    }

    fn has_synapses(&self, projection: u8, first: u32, count: usize) -> bool {
        let synapses: usize = self.network.plastic_rows(projection.into()).map(<[i16]>::len).sum();
        first as usize + count <= synapses
    }
}

/// Whether a frame with its zero holds a message whose last four bytes are the CRC of the rest.
fn is_intact(frame: &[u8]) -> bool {
    let mut plain = vec![0; frame.len()];
    let length = cobs::decode(&frame[..frame.len() - 1], &mut plain).map_or(0, |report| report.frame_size());
    let split = plain[..length].split_last_chunk();
    split.is_some_and(|(message, stored)| CRC.checksum(message) == u32::from_le_bytes(*stored))
}
