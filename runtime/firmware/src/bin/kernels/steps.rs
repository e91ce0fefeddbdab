//! Whole steps of the embedded network at a tenth of its inputs spiking: unmodulated, every analog value zero, then
//! modulated by a value whose sign alternates, so that plastic weights change without running away.

use core::fmt;

use metaplastic_firmware::{ARTIFACT, EmbeddedStorage, Stopwatch};
use metaplastic_runtime::{Artifact, DecodeError, MemoryError, Network, StepCounter};
use metaplastic_shared::freeze::Freeze;
use semihosting::println;

/// One, with the 12 fractional bits of the embedded network.
const ONE: i16 = 1 << 12;
/// Steps that are measured.
const STEPS: usize = 200;
/// Steps before the measurement, in which traces and eligibility reach typical values.
const BEFORE: usize = 100;
/// Bytes of a step's input spikes, at most.
const INPUT_BYTES: usize = 64;

/// Why nothing could be measured.
pub(crate) enum Failure {
    Artifact(DecodeError),
    Memory(MemoryError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Artifact(error) => error.fmt(f),
            Self::Memory(error) => error.fmt(f),
        }
    }
}

/// Steps the network unmodulated and modulated, and prints the cost of a step.
pub(crate) fn measure(
    storage: &'static mut EmbeddedStorage<'static>,
    stopwatch: &mut Stopwatch,
) -> Result<(), Failure> {
    let artifact = Artifact::decode(&ARTIFACT.0).map_err(Failure::Artifact)?;
    let mut network = Network::new(artifact, storage).map_err(Failure::Memory)?;
    network.reset(Freeze::Nothing);
    let mut input = Input { seed: 1, size: network.artifact().manifest().network.input_size() };
    run(&mut network, &mut input, 0, BEFORE, stopwatch);
    run(&mut network, &mut input, 0, STEPS, stopwatch).print("unmodulated");
    run(&mut network, &mut input, ONE, BEFORE, stopwatch);
    run(&mut network, &mut input, ONE, STEPS, stopwatch).print("learning");
    println!("state {:016x}", network.state_hash());
    Ok(())
}

/// Draws which inputs spike.
struct Input {
    seed: u32,
    size: usize,
}

impl Input {
    /// Each input spikes with a chance of a tenth.
    fn draw(&mut self, bytes: &mut [u8]) -> u32 {
        bytes.fill(0);
        let mut spikes = 0;
        for neuron in 0..self.size {
            self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if self.seed < u32::MAX / 10
                && let Some(byte) = bytes.get_mut(neuron / 8)
            {
                *byte |= 1 << (neuron % 8);
                spikes += 1;
            }
        }
        spikes
    }
}

/// The cost of the steps.
struct Costs {
    instructions: [u32; STEPS],
    steps: usize,
    pre: u32,
    post: u32,
}

fn run(
    network: &mut Network<'_>,
    input: &mut Input,
    value: i16,
    steps: usize,
    stopwatch: &mut Stopwatch,
) -> Costs {
    let mut costs = Costs { instructions: [0; STEPS], steps, pre: 0, post: 0 };
    let mut bytes = [0; INPUT_BYTES];
    let mut value = value;
    for instructions in costs.instructions.iter_mut().take(steps) {
        costs.pre += input.draw(&mut bytes);
        stopwatch.start();
        network.step(&bytes, &[value]);
        *instructions = stopwatch.elapsed();
        value = -value;
        costs.post += network.spikes(network.readout_population()).count() as u32;
    }
    costs
}

impl Costs {
    fn print(mut self, name: &str) {
        let steps = self.steps as u32;
        let measured = self.instructions.get_mut(..self.steps).unwrap_or_default();
        measured.sort_unstable();
        let at = |index: usize| measured.get(index).copied().unwrap_or(0);
        let (median, worst) = (at(self.steps / 2), at(self.steps - 1));
        let mean = (measured.iter().map(|count| u64::from(*count)).sum::<u64>() / u64::from(steps)) as u32;
        let tenths = |spikes: u32| (spikes / steps, spikes * 10 / steps % 10);
        let ((pre, pre_tenths), (post, post_tenths)) = (tenths(self.pre), tenths(self.post));
        println!(
            "step {name} median {median} worst {worst} mean {mean} spikes {pre}.{pre_tenths} {post}.{post_tenths}"
        );
    }
}
