//! Any bytes as the checkpoint of a training: as they are, as changes of a sound one, and as the state of the right
//! training; the last two with their checksum. Reading never panics, and a training can continue from what is read.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::carried::{CarriedState, LaneBatch};
use metaplastic_learn::lifetime::{BatchSize, Engine, EngineError, Gradient, NetworkBytes};
use metaplastic_learn::meta::{
    CHECKPOINT_FILE, TrainError, TrainOptions, TrainingCheckpoint, TrainingIdentity, train,
};
use metaplastic_learn::model::Model;
use metaplastic_shared::checksum::CRC;
use tempfile::TempDir;

static EXPERIMENT: LazyLock<Experiment> = LazyLock::new(experiment);
/// In memory where there is such a folder: every file is written through to the disk.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let in_memory = tempfile::tempdir_in("/dev/shm");
    in_memory.or_else(|_| tempfile::tempdir()).expect("a temporary folder")
});
static IDENTITY: LazyLock<TrainingIdentity> = LazyLock::new(|| TrainingIdentity::new(&EXPERIMENT, &Still));
/// The checkpoint behind two meta-steps.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut half = experiment();
    half.meta.meta_steps = 2;
    continued(&half, false).expect("it can be trained");
    let checkpoint = std::fs::read(path()).expect("there is a checkpoint");
    let saved = TrainingIdentity::new(&half, &Still);
    let state = checkpoint[BODY..].strip_prefix(&bytes_of(&saved)[..]).expect("the identity is first");
    [&bytes_of(&IDENTITY), state].concat()
});
/// Bytes before the identity.
const BODY: usize = 14;
/// Bytes before the checksum.
const CHECKSUM_AT: usize = 10;
/// Free parameters below this make a network without NaN.
const USUAL: f32 = 1e3;
/// Largest number of changes of a sound checkpoint.
const MOST_CHANGES: usize = 8;

/// An engine that computes nothing.
struct Still;

impl Engine for Still {
    fn memory(&self, _: &Model, _: BatchSize) -> NetworkBytes {
        NetworkBytes::default()
    }

    fn name(&self) -> &'static str {
        "still"
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn gradient(
        &self,
        model: &Model,
        flat: &[f32],
        batch: LaneBatch<'_>,
    ) -> std::result::Result<Gradient, EngineError> {
        let end = |part| vec![Some(CarriedState::zeros(model, part)); batch.episodes.len()];
        let ends = batch.carried.map(end).unwrap_or_default();
        Ok(Gradient { loss: 0.5, decisions: 2, correct: 1, measured: None, values: vec![0.25; flat.len()], ends })
    }
}

/// A training of three meta-steps, with a batch-normalised tensor.
fn experiment() -> Experiment {
    Experiment::parse("fuzz", include_str!("../seeds/experiments/tiny"))
        .expect("the experiment in the tree is sound")
}

fn bytes_of(identity: &TrainingIdentity) -> Vec<u8> {
    postcard::to_stdvec(identity).expect("an identity is finite")
}

fn path() -> PathBuf {
    FOLDER.path().join(CHECKPOINT_FILE)
}

/// Trains to the end.
fn continued(experiment: &Experiment, resume: bool) -> std::result::Result<(), TrainError> {
    let stop = AtomicBool::new(false);
    let options = TrainOptions { folder: FOLDER.path(), resume, checkpoint_every: 100, stop: &stop };
    train(experiment, &Still, options, &mut ()).map(|trained| {
        assert_eq!(trained.metrics.len() as u32, experiment.meta.meta_steps);
    })
}

/// A body behind the right envelope.
fn repaired(body: &[u8]) -> Vec<u8> {
    let envelope = b"METACKPT\x05\x00";
    assert_eq!(envelope.len(), CHECKSUM_AT);
    [envelope, &CRC.checksum(body).to_le_bytes()[..], body].concat()
}

/// A sound body with changed, inserted or removed bytes.
fn changed(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut body = SOUND.clone();
    for _ in 0..bytes.int_in_range(1..=MOST_CHANGES)? {
        let at = bytes.choose_index(body.len())?;
        let (removed, inserted) = (bytes.int_in_range(0..=8)?, bytes.arbitrary::<[u8; 8]>()?);
        let inserted = &inserted[..if bytes.ratio(7, 8)? { removed } else { bytes.int_in_range(0..=8)? }];
        let end = body.len().min(at + removed);
        body.splice(at..end, inserted.iter().copied());
    }
    Ok(body)
}

/// Reads a checkpoint, and continues from it where that is possible.
fn read(checkpoint: &[u8]) {
    let path: &Path = &path();
    std::fs::write(path, checkpoint).expect("the temporary folder can be written to");
    let refused =
        |error: &dyn std::fmt::Display| assert!(error.to_string().starts_with(&path.display().to_string()));
    match TrainingCheckpoint::trained(path, &EXPERIMENT) {
        Ok(parameters) => assert_eq!(parameters.len(), EXPERIMENT.model.parameter_count()),
        Err(error) => refused(&error),
    }
    match TrainingCheckpoint::load(path, &EXPERIMENT, &IDENTITY) {
        Ok(state) => {
            let is_usual = state.parameters.values().all(|value| value.abs() < USUAL);
            let network = state.network(&EXPERIMENT.constraints);
            assert!(!is_usual || network.iter().all(|value| !value.is_nan()), "{state:?}");
            continued(&EXPERIMENT, true).expect("its training can continue");
        }
        Err(error) => refused(&error),
    }
}

fuzz_target!(|bytes: &[u8]| {
    LazyLock::force(&SOUND);
    read(bytes);
    read(&repaired(&[&bytes_of(&IDENTITY), bytes].concat()));
    if let Ok(body) = changed(&mut Unstructured::new(bytes)) {
        read(&repaired(&body));
    }
});
