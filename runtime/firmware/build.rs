//! Fits the firmware to one board and one artifact: writes the linker's memory map and the constants that `lib.rs`
//! includes. Reads `METAPLASTIC_BOARD`, the name of a [`Board`], and `METAPLASTIC_ARTIFACT`, an absolute path.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use metaplastic_runtime::{Artifact, Network, NetworkCapacity};
use metaplastic_shared::board::{Board, Boot2};

fn main() -> Result<()> {
    let board = board(&variable("METAPLASTIC_BOARD")?)?;
    let artifact = PathBuf::from(variable("METAPLASTIC_ARTIFACT")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    fs::write(out.join("memory.x"), memory_map(board)).context("cannot write memory.x")?;
    let constants = network_constants(&artifact)? + &cost_constants(board) + &storage_constant(board);
    fs::write(out.join("constants.rs"), constants).context("cannot write constants.rs")?;
    println!("cargo:rustc-link-search={}", out.display());
    for argument in ["-Tlink.x", "--nmagic"] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    Ok(())
}

fn variable(name: &str) -> Result<String> {
    println!("cargo:rerun-if-env-changed={name}");
    env::var(name).with_context(|| format!("{name} is not set: build with `cargo xtask build-firmware`"))
}

fn board(name: &str) -> Result<&'static Board> {
    Board::named(name).with_context(|| format!("METAPLASTIC_BOARD: no board is called '{name}'"))
}

/// The part of the linker script that differs between boards. The stack lies below everything else in RAM, so that
/// an overflow faults at once instead of running into the network's state, and a state that leaves too little room
/// for the stack is a linker error.
fn memory_map(board: &Board) -> String {
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

/// Rust source: the artifact and the storage of its network. An artifact that the firmware would refuse is refused
/// here already.
fn network_constants(path: &Path) -> Result<String> {
    println!("cargo:rerun-if-changed={}", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut aligned = vec![0_u64; bytes.len().div_ceil(8)];
    let aligned = &mut bytemuck::cast_slice_mut(&mut aligned)[..bytes.len()];
    aligned.copy_from_slice(&bytes);
    let artifact = Artifact::decode(aligned).with_context(|| path.display().to_string())?;
    let NetworkCapacity { populations, projections, plastic } = NetworkCapacity::of(&artifact);
    let words = Network::memory_words(&artifact);
    Ok(format!(
        "/// The artifact, in flash.\n\
         pub static ARTIFACT: &Aligned<[u8; {}]> = &Aligned(*include_bytes!({path:?}));\n\
         /// The storage of its network.\n\
         pub type EmbeddedStorage<'a> =\n\
         NetworkStorage<'a, [u64; {words}], {populations}, {projections}, {plastic}>;\n\
         /// A storage without a network.\n\
         pub const EMPTY_STORAGE: EmbeddedStorage<'static> = EmbeddedStorage::with_capacity([0; {words}]);\n",
        bytes.len()
    ))
}

/// Rust source: the unit of cost, and the units per SysTick tick as a fraction in lowest terms. Emulated, an
/// instruction takes a nanosecond.
fn cost_constants(board: &Board) -> String {
    let (cost, units, ticks) = match board.binary {
        "emulated" => ("Instructions", 1_000_000_000, board.clock_hz),
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

/// Rust source: the part of flash for plastic weights.
fn storage_constant(board: &Board) -> String {
    let Range { start, end } = board.storage();
    format!(
        "/// The part of flash for plastic weights, in bytes from the start of flash.\n\
         pub const STORAGE: core::ops::Range<u32> = {start:#x}..{end:#x};\n"
    )
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
