//! Proof that saving and loading plastic weights cannot panic: linking fails if a panic is left.
//!
//! It is linked and read (`tests/tests/chip/`), not run. Its flash is the core's timer, which the compiler cannot
//! predict: neither the bytes that are read, nor the failures, nor the region.

#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m::peripheral::SYST;
use cortex_m_rt::entry;
use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use metaplastic_firmware::{ARTIFACT, EMPTY_STORAGE, EmbeddedStorage};
use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_runtime::{Artifact, Freeze, Network, WeightStorage};
use panic_never as _;

/// A flash of timer values.
struct Timer;

/// Fails in some calls.
fn now_and_then() -> Result<(), NorFlashErrorKind> {
    if SYST::get_current() % 2 == 0 { Ok(()) } else { Err(NorFlashErrorKind::Other) }
}

impl ErrorType for Timer {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Timer {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        bytes.fill_with(|| (SYST::get_current() ^ offset) as u8);
        now_and_then()
    }

    fn capacity(&self) -> usize {
        SYST::get_current() as usize
    }
}

impl NorFlash for Timer {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        black_box(from..to);
        now_and_then()
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        black_box((offset, bytes));
        now_and_then()
    }
}

/// Loads plastic weights, learns in one step, saves them.
fn run(network: &mut Network<'_>) {
    let region = SYST::get_current()..SYST::get_current();
    let Ok(mut storage) = SnapshotStorage::new(Timer, region, network) else { return };
    let _ = black_box(WeightStorage::load(&mut storage, network));
    network.begin_episode(Freeze::Nothing);
    network.step(&[SYST::get_current() as u8], &[]);
    let _ = black_box(WeightStorage::save(&mut storage, network));
}

#[entry]
fn main() -> ! {
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    if let Ok(artifact) = Artifact::decode(&ARTIFACT.0)
        && let Ok(mut network) = Network::new(artifact, NETWORK_STORAGE)
    {
        run(&mut network);
    }
    loop {
        cortex_m::asm::wfi();
    }
}
