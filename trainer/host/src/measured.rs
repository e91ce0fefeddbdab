//! What the firmware takes of each emulated board and what its steps cost: `runtime/firmware/measured.toml`, read at
//! compile time.
//!
//! The file is written by `METAPLASTIC_BLESS=1 tests/run.sh chip` and compared by `tests/run.sh chip`: it is the one
//! place these figures come from.

use std::collections::BTreeMap;

use metaplastic_runtime::{NetworkCapacity, NetworkStorage};
use serde::{Deserialize, Serialize};

use crate::bench::Spread;

/// The file's text.
pub const TEXT: &str = include_str!("../../../runtime/firmware/measured.toml");

/// All that is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The compiler the firmware was built with.
    pub compiler: String,
    /// By board, a name of `boards.toml`.
    pub boards: BTreeMap<String, Figures>,
}

/// What is measured on one board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The core.
    pub core: String,
    /// The Rust target it stands for.
    pub target: String,
    /// Clock that times are given for, MHz; flash and RAM without wait states.
    pub clock_mhz: u32,
    /// Flash for code and constants, bytes; the artifact comes on top.
    pub code_bytes: u32,
    /// RAM for statics, bytes; the network's storage comes on top.
    pub static_bytes: u32,
    /// Bytes of a network's storage there, its state left out, over bytes of the same [here](places_bytes).
    pub places_share: f64,
    /// Bounds of the stack.
    pub stack_bytes: StackBounds,
    /// Estimated clock cycles an instruction.
    pub cycles_per_instruction: PerStep<f64>,
    /// Instructions of a whole step of the cue association, over real episodes.
    pub step: PerStep<Spread>,
    /// Instructions of the kernels (a synapse or neuron) and of whole steps 128 to 256, by name.
    #[serde(default)]
    pub kernels: BTreeMap<String, f64>,
}

/// How deep the stack can get, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackBounds {
    /// Below [`Artifact::decode`](metaplastic_runtime::Artifact::decode).
    pub decode: u32,
    /// Below [`Network::new`](metaplastic_runtime::Network::new).
    pub new: u32,
    /// Below [`Network::step`](metaplastic_runtime::Network::step).
    pub step: u32,
    /// Below [`serve`](fn@metaplastic_runtime::serve).
    pub serve: u32,
    /// Below the start of the program.
    pub whole: u32,
}

/// A figure of steps that are taught and of those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerStep<T> {
    /// The third factor was zero.
    pub untaught: T,
    /// Plastic weights could change.
    pub taught: T,
}

impl Figures {
    /// Estimated microseconds of the worst step, untaught and taught, at [`clock_mhz`](Self::clock_mhz).
    #[must_use]
    pub fn worst_microseconds(&self) -> PerStep<f64> {
        self.microseconds(|spread| spread.worst)
    }

    /// The same of the median step.
    #[must_use]
    pub fn median_microseconds(&self) -> PerStep<f64> {
        self.microseconds(|spread| spread.median)
    }

    fn microseconds(&self, of: fn(Spread) -> u32) -> PerStep<f64> {
        let time = |spread, cycles: f64| f64::from(of(spread)) * cycles / f64::from(self.clock_mhz);
        PerStep {
            untaught: time(self.step.untaught, self.cycles_per_instruction.untaught),
            taught: time(self.step.taught, self.cycles_per_instruction.taught),
        }
    }
}

/// Bytes of a network's storage on this machine, its state left out.
#[must_use]
pub fn places_bytes(count: NetworkCapacity) -> usize {
    let NetworkCapacity { populations, projections, plastic } = count;
    populations * size_of::<NetworkStorage<'_, [u64; 0], 1, 0, 0>>()
        + projections * size_of::<NetworkStorage<'_, [u64; 0], 0, 1, 0>>()
        + plastic * size_of::<NetworkStorage<'_, [u64; 0], 0, 0, 1>>()
}

/// The figures in version control.
///
/// # Panics
/// Never in a program that passed its tests: the file is part of it.
#[must_use]
pub fn measured() -> Measured {
    toml::from_str(TEXT).expect("measured.toml is part of this program and is tested")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_reads() {
        assert!(super::measured().boards.contains_key("mps2-an386"));
    }
}
