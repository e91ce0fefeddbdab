//! Fujitsu's memory MB85RC256V on an I2C bus: 32 KB that keep what was learned without power, and do not wear out.
//!
//! It stands in for flash, so that the same code saves on every board. A board whose own flash has a driver, any
//! [`NorFlash`], needs no such memory: give [`Monitor`](crate::Monitor) that.

use embedded_hal::i2c::I2c;
use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};

/// Its address, with its three address pins low.
pub const FRAM: u8 = 0x50;
/// Its size.
pub const FRAM_BYTES: usize = 0x8000;
/// Bytes of a message, behind two of the position in the memory.
const CHUNK: usize = 32;

/// The memory.
pub struct Fram<B>(B);

impl<B: I2c> Fram<B> {
    /// On this bus. Nothing is read or written yet.
    pub fn new(bus: B) -> Self {
        Self(bus)
    }

    fn send(&mut self, offset: usize, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        let mut message = [0; 2 + CHUNK];
        message[..2].copy_from_slice(&position(offset));
        message[2..2 + bytes.len()].copy_from_slice(bytes);
        self.0.write(FRAM, &message[..2 + bytes.len()]).map_err(|_| NorFlashErrorKind::Other)
    }
}

fn position(offset: usize) -> [u8; 2] {
    (offset as u16).to_be_bytes()
}

impl<B> ErrorType for Fram<B> {
    type Error = NorFlashErrorKind;
}

impl<B: I2c> ReadNorFlash for Fram<B> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        self.0.write_read(FRAM, &position(offset as usize), bytes).map_err(|_| NorFlashErrorKind::Other)
    }

    fn capacity(&self) -> usize {
        FRAM_BYTES
    }
}

impl<B: I2c> NorFlash for Fram<B> {
    const WRITE_SIZE: usize = 1;
    const ERASE_SIZE: usize = 256;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        (from as usize..to as usize).step_by(CHUNK).try_for_each(|offset| self.send(offset, &[0xff; CHUNK]))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        let offsets = (offset as usize..).step_by(CHUNK);
        offsets.zip(bytes.chunks(CHUNK)).try_for_each(|(offset, chunk)| self.send(offset, chunk))
    }
}
