//! Lives in worlds on bodies: what a network reaches there in chip arithmetic, what it owes to its plasticity, and that an
//! emulated core lives the same life to the bit.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::BodyName;
use metaplastic_host::evaluate::{Evaluation, Evaluator};
use metaplastic_host::life::measured_blocks;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::score::Score;
use metaplastic_task::unseen::{Unseen, UnseenLives};
use metaplastic_task::{Task, control_scores};
use metaplastic_tests::trained::{artifact, task_of};
use toml::Table;

/// A trained network and the task that it was trained for.
fn trained(name: &str) -> (ArtifactFile, Box<dyn Task>) {
    let file = artifact(name);
    let task = task_of(&file, Table::new());
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
    println!("weak drive, rmse of 64 plants: {learning:.4}, P frozen {frozen:.4}");
    assert!(learning < 0.06 && frozen > 5.0 * learning, "{learning} {frozen}");
}

/// Some plants cannot be held, so that medians are compared.
#[test]
fn a_controller_is_as_good_at_its_hundredth_plant_as_at_its_first() {
    let (file, task) = trained("adaptive-control-weak-drive");
    let lives = UnseenLives { task: &*task, seed: 5, life: 100, lives: 8 };
    let evaluation = Evaluator::host(&file, Freeze::Nothing).evaluate(&lives).expect("the host answers");
    let blocks = measured_blocks(&evaluation.score.values(0), 100, 10);
    let (first, last) = (blocks[0].estimate.median, blocks[9].estimate.median);
    println!("weak drive, median rmse of plants 1 to 10: {first:.4}, 91 to 100: {last:.4}");
    assert!(last < 1.1 * first, "{first} {last}");
}

#[test]
fn the_published_world_is_tracked_better_than_by_its_controllers() {
    let (file, task) = trained("adaptive-control");
    let learning = mean(&file, &*task, 16, Freeze::Nothing);
    let scores = control_scores(&task.controls(), &Unseen { task: &*task, seed: 5, episodes: 16 });
    let controls: Vec<_> = scores.iter().map(|score| score.estimate(0).expect("measured").mean).collect();
    println!("published world, rmse of 16 plants: {learning:.4}; PD, PID, PES {controls:.4?}");
    assert!(learning < 0.03 && controls.iter().all(|control| 1.3 * learning < *control), "{learning} {controls:?}");
}

#[test]
fn plasticity_moves_an_arm_whose_load_and_motors_are_unknown() {
    let (file, task) = trained("arm");
    let [learning, frozen] = [Freeze::Nothing, Freeze::Plasticity].map(|freeze| mean(&file, &*task, 64, freeze));
    println!("arm, rmse of 64 arms, rad: {learning:.4}, P frozen {frozen:.4}");
    assert!(learning < 0.045 && frozen > 1.5 * learning, "{learning} {frozen}");
}

#[test]
fn plasticity_finds_the_arm_that_pays() {
    let (file, task) = trained("bandit");
    let [learning, frozen] = [Freeze::Nothing, Freeze::Plasticity].map(|freeze| mean(&file, &*task, 2000, freeze));
    println!("bandit, reward of 2000 lives: {learning:.3}, P frozen {frozen:.3}");
    assert!(learning > 6.4 && (4.8..5.2).contains(&frozen), "{learning} {frozen}");
}

#[test]
fn plasticity_follows_a_reversal() {
    let (file, task) = trained("bandit-reversal");
    let unseen = Unseen { task: &*task, seed: 5, episodes: 2000 };
    let evaluation = Evaluator::host(&file, Freeze::Nothing).evaluate(&unseen).expect("the host answers");
    let behind = |score: &Score| score.estimate(1).expect("rewards behind the reversal").mean;
    let controls: Vec<_> = control_scores(&task.controls(), &unseen).iter().map(behind).collect();
    let [random, _thompson, greedy] = controls[..] else { panic!("three policies: {controls:?}") };
    let learning = behind(&evaluation.score);
    println!("ten pulls behind the reversal, 2000 lives: {learning:.3}, greedy {greedy:.3}, random {random:.3}");
    assert!(learning > 0.9 * greedy && learning > random + 0.5, "{learning} {controls:?}");
}

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn a_life_in_a_world_is_the_same_on_emulated_cores() {
    // The smallest board has no room for the bandit's plastic weights.
    let boards = ["mps2-an386", "mps2-an385-v6m", "microbit"];
    let worlds = [
        ("adaptive-control", &boards[..2]),
        ("adaptive-control-weak-drive", &boards),
        ("arm", &boards[..2]),
        ("bandit", &boards[..2]),
    ];
    for (name, boards) in worlds {
        let (file, task) = trained(name);
        let unseen = Unseen { task: &*task, seed: 9, episodes: 1 };
        let on = |body: &BodyName| Evaluator::new(body, &file, Freeze::Nothing).evaluate(&unseen).unwrap();
        let host = on(&BodyName::Host);
        for board in boards {
            let Evaluation { score, state_hash, plastic_weights, .. } = on(&BodyName::Emulator((*board).into()));
            let life = (&host.score, host.state_hash, &host.plastic_weights);
            assert_eq!((&score, state_hash, &plastic_weights), life, "{name} on {board}");
            println!("{name}, {board}: {:?}, state {state_hash:016x}", score.measured[0]);
        }
    }
}
