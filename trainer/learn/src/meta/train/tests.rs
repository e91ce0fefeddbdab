//! The loop with a fake engine: descent, freezing, stopping, resuming, giving up.

use std::collections::BTreeSet;

use super::*;
use crate::autodiff::FusedEngine;
use crate::experiment::CarryOver;
use crate::lifetime::carried_part::CarriedPart;
use crate::lifetime::fused::FusedLifetime;
use crate::lifetime::input_statistics::input_statistics;
use crate::meta::fake::Fake;
use crate::meta::lanes::Lane;
use crate::model::{Family, Parameter};
use crate::quantize::round;
use metaplastic_task::Tasks;

const STEPS: u32 = 20;

fn experiment() -> Experiment {
    let mut experiment = Experiment::load("cue-association").unwrap();
    experiment.meta.meta_steps = STEPS;
    experiment.meta.batch = 2;
    experiment
}

/// A folder and the options of a training in it.
struct TrainingFolder(tempfile::TempDir);

impl TrainingFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn options<'o>(&'o self, engine: &'o Fake, resume: bool) -> TrainOptions<'o> {
        TrainOptions { folder: self.0.path(), resume, checkpoint_every: 7, stop: &engine.stop }
    }

    fn train(&self, experiment: &Experiment, engine: &Fake, resume: bool) -> Result<Trained, TrainError> {
        train(experiment, engine, self.options(engine, resume), &mut ())
    }

    fn csv(&self) -> String {
        std::fs::read_to_string(self.0.path().join(METRICS_FILE)).unwrap()
    }
}

fn text(trained: &Trained) -> String {
    String::from_utf8(to_csv(&trained.fingerprint, &trained.metrics).unwrap()).unwrap()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// All that has to be equal; the time a step takes does not.
fn without_time(trained: &Trained) -> String {
    let metrics = trained.metrics.iter().map(|metrics| Metrics { wall_seconds: 0.0, ..*metrics }).collect();
    text(&Trained { metrics, ..trained.clone() })
}

#[test]
fn what_is_deployed_has_other_rates_and_is_the_same_training() {
    let folder = TrainingFolder::new();
    let mut experiment = experiment();
    let trained = folder.train(&experiment, &Fake::default(), false).unwrap();
    experiment.meta.deployed_rate = 0.25;
    let resumed = folder.train(&experiment, &Fake::default(), true).unwrap();
    assert_eq!(without_time(&resumed), without_time(&trained));
    let checkpoint = folder.0.path().join(CHECKPOINT_FILE);
    assert_eq!(TrainingCheckpoint::trained(&checkpoint, &experiment).unwrap(), resumed.parameters);
    let model = &experiment.model;
    for slot in model.slots() {
        let (before, after) = (&trained.parameters[slot.range.clone()], &resumed.parameters[slot.range.clone()]);
        let by = if slot.family == Family::Rate { 0.25_f32.ln() } else { 0.0 };
        assert!(before.iter().zip(after).all(|(before, after)| after.to_bits() == (before + by).to_bits()));
    }
    assert!(model.slots().iter().any(|slot| slot.family == Family::Rate));
}

#[test]
fn it_descends_and_writes_down_every_meta_step() {
    let folder = TrainingFolder::new();
    let trained = folder.train(&experiment(), &Fake::default(), false).unwrap();
    assert_eq!(trained.metrics.len() as u32, STEPS);
    assert!(trained.metrics[19].loss < trained.metrics[0].loss);
    assert_eq!(folder.csv(), text(&trained));
    let rates: Vec<_> = trained.metrics.iter().map(|metrics| metrics.learning_rate).collect();
    assert_eq!(rates, (0..STEPS).map(|step| experiment().meta.schedule.rate(step, STEPS)).collect::<Vec<_>>());
}

#[test]
fn a_stopped_and_resumed_training_is_the_same_to_the_bit() {
    let straight = TrainingFolder::new().train(&experiment(), &Fake::default(), false).unwrap();
    let folder = TrainingFolder::new();
    let interrupted = Fake { stop_after: Some(10), ..Fake::default() };
    let stopped = folder.train(&experiment(), &interrupted, false).unwrap_err();
    assert_eq!(
        stopped.to_string(),
        "stopped after meta-step 10 of 20; continue with `train --resume`, the same experiment and options"
    );
    let resumed = folder.train(&experiment(), &Fake::default(), true).unwrap();
    assert_eq!(bits(&resumed.parameters), bits(&straight.parameters));
    assert_eq!(without_time(&resumed), without_time(&straight));
    assert_eq!(folder.csv(), text(&resumed));
}

#[test]
fn after_a_crash_the_metrics_have_no_step_twice() {
    let folder = TrainingFolder::new();
    let crash = Fake { broken: 10..u32::MAX, ..Fake::default() };
    let experiment = {
        let mut experiment = experiment();
        experiment.meta.give_up_after = 3;
        experiment
    };
    folder.train(&experiment, &crash, false).unwrap_err();
    assert_eq!(folder.csv().lines().count(), 1 + 11, "the checkpoint is of meta-step 7");
    let resumed = folder.train(&experiment, &Fake::default(), true).unwrap();
    let straight = TrainingFolder::new().train(&experiment, &Fake::default(), false).unwrap();
    assert_eq!(bits(&resumed.parameters), bits(&straight.parameters));
    assert_eq!(folder.csv(), text(&resumed));
}

#[test]
fn a_finished_training_can_be_resumed_and_is_done() {
    let folder = TrainingFolder::new();
    let trained = folder.train(&experiment(), &Fake::default(), false).unwrap();
    assert_eq!(folder.train(&experiment(), &Fake::default(), true).unwrap(), trained);
}

#[test]
fn only_the_same_training_is_resumed() {
    let folder = TrainingFolder::new();
    let nothing = folder.train(&experiment(), &Fake::default(), true).unwrap_err().to_string();
    assert!(nothing.contains("checkpoint") && nothing.contains("start without --resume"), "{nothing}");
    folder.train(&experiment(), &Fake::default(), false).unwrap();
    let refusal = |change: fn(&mut Experiment)| {
        let mut other = experiment();
        change(&mut other);
        let error = folder.train(&other, &Fake::default(), true).unwrap_err();
        assert!(
            matches!(&error, TrainError::Checkpoint(_)) && error.to_string().contains("--overwrite"),
            "{error}"
        );
        error.to_string()
    };
    assert!(refusal(|other| other.meta.seed = 2).contains("another training: meta.seed was 1, now 2;"));
    assert!(refusal(|other| other.meta.meta_steps = 30).contains("meta.meta_steps was 20, now 30;"));
    assert!(refusal(|other| other.meta.batch = 3).contains("meta.batch was 2, now 3;"));
    let cues = refusal(|other| {
        other.task = Tasks::built_in().from_text(&other.task.parameters(), "cues = 5".parse().unwrap()).unwrap();
    });
    assert!(cues.contains("task.cues was 4, now 5;"), "{cues}");
}

#[test]
fn frozen_families_do_not_move_and_do_not_count_for_the_norm() {
    let mut frozen = experiment();
    frozen.meta.freeze = BTreeSet::from([Family::Weights, Family::Coefficients]);
    let trained = TrainingFolder::new().train(&frozen, &Fake::default(), false).unwrap();
    let start = frozen.initial(frozen.meta.seed);
    for slot in frozen.model.slots() {
        let moved = trained.parameters[slot.range.clone()] != start[slot.range.clone()];
        assert_eq!(moved, !frozen.meta.freeze.contains(&slot.family), "{}", frozen.model.name(slot.parameter));
    }
    let free = TrainingFolder::new().train(&experiment(), &Fake::default(), false).unwrap();
    assert!(trained.metrics[0].gradient_norm < free.metrics[0].gradient_norm);
}

#[test]
fn a_meta_step_without_a_finite_gradient_is_skipped_and_counted() {
    let mut once = experiment();
    once.meta.meta_steps = 1;
    let trained = TrainingFolder::new().train(&once, &Fake { broken: 1..2, ..Fake::default() }, false).unwrap();
    assert_eq!((trained.skipped(), bits(&trained.parameters)), (1, bits(&once.initial(once.meta.seed))));
    let trained =
        TrainingFolder::new().train(&experiment(), &Fake { broken: 3..6, ..Fake::default() }, false).unwrap();
    let skipped: Vec<_> = trained.metrics.iter().filter(|metrics| metrics.is_skipped()).collect();
    assert_eq!(skipped.iter().map(|metrics| metrics.meta_step).collect::<Vec<_>>(), [3, 4, 5]);
    assert!(trained.parameters.iter().all(|value| value.is_finite()));
}

#[test]
fn too_many_in_a_row_end_the_training_and_name_the_tensor() {
    let mut strict = experiment();
    strict.meta.give_up_after = 4;
    let message =
        TrainingFolder::new().train(&strict, &Fake { broken: 6..20, ..Fake::default() }, false).unwrap_err();
    let expected = "meta-step 9: the gradient of hidden.bias was not finite, 4 meta-steps in a row";
    assert!(message.to_string().starts_with(expected), "{message}");
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_before_the_first_meta_step() {
    let folder = TrainingFolder::new();
    let file = folder.0.path().join("file");
    std::fs::write(&file, "").unwrap();
    let engine = Fake::default();
    let options = TrainOptions { folder: &file.join("below"), ..folder.options(&engine, false) };
    let message = train(&experiment(), &engine, options, &mut ()).unwrap_err();
    assert!(matches!(&message, TrainError::Write { .. }) && message.to_string().contains("below"), "{message}");
}

#[test]
fn an_observer_gets_every_meta_step_and_of_the_end() {
    #[derive(Default)]
    struct Recorder(Vec<String>);
    impl Observer for Recorder {
        fn begin(&mut self, done: u32, total: u32) {
            self.0.push(format!("{done} of {total}"));
        }
        fn meta_step(&mut self, metrics: &Metrics) {
            self.0.push(metrics.meta_step.to_string());
        }
        fn diagnosis(&mut self, meta_step: u32, diagnosis: &Diagnosis) {
            self.0.push(format!("{meta_step}: {diagnosis}"));
        }
        fn end(&mut self) {
            self.0.push("end".into());
        }
    }
    let (folder, mut observed) = (TrainingFolder::new(), Recorder::default());
    let engine = Fake { stop_after: Some(2), ..Fake::default() };
    train(&experiment(), &engine, folder.options(&engine, false), &mut observed).unwrap_err();
    train(
        &experiment(),
        &Fake::default(),
        TrainOptions { stop: &AtomicBool::new(true), ..folder.options(&engine, true) },
        &mut observed,
    )
    .unwrap_err();
    assert_eq!(observed.0, ["0 of 20", "1", "2", "end", "2 of 20", "end"]);
}

/// Two maps, the second of which gets its spikes from the first.
const BATCH_NORMALISED: &str = "
        task = { name = 'cue-association' }
        [meta]
        meta_steps = 20
        batch = 2
        [network]
        surrogate_slope = 2
        plastic_limit = 1.0
        readout = { population = 'output', classes = 2, neurons_per_class = 4, gain = 0.3 }
        population = [
            { name = 'input', kind = 'input', size = 72 },
            { name = 'map', kind = 'lif', size = 50, bias = 0.25, membrane_decay = 0.8, channels = 5 },
            { name = 'output', kind = 'lif', size = 8, bias = 0.0, membrane_decay = 0.8 },
        ]
        projection = [
            { pre = 'input', post = 'map', convolution = { height = 4, channels = 2, kernel = 3, stride = 2, padding = 1 },
              weights = { deviation = 1.0, scale = 'absolute', standardised = 2.0, learned_deviation = true, batch_normalised = 0.75 } },
            { pre = 'map', post = 'output',
              weights = { deviation = 1.0, scale = 'fan-in', standardised = 1.0, batch_normalised = 0.5 } },
        ]";

fn batch_normalised() -> Experiment {
    Experiment::parse("maps.toml", BATCH_NORMALISED).unwrap()
}

#[test]
fn a_training_begins_with_inputs_of_the_configured_mean_and_deviation() {
    let experiment = batch_normalised();
    let network = initial_state(&experiment, || LaneEpisodes::draw(&experiment, 0, &[]).episodes)
        .network(&experiment.constraints);
    let received = input_statistics(&experiment.model, &network, LaneEpisodes::draw(&experiment, 0, &[]).batch());
    for (population, channels, bias, deviation) in [(1, 5, 0.25, 0.75), (2, 8, 0.0, 0.5)] {
        for channel in 0..channels {
            let (mean, variance) = (received[population].mean(channel), received[population].variance(channel));
            assert!((mean - bias).abs() < 1e-3, "{population} {channel}: {mean}");
            assert!((variance.sqrt() - deviation).abs() < 0.01 * deviation, "{population} {channel}: {variance}");
        }
    }
}

#[test]
fn running_statistics_are_resumed_too() {
    let straight = TrainingFolder::new().train(&batch_normalised(), &Fake::default(), false).unwrap();
    let folder = TrainingFolder::new();
    folder.train(&batch_normalised(), &Fake { stop_after: Some(10), ..Fake::default() }, false).unwrap_err();
    let resumed = folder.train(&batch_normalised(), &Fake::default(), true).unwrap();
    assert_eq!(bits(&resumed.parameters), bits(&straight.parameters));
}

/// Rounding leaves a variance slightly below zero; one that has no deviation makes weights that are not numbers.
#[test]
fn running_statistics_that_cannot_be_are_refused() {
    let experiment = batch_normalised();
    let checked = |change: fn(&mut TrainingState)| -> Result<bool, String> {
        let mut state = initial_state(&experiment, || LaneEpisodes::draw(&experiment, 0, &[]).episodes);
        change(&mut state);
        state.check(&experiment).map_err(|why| why.to_string())?;
        Ok(state.network(&experiment.constraints).iter().all(|value| value.is_finite()))
    };
    assert_eq!(checked(|_| {}), Ok(true));
    assert_eq!(checked(|state| state.statistics[1].variance[3] = -1e-5), Ok(true));
    let cases: [(fn(&mut TrainingState), _); 6] = [
        (|state| state.statistics[1].variance[3] = -1.0, "statistics[1].variance[3] = -1 is not a variance"),
        (|state| state.statistics[0].variance[0] = f32::NAN, "statistics[0].variance[0] = NaN is not a variance"),
        (|state| state.statistics[0].mean[4] = f32::INFINITY, "statistics[0].mean[4] = inf is not a finite number"),
        (|state| state.statistics[0].mean.truncate(1), "statistics[0].mean: 1 values, this experiment has 5"),
        (|state| state.parameters.gammas[1][0] = f32::NAN, "parameters.gammas[1][0] = NaN is not a finite number"),
        (|state| state.parameters.gammas[1].clear(), "parameters.gammas[1]: 0 values, this experiment has 8"),
    ];
    for (change, refusal) in cases {
        assert_eq!(checked(change), Err(refusal.to_owned()));
    }
}

#[test]
fn quantisation_aware_weights_are_on_the_grid_of_the_chip_and_free_ones_are_not() {
    let text =
        BATCH_NORMALISED.replace("batch_normalised = 0.5", "batch_normalised = 0.5, quantisation_aware = true");
    let experiment = Experiment::parse("maps.toml", &text).unwrap();
    let state = initial_state(&experiment, || LaneEpisodes::draw(&experiment, 0, &[]).episodes);
    let network = state.network(&experiment.constraints);
    for (index, is_on_grid) in [(0, false), (1, true)] {
        let range = experiment.model.slot(Parameter::Weights(index)).unwrap().range.clone();
        let connectivity = experiment.model.network.projections[index].connectivity;
        let on_grid = |values: &[f32]| {
            let mut on_the_grid = values.to_vec();
            round(connectivity, &mut on_the_grid);
            on_the_grid == values
        };
        assert_eq!(on_grid(&network[range.clone()]), is_on_grid);
        assert!(!on_grid(&state.parameters.network[range]));
    }
}

/// Two lanes that carry over from the second meta-step on.
fn carrying(state: CarriedPart) -> Experiment {
    let carry_over = CarryOver { fresh_until: 0.05, fresh_at_end: 0.2, state };
    let mut experiment = experiment();
    experiment.meta.carry_over = Some(carry_over);
    experiment
}

/// The lanes that a training ended with.
fn last_lanes(folder: &TrainingFolder, experiment: &Experiment, engine: &dyn Engine) -> Vec<Option<Lane>> {
    let path = folder.0.path().join(CHECKPOINT_FILE);
    TrainingCheckpoint::load(&path, experiment, &TrainingIdentity::new(experiment, engine)).unwrap().lanes
}

#[test]
fn lanes_are_resumed_to_the_bit_too() {
    for part in [CarriedPart::PlasticWeights, CarriedPart::All] {
        let experiment = carrying(part);
        let (straight, folder) = (TrainingFolder::new(), TrainingFolder::new());
        straight.train(&experiment, &Fake::default(), false).unwrap();
        let interrupted = Fake { stop_after: Some(10), ..Fake::default() };
        folder.train(&experiment, &interrupted, false).unwrap_err();
        folder.train(&experiment, &Fake::default(), true).unwrap();
        let lanes = [&straight, &folder].map(|folder| last_lanes(folder, &experiment, &Fake::default()));
        assert_eq!(lanes[0], lanes[1]);
        let kept = lanes[0].iter().flatten().filter(|lane| lane.first_episode < 2 * u64::from(STEPS - 1));
        assert!(kept.count() > 0, "in the last meta-step, every lane started anew");
    }
}

/// An observer that stops the training after a meta-step.
struct StopAfter<'s>(u32, &'s AtomicBool);

impl Observer for StopAfter<'_> {
    fn begin(&mut self, _: u32, _: u32) {}
    fn meta_step(&mut self, metrics: &Metrics) {
        self.1.store(metrics.meta_step == self.0, Ordering::Relaxed);
    }
    fn diagnosis(&mut self, _: u32, _: &Diagnosis) {}
    fn end(&mut self) {}
}

#[test]
fn neither_interruptions_nor_threads_change_a_training_that_carries_over() {
    let mut experiment = carrying(CarriedPart::All);
    experiment.meta.meta_steps = 9;
    experiment.meta.batch = 3;
    let engine = FusedEngine::new(FusedLifetime::default());
    let end = |threads: usize, stop_after: u32| {
        let (folder, stop) = (TrainingFolder::new(), AtomicBool::new(false));
        let options = TrainOptions { folder: folder.0.path(), resume: false, checkpoint_every: 100, stop: &stop };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = |options, observer: &mut (dyn Observer + Send)| {
            pool.install(|| train(&experiment, &engine, options, observer))
        };
        let first = run(options, &mut StopAfter(stop_after, &stop));
        assert_eq!(first.is_err(), stop_after > 0, "{first:?}");
        stop.store(false, Ordering::Relaxed);
        let trained = run(TrainOptions { resume: true, ..options }, &mut ()).unwrap();
        (bits(&trained.parameters), last_lanes(&folder, &experiment, &engine))
    };
    let straight = end(1, 0);
    assert_eq!(end(3, 5), straight);
    assert!(straight.1.iter().flatten().any(|lane| lane.first_episode < 3 * 8));
}

#[test]
fn lanes_go_on_in_a_meta_step_that_is_skipped() {
    let experiment = carrying(CarriedPart::PlasticWeights);
    let lanes = |broken| {
        let (folder, engine) = (TrainingFolder::new(), Fake { broken, ..Fake::default() });
        folder.train(&experiment, &engine, false).unwrap();
        last_lanes(&folder, &experiment, &engine)
    };
    assert_eq!(lanes(3..6), lanes(0..0), "what lanes carry here does not depend on the meta-parameters");
}
