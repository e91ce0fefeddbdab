//! `metaplastic bench FILE.plastic --on BODY`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::text::Escaped;
use metaplastic_host::bench::{StepCosts, bench, bench_memory, costs_memory};
use metaplastic_host::body::BodyName;
use metaplastic_host::costs::{Segments, Spread};
use metaplastic_host::recording::PlayedInputs;
use metaplastic_shared::board::Board;
use metaplastic_shared::wire::Cost;
use metaplastic_task as task;
use metaplastic_task::unseen::Unseen;
use serde::Serialize;

use super::artifact;
use super::options::{Data, EPISODES, Memory, SEEDS, environment};
use super::output::{say, say_json};
use super::tasks::{tasks, without_its_task};
use super::values;
use crate::episode_progress::EpisodeProgress;

/// The terms of the table.
const WORDS: &str = "\
A step is modulated if plastic weights can change in it. A support sample is the steps in which a label is shown. An \
answer is the steps of a query, at whose end the network answers. In the task one-shot, either is one picture.";

#[derive(Debug, Args)]
#[command(after_help = format!("{WORDS}\n\n{}", environment()))]
pub(crate) struct Bench {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    /// The board, as for `evaluate`; the host counts nothing
    #[arg(long, value_name = "BODY")]
    on: BodyName,
    /// Unseen episodes
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = values::integer(EPISODES))]
    episodes: u64,
    /// Seed of the episodes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    seed: u64,
    /// Plays the arrays input_spikes and input_analog of a file instead, for a network of any task
    #[arg(long, value_name = "FILE.npz", conflicts_with_all = ["episodes", "seed", "data"])]
    inputs: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    memory: Memory,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

/// The object of `bench --json`.
#[derive(Serialize)]
struct BenchLine {
    on: String,
    episodes: u64,
    /// None of inputs that were played.
    seed: Option<u64>,
    #[serde(flatten)]
    costs: StepCosts,
    /// How often the board steps in a second at least, and how often the world does; where both are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<StepRate>,
}

/// How often a board can step, at one instruction or cycle of the step's cost in each cycle of its clock.
#[derive(Clone, Copy, Serialize)]
struct StepRate {
    clock_hz: u32,
    /// Of the worst step.
    steps_a_second: f64,
    /// Of the world; none if it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    world_steps_a_second: Option<f64>,
}

impl StepRate {
    /// `step_seconds` is that of the world, if it does not wait.
    fn of(body: &BodyName, step_seconds: Option<f64>, costs: &StepCosts) -> Option<Self> {
        let BodyName::Emulator(board) = body else { return None };
        let clock_hz = Board::named(board)?.clock_hz;
        let worst = costs.modulated.worst.max(costs.unmodulated.worst).max(1);
        let steps_a_second = f64::from(clock_hz) / f64::from(worst);
        Some(Self { clock_hz, steps_a_second, world_steps_a_second: step_seconds.map(f64::recip) })
    }

    fn text(self) -> String {
        let Self { clock_hz, steps_a_second, world_steps_a_second } = self;
        let megahertz = f64::from(clock_hz) / 1e6;
        let able = format!("at {megahertz} MHz and an instruction a cycle, {steps_a_second:.0} steps a second");
        match world_steps_a_second {
            Some(needed) if needed > steps_a_second => {
                format!("{able}: too slow for its world, which takes {needed:.0}")
            }
            Some(needed) => format!("{able}; its world takes {needed:.0}"),
            None => able,
        }
    }
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        let artifact = artifact::read(&self.file)?;
        match &self.inputs {
            Some(path) => self.measure_inputs(&artifact, path),
            None => self.measure_episodes(&artifact),
        }
    }

    fn measure_inputs(&self, artifact: &ArtifactFile, path: &Path) -> Result<()> {
        let limit = self.memory.limit();
        let inputs =
            PlayedInputs::read(path, &artifact.artifact().manifest().network, limit).context("--inputs")?;
        costs_memory(inputs.steps() as u64, 1).check("bench", limit)?;
        let costs = bench(&inputs, &self.on, artifact)?;
        let what = format!(
            "{} on {}, inputs of {}",
            artifact.artifact().manifest().task,
            self.on,
            Escaped(path.display())
        );
        self.print(what, costs, None)
    }

    fn measure_episodes(&self, artifact: &ArtifactFile) -> Result<()> {
        let decoded = artifact.artifact();
        let manifest = decoded.manifest();
        let task = tasks().for_network(&manifest, None, task::data_table(self.data.path()));
        let task = task.map_err(without_its_task).with_context(|| self.file.display().to_string())?;
        let unseen = Unseen { task: &*task, seed: self.seed, episodes: self.episodes };
        bench_memory(&unseen).check("bench", self.memory.limit())?;
        let costs = bench(&EpisodeProgress::new(&unseen, 1, false), &self.on, artifact)?;
        let what = format!("{} on {}, {} episodes, seed {}", task.name(), self.on, self.episodes, self.seed);
        self.print(what, costs, task.step_seconds())
    }

    /// Prints the costs; `what` says of what.
    fn print(&self, what: String, costs: StepCosts, step_seconds: Option<f64>) -> Result<()> {
        let rate = StepRate::of(&self.on, step_seconds, &costs);
        if self.json {
            let (episodes, seed) = if self.inputs.is_some() { (1, None) } else { (self.episodes, Some(self.seed)) };
            return say_json(&BenchLine { on: self.on.to_string(), episodes, seed, costs, rate });
        }
        say!("{what}");
        print(&costs)?;
        rate.map_or(Ok(()), |rate| Ok(say!("{}", rate.text())))
    }
}

fn print(costs: &StepCosts) -> Result<()> {
    let unit = if costs.unit == Cost::Cycles { "cycles" } else { "instructions" };
    say!("{unit} a step    steps    median     worst");
    print_steps("not modulated", &costs.unmodulated)?;
    print_steps("modulated", &costs.modulated)?;
    let segments = [("a support sample", &costs.support), ("an answer", &costs.answers)];
    let counted: Vec<_> = segments.into_iter().filter(|(_, segments)| segments.count > 0).collect();
    if !counted.is_empty() {
        say!("{:<26} {:>6} {:>9} {:>9}", format!("{unit} in all"), "count", "median", "worst");
    }
    counted.into_iter().try_for_each(|(name, segments)| print_segments(name, segments))
}

fn print_segments(name: &str, segments: &Segments) -> Result<()> {
    let Segments { count, steps, median, worst } = segments;
    say!("{:<26} {count:>6} {median:>9} {worst:>9}", format!("{name}, {steps} steps"));
    Ok(())
}

fn print_steps(name: &str, spread: &Spread) -> Result<()> {
    say!("{name:<18} {:>6} {:>9} {:>9}", spread.steps, spread.median, spread.worst);
    Ok(())
}
