//! metaplastic on the desktop: gradient descent trains how a spiking network learns.
//!
//! One road, in the order to read it: [`task`](metaplastic_task) makes episodes, [`learn`](metaplastic_learn) runs the
//! differentiable network through them and descends, and turns it into an artifact, a body of the
//! [`host`](metaplastic_host) (this process, an emulated board, a real one) runs it, and the
//! [`report`](metaplastic_report) shows what it learned. This package is the command line, [`main`], and what takes
//! several of them at once.
#![forbid(unsafe_code)]

mod cli;
pub mod outcome;
mod progress;
pub mod report_data;

use std::process::ExitCode;

use clap::Parser;

/// The whole program: reads the command line, does what it says, and prints errors.
#[must_use]
pub fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
