//! Tests of recall: what is sensed and due, the gradient, and the errors of a guess and of a memory.

use super::*;
use crate::control_scores;
use crate::seed::{EpisodeDraw, Purpose, rng};
use crate::table::tests::assert_all_numbers_have_limits;
use crate::task::Task;
use crate::unseen::Unseen;
use crate::world::closed_loop::World;
use crate::world::plant_run::PlantRun;
use crate::world::tests::assert_gradient;

fn short() -> RecallParameters {
    RecallParameters { values: 2, show_steps: 2, query_steps: 3, settling_steps: 1, ..RecallParameters::default() }
}

fn drawn(index: u64) -> ShownValues {
    ShownValues::draw(short(), &mut rng(1, Purpose::Test, index))
}

#[test]
fn a_value_is_sensed_while_it_is_shown_and_its_cue_again_while_it_is_due() {
    let shown = drawn(0);
    let (values, order) = (shown.values().to_vec(), shown.order().to_vec());
    let mut run = PlantRun::new(std::sync::Arc::new(shown), rng(1, Purpose::Test, 0));
    let cue = |item: usize| [f64::from(u8::from(item == 0)), f64::from(u8::from(item == 1))];
    for step in 0..10 {
        let due = (step >= 4).then(|| order[(step - 4) / 3]);
        let item = due.unwrap_or(step / 2);
        let seen = if due.is_some() { [0.0, 0.0] } else { [values[item], 1.0] };
        assert_eq!(run.sensed(), [cue(item).to_vec(), seen.to_vec()].concat(), "step {step}");
        let is_scored = due.is_some() && (step - 4) % 3 >= 1;
        let error = 0.25 - values[item];
        assert_eq!(run.command(&[0.25]), if is_scored { error * error } else { 0.0 }, "step {step}");
        let desired = run.tracking()[0].desired;
        assert!(if due.is_some() { desired == values[item] } else { desired.is_nan() }, "step {step}: {desired}");
    }
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    let long = RecallParameters { show_steps: 6, query_steps: 7, ..RecallParameters::default() };
    assert_gradient(ShownValues::draw(long, &mut rng(1, Purpose::Test, 0)), 1.0);
}

#[test]
fn values_are_uniform_and_due_in_every_order() {
    let episodes: Vec<ShownValues> = (0..400).map(drawn).collect();
    let values: Vec<f64> = episodes.iter().flat_map(|episode| episode.values().to_vec()).collect();
    let variance = values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64;
    assert!((variance - 1.0 / 3.0).abs() < 0.04 && values.iter().all(|value| value.abs() <= 1.0), "{variance}");
    let swapped = episodes.iter().filter(|episode| *episode.order() == [1, 0]).count();
    assert!((150..250).contains(&swapped), "{swapped}");
}

#[test]
fn a_guess_has_the_variance_and_a_memory_no_error() {
    let task = RecallTask::default();
    let scores = control_scores(&task.controls(), &Unseen { task: &task, seed: 1, episodes: 2000 });
    let means = |at: usize| [0, 1].map(|measure| scores[at].estimate(measure).unwrap().mean);
    assert!((means(0)[1] - 1.0 / 3.0).abs() < 0.01, "{:?}", means(0));
    assert_eq!(means(1), [0.0; 2]);
}

#[test]
fn the_state_is_reset_where_showing_ends() {
    let resets = |resets_state| {
        let task = RecallTask::from(RecallParameters { resets_state, ..short() });
        let episode = task.episode(Purpose::Test, &mut EpisodeDraw::new(1, Purpose::Test, 0, 0));
        assert_eq!(episode.state_resets.len(), task.state_resets());
        episode.state_resets
    };
    assert_eq!((resets(true), resets(false)), (vec![4], Vec::new()));
}

#[test]
fn parameters_are_limited() {
    assert_all_numbers_have_limits::<RecallParameters>(&RecallParameters::LIMITS);
    let error = RecallParameters { settling_steps: 15, ..RecallParameters::default() }.checked().unwrap_err();
    assert_eq!(error.to_string(), "task.settling_steps = 15 is not in 0..=14");
}
