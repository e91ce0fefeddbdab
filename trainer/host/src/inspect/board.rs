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
        [board.flash_bytes(), board.ram_bytes(), board.stack_bytes].map(|bytes| bytes as usize);
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

#[cfg(test)]
mod tests {
    use metaplastic_files::artifact_file::ArtifactFile;

    use super::*;

    /// Firmware that reaches into the storage for plastic weights does not link.
    #[test]
    fn a_network_fits_up_to_the_storage_and_no_further() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/artifacts/cue-association.plastic");
        let file = ArtifactFile::read(path.as_ref()).unwrap();
        let mut with_storage = BOARDS.iter().filter(|board| board.storage_kib > 0).peekable();
        assert!(with_storage.peek().is_some());
        for board in with_storage {
            let measurements = measurements().boards;
            let figures = measurements.values().find(|figures| figures.target == board.target).unwrap();
            let code_bytes = board.flash_bytes() - file.bytes().len() as u32;
            let with = |code_bytes| BoardMeasurements { code_bytes, ..figures.clone() };
            let fits = |code_bytes| board_line(board, &with(code_bytes), &file.artifact()).fits;
            assert_eq!((fits(code_bytes), fits(code_bytes + 1)), (true, false), "{}", board.name);
        }
    }
}
