//! Proof that nothing the runtime offers can panic: this program uses all of it, and linking fails if a panic is left.
//!
//! It is linked and read (`tests/tests/chip.rs`), not run. Its byte stream is a word of memory that a debugger, or
//! nobody, fills: reads of it cannot be foreseen by the compiler, so that no answer is optimised away.

#![no_std]
#![no_main]

use core::convert::Infallible;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use cortex_m_rt::entry;
use embedded_io::{ErrorType, Read, Write};
use metaplastic_firmware::{STATE_WORDS, Stopwatch, serve};
use panic_never as _;

static LINE: AtomicU32 = AtomicU32::new(0);

/// Whatever is in [`LINE`].
struct Wire;

impl ErrorType for Wire {
    type Error = Infallible;
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        buffer.iter_mut().for_each(|byte| *byte = LINE.load(Relaxed) as u8);
        Ok(buffer.len().min(LINE.load(Relaxed) as usize))
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        bytes.iter().for_each(|byte| LINE.store(u32::from(*byte), Relaxed));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[entry]
fn main() -> ! {
    static mut STATE: [u64; STATE_WORDS] = [0; STATE_WORDS];
    if let Some(core) = cortex_m::Peripherals::take() {
        let _ = serve(STATE, &mut Wire, &mut Stopwatch::new(core.SYST));
    }
    loop {
        cortex_m::asm::wfi();
    }
}
