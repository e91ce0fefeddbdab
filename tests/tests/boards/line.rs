//! A serial port that is a pseudo-terminal.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serialport::{SerialPort, TTYPort};

/// A port that programs can open by its name until this is dropped.
pub(crate) struct TestPort {
    pub(crate) host: TTYPort,
    hung_up: Arc<AtomicBool>,
}

/// The board's end of a line; its stream ends when the line is hung up.
pub(crate) struct FarEnd {
    port: TTYPort,
    hung_up: Arc<AtomicBool>,
}

impl TestPort {
    pub(crate) fn new() -> (Self, FarEnd) {
        let (port, host) = TTYPort::pair().unwrap();
        let hung_up = Arc::new(AtomicBool::new(false));
        (Self { host, hung_up: hung_up.clone() }, FarEnd { port, hung_up })
    }

    pub(crate) fn port(&self) -> String {
        self.host.name().unwrap()
    }
}

impl Drop for TestPort {
    fn drop(&mut self) {
        self.hung_up.store(true, Ordering::Relaxed);
    }
}

impl FarEnd {
    /// Another handle of the same end.
    pub(crate) fn again(&self) -> Self {
        Self { port: self.port.try_clone_native().unwrap(), hung_up: self.hung_up.clone() }
    }
}

impl Read for FarEnd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.port.read(buffer) {
                Err(_) if self.hung_up.load(Ordering::Relaxed) => return Ok(0),
                Err(error) if error.kind() == ErrorKind::TimedOut => {}
                result => return result,
            }
        }
    }
}

impl Write for FarEnd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.port.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.port.flush()
    }
}
