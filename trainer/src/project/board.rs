//! What differs in a project between boards: its own start-up and dependencies, and the emulated board of its tests.
//!
//! It knows no file of the template but those of a board.

use anyhow::{Context, Result};
use metaplastic_shared::board::{BOARDS, Board};

use super::files::of_board;

const START_UP: &str = "main.rs";
const DEPENDENCIES: &str = "dependencies.toml";

/// A board that the template has a start-up for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProjectBoard {
    board: &'static Board,
    chip: &'static str,
    /// Lines of the firmware's manifest.
    dependencies: &'static str,
    /// The board that QEMU emulates in its place.
    emulated: &'static Board,
}

impl ProjectBoard {
    /// This board's.
    ///
    /// # Errors
    /// If the template has none.
    pub(super) fn new(board: &'static Board) -> Result<Self> {
        let parts = || {
            of_board(board.binary, START_UP)?;
            Some(Self {
                board,
                chip: board.chip?,
                dependencies: of_board(board.binary, DEPENDENCIES)?,
                emulated: emulated(board)?,
            })
        };
        let others = || {
            let names = BOARDS.iter().filter(|board| of_board(board.binary, START_UP).is_some());
            names.map(|board| board.name).collect::<Vec<_>>().join(", ")
        };
        parts().with_context(|| {
            format!(
                "--board: there is no template for '{}'; there is one for: {}; each runs in QEMU too",
                board.name,
                others()
            )
        })
    }

    /// Its binary, and the feature of the firmware that brings its dependencies.
    pub(super) fn binary(&self) -> &'static str {
        self.board.binary
    }

    /// The text with what the board says in place of what is between percent signs.
    pub(super) fn fill(&self, text: &str) -> String {
        let facts = [
            ("%board%", self.board.name),
            ("%target%", self.board.target),
            ("%chip%", self.chip),
            ("%emulator%", self.emulated.name),
            ("%features%", &self.features()),
            ("%dependencies%", self.dependencies.trim_end()),
        ];
        facts.iter().fold(text.to_owned(), |text, (key, value)| text.replace(key, value))
    }

    /// What the feature of the board has of its dependencies, each of which is a line: all of them.
    fn features(&self) -> String {
        let names = self.dependencies.lines().filter_map(|line| line.split_once(" = "));
        names.map(|(name, _)| format!("\"dep:{name}\"")).collect::<Vec<_>>().join(", ")
    }
}

/// Of the boards in QEMU that execute the same code, the first with the most RAM.
fn emulated(board: &Board) -> Option<&'static Board> {
    let alike = BOARDS.iter().filter(|other| other.qemu().is_some() && other.target == board.target);
    alike.rev().max_by_key(|other| other.ram_kib)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(name: &str) -> Result<ProjectBoard> {
        ProjectBoard::new(Board::named(name).unwrap())
    }

    #[test]
    fn every_board_that_can_be_bought_has_its_parts_and_the_others_are_refused_with_those() {
        for real in metaplastic_shared::board::real() {
            let filled = board(real.name).unwrap().fill("%board% %target% %features%");
            assert!(
                filled.starts_with(&format!("{} {} \"dep:", real.name, real.target)) && !filled.contains('%'),
                "{filled}"
            );
        }
        let refused = board("mps2-an386").unwrap_err().to_string();
        assert!(refused.contains("'mps2-an386'") && refused.contains("pico, nrf52840-dk"), "{refused}");
    }

    #[test]
    fn the_emulated_board_executes_the_boards_code() {
        assert_eq!(board("pico").unwrap().fill("%emulator%"), "mps2-an385-v6m");
        assert_eq!(board("nrf52840-dk").unwrap().fill("%emulator%"), "mps2-an386");
        assert_eq!(board("stm32f4-discovery").unwrap().fill("%emulator% %chip%"), "mps2-an386 STM32F407VGTx");
    }
}
