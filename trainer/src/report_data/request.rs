//! What a report is made of, and what may be taken for it.

use std::path::Path;

use metaplastic_task::Tasks;

use crate::lives::Lives;

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct ReportRequest<'r> {
    /// The tasks that its network can be of.
    pub tasks: &'r Tasks,
    /// The folder of a training.
    pub folder: &'r Path,
    /// The data of its task, if it reads any.
    pub data: Option<&'r Path>,
    /// The artifact of a network whose life is drawn beside.
    pub beside: Option<&'r Path>,
    /// The lives; if none, as many as take a few seconds.
    pub lives: Option<Lives>,
    /// Whether the figure of the life is drawn in a file of its own.
    pub life_figure: bool,
    /// Bytes that may be taken.
    pub memory_limit: u64,
    /// Whether there is no progress bar.
    pub quiet: bool,
}
