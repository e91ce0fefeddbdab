//! Buttons and a lamp as the panel.

use embedded_hal::digital::{InputPin, OutputPin, PinState};
use starter_encoder::STATES;

use crate::ControlPanel;

/// Buttons to ground, at pins that are pulled up, and a lamp: lit while the machine is in another state than 0, and after a
/// save until the next answer.
pub struct Pins<I, O> {
    /// Pressed while the machine is in a state: the label.
    pub states: [I; STATES],
    /// Pressed to save what was learned.
    pub save: I,
    /// The lamp.
    pub lamp: O,
    /// What lights it.
    pub lit: PinState,
}

impl<I: InputPin, O: OutputPin> Pins<I, O> {
    fn light(&mut self, is_lit: bool) {
        // The pins of these boards cannot fail.
        let _ = self.lamp.set_state(if is_lit { self.lit } else { !self.lit });
    }
}

impl<I: InputPin, O: OutputPin> ControlPanel for Pins<I, O> {
    fn label(&mut self) -> Option<usize> {
        self.states.iter_mut().position(|button| button.is_low().unwrap_or(false))
    }

    fn act(&mut self, state: usize) {
        self.light(state != 0);
    }

    fn is_save_wanted(&mut self) -> bool {
        self.save.is_low().unwrap_or(false)
    }

    fn show_saved(&mut self, is_saved: bool) {
        self.light(is_saved);
    }
}
