//! Collects the data of a report from the folder of a training: artifact, metrics, summary. The rest is measured
//! again.

use std::path::Path;

use super::life::{self, default_lives};
use super::metrics_table::MetricsTable;
use super::pictures::pictures;
use super::record::record;
use super::request::ReportRequest;
use super::world::{self, measured_rows, named_scores, world_report};
use crate::lives::Lives;
use crate::training_summary::{ARTIFACT_FILE, ChipScores, SUMMARY_FILE, Summary};
use anyhow::{Context, Result, bail, ensure};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::regular;
use metaplastic_host::evaluate::Evaluator;
use metaplastic_host::inspect::{Inspection, inspect};
use metaplastic_learn::meta::Diagnosis;
use metaplastic_report::data::{Accuracy, FactRow, FormatRow, ReportData, RuleRow};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::Episode;
use metaplastic_task::score::{DecisionCount, Score, wilson};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{Unseen, UnseenLives};
use metaplastic_task::{self as task, InputLayout, Task};

/// Unseen episodes of an accuracy that the report measures, at most.
const MAX_EPISODES: u64 = 1000;
/// Steps of all these episodes, at most; but never fewer than [`MIN_EPISODES`] episodes.
const MAX_STEPS: u64 = 200_000;
const MIN_EPISODES: u64 = 50;
/// Steps times neurons of an episode that is drawn, at most: every spike is a mark on the page.
const MOST_DRAWN: usize = 10_000_000;
/// What `watch --export` is told to write, for a link to it.
const EXPORTED_PAGE: &str = "life.html";
/// Limit of the size of a summary, bytes.
const MOST_BYTES: u64 = 1 << 26;

/// Reads a folder. Where it has no summary of its artifact, chip arithmetic is measured on unseen episodes, with
/// and without each ablation. Metrics and summary are optional; the artifact is required, and data if its task reads any.
///
/// # Errors
/// If a file that is there cannot be read, or is of another training than the artifact; names it. If too much memory
/// would be taken.
pub fn collect(request: &ReportRequest<'_>) -> Result<ReportData> {
    let ReportRequest { tasks, folder, data, memory_limit, .. } = *request;
    let artifact = read_artifact(folder)?;
    let decoded = artifact.artifact();
    let manifest = decoded.manifest();
    let task = tasks
        .for_network(&manifest, None, task::data_table(data))
        .with_context(|| folder.join(ARTIFACT_FILE).display().to_string())?;
    check_options(request, &*task)?;
    let seed = manifest.training.map_or(1, |training| training.seed);
    let unseen = Unseen { task: &*task, seed, episodes: episodes(&*task) };
    let evaluation = Evaluator::host(&artifact, Freeze::Nothing).memory(&*task);
    evaluation.and(world::memory(&unseen)).check("the report", memory_limit)?;
    let checksum = decoded.checksum();
    let (summary, metrics) = (summary(&folder.join(SUMMARY_FILE))?, MetricsTable::read(folder)?);
    metrics.check(folder, checksum, summary.as_ref())?;
    // The folder may have the summary of another artifact.
    let summary = summary.filter(|summary| summary.artifact == checksum);
    let chip = match &summary {
        Some(summary) => summary.chip.clone(),
        None => ChipScores::measure(&unseen, &artifact)?,
    };
    let Lives { life, lives } = request.lives.unwrap_or_else(|| default_lives(&*task));
    let measures = task.measures();
    let lives = if measures.is_empty() {
        life::curves(request, &artifact, &UnseenLives { task: &*task, seed, life, lives })?
    } else {
        Vec::new()
    };
    let scores = named_scores(summary.as_ref(), &chip);
    let (world, further) = (world_report(&artifact, &unseen, &scores)?, measured_rows(measures, &scores));
    let recorded = recorded(&artifact, &unseen)?;
    let described = described(&artifact);
    Ok(ReportData {
        seed,
        curve: metrics.curve,
        exported_page: folder.join(EXPORTED_PAGE).is_file().then(|| EXPORTED_PAGE.to_owned()),
        command_lines: summary.iter().map(|summary| summary.command.clone()).collect(),
        chance: task.chance(),
        world,
        accuracies: if measures.is_empty() { accuracies(summary.as_ref(), &chip) } else { Vec::new() },
        within_episode: within_episode(&chip.learning),
        lives,
        summary: [warnings(summary.as_ref()), further, described.summary, recorded.summary].concat(),
        formats: summary.map_or_else(Vec::new, formats),
        pictures: recorded.pictures,
        memories: recorded.memories,
        episode: recorded.episode,
        plastic_distribution: recorded.plastic_distribution,
        ..described
    })
}

/// Refuses options for lives of many episodes where an episode is a life in a world.
fn check_options(request: &ReportRequest<'_>, task: &dyn Task) -> Result<()> {
    let options = [("--life", request.lives.is_some()), ("--beside", request.beside.is_some())];
    let given = options.into_iter().find(|(_, is_given)| *is_given).filter(|_| !task.measures().is_empty());
    given.map_or(Ok(()), |(option, _)| {
        bail!("{option}: an episode of task {} is a whole life in a world; leave {option} out", task.name())
    })
}

/// A row for each reason why the network has not learned.
fn warnings(summary: Option<&Summary>) -> Vec<FactRow> {
    let diagnoses = summary.map_or(&[][..], |summary| &summary.diagnoses);
    let row = |it: &Diagnosis| FactRow { label: "Warning".into(), value: it.with_remedy() };
    diagnoses.iter().map(row).collect()
}

fn read_artifact(folder: &Path) -> Result<ArtifactFile> {
    let path = folder.join(ARTIFACT_FILE);
    ensure!(
        path.exists(),
        "{}: there is no {ARTIFACT_FILE}; give the folder of a finished `metaplastic train` or `metaplastic demo`",
        folder.display()
    );
    Ok(ArtifactFile::read(&path)?)
}

/// The parts of a report that describe the artifact.
fn described(artifact: &ArtifactFile) -> ReportData {
    let decoded = artifact.artifact();
    let manifest = decoded.manifest();
    let inspection = inspect(artifact);
    ReportData {
        title: format!("What a network learned: {}", manifest.task),
        task: manifest.task.to_owned(),
        meta_steps: manifest.training.map_or(0, |training| training.meta_steps.into()),
        summary: rows(&inspection),
        rule: rules(&inspection),
        ..ReportData::default()
    }
}

/// The parts of a report that show one episode; nothing of an episode that is too long for a page.
fn recorded(artifact: &ArtifactFile, unseen: &Unseen<'_>) -> Result<ReportData> {
    let neurons =
        artifact.artifact().manifest().network.populations.iter().map(|it| usize::from(it.size)).sum::<usize>();
    let steps = unseen.task.steps(Purpose::Test);
    if steps.saturating_mul(neurons) > MOST_DRAWN {
        let value = format!("not shown: {steps} steps of {neurons} neurons are too many for a page");
        let summary = vec![FactRow { label: "an episode".into(), value }];
        return Ok(ReportData { summary, ..ReportData::default() });
    }
    let episode = representative_episode(unseen);
    let recording = record(artifact.artifact(), &episode, &unseen.task.controls())?;
    let pictures = match unseen.task.input_layout() {
        InputLayout::Picture { side } => Some(pictures(&episode, side)),
        _ => None,
    };
    Ok(ReportData {
        memories: if pictures.is_some() { recording.memories } else { Vec::new() },
        pictures,
        episode: Some(recording.episode),
        plastic_distribution: recording.distribution,
        ..ReportData::default()
    })
}

/// The number of episodes of an accuracy that the report measures.
fn episodes(task: &dyn Task) -> u64 {
    (MAX_STEPS / task.steps(Purpose::Test).max(1) as u64).clamp(MIN_EPISODES, MAX_EPISODES)
}

/// Of the first unseen episodes the one whose targets are most evenly distributed, the earliest of several: an
/// episode in which one answer is always right would show little. The choice does not depend on the network's
/// answers.
fn representative_episode(unseen: &Unseen<'_>) -> Episode {
    let largest_count = |episode: &Episode| {
        let targets = episode.decisions.iter().map(|decision| decision.target);
        targets.clone().map(|class| targets.clone().filter(|target| *target == class).count()).max()
    };
    let first = (0..16).map(|index| unseen.episode(index));
    first.min_by_key(largest_count).unwrap_or_default()
}

fn summary(path: &Path) -> Result<Option<Summary>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = regular::read(path, MOST_BYTES).with_context(|| format!("{}: cannot be read", path.display()))?;
    let summary = serde_json::from_slice(&text).with_context(|| format!("{}: not a summary", path.display()))?;
    Ok(Some(summary))
}

fn accuracies(summary: Option<&Summary>, chip: &ChipScores) -> Vec<Accuracy> {
    let mut bars = vec![accuracy("chip arithmetic", &chip.learning)];
    if let Some(summary) = summary {
        bars.insert(0, accuracy("float32", &summary.float));
        bars.push(accuracy("start values, untrained, float32", &summary.untrained));
    }
    bars.push(accuracy("plasticity frozen (P = 0)", &chip.frozen_plasticity));
    bars.push(accuracy("third factor frozen (every m = 1)", &chip.frozen_third_factor));
    bars
}

fn accuracy(label: &str, score: &Score) -> Accuracy {
    let (low, high) = score.interval();
    Accuracy {
        label: label.to_owned(),
        accuracy: score.accuracy(),
        low,
        high,
        decisions: score.decisions,
        episodes: score.episodes,
    }
}

/// By the number of candidates where it differs, and else by the number of the decision.
fn within_episode(score: &Score) -> Vec<Accuracy> {
    if score.by_candidates.len() < 2 {
        return by_decision(score);
    }
    let accuracy = |(candidates, count): (&usize, &DecisionCount)| {
        let (low, high) = count.interval();
        Accuracy {
            label: format!("among {candidates}, chance {:.1} %", 100.0 / *candidates as f64),
            accuracy: count.accuracy(),
            low,
            high,
            decisions: count.decisions,
            episodes: score.episodes,
        }
    };
    score.by_candidates.iter().map(accuracy).collect()
}

fn by_decision(score: &Score) -> Vec<Accuracy> {
    let accuracy = |(decision, correct): (usize, &u64)| {
        let (low, high) = wilson(*correct, score.episodes);
        Accuracy {
            label: format!("decision {}", decision + 1),
            accuracy: *correct as f64 / score.episodes as f64,
            low,
            high,
            decisions: score.episodes,
            episodes: score.episodes,
        }
    };
    score.correct_by_decision.iter().enumerate().map(accuracy).collect()
}

fn rows(inspection: &Inspection) -> Vec<FactRow> {
    let populations = inspection.populations.iter().map(|population| FactRow {
        label: population.name.clone(),
        value: format!("{} {}", population.size, population.kind),
    });
    let figure = |label: &str, value: String| FactRow { label: label.to_owned(), value };
    let figures = [
        figure("plastic synapses", inspection.plastic_synapses.to_string()),
        figure("flash for the artifact", format!("{} bytes", inspection.flash_bytes)),
        figure("RAM for the state", format!("{} bytes", inspection.ram_bytes)),
        figure("artifact CRC-32", inspection.checksum.clone()),
    ];
    populations.chain(figures).collect()
}

fn rules(inspection: &Inspection) -> Vec<RuleRow> {
    let learning = inspection.projections.iter().filter_map(|line| Some((line, line.plasticity.as_ref()?)));
    let rows =
        learning.flat_map(|(line, plasticity)| plasticity.equations.iter().map(move |equation| (line, equation)));
    rows.map(|(line, equation)| RuleRow { projection: line.name.clone(), equation: equation.clone() }).collect()
}

fn formats(summary: Summary) -> Vec<FormatRow> {
    let row = |line: metaplastic_learn::quantize::FormatLine| FormatRow {
        quantity: line.quantity,
        low: -line.range,
        high: line.range,
        format: line.format,
        lsb: line.lsb,
    };
    summary.formats.into_iter().map(row).collect()
}
