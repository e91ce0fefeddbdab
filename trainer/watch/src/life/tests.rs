//! A life that is watched is the life that `evaluate` runs.

use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyName, with_body};
use metaplastic_host::evaluate::{EvaluationStart, Evaluator};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::Tasks;
use metaplastic_task::unseen::UnseenLives;

use super::*;
use crate::control::PageControl;

fn artifact(name: &str) -> ArtifactFile {
    ArtifactFile::read(&Path::new("../../tests/artifacts").join(name)).unwrap()
}

fn task(artifact: &ArtifactFile) -> Box<dyn Task> {
    Tasks::built_in().from_text(artifact.artifact().manifest().task_parameters, Default::default()).unwrap()
}

fn header(message: &[u8]) -> Value {
    let length = u32::from_le_bytes(message[..4].try_into().unwrap()) as usize;
    serde_json::from_slice(&message[4..4 + length]).unwrap()
}

/// The headers of all messages of a life in which a visitor asks for these, each where it is paused, and then leaves.
fn watched(artifact: &ArtifactFile, controls: &[PageControl]) -> Vec<Value> {
    let task = task(artifact);
    let (sender, receiver) = channel();
    sender.send(PageControl::Pause).unwrap();
    let (controls, messages) = (controls.to_vec(), PageMessages::new(Vec::new()));
    let mut sent = messages.subscribe();
    let visitor = thread::spawn(move || {
        let (mut controls, mut headers) = (controls.into_iter(), Vec::new());
        loop {
            let header = header(&sent.blocking_recv().unwrap());
            let is_paused = !header["state_hash"].is_null();
            headers.push(header);
            match is_paused.then(|| controls.next()) {
                Some(Some(control)) => sender.send(control).unwrap(),
                Some(None) => return headers,
                None => {}
            }
        }
    });
    let mut watcher = Watcher {
        task: &*task,
        view: View::new(artifact),
        visitor: Visitor::new(receiver, 3, Freeze::Nothing, None),
        messages,
        is_slow: false,
        course: Course::default(),
    };
    with_body(&BodyName::Host, artifact, |body: &mut dyn Body| watcher.run(body)).unwrap();
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
    for name in ["cue-association.plastic", "adaptive-control.plastic", "bandit.plastic"] {
        let artifact = artifact(name);
        let frames = watched(&artifact, &[PageControl::Episode, PageControl::Episode]);
        let last = frames.last().unwrap();
        assert_eq!(
            (&last["ended"], &last["episode_step"], &last["mode"]),
            (&2.into(), &0.into(), &"paused".into())
        );
        assert_eq!(last["state_hash"], evaluated_hash(&artifact, 2, Freeze::Nothing), "{name}");
        let seen = |key: &str| frames.iter().map(|frame| frame[key].as_u64().unwrap()).sum::<u64>();
        assert_eq!(seen("shown") + seen("skipped"), last["step"].as_u64().unwrap(), "{name}");
    }
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
