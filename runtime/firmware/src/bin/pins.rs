//! An example without a wire: two input pins drive a network, its answer drives an output pin and a PWM duty.
//!
//! It runs on the emulated boards, whose pins are made of semihosting's standard input and output. Each byte read is the
//! levels of a step, bit 0 of the first pin and bit 1 of the second; the first byte is the levels before the first step.
//! Each step prints `LEVEL DUTY`, the output pin's level and the duty of 1000. On another board, only the pins change.

#![no_std]
#![no_main]

use core::cell::Cell;
use core::convert::Infallible;

use cortex_m_rt::entry;
use embedded_hal::digital::{ErrorType, InputPin, OutputPin};
use embedded_hal::pwm::{ErrorType as PwmErrorType, SetDutyCycle};
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, network};
use metaplastic_runtime::Network;
use metaplastic_runtime::hal::{DutyActuator, EdgeEncoder, LevelEncoder, PinActuator};
use semihosting::io::{self, Read as _, Stdin};
use semihosting::{eprintln, println, process};

/// Input neurons: the first pin's level, and two of the second pin's edges.
const LEVEL_NEURON: usize = 0;
const EDGE_NEURON: usize = 1;
/// The neurons of the readout that the duty is made of, and its smoothing.
const FIRST: u16 = 0;
const COUNT: u16 = 2;
const SMOOTHING: u8 = 2;
/// The largest duty.
const FULL: u16 = 1000;
/// Bytes of a step's input spikes, at most.
const INPUT_BYTES: usize = 64;

/// An input pin: a bit of the levels that were read last.
struct Level<'c> {
    levels: &'c Cell<u8>,
    bit: u8,
}

impl ErrorType for Level<'_> {
    type Error = Infallible;
}

impl InputPin for Level<'_> {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.levels.get() >> self.bit & 1 == 1)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}

/// An output pin, or a PWM duty, whose value is printed.
struct Printed<'c>(&'c Cell<u16>);

impl ErrorType for Printed<'_> {
    type Error = Infallible;
}

impl OutputPin for Printed<'_> {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.set(0);
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.set(1);
        Ok(())
    }
}

/// The duty of 0 to [`FULL`].
struct Duty<'c>(&'c Cell<u16>);

impl PwmErrorType for Duty<'_> {
    type Error = Infallible;
}

impl SetDutyCycle for Duty<'_> {
    fn max_duty_cycle(&self) -> u16 {
        FULL
    }

    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), Infallible> {
        self.0.set(duty);
        Ok(())
    }
}

/// The levels of the next step; none at the end of the input.
fn read_levels(input: &mut Stdin) -> io::Result<Option<u8>> {
    let mut levels = [0];
    Ok((input.read(&mut levels)? == 1).then_some(levels[0]))
}

/// From pins to pins, a step for each byte of the input.
fn run(network: &mut Network<'_>, input: &mut Stdin) -> io::Result<()> {
    let (levels, level, duty) = (Cell::new(0), Cell::new(0), Cell::new(0));
    levels.set(read_levels(input)?.unwrap_or(0));
    let mut first = LevelEncoder::new(Level { levels: &levels, bit: 0 }, LEVEL_NEURON);
    let Ok(mut second) = EdgeEncoder::new(Level { levels: &levels, bit: 1 }, EDGE_NEURON);
    let mut answer = PinActuator::new(Printed(&level), FIRST);
    let mut strength = DutyActuator::new(Duty(&duty), FIRST, COUNT, SMOOTHING);
    while let Some(read) = read_levels(input)? {
        levels.set(read);
        let mut spikes = [0; INPUT_BYTES];
        let Ok(()) = first.encode(&mut spikes);
        let Ok(()) = second.encode(&mut spikes);
        network.step(&spikes, &[]);
        let Ok(()) = answer.drive(network.spikes(network.readout_population()));
        let Ok(()) = strength.drive(network.spikes(network.readout_population()));
        println!("{} {}", level.get(), duty.get());
    }
    Ok(())
}

#[entry]
fn main() -> ! {
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    let ended = match network::<Infallible>(NETWORK_STORAGE) {
        Ok(mut network) => io::stdin().and_then(|mut input| run(&mut network, &mut input)).is_ok(),
        Err(failure) => {
            eprintln!("{failure}");
            false
        }
    };
    process::exit(i32::from(!ended))
}
