//! The result of an evaluation in words.

use anyhow::Result;
use metaplastic_files::text::{Escaped, escaped};
use metaplastic_host::body::ModulatedSteps;
use metaplastic_host::life::{self, LifeBlock};
use metaplastic_task::measure::Measure;
use metaplastic_task::score::{DecisionCount, Score};

use super::arguments::Evaluate;
use super::result::Evaluated;
use crate::cli::output::{interval, measured, percent, say, spread};
use crate::lives::Lives;

/// Blocks of a life's episodes, at most.
const BLOCKS: u64 = 20;

pub(super) fn print(arguments: &Evaluate, result: &Evaluated) -> Result<()> {
    print_head(arguments, result)?;
    for run in result.runs.iter().flatten() {
        say!("{:<11} {}", Escaped(&run.name), run.figures);
    }
    let episodes = if result.runs.is_some() { "runs" } else { episodes(&result.trained_on) };
    print_score(&result.evaluation.score, result.measures, result.chance, episodes)?;
    print_controls(result)?;
    print_trained_on(&result.trained_on)?;
    print_by_candidates(result)?;
    print_by_episode(result)?;
    say!("modulated   {}", modulated(result.evaluation.modulated_steps));
    if result.evaluation.repeats > 0 {
        let what = if result.lives.is_some() { "lives" } else { "episodes" };
        say!("repeats     {} {what} were begun anew, as a message was damaged", result.evaluation.repeats);
    }
    say!("state hash  {:016x}", result.evaluation.state_hash);
    if let Some(save) = result.evaluation.written_save {
        say!("saved       on the board, save {save}");
    }
    Ok(())
}

/// A line for each control and measure, as those of the network.
fn print_controls(result: &Evaluated) -> Result<()> {
    for control in &result.controls {
        for (index, measure) in result.measures.iter().enumerate() {
            let estimate = control.score.estimate(index).unwrap_or_default();
            say!("{:<11} {} ({})", control.name, measured(*measure, estimate), spread(estimate));
        }
    }
    Ok(())
}

fn print_head(arguments: &Evaluate, result: &Evaluated) -> Result<()> {
    match &arguments.runs {
        Some(path) => say!("{} on {}, runs of {}", result.task, arguments.on, Escaped(path.display())),
        None => say!("{} on {}, seed {}", result.task, arguments.on, arguments.seed),
    }
    if let Some(Lives { life, lives }) = result.lives {
        say!("{lives} lives of {life} episodes without a reset");
    }
    if !result.differences.is_empty() {
        say!("the task differs from that of training: {}", result.differences.join("; "));
    }
    match (&arguments.resume_state, result.resumed_save) {
        (Some(path), Some(save)) => say!("begins with {}, save {save}", Escaped(path.display())),
        (None, Some(save)) => say!("begins with save {save} on the board"),
        _ => {}
    }
    Ok(())
}

fn print_by_candidates(result: &Evaluated) -> Result<()> {
    for (candidates, count) in result.by_candidates().into_iter().flatten() {
        let label = format!("among {candidates}");
        say!("{label:<11} {}, chance {}", accuracy(*count), percent(1.0 / *candidates as f64));
    }
    Ok(())
}

fn print_by_episode(result: &Evaluated) -> Result<()> {
    let Some(counts) = result.by_number().filter(|_| result.measures.is_empty()) else { return Ok(()) };
    let blocks = life::blocks(&counts, life::block_length(counts.len() as u64, BLOCKS));
    for block in &blocks {
        say!("{:<11} {}", numbers(block), accuracy(block.count));
    }
    if let Some(block) = life::lowest(&blocks) {
        say!("lowest      {} in {}", percent(block.count.accuracy()), numbers(&block));
    }
    Ok(())
}

/// Which episodes of a life.
fn numbers(block: &LifeBlock) -> String {
    if block.episodes == 1 {
        format!("episode {}", block.first)
    } else {
        format!("{} to {}", block.first, block.last())
    }
}

fn accuracy(count: DecisionCount) -> String {
    format!("{} ({})", percent(count.accuracy()), interval(count))
}

/// What the episodes of an evaluation are, of which training had some of the classes.
pub(super) fn episodes(trained_on: &[String]) -> &'static str {
    if trained_on.is_empty() { "unseen episodes" } else { "episodes, of classes that are not all unseen" }
}

pub(super) fn print_trained_on(names: &[String]) -> Result<()> {
    if !names.is_empty() {
        let names: Vec<_> = names.iter().map(escaped).collect();
        let unless = "not held out in training; the accuracy on what was trained on says little";
        say!("trained on  {}: {unless}", names.join(", "));
    }
    Ok(())
}

pub(super) fn print_score(score: &Score, measures: &[Measure], chance: f64, episodes: &str) -> Result<()> {
    for (index, measure) in measures.iter().enumerate() {
        let estimate = score.estimate(index).unwrap_or_default();
        say!("{} ({})", measured(*measure, estimate), spread(estimate));
    }
    if !measures.is_empty() {
        say!("episodes    {} {episodes}", score.episodes);
        return Ok(());
    }
    say!("accuracy    {}", accuracy(score.count()));
    say!("chance      {}", percent(chance));
    say!("decisions   {} in {} {episodes}", score.decisions, score.episodes);
    Ok(())
}

/// The fraction of steps in which plastic weights could change, in words.
fn modulated(steps: ModulatedSteps) -> String {
    let [overall, labelled, unlabelled] =
        [steps.overall(), steps.labelled, steps.unlabelled].map(|count| percent(count.fraction()));
    format!("{overall} of steps: {labelled} while a label is shown, {unlabelled} otherwise")
}
