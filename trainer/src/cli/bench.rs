//! `metaplastic bench FILE.plastic --on BODY`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_host::bench::{StepCosts, bench, bench_memory};
use metaplastic_host::body::BodyName;
use metaplastic_host::costs::{Segments, Spread};
use metaplastic_shared::wire::Cost;
use metaplastic_task as task;
use metaplastic_task::unseen::Unseen;
use serde::Serialize;

use super::artifact;
use super::options::{Data, EPISODES, Memory, SEEDS, environment};
use super::output::{say, say_json};
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
    seed: u64,
    #[serde(flatten)]
    costs: StepCosts,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        let artifact = artifact::read(&self.file)?;
        let decoded = artifact.artifact();
        let manifest = decoded.manifest();
        let task = task::for_network(&manifest, None, task::data_table(self.data.path()));
        let task = task.with_context(|| self.file.display().to_string())?;
        let unseen = Unseen { task: &*task, seed: self.seed, episodes: self.episodes };
        bench_memory(&unseen).check("bench", self.memory.limit())?;
        let costs = bench(&EpisodeProgress::new(&unseen, 1, false), &self.on, &artifact)?;
        if self.json {
            let line = BenchLine { on: self.on.to_string(), episodes: self.episodes, seed: self.seed, costs };
            return say_json(&line);
        }
        say!("{} on {}, {} episodes, seed {}", task.name(), self.on, self.episodes, self.seed);
        print(&costs)
    }
}

fn print(costs: &StepCosts) -> Result<()> {
    let unit = if costs.unit == Cost::Cycles { "cycles" } else { "instructions" };
    say!("{unit} a step    steps    median     worst");
    print_steps("not modulated", &costs.unmodulated)?;
    print_steps("modulated", &costs.modulated)?;
    say!("{:<26} {:>6} {:>9} {:>9}", format!("{unit} in all"), "count", "median", "worst");
    print_segments("a support sample", &costs.support)?;
    print_segments("an answer", &costs.answers)
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
