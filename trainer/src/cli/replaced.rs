//! Refuses outputs that would replace an input of the same command, and those that cannot be written.

use std::path::Path;

use anyhow::{Context, Result, bail};
use metaplastic_files::atomic;
use metaplastic_files::same_file::is_same;

/// A file that a command reads, and what it is called on the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'p> {
    pub(super) name: &'p str,
    pub(super) path: Option<&'p Path>,
}

/// Checks an output file before the work whose result it takes: that it is none of the command's inputs, and that it can
/// be written.
pub(super) fn check_output(name: &str, output: &Path, inputs: &[Input<'_>]) -> Result<()> {
    refuse_inputs(name, output, inputs)?;
    atomic::check(output).with_context(|| format!("{}: cannot be written", output.display()))
}

/// Refuses to write to one of the files that the command reads; `name` is the option that names the output.
pub(super) fn refuse_inputs(name: &str, output: &Path, inputs: &[Input<'_>]) -> Result<()> {
    let same = inputs.iter().find(|input| input.path.is_some_and(|path| is_same(path, output)));
    let Some(Input { name: read, .. }) = same else { return Ok(()) };
    bail!("{name}: {} is the same file as {read}, which it would replace; choose another", output.display())
}
