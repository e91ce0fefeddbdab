//! The trained network lives in an emulated board: it learns there, is right as often as it should be, and becomes what the
//! same network becomes on the host computer, to the bit.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_runtime::{Freeze, Network, NetworkStorage};
use metaplastic_shared::board::Board;
use metaplastic_task::seed::{EpisodeDraw, Purpose};
use starter::{SHOWN, Step, course};
use starter_encoder::{STATES, encode};

const BOARD: &str = "mps2-an386";
const SEED: u64 = 1;
/// Episodes, one after another without a reset.
const EPISODES: u64 = 20;
/// Right answers, of `EPISODES * STATES`.
const RIGHT: usize = 54;
/// The firmware's requests.
const UNLABELLED: u8 = 255;
const ANSWER: u8 = 254;

type Checked<T> = Result<T, Box<dyn Error>>;

#[test]
fn the_network_learns_on_an_emulated_board_as_on_the_host() -> Checked<()> {
    let steps: Vec<Step> = (0..EPISODES).flat_map(|index| episode(index)).collect();
    let host = on_host(&steps)?;
    assert_eq!(on_board(&steps)?, host, "the board and the host computer disagree");
    let is_right = |(answer, state): (&str, usize)| answer == format!("answer {state}");
    let right = host.lines().zip(queries(&steps)).filter(|pair| is_right(*pair)).count();
    println!("{right} of {} answers are right; {}", EPISODES as usize * STATES, host.lines().last().unwrap_or_default());
    assert!(right >= RIGHT, "{right} answers are right, at least {RIGHT} should be");
    Ok(())
}

fn episode(index: u64) -> Vec<Step> {
    course(&mut EpisodeDraw::new(SEED, Purpose::Test, index, index).episode)
}

/// Whether an answer is wanted behind a step: at the end of each state that was shown without a label.
fn is_answered(index: usize) -> bool {
    (index + 1) % SHOWN == 0 && index / SHOWN % (2 * STATES) >= STATES
}

/// The states that are asked for.
fn queries(steps: &[Step]) -> impl Iterator<Item = usize> {
    steps.iter().enumerate().filter(|(index, _)| is_answered(*index)).map(|(_, step)| step.1)
}

fn label(step: &Step) -> Option<usize> {
    step.2.then_some(step.1)
}

fn on_host(steps: &[Step]) -> Checked<String> {
    let file = ArtifactFile::read(Path::new("network.plastic"))?;
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage)?;
    network.reset(Freeze::Nothing);
    let (mut scores, mut said) = ([0; STATES], String::new());
    for (index, step) in steps.iter().enumerate() {
        if index % SHOWN == 0 {
            scores = [0; STATES];
        }
        network.step(&encode(&step.0, label(step)), &[]);
        network.accumulate_class_scores(&mut scores);
        if is_answered(index) {
            let best = (1..STATES).fold(0, |best, state| if scores[state] > scores[best] { state } else { best });
            said += &format!("answer {best}\n");
        }
    }
    Ok(said + &format!("hash {:016x}\n", network.state_hash()))
}

fn on_board(steps: &[Step]) -> Checked<String> {
    let board = Board::named(BOARD).ok_or(BOARD)?;
    let mut cargo = metaplastic_build::cargo(board, Path::new("firmware"), "build")?;
    let built = cargo.args(["--release", "--features", "emulated", "--bin", "emulated"]).status()?;
    assert!(built.success(), "the firmware could not be built");
    let elf = Path::new("firmware/target").join(board.target).join("release/emulated");
    let machine = board.qemu().ok_or(BOARD)?;
    let mut qemu = Command::new(QEMU);
    qemu.args(qemu_arguments(machine, Time::Hosts)).arg(elf).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut emulator = qemu.spawn().map_err(|error| format!("{QEMU}: {error}"))?;
    emulator.stdin.take().ok_or("no standard input")?.write_all(&requests(steps))?;
    let output = emulator.wait_with_output()?;
    assert!(output.status.success(), "the firmware ended with {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

fn requests(steps: &[Step]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        bytes.push(label(step).map_or(UNLABELLED, |state| state as u8));
        bytes.extend(step.0.iter().flat_map(|sample| sample.to_le_bytes()));
        if is_answered(index) {
            bytes.push(ANSWER);
        }
    }
    bytes
}
