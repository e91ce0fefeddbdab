//! The chip's benchmark: counts the instructions of every kernel and of whole steps, and runs both twins of every
//! kernel on the same numbers.
//!
//! For QEMU under `-icount shift=0`, where SysTick counts instructions. Prints a line a measurement:
//!
//! ```text
//! kernel NAME FORM INSTRUCTIONS ELEMENTS EACH      FORM: portable or dsp
//! step NAME median INSTRUCTIONS worst INSTRUCTIONS mean INSTRUCTIONS spikes PRE POST
//! ```
//!
//! and ends with exit code 1 where twins differ. The step's network is the artifact that `build.rs` embeds:
//! `cargo run -p metaplastic-tests --example benchmark_network` writes it.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

mod data;
mod kernels;
mod steps;

use cortex_m::Peripherals;
use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::entry;
use metaplastic_firmware::{ARTIFACT, NetworkPlaces, STATE_WORDS, UNITS_PER_TICK};
use semihosting::{eprintln, process};

use data::Data;

/// The counter's largest value.
const LONGEST: u32 = 0x00ff_ffff;

/// Instructions that `work` takes, to a tick.
fn count(work: &mut dyn FnMut()) -> u32 {
    let before = SYST::get_current();
    work();
    let after = SYST::get_current();
    let (units, ticks) = UNITS_PER_TICK;
    ((u64::from(before.wrapping_sub(after) & LONGEST) * u64::from(units)) / u64::from(ticks)) as u32
}

fn start_counter() -> Option<()> {
    let mut timer = Peripherals::take()?.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(LONGEST);
    timer.clear_current();
    timer.enable_counter();
    Some(())
}

#[entry]
fn main() -> ! {
    static mut DATA: Data = Data::new();
    static mut STATE: [u64; STATE_WORDS] = [0; STATE_WORDS];
    static mut PLACES: NetworkPlaces<'static> = NetworkPlaces::EMPTY;
    if start_counter().is_none() {
        process::exit(2);
    }
    let equal = kernels::measure(DATA, count);
    if let Err(error) = steps::measure(&ARTIFACT.0, PLACES, STATE, count) {
        eprintln!("{error}");
        process::exit(2);
    }
    process::exit(i32::from(!equal))
}
