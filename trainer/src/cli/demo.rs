//! `metaplastic demo`: the whole road once, with what was learned in words.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use metaplastic::artifact_file::ArtifactFile;
use metaplastic::autodiff;
use metaplastic::body::{BodyError, BodyName};
use metaplastic::evaluate::{Evaluation, Unseen};
use metaplastic::experiment::Experiment;
use metaplastic::lifetime::fused;
use metaplastic_shared::wire::Freeze;

use super::{percent, train};

const BOARD: &str = "mps2-an386";
/// An emulated board is slow: fewer episodes there, compared with the host on the same ones.
const BOARD_EPISODES: u64 = 100;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the network and the report
    #[arg(long, default_value = "runs/demo")]
    out: PathBuf,
    /// Seed of start values, training and test episodes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Optimiser steps [default: the experiment's]
    #[arg(long)]
    meta_steps: Option<u32>,
    /// Unseen episodes on the host body
    #[arg(long, default_value_t = 1000)]
    episodes: u64,
    /// No progress bar
    #[arg(long)]
    quiet: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        anyhow::ensure!(self.episodes > 0, "--episodes: 0 is not in 1..; at least one episode is needed");
        let mut experiment = Experiment::load("cue-association")?;
        experiment.meta.seed = self.seed;
        experiment.meta.meta_steps = self.meta_steps.unwrap_or(experiment.meta.meta_steps);
        experiment.meta.check().context("--meta-steps")?;
        println!(
            "Meta-training how a spiking network learns: {} lifetimes of {} steps, seed {}.",
            experiment.meta.meta_steps * experiment.meta.batch,
            experiment.task.steps(),
            self.seed
        );
        let engine = autodiff::Fused::new(fused::Fused::default());
        let trained = train::descend(&experiment, &engine, &self.out, false, self.quiet)?;
        println!("Trained in {:.0} s.", trained.wall_seconds());
        let outcome = train::finish(&experiment, &trained, &self.out, self.episodes)?;
        train::print_outcome(&outcome);
        let unseen = Unseen { task: &*experiment.task, seed: self.seed, episodes: self.episodes };
        show_host(&unseen, &outcome.artifact)?;
        show_board(&Unseen { episodes: BOARD_EPISODES.min(self.episodes), ..unseen }, &outcome.artifact)?;
        println!("\nReport: {}", self.out.join("report.html").display());
        Ok(())
    }
}

fn show_host(unseen: &Unseen<'_>, artifact: &ArtifactFile) -> Result<()> {
    println!("\nOn the host, in the chip's integer arithmetic, {} unseen episodes:", unseen.episodes);
    let rows = [
        ("learning", Freeze::Nothing),
        ("P held at zero", Freeze::Plasticity),
        ("third factor held at one", Freeze::ThirdFactor),
    ];
    for (label, freeze) in rows {
        print_row(label, &unseen.on_host(artifact, freeze)?);
    }
    println!("  {:<26} {:>8}", "chance", percent(unseen.task.chance()));
    Ok(())
}

fn print_row(label: &str, evaluation: &Evaluation) {
    let score = &evaluation.score;
    let (low, high) = score.interval();
    let interval = format!("95 % interval {} to {}", percent(low), percent(high));
    println!("  {label:<26} {:>8}  ({interval}, {} decisions)", percent(score.accuracy()), score.decisions);
}

fn show_board(unseen: &Unseen<'_>, artifact: &ArtifactFile) -> Result<()> {
    let body = BodyName::Emulator(BOARD.to_owned());
    println!("\nOn an emulated Cortex-M4F ({body}), the first {} of these episodes:", unseen.episodes);
    let board = match unseen.on(&body, artifact, Freeze::Nothing) {
        Ok(evaluation) => evaluation,
        Err(error) if is_missing_tool(&error) => {
            println!("  skipped: {error:#}");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let host = unseen.on_host(artifact, Freeze::Nothing)?;
    print_row("learning", &board);
    anyhow::ensure!(host == board, "the emulated board and the host disagree: {board:?} and {host:?}");
    println!("  state hash {:016x}: board and host agree to the bit", board.state_hash);
    Ok(())
}

/// QEMU or the board's core library is not there: nothing the demo can mend, and no failure of the network.
fn is_missing_tool(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BodyError::NoEmulator | BodyError::NoCoreLibrary(_)))
}
