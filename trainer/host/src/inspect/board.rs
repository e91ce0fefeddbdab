//! The memory that the firmware with an artifact needs on each board.

use metaplastic_runtime::{Network, NetworkCapacity};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::board::{BOARDS, Board};
use serde::Serialize;

use crate::board_measurements::{BoardMeasurements, measurements, storage_bytes};

/// The memory of a board, and what the firmware with the artifact needs of it, bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardLine {
    /// The board's name.
    pub board: String,
    /// Its core.
    pub core: String,
    /// Flash for code, constants and artifact.
    pub flash_bytes: usize,
    /// Flash that the board has, without what is kept for plastic weights.
    pub flash_limit: usize,
    /// RAM for statics, storage, state and the bound of the stack.
    pub ram_bytes: usize,
    /// RAM that the board has.
    pub ram_limit: usize,
    /// Whether it fits beside all RAM that the board reserves for its stack.
    pub fits: bool,
}

/// Every board with a target that has been measured.
pub(super) fn boards(artifact: &Artifact<'_>) -> Vec<BoardLine> {
    let measurements = measurements();
    let lines = BOARDS.iter().filter_map(|board| {
        let figures = measurements.boards.values().find(|figures| figures.target == board.target)?;
        Some(board_line(board, figures, artifact))
    });
    lines.collect()
}

fn board_line(board: &Board, figures: &BoardMeasurements, artifact: &Artifact<'_>) -> BoardLine {
    let storage = (figures.storage_fraction * storage_bytes(NetworkCapacity::of(artifact)) as f64) as usize;
    let state = 8 * Network::memory_words(artifact);
    let statics = figures.static_bytes as usize + storage + state;
    let [flash, ram, stack] =
        [board.flash_bytes(), board.ram_bytes(), board.stack_bytes()].map(|bytes| bytes as usize);
    let flash_bytes = figures.code_bytes as usize + artifact.bytes().len();
    BoardLine {
        board: board.name.to_owned(),
        core: board.core.to_owned(),
        flash_bytes,
        flash_limit: flash,
        ram_bytes: statics + figures.stack_bytes.whole as usize,
        ram_limit: ram + stack,
        fits: flash_bytes <= flash && statics <= ram,
    }
}
