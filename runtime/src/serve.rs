//! The chip's end of the wire: one loop that answers requests over any byte stream.
//!
//! It knows no task and keeps no state of its own: everything it answers comes from the network. A damaged
//! frame is refused and the next zero byte begins a new one.

use embedded_io::{Read, Write};
use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::network::MAX_CLASSES;
use metaplastic_shared::wire::{
    Cost, FrameError, Freeze, Identity, MAX_FRAME, MAX_PAYLOAD, PROTOCOL, Ran, Refusal, Request, Response,
    read_frame, write_frame,
};

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
    let mut reader = FrameReader { frame: [0; MAX_FRAME - 1], length: 0, chunk: [0; 256], at: 0, filled: 0 };
    let mut payload = [0; MAX_PAYLOAD];
    let mut output = [0; MAX_FRAME];
    while let Some(frame) = reader.next(stream).map_err(ServeError::Stream)? {
        let response = match frame.map(read_frame::<Request<'_>>) {
            None => Response::Refused(Refusal::TooLong),
            Some(Err(_)) => Response::Refused(Refusal::Frame),
            Some(Ok(request)) => answer(network, state_words, &request, board, &mut payload),
        };
        let bytes = write_frame(&response, &mut output).map_err(ServeError::Answer)?;
        stream.write_all(bytes).map_err(ServeError::Stream)?;
        stream.flush().map_err(ServeError::Stream)?;
    }
    Ok(())
}

/// Cuts a byte stream into frames at zero bytes.
struct FrameReader {
    frame: [u8; MAX_FRAME - 1],
    length: usize,
    chunk: [u8; 256],
    at: usize,
    filled: usize,
}

impl FrameReader {
    /// The next frame, without its zero: `None` at the end of the stream, `Some(None)` for one that is too long.
    fn next<S: Read>(&mut self, stream: &mut S) -> Result<Option<Option<&mut [u8]>>, S::Error> {
        self.length = 0;
        loop {
            let Some(byte) = self.byte(stream)? else { return Ok(None) };
            if byte == 0 {
                return Ok(Some(self.frame.get_mut(..self.length)));
            }
            if let Some(slot) = self.frame.get_mut(self.length) {
                *slot = byte;
            }
            self.length = self.length.saturating_add(1);
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

fn answer<'p, B: Board>(
    network: &mut Network<'_>,
    state_words: usize,
    request: &Request<'_>,
    board: &mut B,
    payload: &'p mut [u8; MAX_PAYLOAD],
) -> Response<'p> {
    match *request {
        Request::Identify => Response::Identity(Identity {
            protocol: PROTOCOL,
            artifact: network.artifact().checksum(),
            state_bytes: (8 * state_words) as u32,
            cost: B::COST,
        }),
        Request::Reset(freeze) => {
            network.reset(freeze);
            Response::Ready
        }
        Request::Run { steps, inputs, signals } => {
            run(network, steps.into(), inputs, signals, board).unwrap_or_else(Response::Refused)
        }
        Request::StateHash => Response::StateHash(network.state_hash()),
        Request::ReadPlastic { projection, first, count } => {
            read_plastic(network, projection, first, count, payload).unwrap_or_else(Response::Refused)
        }
        Request::WritePlastic { projection, first, weights } => {
            write_plastic(network, projection, first, weights).map_or_else(Response::Refused, |()| Response::Ready)
        }
        Request::Save => board.save(network).map_or_else(Response::Refused, Response::Saved),
        Request::Load(freeze) => load(network, freeze, board).map_or_else(Response::Refused, Response::Saved),
    }
}

fn load<B: Board>(network: &mut Network<'_>, freeze: Freeze, board: &mut B) -> Result<u32, Refusal> {
    let saves = board.load(network)?;
    network.begin_episode(freeze);
    Ok(saves)
}

fn run<'p, B: Board>(
    network: &mut Network<'_>,
    steps: usize,
    inputs: &[u8],
    signals: &[u8],
    board: &mut B,
) -> Result<Response<'p>, Refusal> {
    let description = &network.artifact().manifest().network;
    let (input_bytes, signal_count) = (description.input_bytes(), usize::from(description.signals));
    let classes = usize::from(description.readout.classes);
    let (needed, given) = ((steps * input_bytes) as u32, inputs.len() as u32);
    if needed != given {
        return Err(Refusal::Inputs { needed, given });
    }
    let (needed, given) = ((steps * signal_count * 2) as u32, signals.len() as u32);
    if needed != given {
        return Err(Refusal::Signals { needed, given });
    }
    let mut counts = [0; MAX_CLASSES];
    let (mut cost, mut taught) = (0_u32, 0);
    let mut values = [Signal::ZERO; metaplastic_shared::network::MAX_SIGNALS as usize];
    for step in 0..steps {
        let here = signals.chunks_exact(2).skip(step * signal_count).take(signal_count);
        for (value, bytes) in values.iter_mut().zip(here) {
            *value = Signal::from_le_bytes([bytes[0], bytes[1]]);
        }
        let spikes = inputs.get(step * input_bytes..(step + 1) * input_bytes).unwrap_or_default();
        board.start();
        network.step(spikes, values.get(..signal_count).unwrap_or_default());
        cost = cost.saturating_add(board.elapsed());
        taught += u16::from(network.was_taught());
        network.count_readout(&mut counts);
    }
    Ok(Response::Ran(Ran { counts: counts.into_iter().take(classes).collect(), cost, taught }))
}

fn read_plastic<'p>(
    network: &Network<'_>,
    projection: u8,
    first: u32,
    count: u16,
    payload: &'p mut [u8; MAX_PAYLOAD],
) -> Result<Response<'p>, Refusal> {
    let index = usize::from(projection);
    let total: usize = network.plastic_rows(index).map(<[i16]>::len).sum();
    if total == 0 {
        return Err(Refusal::NotPlastic(projection));
    }
    let (start, length) = (first as usize, usize::from(count));
    let fits = start.checked_add(length).is_some_and(|end| end <= total);
    let payload = payload.get_mut(..2 * length).filter(|_| fits).ok_or(Refusal::Synapses { first, count })?;
    let weights = network.plastic_rows(index).flatten().skip(start);
    for (bytes, weight) in payload.chunks_exact_mut(2).zip(weights) {
        bytes.copy_from_slice(&weight.to_le_bytes());
    }
    Ok(Response::Plastic(payload))
}

fn write_plastic(network: &mut Network<'_>, projection: u8, first: u32, weights: &[u8]) -> Result<(), Refusal> {
    let index = usize::from(projection);
    let total: usize = network.plastic_rows(index).map(<[i16]>::len).sum();
    if total == 0 {
        return Err(Refusal::NotPlastic(projection));
    }
    let (start, length) = (first as usize, weights.len() / 2);
    let fits = weights.len().is_multiple_of(2) && start.checked_add(length).is_some_and(|end| end <= total);
    if !fits {
        return Err(Refusal::Synapses { first, count: length as u16 });
    }
    let weights = weights.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    network.write_plastic(index, start, weights);
    Ok(())
}
