//! Nordic's nRF52840-DK: its start-up and its pins.
//!
//! | pin | |
//! |---|---|
//! | P0.26, P0.27 | data and clock of the accelerometer and the memory |
//! | P0.11, P0.12, P0.24 | buttons 1 to 3: the machine is in state 0, 1, 2 |
//! | P0.25 | button 4: save what was learned |
//! | P0.13 | LED 1, lit while the machine is in another state than 0 |

#![no_std]
#![no_main]

use core::cell::RefCell;

use cortex_m_rt::entry;
use embedded_hal::digital::PinState;
use nrf52840_hal::gpio::{Level, p0};
use nrf52840_hal::pac::Peripherals;
use nrf52840_hal::twim::{self, Frequency, Twim};
use panic_halt as _;
use starter_firmware::{EMPTY_STORAGE, EmbeddedStorage, Monitor, Pins};

/// Returns if the board's sensor does not answer.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let chip = Peripherals::take()?;
    let port = p0::Parts::new(chip.P0);
    let (data, clock) = (port.p0_26.into_floating_input().degrade(), port.p0_27.into_floating_input().degrade());
    let bus = RefCell::new(Twim::new(chip.TWIM0, twim::Pins { scl: clock, sda: data }, Frequency::K400));
    let mut monitor = Monitor::on_bus(storage, &bus)?;
    monitor.power_up();
    monitor.run(&mut Pins {
        states: [
            port.p0_11.into_pullup_input().degrade(),
            port.p0_12.into_pullup_input().degrade(),
            port.p0_24.into_pullup_input().degrade(),
        ],
        save: port.p0_25.into_pullup_input().degrade(),
        lamp: port.p0_13.into_push_pull_output(Level::High),
        lit: PinState::Low,
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
