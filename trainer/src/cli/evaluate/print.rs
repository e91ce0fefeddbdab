//! The result of an evaluation in words.

use anyhow::Result;
use metaplastic_files::text::{Escaped, escaped};
use metaplastic_host::body::ModulatedSteps;
use metaplastic_host::costs::Spread;
use metaplastic_host::life;
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
    say!("modulated   {}", modulated(result.evaluation.modulated_steps, result.measures.is_empty()));
    if result.evaluation.repeats > 0 {
        let what = if result.lives.is_some() { "lives" } else { "episodes" };
        say!("repeats     {} {what} were begun anew, as a message was damaged", result.evaluation.repeats);
    }
    if let Some(text) = result.evaluation.loop_microseconds.map(|spread| loop_text(spread, result.step_seconds)) {
        say!("loop        {text}");
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
        if result.measures.is_empty() {
            say!("{:<17} {}", control.name, accuracy(control.score.count()));
        }
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
    if let Some((measure, lives)) = result.measures.first().zip(result.lives) {
        return print_measured_by_episode(*measure, lives.life, &result.evaluation.score);
    }
    let Some(counts) = result.by_number() else { return Ok(()) };
    let blocks = life::blocks(&counts, life::block_length(counts.len() as u64, BLOCKS));
    for block in &blocks {
        say!("{:<11} {}", numbers(block.first, block.last()), accuracy(block.count));
    }
    if let Some(block) = life::lowest(&blocks) {
        say!("lowest      {} in {}", percent(block.count.accuracy()), numbers(block.first, block.last()));
    }
    Ok(())
}

fn print_measured_by_episode(measure: Measure, life: u64, score: &Score) -> Result<()> {
    for block in life::measured_blocks(&score.values(0), life, life::block_length(life, BLOCKS)) {
        let numbers = numbers(block.first, block.last());
        say!("{numbers:<11} {} ({})", measured(measure, block.estimate), spread(block.estimate));
    }
    Ok(())
}

/// Which episodes of a life.
fn numbers(first: u64, last: u64) -> String {
    if first == last { format!("episode {first}") } else { format!("{first} to {last}") }
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

/// How long the loop takes over a line, and whether that is in time for its world.
fn loop_text(spread: Spread, step_seconds: Option<f64>) -> String {
    let [median, worst] = [spread.median, spread.worst].map(|microseconds| f64::from(microseconds) / 1e3);
    let measured = format!("median {median:.2} ms, worst {worst:.2} ms from the inputs of a step to its answer");
    match step_seconds.map(|seconds| 1e3 * seconds) {
        Some(needed) if worst > needed => {
            format!("{measured}: too slow for its world, whose steps take {needed} ms")
        }
        Some(needed) => format!("{measured}; a step of its world takes {needed} ms"),
        None => measured,
    }
}

/// The fraction of steps in which plastic weights could change, in words; and by whether a label is shown, where any is.
fn modulated(steps: ModulatedSteps, has_labels: bool) -> String {
    let [overall, labelled, unlabelled] =
        [steps.overall(), steps.labelled, steps.unlabelled].map(|count| percent(count.fraction()));
    if !has_labels {
        return format!("{overall} of steps");
    }
    format!("{overall} of steps: {labelled} while a label is shown, {unlabelled} otherwise")
}
