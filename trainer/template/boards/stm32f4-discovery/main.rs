//! ST's STM32F4-Discovery: its start-up and its pins.
//!
//! | pin | |
//! |---|---|
//! | PB9, PB6 | data and clock of the accelerometer and the memory |
//! | PD0, PD1, PD2 | buttons to ground: the machine is in state 0, 1, 2 |
//! | PD3 | a button to ground: save what was learned |
//! | PD12 | the green LED, lit while the machine is in another state than 0 |

#![no_std]
#![no_main]

use core::cell::RefCell;

use cortex_m_rt::entry;
use embedded_hal::digital::PinState;
use panic_halt as _;
use starter_firmware::{EMPTY_STORAGE, EmbeddedStorage, Monitor, Pins};
use stm32f4xx_hal::pac::Peripherals;
use stm32f4xx_hal::prelude::*;
use stm32f4xx_hal::rcc::Config;

/// Returns if the board's sensor does not answer.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let chip = Peripherals::take()?;
    let mut clocks = chip.RCC.freeze(Config::hse(8.MHz()).sysclk(168.MHz()));
    let (port_b, port_d) = (chip.GPIOB.split(&mut clocks), chip.GPIOD.split(&mut clocks));
    let bus = RefCell::new(chip.I2C1.i2c((port_b.pb6, port_b.pb9), 400.kHz(), &mut clocks));
    let mut monitor = Monitor::on_bus(storage, &bus)?;
    monitor.power_up();
    monitor.run(&mut Pins {
        states: [
            port_d.pd0.into_pull_up_input().erase(),
            port_d.pd1.into_pull_up_input().erase(),
            port_d.pd2.into_pull_up_input().erase(),
        ],
        save: port_d.pd3.into_pull_up_input().erase(),
        lamp: port_d.pd12.into_push_pull_output(),
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
