//! The main loop on an emulated board: its bus has the same sensor and the same memory, its people and its machine are what
//! the test writes to standard input.
//!
//! A record there is a step: its label, or a constant; whether to save; the samples. What the board does is printed and, at
//! the end, the hash of the network's state.

#![no_std]
#![no_main]

use core::cell::RefCell;

use cortex_m_rt::entry;
use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, Operation};
use semihosting::io::{Read, Stdin};
use semihosting::{io, println, process};
use starter_encoder::{SAMPLES, STATES};
use starter_firmware::{
    ACCELEROMETER, ControlPanel, EMPTY_STORAGE, EmbeddedStorage, FIFO_LEVEL, FRAM, FRAM_BYTES, Monitor,
};

/// In place of a label: the power is cut before this step.
const OFF: u8 = 254;
const RECORD: usize = 2 + 2 * SAMPLES;

/// The bus has no power.
#[derive(Debug)]
struct Off;

impl Error for Off {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// The bus, and what is written to standard input.
struct PlayedBus {
    input: Stdin,
    record: [u8; RECORD],
    /// Bytes of the record that were read.
    read: usize,
    is_on: bool,
    is_over: bool,
    memory: &'static mut [u8; FRAM_BYTES],
}

impl PlayedBus {
    fn next_record(&mut self) {
        self.is_over = !fill(&mut self.input, &mut self.record);
        self.is_on = !self.is_over && self.record[0] != OFF;
        self.read = 2;
    }

    fn sense(&mut self, register: u8, bytes: &mut [u8]) -> Result<(), Off> {
        bytes.fill(0);
        if register != FIFO_LEVEL {
            let z = self.record.get(self.read..self.read + 2).filter(|_| self.is_on).ok_or(Off)?;
            bytes[4..].copy_from_slice(z);
            self.read += 2;
        }
        Ok(())
    }

    fn memory_at(&mut self, position: [u8; 2], length: usize) -> Result<&mut [u8], Off> {
        let start = usize::from(u16::from_be_bytes(position));
        self.memory.get_mut(start..start + length).ok_or(Off)
    }
}

impl ErrorType for PlayedBus {
    type Error = Off;
}

impl I2c for PlayedBus {
    fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), Off> {
        match (address, operations) {
            // A setting of the sensor.
            (ACCELEROMETER, [Operation::Write([_, _])]) => {}
            (ACCELEROMETER, [Operation::Write([register]), Operation::Read(bytes)]) => {
                self.sense(*register, bytes)?
            }
            (FRAM, [Operation::Write([high, low, bytes @ ..])]) => {
                self.memory_at([*high, *low], bytes.len())?.copy_from_slice(bytes);
            }
            (FRAM, [Operation::Write([high, low]), Operation::Read(bytes)]) => {
                let kept = self.memory_at([*high, *low], bytes.len())?;
                bytes.copy_from_slice(kept);
            }
            _ => return Err(Off),
        }
        Ok(())
    }
}

/// Whether there were bytes enough.
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

/// The people.
struct Script<'b>(&'b RefCell<PlayedBus>);

impl ControlPanel for Script<'_> {
    fn label(&mut self) -> Option<usize> {
        let mut bus = self.0.borrow_mut();
        bus.next_record();
        Some(bus.record[0].into()).filter(|state| *state < STATES)
    }

    fn act(&mut self, state: usize) {
        println!("state {state}");
    }

    fn is_save_wanted(&mut self) -> bool {
        self.0.borrow().record[1] != 0
    }

    fn show_saved(&mut self, is_saved: bool) {
        println!("saved {is_saved}");
    }
}

fn run(storage: &'static mut EmbeddedStorage<'static>, memory: &'static mut [u8; FRAM_BYTES]) -> Option<()> {
    let input = io::stdin().ok()?;
    let bus = PlayedBus { input, record: [0; RECORD], read: 0, is_on: true, is_over: false, memory };
    let bus = RefCell::new(bus);
    let mut monitor = Monitor::on_bus(storage, &bus)?;
    while !bus.borrow().is_over {
        monitor.power_up();
        monitor.run(&mut Script(&bus));
    }
    println!("hash {:016x}", monitor.state_hash());
    Some(())
}

#[entry]
fn main() -> ! {
    // In RAM for the whole program, so that linking checks that it fits; `entry` makes each a `&'static mut`.
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    static mut MEMORY: [u8; FRAM_BYTES] = [0; FRAM_BYTES];
    match run(NETWORK_STORAGE, MEMORY) {
        Some(()) => process::exit(0),
        None => process::exit(1),
    }
}
