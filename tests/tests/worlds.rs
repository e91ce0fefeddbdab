//! Lives in worlds on bodies: what a network reaches there in chip arithmetic, what it owes to its plasticity, and that an
//! emulated core lives the same life to the bit.

use std::path::Path;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyName;
use metaplastic_host::evaluate::{Evaluation, Evaluator};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task as task;
use metaplastic_task::Task;
use metaplastic_task::unseen::Unseen;

/// A trained network and the task that it was trained for.
fn trained(name: &str) -> (ArtifactFile, Box<dyn Task>) {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts")).join(format!("{name}.plastic"));
    let file = ArtifactFile::read(&path).expect("an artifact of the tree");
    let task =
        task::for_network(&file.artifact().manifest(), None, task::data_table(None)).expect("a task of its own");
    (file, task)
}

/// The mean of what the task measures first, on the host.
fn mean(file: &ArtifactFile, task: &dyn Task, episodes: u64, freeze: Freeze) -> f64 {
    let unseen = Unseen { task, seed: 5, episodes };
    let evaluation = Evaluator::host(file, freeze).evaluate(&unseen).expect("the host answers");
    evaluation.score.estimate(0).expect("a life in a world is measured").mean
}

#[test]
fn plasticity_controls_an_unknown_plant() {
    let (file, task) = trained("adaptive-control-weak-drive");
    let [learning, frozen] = [Freeze::Nothing, Freeze::Plasticity].map(|freeze| mean(&file, &*task, 64, freeze));
    println!("rmse of 64 plants: {learning:.4}, P frozen {frozen:.4}");
    assert!(learning < 0.08 && frozen > 5.0 * learning, "{learning} {frozen}");
}

#[test]
fn plasticity_finds_the_arm_that_pays() {
    let (file, task) = trained("bandit");
    let [learning, frozen] = [Freeze::Nothing, Freeze::Plasticity].map(|freeze| mean(&file, &*task, 1000, freeze));
    println!("reward of 1000 lives: {learning:.3}, P frozen {frozen:.3}");
    assert!(learning > 6.1 && (4.7..5.3).contains(&frozen), "{learning} {frozen}");
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_life_in_a_world_is_the_same_on_emulated_cores() {
    for name in ["adaptive-control-weak-drive", "bandit"] {
        let (file, task) = trained(name);
        let unseen = Unseen { task: &*task, seed: 9, episodes: 1 };
        let on = |body: &BodyName| Evaluator::new(body, &file, Freeze::Nothing).evaluate(&unseen).unwrap();
        let host = on(&BodyName::Host);
        for board in ["mps2-an386", "mps2-an385-v6m"] {
            let Evaluation { score, state_hash, plastic_weights, .. } = on(&BodyName::Emulator(board.into()));
            let life = (&host.score, host.state_hash, &host.plastic_weights);
            assert_eq!((&score, state_hash, &plastic_weights), life, "{name} on {board}");
            println!("{name}, {board}: {:?}, state {state_hash:016x}", score.measured[0]);
        }
    }
}
