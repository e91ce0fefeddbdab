//! Replays one episode on an emulated board and prints a [`TraceLine`] per step, over semihosting's standard input
//! and output: the board's side of the golden traces. It accepts any small network, so that one build per board is
//! enough.
//!
//! Input, little-endian: an artifact, whose header says how long it is; how many steps, u32; then for each step the
//! bytes of its input spikes and its analog values, i16. The artifact that the build embeds is not linked.

#![no_std]
#![no_main]

use core::fmt::Write as _;

use cortex_m_rt::entry;
use heapless::String;
use metaplastic_runtime::{Artifact, Network, NetworkStorage, TraceLine};
use metaplastic_shared::artifact::{HEADER_BYTES, LENGTH_AT};
use semihosting::io::{self, Read as _, Stdin, Write as _};
use semihosting::{eprintln, process};

use metaplastic_firmware as _;

/// Most bytes of a step's spikes, and of its analog values.
const INPUT_BYTES: usize = 64;

/// Words of the largest network of the golden traces.
const STORAGE_WORDS: usize = 536;

/// The buffers of an episode. They are statics, because the stack of the smallest board is small.
struct Buffers {
    artifact: &'static mut [u64],
    storage: &'static mut NetworkStorage<'static, [u64; STORAGE_WORDS], 5, 6, 3>,
    line: &'static mut String<256>,
}

/// The input does not fit the buffers, or it is not valid.
#[derive(Debug)]
struct Unsound(&'static str);

impl From<io::Error> for Unsound {
    fn from(_: io::Error) -> Self {
        Self("the stream ended early or failed")
    }
}

/// The first `count` bytes of a buffer.
fn first<'b>(buffer: &'b mut [u8], count: usize, what: &'static str) -> Result<&'b mut [u8], Unsound> {
    buffer.get_mut(..count).ok_or(Unsound(what))
}

fn read_artifact<'b>(input: &mut Stdin, buffer: &'b mut [u8]) -> Result<Artifact<'b>, Unsound> {
    let header = first(buffer, HEADER_BYTES, "the buffer is shorter than a header")?;
    input.read_exact(header)?;
    let length = header.get(LENGTH_AT..).and_then(<[u8]>::first_chunk).map_or(0, |it| u32::from_le_bytes(*it));
    let bytes = first(buffer, length as usize, "the artifact is too long")?;
    input.read_exact(bytes.get_mut(HEADER_BYTES..).unwrap_or_default())?;
    Artifact::decode(bytes).map_err(|_| Unsound("the artifact does not decode"))
}

fn read_steps(input: &mut Stdin) -> Result<u32, Unsound> {
    let mut steps = [0; 4];
    input.read_exact(&mut steps)?;
    Ok(u32::from_le_bytes(steps))
}

/// One step with the input read for it.
// Not inlined: its buffers must not be on the stack while the network is made.
#[inline(never)]
fn step(network: &mut Network<'_>, input: &mut Stdin) -> Result<(), Unsound> {
    let (mut spikes, mut bytes) = ([0; INPUT_BYTES], [0; INPUT_BYTES]);
    let spikes = first(&mut spikes, network.input_bytes(), "a step has too many inputs")?;
    let bytes = first(&mut bytes, 2 * network.analog_values(), "a step has too many analog values")?;
    input.read_exact(spikes)?;
    input.read_exact(bytes)?;
    let mut analog = [0; INPUT_BYTES / 2];
    for (value, bits) in analog.iter_mut().zip(bytes.chunks_exact(2)) {
        *value = i16::from_le_bytes([bits[0], bits[1]]);
    }
    network.step(spikes, analog.get(..network.analog_values()).unwrap_or_default());
    Ok(())
}

fn replay(buffers: Buffers) -> Result<(), Unsound> {
    let Buffers { artifact, storage, line } = buffers;
    let (mut input, mut output) = (io::stdin()?, io::stdout()?);
    let artifact = read_artifact(&mut input, bytemuck::cast_slice_mut(artifact))?;
    let steps = |network: &mut Network<'_>| -> Result<(), Unsound> {
        for number in 0..read_steps(&mut input)? {
            step(network, &mut input)?;
            // One call to the host computer per line, not one per number.
            line.clear();
            writeln!(line, "{number} | {}", TraceLine(network)).map_err(|_| Unsound("a line is too long"))?;
            output.write_all(line.as_bytes())?;
        }
        Ok(())
    };
    // Used in place: moved out of its result, the network would be on the stack twice.
    match &mut Network::new(artifact, storage) {
        Ok(network) => run(network, steps),
        Err(_) => Err(Unsound("the network is too large")),
    }
}

/// Not inlined: what steps need on the stack is not there while the network is made.
#[inline(never)]
fn run(
    network: &mut Network<'_>,
    steps: impl FnOnce(&mut Network<'_>) -> Result<(), Unsound>,
) -> Result<(), Unsound> {
    steps(network)
}

#[entry]
fn main() -> ! {
    static mut ARTIFACT: [u64; 240] = [0; 240];
    static mut NETWORK_STORAGE: NetworkStorage<'static, [u64; STORAGE_WORDS], 5, 6, 3> =
        NetworkStorage::with_capacity([0; STORAGE_WORDS]);
    static mut LINE: String<256> = String::new();
    match replay(Buffers { artifact: ARTIFACT, storage: NETWORK_STORAGE, line: LINE }) {
        Ok(()) => process::exit(0),
        Err(Unsound(why)) => {
            eprintln!("{why}");
            process::exit(1)
        }
    }
}
