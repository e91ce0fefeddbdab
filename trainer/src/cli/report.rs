//! `metaplastic report DIR`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_files::atomic;
use metaplastic_files::text::{Escaped, escaped_lines};
use metaplastic_report::render;

use super::options::{Data, Memory};
use super::output::say;
use crate::report_data::collect;

/// The report's name in a training's folder.
pub(super) const REPORT_FILE: &str = "report.html";

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// A folder that `train` or `demo` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    memory: Memory,
}

impl Report {
    pub(crate) fn run(self) -> Result<()> {
        let path = write(&self.folder, self.data.path(), self.memory.limit())?;
        say!("{}", Escaped(path.display()));
        Ok(())
    }
}

/// Writes the report of a folder into it, whole or not at all, and says where.
pub(crate) fn write(folder: &Path, data: Option<&Path>, memory_limit: u64) -> Result<PathBuf> {
    let page = escaped_lines(render(&collect(folder, data, memory_limit)?)?);
    let path = folder.join(REPORT_FILE);
    atomic::write(&path, page.as_bytes()).with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(path)
}
