//! What a page is told of a network when it opens: what it consists of, and how its task is shown.
//!
//! It knows nothing that changes while the network runs.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyName;
use metaplastic_host::inspect::inspect;
use metaplastic_runtime::Network;
use metaplastic_shared::network::NetworkDescription;
use metaplastic_task::Requirements;
use metaplastic_task::scene::{NeuronGroup, Scene, ScenePanel, numbered};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{EpisodeIndex, episode};
use metaplastic_task::world::life::WorldLife;
use serde_json::{Value, json};

use crate::view::View;
use crate::watched::WatchedNetwork;

/// The greeting.
pub(crate) fn greeting(watched: WatchedNetwork<'_>, view: &View) -> Value {
    let WatchedNetwork { file, body, artifact, task, .. } = watched;
    let network = artifact.artifact().manifest().network;
    let mut greeting = json!({
        "kind": "greeting",
        "source": "program",
        "file": file,
        "task": task.name(),
        "body": body.to_string(),
        "populations": populations(&network),
        "view": view.described(),
        "chance": if task.measures().is_empty() { Some(task.chance()) } else { None },
        "measures": task.measures().iter().map(|measure| json!({ "name": measure.name, "unit": measure.unit })).collect::<Vec<_>>(),
        "score": task.measures().first().map_or("accuracy", |measure| measure.name),
        "label_neurons": task.label_neurons().into_iter().map(|neurons| [neurons.start, neurons.len()]).collect::<Vec<_>>(),
        "memory": memory(artifact, body),
        "can": { "lesion": watched.can_lesion(), "save": true },
    });
    describe_world(watched, &mut greeting);
    greeting
}

/// What the world gives and takes, and how it is shown.
fn describe_world(watched: WatchedNetwork<'_>, greeting: &mut Value) {
    let WatchedNetwork { task, seed, .. } = watched;
    let Requirements { inputs, analog, .. } = task.requirements();
    let first = episode(task, seed, Purpose::Test, EpisodeIndex::alone(0));
    let mut world = WorldLife::begin(&first);
    let changeable = world.as_mut().map(|life| life.world().changeable()).unwrap_or_default();
    let tracked = world.as_mut().map_or(0, |life| life.world().tracking().len());
    greeting["inputs"] = json!(inputs);
    greeting["analog"] = json!(analog);
    greeting["tracked"] = json!(tracked);
    greeting["step_seconds"] = json!(task.step_seconds());
    greeting["changeable"] = json!(changeable);
    greeting["scene"] = json!(scene(watched, tracked));
}

/// The task's own scene, with panels for what it has none for.
fn scene(watched: WatchedNetwork<'_>, tracked: usize) -> Scene {
    let Requirements { inputs, analog, .. } = watched.task.requirements();
    let mut scene = watched.task.scene();
    let has = |panels: &[ScenePanel], shows: fn(&ScenePanel) -> bool| panels.iter().any(shows);
    if tracked > 0 && !has(&scene.panels, |panel| matches!(panel, ScenePanel::Tracking { .. })) {
        scene.panels.push(ScenePanel::Tracking { names: numbered("value", tracked), unit: String::new() });
    }
    if analog > 0 && !has(&scene.panels, |panel| matches!(panel, ScenePanel::Signals { .. })) {
        scene.panels.push(ScenePanel::Signals { names: numbered("input", analog) });
    }
    if scene.panels.is_empty() {
        let groups = vec![NeuronGroup::new("input", 0..inputs)];
        scene.panels.push(ScenePanel::Inputs { groups });
    }
    scene
}

fn populations(network: &NetworkDescription) -> Vec<Value> {
    let populations = network.populations.iter();
    populations.map(|population| json!({ "name": population.name.as_str(), "size": population.size })).collect()
}

/// What it takes, bytes, and of how many.
fn memory(artifact: &ArtifactFile, body: &BodyName) -> Vec<Value> {
    let line =
        |name: &str, bytes: usize, limit: Option<usize>| json!({ "name": name, "bytes": bytes, "limit": limit });
    let state = 8 * Network::memory_words(&artifact.artifact());
    let mut lines = vec![line("artifact", artifact.bytes().len(), None), line("state", state, None)];
    if let BodyName::Emulator(name) = body
        && let Some(board) = inspect(artifact).boards.iter().find(|board| board.board == *name)
    {
        lines.push(line("flash", board.flash_bytes, Some(board.flash_limit)));
        lines.push(line("RAM", board.ram_bytes, Some(board.ram_limit)));
    }
    lines
}
