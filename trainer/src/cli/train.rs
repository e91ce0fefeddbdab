//! `metaplastic train NAME|FILE.toml --out DIR`.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use metaplastic_files::text::Escaped;
use metaplastic_learn::autodiff;
use metaplastic_learn::experiment::{self, Experiment, META_STEPS, Override};
use metaplastic_learn::lifetime::{Engine, fused};
use metaplastic_learn::meta::{Diagnosis, Trained};
use metaplastic_learn::model::Family;
use metaplastic_shared::rule::Preset;
use metaplastic_task::Task;
use metaplastic_task::score::Score;
use metaplastic_task::seed::Purpose;
use serde::Serialize;

use super::artifact;
use super::options::{Data, EPISODES, Memory, SEEDS};
use super::output::{note, say, say_json};
use super::replaced::{Input, refuse_inputs};
use super::sweep::{OverrideValues, Seeds, single};
use super::tasks;
use super::training::{Descent, check_memory, finish, print_training_summary};
use super::training_folder::{Beginning, FILES, TrainingFolder};
use super::values;
use crate::training_summary::{Summary, TrainedArtifact};

/// The steps between two cuts of the gradient.
const TRUNCATION: RangeInclusive<NonZeroUsize> =
    NonZeroUsize::MIN..=NonZeroUsize::new(1_000_000).expect("a million is not zero");

#[derive(Debug, Args)]
pub(crate) struct Train {
    #[arg(value_name = "NAME|FILE.toml", help = experiments())]
    experiment: PathBuf,
    /// Folder for network.plastic, metrics.csv, checkpoint, summary.json and report.html
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Seed of start values, training episodes and test episodes [default: the experiment's]
    #[arg(long, value_name = "N", value_parser = values::integer(SEEDS))]
    seed: Option<u64>,
    /// Trains with each of these seeds, both ends included: a folder each in --out, and sweep.csv and sweep.html
    #[arg(long, value_name = "FIRST..LAST", conflicts_with_all = ["seed", "json"])]
    pub(super) seeds: Option<Seeds>,
    /// Sets a value of the experiment, called as errors call it: meta.batch, network.hidden.size,
    /// network.input>hidden.rate; with each of several values, a training of its own
    #[arg(long, value_name = "KEY=VALUE,...")]
    pub(super) set: Vec<OverrideValues>,
    /// Optimiser steps [default: the experiment's]
    #[arg(long, value_name = "N", value_parser = values::integer(META_STEPS))]
    meta_steps: Option<u32>,
    /// Continues from the folder's checkpoint, bit for bit as if never interrupted
    #[arg(long)]
    pub(super) resume: bool,
    /// Replaces the training in the folder
    #[arg(long, conflicts_with = "resume")]
    pub(super) overwrite: bool,
    /// The engine that differentiates the lifetimes
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t)]
    engine: EngineName,
    /// Cuts the gradient every N steps of a lifetime (fused engine)
    #[arg(long, value_name = "N", value_parser = values::integer(TRUNCATION))]
    truncate: Option<NonZeroUsize>,
    /// Another preset rule in all plastic projections
    #[arg(long, value_name = "RULE", value_parser = values::parser::<Preset>(&["custom"], not_custom))]
    rule: Option<Preset>,
    /// The same network with nothing plastic, trained alike: what its weights reach without learning in a life
    #[arg(long, conflicts_with_all = ["rule", "start"])]
    without_plasticity: bool,
    /// Families of meta-parameters frozen at their start values besides the experiment's
    #[arg(long, value_name = "FAMILY,...", value_delimiter = ',', value_parser = values::parser::<Family>(&[], Ok))]
    freeze: Vec<Family>,
    /// Unseen episodes for the final figures
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = values::integer(EPISODES))]
    pub(super) episodes: u64,
    /// The artifact whose values the experiment's meta.start_families begin with
    #[arg(long, value_name = "FILE.plastic")]
    start: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    pub(super) memory: Memory,
    /// Prints one JSON object as the last line
    #[arg(long)]
    pub(super) json: bool,
    /// No progress bar
    #[arg(long)]
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// Whole lifetimes with a hand-derived adjoint
    #[default]
    Fused,
    /// Plain dfdx operations: slow, the reference
    Reference,
}

impl EngineName {
    fn engine(self, truncate: Option<NonZeroUsize>) -> Result<Box<dyn Engine>> {
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

/// The help of the experiment, with the built-in ones there are.
fn experiments() -> String {
    format!(
        "A built-in experiment ({}) or the path of a TOML file",
        experiment::built_in_names(tasks::tasks()).join(", ")
    )
}

fn not_custom(preset: Preset) -> Result<Preset, String> {
    if preset == Preset::Custom {
        return Err("custom rules are written in an experiment's file".to_owned());
    }
    Ok(preset)
}

/// The last line of `train --json`.
#[derive(Serialize)]
struct TrainedLine<'a> {
    task: &'a str,
    experiment: &'a str,
    engine: &'a str,
    seed: u64,
    meta_steps: u32,
    skipped_meta_steps: usize,
    wall_seconds: f64,
    ns_per_synapse_step: f64,
    peak_rss_bytes: Option<u64>,
    estimated_bytes: u64,
    #[serde(flatten)]
    scores: TrainedScores,
    episodes: u64,
    decisions: u64,
    diagnoses: &'a [Diagnosis],
}

/// What a trained network reached.
#[derive(Serialize)]
#[serde(untagged)]
enum TrainedScores {
    Accuracies {
        float_accuracy: f64,
        chip_accuracy: f64,
        untrained_accuracy: f64,
        chance: f64,
    },
    /// Means of the measure called `score`.
    Means {
        score: &'static str,
        unit: &'static str,
        float_mean: f64,
        chip_mean: f64,
        untrained_mean: f64,
    },
}

impl TrainedScores {
    fn of(summary: &Summary, task: &dyn Task) -> Self {
        let [float, chip, untrained] = [&summary.float, &summary.chip.learning, &summary.untrained];
        let Some(measure) = task.measures().first() else {
            let [float_accuracy, chip_accuracy, untrained_accuracy] = [float, chip, untrained].map(Score::accuracy);
            let chance = task.chance();
            return Self::Accuracies { float_accuracy, chip_accuracy, untrained_accuracy, chance };
        };
        let mean = |score: &Score| score.estimate(0).unwrap_or_default().mean;
        let [float_mean, chip_mean, untrained_mean] = [float, chip, untrained].map(mean);
        Self::Means { score: measure.name, unit: measure.unit, float_mean, chip_mean, untrained_mean }
    }
}

impl Train {
    /// Whether there are several trainings.
    pub(super) fn is_sweep(&self) -> bool {
        self.seeds.is_some() || single(&self.set).is_none()
    }

    /// The engine.
    pub(super) fn engine(&self) -> Result<Box<dyn Engine>> {
        self.engine.engine(self.truncate)
    }

    /// The experiment with everything that options change, some values set, and a seed.
    pub(super) fn experiment(&self, overrides: &[Override], seed: Option<u64>) -> Result<Experiment> {
        let mut experiment = tasks::experiment(&self.experiment, self.data.path(), overrides)?;
        if let Some(preset) = self.rule {
            experiment = experiment.with_rule(preset).context("--rule")?;
        }
        if self.without_plasticity {
            experiment = experiment.without_plasticity().context("--without-plasticity")?;
        }
        if let Some(path) = &self.start {
            experiment = experiment.start_from(&artifact::read(path)?).context("--start")?;
        }
        experiment.start_checksum()?;
        experiment.meta.seed = seed.unwrap_or(experiment.meta.seed);
        experiment.meta.meta_steps = self.meta_steps.unwrap_or(experiment.meta.meta_steps);
        experiment.meta.freeze.extend(&self.freeze);
        experiment.meta.check()?;
        Ok(experiment)
    }

    pub(crate) fn run(self) -> Result<()> {
        let overrides = single(&self.set).unwrap_or_default();
        let experiment = self.experiment(&overrides, self.seed)?;
        let engine = self.engine()?;
        self.refuse_inputs(&self.out)?;
        let estimated_bytes = check_memory(&experiment, &*engine, self.memory.limit())?;
        let folder = TrainingFolder::open(&self.out, Beginning::of_options(self.resume, self.overwrite))?;
        experiment.task.notes().iter().for_each(|text| note(text));
        // A closed standard output is no reason not to train: the files are written all the same.
        let announced = announce(&experiment);
        let descent = Descent { folder: &folder, resume: self.resume, quiet: self.quiet || self.json };
        let trained = descent.run(&experiment, &*engine)?;
        let trained_artifact = finish(&experiment, &trained, &descent, self.episodes)?;
        announced?;
        print_training_summary(&trained_artifact, experiment.task.measures())?;
        say!("{}", Escaped(self.out.join("report.html").display()));
        if self.json {
            let line = TrainedLine::of(&experiment, engine.name(), estimated_bytes, &trained, &trained_artifact);
            say_json(&line)?;
        }
        Ok(())
    }
}

impl Train {
    /// Refuses a folder of which a file would replace something that is read.
    pub(super) fn refuse_inputs(&self, folder: &Path) -> Result<()> {
        let inputs = [
            Input { name: "the experiment", path: Some(&self.experiment) },
            Input { name: "--data", path: self.data.path() },
            Input { name: "--start", path: self.start.as_deref() },
        ];
        FILES.iter().try_for_each(|file| refuse_inputs("--out", &folder.join(file), &inputs))
    }
}

fn announce(experiment: &Experiment) -> Result<()> {
    say!(
        "{} with seed {}, {} meta-steps",
        Escaped(&experiment.name),
        experiment.meta.seed,
        experiment.meta.meta_steps
    );
    Ok(())
}

impl<'a> TrainedLine<'a> {
    fn of(
        experiment: &'a Experiment,
        engine: &'a str,
        estimated_bytes: u64,
        trained: &Trained,
        trained_artifact: &'a TrainedArtifact,
    ) -> Self {
        let summary = &trained_artifact.summary;
        let synapse_steps = experiment.meta.batch as f64
            * experiment.task.steps(Purpose::Training) as f64
            * experiment.model.network.plastic_synapses() as f64
            * f64::from(experiment.meta.meta_steps);
        Self {
            task: experiment.task.name(),
            experiment: &experiment.name,
            engine,
            seed: experiment.meta.seed,
            meta_steps: experiment.meta.meta_steps,
            skipped_meta_steps: trained.skipped(),
            wall_seconds: trained.wall_seconds(),
            ns_per_synapse_step: 1e9 * trained.wall_seconds() / synapse_steps.max(1.0),
            peak_rss_bytes: peak_rss_bytes(),
            estimated_bytes,
            scores: TrainedScores::of(summary, &*experiment.task),
            episodes: summary.chip.learning.episodes,
            decisions: summary.chip.learning.decisions,
            diagnoses: &summary.diagnoses,
        }
    }
}

/// The largest resident size of this process; none where the kernel does not report it.
fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| 1024 * kibibytes)
}
