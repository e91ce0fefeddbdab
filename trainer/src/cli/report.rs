//! `metaplastic report DIR`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_files::atomic;
use metaplastic_files::text::{Escaped, escaped_lines};
use metaplastic_report::data::ReportData;
use metaplastic_report::{life_figure, render};

use super::options::{Data, EPISODES, LIFE, Memory, check_lives};
use super::output::say;
use super::replaced::{Input, check_output};
use super::tasks::tasks;
use super::values;
use crate::lives::Lives;
use crate::report_data::{ReportRequest, collect};
use crate::training_summary::ARTIFACT_FILE;

/// The report's name in a training's folder.
pub(super) const REPORT_FILE: &str = "report.html";

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// A folder that `train` or `demo` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Draws the life of another network of the same task beside that of the folder's
    #[arg(long, value_name = "FILE.plastic")]
    beside: Option<PathBuf>,
    /// Episodes of a life [default: up to 100, as many as take a few seconds]
    #[arg(long, value_name = "N", value_parser = values::integer(LIFE))]
    life: Option<u64>,
    /// How many lives
    #[arg(long, value_name = "M", default_value_t = 20, value_parser = values::integer(EPISODES), requires = "life")]
    lives: u64,
    /// Writes the figure of the life to a file of its own, too
    #[arg(long, value_name = "FILE.svg")]
    life_figure: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    memory: Memory,
}

impl Report {
    pub(crate) fn run(self) -> Result<()> {
        let lives = self.life.map(|life| check_lives(Lives { life, lives: self.lives })).transpose()?;
        let request = ReportRequest {
            tasks: tasks(),
            folder: &self.folder,
            data: self.data.path(),
            beside: self.beside.as_deref(),
            lives,
            life_figure: self.life_figure.is_some(),
            memory_limit: self.memory.limit(),
            quiet: false,
        };
        self.life_figure.as_deref().map_or(Ok(()), |figure| self.check(figure))?;
        let data = collect(&request)?;
        if let Some(figure) = &self.life_figure {
            write_text(figure, &life_figure(&data)?)?;
            say!("{}", Escaped(figure.display()));
        }
        say!("{}", Escaped(write_page(&self.folder, &data)?.display()));
        Ok(())
    }

    /// Checks before the work that a figure can be written, and replaces nothing that is read.
    fn check(&self, figure: &Path) -> Result<()> {
        let artifact = self.folder.join(ARTIFACT_FILE);
        let inputs = [
            Input { name: "the folder's network", path: Some(&artifact) },
            Input { name: "--beside", path: self.beside.as_deref() },
            Input { name: "--data", path: self.data.path() },
        ];
        check_output("--life-figure", figure, &inputs)
    }
}

/// Writes the report into its folder, whole or not at all, and says where.
pub(crate) fn write(request: &ReportRequest<'_>) -> Result<PathBuf> {
    write_page(request.folder, &collect(request)?)
}

fn write_page(folder: &Path, data: &ReportData) -> Result<PathBuf> {
    let path = folder.join(REPORT_FILE);
    write_text(&path, &render(data)?)?;
    Ok(path)
}

/// Writes a page or a figure, whole or not at all.
pub(super) fn write_text(path: &Path, text: &str) -> Result<()> {
    let text = escaped_lines(text);
    atomic::write(path, text.as_bytes()).with_context(|| format!("{}: cannot be written", path.display()))
}
