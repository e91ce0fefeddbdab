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
use semihosting::{eprintln, process};

use data::Data;

#[repr(C, align(8))]
struct Aligned<T>(T);

include!(concat!(env!("OUT_DIR"), "/artifact.rs"));

/// SysTick's period under `-icount shift=0`, in instructions; the boards with a clock of 25 MHz.
const INSTRUCTIONS_A_TICK: u32 = 40;
const LONGEST: u32 = 0x00ff_ffff;

/// Instructions that `work` takes, to a tick.
fn count(work: &mut dyn FnMut()) -> u32 {
    let before = SYST::get_current();
    work();
    let after = SYST::get_current();
    (before.wrapping_sub(after) & LONGEST) * INSTRUCTIONS_A_TICK
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
    if start_counter().is_none() {
        process::exit(2);
    }
    let equal = kernels::measure(DATA, count);
    if let Err(error) = steps::measure(&ARTIFACT.0, STATE, count) {
        eprintln!("{error}");
        process::exit(2);
    }
    process::exit(i32::from(!equal))
}
