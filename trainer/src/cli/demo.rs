//! `metaplastic demo`: training, export, host and emulated board once, with the result in words.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Args;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::text::Escaped;
use metaplastic_host::body::BodyName;
use metaplastic_host::evaluate::Evaluator;
use metaplastic_host::life::{blocks, by_number};
use metaplastic_learn::autodiff;
use metaplastic_learn::experiment::{Experiment, META_STEPS};
use metaplastic_learn::lifetime::fused;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{Unseen, UnseenLives};

use super::options::{EPISODES, SEEDS, environment};
use super::output::{interval, percent, say};
use super::training::{Descent, finish, print_training_summary};
use super::training_folder::{Beginning, TrainingFolder};
use super::values;
use crate::episode_progress::EpisodeProgress;
use crate::training_summary::ChipScores;

/// The demo's own folder.
const OUT: &str = "runs/demo";
const BOARD: &str = "mps2-an386";
/// Episodes of a life.
const LIFE: u64 = 100;
/// Lives that are looked at.
const LIVES: u64 = 40;
/// An emulated board is slow: fewer episodes there, compared with the host on the same ones.
const BOARD_EPISODES: u64 = 100;

#[derive(Debug, Args)]
#[command(after_help = environment())]
pub(crate) struct Demo {
    /// Folder for the network and the report [default: runs/demo, where it replaces an earlier demo]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replaces the training in the folder
    #[arg(long)]
    overwrite: bool,
    /// Seed of start values, training and test episodes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    seed: u64,
    /// Optimiser steps [default: the experiment's]
    #[arg(long, value_name = "N", value_parser = values::integer(META_STEPS))]
    meta_steps: Option<u32>,
    /// Unseen episodes on the host body
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = values::integer(EPISODES))]
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
        experiment.meta.check()?;
        let folder = self.folder()?;
        // A closed standard output is no reason not to train: the files are written all the same.
        let announced = announce(&experiment);
        let engine = autodiff::FusedEngine::new(fused::FusedLifetime::default());
        let descent = Descent { folder: &folder, resume: false, quiet: self.quiet };
        let trained = descent.run(&experiment, &engine)?;
        let trained_artifact = finish(&experiment, &trained, &descent, self.episodes)?;
        announced?;
        say!("Trained in {:.0} s.", trained.wall_seconds());
        print_training_summary(&trained_artifact, experiment.task.measures())?;
        let unseen = Unseen { task: &*experiment.task, seed: self.seed, episodes: self.episodes };
        show_host(&trained_artifact.summary.chip, experiment.task.chance())?;
        let lives = UnseenLives { task: &*experiment.task, seed: self.seed, life: LIFE, lives: LIVES };
        show_lives(lives, &trained_artifact.artifact)?;
        let first = Unseen { episodes: BOARD_EPISODES.min(self.episodes), ..unseen };
        show_board(&first, &trained_artifact.artifact, self.quiet)?;
        say!("\nReport: {}", Escaped(folder.path().join("report.html").display()));
        Ok(())
    }

    fn folder(&self) -> Result<TrainingFolder> {
        let replaces = self.overwrite || self.out.is_none();
        let beginning = if replaces { Beginning::Overwriting } else { Beginning::Anew };
        TrainingFolder::open(self.out.as_deref().unwrap_or(Path::new(OUT)), beginning)
    }
}

fn announce(experiment: &Experiment) -> Result<()> {
    say!(
        "Meta-training how a spiking network learns: {} lifetimes of {} steps, seed {}.",
        experiment.meta.meta_steps * experiment.meta.batch,
        experiment.task.steps(Purpose::Training),
        experiment.meta.seed
    );
    Ok(())
}

fn show_host(chip: &ChipScores, chance: f64) -> Result<()> {
    say!("\nOn the host, in the chip's integer arithmetic, {} unseen episodes:", chip.learning.episodes);
    print_row("learning", &chip.learning)?;
    print_row("P frozen at zero", &chip.frozen_plasticity)?;
    print_row("third factor frozen at one", &chip.frozen_third_factor)?;
    say!("  {:<26} {:>8}", "chance", percent(chance));
    Ok(())
}

fn print_row(label: &str, score: &Score) -> Result<()> {
    let (accuracy, interval) = (percent(score.accuracy()), interval(score.count()));
    say!("  {label:<26} {accuracy:>8}  ({interval}, {} decisions)", score.decisions);
    Ok(())
}

fn show_lives(lives: UnseenLives<'_>, artifact: &ArtifactFile) -> Result<()> {
    say!("\nLiving on without a reset, new cues in every episode, {LIVES} lives of {LIFE} episodes:");
    let evaluation = Evaluator::host(artifact, Freeze::Nothing).evaluate(&lives)?;
    let counts = by_number(&evaluation.by_episode, LIFE);
    let blocks = blocks(&counts, LIFE / 5);
    for block in blocks {
        let label = format!("episodes {} to {}", block.first, block.last());
        let (accuracy, interval) = (percent(block.count.accuracy()), interval(block.count));
        say!("  {label:<26} {accuracy:>8}  ({interval}, {} decisions)", block.count.decisions);
    }
    Ok(())
}

fn show_board(unseen: &Unseen<'_>, artifact: &ArtifactFile, quiet: bool) -> Result<()> {
    let body = BodyName::Emulator(BOARD.to_owned());
    say!("\nOn an emulated Cortex-M4F ({body}), the first {} of these episodes:", unseen.episodes);
    let progress = EpisodeProgress::new(unseen, 1, quiet);
    let board = Evaluator::new(&body, artifact, Freeze::Nothing).evaluate(&progress);
    drop(progress);
    let board = match board {
        Ok(evaluation) => evaluation,
        Err(error) if error.is_not_installed() => {
            say!("  skipped: {error}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let host = Evaluator::host(artifact, Freeze::Nothing).evaluate(unseen)?;
    print_row("learning", &board.score)?;
    let ends = [&board, &host].map(|end| (&end.score, end.state_hash));
    ensure!(host == board, "the emulated board and the host disagree: {ends:?}");
    say!("  state hash {:016x}: board and host agree to the bit", board.state_hash);
    Ok(())
}
