//! A byte stream over a UART, for boards that are wired to the host computer.
//!
//! The stream never ends. A damaged byte is dropped; its frame then fails the CRC and is refused.

use core::convert::Infallible;

use embedded_io::{ErrorType, Read, Write};

/// A blocking UART.
pub trait Uart {
    /// Waits for a byte; `None` if it was damaged on the way.
    fn receive(&mut self) -> Option<u8>;

    /// Returns when the last byte has been handed to the transmitter.
    fn send(&mut self, bytes: &[u8]);
}

/// The byte stream over a UART.
#[derive(Debug)]
pub struct UartLine<U>(pub U);

impl<U> ErrorType for UartLine<U> {
    type Error = Infallible;
}

impl<U: Uart> Read for UartLine<U> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        loop {
            if let Some(byte) = self.0.receive() {
                *first = byte;
                return Ok(1);
            }
        }
    }
}

impl<U: Uart> Write for UartLine<U> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        self.0.send(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
