//! The main loop on a Raspberry Pi Pico.
//!
//! | pin | |
//! |---|---|
//! | GP4, GP5 | data and clock of the accelerometer, a LIS3DH |
//! | GP10, GP11, GP12 | buttons to 3.3 V: the machine is in state 0, 1, 2 |
//! | GP25, LED | lit while the machine is in another state than 0 |

#![no_std]
#![no_main]

use embedded_hal::digital::{InputPin, OutputPin};
use metaplastic_runtime::Network;
use panic_halt as _;
use rp2040_hal::clocks::init_clocks_and_plls;
use rp2040_hal::fugit::RateExtU32;
use rp2040_hal::gpio::Pins;
use rp2040_hal::pac::Peripherals;
use rp2040_hal::{Clock, I2C, Sio, Timer, Watchdog, entry};
use starter_firmware::{EMPTY_STORAGE, EmbeddedStorage, Monitor, artifact};

const CRYSTAL_HZ: u32 = 12_000_000;
/// Steps from one answer to the next.
const ANSWER_STEPS: u32 = 20;

/// Returns only if the board does not start or its sensor does not answer.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let chip = Peripherals::take()?;
    let (mut resets, mut watchdog) = (chip.RESETS, Watchdog::new(chip.WATCHDOG));
    let (crystal, system, usb) = (chip.XOSC, chip.PLL_SYS, chip.PLL_USB);
    let clocks =
        init_clocks_and_plls(CRYSTAL_HZ, crystal, chip.CLOCKS, system, usb, &mut resets, &mut watchdog).ok()?;
    let pins = Pins::new(chip.IO_BANK0, chip.PADS_BANK0, Sio::new(chip.SIO).gpio_bank0, &mut resets);
    let (data, clock) = (pins.gpio4.reconfigure(), pins.gpio5.reconfigure());
    let bus = I2C::i2c0(chip.I2C0, data, clock, 400.kHz(), &mut resets, clocks.system_clock.freq());
    let mut buttons = [
        pins.gpio10.into_pull_down_input().into_dyn_pin(),
        pins.gpio11.into_pull_down_input().into_dyn_pin(),
        pins.gpio12.into_pull_down_input().into_dyn_pin(),
    ];
    let mut lamp = pins.gpio25.into_push_pull_output();
    let timer = Timer::new(chip.TIMER, &mut resets, &clocks);
    let network = Network::new(artifact().ok()?, storage).ok()?;
    let mut monitor = Monitor::start(network, bus, timer).ok()?;
    loop {
        for _ in 0..ANSWER_STEPS {
            let label = buttons.iter_mut().position(|button| button.is_high().unwrap_or(false));
            monitor.step(label).ok()?;
        }
        lamp.set_state((monitor.answer() != 0).into()).ok()?;
    }
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
