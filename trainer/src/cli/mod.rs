//! Subcommands: they read arguments, call the library, and print. No figure is computed here.

mod bench;
mod demo;
mod evaluate;
mod flash;
mod inspect;
mod report;
mod task_options;
mod train;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

/// Learning to learn for microcontrollers: train on the desk how a spiking network learns, then let it learn on a
/// chip.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains a small cue association, exports it, and shows it learning on the host and on an emulated Cortex-M
    Demo(demo::Demo),
    /// Trains an experiment and exports the network
    Train(train::Train),
    /// Lets a network learn in unseen episodes on a body, and counts right decisions
    Evaluate(Box<evaluate::Evaluate>),
    /// Measures what the steps of unseen episodes cost on an emulated or real board
    Bench(bench::Bench),
    /// Builds the firmware of a board around a network and flashes it
    Flash(flash::Flash),
    /// Says what an artifact is: populations, projections, rules, flash and RAM
    Inspect(inspect::Inspect),
    /// Writes one HTML file that shows what a network learned and how
    Report(report::Report),
}

impl Cli {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Demo(demo) => demo.run(),
            Command::Train(train) => train.run(),
            Command::Evaluate(evaluate) => evaluate.run(),
            Command::Bench(bench) => bench.run(),
            Command::Flash(flash) => flash.run(),
            Command::Inspect(inspect) => inspect.run(),
            Command::Report(report) => report.run(),
        }
    }
}

/// Writes a line to standard output; a reader who has gone away is an error, where `println!` would panic.
macro_rules! say {
    ($($argument:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($argument)*)?
    }};
}
use say;

/// How many episodes a command may be asked for.
const EPISODES: RangeInclusive<u64> = 1..=10_000_000;

/// What commands that may run a board say below their help.
const ENVIRONMENT: &str = "\
Environment, for boards:
  METAPLASTIC_PATIENCE_SECONDS  how long an answer of the board may take [default: 30]
  METAPLASTIC_FIRMWARE          folder of the firmware's source [default: this repository's runtime/firmware]";

/// The data of tasks that read any.
#[derive(Debug, Args)]
struct Data {
    #[arg(long, value_name = "DIR", help = task_options::data_help())]
    data: Option<PathBuf>,
}

impl Data {
    fn path(&self) -> Option<&Path> {
        self.data.as_deref()
    }
}

/// A fraction in percent, two decimals.
fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}
