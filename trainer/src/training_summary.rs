//! From a finished training to an artifact with its figures: what `train` and `demo` write into a folder.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use metaplastic::learn::autodiff::FusedEngine;
//! use metaplastic::learn::experiment::Experiment;
//! use metaplastic::learn::lifetime::fused::FusedLifetime;
//! use metaplastic::learn::meta::{TrainOptions, train};
//! use metaplastic::task::unseen::Unseen;
//! use metaplastic::training_summary::{ARTIFACT_FILE, trained_artifact};
//!
//! // A training of two meta-steps, which learns nothing; `train` is no more than this.
//! let mut experiment = Experiment::load("cue-association-one-episode").unwrap();
//! (experiment.meta.batch, experiment.meta.meta_steps) = (4, 2);
//! let (folder, stop) = (tempfile::tempdir().unwrap(), AtomicBool::new(false));
//! let options = TrainOptions { folder: folder.path(), resume: false, checkpoint_every: 100, stop: &stop };
//! let trained = train(&experiment, &FusedEngine::new(FusedLifetime::default()), options, &mut ()).unwrap();
//!
//! let unseen = Unseen { task: &*experiment.task, seed: 1, episodes: 16 };
//! let whole = trained_artifact(&experiment, &trained, &unseen, "mine".to_owned()).unwrap();
//! assert_eq!(whole.summary.chip.learning.decisions, 4 * 16);
//! whole.write(folder.path()).unwrap();
//! assert!(folder.path().join(ARTIFACT_FILE).exists());
//! ```

use std::path::Path;

use anyhow::{Context, Result};
use metaplastic_shared::artifact::{Reached, Training};
use metaplastic_shared::freeze::Freeze;
use serde::{Deserialize, Serialize};

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::atomic;
use metaplastic_host::evaluate::{EvaluateError, Evaluator};
use metaplastic_learn::evaluate::evaluate;
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::meta::{Diagnosis, Trained, unseen_diagnosis};
use metaplastic_learn::quantize::{FormatLine, Labels, format_lines, quantize};
use metaplastic_learn::validation::{LateScore, Validation, validate};
use metaplastic_task::score::Score;
use metaplastic_task::unseen::Episodes;

/// The artifact's name in a training's folder.
pub const ARTIFACT_FILE: &str = "network.plastic";
/// The summary's name in a training's folder.
pub const SUMMARY_FILE: &str = "summary.json";

/// A trained network as an artifact, and what was measured of it.
pub struct TrainedArtifact {
    /// The artifact, its training figures filled in.
    pub artifact: ArtifactFile,
    /// What was measured of it.
    pub summary: Summary,
}

/// Right decisions in chip arithmetic, whole and with each ablation, all on the same unseen episodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChipScores {
    /// Of the network as it is.
    pub learning: Score,
    /// With every plastic weight P frozen at zero.
    pub frozen_plasticity: Score,
    /// With every modulator m frozen at one.
    pub frozen_third_factor: Score,
}

impl ChipScores {
    /// Evaluates on the host body.
    ///
    /// # Errors
    /// If the host body fails.
    pub fn measure(episodes: &dyn Episodes, artifact: &ArtifactFile) -> Result<Self, EvaluateError> {
        let score =
            |freeze| Evaluator::host(artifact, freeze).evaluate(episodes).map(|evaluation| evaluation.score);
        Ok(Self {
            learning: score(Freeze::Nothing)?,
            frozen_plasticity: score(Freeze::Plasticity)?,
            frozen_third_factor: score(Freeze::ThirdFactor)?,
        })
    }
}

/// What was measured of a trained network: a file beside the artifact, for the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// CRC-32 of the artifact that it describes.
    pub artifact: u32,
    /// Right decisions in chip arithmetic.
    pub chip: ChipScores,
    /// Right decisions in float32.
    pub float: Score,
    /// The same in the last of some validation episodes without a reset in between, if it was trained with carry over.
    #[serde(default)]
    pub float_late: Option<LateScore>,
    /// As `float`, before training, with the start values.
    pub untrained: Score,
    /// The number format of each quantity.
    pub formats: Vec<FormatLine>,
    /// The fingerprint of the training that made it, which its metrics have too.
    pub training: String,
    /// The command that trained it.
    pub command: String,
    /// Why the network has not learned; empty if it has.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
}

/// How often [`trained_artifact`] runs all of its episodes.
pub const EVALUATIONS: u64 = 5;

/// Quantises a trained network and evaluates it in float and in chip arithmetic on `unseen` episodes.
///
/// # Errors
/// If the network fits no number format.
pub fn trained_artifact(
    experiment: &Experiment,
    trained: &Trained,
    unseen: &dyn Episodes,
    command: String,
) -> Result<TrainedArtifact> {
    let (model, task, flat) = (&experiment.model, &*experiment.task, &*trained.parameters);
    let seed = experiment.meta.seed;
    let Validation { ranges, late: float_late } = validate(experiment, flat);
    let task_parameters = task.parameters();
    let labels = Labels { task: task.name(), task_parameters: &task_parameters, training: None };
    let draft = quantize(model, flat, &ranges, labels).context("the trained network cannot be quantised")?;
    let float = evaluate(model, flat, unseen, Freeze::Nothing);
    let untrained = evaluate(model, &experiment.initial(seed), unseen, Freeze::Nothing);
    let chip = ChipScores::measure(unseen, &draft)?;
    let training = Training {
        seed,
        meta_steps: experiment.meta.meta_steps,
        reached: reached(&float, &chip.learning, task.chance()),
    };
    let artifact = quantize(model, flat, &ranges, Labels { training: Some(training), ..labels })?;
    let mut diagnoses = trained.diagnoses.clone();
    if diagnoses.is_empty() {
        diagnoses.extend(unseen_diagnosis(&chip.learning, task.chance()));
    }
    let formats = format_lines(model, flat, &ranges, &draft.artifact().manifest());
    let checksum = artifact.artifact().checksum();
    Ok(TrainedArtifact {
        summary: Summary {
            artifact: checksum,
            chip,
            float,
            float_late,
            untrained,
            formats,
            training: trained.fingerprint.clone(),
            command,
            diagnoses,
        },
        artifact,
    })
}

/// The figures of both arithmetics, in the artifact's form.
fn reached(float: &Score, chip: &Score, chance: f64) -> Reached {
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    match float.estimate(0).zip(chip.estimate(0)) {
        Some((float, chip_estimate)) => Reached::Measured {
            float: (float.mean as f32).into(),
            chip: (chip_estimate.mean as f32).into(),
            episodes: count(chip.episodes),
        },
        None => Reached::Accuracy {
            float: (float.accuracy() as f32).into(),
            chip: (chip.accuracy() as f32).into(),
            chance: (chance as f32).into(),
            decisions: count(chip.decisions),
        },
    }
}

impl TrainedArtifact {
    /// Writes artifact and summary into a folder, each whole or not at all.
    ///
    /// # Errors
    /// If one cannot be written; names the file.
    pub fn write(&self, folder: &Path) -> Result<()> {
        self.artifact.write(&folder.join(ARTIFACT_FILE))?;
        let path = folder.join(SUMMARY_FILE);
        let text = serde_json::to_vec_pretty(&self.summary)?;
        atomic::write(&path, &text).with_context(|| format!("{}: cannot be written", path.display()))
    }
}
