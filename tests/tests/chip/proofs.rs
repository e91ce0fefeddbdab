//! Proofs for every kind of core: no panic, no allocator, no float, a bounded stack.

use std::collections::BTreeMap;

use metaplastic_shared::board;
use metaplastic_tests::chip::firmware::{build, cue_association};
use metaplastic_tests::chip::measure::whole_stack_bound;
use metaplastic_tests::chip::{Image, purity};

/// One board for each target.
const BOARDS: [&str; 4] = ["mps2-an385-v6m", "mps2-an385", "mps2-an386", "mps2-an505"];

fn all_of_the_runtime(board: &str) -> Image {
    // Linking proves that no panic is left, as the panic handler calls a function that does not exist.
    Image::read(&build(board, "panic-free", &cue_association()).expect("no panic is left")).expect("an ELF")
}

#[test]
#[ignore = "needs a core library: tests/run.sh chip"]
fn no_panic_float_or_allocator_is_linked() {
    for board in BOARDS {
        let image = all_of_the_runtime(board);
        for name in ["Artifact::decode", "Network::step", "serve::serve", "Network::state_hash"] {
            assert_eq!(image.named(name).count(), 1, "{board}: {name} is missing, so nothing is proven");
        }
        assert_eq!(purity::float_instructions(&image), [""; 0], "{board}");
        assert_eq!(purity::software_floats(&image), [""; 0], "{board}");
        assert_eq!(purity::allocators(&image), [""; 0], "{board}");
    }
}

#[test]
#[ignore = "needs a core library: tests/run.sh chip"]
fn no_panic_float_or_allocator_is_linked_with_storage() {
    for board in BOARDS {
        let image = Image::read(&build(board, "panic-free-storage", &cue_association()).unwrap()).unwrap();
        for name in ["slot::write", "slot::check"] {
            assert_eq!(image.named(name).count(), 1, "{board}: {name} is missing, so nothing is proven");
        }
        assert_eq!(purity::float_instructions(&image), [""; 0], "{board}");
        assert_eq!(purity::software_floats(&image), [""; 0], "{board}");
        assert_eq!(purity::allocators(&image), [""; 0], "{board}");
    }
}

#[test]
#[ignore = "needs a core library: tests/run.sh chip"]
fn a_single_index_that_may_be_out_of_bounds_fails_to_link() {
    let error = format!("{:#}", build("mps2-an386", "panicking", &cue_association()).unwrap_err());
    assert!(error.contains("at least one panicking branch"), "{error}");
}

#[test]
#[ignore = "needs a core library: tests/run.sh chip"]
fn the_stack_is_bounded_and_every_board_has_room_for_it() {
    // Boards of one core run the same code.
    let mut bounds = BTreeMap::new();
    for board in &board::BOARDS {
        let code = (board.binary, board.target, board.target_cpu);
        let bound = *bounds.entry(code).or_insert_with(|| whole_stack_bound(board.name, board.binary).unwrap());
        println!("{}: {bound} of {} bytes", board.name, board.stack_bytes);
        assert!(bound <= board.stack_bytes, "{}: {bound} of {} bytes", board.name, board.stack_bytes);
    }
}
