//! The parts that the firmware of all boards shares: the embedded artifact and how it is served, a UART as the byte
//! stream, a lamp that is lit during steps, and a stopwatch over the core's SysTick.
//!
//! It knows neither a task nor a board. `build.rs` embeds the artifact, sizes the network's storage and converts
//! ticks to the unit of cost. Start-up, pins and the byte stream are in the binaries, one per kind of board. The
//! start-up that several binaries of a board share is a module behind the board's feature.
#![no_std]

mod instruments;
mod line;
#[cfg(feature = "pico")]
pub mod pico;
mod stopwatch;

use embedded_io::{Read, Write};
use metaplastic_runtime::{
    Artifact, DecodeError, MemoryError, Network, NetworkStorage, ServeError, StepCounter, WeightStorage,
};

pub use instruments::{Instruments, Inverted};
pub use line::{Uart, UartLine};
pub use stopwatch::Stopwatch;

/// The runtime uses the artifact's weights in place, as words of up to eight bytes.
#[repr(C, align(8))]
#[derive(Debug)]
pub struct Aligned<T>(pub T);

include!(concat!(env!("OUT_DIR"), "/constants.rs"));

/// Why the firmware ended before the host computer closed the stream.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure<E: core::error::Error> {
    /// The embedded artifact cannot be used; the build has refused it, so flash has been damaged since.
    #[error("artifact: {0}")]
    Artifact(DecodeError),
    /// The storage is too small.
    #[error(transparent)]
    Memory(MemoryError),
    /// The byte stream failed.
    #[error(transparent)]
    Serve(ServeError<E>),
}

/// The network of the embedded artifact. `storage` is a static of the binary, so that linking checks that it fits
/// into RAM.
///
/// # Errors
/// If the artifact was damaged in flash.
pub fn network<'a, E: core::error::Error>(storage: &'a mut EmbeddedStorage<'a>) -> Result<Network<'a>, Failure<E>> {
    let artifact = Artifact::decode(&ARTIFACT.0).map_err(Failure::Artifact)?;
    Network::new(artifact, storage).map_err(Failure::Memory)
}

/// Serves the embedded artifact over a byte stream until the stream ends, in a storage as for [`network`].
/// `counter` counts the cost of steps, `weights` stores plastic weights.
///
/// # Errors
/// If the artifact was damaged in flash, or the stream fails.
pub fn serve<'a, S: Read + Write, C: StepCounter, W: WeightStorage>(
    storage: &'a mut EmbeddedStorage<'a>,
    stream: &mut S,
    counter: &mut C,
    weights: &mut W,
) -> Result<(), Failure<S::Error>> {
    let artifact = Artifact::decode(&ARTIFACT.0).map_err(Failure::Artifact)?;
    // The network is used in place: moved out of its result, it would be on the stack twice.
    let mut made = Network::new(artifact, storage);
    let network = made.as_mut().map_err(|error| Failure::Memory(*error))?;
    metaplastic_runtime::serve(network, stream, counter, weights).map_err(Failure::Serve)
}
