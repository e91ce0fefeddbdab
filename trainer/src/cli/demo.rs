//! `metaplastic demo`: the whole road once, with what was learned in words.

use std::path::PathBuf;

use crate::outcome::ChipScores;
use anyhow::{Context, Result};
use clap::{Args, value_parser};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyError, BodyName};
use metaplastic_host::evaluate::Evaluator;
use metaplastic_learn::autodiff;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::fused;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::Unseen;

use super::{ENVIRONMENT, EPISODES, percent, say, train};

const BOARD: &str = "mps2-an386";
/// An emulated board is slow: fewer episodes there, compared with the host on the same ones.
const BOARD_EPISODES: u64 = 100;

#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Demo {
    /// Folder for the network and the report
    #[arg(long, value_name = "DIR", default_value = "runs/demo")]
    out: PathBuf,
    /// Seed of start values, training and test episodes
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Optimiser steps [default: the experiment's]
    #[arg(long, value_name = "N")]
    meta_steps: Option<u32>,
    /// Unseen episodes on the host body
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = value_parser!(u64).range(EPISODES))]
    episodes: u64,
    /// No progress bar
    #[arg(long)]
    quiet: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        let mut experiment = Experiment::load("cue-association")?;
        experiment.meta.seed = self.seed;
        experiment.meta.meta_steps = self.meta_steps.unwrap_or(experiment.meta.meta_steps);
        experiment.meta.check().context("--meta-steps")?;
        say!(
            "Meta-training how a spiking network learns: {} lifetimes of {} steps, seed {}.",
            experiment.meta.meta_steps * experiment.meta.batch,
            experiment.task.steps(Purpose::Training),
            self.seed
        );
        let engine = autodiff::FusedEngine::new(fused::FusedLifetime::default());
        let trained = train::descend(&experiment, &engine, &self.out, false, self.quiet)?;
        say!("Trained in {:.0} s.", trained.wall_seconds());
        let outcome = train::finish(&experiment, &trained, &self.out, self.episodes)?;
        train::print_outcome(&outcome)?;
        let unseen = Unseen { task: &*experiment.task, seed: self.seed, episodes: self.episodes };
        show_host(&outcome.summary.chip, experiment.task.chance())?;
        show_board(&Unseen { episodes: BOARD_EPISODES.min(self.episodes), ..unseen }, &outcome.artifact)?;
        say!("\nReport: {}", self.out.join("report.html").display());
        Ok(())
    }
}

fn show_host(chip: &ChipScores, chance: f64) -> Result<()> {
    say!("\nOn the host, in the chip's integer arithmetic, {} unseen episodes:", chip.learning.episodes);
    print_row("learning", &chip.learning)?;
    print_row("P held at zero", &chip.frozen_plasticity)?;
    print_row("third factor held at one", &chip.frozen_third_factor)?;
    say!("  {:<26} {:>8}", "chance", percent(chance));
    Ok(())
}

fn print_row(label: &str, score: &Score) -> Result<()> {
    let (low, high) = score.interval();
    let interval = format!("95 % interval {} to {}", percent(low), percent(high));
    say!("  {label:<26} {:>8}  ({interval}, {} decisions)", percent(score.accuracy()), score.decisions);
    Ok(())
}

fn show_board(unseen: &Unseen<'_>, artifact: &ArtifactFile) -> Result<()> {
    let body = BodyName::Emulator(BOARD.to_owned());
    say!("\nOn an emulated Cortex-M4F ({body}), the first {} of these episodes:", unseen.episodes);
    let board = match Evaluator::new(&body, artifact, Freeze::Nothing).evaluate(unseen) {
        Ok(evaluation) => evaluation,
        Err(error) if is_missing_tool(&error) => {
            say!("  skipped: {error:#}");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let host = Evaluator::host(artifact, Freeze::Nothing).evaluate(unseen)?;
    print_row("learning", &board.score)?;
    let ends = [&board, &host].map(|end| (&end.score, end.state_hash));
    anyhow::ensure!(host == board, "the emulated board and the host disagree: {ends:?}");
    say!("  state hash {:016x}: board and host agree to the bit", board.state_hash);
    Ok(())
}

/// QEMU or the board's core library is not there: nothing the demo can mend, and no failure of the network.
fn is_missing_tool(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(BodyError::is_missing_tool)
}
