//! The Rust source that a firmware includes: the artifact, the storage of its network, and what the board's timer counts.
//!
//! The sizes are those of the artifact's own network, computed here by the runtime itself.

use std::fs;
use std::ops::Range;
use std::path::Path;

use metaplastic_runtime::{Artifact, Network, NetworkCapacity};
use metaplastic_shared::board::{Board, Emulation};

use crate::error::EmbedError;

/// The text of `network.rs`. An artifact that the firmware would refuse is refused here already.
///
/// # Errors
/// If the artifact cannot be read, or the decoder refuses it.
pub fn constants(board: &Board, artifact: &Path) -> Result<String, EmbedError> {
    Ok(network(artifact)? + &cost(board) + &storage(board))
}

fn network(path: &Path) -> Result<String, EmbedError> {
    let name = || path.display().to_string();
    let bytes = fs::read(path).map_err(|error| EmbedError::Io { path: name(), error })?;
    let mut aligned = vec![0_u64; bytes.len().div_ceil(8)];
    let aligned = &mut bytemuck::cast_slice_mut(&mut aligned)[..bytes.len()];
    aligned.copy_from_slice(&bytes);
    let artifact = Artifact::decode(aligned).map_err(|error| EmbedError::Artifact { path: name(), error })?;
    Ok(embedded(path, &artifact, bytes.len()))
}

/// The runtime uses the artifact's weights in place, as words of up to eight bytes.
fn embedded(path: &Path, artifact: &Artifact<'_>, length: usize) -> String {
    let NetworkCapacity { populations, projections, plastic } = NetworkCapacity::of(artifact);
    let words = Network::memory_words(artifact);
    format!(
        "/// Aligned to eight bytes.\n\
         #[repr(C, align(8))]\n\
         #[derive(Debug)]\n\
         pub struct Aligned<T>(pub T);\n\
         /// The artifact, in flash.\n\
         pub static ARTIFACT: &Aligned<[u8; {length}]> = &Aligned(*include_bytes!({path:?}));\n\
         /// The storage of its network.\n\
         pub type EmbeddedStorage<'a> = metaplastic_runtime::NetworkStorage<\n    \
         'a, [u64; {words}], {populations}, {projections}, {plastic}>;\n\
         /// A storage without a network.\n\
         pub const EMPTY_STORAGE: EmbeddedStorage<'static> = EmbeddedStorage::with_capacity([0; {words}]);\n"
    )
}

/// The unit of cost, and the units per SysTick tick as a fraction in lowest terms. In QEMU, an instruction takes a
/// nanosecond.
fn cost(board: &Board) -> String {
    let (cost, units, ticks) = match board.emulation {
        Some(Emulation::Qemu(_)) => ("Instructions", 1_000_000_000, board.clock_hz),
        _ => ("Cycles", 1, 1),
    };
    let divisor = greatest_common_divisor(units, ticks);
    format!(
        "/// The unit of cost that the board's SysTick counts.\n\
         pub const COST: metaplastic_runtime::Cost = metaplastic_runtime::Cost::{cost};\n\
         /// Units of cost and the ticks that they take.\n\
         pub const UNITS_PER_TICK: (u32, u32) = ({}, {});\n",
        units / divisor,
        ticks / divisor
    )
}

fn storage(board: &Board) -> String {
    let Range { start, end } = board.storage();
    format!(
        "/// The part of flash for plastic weights, in bytes from the start of flash.\n\
         pub const STORAGE: core::ops::Range<u32> = {start:#x}..{end:#x};\n"
    )
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(name: &str) -> &'static Board {
        Board::named(name).unwrap()
    }

    #[test]
    fn a_tick_of_an_emulated_board_is_instructions_and_of_a_real_one_a_cycle() {
        assert!(
            cost(board("mps2-an386")).contains("Cost::Instructions")
                && cost(board("mps2-an386")).contains("(40, 1)")
        );
        assert!(cost(board("lm3s6965evb")).contains("(80, 1)"));
        assert!(cost(board("netduinoplus2")).contains("(125, 21)"));
        assert!(cost(board("pico")).contains("Cost::Cycles") && cost(board("pico")).contains("(1, 1)"));
    }

    #[test]
    fn what_cannot_be_embedded_is_named() {
        let error = constants(board("pico"), Path::new("nowhere.plastic")).unwrap_err().to_string();
        assert!(error.starts_with("nowhere.plastic: "), "{error}");
        let error = constants(board("pico"), Path::new("Cargo.toml")).unwrap_err().to_string();
        assert!(error.starts_with("Cargo.toml: ") && error.contains("magic"), "{error}");
    }
}
