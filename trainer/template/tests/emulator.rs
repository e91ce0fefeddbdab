//! The trained network lives in an emulated board: it learns there, is right as often as it should be, forgets nothing that
//! it saved, and becomes what the same network becomes on this computer, to the bit.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use metaplastic::host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic::shared::board::Board;
use metaplastic::task::episode::winner;
use metaplastic::task::seed::{EpisodeDraw, Purpose};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Freeze, Network, NetworkStorage};
use starter::machine::{SensedState, recording};
use starter_encoder::{STATES, WINDOW, encode};

const BOARD: &str = "%board%";
/// The board that QEMU emulates, of the same instruction set.
const EMULATED: &str = "%emulator%";
const NETWORK: &str = "trained/network.plastic";
/// What the network should reach and become: score and hash.
const EXPECTED: &str = "tests/expected.txt";
const SEED: u64 = 1;
/// Episodes, one after another without a reset.
const EPISODES: usize = 20;
/// The one in which the power is cut between what was shown and what is asked.
const CUT: usize = 10;
/// Right answers at least, of `EPISODES * STATES`.
const RIGHT: usize = 54;
/// In the firmware's records: no label, and the power is cut.
const UNLABELLED: u8 = 255;
const OFF: u8 = 254;

type Checked<T> = Result<T, Box<dyn Error>>;

#[test]
fn the_network_learns_on_an_emulated_board_as_on_this_computer() -> Checked<()> {
    let life: Vec<_> = (0..EPISODES).flat_map(episode).collect();
    let host = on_host(&life)?;
    assert_eq!(on_board(&life)?, host, "the board and this computer disagree");
    let states: Vec<_> = host.lines().filter_map(|line| line.strip_prefix("state ")).collect();
    let queries = states.iter().zip(&life).filter(|(_, window)| !window.is_labelled);
    let right = queries.filter(|(state, window)| ***state == window.state.to_string()).count();
    let reached = format!("{right} of {} right, {}", EPISODES * STATES, host.lines().last().unwrap_or_default());
    println!("{reached}");
    assert!(right >= RIGHT, "{right} answers are right, at least {RIGHT} should be");
    expect(&reached)
}

#[test]
fn the_firmware_fits_the_board() -> Checked<()> {
    build(BOARD, BOARD)
}

fn episode(index: usize) -> Vec<SensedState> {
    recording(&mut EpisodeDraw::new(SEED, Purpose::Test, index as u64, index as u64).episode)
}

/// Whether what was learned until then is saved and the power is cut before a window.
fn is_cut(index: usize) -> bool {
    index == CUT * 2 * STATES + STATES
}

/// Holds what was reached. The first time, it is written down; a CI has a file to hold it to.
fn expect(reached: &str) -> Checked<()> {
    let reached = format!("{reached}\n");
    match fs::read_to_string(EXPECTED) {
        Ok(expected) if expected == reached => Ok(()),
        Ok(expected) => {
            let hint = "if the network was trained anew, remove the file";
            Err(format!("{EXPECTED}: expected {expected}reached {reached}{hint}").into())
        }
        Err(error) if error.kind() == ErrorKind::NotFound && env::var_os("CI").is_none() => {
            println!("{EXPECTED}: written; commit it with {NETWORK}");
            Ok(fs::write(EXPECTED, reached)?)
        }
        Err(error) => Err(format!("{EXPECTED}: {error}; `cargo test` writes it where CI is not set").into()),
    }
}

/// The life, and what the firmware should print of it.
fn on_host(life: &[SensedState]) -> Checked<String> {
    let file = ArtifactFile::read(Path::new(NETWORK))?;
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage)?;
    network.reset(Freeze::Nothing);
    let mut printed = String::new();
    for (index, window) in life.iter().enumerate() {
        if is_cut(index) {
            printed += "saved true\n";
            network.begin_episode(Freeze::Nothing);
        }
        let mut scores = [0; STATES];
        for (step, samples) in window.samples.iter().enumerate() {
            network.step(&encode(samples, window.label(step)), &[]);
            network.accumulate_class_scores(&mut scores);
        }
        printed += &format!("state {}\n", winner(&scores));
    }
    Ok(printed + &format!("hash {:016x}\n", network.state_hash()))
}

fn on_board(life: &[SensedState]) -> Checked<String> {
    build(EMULATED, "emulated")?;
    let board = Board::named(EMULATED).ok_or(EMULATED)?;
    let elf = Path::new("firmware/target").join(board.target).join("release/emulated");
    let mut qemu = Command::new(QEMU);
    qemu.args(qemu_arguments(board.qemu().ok_or(EMULATED)?, Time::Hosts)).arg(elf);
    let emulator = qemu.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut emulator = emulator.map_err(|error| format!("{QEMU}: {error}; install it (qemu-system-arm)"))?;
    emulator.stdin.take().ok_or("no standard input")?.write_all(&records(life))?;
    let output = emulator.wait_with_output()?;
    assert!(output.status.success(), "the firmware ended with {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// The firmware's records: label, whether to save, samples.
fn records(life: &[SensedState]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, window) in life.iter().enumerate() {
        if is_cut(index) {
            bytes.push(OFF);
            bytes.resize(bytes.len() + 1 + size_of_val(&window.samples[0]), 0);
        }
        for (step, samples) in window.samples.iter().enumerate() {
            bytes.push(window.label(step).map_or(UNLABELLED, |state| state as u8));
            bytes.push((step + 1 == WINDOW && is_cut(index + 1)).into());
            bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        }
    }
    bytes
}

fn build(board: &str, binary: &str) -> Checked<()> {
    if !Path::new(NETWORK).is_file() {
        return Err(format!("{NETWORK}: is not there; train it: cargo run -- train starter --out trained").into());
    }
    let board = Board::named(board).ok_or(board)?;
    let mut cargo = metaplastic_build::cargo(board, Path::new("firmware"), "build")?;
    let built =
        cargo.args(["--release", "--features", binary, "--bin", binary, "--target-dir", "target"]).status()?;
    built.success().then_some(()).ok_or_else(|| format!("{}: the firmware could not be built", board.name).into())
}
