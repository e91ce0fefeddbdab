//! Unseen episodes of a task as an exported page has them: the inputs of every step, as many episodes as there is room for.
//!
//! ```text
//! bytes of an episode = input spikes of all steps | analog values of all steps (i16, little-endian)
//!                     | desired and actual values of all steps (f32, little-endian)
//! ```
//!
//! In a world the inputs are those of a life in which the network ran in this process. The whole is compressed by deflate. It
//! knows nothing of the page.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use metaplastic_host::body::{AnalogExponents, Body, BodyError, BodyName, run_life, with_body};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::episode;
use metaplastic_task::world::life::{EndedLife, WorldLife};
use metaplastic_task::world::record::Tracking;
use serde_json::{Value, json};

use crate::course::{described_choice, described_phase};
use crate::watched::{WatchedNetwork, episode_index};

/// Bytes of the compressed inputs from which on no other episode is added.
const ENOUGH: usize = 48 << 10;
/// Most episodes.
const MOST_EPISODES: u64 = 64;

/// Recorded episodes.
pub(super) struct RecordedEpisodes {
    /// Of each episode, everything but its inputs.
    pub(super) described: Vec<Value>,
    /// The inputs of all episodes, compressed.
    pub(super) compressed: Vec<u8>,
    /// Whether they answer what the network did.
    pub(super) is_world: bool,
}

impl RecordedEpisodes {
    /// The first episodes of the seed, at least one.
    pub(super) fn record(watched: WatchedNetwork<'_>) -> Result<Self, BodyError> {
        let mut recorded = Self { described: Vec::new(), compressed: Vec::new(), is_world: false };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let keeps = watched.forgets();
        with_body(&BodyName::Host, watched.artifact, |body: &mut dyn Body| {
            body.reset(Freeze::Nothing)?;
            for index in 0..MOST_EPISODES {
                if !keeps {
                    body.reset(Freeze::Nothing)?;
                }
                let drawn = episode(watched.task, watched.seed, Purpose::Test, episode_index(keeps, index));
                let bytes = recorded.add(body, watched, &drawn)?;
                // In memory, which cannot fail.
                let _ = encoder.write_all(&bytes).and_then(|()| encoder.flush());
                if encoder.get_ref().len() >= ENOUGH {
                    break;
                }
            }
            Ok::<_, BodyError>(())
        })?;
        recorded.compressed = encoder.finish().unwrap_or_default();
        Ok(recorded)
    }

    /// Adds an episode, which a world answers; returns its inputs.
    fn add(
        &mut self,
        body: &mut dyn Body,
        watched: WatchedNetwork<'_>,
        drawn: &Episode,
    ) -> Result<Vec<u8>, BodyError> {
        let Some(mut life) = WorldLife::begin(drawn) else {
            self.described.push(described(drawn));
            return Ok(inputs(watched, drawn, &[]));
        };
        self.is_world = true;
        let changeable: Vec<_> = life.world().changeable().into_iter().map(|changeable| changeable.value).collect();
        let EndedLife { episode, result, .. } = run_life(body, life, |body, life, step| {
            body.run(life.episode(), step..step + 1).map(|result| result.class_scores)
        })?;
        let mut described = described(&episode);
        described["choices"] = result.record.choices.iter().map(described_choice).collect();
        described["measured"] = json!(result.measured.first());
        described["changed"] = json!(changeable);
        self.described.push(described);
        Ok(inputs(watched, &episode, &result.record.tracking))
    }
}

fn described(episode: &Episode) -> Value {
    let decision = |decision: &Decision| json!([decision.start, decision.end, decision.target, decision.among]);
    let phases = episode.phases.iter();
    let phases = phases.map(|phase| {
        let mut described = described_phase(phase.kind);
        described["steps"] = json!([phase.steps.start, phase.steps.end]);
        described["labelled"] = json!(phase.kind.is_labelled());
        described
    });
    json!({
        "steps": episode.steps,
        "resets": episode.state_resets,
        "decisions": episode.decisions.iter().map(decision).collect::<Vec<_>>(),
        "phases": phases.collect::<Vec<_>>(),
    })
}

fn inputs(watched: WatchedNetwork<'_>, episode: &Episode, tracking: &[Tracking]) -> Vec<u8> {
    let exponents = AnalogExponents::of(&watched.artifact.artifact());
    let mut bytes = episode.inputs.clone();
    for step in 0..episode.steps {
        bytes.extend(exponents.integers(episode.analog_at(step)).flat_map(i16::to_le_bytes));
    }
    let values = tracking.iter().flat_map(|tracked| [tracked.desired as f32, tracked.actual as f32]);
    bytes.extend(values.flat_map(f32::to_le_bytes));
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::Path;

    use metaplastic_files::artifact_file::ArtifactFile;
    use metaplastic_task::Tasks;
    use metaplastic_task::unseen::EpisodeIndex;

    use super::*;
    use crate::replay::Replay;

    /// The recorded episodes of a network, and their inputs.
    fn recorded(name: &str) -> (RecordedEpisodes, Vec<u8>) {
        let artifact = ArtifactFile::read(&Path::new("../../tests/artifacts").join(name)).unwrap();
        let task =
            Tasks::built_in().for_network(&artifact.artifact().manifest(), None, toml::Table::new()).unwrap();
        let (body, replay) = (BodyName::Host, Replay::default());
        let (artifact, task) = (&artifact, &*task);
        let watched = WatchedNetwork { file: "", body: &body, artifact, task, seed: 1, replay: &replay };
        let recorded = RecordedEpisodes::record(watched).unwrap();
        let mut inputs = Vec::new();
        flate2::read::DeflateDecoder::new(&*recorded.compressed).read_to_end(&mut inputs).unwrap();
        (recorded, inputs)
    }

    #[test]
    fn the_inputs_of_episodes_are_those_that_are_drawn() {
        let (recorded, inputs) = recorded("cue-association.plastic");
        assert!(!recorded.is_world && recorded.described.len() > 10, "{}", recorded.described.len());
        let task = metaplastic_task::CueAssociation::default();
        let second = episode(&task, 1, Purpose::Test, EpisodeIndex { life: 0, episode: 1 });
        assert_eq!(&inputs[180 * 9..2 * 180 * 9], second.inputs);
        assert_eq!(recorded.described[1]["decisions"][0][2], second.decisions[0].target);
        assert_eq!(inputs.len(), recorded.described.len() * 180 * 9);
    }

    #[test]
    fn a_world_is_recorded_with_what_it_answered() {
        let (recorded, inputs) = recorded("bandit.plastic");
        let pulls = recorded.described[0]["choices"].as_array().unwrap().len();
        assert!(recorded.is_world && pulls == 10 && inputs.iter().any(|byte| *byte != 0));
        let (plant, _) = recorded_steps("adaptive-control.plastic");
        assert!(plant);
    }

    /// Whether there is a world, and the steps of the first episode.
    fn recorded_steps(name: &str) -> (bool, Value) {
        let (recorded, inputs) = recorded(name);
        let steps: u64 = recorded.described.iter().map(|episode| episode["steps"].as_u64().unwrap()).sum();
        // Four values that are sensed, one coordinate that is tracked.
        assert_eq!(inputs.len() as u64, steps * (4 * 2 + 2 * 4));
        (recorded.is_world, recorded.described[0]["steps"].clone())
    }
}
