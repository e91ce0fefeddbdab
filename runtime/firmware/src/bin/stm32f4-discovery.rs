//! Firmware for ST's STM32F4-Discovery (STM32F407): serves over USART2 at 115200 baud, PA2 to the host computer and
//! PA3 from it. The green LED is lit while the network steps. The core runs at 168 MHz. Learned weights are saved
//! in the last two sectors of flash; the core stands still while one is erased.

#![no_std]
#![no_main]

use core::convert::Infallible;

use cortex_m_rt::entry;
use embedded_storage::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
use metaplastic_firmware::{
    EMPTY_STORAGE, EmbeddedStorage, Instruments, STORAGE, Stopwatch, Uart, UartLine, network,
};
use metaplastic_runtime::serve;
use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_shared::board::BAUD;
use panic_halt as _;
use stm32f4xx_hal::flash::{Error, FlashExt, LockedFlash, UnlockedFlash};
use stm32f4xx_hal::nb::block;
use stm32f4xx_hal::pac::{Peripherals, USART2};
use stm32f4xx_hal::prelude::*;
use stm32f4xx_hal::rcc::Config;
use stm32f4xx_hal::serial::Serial;
use stm32f4xx_hal::serial::config::Config as Format;

struct Usart2(Serial<USART2>);

impl Uart for Usart2 {
    fn receive(&mut self) -> Option<u8> {
        block!(self.0.read()).ok()
    }

    fn send(&mut self, bytes: &[u8]) {
        // Sending cannot fail: the USART has no error to report.
        let _ = self.0.bwrite_all(bytes);
    }
}

/// The flash, locked except while it is erased or written.
struct Flash(LockedFlash);

impl ErrorType for Flash {
    type Error = Error;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = <LockedFlash as ReadNorFlash>::READ_SIZE;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Error> {
        ReadNorFlash::read(&mut self.0, offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = <UnlockedFlash<'_> as NorFlash>::WRITE_SIZE;
    const ERASE_SIZE: usize = <UnlockedFlash<'_> as NorFlash>::ERASE_SIZE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Error> {
        NorFlash::erase(&mut self.0.unlocked(), from, to)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Error> {
        self.0.unlocked().write(offset, bytes)
    }
}

/// Returns only if the board's artifact was damaged.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let (chip, core) = (Peripherals::take()?, cortex_m::Peripherals::take()?);
    let mut clocks = chip.RCC.freeze(Config::hse(8.MHz()).sysclk(168.MHz()));
    let (port_a, port_d) = (chip.GPIOA.split(&mut clocks), chip.GPIOD.split(&mut clocks));
    let format = Format::default().baudrate(BAUD.bps());
    let uart = chip.USART2.serial((port_a.pa2, port_a.pa3), format, &mut clocks).ok()?;
    let (lamp, stopwatch) = (port_d.pd12.into_push_pull_output(), Stopwatch::new(core.SYST));
    let mut network = network::<Infallible>(storage).ok()?;
    let mut weights = SnapshotStorage::new(Flash(LockedFlash::new(chip.FLASH)), STORAGE, &network).ok();
    let mut instruments = Instruments { lamp, stopwatch };
    serve(&mut network, &mut UartLine(Usart2(uart)), &mut instruments, &mut weights).ok()
}

#[entry]
fn main() -> ! {
    // In RAM for the whole program, so that linking checks that it fits; `entry` makes it a `&'static mut`.
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    run(NETWORK_STORAGE);
    loop {
        cortex_m::asm::wfi();
    }
}
