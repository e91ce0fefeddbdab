//! The chip's end of the wire: one loop that answers requests over any byte stream.
//!
//! It knows no task, and keeps no state but the run's position: all else that it answers comes from the network. A
//! damaged frame is refused and the next zero byte begins a new one.

use embedded_io::{Read, Write};
use metaplastic_shared::network::{MAX_ANALOG_VALUES, MAX_CLASSES};
use metaplastic_shared::state::StateSection;
use metaplastic_shared::wire::{
    Answer, Cost, FrameError, Identity, MAX_FRAME, MAX_PAYLOAD, Message, PROTOCOL, Ran, Refusal, Request,
    RunPosition, RunStart, read_frame, write_frame,
};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::network::{Network, StateValues};

/// A counter of the cost of steps. `()` counts nothing.
pub trait StepCounter {
    /// The unit of [`elapsed`](Self::elapsed).
    const COST: Cost = Cost::Nothing;

    /// Begins to count the cost of a step.
    fn start(&mut self) {}

    /// The cost of the step since [`start`](Self::start), in units of [`COST`](Self::COST).
    fn elapsed(&mut self) -> u32 {
        0
    }
}

impl StepCounter for () {}

/// Non-volatile storage of plastic weights. `()` and `None` store nothing.
pub trait WeightStorage {
    /// Saves the network's plastic weights; returns the number of saves so far.
    ///
    /// # Errors
    /// [`Refusal::NoStorage`] or [`Refusal::Storage`].
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        let _ = network;
        Err(Refusal::NoStorage)
    }

    /// Replaces the network's plastic weights by those saved last; returns the number of saves so far.
    ///
    /// # Errors
    /// [`Refusal::NoStorage`], [`Refusal::NothingSaved`] or [`Refusal::Storage`], and nothing is changed; or
    /// [`Refusal::PlasticWeightsLost`].
    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        let _ = network;
        Err(Refusal::NoStorage)
    }
}

impl WeightStorage for () {}

impl<S: WeightStorage> WeightStorage for Option<S> {
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        self.as_mut().ok_or(Refusal::NoStorage)?.save(network)
    }

    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        self.as_mut().ok_or(Refusal::NoStorage)?.load(network)
    }
}

/// The reason why serving ended before the end of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError<E: core::error::Error> {
    /// The stream could not be read or written.
    #[error("stream: {0}")]
    Stream(E),
    /// An answer did not fit a frame.
    #[error("answer: {0}")]
    Answer(FrameError),
    /// The stream accepted no byte of an answer.
    #[error("stream: it takes nothing more")]
    Full,
}

/// Serves requests until the stream ends. `counter` counts the cost of steps, `storage` saves plastic weights.
///
/// # Errors
/// If the stream fails.
#[inline(never)]
pub fn serve<S: Read + Write, C: StepCounter, W: WeightStorage>(
    network: &mut Network<'_>,
    stream: &mut S,
    counter: &mut C,
    storage: &mut W,
) -> Result<(), ServeError<S::Error>> {
    let mut reader = FrameReader { chunk: [0; CHUNK], at: 0, filled: 0 };
    // One buffer for a request and then for its answer.
    let mut buffer = [0; MAX_FRAME];
    let mut class_scores = [0; MAX_CLASSES];
    let mut position = RunPosition::default();
    while let Some(frame) = reader.next(stream, &mut buffer).map_err(ServeError::Stream)? {
        let content = match frame.map(read_frame::<Message<Request<'_>>>) {
            None => Answer::Refused(Refusal::TooLong),
            Some(Err(_)) => Answer::Refused(Refusal::Frame),
            Some(Ok(message)) => {
                let (counter, storage) = (&mut *counter, &mut *storage);
                Chip { network: &mut *network, counter, storage, position: &mut position }
                    .answer(&message, &mut class_scores)
            }
        };
        let bytes = write_frame(&Message { content, position }, &mut buffer).map_err(ServeError::Answer)?;
        write_all(stream, bytes)?;
        stream.flush().map_err(ServeError::Stream)?;
    }
    Ok(())
}

/// As [`Write::write_all`], which panics if a stream accepts no byte.
fn write_all<S: Write>(stream: &mut S, mut bytes: &[u8]) -> Result<(), ServeError<S::Error>> {
    while !bytes.is_empty() {
        let count = stream.write(bytes).map_err(ServeError::Stream)?;
        bytes = bytes.get(count..).filter(|_| count > 0).ok_or(ServeError::Full)?;
    }
    Ok(())
}

/// Most bytes of one read.
const CHUNK: usize = 64;

/// Divides a byte stream into frames at zero bytes.
struct FrameReader {
    chunk: [u8; CHUNK],
    at: usize,
    filled: usize,
}

impl FrameReader {
    /// The next frame, without its zero: `None` at the end of the stream, `Some(None)` for one that is too long.
    fn next<'b, S: Read>(
        &mut self,
        stream: &mut S,
        frame: &'b mut [u8; MAX_FRAME],
    ) -> Result<Option<Option<&'b mut [u8]>>, S::Error> {
        let mut length = 0_usize;
        loop {
            let Some(byte) = self.byte(stream)? else { return Ok(None) };
            if byte == 0 {
                return Ok(Some(frame.get_mut(..length).filter(|frame| frame.len() < MAX_FRAME)));
            }
            if let Some(slot) = frame.get_mut(length) {
                *slot = byte;
            }
            length = length.saturating_add(1);
        }
    }

    fn byte<S: Read>(&mut self, stream: &mut S) -> Result<Option<u8>, S::Error> {
        if self.at == self.filled {
            self.filled = stream.read(&mut self.chunk)?;
            self.at = 0;
        }
        self.at += 1;
        Ok(self.chunk.get(..self.filled).and_then(|chunk| chunk.get(self.at - 1)).copied())
    }
}

/// The chip's form of the host computer's [`Response`](metaplastic_shared::wire::Response).
type Written<'n, 'a> = Answer<StateSlice<'n, 'a>, &'n [i32]>;

/// Values of a section of the state, sent without a copy.
struct StateSlice<'n, 'a> {
    network: &'n Network<'a>,
    section: StateSection,
    first: u32,
    count: u16,
}

impl Serialize for StateSlice<'_, '_> {
    /// As the bytes of little-endian 16-bit values.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (first, count) = (self.first as usize, usize::from(self.count));
        let mut bytes = serializer.serialize_seq(Some(2 * count))?;
        let values = StateValues::of(self.network, self.section);
        for value in (first..first + count).map(|index| values.get(index)) {
            value.to_le_bytes().iter().try_for_each(|byte| bytes.serialize_element(byte))?;
        }
        bytes.end()
    }
}

/// The network, counter, storage and position on which requests act.
struct Chip<'n, 'p, 'a, C, W> {
    network: &'n mut Network<'a>,
    counter: &'n mut C,
    storage: &'n mut W,
    position: &'p mut RunPosition,
}

impl<'n, 'a, C: StepCounter, W: WeightStorage> Chip<'n, '_, 'a, C, W> {
    fn answer(
        mut self,
        message: &Message<Request<'_>>,
        class_scores: &'n mut [i32; MAX_CLASSES],
    ) -> Written<'n, 'a> {
        match message.content {
            Request::Identify => Answer::Identity(self.identity()),
            _ if message.position != *self.position => Answer::Refused(Refusal::Position),
            Request::Reset(start) => {
                self.network.reset(start.freeze);
                *self.position = RunPosition::start(start.nonce);
                Answer::Ready
            }
            Request::ResetState => {
                self.network.reset_state();
                Answer::Ready
            }
            Request::Run { steps, inputs, analog } => {
                let steps = Steps { count: steps.into(), inputs, analog };
                self.run(steps, class_scores).map_or_else(Answer::Refused, Answer::Ran)
            }
            Request::StateHash => Answer::StateHash(self.network.state_hash()),
            Request::ReadState { section, first, count } => {
                read_state(self.network, section, first, count).map_or_else(Answer::Refused, Answer::State)
            }
            Request::WritePlastic { projection, first, weights } => {
                let written = write_plastic(self.network, projection, first, weights);
                written.map_or_else(Answer::Refused, |()| Answer::Ready)
            }
            Request::ReadAge => Answer::Age(self.network.age()),
            Request::WriteAge(age) => {
                self.network.set_age(age);
                Answer::Ready
            }
            Request::Save => self.storage.save(self.network).map_or_else(Answer::Refused, Answer::Saved),
            Request::Load(start) => self.load(start).map_or_else(Answer::Refused, Answer::Saved),
        }
    }

    fn identity(&self) -> Identity {
        Identity {
            protocol: PROTOCOL,
            artifact: self.network.artifact().checksum(),
            state_bytes: self.network.state_bytes() as u32,
            cost: C::COST,
        }
    }

    fn load(&mut self, start: RunStart) -> Result<u32, Refusal> {
        let loaded = self.storage.load(self.network);
        match loaded {
            Ok(_) => {
                self.network.begin_episode(start.freeze);
                *self.position = RunPosition::start(start.nonce);
            }
            Err(Refusal::PlasticWeightsLost) => *self.position = RunPosition::default(),
            Err(_) => {}
        }
        loaded
    }

    fn run<'c>(
        &mut self,
        steps: Steps<'_>,
        class_scores: &'c mut [i32; MAX_CLASSES],
    ) -> Result<Ran<&'c [i32]>, Refusal> {
        let (input_bytes, value_count) = (self.network.input_bytes(), self.network.analog_values());
        steps.check(input_bytes, value_count)?;
        class_scores.fill(0);
        let (mut cost, mut modulated_steps) = (0_u32, 0);
        let mut values = [0; MAX_ANALOG_VALUES as usize];
        for step in 0..steps.count {
            let here = pairs(steps.analog).iter().skip(step * value_count).take(value_count);
            values.iter_mut().zip(here).for_each(|(value, bytes)| *value = i16::from_le_bytes(*bytes));
            let spikes = steps.inputs.get(step * input_bytes..(step + 1) * input_bytes).unwrap_or_default();
            self.counter.start();
            self.network.step(spikes, values.get(..value_count).unwrap_or_default());
            cost = cost.saturating_add(self.counter.elapsed());
            modulated_steps += u16::from(self.network.is_modulated());
            self.network.accumulate_class_scores(class_scores);
        }
        *self.position = self.position.after(steps.count as u32);
        Ok(Ran {
            class_scores: class_scores.get(..self.network.classes()).unwrap_or_default(),
            cost,
            modulated_steps,
        })
    }
}

/// Steps as they are received.
#[derive(Clone, Copy)]
struct Steps<'r> {
    count: usize,
    inputs: &'r [u8],
    analog: &'r [u8],
}

impl Steps<'_> {
    /// Checks that there are the bytes of `count` steps, no fewer and no more.
    fn check(self, input_bytes: usize, value_count: usize) -> Result<(), Refusal> {
        let (needed, given) = ((self.count * input_bytes) as u32, self.inputs.len() as u32);
        if needed != given {
            return Err(Refusal::Inputs { needed, given });
        }
        let (needed, given) = ((self.count * value_count * 2) as u32, self.analog.len() as u32);
        if needed == given { Ok(()) } else { Err(Refusal::Analog { needed, given }) }
    }
}

fn read_state<'n, 'a>(
    network: &'n Network<'a>,
    section: StateSection,
    first: u32,
    count: u16,
) -> Result<StateSlice<'n, 'a>, Refusal> {
    let all = StateValues::of(network, section).len();
    if all == 0 {
        return Err(Refusal::NoState(section));
    }
    let is_within = (first as usize).checked_add(count.into()).is_some_and(|end| end <= all);
    if !is_within || 2 * usize::from(count) > MAX_PAYLOAD {
        return Err(Refusal::Values { first, count });
    }
    Ok(StateSlice { network, section, first, count })
}

fn write_plastic(network: &mut Network<'_>, projection: u8, first: u32, weights: &[u8]) -> Result<(), Refusal> {
    let (weights, half) = weights.as_chunks();
    let count = weights.len();
    if !has_synapses(network, projection, first, count)? || !half.is_empty() {
        return Err(Refusal::Synapses { first, count: count as u16 });
    }
    let weights = weights.iter().map(|bytes| i16::from_le_bytes(*bytes));
    network.write_plastic(projection.into(), first as usize, weights);
    Ok(())
}

/// The bytes of 16-bit values.
fn pairs(bytes: &[u8]) -> &[[u8; 2]] {
    bytes.as_chunks().0
}

/// Whether a projection, which must be plastic, has `count` synapses from `first` on.
fn has_synapses(network: &Network<'_>, projection: u8, first: u32, count: usize) -> Result<bool, Refusal> {
    let total: usize = network.plastic_rows(projection.into()).map(<[i16]>::len).sum();
    if total == 0 {
        return Err(Refusal::NotPlastic(projection));
    }
    Ok((first as usize).checked_add(count).is_some_and(|end| end <= total))
}
