//! Checkpoints: what is written is read, and nothing else is.

use super::*;
use crate::constraints::Statistics;
use crate::experiment::CarryOver;
use crate::lifetime::carried::{CarriedNeurons, CarriedState};
use crate::lifetime::carried_part::CarriedPart;
use crate::meta::fake::Fake;
use crate::meta::lanes::Lane;
use crate::meta::metrics::Metrics;
use crate::meta::running_statistics::initial_state;

fn experiment() -> Experiment {
    let mut experiment = Experiment::load("cue-association").unwrap();
    experiment.meta.meta_steps = 20;
    experiment.meta.carry_over = Some(CarryOver { state: CarriedPart::All, ..CarryOver::default() });
    experiment
}

fn identity(experiment: &Experiment) -> TrainingIdentity {
    TrainingIdentity::new(experiment, &Fake::default())
}

fn metrics(meta_step: u32) -> Metrics {
    Metrics { meta_step, loss: 0.7, score: 0.5, gradient_norm: 2.0, learning_rate: 1e-3, wall_seconds: 0.1 }
}

fn checkpoint(experiment: &Experiment) -> TrainingCheckpoint {
    let mut state = initial_state(experiment, Vec::new);
    state.parameters.network[0] = f32::MIN_POSITIVE;
    state.parameters.network[1] = -0.0;
    state.adam.second[1] = 1e-30;
    state.adam.steps = 2;
    state.metrics = vec![metrics(1), metrics(2)];
    state.lanes = (0..experiment.meta.batch.into()).map(|index| lane(experiment, index)).collect();
    TrainingCheckpoint { identity: identity(experiment), state }
}

/// Every third lane starts anew.
fn lane(experiment: &Experiment, index: u64) -> Option<Lane> {
    let mut state = CarriedState::zeros(&experiment.model, CarriedPart::All);
    state.plastic[0][2] = -experiment.model.plastic_limit;
    (index % 3 != 2).then_some(Lane { first_episode: index, state })
}

/// A state of the second lane, to be damaged.
fn second(state: &mut TrainingState) -> &mut Lane {
    state.lanes[1].as_mut().unwrap()
}

/// A small checkpoint, for tests that try every bit.
fn small() -> TrainingCheckpoint {
    let mut small = checkpoint(&experiment());
    small.state.parameters.network.truncate(2);
    small.state.adam.first.truncate(2);
    small.state.adam.second.truncate(2);
    small.identity.experiment.truncate(2);
    small.state.lanes.truncate(3);
    for lane in small.state.lanes.iter_mut().flatten() {
        lane.state = CarriedState { plastic: vec![vec![0.25, -0.5]], transient: None };
    }
    small
}

fn bytes(checkpoint: &TrainingCheckpoint) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    checkpoint.save(&path).unwrap();
    std::fs::read(&path).unwrap()
}

/// What a checkpoint is read as, to continue the training of [`experiment`].
fn load(checkpoint: &TrainingCheckpoint) -> Result<TrainingState, CheckpointError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    checkpoint.save(&path).unwrap();
    TrainingCheckpoint::load(&path, &experiment(), &identity(&experiment()))
}

#[test]
fn what_is_read_is_what_was_written() {
    let checkpoint = checkpoint(&experiment());
    let state = load(&checkpoint).unwrap();
    assert_eq!(state, checkpoint.state);
    assert!(state.parameters.network[1].is_sign_negative());
}

#[test]
fn every_flipped_bit_and_every_other_length_is_refused() {
    let bytes = bytes(&small());
    for bit in 0..8 * bytes.len() {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(TrainingCheckpoint::decode(&damaged).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(TrainingCheckpoint::decode(&bytes[..length]).is_err(), "length {length}");
    }
    assert!(matches!(TrainingCheckpoint::decode(&[&bytes[..], &[0]].concat()), Err(CheckpointFault::Damaged)));
}

#[test]
fn more_bytes_than_a_checkpoint_are_refused_with_a_right_checksum_too() {
    let mut bytes = bytes(&small());
    bytes.push(0);
    let checksum = CRC.checksum(&bytes[BODY..]).to_le_bytes();
    bytes[BODY - 4..BODY].copy_from_slice(&checksum);
    assert!(matches!(TrainingCheckpoint::decode(&bytes), Err(CheckpointFault::Damaged)));
}

#[test]
fn each_kind_of_refusal_says_what_it_is() {
    let mut bytes = bytes(&small());
    assert!(matches!(TrainingCheckpoint::decode(b"PLASTIC\0 or something else"), Err(CheckpointFault::Foreign)));
    bytes[8] = 1;
    assert!(matches!(TrainingCheckpoint::decode(&bytes), Err(CheckpointFault::Version { found: 1 })));
}

#[test]
fn another_training_is_refused_by_what_differs() {
    let refusal = |change: fn(&mut Experiment)| {
        let mut other = experiment();
        change(&mut other);
        load(&checkpoint(&other)).unwrap_err().to_string()
    };
    assert!(refusal(|saved| saved.meta.seed = 9).ends_with("another training: meta.seed was 9, now 1"));
    assert!(refusal(|saved| saved.meta.meta_steps = 30).ends_with("meta.meta_steps was 30, now 20"));
    assert!(refusal(|saved| saved.meta.batch = 2).ends_with("meta.batch was 2, now 32"));
}

fn neurons(state: &mut TrainingState, population: usize) -> &mut CarriedNeurons {
    second(state).state.neurons_mut(population).unwrap()
}

/// What damages a state, and a part of the message that it is refused with.
type DamagedState = (fn(&mut TrainingState), &'static str);

/// Each has a right checksum and the identity of the training.
#[test]
fn a_state_that_training_cannot_have_is_refused_by_its_field() {
    let cases: [DamagedState; 23] = [
        (|state| state.parameters.network.clear(), "parameters.network: 0 values, this experiment has"),
        (|state| state.parameters.network.truncate(9), "parameters.network: 9 values"),
        (|state| state.parameters.network.push(0.0), "parameters.network:"),
        (|state| state.parameters.network[17] = f32::NAN, "parameters.network[17] = NaN is not a finite number"),
        (|state| state.parameters.network[3] = f32::INFINITY, "parameters.network[3] = inf"),
        (|state| state.parameters.gammas.push(vec![0.0]), "parameters.gammas: 1 values, this experiment has 0"),
        (|state| state.statistics.push(Statistics { mean: vec![], variance: vec![] }), "statistics: 1 values"),
        (|state| state.adam.first.clear(), "adam.first: 0 values"),
        (|state| state.adam.second.push(1.0), "adam.second:"),
        (|state| state.adam.first[2] = f32::NEG_INFINITY, "adam.first[2] = -inf"),
        (|state| state.adam.second[2] = -1.0, "adam.second[2] = -1 is not a finite number of at least 0"),
        (|state| state.adam.steps = 3, "adam.steps = 3, at most 2"),
        (|state| state.metrics = (1..=21).map(metrics).collect(), "metrics = 21, at most 20"),
        (|state| state.metrics[1].meta_step = 7, "metrics[1] = 7 is not the number of the meta-step"),
        (|state| state.lanes.truncate(31), "lanes: 31 values, this experiment has 32"),
        (|state| second(state).first_episode = 64 + 1, "lanes[1] = 65 is not the first episode of this lane"),
        (|state| second(state).first_episode = 2, "lanes[1] = 2 is not the first episode of this lane"),
        (|state| second(state).state.transient = None, "lanes[1]: "),
        (
            |state| second(state).state.plastic[1].truncate(3),
            "lanes[1].plastic[1]: 3 values, this experiment has 512",
        ),
        (
            |state| second(state).state.plastic[0][7] = f32::NAN,
            "lanes[1].plastic[0][7] = NaN is not a finite number",
        ),
        (
            |state| second(state).state.plastic[0][7] = -1.5,
            "lanes[1].plastic[0][7] = -1.5 is not within network.plastic",
        ),
        (|state| neurons(state, 1).potential[3] = f32::INFINITY, "lanes[1].neurons[1].potential[3] = inf"),
        (
            |state| neurons(state, 1).synapse.push(0.0),
            "lanes[1].neurons[1].synapse: 1 values, this experiment has 0",
        ),
    ];
    for (change, part) in cases {
        let mut checkpoint = checkpoint(&experiment());
        change(&mut checkpoint.state);
        let refusal = load(&checkpoint).unwrap_err();
        assert!(matches!(refusal.fault, CheckpointFault::State(_)), "{refusal}");
        assert!(refusal.to_string().contains(part), "{part:?} is not in: {refusal}");
    }
}

#[test]
fn lanes_are_refused_where_nothing_carries_over_and_before_the_first_meta_step() {
    let mut state = checkpoint(&experiment()).state;
    assert_eq!(state.check(&experiment()), Ok(()));
    let refusal = |state: &TrainingState, experiment: &Experiment| state.check(experiment).unwrap_err().to_string();
    let mut nothing = experiment();
    nothing.meta.carry_over = None;
    assert_eq!(refusal(&state, &nothing), "lanes: 32 values, this experiment has 0");
    let mut plastic = experiment();
    plastic.meta.carry_over = Some(CarryOver::default());
    assert!(refusal(&state, &plastic).starts_with("lanes[0]: "), "{}", refusal(&state, &plastic));
    (state.metrics, state.adam.steps) = (Vec::new(), 0);
    assert_eq!(refusal(&state, &experiment()), "lanes: 32 values, this experiment has 0");
}

#[test]
fn a_training_that_has_not_ended_has_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    checkpoint(&experiment()).save(&path).unwrap();
    let refusal = TrainingCheckpoint::trained(&path, &experiment()).unwrap_err().to_string();
    assert!(refusal.ends_with("its training has not ended: 2 of 20 meta-steps are done"), "{refusal}");
}

#[test]
fn the_result_of_another_experiment_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    checkpoint(&experiment()).save(&path).unwrap();
    let mut other = experiment();
    other.meta.batch = 2;
    let refusal = TrainingCheckpoint::trained(&path, &other).unwrap_err().to_string();
    assert!(refusal.ends_with("another training: meta.batch was 32, now 2"), "{refusal}");
}

#[test]
fn what_a_user_may_do_depends_on_whether_there_is_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let remedy = |path: &Path| TrainingCheckpoint::trained(path, &experiment()).unwrap_err().remedy();
    assert!(remedy(&folder.path().join("checkpoint")).contains("start without --resume"));
    assert!(remedy(folder.path()).contains("choose another folder"));
}
