//! Sets up and runs every check of the project, and builds and runs firmware: what `tests/run.sh` and `cargo xtask`
//! call.
//!
//! It knows which programs a check runs, in which order and in parallel with which others, but not what they check.
//! CI runs the same.
#![forbid(unsafe_code)]

mod apt;
mod boards;
mod book;
mod fuzz;
mod groups;
mod host;
mod instrument;
mod job;
mod lanes;
mod package;
mod page;
mod process;
mod project;
mod readme;
mod recordings;
mod runner;
mod setup;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::job::Job;

/// Sets up and runs the checks of this repository. Stops at the first job that fails
#[derive(Debug, Parser)]
#[command(bin_name = "tests/run.sh", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Jobs, in this order; without any: all but those that only run when named; setup, firmware, emulator and chip beside the others
    #[arg(value_enum, value_name = "JOB")]
    jobs: Vec<Job>,
    /// With bench-chip alone: one JSON object and nothing else on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the firmware of a board around an artifact, whatever the toolchain
    BuildFirmware {
        /// The board
        board: String,
        /// The artifact
        #[arg(value_name = "FILE.plastic")]
        artifact: PathBuf,
        /// The ELF file to write
        #[arg(value_name = "OUT.elf")]
        elf: PathBuf,
        /// One of runtime/firmware/src/bin [default: the board's own]
        binary: Option<String>,
    },
    /// Compiles a core library for every board with the distribution's compiler, where there is none; installs nothing
    CoreLibraries,
    /// Emulates or flashes the board METAPLASTIC_BOARD: what `cargo run` calls for firmware
    RunFirmware {
        /// The firmware
        #[arg(value_name = "FILE.elf")]
        elf: PathBuf,
    },
    /// Runs the jobs of one lane, in order
    #[command(hide = true)]
    Lane {
        /// File to which a line for each job is added
        summary: PathBuf,
        /// The jobs
        #[arg(value_enum)]
        jobs: Vec<Job>,
    },
}

fn main() -> ExitCode {
    let result = match instrument::compiler() {
        Some(arguments) => instrument::compile(&arguments),
        None => run(Cli::parse()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Some(Command::BuildFirmware { board, artifact, elf, binary }) => {
            runner::build(&board, &artifact, binary.as_deref(), &elf).map(|()| ExitCode::SUCCESS)
        }
        Some(Command::CoreLibraries) => setup::compile_core_libraries().map(|()| ExitCode::SUCCESS),
        Some(Command::RunFirmware { elf }) => runner::run(&elf).map(|()| ExitCode::SUCCESS),
        Some(Command::Lane { summary, jobs }) => lanes::run_lane(&summary, &jobs),
        None => {
            std::env::set_current_dir(process::repository()).context("the repository's root")?;
            checks(&cli.jobs, cli.json)
        }
    }
}

fn checks(jobs: &[Job], json: bool) -> Result<ExitCode> {
    if json {
        anyhow::ensure!(jobs == [Job::BenchChip], "--json goes with bench-chip alone");
        return boards::bench_chip(true).map(|()| ExitCode::SUCCESS);
    }
    match jobs {
        [] => lanes::run_lanes(&[job::HOST_LANE, job::BOARD_LANE]),
        jobs => lanes::run_lanes(&[jobs]),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn jobs_and_subcommands_are_distinguished() {
        let cli = Cli::parse_from(["xtask", "format", "firmware"]);
        assert_eq!(cli.jobs, [Job::Format, Job::Firmware]);
        let cli = Cli::parse_from(["xtask", "build-firmware", "pico", "a.plastic", "b.elf"]);
        assert!(matches!(cli.command, Some(Command::BuildFirmware { .. })));
        assert!(Cli::try_parse_from(["xtask", "formats"]).is_err());
    }
}
