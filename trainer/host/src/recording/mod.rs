//! Recordings: what a network is given, what it keeps and what it answers, step by step, on any body, as arrays of the
//! chip's integers.
//!
//! A [`RecordingPlan`] says which steps and which arrays; [`record`] runs episodes and returns them. A body that is being
//! recorded is a body like any other, so that episodes and worlds run as in an evaluation. This module may not know how
//! arrays become a file; `docs/recording.md` describes them.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_files::npz::NumpyValues;
//! use metaplastic_host::body::BodyName;
//! use metaplastic_host::recording::{RecordedSteps, RecordingPlan, record};
//! use metaplastic_task::CueAssociation;
//! use metaplastic_task::unseen::Unseen;
//!
//! // Spikes of the output population in the last 20 steps of an episode.
//! let artifact = ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap();
//! let steps: RecordedSteps = "160..".parse().unwrap();
//! let plan = RecordingPlan::new(&artifact, steps, &["output.spikes".to_owned()]).unwrap();
//! let unseen = Unseen { task: &CueAssociation::default(), seed: 1, episodes: 1 };
//! let recording = record(&BodyName::Host, &artifact, &plan, &unseen, 0..1).unwrap();
//! assert_eq!(recording.steps, 180);
//! let spikes = &recording.arrays["output.spikes"];
//! assert_eq!(spikes.shape, [20, 8]);
//! assert!(matches!(&spikes.values, NumpyValues::U8(spikes) if spikes.contains(&1)));
//!
//! let wrong = RecordingPlan::new(&artifact, steps, &["outptu".to_owned()]).unwrap_err().to_string();
//! assert!(wrong.contains("it has: input, hidden, output"), "{wrong}");
//! ```

mod arrays;
mod body;
mod error;
mod inputs;
mod plan;
mod recorder;
mod section;
mod steps;

use std::ops::Range;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::unseen::Episodes;

use crate::body::{Body, BodyError, BodyName, rollout, with_body};
use crate::evaluate::retry;
use body::RecordedBody;
use recorder::StateRecorder;

pub use error::RecordingError;
pub use inputs::{InputsError, PlayedInputs};
pub use plan::RecordingPlan;
pub use recorder::StateRecording;
pub use section::RecordedSection;
pub use steps::RecordedSteps;

/// Records the episodes of a range of indices, the first from the initial state and each further one without a reset.
///
/// # Errors
/// If the body is not available or fails.
pub fn record(
    name: &BodyName,
    artifact: &ArtifactFile,
    plan: &RecordingPlan,
    episodes: &dyn Episodes,
    range: Range<u64>,
) -> Result<StateRecording, BodyError> {
    with_body(name, artifact, |body| record_on(body, plan, episodes, range))
}

/// Records on a body that has been started. Where a message was damaged or lost, the recording begins anew.
///
/// # Errors
/// If the body fails.
pub fn record_on(
    body: &mut dyn Body,
    plan: &RecordingPlan,
    episodes: &dyn Episodes,
    range: Range<u64>,
) -> Result<StateRecording, BodyError> {
    let mut repeats = 0;
    retry(body, &mut repeats, |body| {
        body.reset(plan.freeze())?;
        let mut recorded = RecordedBody::new(body, StateRecorder::new(plan));
        for index in range.clone() {
            let episode = episodes.episode(index);
            recorded.recorder.begin_episode(index);
            let rollout = rollout(&mut recorded, &episode)?;
            recorded.recorder.end_episode(&episode, &rollout);
        }
        let RecordedBody { body, recorder } = recorded;
        Ok(recorder.finish(body.state_hash()?))
    })
}
