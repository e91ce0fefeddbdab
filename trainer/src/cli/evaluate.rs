//! `metaplastic evaluate FILE.plastic --on BODY`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum, value_parser};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyName, Taught, board};
use metaplastic_host::evaluate::{Evaluation, Evaluator, Start};
use metaplastic_host::state_file::StateFile;
use metaplastic_learn::evaluate::evaluate;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::meta::{CHECKPOINT_FILE, TrainingCheckpoint};
use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::one_shot::{Parameters, Source};
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Unseen;
use metaplastic_task::{self as task, OneShot, Task};
use serde::Serialize;
use toml::{Table, Value};

use super::{Data, ENVIRONMENT, EPISODES, percent, say};

#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Evaluate {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    #[arg(long, value_name = "BODY", default_value = "host", help = bodies())]
    on: BodyName,
    /// Unseen episodes
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = value_parser!(u64).range(EPISODES))]
    episodes: u64,
    /// Seed of the episodes; they are never training's, whatever its seed was
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    data: Data,
    /// Runs Omniglot's one-shot runs instead: a folder or zip with run01/class_labels.txt and so on
    #[arg(long, value_name = "PATH", conflicts_with_all = ["episodes", "seed", "data", "Replaced"])]
    runs: Option<PathBuf>,
    /// Evaluates in float32 instead, with the meta-parameters in the checkpoint that training EXPERIMENT left beside
    /// FILE.plastic
    #[arg(long, value_name = "EXPERIMENT", conflicts_with_all = ["on", "runs", "resume_state", "save_state", "json"])]
    float: Option<String>,
    /// Holds something still, to see what the learning comes from
    #[arg(long, value_enum, value_name = "WHAT")]
    freeze: Option<FreezeName>,
    /// Takes the task's parameters from the [task] table of a TOML file instead of from the artifact
    #[arg(long, value_name = "FILE.toml")]
    task: Option<PathBuf>,
    #[command(flatten)]
    replaced: Replaced,
    /// Begins every episode with the plastic weights P in a state file instead of zero
    #[arg(long, value_name = "FILE")]
    resume_state: Option<PathBuf>,
    /// Writes the plastic weights P after the last episode to a state file
    #[arg(long, value_name = "FILE")]
    save_state: Option<PathBuf>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

/// What `--within` replaces.
const WITHIN: &str = "within_alphabet";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FreezeName {
    /// Every plastic weight P at its start: zero, or what --resume-state says
    Plasticity,
    /// Every modulator m at one
    ThirdFactor,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SourceName {
    /// Files, with --data
    Omniglot,
    /// Pen strokes of this program
    Synthetic,
}

impl SourceName {
    fn source(self) -> Source {
        match self {
            Self::Omniglot => Source::Omniglot,
            Self::Synthetic => Source::Synthetic,
        }
    }
}

/// Task parameters by option; each replaces the artifact's or the file's.
#[derive(Debug, Args)]
#[group(id = "Replaced", multiple = true)]
struct Replaced {
    /// How many cues
    #[arg(long, value_name = "N")]
    cues: Option<u16>,
    /// How many actions
    #[arg(long, value_name = "N")]
    actions: Option<u16>,
    /// Spikes a step of a shown cue's channels
    #[arg(long, value_name = "RATE")]
    cue_rate: Option<f64>,
    /// Spikes a step of all other cue channels
    #[arg(long, value_name = "RATE")]
    background_rate: Option<f64>,
    /// Spikes a step of the right action's label channels
    #[arg(long, value_name = "RATE")]
    label_rate: Option<f64>,
    /// Steps a cue is shown in phase 1
    #[arg(long, value_name = "STEPS")]
    cue_steps: Option<u16>,
    /// Steps between cue and label
    #[arg(long, value_name = "STEPS")]
    delay_steps: Option<u16>,
    /// Steps of the label
    #[arg(long, value_name = "STEPS")]
    teach_steps: Option<u16>,
    /// Steps a cue is shown in phase 2
    #[arg(long, value_name = "STEPS")]
    query_steps: Option<u16>,
    /// Classes of an episode (one-shot)
    #[arg(long, value_name = "N")]
    ways: Option<u16>,
    /// Labelled drawings of each class (one-shot)
    #[arg(long, value_name = "N")]
    shots: Option<u16>,
    /// Drawings of each class that are asked for (one-shot)
    #[arg(long, value_name = "N")]
    queries: Option<u16>,
    /// Part of the episodes that are within one alphabet, 0 to 1 (one-shot)
    #[arg(long, value_name = "PART")]
    within: Option<f64>,
    /// Alphabets the classes are of; what was learned of those trained on says little (one-shot)
    #[arg(long, value_name = "ALPHABET,...", value_delimiter = ',')]
    held_out: Option<Vec<String>>,
    /// Where drawings come from; without --held-out, classes are then of the alphabets this source holds out (one-shot)
    #[arg(long, value_enum, value_name = "SOURCE")]
    source: Option<SourceName>,
}

impl Replaced {
    /// The options given, with the parameters they replace and the values.
    fn given(&self) -> impl Iterator<Item = (&'static str, &'static str, Value)> {
        let integers = [
            ("cues", self.cues),
            ("actions", self.actions),
            ("cue_steps", self.cue_steps),
            ("delay_steps", self.delay_steps),
            ("teach_steps", self.teach_steps),
            ("query_steps", self.query_steps),
            ("ways", self.ways),
            ("shots", self.shots),
            ("queries", self.queries),
        ];
        let rates = [
            ("cue_rate", self.cue_rate),
            ("background_rate", self.background_rate),
            ("label_rate", self.label_rate),
            ("within", self.within),
        ];
        let integers = integers.map(|(key, value)| (key, value.map(|value| Value::Integer(value.into()))));
        let rates = rates.map(|(key, value)| (key, value.map(Value::Float)));
        let source = self
            .source
            .map(|source| Value::try_from(source.source()).expect("a word can always be written as TOML"));
        let names = [("held_out", self.held_out.clone().map(Value::from)), ("source", source)];
        let all = integers.into_iter().chain(rates).chain(names);
        all.filter_map(|(option, value)| Some((option, if option == "within" { WITHIN } else { option }, value?)))
    }

    fn table(&self) -> Table {
        let mut table: Table = self.given().map(|(_, key, value)| (key.to_owned(), value)).collect();
        if let Some(source) = self.source {
            let held_out = Parameters { source: source.source(), ..Parameters::default() }.held_out();
            table.entry("held_out").or_insert(held_out.into());
        }
        if table.contains_key("held_out") {
            // So that those that training was watched on can be asked for too.
            table.insert("validation".into(), Value::Array(Vec::new()));
        }
        table
    }
}

/// The object of `evaluate --json`.
#[derive(Serialize)]
struct Line<'a> {
    task: &'a str,
    on: String,
    freeze: Freeze,
    /// Number of the save that every episode began with.
    resumed_save: Option<u32>,
    accuracy: f64,
    low: f64,
    high: f64,
    chance: f64,
    correct: u64,
    decisions: u64,
    taught: f64,
    taught_while_told: f64,
    taught_otherwise: f64,
    episodes: u64,
    /// Runs have none.
    seed: Option<u64>,
    state_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<&'a [RunLine]>,
}

/// One of Omniglot's runs.
#[derive(Serialize)]
struct RunLine {
    name: String,
    correct: u64,
    decisions: usize,
}

/// What is to be told.
struct Evaluated {
    task: &'static str,
    chance: f64,
    evaluation: Evaluation,
    /// Of `--runs`.
    runs: Option<Vec<RunLine>>,
}

impl Evaluate {
    pub(crate) fn run(self) -> Result<()> {
        let artifact = ArtifactFile::read(&self.file)?;
        if let Some(experiment) = &self.float {
            return self.evaluate_in_float(experiment, &artifact);
        }
        let resumed = self.resume_state.as_deref().map(|path| StateFile::read(path, &artifact)).transpose()?;
        let start = Start { freeze: self.freeze(), learned: resumed.as_ref().map(|state| &state.learned) };
        let result = match &self.runs {
            Some(path) => self.examine(path, start, &artifact)?,
            None => self.evaluate(start, &artifact)?,
        };
        let resumed_save = resumed.map(|state| state.save);
        if let Some(path) = &self.save_state {
            let save = resumed_save.unwrap_or(0).wrapping_add(1);
            StateFile { save, learned: result.evaluation.learned.clone() }.write(path, &artifact)?;
        }
        if self.json {
            say!("{}", serde_json::to_string(&self.line(&result, resumed_save))?);
            return Ok(());
        }
        self.print(&result, resumed_save)
    }

    fn evaluate(&self, start: Start<'_>, artifact: &ArtifactFile) -> Result<Evaluated> {
        let task = self.task(artifact)?;
        let unseen = Unseen { task: &*task, seed: self.seed, episodes: self.episodes };
        let evaluation = Evaluator::new(&self.on, artifact, start).evaluate(&unseen)?;
        Ok(Evaluated { task: task.name(), chance: task.chance(), evaluation, runs: None })
    }

    fn evaluate_in_float(&self, experiment: &str, artifact: &ArtifactFile) -> Result<()> {
        let mut experiment = Experiment::load_with(experiment, self.data.path())?;
        let training =
            artifact.artifact().manifest().training.context("--float needs an artifact that was trained")?;
        (experiment.meta.seed, experiment.meta.meta_steps) = (training.seed, training.meta_steps);
        let checkpoint = self.file.with_file_name(CHECKPOINT_FILE);
        let parameters = TrainingCheckpoint::trained(&checkpoint, &experiment)
            .with_context(|| format!("--float needs what the training of {} left", self.file.display()))?;
        let task = self.task(artifact)?;
        let unseen = Unseen { task: &*task, seed: self.seed, episodes: self.episodes };
        let score = evaluate(&experiment.model, &parameters, &unseen, self.freeze());
        say!("{} in float32, seed {}", task.name(), self.seed);
        print_score(&score, task.chance(), "unseen episodes")
    }

    fn examine(&self, path: &Path, start: Start<'_>, artifact: &ArtifactFile) -> Result<Evaluated> {
        let decoded = artifact.artifact();
        let manifest = decoded.manifest();
        let runs = task::runs_for_network(&manifest, &self.task_text(&manifest)?, path)?;
        let evaluation = Evaluator::new(&self.on, artifact, start).evaluate(&runs)?;
        let lines = runs.names().iter().zip(runs.episodes()).zip(&evaluation.correct_by_episode);
        let lines = lines.map(|((name, episode), correct)| RunLine {
            name: name.clone(),
            correct: *correct,
            decisions: episode.decisions.len(),
        });
        let lines = lines.collect();
        Ok(Evaluated { task: OneShot::NAME, chance: runs.chance(), evaluation, runs: Some(lines) })
    }

    fn freeze(&self) -> Freeze {
        match self.freeze {
            None => Freeze::Nothing,
            Some(FreezeName::Plasticity) => Freeze::Plasticity,
            Some(FreezeName::ThirdFactor) => Freeze::ThirdFactor,
        }
    }

    fn task(&self, artifact: &ArtifactFile) -> Result<Box<dyn Task>> {
        let artifact = artifact.artifact();
        let manifest = artifact.manifest();
        let mut replaced = self.replaced.table();
        replaced.extend(task::data_table(self.data.path()));
        task::for_network(&manifest, &self.task_text(&manifest)?, replaced).with_context(|| self.sources())
    }

    /// The task's parameters, as the artifact or a file has them.
    fn task_text(&self, manifest: &Manifest<'_>) -> Result<String> {
        self.task.as_deref().map_or_else(|| Ok(manifest.task_parameters.to_owned()), task_table)
    }

    /// Where the task's parameters come from, for an error.
    fn sources(&self) -> String {
        let files = [Some(&self.file), self.task.as_ref()].into_iter().flatten();
        let files = files.map(|file| file.display().to_string());
        let options = self.replaced.given().map(|(option, ..)| format!("--{}", option.replace('_', "-")));
        files.chain(options).collect::<Vec<_>>().join(", ")
    }

    fn line<'a>(&self, result: &'a Evaluated, resumed_save: Option<u32>) -> Line<'a> {
        let evaluation = &result.evaluation;
        let score = &evaluation.score;
        let (low, high) = score.interval();
        Line {
            task: result.task,
            on: self.on.to_string(),
            freeze: self.freeze(),
            resumed_save,
            accuracy: score.accuracy(),
            low,
            high,
            chance: result.chance,
            correct: score.correct,
            decisions: score.decisions,
            taught: evaluation.taught.overall().fraction(),
            taught_while_told: evaluation.taught.while_told.fraction(),
            taught_otherwise: evaluation.taught.otherwise.fraction(),
            episodes: score.episodes,
            seed: result.runs.is_none().then_some(self.seed),
            state_hash: format!("{:016x}", evaluation.state_hash),
            runs: result.runs.as_deref(),
        }
    }

    fn print(&self, result: &Evaluated, resumed_save: Option<u32>) -> Result<()> {
        let evaluation = &result.evaluation;
        let score = &evaluation.score;
        match &self.runs {
            Some(path) => say!("{} on {}, runs of {}", result.task, self.on, path.display()),
            None => say!("{} on {}, seed {}", result.task, self.on, self.seed),
        }
        if let Some((path, save)) = self.resume_state.as_ref().zip(resumed_save) {
            say!("begins with {}, save {save}", path.display());
        }
        for run in result.runs.iter().flatten() {
            say!("{:<12}{} of {}", run.name, run.correct, run.decisions);
        }
        print_score(score, result.chance, if result.runs.is_some() { "runs" } else { "unseen episodes" })?;
        say!("taught      {}", taught(evaluation.taught));
        say!("state hash  {:016x}", evaluation.state_hash);
        Ok(())
    }
}

fn print_score(score: &Score, chance: f64, what: &str) -> Result<()> {
    let (low, high) = score.interval();
    let interval = format!("95 % interval {} to {}", percent(low), percent(high));
    say!("accuracy    {} ({interval})", percent(score.accuracy()));
    say!("chance      {}", percent(chance));
    say!("decisions   {} in {} {what}", score.decisions, score.episodes);
    Ok(())
}

/// In which share of steps plastic weights could change, in words.
fn taught(taught: Taught) -> String {
    let [overall, told, otherwise] =
        [taught.overall(), taught.while_told, taught.otherwise].map(|share| percent(share.fraction()));
    format!("{overall} of steps: {told} while told the right answer, {otherwise} otherwise")
}

/// The help of `--on`, with the boards there are.
fn bodies() -> String {
    format!(
        "What it runs on: host, serial:PORT[,BAUD] for a flashed board, or emulator:BOARD with BOARD one of {}",
        board::emulated().join(", ")
    )
}

/// The `[task]` table of a file, which may be a whole experiment.
fn task_table(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut file: Table =
        toml::from_str(&text).map_err(|error| anyhow!("{}: {}", path.display(), error.to_string().trim_end()))?;
    if let Some(key) = file.keys().find(|key| !["task", "network", "meta"].contains(&key.as_str())) {
        bail!(
            "{}: unknown key {key:?}; the file has a [task] table and may have [network] and [meta]",
            path.display()
        );
    }
    let Some(Value::Table(mut task)) = file.remove("task") else {
        bail!("{}: has no [task] table; give it one, with a name", path.display());
    };
    task::locate_data(&mut task, path, None);
    Ok(toml::to_string(&task)?)
}
