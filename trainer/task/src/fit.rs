//! Whether a network has what a task requires.

use metaplastic_shared::network::NetworkDescription;

use crate::error::TaskError;
use crate::task::{Requirements, Task};

/// Checks that a network has the inputs and signals that a task needs, and enough classes.
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
    let Requirements { inputs, signals, classes } = requirements;
    let misfit = |what, needed, has| Err(TaskError::Misfit { task, what, needed, has });
    if network.input_size() != inputs {
        return misfit("input neurons", inputs, network.input_size());
    }
    if usize::from(network.signals) != signals {
        return misfit("signals", signals, network.signals.into());
    }
    if usize::from(network.readout.classes) < classes {
        return misfit("classes", classes, network.readout.classes.into());
    }
    Ok(())
}
