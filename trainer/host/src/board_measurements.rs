//! The memory that the firmware needs on each measured board and the cost of its steps:
//! `runtime/firmware/measurements.toml`, which the firmware's package carries.
//!
//! `METAPLASTIC_BLESS=1 tests/run.sh chip` writes the file and `tests/run.sh chip` compares it: these figures have
//! no other source.
//!
//! ```
//! use metaplastic_host::board_measurements::measurements;
//!
//! let measured = measurements();
//! let board = &measured.boards["mps2-an386"];
//! assert_eq!(board.core, "Cortex-M4F");
//! // A step in which plastic weights change takes longer; of this network less than a millisecond in the median.
//! let median = board.median_microseconds();
//! assert!(median.unmodulated < median.modulated && median.modulated < 1000.0);
//! ```

use std::collections::BTreeMap;

use metaplastic_runtime::{NetworkCapacity, NetworkStorage};
use serde::{Deserialize, Serialize};

use crate::costs::Spread;

/// The file's text.
pub const TEXT: &str = metaplastic_firmware::MEASUREMENTS;

/// All that is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurements {
    /// The compiler the firmware was built with.
    pub compiler: String,
    /// By name of the [board](metaplastic_shared::board::Board).
    pub boards: BTreeMap<String, BoardMeasurements>,
}

/// What is measured on one board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardMeasurements {
    /// The core, for readers.
    pub core: String,
    /// The Rust target: the measurements hold for every board of it.
    pub target: String,
    /// Clock that times are given for, MHz; flash and RAM without wait states.
    pub clock_mhz: u32,
    /// Flash for code and constants, bytes; the artifact comes on top.
    pub code_bytes: u32,
    /// RAM for statics, bytes; the network's storage comes on top.
    pub static_bytes: u32,
    /// Bytes of a network's storage there, its state left out, over bytes of the same [here](storage_bytes).
    pub storage_fraction: f64,
    /// Bounds of the stack.
    pub stack_bytes: StackBounds,
    /// Estimated clock cycles per instruction.
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

/// A figure of steps in which plastic weights could change and of those in which they could not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerStep<T> {
    /// The third factor was zero.
    pub unmodulated: T,
    /// Plastic weights could change.
    pub modulated: T,
}

impl BoardMeasurements {
    /// Estimated microseconds of the worst step, unmodulated and modulated, at [`clock_mhz`](Self::clock_mhz).
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
            unmodulated: time(self.step.unmodulated, self.cycles_per_instruction.unmodulated),
            modulated: time(self.step.modulated, self.cycles_per_instruction.modulated),
        }
    }
}

/// Bytes of a network's storage on this machine, its state left out.
#[must_use]
pub fn storage_bytes(count: NetworkCapacity) -> usize {
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
pub fn measurements() -> Measurements {
    toml::from_str(TEXT).expect("measurements.toml is part of this program and is tested")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_reads() {
        assert!(super::measurements().boards.contains_key("mps2-an386"));
    }
}
