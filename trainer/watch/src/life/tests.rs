//! A life that is watched is the life that `evaluate` runs.

use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;

use axum::extract::ws::Message;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyName, with_body};
use metaplastic_host::evaluate::{EvaluationStart, Evaluator};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::Tasks;
use metaplastic_task::unseen::{Unseen, UnseenLives};
use serde_json::Value;

use super::*;
use crate::control::PageControl;

fn artifact(name: &str) -> ArtifactFile {
    ArtifactFile::read(&Path::new("../../tests/artifacts").join(name)).unwrap()
}

fn task(artifact: &ArtifactFile) -> Box<dyn Task> {
    let mut changes = toml::Table::new();
    if artifact.artifact().manifest().task == "one-shot" {
        // Drawings for which no file is needed.
        changes.insert("source".into(), "synthetic".into());
        changes.insert("held_out".into(), toml::Value::Array(vec!["Synthetic_09".into(), "Synthetic_10".into()]));
    }
    Tasks::built_in().from_text(artifact.artifact().manifest().task_parameters, changes).unwrap()
}

fn header(message: &[u8]) -> Value {
    let length = u32::from_le_bytes(message[..4].try_into().unwrap()) as usize;
    serde_json::from_slice(&message[4..4 + length]).unwrap()
}

/// The headers of all messages of a life in which a visitor asks for these, each where it is paused, and then leaves.
fn watched(artifact: &ArtifactFile, controls: &[PageControl]) -> Vec<Value> {
    watched_again(artifact, &Replay::default(), controls)
}

/// The same, of a life that is run again.
fn watched_again(artifact: &ArtifactFile, replay: &Replay, controls: &[PageControl]) -> Vec<Value> {
    let task = task(artifact);
    let (sender, receiver) = channel();
    sender.send(PageControl::Pause).unwrap();
    let (controls, messages) = (controls.to_vec(), PageMessages::new(Vec::new()));
    let mut sent = messages.subscribe();
    let visitor = thread::spawn(move || {
        let (mut controls, mut headers) = (controls.into_iter(), Vec::new());
        loop {
            let header = match sent.blocking_recv().unwrap() {
                Message::Binary(message) => header(&message),
                Message::Text(note) => serde_json::from_str(&note).unwrap(),
                other => panic!("{other:?}"),
            };
            let is_paused = header["state_hash"].is_string();
            headers.push(header);
            match is_paused.then(|| controls.next()) {
                Some(Some(control)) => sender.send(control).unwrap(),
                Some(None) => return headers,
                None => {}
            }
        }
    });
    let body = BodyName::Host;
    let watched = WatchedNetwork { file: "", body: &body, artifact, task: &*task, seed: 3, replay };
    let asks = Visitor::new(receiver, 3, Freeze::Nothing, None);
    let mut watcher = Watcher::new(watched, View::new(artifact), asks, messages);
    let mut end = BodyEnd::Lesioned;
    while end == BodyEnd::Lesioned {
        let lesioned = watcher.lesioned();
        let artifact = lesioned.as_ref().unwrap_or(artifact);
        end = with_body(&body, artifact, |body: &mut dyn Body| watcher.run(body)).unwrap();
    }
    visitor.join().unwrap()
}

fn evaluated_hash(artifact: &ArtifactFile, life: u64, freeze: Freeze) -> Value {
    let task = task(artifact);
    let start = EvaluationStart { freeze, ..EvaluationStart::default() };
    let evaluator = Evaluator::new(&BodyName::Host, artifact, start);
    let lives = UnseenLives { task: &*task, seed: 3, life, lives: 1 };
    format!("{:016x}", evaluator.evaluate(&lives).unwrap().state_hash).into()
}

#[test]
fn behind_an_episode_the_state_is_that_of_an_evaluation() {
    for name in ["cue-association.plastic", "adaptive-control.plastic", "bandit.plastic", "one-shot-small.plastic"]
    {
        let artifact = artifact(name);
        let frames = watched(&artifact, &[PageControl::Episode, PageControl::Episode]);
        let last = frames.last().unwrap();
        assert_eq!(
            (&last["ended"], &last["episode_step"], &last["mode"]),
            (&2.into(), &0.into(), &"paused".into())
        );
        assert_eq!(last["state_hash"], evaluated_hash(&artifact, 2, Freeze::Nothing), "{name}");
        let seen = |key: &str| frames.iter().filter_map(|frame| frame[key].as_u64()).sum::<u64>();
        assert_eq!(seen("shown") + seen("skipped"), last["step"].as_u64().unwrap(), "{name}");
    }
}

/// As `evaluate` runs episodes that are no life.
#[test]
fn where_nothing_stays_every_episode_begins_in_the_initial_state() {
    let artifact = artifact("cue-association.plastic");
    let controls = [PageControl::Keep { weights: false }, PageControl::Episode, PageControl::Episode];
    let last = watched(&artifact, &controls).pop().unwrap();
    assert_eq!((&last["ended"], &last["keeps_weights"]), (&2.into(), &false.into()));
    let task = task(&artifact);
    let unseen = Unseen { task: &*task, seed: 3, episodes: 2 };
    let evaluation = Evaluator::host(&artifact, Freeze::Nothing).evaluate(&unseen).unwrap();
    assert_eq!(last["state_hash"], format!("{:016x}", evaluation.state_hash));
}

#[test]
fn a_visitor_steps_freezes_and_begins_anew() {
    let artifact = artifact("cue-association.plastic");
    let steps = [PageControl::Step, PageControl::Step, PageControl::Step];
    let frames = watched(&artifact, &steps);
    let counts: Vec<_> = frames.iter().map(|frame| frame["step"].as_u64().unwrap()).collect();
    assert_eq!((counts.iter().max(), frames.last().unwrap()["mode"].as_str()), (Some(&3), Some("paused")));
    let frozen = [&steps[..], &[PageControl::Freeze { what: Freeze::Plasticity }, PageControl::Episode]].concat();
    let last = watched(&artifact, &frozen).pop().unwrap();
    assert_eq!((&last["ended"], &last["freeze"]), (&1.into(), &"plasticity".into()));
    assert_eq!(last["state_hash"], evaluated_hash(&artifact, 1, Freeze::Plasticity));
    let anew = [&steps[..], &[PageControl::Reset { seed: 3 }, PageControl::Episode]].concat();
    let last = watched(&artifact, &anew).pop().unwrap();
    assert_eq!(last["state_hash"], evaluated_hash(&artifact, 1, Freeze::Nothing));
    let right = last["history"]["scores"][0].as_f64().unwrap();
    assert!(right > 0.7, "{right}");
}

/// Controls that run so many steps.
fn steps(count: usize) -> Vec<PageControl> {
    vec![PageControl::Step; count]
}

fn accuracy(frame: &Value, episode: usize) -> f64 {
    frame["history"]["scores"][episode].as_f64().unwrap()
}

/// Labels are exchanged behind those of the first episode: what it has learned is wrong, and in the next one it learns the
/// other way round.
#[test]
fn exchanged_labels_are_wrong_until_they_are_learned() {
    let artifact = artifact("cue-association.plastic");
    let swap = [PageControl::Swap { one: 0, other: 1 }, PageControl::Episode, PageControl::Episode];
    let last = watched(&artifact, &[steps(120), swap.to_vec()].concat()).pop().unwrap();
    assert_eq!((&last["labels"], &last["interventions"]), (&serde_json::json!([1, 0]), &1.into()));
    assert!(accuracy(&last, 0) < 0.3 && accuracy(&last, 1) > 0.7, "{last}");
}

#[test]
fn a_lesion_changes_the_network_and_leaves_what_was_learned() {
    let artifact = artifact("cue-association.plastic");
    let lesion = |percent| PageControl::Lesion { what: LesionedPart::Weights, percent };
    let all = [lesion(100.0), PageControl::Episode];
    let last = watched(&artifact, &[steps(3), all.to_vec()].concat()).pop().unwrap();
    assert_eq!((&last["lesion"]["weights"], &last["ended"]), (&100.0.into(), &1.into()));
    // Nothing but the bias reaches the readout: one answer for all.
    let answers: Vec<_> =
        last["decisions"].as_array().unwrap().iter().map(|decision| &decision["answer"]).collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    let healed = [lesion(0.0), PageControl::Reset { seed: 3 }, PageControl::Episode];
    let last = watched(&artifact, &[all.to_vec(), healed.to_vec()].concat()).pop().unwrap();
    assert_eq!(last["state_hash"], evaluated_hash(&artifact, 1, Freeze::Nothing));
}

#[test]
fn the_world_changes_where_it_can_and_says_where_it_cannot() {
    let plant = artifact("adaptive-control.plastic");
    let change = |index, value| PageControl::Change { index, value };
    let frames = watched(&plant, &[change(1, 9.0), change(7, 1.0), PageControl::Step]);
    let last = frames.last().unwrap();
    // Within its limits.
    assert_eq!((&last["changed"][1], &last["interventions"]), (&4.0.into(), &1.into()));
    let refused: Vec<_> = frames.iter().filter_map(|frame| frame["refused"].as_str()).collect();
    assert_eq!(refused, ["the world has no number 7 that can be changed"]);
}

#[test]
fn what_was_saved_is_loaded_and_what_was_done_is_listed() {
    let artifact = artifact("cue-association.plastic");
    let controls = [PageControl::Episode, PageControl::Save, PageControl::Noise { rate: 0.1 }, PageControl::Log];
    let frames = watched(&artifact, &[&controls[..], &[PageControl::Load { state: vec![1; 8] }]].concat());
    let kinds = |kind: &str| frames.iter().filter(|frame| frame["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(kinds("state").len(), 1);
    let noise = serde_json::json!([{ "step": 180, "control": "noise", "rate": 0.1 }]);
    let log = serde_json::json!({ "seed": 3, "freeze": "nothing", "keeps_weights": true, "controls": noise });
    assert_eq!(kinds("log")[0]["log"], log);
    assert!(frames.iter().any(|frame| frame["refused"].as_str().is_some_and(|why| why.contains("not a state"))));
}

#[test]
fn inputs_of_the_visitor_are_a_sample_and_a_query() {
    let artifact = artifact("cue-association.plastic");
    let present = |label| {
        let inputs = vec![0x0f; 9 * 20];
        let inputs = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, inputs);
        PageControl::Present { inputs, steps: 20, label, among: 2 }
    };
    let frames = watched(&artifact, &[present(Some(1)), present(None), present(Some(5))]);
    let decisions: Vec<_> = frames.iter().filter_map(|frame| frame["decisions"].as_array()).flatten().collect();
    assert_eq!(
        (decisions.len(), &decisions[0]["presented"], &decisions[0]["target"]),
        (1, &true.into(), &Value::Null)
    );
    assert!(frames.iter().any(|frame| frame["refused"] == "the network has 2 classes, not 6"));
    let last = frames.last().unwrap();
    assert_eq!((&last["step"], &last["ended"], &last["mode"]), (&40.into(), &0.into(), &"paused".into()));
}

#[test]
fn a_state_that_was_loaded_is_in_the_list() {
    let artifact = artifact("cue-association.plastic");
    let network = artifact.artifact().manifest().network;
    let mut state = Vec::new();
    with_body(&BodyName::Host, &artifact, |body: &mut dyn Body| {
        let plastic_weights = PlasticWeights::read(body, &network)?;
        state = StateFile { save: 1, plastic_weights }.to_bytes(&artifact).unwrap();
        Ok::<_, BodyError>(())
    })
    .unwrap();
    let frames = watched(&artifact, &[PageControl::Load { state }, PageControl::Log]);
    let log = frames.iter().find(|frame| frame["kind"] == "log").unwrap();
    assert_eq!(log["log"]["controls"], serde_json::json!([{ "step": 0, "control": "load" }]));
}

#[test]
fn a_life_that_is_run_again_ends_in_the_same_state() {
    let artifact = artifact("cue-association.plastic");
    let lesion = PageControl::Lesion { what: LesionedPart::Neurons, percent: 20.0 };
    let done =
        [&steps(100)[..], &[PageControl::Noise { rate: 0.05 }, PageControl::Swap { one: 0, other: 1 }], &steps(30)];
    let end = [lesion, PageControl::Episode, PageControl::Episode];
    let first = watched(&artifact, &[done.concat(), end.to_vec(), vec![PageControl::Log]].concat());
    let log = first.iter().find(|frame| frame["kind"] == "log").unwrap()["log"].to_string();
    let replay = Replay::from_bytes(log.as_bytes()).unwrap();
    // Only steps are asked for; the rest is in the list, whose lesion ends the first episode.
    let again =
        watched_again(&artifact, &replay, &[steps(130), vec![PageControl::Episode, PageControl::Episode]].concat());
    let hash =
        |frames: &[Value]| frames.iter().rev().find_map(|frame| frame["state_hash"].as_str().map(str::to_owned));
    assert_eq!(
        (hash(&first), first.last().unwrap()["step"].as_u64()),
        (hash(&again), again.last().unwrap()["step"].as_u64())
    );
}
