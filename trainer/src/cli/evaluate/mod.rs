//! `metaplastic evaluate FILE.plastic --on BODY`.

mod arguments;
mod control_lines;
mod expectations;
mod float;
mod on_body;
mod print;
mod result;
mod run;
mod task_file;
mod task_options;
mod task_source;

pub(crate) use arguments::Evaluate;
pub(crate) use run::run;
pub(super) use task_options::TASK_OPTIONS;
pub(super) use task_source::TaskSource;
