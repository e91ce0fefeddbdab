//! The Raspberry Pi Pico's start-up, shared by its binaries: it starts the clocks and makes the pins available.

use rp2040_hal::clocks::{ClocksManager, init_clocks_and_plls};
use rp2040_hal::gpio::Pins;
use rp2040_hal::pac::{PWM, Peripherals, RESETS, SYST, UART0};
use rp2040_hal::{Sio, Watchdog};

const CRYSTAL_HZ: u32 = 12_000_000;

/// A Pico after its start-up.
#[allow(missing_debug_implementations, reason = "peripherals have nothing to show")]
pub struct Pico {
    /// Its clocks: the system's at 125 MHz, the peripherals' too.
    pub clocks: ClocksManager,
    /// Its pins, none in use.
    pub pins: Pins,
    /// The PWM slices, not yet brought up.
    pub pwm: PWM,
    /// The resets of the peripherals.
    pub resets: RESETS,
    /// The core's timer, not yet running.
    pub systick: SYST,
    /// The UART, not yet brought up.
    pub uart: UART0,
}

impl Pico {
    /// Starts the clocks; `None` if they do not start, or if the peripherals are taken already.
    #[must_use]
    pub fn start() -> Option<Self> {
        let (chip, core) = (Peripherals::take()?, cortex_m::Peripherals::take()?);
        let (mut resets, mut watchdog) = (chip.RESETS, Watchdog::new(chip.WATCHDOG));
        let (crystal, system, usb) = (chip.XOSC, chip.PLL_SYS, chip.PLL_USB);
        let clocks =
            init_clocks_and_plls(CRYSTAL_HZ, crystal, chip.CLOCKS, system, usb, &mut resets, &mut watchdog).ok()?;
        let pins = Pins::new(chip.IO_BANK0, chip.PADS_BANK0, Sio::new(chip.SIO).gpio_bank0, &mut resets);
        Some(Self { clocks, pins, pwm: chip.PWM, resets, systick: core.SYST, uart: chip.UART0 })
    }
}
