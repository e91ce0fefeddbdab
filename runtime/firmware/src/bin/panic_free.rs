//! Proof that nothing the runtime offers can panic: this program uses all of it, and linking fails if a panic is
//! left.
//!
//! It is linked and read (`tests/tests/chip/`), not run. Its byte stream is the core's timer. The compiler can
//! predict it no better than a host computer: neither the bytes that come, nor how many are accepted.

#![no_std]
#![no_main]

use core::convert::Infallible;
use core::hint::black_box;

use cortex_m::peripheral::SYST;
use cortex_m_rt::entry;
use embedded_io::{ErrorType, Read, Write};
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, Stopwatch, serve};
use panic_never as _;

/// A stream of timer values.
struct Timer;

impl ErrorType for Timer {
    type Error = Infallible;
}

impl Read for Timer {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        buffer.fill_with(|| SYST::get_current() as u8);
        Ok(SYST::get_current() as usize)
    }
}

impl Write for Timer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        black_box(bytes);
        Ok(SYST::get_current() as usize)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[entry]
fn main() -> ! {
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    if let Some(core) = cortex_m::Peripherals::take() {
        let _ = serve(NETWORK_STORAGE, &mut Timer, &mut Stopwatch::new(core.SYST), &mut ());
    }
    loop {
        cortex_m::asm::wfi();
    }
}
