//! The Raspberry Pi Pico's firmware in rp2040js: clocks, UART and LED are those of the chip.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{io, thread};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, Emulator, Host, Serial};
use metaplastic_host::firmware::{self, FirmwareSource};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::board::Board;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::unseen::Unseen;
use metaplastic_tests::corpus::{case, episode};
use metaplastic_tests::golden::{STEPS, read_hashes};
use metaplastic_tests::trained::task_of;

use crate::line::TestPort;

#[test]
#[ignore = "needs rp2040js and a core library: tests/run.sh emulator"]
fn a_golden_trace_is_the_same_on_a_pico() {
    let case = case("adaptive");
    let mut pico = Emulator::start("pico", &case.artifact).unwrap();
    let episode = episode(&case, STEPS);
    pico.reset(Freeze::Nothing).unwrap();
    for (step, expected) in read_hashes(case.name).into_iter().enumerate() {
        pico.run(&episode, step..step + 1).unwrap();
        assert_eq!(pico.state_hash().unwrap(), expected, "step {step}");
    }
}

/// A pico in the emulator, its UART at the far end of a line.
fn start(elf: &Path, line: crate::line::FarEnd) -> Child {
    let mut child = Command::new("node")
        .arg(FirmwareSource::find().unwrap().folder().join("rp2040js/emulate.mjs"))
        .arg(elf)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut from, mut to) = (line.again(), line);
    thread::spawn(move || {
        // Copies one byte at a time, as a copy in blocks waits for a whole block.
        let mut byte = [0];
        while matches!(from.read(&mut byte), Ok(1)) {
            io::Write::write_all(&mut input, &byte).unwrap();
        }
    });
    thread::spawn(move || io::copy(&mut output, &mut to));
    child
}

#[test]
#[ignore = "needs rp2040js and a core library: tests/run.sh emulator"]
fn a_pico_at_a_serial_port_learns_as_the_host_does_and_lights_its_led_once_a_step() {
    const STEPS: usize = 40;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let file = ArtifactFile::read(path.as_ref()).unwrap();
    let task = task_of(&file, toml::Table::new());
    let episode = Unseen { task: &*task, seed: 5, episodes: 1 }.episode(0);
    let folder = tempfile::tempdir().unwrap();
    let elf = folder.path().join("pico.elf");
    firmware::build(Board::named("pico").unwrap(), &file, &elf).unwrap();
    let (line, far) = TestPort::new();
    let mut child = start(&elf, far);

    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut host = Host::new(file.artifact(), &mut storage).unwrap();
    let mut pico = Serial::open(&line.port(), 115_200, &file).unwrap();
    host.reset(Freeze::Nothing).unwrap();
    pico.reset(Freeze::Nothing).unwrap();
    assert_eq!(pico.run(&episode, 0..STEPS).unwrap(), host.run(&episode, 0..STEPS).unwrap());
    assert_eq!(pico.state_hash().unwrap(), host.state_hash().unwrap());
    let synapses = 72 * 64;
    let plastic = pico.plastic(0, synapses).unwrap();
    assert_eq!(plastic, host.plastic(0, synapses).unwrap());
    assert!(plastic.iter().any(|weight| *weight != 0));

    drop((pico, line));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(said.trim(), format!("LED lit {STEPS} times"));
}
