//! `metaplastic train NAME|FILE.toml --out DIR`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::outcome::{Outcome, outcome};
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum, value_parser};
use metaplastic_learn::autodiff;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::{Engine, fused};
use metaplastic_learn::meta::{TrainOptions, Trained, train};
use metaplastic_learn::model::Family;
use metaplastic_shared::rule::Preset;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::Unseen;
use serde::{Deserialize, Serialize};

use super::{Data, EPISODES, percent, report, say};
use crate::progress::Progress;

/// Exit status of a program that an interrupt ended, as shells have it.
const INTERRUPTED: i32 = 130;

#[derive(Debug, Args)]
pub(crate) struct Train {
    /// A built-in experiment (cue-association, cue-association-sparse, cue-association-8x4, cue-association-16x2, one-shot-small, one-shot-large) or the path of a TOML file
    #[arg(value_name = "NAME|FILE.toml")]
    experiment: String,
    /// Folder for network.plastic, metrics.csv, checkpoint, summary.json and report.html
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seed of start values, training episodes and test episodes [default: the experiment's]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Optimiser steps [default: the experiment's]
    #[arg(long, value_name = "N")]
    meta_steps: Option<u32>,
    /// Continues from the folder's checkpoint, bit for bit as if never interrupted
    #[arg(long)]
    resume: bool,
    /// What differentiates the lifetimes
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t)]
    engine: EngineName,
    /// Cuts the gradient every N steps of a lifetime (fused engine)
    #[arg(long, value_name = "N")]
    truncate: Option<NonZeroUsize>,
    /// Another preset rule in all plastic projections: event, free, hebb-decay, mstdpet or oja
    #[arg(long, value_name = "RULE", value_parser = preset)]
    rule: Option<Preset>,
    /// Families held at their start values besides the experiment's, such as weights,coefficients
    #[arg(long, value_name = "FAMILY,...", value_delimiter = ',', value_parser = family)]
    hold: Vec<Family>,
    /// Unseen episodes for the final figures
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = value_parser!(u64).range(EPISODES))]
    episodes: u64,
    #[command(flatten)]
    data: Data,
    /// Prints one JSON object as the last line
    #[arg(long)]
    json: bool,
    /// No progress bar
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// Whole lifetimes with a hand-derived adjoint
    #[default]
    Fused,
    /// Plain dfdx operations: slow, the oracle
    Reference,
}

impl EngineName {
    pub(crate) fn engine(self, truncate: Option<NonZeroUsize>) -> Result<Box<dyn Engine>> {
        match self {
            Self::Fused => {
                Ok(Box::new(autodiff::FusedEngine::new(fused::FusedLifetime::default().with_truncation(truncate))))
            }
            Self::Reference => {
                ensure!(
                    truncate.is_none(),
                    "--truncate: the reference engine does not truncate; use --engine fused"
                );
                Ok(Box::new(autodiff::Reference::default()))
            }
        }
    }
}

fn family(name: &str) -> Result<Family, String> {
    named(name)
}

fn preset(name: &str) -> Result<Preset, String> {
    named(name).and_then(|preset| match preset {
        Preset::Custom => Err("custom rules are written in an experiment's file".to_owned()),
        preset => Ok(preset),
    })
}

/// A value by the name that experiments and artifacts write it with.
fn named<T: for<'d> Deserialize<'d>>(name: &str) -> Result<T, String> {
    let value = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
    T::deserialize(value).map_err(|error| error.to_string())
}

/// The last line of `train --json`.
#[derive(Serialize)]
struct Line<'a> {
    task: &'a str,
    experiment: &'a str,
    engine: &'a str,
    seed: u64,
    meta_steps: u32,
    skipped_meta_steps: usize,
    wall_seconds: f64,
    ns_per_synapse_step: f64,
    peak_rss_bytes: Option<u64>,
    float_accuracy: f64,
    chip_accuracy: f64,
    untrained_accuracy: f64,
    chance: f64,
    episodes: u64,
    decisions: u64,
}

impl Train {
    pub(crate) fn run(self) -> Result<()> {
        let mut experiment = Experiment::load_with(&self.experiment, self.data.path())?;
        if let Some(preset) = self.rule {
            experiment = experiment.with_rule(preset).context("--rule")?;
        }
        experiment.meta.seed = self.seed.unwrap_or(experiment.meta.seed);
        experiment.meta.meta_steps = self.meta_steps.unwrap_or(experiment.meta.meta_steps);
        experiment.meta.freeze.extend(&self.hold);
        experiment.meta.check().context("--meta-steps")?;
        let engine = self.engine.engine(self.truncate)?;
        say!("{} with seed {}, {} meta-steps", experiment.name, experiment.meta.seed, experiment.meta.meta_steps);
        let trained = descend(&experiment, &*engine, &self.out, self.resume, self.quiet || self.json)?;
        let outcome = finish(&experiment, &trained, &self.out, self.episodes)?;
        print_outcome(&outcome)?;
        say!("{}", self.out.join("report.html").display());
        if self.json {
            say!("{}", self.line(&experiment, engine.name(), &trained, &outcome)?);
        }
        Ok(())
    }

    fn line(&self, experiment: &Experiment, engine: &str, trained: &Trained, outcome: &Outcome) -> Result<String> {
        let synapse_steps = experiment.meta.batch as f64
            * experiment.task.steps(Purpose::Training) as f64
            * experiment.model.network.plastic_synapses() as f64
            * f64::from(experiment.meta.meta_steps);
        Ok(serde_json::to_string(&Line {
            task: experiment.task.name(),
            experiment: &experiment.name,
            engine,
            seed: experiment.meta.seed,
            meta_steps: experiment.meta.meta_steps,
            skipped_meta_steps: trained.skipped(),
            wall_seconds: trained.wall_seconds(),
            ns_per_synapse_step: 1e9 * trained.wall_seconds() / synapse_steps.max(1.0),
            peak_rss_bytes: peak_rss_bytes(),
            float_accuracy: outcome.summary.float.accuracy(),
            chip_accuracy: outcome.summary.chip.learning.accuracy(),
            untrained_accuracy: outcome.summary.untrained.accuracy(),
            chance: experiment.task.chance(),
            episodes: outcome.summary.chip.learning.episodes,
            decisions: outcome.summary.chip.learning.decisions,
        })?)
    }
}

/// Trains until done or interrupted; an interrupt saves a checkpoint first. A second one, and any after training,
/// ends the program at once.
pub(crate) fn descend(
    experiment: &Experiment,
    engine: &dyn Engine,
    folder: &Path,
    resume: bool,
    quiet: bool,
) -> Result<Trained> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || interrupt(&flag)).context("interrupt handler")?;
    let options = TrainOptions { folder, resume, checkpoint_every: 50, stop: &stop };
    let trained = train(experiment, engine, options, &mut Progress::new(quiet))?;
    stop.store(true, Ordering::Relaxed);
    Ok(trained)
}

/// Files appear whole or not at all, so that the program may end anywhere.
fn interrupt(stop: &AtomicBool) {
    if stop.swap(true, Ordering::Relaxed) {
        std::process::exit(INTERRUPTED);
    }
    eprintln!("stopping behind this meta-step; interrupt again to end at once");
}

/// Exports, evaluates and reports a finished training.
pub(crate) fn finish(experiment: &Experiment, trained: &Trained, folder: &Path, episodes: u64) -> Result<Outcome> {
    let unseen = Unseen { task: &*experiment.task, seed: experiment.meta.seed, episodes };
    let outcome = outcome(experiment, &trained.parameters, &unseen, command_line())?;
    outcome.write(folder)?;
    report::write(folder, experiment.data.as_deref())?;
    Ok(outcome)
}

pub(crate) fn print_outcome(outcome: &Outcome) -> Result<()> {
    say!("\n{:<28} {:>10}  {:<12} {:>10}", "quantity", "range", "format", "LSB");
    for line in &outcome.summary.formats {
        say!("{:<28} {:>10.4}  {:<12} {:>10.2e}", line.quantity, line.range, line.format, line.lsb);
    }
    let (float, chip) = (&outcome.summary.float, &outcome.summary.chip.learning);
    say!("\nfloat {}, chip arithmetic {}", percent(float.accuracy()), percent(chip.accuracy()));
    say!("untrained {}", percent(outcome.summary.untrained.accuracy()));
    say!("({} decisions in {} unseen episodes)", chip.decisions, chip.episodes);
    Ok(())
}

fn command_line() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    format!("metaplastic {}", arguments.join(" "))
}

/// The most memory this process had resident; only where the kernel tells.
fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| 1024 * kibibytes)
}
