//! Every limit of an experiment at its largest is refused by field and limit, before any memory is taken, or fits.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use metaplastic_learn::autodiff::FusedEngine;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::meta::{TrainError, TrainOptions, memory, train};

const LIMIT: u64 = 4_000_000_000;
const CUES: &str = include_str!("../experiments/cue-association.toml");
const DRAWINGS: &str = include_str!("../experiments/one-shot-small.toml");

/// Each of `changes` replaces the first line that begins with its key.
fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (key, value)| {
        let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
        text.replacen(line, &format!("{key} = {value}"), 1)
    })
}

fn refusal(text: &str) -> Option<String> {
    let experiment = Experiment::parse("my.toml", text).unwrap();
    let engine = FusedEngine::<FusedLifetime>::default();
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(true);
    let begun = Instant::now();
    if memory(&experiment, &engine).bytes() <= LIMIT {
        return None;
    }
    let out = folder.path().join("out");
    let options =
        TrainOptions { folder: &out, resume: false, checkpoint_every: 50, memory_limit: LIMIT, stop: &stop };
    let error = train(&experiment, &engine, options, &mut ()).unwrap_err();
    assert!(matches!(&error, TrainError::Memory(_)) && !out.exists(), "{error}");
    assert!(begun.elapsed().as_secs() < 5, "it took its time to refuse");
    Some(error.to_string())
}

/// A hidden population of so many neurons onto itself.
fn recurrent(size: &str) -> String {
    let text = CUES.replacen("size = 64", &format!("size = {size}"), 1);
    format!("{text}\n[[network.projection]]\npre = 'hidden'\npost = 'hidden'\nweights = {{ deviation = 0.1, scale = 'fan-in' }}\n")
        .replace("[meta]", "[meta]")
}

#[test]
fn what_does_not_fit_is_refused_by_field_and_limit() {
    let hidden = refusal(&with(CUES, &[("batch", "4096")]).replacen("size = 64", "size = 16384", 1)).unwrap();
    for part in ["training would take about", "GB of memory", "--memory-limit is 4.0 GB", "network.hidden.size"] {
        assert!(hidden.contains(part), "{part:?} is not in: {hidden}");
    }
    let projections = recurrent("16384");
    let (network, meta) = projections.split_once("[meta]").unwrap();
    let (meta, projection) = meta.split_once("[[network.projection]]").unwrap();
    let recurrent = refusal(&format!("{network}[[network.projection]]{projection}[meta]{meta}")).unwrap();
    assert!(recurrent.contains("the 16384 x 16384 synapses of hidden>hidden"), "{recurrent}");
}

#[test]
fn every_parameter_of_the_task_at_its_largest_fits_or_is_refused() {
    let inputs = |channels: usize, labels: usize| (channels + labels).to_string();
    let size = |text: String, size: &str| text.replacen("size = 72", &format!("size = {size}"), 1);
    let steps = [("cue_steps", "1000"), ("delay_steps", "1000"), ("label_steps", "1000"), ("query_steps", "1000")];
    for (key, value) in steps.into_iter().chain([("cues", "256"), ("batch", "4096"), ("meta_steps", "1000000")]) {
        let refused = refusal(&with(CUES, &[(key, value)]));
        assert!(refused.is_none(), "{key}: {refused:?}");
    }
    let wide = size(with(CUES, &[("cue_channels", "4088")]), &inputs(4088, 8));
    assert_eq!(refusal(&wide), None);
    let all = [&steps[..], &[("cues", "256"), ("batch", "4096"), ("cue_channels", "4088")]].concat();
    let refused = refusal(&size(with(CUES, &all), &inputs(4088, 8))).unwrap();
    assert!(refused.contains("the inputs of meta.batch = 4096") || refused.contains("synapses"), "{refused}");
    let drawings = DRAWINGS.replace("source = \"omniglot\"", "source = \"synthetic\"");
    for (key, value) in [("shots", "10"), ("queries", "10"), ("steps", "1000"), ("training_steps", "1000")] {
        let refused = refusal(&with(&drawings, &[(key, value)]));
        println!("{key} = {value}: {refused:?}");
    }
}
