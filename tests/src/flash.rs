//! A NOR flash in memory that is as strict as the strictest real one, and whose power fails where a test requires
//! it.
//!
//! Writing only clears bits, only in whole units, and each unit once between two erasures, as on an nRF52. Power is
//! counted in bytes erased or written. When it is used up, the operation in progress stays incomplete, and all
//! later operations fail until the power is back.
//!
//! `sequential-storage` has a mock with such a countdown too, but for the asynchronous traits and without garbage
//! in the page or unit of the incomplete operation.

use std::ops::Range;

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// The content that a power cut leaves in the page being erased or the unit being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Bytes before the cut have the new value, bytes after it the old one.
    Clean,
    /// Arbitrary bits in the whole page, or an arbitrary part of the bits to be cleared in the whole unit.
    Garbage,
}

/// The reasons for which the mock refuses an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashError {
    /// Beyond the end, or not aligned.
    Arguments(NorFlashErrorKind),
    /// The unit has been written, or begun to be erased, since its page was erased whole.
    WrittenTwice(usize),
    /// The power is off.
    Power,
    /// The test requires a failure.
    Broken,
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Arguments(kind) => *kind,
            _ => NorFlashErrorKind::Other,
        }
    }
}

/// A flash with read units of `READ`, write units of `WRITE` and pages of `ERASE` bytes.
#[derive(Clone, Debug)]
pub struct MockFlash<const READ: usize, const WRITE: usize, const ERASE: usize> {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Bytes that can still be erased or written; none for no limit.
    pub power: Option<usize>,
    /// The content after a power cut.
    pub cut: Cut,
    /// Erasures of each page.
    pub erasures: Vec<u32>,
    /// Bytes erased and written in all.
    pub worked: usize,
    /// Reads of these bytes fail.
    pub unreadable: Range<usize>,
    /// Reads so far.
    pub reads: usize,
    /// Reads with these numbers, counted from 0, fail.
    pub failing_reads: Range<usize>,
    /// Reads with these numbers flip a bit.
    pub flipping_reads: Range<usize>,
    /// Bits of this byte that are stuck at zero.
    pub stuck: Option<(usize, u8)>,
    /// Units that have not been written since their page was erased whole.
    pub writable: Vec<bool>,
    /// The source of garbage.
    pub random: Pcg32,
}

impl<const READ: usize, const WRITE: usize, const ERASE: usize> MockFlash<READ, WRITE, ERASE> {
    /// A flash that is erased everywhere.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self {
            bytes: vec![0xff; pages * ERASE],
            power: None,
            cut: Cut::Clean,
            erasures: vec![0; pages],
            worked: 0,
            unreadable: 0..0,
            reads: 0,
            failing_reads: 0..0,
            flipping_reads: 0..0,
            stuck: None,
            writable: vec![true; pages * ERASE / WRITE],
            random: Pcg32::seed_from_u64(0xf1a5),
        }
    }

    /// Uses power for at most `bytes` bytes; returns the number of bytes that it suffices for.
    fn work(&mut self, bytes: usize) -> usize {
        let done = self.power.unwrap_or(usize::MAX).min(bytes);
        self.worked += done;
        self.power = self.power.map(|power| power - done);
        done
    }

    fn powered(&self) -> Result<(), FlashError> {
        if self.power == Some(0) { Err(FlashError::Power) } else { Ok(()) }
    }

    fn set(&mut self, at: usize, byte: u8) {
        let stuck = self.stuck.filter(|(address, _)| *address == at).map_or(0, |(_, bits)| bits);
        self.bytes[at] = byte & !stuck;
    }

    fn erase_page(&mut self, page: usize) -> Result<(), FlashError> {
        self.powered()?;
        let done = self.work(ERASE);
        self.erasures[page] += 1;
        self.writable[page * ERASE / WRITE..(page + 1) * ERASE / WRITE].fill(done == ERASE);
        for at in page * ERASE..page * ERASE + done {
            self.set(at, 0xff);
        }
        if done == ERASE {
            return Ok(());
        }
        if self.cut == Cut::Garbage {
            self.random.fill(&mut self.bytes[page * ERASE..(page + 1) * ERASE]);
        }
        Err(FlashError::Power)
    }

    fn write_unit(&mut self, start: usize, bytes: &[u8]) -> Result<(), FlashError> {
        self.powered()?;
        if !std::mem::replace(&mut self.writable[start / WRITE], false) {
            return Err(FlashError::WrittenTwice(start));
        }
        let done = self.work(WRITE);
        for (at, byte) in (start..).zip(bytes) {
            let cleared = self.bytes[at] & byte;
            let byte = match self.cut {
                _ if done == WRITE => cleared,
                Cut::Garbage => self.bytes[at] & (cleared | self.random.random::<u8>()),
                Cut::Clean if at < start + done => cleared,
                Cut::Clean => self.bytes[at],
            };
            self.set(at, byte);
        }
        if done == WRITE { Ok(()) } else { Err(FlashError::Power) }
    }
}

impl<const READ: usize, const WRITE: usize, const ERASE: usize> ErrorType for MockFlash<READ, WRITE, ERASE> {
    type Error = FlashError;
}

impl<const READ: usize, const WRITE: usize, const ERASE: usize> ReadNorFlash for MockFlash<READ, WRITE, ERASE> {
    const READ_SIZE: usize = READ;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len()).map_err(FlashError::Arguments)?;
        self.powered()?;
        let range = offset as usize..offset as usize + bytes.len();
        let number = self.reads;
        self.reads += 1;
        let is_broken = range.start < self.unreadable.end && self.unreadable.start < range.end;
        if is_broken || self.failing_reads.contains(&number) {
            return Err(FlashError::Broken);
        }
        bytes.copy_from_slice(&self.bytes[range]);
        if self.flipping_reads.contains(&number) && !bytes.is_empty() {
            let at = self.random.random_range(0..bytes.len());
            bytes[at] ^= 1 << self.random.random_range(0..8);
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl<const READ: usize, const WRITE: usize, const ERASE: usize> NorFlash for MockFlash<READ, WRITE, ERASE> {
    const WRITE_SIZE: usize = WRITE;
    const ERASE_SIZE: usize = ERASE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to).map_err(FlashError::Arguments)?;
        (from as usize / ERASE..to as usize / ERASE).try_for_each(|page| self.erase_page(page))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len()).map_err(FlashError::Arguments)?;
        let mut units = (offset as usize..).step_by(WRITE).zip(bytes.chunks_exact(WRITE));
        units.try_for_each(|(start, unit)| self.write_unit(start, unit))
    }
}
