//! Whether a network has what a task requires.

use metaplastic_shared::network::{NetworkDescription, Readout, ReadoutKind};

use crate::error::TaskError;
use crate::task::{Requirements, Task};

/// Checks that a network has the inputs and analog values that a task needs, and enough classes; commands are no classes.
///
/// # Errors
/// [`TaskError::Misfit`] names the first that differs.
pub fn fits(task: &dyn Task, network: &NetworkDescription) -> Result<(), TaskError> {
    check(task.name(), task.requirements(), network)
}

/// The same for the requirements of the task called `task`.
pub(crate) fn check(
    task: &'static str,
    requirements: Requirements,
    network: &NetworkDescription,
) -> Result<(), TaskError> {
    let Requirements { inputs, analog, classes, commands } = requirements;
    let misfit = |what, needed, has| Err(TaskError::Misfit { task, what, needed, has });
    if network.input_size() != inputs {
        return misfit("input neurons", inputs, network.input_size());
    }
    if network.analog_values() != analog {
        return misfit("analog values", analog, network.analog_values());
    }
    if readout_classes(network.readout) < classes {
        return misfit("classes", classes, readout_classes(network.readout));
    }
    let has = usize::from(network.readout.classes) - readout_classes(network.readout);
    if has != commands {
        return misfit("commands", commands, has);
    }
    Ok(())
}

fn readout_classes(readout: Readout) -> usize {
    match readout.kind {
        ReadoutKind::Classes => readout.classes.into(),
        ReadoutKind::Commands(_) => 0,
    }
}
