//! The cost of a step, measured by the core's SysTick timer: clock cycles on silicon, instructions on an emulated
//! board.
//!
//! QEMU's `-icount shift=0` advances time by one nanosecond per instruction, so that a tick of a timer at
//! `clock_hz` is `10^9 / clock_hz` instructions. Without that option SysTick follows the host's time and counts no
//! instructions.

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use metaplastic_runtime::{Cost, StepCounter};

use crate::embedded::{COST, UNITS_PER_TICK};

/// SysTick counts down through 24 bits.
const TICKS: u32 = 1 << 24;

/// Counts [`COST`] units from a start, [`UNITS_PER_TICK`] at a time.
pub struct Stopwatch {
    timer: SYST,
}

impl Stopwatch {
    /// Starts the timer at the core's clock.
    #[must_use]
    pub fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(TICKS - 1);
        timer.clear_current();
        timer.enable_counter();
        Self { timer }
    }
}

impl StepCounter for Stopwatch {
    const COST: Cost = COST;

    fn start(&mut self) {
        self.timer.clear_current();
    }

    /// Exact to one tick; `u32::MAX` beyond the timer's 2^24 ticks.
    fn elapsed(&mut self) -> u32 {
        let ticks = SYST::get_current().wrapping_neg() % TICKS;
        let (units, per_ticks) = UNITS_PER_TICK;
        if self.timer.has_wrapped() { u32::MAX } else { ticks.saturating_mul(units) / per_ticks }
    }
}
