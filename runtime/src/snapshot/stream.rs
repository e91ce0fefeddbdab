//! A slot's bytes in order, through one window on the stack: reads and writes reach the flash aligned, each write
//! unit once, and every byte that passes enters a CRC-32.

use crc::Digest;
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use metaplastic_shared::checksum::CRC;

use super::error::{Action, SnapshotError};
use super::layout::{ERASED, SnapshotSlot, WINDOW, padded};

/// The index in the window of a byte of the slot.
fn window_offset(at: u32) -> usize {
    at as usize % WINDOW
}

/// Reads a slot from its first byte on.
pub(super) struct SlotReader<'f, F> {
    flash: &'f mut F,
    slot: SnapshotSlot,
    at: u32,
    window: [u8; WINDOW],
    digest: Digest<'static, u32>,
}

impl<'f, F: ReadNorFlash> SlotReader<'f, F> {
    pub(super) fn new(flash: &'f mut F, slot: SnapshotSlot) -> Self {
        Self { flash, slot, at: 0, window: [0; WINDOW], digest: CRC.digest() }
    }

    // Not inlined, like `put`: the flash limits the speed, so code size counts.
    #[inline(never)]
    pub(super) fn byte(&mut self) -> Result<u8, SnapshotError> {
        if window_offset(self.at) == 0 {
            self.fill()?;
        }
        let truncated = SnapshotError::Truncated { slot: self.slot.length };
        let byte =
            self.window.get(window_offset(self.at)).filter(|_| self.at < self.slot.length).ok_or(truncated)?;
        self.digest.update(&[*byte]);
        self.at = self.at.wrapping_add(1);
        Ok(*byte)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(bytes)
    }

    /// Reads on to a multiple of `unit`. Returns the last byte on the way that is not erased, if there is one.
    pub(super) fn pass_padding(&mut self, unit: u16) -> Result<Option<u8>, SnapshotError> {
        let mut written = None;
        while self.at < padded(self.at, unit) {
            written = Some(self.byte()?).filter(|byte| *byte != ERASED).or(written);
        }
        Ok(written)
    }

    /// CRC-32 of all bytes read so far.
    pub(super) fn checksum(&self) -> u32 {
        self.digest.clone().finalize()
    }

    /// Reads the next window, or the part of it within the slot.
    fn fill(&mut self) -> Result<(), SnapshotError> {
        let left = self.slot.length.saturating_sub(self.at) as usize;
        let window = self.window.get_mut(..left.min(WINDOW)).unwrap_or_default();
        let offset = self.slot.start.wrapping_add(self.at);
        self.flash.read(offset, window).map_err(Action::Read.failed(offset))
    }
}

/// Writes a slot from its first byte on.
pub(super) struct Writer<'f, F> {
    flash: &'f mut F,
    slot: SnapshotSlot,
    unit: u16,
    at: u32,
    /// Bytes that have reached the flash, a multiple of the unit.
    written: u32,
    window: [u8; WINDOW],
    digest: Digest<'static, u32>,
}

impl<'f, F: NorFlash> Writer<'f, F> {
    pub(super) fn new(flash: &'f mut F, slot: SnapshotSlot, unit: u16) -> Self {
        Self { flash, slot, unit, at: 0, written: 0, window: [ERASED; WINDOW], digest: CRC.digest() }
    }

    #[inline(never)]
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        self.digest.update(bytes);
        for byte in bytes {
            if let Some(slot) = self.window.get_mut(window_offset(self.at)) {
                *slot = *byte;
            }
            self.at = self.at.wrapping_add(1);
            if window_offset(self.at) == 0 {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Pads with erased bytes to a multiple of the unit and writes what is still in the window.
    pub(super) fn end_unit(&mut self) -> Result<(), SnapshotError> {
        while self.at < padded(self.at, self.unit) {
            self.put(&[ERASED])?;
        }
        if self.written == self.at { Ok(()) } else { self.flush() }
    }

    /// CRC-32 of all bytes put so far, once they have been read back.
    pub(super) fn read_back(&mut self) -> Result<u32, SnapshotError> {
        let mut reader = SlotReader::new(&mut *self.flash, self.slot);
        for _ in 0..self.at {
            reader.byte()?;
        }
        let put = self.digest.clone().finalize();
        if reader.checksum() == put { Ok(put) } else { Err(SnapshotError::Verify) }
    }

    fn flush(&mut self) -> Result<(), SnapshotError> {
        let start = window_offset(self.written);
        let end = start.saturating_add(self.at.wrapping_sub(self.written) as usize);
        let offset = self.slot.start.wrapping_add(self.written);
        let bytes = self.window.get(start..end).unwrap_or_default();
        self.written = self.at;
        self.flash.write(offset, bytes).map_err(Action::Write.failed(offset))
    }
}
