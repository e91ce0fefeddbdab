//! Firmware for Nordic's nRF52840-DK: serves at 115200 baud over the UART that the board's J-Link shows as a serial
//! port, P0.06 to the host computer and P0.08 from it. LED1 is lit while the network steps.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use metaplastic_firmware::{
    EMPTY_STORAGE, EmbeddedStorage, Instruments, Inverted, Stopwatch, Uart, UartLine, serve,
};
use nrf52840_hal::Clocks;
use nrf52840_hal::gpio::{Level, p0};
use nrf52840_hal::pac::{Peripherals, UARTE0};
use nrf52840_hal::uarte::{Baudrate, Parity, Pins, Uarte};
use panic_halt as _;

struct Uarte0(Uarte<UARTE0>);

impl Uart for Uarte0 {
    fn receive(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.0.read(&mut byte).is_ok().then_some(byte[0])
    }

    fn send(&mut self, bytes: &[u8]) {
        // The driver refuses only slices that are not in RAM, empty or too long. An answer is in RAM and short.
        let _ = self.0.write(bytes);
    }
}

/// Returns only if the board's artifact was damaged.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let (chip, core) = (Peripherals::take()?, cortex_m::Peripherals::take()?);
    // The crystal: the chip's own oscillator is too inexact for a UART.
    let _clocks = Clocks::new(chip.CLOCK).enable_ext_hfosc();
    let port = p0::Parts::new(chip.P0);
    let pins = Pins {
        txd: port.p0_06.into_push_pull_output(Level::High).degrade(),
        rxd: port.p0_08.into_floating_input().degrade(),
        cts: None,
        rts: None,
    };
    let uart = Uarte::new(chip.UARTE0, pins, Parity::EXCLUDED, Baudrate::BAUD115200);
    let lamp = Inverted(port.p0_13.into_push_pull_output(Level::High));
    // The HAL's flash driver requires a mutable slice of flash, which no safe code can make.
    let mut instruments = Instruments { lamp, stopwatch: Stopwatch::new(core.SYST) };
    serve(storage, &mut UartLine(Uarte0(uart)), &mut instruments, &mut ()).ok()
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
