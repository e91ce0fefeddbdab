//! The chip's benchmark: counts the instructions of every kernel and of whole steps, and runs both twins of every
//! kernel on the same numbers.
//!
//! For QEMU under `-icount shift=0`, where SysTick counts instructions. Prints one line per measurement:
//!
//! ```text
//! kernel NAME FORM INSTRUCTIONS ELEMENTS EACH      FORM: portable, dsp or armv6m
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
use cortex_m_rt::entry;
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, Stopwatch};
use semihosting::{eprintln, process};

use data::Data;

#[entry]
fn main() -> ! {
    static mut DATA: Data = Data::new();
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    let Some(core) = Peripherals::take() else { process::exit(2) };
    let mut stopwatch = Stopwatch::new(core.SYST);
    let equal = kernels::measure(DATA, &mut stopwatch);
    if let Err(error) = steps::measure(NETWORK_STORAGE, &mut stopwatch) {
        eprintln!("{error}");
        process::exit(2);
    }
    process::exit(i32::from(!equal))
}
