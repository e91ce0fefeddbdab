//! A network between the pins of an emulated Raspberry Pi Pico. From the same levels and edges at the inputs, its
//! firmware `pico-pins` and the host's encoders, network and actuators make the same pulses.

use std::cell::Cell;
use std::convert::Infallible;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use embedded_hal::digital::{self, InputPin};
use embedded_hal::pwm::{self, SetDutyCycle};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::firmware::{Firmware, FirmwareSource};
use metaplastic_runtime::hal::{DutyActuator, EdgeEncoder, LevelEncoder};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::board::Board;
use metaplastic_tests::corpus::case;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

const STEPS: usize = 60;
/// The board's pins, by their names in the firmware and in `pins.mjs`.
const STEP_PIN: &str = "25";
const INPUT_PINS: &str = "2,3,4,5";
const OUTPUT_PINS: &str = "16,17";
/// A PWM period at 125 MHz, 8 ns a cycle.
const PWM_CYCLES: u16 = 25_000;
const CYCLE_NANOSECONDS: u64 = 8;
/// The time constant of the duty's low-pass filter, as a power of two.
const SMOOTHING: u8 = 4;

/// The levels of the input pins in one step.
type Levels = [bool; 4];

/// An input pin on the host, at the level of the current step.
struct HostPin<'l>(&'l Cell<Levels>, usize);

impl digital::ErrorType for HostPin<'_> {
    type Error = Infallible;
}

impl InputPin for HostPin<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.get()[self.1])
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}

/// A PWM output on the host that stores its duty.
struct HostPwm<'d>(&'d Cell<u16>);

impl pwm::ErrorType for HostPwm<'_> {
    type Error = Infallible;
}

impl SetDutyCycle for HostPwm<'_> {
    fn max_duty_cycle(&self) -> u16 {
        PWM_CYCLES
    }

    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), Infallible> {
        self.0.set(duty);
        Ok(())
    }
}

/// Levels that stay for some steps and change at random.
fn script() -> Vec<Levels> {
    let mut random = Pcg32::seed_from_u64(0x919);
    let mut levels = [false; 4];
    let mut step = || {
        levels = levels.map(|level| level ^ random.random_bool(0.3));
        levels
    };
    (0..STEPS).map(|_| step()).collect()
}

/// The duties of both outputs on the host after each step.
fn host_duties(file: &ArtifactFile, script: &[Levels]) -> Vec<[u16; 2]> {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage).unwrap();
    let class = file.artifact().manifest().network.readout.neurons_per_class;
    let (levels, duties) = (Cell::new(script[0]), [Cell::new(0), Cell::new(0)]);
    let pin = |index| HostPin(&levels, index);
    let mut level_encoders = [0, 1].map(|index| LevelEncoder::new(pin(index), index));
    let mut edge_encoders = [(2, 2), (3, 4)].map(|(index, neuron)| EdgeEncoder::new(pin(index), neuron).unwrap());
    let mut actuators = [0, 1]
        .map(|index| DutyActuator::new(HostPwm(&duties[usize::from(index)]), index * class, class, SMOOTHING));
    let step = |now: &Levels| {
        levels.set(*now);
        let mut inputs = [0];
        level_encoders.iter_mut().for_each(|encoder| encoder.encode(&mut inputs).unwrap());
        edge_encoders.iter_mut().for_each(|encoder| encoder.encode(&mut inputs).unwrap());
        network.step(&inputs, &[]);
        let spikes = network.spikes(network.readout_population());
        actuators.iter_mut().for_each(|actuator| actuator.drive(spikes.clone()).unwrap());
        [0, 1].map(|index: usize| duties[index].get())
    };
    let duties = script.iter().map(step).collect();
    let learned = network.plastic_rows(0).flatten().any(|weight| *weight != 0);
    assert!(learned, "nothing was learned, so learning is not compared");
    duties
}

/// The output of `pins.mjs` after each step.
fn emulated_pulses(elf: &Path, script: &[Levels]) -> String {
    let mut emulator = Command::new("node")
        .arg(FirmwareSource::find().unwrap().folder().join("rp2040js/pins.mjs"))
        .arg(elf)
        .args([STEP_PIN, INPUT_PINS, OUTPUT_PINS])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = script.iter().map(|levels| levels.map(|level| if level { "1" } else { "0" }).concat() + "\n");
    let input = lines.collect::<String>();
    emulator.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = emulator.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// A line of `pins.mjs`.
fn pulses(duties: [u16; 2]) -> String {
    let pulse = |duty| match duty {
        PWM_CYCLES.. => "high".to_owned(),
        duty => (u64::from(duty) * CYCLE_NANOSECONDS).to_string(),
    };
    duties.map(pulse).join(" ")
}

#[test]
#[ignore = "needs rp2040js and a core library: tests/run.sh emulator"]
fn pulses_at_the_pins_of_a_pico_are_those_of_the_host() {
    let file = case("event").artifact;
    let script = script();
    let duties = host_duties(&file, &script);
    for output in 0..2 {
        let mut seen: Vec<_> = duties.iter().map(|duties| duties[output]).collect();
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() > 10, "output {output} shows too little: {seen:?}");
    }

    let folder = tempfile::tempdir().unwrap();
    let (artifact, elf) = (folder.path().join("network.plastic"), folder.path().join("pins.elf"));
    file.write(&artifact).unwrap();
    let board = Board::named("pico").unwrap();
    Firmware { board, artifact: &artifact, binary: "pico-pins" }.build(&elf).unwrap();
    let emulated = emulated_pulses(&elf, &script);
    assert_eq!(emulated.lines().count(), STEPS);
    for (step, (pico, host)) in emulated.lines().zip(duties).enumerate() {
        assert_eq!(pico, pulses(host), "step {step}");
    }
}
