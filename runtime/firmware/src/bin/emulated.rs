//! Firmware for the emulated boards: serves one artifact over semihosting's standard input and output.
//!
//! When the host computer closes its end of the stream, the program ends with exit code 0; a panic ends it with
//! 101.

#![no_std]
#![no_main]

use core::fmt;

use cortex_m_rt::entry;
use embedded_io::{Error, ErrorKind, ErrorType, Read, Write};
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, Failure, Stopwatch, serve};
use metaplastic_runtime::ServeError;
use semihosting::io::{Read as _, Stdin, Stdout, Write as _};
use semihosting::{eprintln, io, process};

/// The byte stream to the host computer: QEMU's own standard input and output.
struct Console {
    input: Stdin,
    output: Stdout,
}

/// The host refused to read or write.
#[derive(Debug)]
struct ConsoleError(io::Error);

impl fmt::Display for ConsoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "semihosting: {}", self.0)
    }
}

impl core::error::Error for ConsoleError {}

impl Error for ConsoleError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

impl ErrorType for Console {
    type Error = ConsoleError;
}

impl Read for Console {
    /// Waits for the first byte and returns what is there; 0 when the host computer has closed the stream.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ConsoleError> {
        self.input.read(buffer).map_err(ConsoleError)
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ConsoleError> {
        self.output.write(bytes).map_err(ConsoleError)
    }

    /// Nothing to do: every write has reached the host when it returns.
    fn flush(&mut self) -> Result<(), ConsoleError> {
        Ok(())
    }
}

fn console() -> Result<Console, ConsoleError> {
    let input = io::stdin().map_err(ConsoleError)?;
    let output = io::stdout().map_err(ConsoleError)?;
    Ok(Console { input, output })
}

fn run(storage: &'static mut EmbeddedStorage<'static>) -> Result<(), Failure<ConsoleError>> {
    let mut stream = console().map_err(|error| Failure::Serve(ServeError::Stream(error)))?;
    match cortex_m::Peripherals::take() {
        Some(core) => serve(storage, &mut stream, &mut Stopwatch::new(core.SYST), &mut ()),
        None => serve(storage, &mut stream, &mut (), &mut ()),
    }
}

#[entry]
fn main() -> ! {
    // In RAM for the whole program, so that linking checks that they fit; `entry` makes each a `&'static mut`.
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    match run(NETWORK_STORAGE) {
        Ok(()) => process::exit(0),
        Err(failure) => {
            eprintln!("{failure}");
            process::exit(1)
        }
    }
}
