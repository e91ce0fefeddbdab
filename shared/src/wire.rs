//! The messages between host computer and chip: postcard with a CRC-32, in COBS frames that end with a zero byte.
//!
//! The host computer sends requests; the chip sends one response for each frame, in order, also for an empty one: a
//! zero byte ends whatever frame the chip was reading, and its response shows that the chip is there. The chip knows
//! no task: a request brings the spikes and analog values of some steps, and the response returns the class scores.
//!
//! Every message says where its run stands ([`RunPosition`]). A chip carries out a request only if that is where it
//! is itself, so a request that comes twice, or after a restart, changes nothing and yields no figure.
//!
//! ```
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_shared::wire::{MAX_FRAME, Message, Request, RunPosition, RunStart, read_frame, write_frame};
//!
//! let start = RunStart { freeze: Freeze::Nothing, nonce: 7 };
//! let request = Message { content: Request::Reset(start), position: RunPosition::start(3) };
//! let mut frame = [0; MAX_FRAME];
//! let length = write_frame(&request, &mut frame).unwrap().len();
//!
//! // No byte of a frame but its last is zero, so that a reader finds its end.
//! assert_eq!(frame[..length].iter().position(|byte| *byte == 0), Some(length - 1));
//! assert_eq!(read_frame::<Message<Request<'_>>>(&mut frame[..length - 1]), Ok(request));
//! ```

use cobs::{CobsEncoder, DecodeResult, DecoderState};
use heapless::Vec;
use postcard::experimental::serialized_size;
use postcard::ser_flavors::{Flavor, crc::CrcModifier};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::checksum::CRC;
use crate::freeze::Freeze;
use crate::network::{MAX_ANALOG_VALUES, MAX_CLASSES, MAX_INPUTS};
use crate::state::StateSection;

/// Version of the messages; the host computer refuses a chip of another version.
pub const PROTOCOL: u16 = 7;
/// Largest size of a message with its CRC, bytes, before COBS. A chip keeps one such message in RAM.
pub const MAX_MESSAGE: usize = MAX_PAYLOAD + 32;
/// Largest size of a frame with its final zero, bytes.
pub const MAX_FRAME: usize = cobs::max_encoding_length(MAX_MESSAGE) + 1;
/// Largest size of the spikes and analog values, or of values of the state, in one message, bytes: one step of the
/// largest input and of the most analog values.
pub const MAX_PAYLOAD: usize = MAX_INPUTS as usize / 8 + 2 * MAX_ANALOG_VALUES as usize;

/// A request or a response, and where the run stands that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message<T> {
    /// The request or response.
    pub content: T,
    /// Of a request, where the host computer takes the chip to be; of a response, where the chip is now.
    pub position: RunPosition,
}

/// Where a chip is: in which run, and how many steps after its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPosition {
    /// The number that the host computer gave the run; 0 after power-on, when none has begun.
    pub nonce: u32,
    /// Steps since the run began. Wraps.
    pub steps: u32,
}

impl RunPosition {
    /// The start of a run.
    #[must_use]
    pub const fn start(nonce: u32) -> Self {
        Self { nonce, steps: 0 }
    }

    /// The position after more steps of the same run.
    #[must_use]
    pub const fn after(self, steps: u32) -> Self {
        Self { steps: self.steps.wrapping_add(steps), ..self }
    }
}

/// From host computer to chip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request<'a> {
    /// Requests the [`Identity`], and with it the position; it is carried out at any position.
    Identify,
    /// Begin a run, an episode in the initial state: all state zero.
    Reset(RunStart),
    /// Set all state but the plastic weights to zero, as between two images; a frozen part stays frozen.
    ResetState,
    /// Run some steps.
    Run {
        /// Number of steps.
        steps: u16,
        /// Input spikes: for each step, one bit for each neuron, least significant first.
        inputs: &'a [u8],
        /// Analog values: for each step, one little-endian i16 for each value, in the exponent of its population.
        analog: &'a [u8],
    },
    /// The hash of the complete state.
    StateHash,
    /// Values of a section of the state, between two steps; it changes nothing.
    ReadState {
        /// The section.
        section: StateSection,
        /// The first value.
        first: u32,
        /// Number of values, at most [`MAX_PAYLOAD`] / 2.
        count: u16,
    },
    /// Replace plastic weights of a projection, as [`ReadState`](Self::ReadState) counts them.
    WritePlastic {
        /// Index of the projection.
        projection: u8,
        /// First synapse, `pre * post_size + post`.
        first: u32,
        /// Little-endian i16, at most [`MAX_PAYLOAD`] bytes; beyond `P_max` they are clamped.
        weights: &'a [u8],
    },
    /// The age of the network: steps since its initial state.
    ReadAge,
    /// Set the age, to that at which plastic weights were read that are written now.
    WriteAge(u32),
    /// Save the plastic weights and the age to the board's flash.
    Save,
    /// Begin a run with the plastic weights and the age that were saved last; all other state zero.
    Load(RunStart),
}

/// How a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStart {
    /// What is frozen in it.
    pub freeze: Freeze,
    /// [`RunPosition::nonce`] from now on, not 0: another number for every run.
    pub nonce: u32,
}

/// The unit in which a board counts the cost of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cost {
    /// Nothing: all costs are zero.
    #[default]
    Nothing,
    /// Instructions, on an emulated board that counts them.
    Instructions,
    /// Clock cycles of the core.
    Cycles,
}

/// The result of some steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran<C = Vec<i32, MAX_CLASSES>> {
    /// The score of each class: the number of its neurons' spikes, or the sum of their potentials where they are
    /// graded; of a readout of commands, each command, summed over the steps. Saturates.
    pub class_scores: C,
    /// Cost of the steps without the communication, in the unit of [`Identity::cost`]. Saturates.
    pub cost: u32,
    /// Number of steps in which plastic weights could change, as the third factor was not zero.
    pub modulated_steps: u16,
}

/// From chip to host computer, as the host computer reads it.
pub type Response<'a> = Answer<&'a [u8], Vec<i32, MAX_CLASSES>>;

/// From chip to host computer. A chip writes values `V` of its state and class scores `C` without copying them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer<V, C> {
    /// Answers [`Request::Identify`].
    Identity(Identity),
    /// Answers [`Request::Reset`], [`Request::ResetState`], [`Request::WritePlastic`] and [`Request::WriteAge`].
    Ready,
    /// Answers [`Request::Run`].
    Ran(Ran<C>),
    /// Answers [`Request::StateHash`].
    StateHash(u64),
    /// Answers [`Request::ReadState`]: 16 bits a value, little-endian.
    State(V),
    /// Answers [`Request::ReadAge`].
    Age(u32),
    /// Answers [`Request::Save`] and [`Request::Load`]: the number of the save, which counts all of this flash.
    Saved(u32),
    /// The request could not be carried out; nothing was changed, unless the refusal says so.
    Refused(Refusal),
}

/// The identity of a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// [`PROTOCOL`] of the firmware.
    pub protocol: u16,
    /// CRC-32 of its artifact.
    pub artifact: u32,
    /// Size of its state in RAM, bytes.
    pub state_bytes: u32,
    /// The unit in which it counts the cost of steps.
    pub cost: Cost,
}

/// The reasons for which a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The frame was not a request: it was damaged or of another protocol.
    #[error("the frame is damaged or not a request of protocol {PROTOCOL}")]
    Frame,
    /// The chip is not at the request's position: it has restarted, or the request came twice or of another program.
    #[error("the request is of another run or step than the chip is at")]
    Position,
    /// The frame was longer than [`MAX_FRAME`].
    #[error("the frame is longer than {MAX_FRAME} bytes")]
    TooLong,
    /// The number of input bytes is not that of the steps.
    #[error("inputs: {given} bytes given, {needed} needed")]
    Inputs {
        /// Needed.
        needed: u32,
        /// Given.
        given: u32,
    },
    /// The number of bytes of analog values is not that of the steps.
    #[error("analog values: {given} bytes given, {needed} needed")]
    Analog {
        /// Needed.
        needed: u32,
        /// Given.
        given: u32,
    },
    /// The network has nothing of the section.
    #[error("the network has no {0}")]
    NoState(StateSection),
    /// Values beyond the last of the section, or more than a message can have.
    #[error("values {first}..{first}+{count} are beyond the section or over a message's limit")]
    Values {
        /// First requested.
        first: u32,
        /// Number of values.
        count: u16,
    },
    /// The projection does not exist or is not plastic.
    #[error("projection {0} does not exist or is not plastic")]
    NotPlastic(u8),
    /// Synapses beyond the last of the projection.
    #[error("synapses {first}..{first}+{count} are beyond the projection")]
    Synapses {
        /// First given.
        first: u32,
        /// Number of synapses.
        count: u16,
    },
    /// The board has no flash to save to.
    #[error("the board has no storage for plastic weights")]
    NoStorage,
    /// There is no complete save of this artifact.
    #[error("no plastic weights of this artifact are saved")]
    NothingSaved,
    /// The flash refused to be read, erased or written.
    #[error("the board's flash failed")]
    Storage,
    /// The flash gave other bytes each time it was read: all plastic weights are zero now, and the run has ended.
    #[error("the board's flash gives other bytes each time it is read; all plastic weights are now zero")]
    PlasticWeightsLost,
}

/// The reasons for which a frame cannot be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The message, which is longer than [`MAX_MESSAGE`], does not fit a frame.
    #[error("message does not fit a frame of {MAX_FRAME} bytes")]
    TooLong,
    /// The frame is not COBS.
    #[error("frame is not COBS")]
    Cobs,
    /// The message is damaged, of another shape, or not what [`write_frame`] writes.
    #[error("message is damaged or of another protocol")]
    Message,
}

/// Writes a message as a frame, its final zero included, and returns it.
///
/// # Errors
/// [`FrameError::TooLong`].
pub fn write_frame<'b, T: Serialize>(message: &T, frame: &'b mut [u8; MAX_FRAME]) -> Result<&'b [u8], FrameError> {
    let encoder = CrcModifier::new(Encoder(CobsEncoder::new(frame)), CRC.digest());
    let length = postcard::serialize_with_flavor(message, encoder).map_err(|_| FrameError::TooLong)?;
    *frame.get_mut(length).ok_or(FrameError::TooLong)? = 0;
    frame.get(..=length).ok_or(FrameError::TooLong)
}

/// The COBS encoder as postcard's output, byte by byte, so that no message is in RAM twice.
struct Encoder<'b>(CobsEncoder<'b>);

impl Flavor for Encoder<'_> {
    /// Bytes written.
    type Output = usize;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(&[byte]).map_err(|_| postcard::Error::SerializeBufferFull)
    }

    fn finalize(self) -> postcard::Result<usize> {
        Ok(self.0.finalize())
    }
}

/// Reads a message from a frame without its final zero; `frame` is decoded in place.
///
/// # Errors
/// If the frame is damaged.
pub fn read_frame<'b, T: Deserialize<'b> + Serialize>(frame: &'b mut [u8]) -> Result<T, FrameError> {
    let (message, checksum) =
        decode(frame).ok_or(FrameError::Cobs)?.split_last_chunk().ok_or(FrameError::Message)?;
    if CRC.checksum(message) != u32::from_le_bytes(*checksum) {
        return Err(FrameError::Message);
    }
    let (read, behind) = postcard::take_from_bytes(message).map_err(|_| FrameError::Message)?;
    // A machine of 32 bits reads fewer overlong lengths than one of 64 bits: only the shortest encoding is a message.
    let is_canonical = behind.is_empty() && serialized_size(&read) == Ok(message.len());
    if is_canonical { Ok(read) } else { Err(FrameError::Message) }
}

/// Decodes a COBS frame in place. The library's own decoding in place has indexing that could panic.
fn decode(frame: &mut [u8]) -> Option<&[u8]> {
    let (mut decoder, mut length) = (DecoderState::default(), 0);
    for at in 0..=frame.len() {
        // A zero byte ends the frame.
        match decoder.feed(frame.get(at).copied().unwrap_or(0)).ok()? {
            DecodeResult::DataContinue(byte) => {
                *frame.get_mut(length)? = byte;
                length += 1;
            }
            DecodeResult::DataComplete => return frame.get(..length),
            DecodeResult::NoData | DecodeResult::DataStart => {}
        }
    }
    None
}

/// Asserts at compile time that these parts of responses borrow nothing.
const _: fn() = || {
    fn owned<T: DeserializeOwned>() {}
    owned::<Identity>();
    owned::<Refusal>();
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_frame() {
        let content = Request::Run { steps: 2, inputs: &[0, 255, 0, 1], analog: &[0; 4] };
        let request = Message { content, position: RunPosition::start(7).after(u32::MAX) };
        let mut frame = [0; MAX_FRAME];
        let length = write_frame(&request, &mut frame).unwrap().len();
        assert_eq!(frame[..length].iter().position(|byte| *byte == 0), Some(length - 1));
        assert_eq!(read_frame::<Message<Request<'_>>>(&mut frame[..length - 1]), Ok(request));
    }

    #[test]
    fn every_flipped_bit_is_detected() {
        let mut frame = [0; MAX_FRAME];
        let content = Request::Reset(RunStart { freeze: Freeze::Plasticity, nonce: 0x0100_0700 });
        let reset = Message { content, position: RunPosition::start(9) };
        let length = write_frame(&reset, &mut frame).unwrap().len() - 1;
        for bit in 0..8 * length {
            let mut damaged = frame;
            damaged[bit / 8] ^= 1 << (bit % 8);
            let read = read_frame::<Message<Request<'_>>>(&mut damaged[..length]);
            assert!(read.is_err(), "bit {bit}: {read:?}");
        }
    }

    #[test]
    fn the_longest_payload_fits_a_message() {
        let mut frame = [0; MAX_FRAME];
        let position = RunPosition { nonce: u32::MAX, steps: u32::MAX };
        let state = Message { content: Response::State(&[1; MAX_PAYLOAD]), position };
        assert!(write_frame(&state, &mut frame).is_ok());
        let run = Request::Run { steps: u16::MAX, inputs: &[1; MAX_PAYLOAD], analog: &[] };
        assert!(write_frame(&Message { content: run, position }, &mut frame).is_ok());
        let ran = Ran {
            class_scores: core::iter::repeat_n(i32::MIN, MAX_CLASSES).collect(),
            cost: u32::MAX,
            modulated_steps: u16::MAX,
        };
        assert!(write_frame(&Message { content: Response::Ran(ran), position }, &mut frame).is_ok());
    }
}
