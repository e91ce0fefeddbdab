//! A program that must not link: a small `panic_free.rs` with one index that may be out of bounds. It shows that
//! the proof there can fail.

#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m::peripheral::SYST;
use cortex_m_rt::entry;
use metaplastic_firmware as _;
use panic_never as _;

#[entry]
fn main() -> ! {
    loop {
        let table = black_box([1_u8, 2, 3]);
        black_box(table[SYST::get_current() as usize]);
    }
}
