//! The instruments of a real board: a stopwatch, and a lamp that is lit while the network steps.
//!
//! The brightness of the lamp is the fraction of time spent in steps. An oscilloscope on its pin shows the duration
//! of a step.

use embedded_hal::digital::{ErrorType, OutputPin};
use metaplastic_runtime::{Cost, StepCounter};

use crate::stopwatch::Stopwatch;

/// A board's instruments. The lamp's own time is not counted.
pub struct Instruments<L> {
    /// A high level lights it.
    pub lamp: L,
    /// The counter of the cost of steps.
    pub stopwatch: Stopwatch,
}

impl<L: OutputPin> StepCounter for Instruments<L> {
    const COST: Cost = Stopwatch::COST;

    fn start(&mut self) {
        let _ = self.lamp.set_high();
        self.stopwatch.start();
    }

    fn elapsed(&mut self) -> u32 {
        let cost = self.stopwatch.elapsed();
        let _ = self.lamp.set_low();
        cost
    }
}

/// A pin whose lamp is lit by a low level.
#[derive(Debug)]
pub struct Inverted<P>(pub P);

impl<P: ErrorType> ErrorType for Inverted<P> {
    type Error = P::Error;
}

impl<P: OutputPin> OutputPin for Inverted<P> {
    fn set_low(&mut self) -> Result<(), P::Error> {
        self.0.set_high()
    }

    fn set_high(&mut self) -> Result<(), P::Error> {
        self.0.set_low()
    }
}
