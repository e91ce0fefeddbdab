//! Dead and divergent trainings are told from healthy ones within 50 meta-steps, and named.
//!
//! Each kind has twenty trainings, of other values and other seeds. The default run takes some of each;
//! `--ignored` takes all, and longer runs of the built-in experiments.

use std::sync::atomic::AtomicBool;

use metaplastic_learn::autodiff::FusedEngine;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::meta::{Diagnosis, Metrics, Observer, TrainError, TrainOptions, train};

const CUES: &str = include_str!("../experiments/cue-association.toml");
const STEPS: u32 = 50;

/// What was diagnosed, and when.
#[derive(Default)]
struct Diagnoses(Vec<(u32, Diagnosis)>);

impl Observer for Diagnoses {
    fn begin(&mut self, _: u32, _: u32) {}
    fn meta_step(&mut self, _: &Metrics) {}
    fn diagnosis(&mut self, meta_step: u32, diagnosis: &Diagnosis) {
        self.0.push((meta_step, diagnosis.clone()));
    }
    fn end(&mut self) {}
}

fn diagnoses(experiment: &Experiment) -> Result<Vec<(u32, Diagnosis)>, TrainError> {
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let options = TrainOptions {
        folder: folder.path(),
        resume: false,
        checkpoint_every: 1000,
        memory_limit: u64::MAX,
        stop: &stop,
    };
    let engine = FusedEngine::<FusedLifetime>::default();
    let mut found = Diagnoses::default();
    train(experiment, &engine, options, &mut found).map(|_| found.0)
}

/// `text` with every line that begins with `key = ` saying `value`.
fn with(text: &str, key: &str, value: &str) -> String {
    let start = format!("{key} = ");
    let lines =
        text.lines().map(|line| if line.starts_with(&start) { format!("{start}{value}") } else { line.into() });
    let changed = lines.collect::<Vec<_>>().join("\n");
    assert_ne!(changed, text, "{key}");
    changed
}

/// `text` with `from` in the table of a population as `to`.
fn in_population(text: &str, name: &str, from: &str, to: &str) -> String {
    let (before, after) = text.split_once(&format!("name = \"{name}\"")).unwrap();
    let changed = after.replacen(from, to, 1);
    assert_ne!(changed, after, "{from}");
    format!("{before}name = \"{name}\"{changed}")
}

/// Ten to the power of `low` at case 0, of `high` at case 19.
fn power(case: u64, low: f64, high: f64) -> f64 {
    10_f64.powf(low + (high - low) * case as f64 / 19.0)
}

/// A kind of failure: its experiment, and whether a diagnosis names it.
struct Failure {
    name: &'static str,
    text: fn(u64) -> String,
    is_named: fn(&Diagnosis) -> bool,
}

const FAILURES: [Failure; 6] = [
    Failure {
        name: "output silent",
        text: |case| in_population(CUES, "output", "bias = 0.0", &format!("bias = {:.3}", -power(case, 0.7, 1.9))),
        is_named: |it| matches!(it, Diagnosis::Silent { is_readout: true, .. }),
    },
    Failure {
        name: "all saturated",
        text: |case| {
            let bias = format!("bias = {:.3}", power(case, 0.7, 1.9));
            in_population(&in_population(CUES, "hidden", "bias = 0.0", &bias), "output", "bias = 0.0", &bias)
        },
        is_named: |it| matches!(it, Diagnosis::Saturated { .. }),
    },
    Failure {
        name: "plasticity of rate 10",
        text: |case| with(CUES, "rate", &format!("{:.3}", power(case, 1.0, 2.0))),
        is_named: |it| matches!(it, Diagnosis::PlasticLimit { .. }),
    },
    Failure {
        name: "learning rate too high",
        text: |case| with(CUES, "peak_rate", &format!("{:.3}", power(case, -0.3, 0.0))),
        is_named: |it| {
            matches!(
                it,
                Diagnosis::Diverged { .. }
                    | Diagnosis::Saturated { .. }
                    | Diagnosis::Silent { .. }
                    | Diagnosis::PlasticLimit { .. }
                    | Diagnosis::FlatReadout { .. }
            )
        },
    },
    Failure {
        name: "gain 0",
        text: |case| with(CUES, "gain", &format!("{:.8}", power(case, -6.0, -4.0))),
        is_named: |it| matches!(it, Diagnosis::FlatReadout { .. }),
    },
    Failure {
        name: "labels never shown",
        text: |case| with(&with(CUES, "label_rate", "0.0"), "cue_steps", &(10 + case).to_string()),
        is_named: |it| matches!(it, Diagnosis::Unlabelled),
    },
];

fn fails(failure: &Failure, case: u64) -> Result<(), String> {
    let mut experiment = Experiment::parse("my.toml", &(failure.text)(case)).unwrap();
    (experiment.meta.seed, experiment.meta.meta_steps, experiment.meta.batch) = (case, STEPS, 4);
    match diagnoses(&experiment) {
        Err(TrainError::NonFinite { .. }) => Ok(()),
        Err(error) => Err(format!("{}, {case}: {error}", failure.name)),
        Ok(found) if found.iter().any(|(_, it)| (failure.is_named)(it)) => Ok(()),
        Ok(found) => Err(format!("{}, {case}: {found:?}", failure.name)),
    }
}

fn all_fail(cases: impl Iterator<Item = u64> + Clone) {
    let all = FAILURES.iter().flat_map(|failure| cases.clone().map(move |case| fails(failure, case)));
    let missed = all.filter_map(Result::err).collect::<Vec<_>>();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn failures_are_named_within_50_meta_steps() {
    all_fail([0, 9, 19].into_iter());
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_failures_are_named_within_50_meta_steps() {
    all_fail(0..20);
}

/// A built-in experiment as it is, but for the drawings of `one-shot`, which are synthetic.
fn built_in(name: &str, text: &str, seed: u64, meta_steps: u32) -> Experiment {
    let text = text.replace("source = \"omniglot\"", "source = \"synthetic\"");
    let mut experiment = Experiment::parse(name, &text).unwrap();
    (experiment.meta.seed, experiment.meta.meta_steps) = (seed, meta_steps);
    experiment
}

const BUILT_IN: [(&str, &str); 6] = [
    ("cue-association", CUES),
    ("cue-association-8x4", include_str!("../experiments/cue-association-8x4.toml")),
    ("cue-association-sparse", include_str!("../experiments/cue-association-sparse.toml")),
    ("cue-association-16x2", include_str!("../experiments/cue-association-16x2.toml")),
    ("one-shot-small", include_str!("../experiments/one-shot-small.toml")),
    ("one-shot-large", include_str!("../experiments/one-shot-large.toml")),
];

fn is_healthy(name: &str, text: &str, seed: u64, meta_steps: u32) -> Result<(), String> {
    let found = diagnoses(&built_in(name, text, seed, meta_steps)).unwrap();
    if found.is_empty() { Ok(()) } else { Err(format!("{name}, seed {seed}: {found:?}")) }
}

fn are_healthy(all: impl Iterator<Item = Result<(), String>>) {
    let ill = all.filter_map(Result::err).collect::<Vec<_>>();
    assert!(ill.is_empty(), "{ill:#?}");
}

#[test]
fn built_in_experiments_are_healthy_at_the_first_looks() {
    let short = BUILT_IN.into_iter().take(4).map(|(name, text)| is_healthy(name, text, 1, 40));
    are_healthy(short.chain([is_healthy(BUILT_IN[4].0, BUILT_IN[4].1, 1, 10)]));
}

#[test]
#[ignore = "takes minutes"]
fn built_in_experiments_are_healthy() {
    let seeds = |(name, text)| (1..=3).map(move |seed| is_healthy(name, text, seed, STEPS));
    let long = BUILT_IN.into_iter().take(4).map(|(name, text)| is_healthy(name, text, 4, 250));
    are_healthy(BUILT_IN.into_iter().flat_map(seeds).chain(long));
}
