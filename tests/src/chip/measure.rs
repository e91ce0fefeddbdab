//! Measures the figures of `runtime/firmware/measurements.toml`, and compares.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::bench::bench;
use metaplastic_host::board_measurements::{BoardMeasurements, Measurements, PerStep, StackBounds, storage_bytes};
use metaplastic_host::body::BodyName;
use metaplastic_host::costs::Spread;
use metaplastic_runtime::{Network, NetworkCapacity};
use metaplastic_shared::board::Board;
use metaplastic_task::Tasks;
use metaplastic_task::unseen::Unseen;

use super::Image;
use super::firmware::{build, cue_association, repository, weak_drive};
use super::kernels;
use super::stack::Stack;
use super::trace::{Step, TracedFirmware};

/// The boards that are measured, one for each core, each with the clock for its times, MHz.
pub const BOARDS: [(&str, u32); 5] =
    [("mps2-an385-v6m", 48), ("mps2-an385", 64), ("mps2-an386", 64), ("mps2-an500", 216), ("mps2-an505", 64)];
/// Episodes whose steps are counted, and their seed.
const EPISODES: u64 = 20;
const SEED: u64 = 1;
/// Steps that are traced: one cue, its delay and its label.
const TRACED_STEPS: usize = 30;
/// Largest tolerated growth of a figure as a fraction; the second is for firmware built by another compiler.
const TOLERANCE: f64 = 0.03;
const OTHER_COMPILER_TOLERANCE: f64 = 0.15;

/// Measures all boards.
///
/// # Errors
/// If a firmware cannot be built, read or run.
pub fn measure() -> Result<Measurements> {
    let (mut compiler, mut figures) = (String::new(), BTreeMap::new());
    for (name, clock_mhz) in BOARDS {
        let (by, of_board) = measure_board(name, clock_mhz).with_context(|| name.to_owned())?;
        compiler = by;
        figures.insert(name.to_owned(), of_board);
    }
    Ok(Measurements { compiler, boards: figures })
}

fn measure_board(name: &str, clock_mhz: u32) -> Result<(String, BoardMeasurements)> {
    let board = Board::named(name).context("no such board")?;
    let artifact = ArtifactFile::read(&cue_association())?;
    let elf = build(name, "emulated", &cue_association())?;
    let image = Image::read(&elf)?;
    let sizes = Sizes::of(&image, &artifact);
    let figures = BoardMeasurements {
        core: board.core.to_owned(),
        target: board.target.to_owned(),
        clock_mhz,
        code_bytes: sizes.code,
        static_bytes: sizes.statics,
        storage_fraction: round(sizes.storage_fraction),
        stack_bytes: stack_bounds(name)?,
        cycles_per_instruction: cycles(&elf, board, &artifact)?,
        step: steps(name, &artifact)?,
        kernels: kernels::count(board)?,
    };
    let compiler = image.comment.split(" (").next().unwrap_or_default().to_owned();
    Ok((compiler, figures))
}

fn round(figure: f64) -> f64 {
    (1000.0 * figure).round() / 1000.0
}

/// Sizes of a firmware without its artifact and its network's storage.
struct Sizes {
    code: u32,
    statics: u32,
    storage_fraction: f64,
}

impl Sizes {
    fn of(image: &Image, file: &ArtifactFile) -> Self {
        let artifact = file.artifact();
        let state = 8 * Network::memory_words(&artifact) as u32;
        let storage =
            image.statics.iter().find(|(name, _)| name.ends_with("::NETWORK_STORAGE")).map_or(0, |(_, size)| *size);
        Self {
            code: image.code_bytes - file.bytes().len() as u32,
            statics: image.static_bytes - storage,
            storage_fraction: f64::from(storage - state) / storage_bytes(NetworkCapacity::of(&artifact)) as f64,
        }
    }
}

/// The bound of the stack of a board's firmware from its start. It enables no interrupt.
///
/// # Errors
/// If it cannot be built, or has no bound.
pub fn whole_stack_bound(board: &str, binary: &str) -> Result<u32> {
    let image = Image::read(&build(board, binary, &weak_drive())?)?;
    // The firmware `panic-free` proves that none is called; this one's code may differ in what is inlined.
    let stack =
        Stack::without(&image, |name| name.starts_with("core::panicking::") || name.starts_with("core::fmt::"))?;
    finite_bound(&stack, board, "Reset")
}

/// The bound of a function, which has one.
fn finite_bound(stack: &Stack<'_>, board: &str, function: &str) -> Result<u32> {
    let bound = stack.bound_of(function)?;
    anyhow::ensure!(bound.unbounded.is_empty(), "{board}: {function}: {:?}", bound.unbounded);
    Ok(bound.bytes)
}

/// Bounds of the stack of a board's `panic-free` firmware, which has the functions of all others.
///
/// # Errors
/// If it cannot be built, or has no bound.
pub fn stack_bounds(board: &str) -> Result<StackBounds> {
    let image = Image::read(&build(board, "panic-free", &cue_association())?)?;
    let stack = Stack::of(&image)?;
    let bound = |name| finite_bound(&stack, board, name);
    Ok(StackBounds {
        decode: bound("Artifact::decode")?,
        new: bound("allocation::allocate")?,
        step: bound("Network::step")?,
        serve: bound("serve::serve")?,
        whole: bound("Reset")?,
    })
}

fn unseen<T>(file: &ArtifactFile, run: impl FnOnce(&Unseen<'_>) -> Result<T>) -> Result<T> {
    let artifact = file.artifact();
    let manifest = artifact.manifest();
    let task = Tasks::built_in().for_network(&manifest, None, toml::Table::new())?;
    run(&Unseen { task: &*task, seed: SEED, episodes: EPISODES })
}

fn steps(board: &str, artifact: &ArtifactFile) -> Result<PerStep<Spread>> {
    let costs = unseen(artifact, |unseen| Ok(bench(unseen, &BodyName::Emulator(board.to_owned()), artifact)?))?;
    Ok(PerStep { unmodulated: costs.unmodulated, modulated: costs.modulated })
}

/// Estimated cycles per instruction: the cycles of all steps of a kind, divided by their instructions.
fn cycles(elf: &Path, board: &Board, file: &ArtifactFile) -> Result<PerStep<f64>> {
    let steps = traced(elf, board, file, 0, TRACED_STEPS)?;
    let per_instruction = |modulated: bool| {
        let of_kind = steps.iter().filter(|step| step.modulated == modulated).map(Step::total);
        let (instructions, cycles) =
            of_kind.fold((0, 0), |sum, work| (sum.0 + work.instructions, sum.1 + work.cycles));
        round(cycles as f64 / instructions.max(1) as f64)
    };
    Ok(PerStep { unmodulated: per_instruction(false), modulated: per_instruction(true) })
}

fn traced(elf: &Path, board: &Board, file: &ArtifactFile, episode: u64, count: usize) -> Result<Vec<Step>> {
    let episode = unseen(file, |unseen| Ok(unseen.episode(episode)))?;
    TracedFirmware { elf, board, artifact: file }.steps(&episode, count)
}

/// Traces one of the measured episodes on a board. Returns the image, the slowest unmodulated and the slowest
/// modulated step, in cycles.
///
/// # Errors
/// If the firmware cannot be built, read or run.
pub fn worst_of_episode(name: &str, episode: u64) -> Result<(Image, [Option<Step>; 2])> {
    let board = Board::named(name).context("no such board")?;
    let file = ArtifactFile::read(&cue_association())?;
    let elf = build(name, "emulated", &cue_association())?;
    let steps = unseen(&file, |unseen| Ok(unseen.episode(episode).steps))?;
    let steps = traced(&elf, board, &file, episode, steps)?;
    let worst = |modulated: bool| {
        steps.iter().filter(|step| step.modulated == modulated).max_by_key(|step| step.total().cycles).cloned()
    };
    Ok((Image::read(&elf)?, [worst(false), worst(true)]))
}

/// The figures that have grown beyond the tolerance, in words. All figures are reported if the boards differ.
#[must_use]
pub fn grown(file: &Measurements, now: &Measurements) -> Vec<String> {
    let tolerance = if file.compiler == now.compiler { TOLERANCE } else { OTHER_COMPILER_TOLERANCE };
    let mut grown = Vec::new();
    for (board, figures) in &now.boards {
        let Some(before) = file.boards.get(board) else {
            grown.push(format!("{board}: not in the file"));
            continue;
        };
        for ((name, before), (_, now)) in figures_of(before).into_iter().zip(figures_of(figures)) {
            if now > before * (1.0 + tolerance) {
                grown.push(format!("{board}: {name} is {now}, the file says {before}"));
            }
        }
    }
    grown
}

fn figures_of(figures: &BoardMeasurements) -> Vec<(String, f64)> {
    let BoardMeasurements { stack_bytes: stack, step, cycles_per_instruction: cycles, .. } = figures;
    let named = [
        ("code", figures.code_bytes),
        ("statics", figures.static_bytes),
        ("stack of decode", stack.decode),
        ("stack of new", stack.new),
        ("stack of step", stack.step),
        ("stack of serve", stack.serve),
        ("stack of all", stack.whole),
        ("median unmodulated step", step.unmodulated.median),
        ("worst unmodulated step", step.unmodulated.worst),
        ("median modulated step", step.modulated.median),
        ("worst modulated step", step.modulated.worst),
    ];
    let named = named.into_iter().map(|(name, figure)| (name.to_owned(), f64::from(figure)));
    let cycles = [("cycles unmodulated", cycles.unmodulated), ("cycles modulated", cycles.modulated)];
    let cycles = cycles.into_iter().map(|(name, figure)| (name.to_owned(), figure));
    named.chain(cycles).chain(figures.kernels.clone()).collect()
}

/// The path of the file.
#[must_use]
pub fn path() -> PathBuf {
    repository().join("runtime/firmware/measurements.toml")
}

/// The file's text.
///
/// # Errors
/// If the figures cannot be written as TOML.
pub fn text(measurements: &Measurements) -> Result<String> {
    Ok(format!("{HEADER}\n{}", toml::to_string(measurements)?))
}

const HEADER: &str = "\
# What the firmware takes of each measured board and what its steps cost. Written by `METAPLASTIC_BLESS=1 tests/run.sh
# chip`, compared by `tests/run.sh chip` (3 % growth is let pass, 15 % from another compiler), read by `inspect` and the
# The table of docs/boards.md. Bytes; instructions counted by QEMU over the steps of 20 unseen episodes of
# `cue-association-sparse` (seed 1); cycles per instruction estimated by the table of tests/src/chip/cycles.rs over its
# first 30 steps. Kernels: instructions per synapse or neuron, 128 pre, 256 post, 13 and 26 of them spiking; steps 128 to
# 256 at a tenth spiking.
";
