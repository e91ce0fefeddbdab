//! The controls of recall: a guess of the values' mean, and a memory without an error. This file may not know the values
//! but for what is shown of them.

use super::parameters::RecallParameters;
use crate::control::Control;
use crate::world::control::{Controller, NamedController};

/// The guess, whose command is always zero, and the memory.
pub(super) fn controls(world: &RecallParameters) -> Vec<Box<dyn Control>> {
    let values = usize::from(world.values);
    let memory = move |_: &mut _| Box::new(PerfectMemory { values: vec![0.0; values] }) as Box<dyn Controller>;
    vec![Box::new(NamedController::inside("mean")), Box::new(NamedController::new("memory", Box::new(memory)))]
}

/// Remembers each value that is shown.
#[derive(Clone, Debug)]
struct PerfectMemory {
    values: Vec<f32>,
}

impl Controller for PerfectMemory {
    fn command(&mut self, analog: &[f32], commands: &mut [f32]) {
        let (cues, shown) = analog.split_at(self.values.len());
        let item = cues.iter().position(|cue| *cue != 0.0).unwrap_or(0);
        if shown[1] != 0.0 {
            self.values[item] = shown[0];
        }
        commands[0] = self.values[item];
    }
}
