//! The chip's end of the wire: one loop that answers requests over any byte stream.
//!
//! It knows no task and keeps no state of its own: everything it answers comes from the network. A damaged
//! frame is refused and the next zero byte begins a new one.

use embedded_io::{Read, Write};
use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::network::{MAX_CLASSES, MAX_SIGNALS};
use metaplastic_shared::wire::{
    Answer, Cost, FrameError, Freeze, Identity, MAX_FRAME, MAX_PAYLOAD, PROTOCOL, Ran, Refusal, Request,
    read_frame, write_frame,
};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::network::Network;

/// What a board has besides a byte stream. `()` has nothing.
pub trait Board {
    /// What [`elapsed`](Self::elapsed) counts.
    const COST: Cost = Cost::Nothing;

    /// Begins to count the cost of a step.
    fn start(&mut self) {}

    /// What the step since [`start`](Self::start) has cost.
    fn elapsed(&mut self) -> u32 {
        0
    }

    /// Saves the network's plastic weights; returns how many saves the flash has seen.
    ///
    /// # Errors
    /// [`Refusal::NoStorage`] or [`Refusal::Storage`].
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        let _ = network;
        Err(Refusal::NoStorage)
    }

    /// Replaces the network's plastic weights by those saved last; returns how many saves the flash has seen.
    ///
    /// # Errors
    /// [`Refusal::NoStorage`], [`Refusal::NothingSaved`] or [`Refusal::Storage`]; nothing is changed then.
    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        let _ = network;
        Err(Refusal::NoStorage)
    }
}

impl Board for () {}

/// Why serving ended other than by the end of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError<E: core::error::Error> {
    /// The stream could not be read or written.
    #[error("stream: {0}")]
    Stream(E),
    /// An answer did not fit a frame.
    #[error("answer: {0}")]
    Answer(FrameError),
    /// The stream took nothing of what was to be written.
    #[error("stream: it takes nothing more")]
    Full,
}

/// Serves requests until the stream ends. `state_words` is what [`Network::memory_words`] said.
///
/// # Errors
/// If the stream fails.
#[inline(never)]
pub fn serve<S: Read + Write, B: Board>(
    network: &mut Network<'_>,
    state_words: usize,
    stream: &mut S,
    board: &mut B,
) -> Result<(), ServeError<S::Error>> {
    let mut reader = FrameReader { chunk: [0; CHUNK], at: 0, filled: 0 };
    // A request is received here, and its answer sent from here.
    let mut buffer = [0; MAX_FRAME];
    let mut votes = [0; MAX_CLASSES];
    while let Some(frame) = reader.next(stream, &mut buffer).map_err(ServeError::Stream)? {
        let answer = match frame.map(read_frame::<Request<'_>>) {
            None => Answer::Refused(Refusal::TooLong),
            Some(Err(_)) => Answer::Refused(Refusal::Frame),
            Some(Ok(request)) => answer(network, state_words, &request, board, &mut votes),
        };
        let bytes = write_frame(&answer, &mut buffer).map_err(ServeError::Answer)?;
        write_all(stream, bytes)?;
        stream.flush().map_err(ServeError::Stream)?;
    }
    Ok(())
}

/// As [`Write::write_all`], which panics where a stream takes nothing.
fn write_all<S: Write>(stream: &mut S, mut bytes: &[u8]) -> Result<(), ServeError<S::Error>> {
    while !bytes.is_empty() {
        let count = stream.write(bytes).map_err(ServeError::Stream)?;
        bytes = bytes.get(count..).filter(|_| count > 0).ok_or(ServeError::Full)?;
    }
    Ok(())
}

/// Most bytes asked of the stream at once.
const CHUNK: usize = 64;

/// Cuts a byte stream into frames at zero bytes.
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

/// What is written for the desk's [`Response`](metaplastic_shared::wire::Response).
type Written<'n, 'a> = Answer<PlasticWeights<'n, 'a>, &'n [i32]>;

/// Plastic weights of a projection, sent from where they are.
struct PlasticWeights<'n, 'a> {
    network: &'n Network<'a>,
    projection: usize,
    first: usize,
    count: usize,
}

impl Serialize for PlasticWeights<'_, '_> {
    /// As the bytes of little-endian i16.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = serializer.serialize_seq(Some(2 * self.count))?;
        let weights = self.network.plastic_rows(self.projection).flatten().skip(self.first).take(self.count);
        weights.flat_map(|weight| weight.to_le_bytes()).try_for_each(|byte| bytes.serialize_element(&byte))?;
        bytes.end()
    }
}

fn answer<'n, 'a, B: Board>(
    network: &'n mut Network<'a>,
    state_words: usize,
    request: &Request<'_>,
    board: &mut B,
    votes: &'n mut [i32; MAX_CLASSES],
) -> Written<'n, 'a> {
    match *request {
        Request::Identify => Answer::Identity(Identity {
            protocol: PROTOCOL,
            artifact: network.artifact().checksum(),
            state_bytes: (8 * state_words) as u32,
            cost: B::COST,
        }),
        Request::Reset(freeze) => {
            network.reset(freeze);
            Answer::Ready
        }
        Request::Rest => {
            network.rest();
            Answer::Ready
        }
        Request::Run { steps, inputs, signals } => {
            run(network, steps.into(), inputs, signals, board, votes).map_or_else(Answer::Refused, Answer::Ran)
        }
        Request::StateHash => Answer::StateHash(network.state_hash()),
        Request::ReadPlastic { projection, first, count } => {
            read_plastic(network, projection, first, count).map_or_else(Answer::Refused, Answer::Plastic)
        }
        Request::WritePlastic { projection, first, weights } => {
            write_plastic(network, projection, first, weights).map_or_else(Answer::Refused, |()| Answer::Ready)
        }
        Request::Save => board.save(network).map_or_else(Answer::Refused, Answer::Saved),
        Request::Load(freeze) => load(network, freeze, board).map_or_else(Answer::Refused, Answer::Saved),
    }
}

fn load<B: Board>(network: &mut Network<'_>, freeze: Freeze, board: &mut B) -> Result<u32, Refusal> {
    let saves = board.load(network)?;
    network.begin_episode(freeze);
    Ok(saves)
}

fn run<'c, B: Board>(
    network: &mut Network<'_>,
    steps: usize,
    inputs: &[u8],
    signals: &[u8],
    board: &mut B,
    votes: &'c mut [i32; MAX_CLASSES],
) -> Result<Ran<&'c [i32]>, Refusal> {
    let (input_bytes, signal_count) = (network.input_bytes(), network.signals());
    let (needed, given) = ((steps * input_bytes) as u32, inputs.len() as u32);
    if needed != given {
        return Err(Refusal::Inputs { needed, given });
    }
    let (needed, given) = ((steps * signal_count * 2) as u32, signals.len() as u32);
    if needed != given {
        return Err(Refusal::Signals { needed, given });
    }
    votes.fill(0);
    let (mut cost, mut taught) = (0_u32, 0);
    let mut values = [Signal::ZERO; MAX_SIGNALS as usize];
    for step in 0..steps {
        let here = pairs(signals).iter().skip(step * signal_count).take(signal_count);
        values.iter_mut().zip(here).for_each(|(value, bytes)| *value = Signal::from_le_bytes(*bytes));
        let spikes = inputs.get(step * input_bytes..(step + 1) * input_bytes).unwrap_or_default();
        board.start();
        network.step(spikes, values.get(..signal_count).unwrap_or_default());
        cost = cost.saturating_add(board.elapsed());
        taught += u16::from(network.was_taught());
        network.count_votes(votes);
    }
    Ok(Ran { votes: votes.get(..network.classes()).unwrap_or_default(), cost, taught })
}

fn read_plastic<'n, 'a>(
    network: &'n Network<'a>,
    projection: u8,
    first: u32,
    count: u16,
) -> Result<PlasticWeights<'n, 'a>, Refusal> {
    let fits = has_synapses(network, projection, first, count.into())? && 2 * usize::from(count) <= MAX_PAYLOAD;
    let (index, start) = (usize::from(projection), first as usize);
    let weights = PlasticWeights { network, projection: index, first: start, count: count.into() };
    if fits { Ok(weights) } else { Err(Refusal::Synapses { first, count }) }
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

/// Whether a projection, which must be plastic, has so many synapses from `first` on.
fn has_synapses(network: &Network<'_>, projection: u8, first: u32, count: usize) -> Result<bool, Refusal> {
    let total: usize = network.plastic_rows(projection.into()).map(<[i16]>::len).sum();
    if total == 0 {
        return Err(Refusal::NotPlastic(projection));
    }
    Ok((first as usize).checked_add(count).is_some_and(|end| end <= total))
}
