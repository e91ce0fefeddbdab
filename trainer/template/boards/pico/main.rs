//! A Raspberry Pi Pico: its start-up and its pins.
//!
//! | pin | |
//! |---|---|
//! | GP4, GP5 | data and clock of the accelerometer and the memory |
//! | GP10, GP11, GP12 | buttons to ground: the machine is in state 0, 1, 2 |
//! | GP13 | a button to ground: save what was learned |
//! | GP25, LED | lit while the machine is in another state than 0 |

#![no_std]
#![no_main]

use core::cell::RefCell;

use embedded_hal::digital::PinState;
use panic_halt as _;
use rp2040_hal::clocks::init_clocks_and_plls;
use rp2040_hal::fugit::RateExtU32;
use rp2040_hal::pac::Peripherals;
use rp2040_hal::{Clock, I2C, Sio, Watchdog, entry, gpio};
use starter_firmware::{EMPTY_STORAGE, EmbeddedStorage, Monitor, Pins};

const CRYSTAL_HZ: u32 = 12_000_000;

/// Returns if the board does not start or its sensor does not answer.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let chip = Peripherals::take()?;
    let (mut resets, mut watchdog) = (chip.RESETS, Watchdog::new(chip.WATCHDOG));
    let (crystal, system, usb) = (chip.XOSC, chip.PLL_SYS, chip.PLL_USB);
    let clocks =
        init_clocks_and_plls(CRYSTAL_HZ, crystal, chip.CLOCKS, system, usb, &mut resets, &mut watchdog).ok()?;
    let pins = gpio::Pins::new(chip.IO_BANK0, chip.PADS_BANK0, Sio::new(chip.SIO).gpio_bank0, &mut resets);
    let (data, clock) = (pins.gpio4.reconfigure(), pins.gpio5.reconfigure());
    let bus = I2C::i2c0(chip.I2C0, data, clock, 400.kHz(), &mut resets, clocks.system_clock.freq());
    let bus = RefCell::new(bus);
    let mut monitor = Monitor::on_bus(storage, &bus)?;
    monitor.power_up();
    monitor.run(&mut Pins {
        states: [
            pins.gpio10.into_pull_up_input().into_dyn_pin(),
            pins.gpio11.into_pull_up_input().into_dyn_pin(),
            pins.gpio12.into_pull_up_input().into_dyn_pin(),
        ],
        save: pins.gpio13.into_pull_up_input().into_dyn_pin(),
        lamp: pins.gpio25.into_push_pull_output(),
        lit: PinState::High,
    });
    None
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
