//! Refuses outputs that would replace an input of the same command.

use std::path::Path;

use anyhow::{Result, bail};
use metaplastic_files::same_file::is_same;

/// A file that a command reads, and what it is called on the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'p> {
    pub(super) name: &'p str,
    pub(super) path: Option<&'p Path>,
}

/// Refuses to write to one of the files that the command reads; `name` is the option that names the output.
pub(super) fn refuse_inputs(name: &str, output: &Path, inputs: &[Input<'_>]) -> Result<()> {
    let same = inputs.iter().find(|input| input.path.is_some_and(|path| is_same(path, output)));
    let Some(Input { name: read, .. }) = same else { return Ok(()) };
    bail!("{name}: {} is the same file as {read}, which it would replace; choose another", output.display())
}
