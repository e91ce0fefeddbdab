//! Arbitrary bytes on the wire, among them complete requests. Reading never panics, every frame has one response,
//! and a refused request changes nothing. The result does not depend on how the stream is split into reads.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use metaplastic_fuzz::chip::{Chip, Flash};
use metaplastic_fuzz::frame::framed;
use metaplastic_fuzz::repair::aligned;
use metaplastic_runtime::{Artifact, Freeze, Network, NetworkStorage};
use metaplastic_shared::state::{StateQuantity, StateSection};
use metaplastic_shared::wire::{
    MAX_FRAME, Message, Request, Response, RunPosition, RunStart, read_frame, write_frame,
};

/// A network with two plastic projections of 13 x 9 and 9 x 5 synapses, and two analog values.
const ARTIFACT: &[u8] = include_bytes!("../seeds/decode/analog");
/// Largest number of pieces of a stream.
const MOST_PIECES: usize = 8;

/// A piece of the stream from the host computer.
enum Piece {
    /// Bytes as they are.
    Raw(Vec<u8>),
    /// Bytes as a message: with their CRC, in a frame.
    Message(Vec<u8>),
    /// A request that fits the network, or almost fits.
    Request(Vec<u8>),
    /// One value, repeated until the frame may be too long.
    Long(u8, u16),
}

impl<'b> Arbitrary<'b> for Piece {
    fn arbitrary(bytes: &mut Unstructured<'b>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=7)? {
            0 | 1 => Self::Raw(bytes.arbitrary()?),
            2 | 3 => Self::Message(bytes.arbitrary()?),
            4 => Self::Long(bytes.arbitrary()?, bytes.int_in_range(0..=3 * MAX_FRAME as u16)?),
            _ => Self::Request(request(bytes)?),
        })
    }
}

fn freeze(bytes: &mut Unstructured<'_>) -> Result<Freeze> {
    bytes.choose(&[Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor]).copied()
}

/// The frame of a request; most requests can be executed.
fn request(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let (given, more): (Vec<u8>, Vec<u8>) = (bytes.arbitrary()?, bytes.arbitrary()?);
    let first = if bytes.ratio(1, 8)? { bytes.arbitrary()? } else { bytes.int_in_range(0..=120)? };
    let projection = bytes.int_in_range(0..=2)?;
    let steps = given.len() / 2;
    let exact = bytes.ratio(7, 8)?;
    let missing = usize::from(steps > 0 && bytes.ratio(1, 8)?);
    let analog: Vec<_> = more.into_iter().cycle().take(4 * steps + usize::from(!exact)).collect();
    let request = match bytes.int_in_range(0..=12)? {
        0 => Request::Identify,
        1 => Request::Reset(RunStart { freeze: freeze(bytes)?, nonce: bytes.int_in_range(0..=1)? }),
        2 => Request::StateHash,
        3 => {
            let section = StateSection::new(*bytes.choose(&StateQuantity::ALL)?, bytes.int_in_range(0..=5)?);
            Request::ReadState { section, first, count: bytes.int_in_range(0..=130)? }
        }
        4 => Request::WritePlastic { projection, first, weights: &given },
        5 => Request::Save,
        6 => Request::Load(RunStart { freeze: freeze(bytes)?, nonce: bytes.int_in_range(0..=1)? }),
        7 => Request::ResetState,
        8 => Request::ReadAge,
        9 => Request::WriteAge(bytes.arbitrary()?),
        _ => Request::Run { steps: steps as u16, inputs: &given[..2 * steps - missing], analog: &analog },
    };
    let nonce = bytes.int_in_range(0..=1)?;
    let position = RunPosition { nonce, steps: if bytes.ratio(7, 8)? { 0 } else { steps as u32 } };
    let mut frame = [0; MAX_FRAME];
    Ok(write_frame(&Message { content: request, position }, &mut frame).map_or_else(|_| vec![0], <[u8]>::to_vec))
}

impl Piece {
    fn append(&self, stream: &mut Vec<u8>) {
        match self {
            Self::Raw(bytes) | Self::Request(bytes) => stream.extend(bytes),
            Self::Message(bytes) => stream.extend(framed(bytes)),
            Self::Long(byte, length) => stream.extend(vec![*byte; (*length).into()]),
        }
    }
}

/// Reads bytes as both kinds of message; a message that can be read is the same after writing and reading it.
fn read(bytes: &[u8]) {
    let mut frame = [0; MAX_FRAME];
    if let Ok(request) = read_frame::<Message<Request<'_>>>(&mut bytes.to_vec())
        && let Ok(written) = write_frame(&request, &mut frame)
    {
        assert_eq!(read_frame(&mut written[..written.len() - 1].to_vec()), Ok(request));
    }
    if let Ok(response) = read_frame::<Message<Response<'_>>>(&mut bytes.to_vec())
        && let Ok(written) = write_frame(&response, &mut frame)
    {
        assert_eq!(read_frame(&mut written[..written.len() - 1].to_vec()), Ok(response));
    }
}

/// The chip's responses to a stream, and its state after them. The stream is one conversation, or every frame is one
/// of its own and its response is checked.
fn responses_and_state(
    artifact: Artifact<'_>,
    session: &Session,
    chunk: usize,
    singly: bool,
) -> (Vec<Vec<u8>>, u64) {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    // A state that a fault would change.
    (0..3).for_each(|_| network.step(&[0xff; 2], &[i16::MAX; 2]));
    let board = Flash::new(&network, &session.flash, session.power);
    let mut chip = Chip { network: &mut network, board };
    let answers = if singly {
        let frames = session.stream.split_inclusive(|byte| *byte == 0).filter(|frame| frame.ends_with(&[0]));
        frames.map(|frame| chip.answer(frame, chunk)).collect()
    } else {
        chip.responses(&session.stream, chunk)
    };
    (answers, network.state_hash())
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    read(bytes);
    let frame = framed(bytes);
    read(&frame[..frame.len() - 1]);
    session(&mut Unstructured::new(bytes)).map_or(Corpus::Reject, |()| Corpus::Keep)
});

/// The bytes from the host computer, and the content of the flash.
struct Session {
    stream: Vec<u8>,
    flash: Vec<u8>,
    power: Option<usize>,
}

impl<'b> Arbitrary<'b> for Session {
    fn arbitrary(bytes: &mut Unstructured<'b>) -> Result<Self> {
        let mut stream = Vec::new();
        for _ in 0..bytes.int_in_range(1..=MOST_PIECES)? {
            bytes.arbitrary::<Piece>()?.append(&mut stream);
            if bytes.ratio(1, 2)? {
                stream.push(0);
            }
        }
        let power = if bytes.ratio(1, 4)? { Some(bytes.int_in_range(0..=2000)?) } else { None };
        Ok(Self { stream, power, flash: bytes.arbitrary()? })
    }
}

fn session(bytes: &mut Unstructured<'_>) -> Result<()> {
    let chunk = bytes.int_in_range(1..=300)?;
    let session = bytes.arbitrary()?;
    let mut words = Vec::new();
    let bytes_of_artifact = aligned(ARTIFACT, &mut words);
    let artifact = || Artifact::decode(bytes_of_artifact).expect("the artifact in the tree is sound");
    assert_eq!(
        responses_and_state(artifact(), &session, chunk, false),
        responses_and_state(artifact(), &session, usize::MAX, false)
    );
    responses_and_state(artifact(), &session, chunk, true);
    Ok(())
}
