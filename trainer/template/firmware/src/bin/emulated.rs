//! The main loop on an emulated board: the sensor reads what the test sends, and answers go back.
//!
//! Standard input is a byte of a request, the number of a state for a step with its label, or one of the constants; samples
//! follow those of steps. At its end, the hash of the network's state is printed.

#![no_std]
#![no_main]

use core::convert::Infallible;

use cortex_m_rt::entry;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{ErrorType, I2c, Operation};
use metaplastic_runtime::Network;
use semihosting::io::{Read, Stdin};
use semihosting::{io, println, process};
use starter_firmware::{EMPTY_STORAGE, EmbeddedStorage, Monitor, artifact};

/// A step without a label.
const UNLABELLED: u8 = 255;
/// An answer is wanted.
const ANSWER: u8 = 254;

/// A sensor that reads from standard input. There is nothing else on its bus.
struct Played(Stdin);

impl ErrorType for Played {
    type Error = Infallible;
}

impl I2c for Played {
    fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), Infallible> {
        for operation in operations {
            if let Operation::Read(bytes) = operation {
                fill(&mut self.0, bytes);
            }
        }
        Ok(())
    }
}

/// The samples are there already.
struct NoDelay;

impl DelayNs for NoDelay {
    fn delay_ns(&mut self, _: u32) {}
}

/// Whether there were bytes enough; what is missing stays as it is.
fn fill(input: &mut Stdin, bytes: &mut [u8]) -> bool {
    let mut filled = 0;
    while filled < bytes.len() {
        match input.read(&mut bytes[filled..]) {
            Ok(read) if read > 0 => filled += read,
            _ => return false,
        }
    }
    true
}

fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let (mut requests, sensor) = (io::stdin().ok()?, io::stdin().ok()?);
    let network = Network::new(artifact().ok()?, storage).ok()?;
    let mut monitor = Monitor::start(network, Played(sensor), NoDelay).ok()?;
    let mut request = [0];
    while fill(&mut requests, &mut request) {
        match request[0] {
            ANSWER => println!("answer {}", monitor.answer()),
            UNLABELLED => monitor.step(None).ok()?,
            state => monitor.step(Some(state.into())).ok()?,
        }
    }
    println!("hash {:016x}", monitor.state_hash());
    Some(())
}

#[entry]
fn main() -> ! {
    // In RAM for the whole program, so that linking checks that it fits; `entry` makes it a `&'static mut`.
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    match run(NETWORK_STORAGE) {
        Some(()) => process::exit(0),
        None => process::exit(1),
    }
}
