//! The linker's memory map of a board: the part of the linker script that differs between boards.
//!
//! ```text
//! RAM     | stack, growing down  | statics, network's storage |
//!         ram_origin             ^-- _stack_start             ^-- ram_origin + ram_kib
//! ```

use metaplastic_shared::board::{Board, Boot2};

/// The text of `memory.x`. The stack lies below everything else in RAM, so that an overflow faults at once instead of
/// running into the network's state, and a state that leaves too little room for the stack is a linker error.
#[must_use]
pub fn memory_map(board: &Board) -> String {
    let Board { flash_origin, flash_kib, storage_kib, ram_origin, ram_kib, stack_bytes, .. } = board;
    let boot2 = board.boot2.map(second_stage).unwrap_or_default();
    let skipped = boot2.len();
    let mut map = format!(
        "MEMORY\n{{\n  BOOT2 : ORIGIN = {flash_origin:#010x}, LENGTH = {skipped}\n  \
         FLASH : ORIGIN = {flash_origin:#010x} + {skipped}, LENGTH = {flash_kib}K - {storage_kib}K - {skipped}\n  \
         RAM : ORIGIN = {ram_origin:#010x} + {stack_bytes}, LENGTH = {ram_kib}K - {stack_bytes}\n}}\n\
         _stack_start = ORIGIN(RAM);\n_stack_end = {ram_origin:#010x};\n"
    );
    if !boot2.is_empty() {
        let bytes: String = boot2.iter().map(|byte| format!("BYTE({byte}) ")).collect();
        map += &format!("SECTIONS {{ .boot2 ORIGIN(BOOT2) : {{ {bytes}}} > BOOT2 }} INSERT BEFORE .text;\n");
    }
    map
}

/// The boot loader that an RP2040 wants at the start of its flash. Written by the linker script: in Rust, placing
/// it would take `unsafe`.
fn second_stage(flash: Boot2) -> &'static [u8] {
    match flash {
        Boot2::W25Q080 => &rp2040_boot2::BOOT_LOADER_W25Q080,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memories_are_the_boards_own_less_stack_and_storage() {
        let map = memory_map(Board::named("stm32f4-discovery").unwrap());
        for part in [
            "FLASH : ORIGIN = 0x08000000 + 0, LENGTH = 1024K - 256K - 0",
            "RAM : ORIGIN = 0x20000000 + 8192, LENGTH = 128K - 8192",
            "_stack_end = 0x20000000;",
        ] {
            assert!(map.contains(part), "{part:?} is not in:\n{map}");
        }
        assert!(!map.contains("SECTIONS"), "{map}");
    }

    #[test]
    fn a_boot_loader_is_written_byte_by_byte_and_flash_begins_behind_it() {
        let map = memory_map(Board::named("pico").unwrap());
        assert!(map.contains("FLASH : ORIGIN = 0x10000000 + 256,"), "{map}");
        assert_eq!(map.matches("BYTE(").count(), 256);
    }
}
