//! Firmware for the Raspberry Pi Pico: serves over UART0 at 115200 baud, GP0 to the host computer and GP1 from it.
//! The LED is lit while the network steps.

#![no_std]
#![no_main]

use embedded_io::Read as _;
use metaplastic_firmware::pico::Pico;
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, Instruments, Stopwatch, Uart, UartLine, serve};
use metaplastic_shared::board::BAUD;
use panic_halt as _;
use rp2040_hal::fugit::RateExtU32;
use rp2040_hal::pac::UART0;
use rp2040_hal::uart::{DataBits, Enabled, StopBits, UartConfig, UartPeripheral, ValidUartPinout};
use rp2040_hal::{Clock, entry};

struct Uart0<P: ValidUartPinout<UART0>>(UartPeripheral<Enabled, UART0, P>);

impl<P: ValidUartPinout<UART0>> Uart for Uart0<P> {
    fn receive(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.0.read(&mut byte).is_ok().then_some(byte[0])
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_full_blocking(bytes);
    }
}

/// Returns only if the board's clocks do not start or its artifact was damaged.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let Pico { clocks, pins, mut resets, systick, uart, .. } = Pico::start()?;
    let config = UartConfig::new(BAUD.Hz(), DataBits::Eight, None, StopBits::One);
    let uart = UartPeripheral::new(uart, (pins.gpio0.into_function(), pins.gpio1.into_function()), &mut resets)
        .enable(config, clocks.peripheral_clock.freq())
        .ok()?;
    let (lamp, stopwatch) = (pins.gpio25.into_push_pull_output(), Stopwatch::new(systick));
    // Its flash is written by calls into the boot ROM, for which there is no safe interface.
    serve(storage, &mut UartLine(Uart0(uart)), &mut Instruments { lamp, stopwatch }, &mut ()).ok()
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
