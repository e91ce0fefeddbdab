//! Tests of adaptive control: its gradient, what is drawn, the changes of a life and the limits of its parameters. What
//! controllers reach in it is tested with them.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::seed::{Purpose, rng};
use crate::table::tests::assert_all_numbers_have_limits;
use crate::world::closed_loop::World;
use crate::world::plant::Plant;
use crate::world::plant_run::PlantRun;
use crate::world::tests::assert_gradient;
use crate::world::tracking_score::root_mean_square;

/// The plants of the published benchmark with what its own simulator reached on each.
pub(crate) const PUBLISHED: &str = include_str!("plants.json");

fn drawn(parameters: AdaptiveControlParameters, index: u64) -> PlantRun<AdaptiveControl> {
    let mut source = rng(1, Purpose::Test, index);
    PlantRun::new(Arc::new(AdaptiveControl::draw(parameters, &mut source)), source)
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    for index in 0..4 {
        for parameters in [AdaptiveControlParameters::default(), AdaptiveControlParameters::weak_drive()] {
            assert_gradient(AdaptiveControl::draw(parameters, &mut rng(1, Purpose::Test, index)), 0.3);
        }
    }
}

#[test]
fn the_gradient_passes_a_change_of_the_plant() {
    let parameters =
        AdaptiveControlParameters { episode_seconds: 0.1, changes: 3, ..AdaptiveControlParameters::weak_drive() };
    assert_eq!(parameters.episode_steps(), 25);
    assert_gradient(AdaptiveControl::draw(parameters, &mut rng(1, Purpose::Test, 0)), 0.3);
}

#[test]
fn delays_and_episodes_have_the_benchmarks_steps() {
    let steps = |parameters: AdaptiveControlParameters| (parameters.delay_steps(), parameters.episode_steps());
    assert_eq!(steps(AdaptiveControlParameters::default()), (10, 10_000));
    assert_eq!(steps(AdaptiveControlParameters::weak_drive()), (2, 1000));
}

#[test]
fn coefficients_and_paths_have_the_distributions_of_the_benchmark() {
    let plants: Vec<_> = (0..4000).map(|index| drawn(AdaptiveControlParameters::default(), index)).collect();
    let deviation =
        |of: fn(&PlantCoefficients) -> f64| root_mean_square(plants.iter().map(|run| of(&run.plant().plants()[0])));
    let fields: [fn(&PlantCoefficients) -> f64; 5] =
        [|plant| plant.a, |plant| plant.b_linear, |plant| plant.b_sine, |plant| plant.c, |plant| plant.d];
    for of in fields {
        assert!((deviation(of) - 1.0).abs() < 0.04, "{}", deviation(of));
    }
    assert!((root_mean_square(plants.iter().map(|run| run.state()[1])) - 1.0).abs() < 0.04);
    let desired = |index: usize| plants.iter().map(move |run| run.plant().tracking(index, run.state())[0].desired);
    let expected = |seconds: f64| {
        let sines = (1..4).map(|number| (f64::from(number) * std::f64::consts::FRAC_PI_2 * seconds).sin());
        (sines.map(|sine| sine * sine).sum::<f64>() / 8.0).sqrt()
    };
    for index in [499, 999, 3299] {
        let deviation = root_mean_square(desired(index));
        let expected = expected((index + 1) as f64 * 0.001);
        assert!((deviation - expected).abs() < 0.05 * expected, "{index}: {deviation} {expected}");
    }
}

#[test]
fn the_plant_of_a_life_changes_while_its_state_and_path_go_on() {
    let parameters = AdaptiveControlParameters { changes: 100, ..AdaptiveControlParameters::weak_drive() };
    let mut run = drawn(parameters, 2);
    let shape = run.shape();
    assert_eq!((shape.steps, run.plant().plants().len()), (101_000, 101));
    let coefficients: std::collections::BTreeSet<u64> =
        run.plant().plants().iter().map(|plant| plant.a.to_bits()).collect();
    assert_eq!(coefficients.len(), 101);
    assert_eq!(run.changes(), (1..101).map(|episode| episode * 1000).collect::<Vec<_>>());
    let mut before = run.tracking()[0];
    for _ in 0..shape.steps {
        assert!(run.command(&[0.0]).is_finite());
        let now = run.tracking()[0];
        assert!((now.actual - before.actual).abs() < 0.2 && (now.desired - before.desired).abs() < 0.07);
        before = now;
    }
}

#[test]
fn a_plant_that_escapes_ends_at_the_stop() {
    let coefficients = PlantCoefficients { a: 0.0, b_linear: 3.0, b_sine: 0.0, c: 9.0, d: 3.0 };
    let record = PlantRecord { coefficients, initial_state: 1.0, amplitudes: vec![0.0] };
    let plant = AdaptiveControl::of_record(AdaptiveControlParameters::default(), &record);
    let mut run = PlantRun::new(Arc::new(plant), rng(0, Purpose::Test, 0));
    let costs: Vec<f64> = (0..1000).map(|_| run.command(&[0.0])).collect();
    assert_eq!(run.state()[1], 100.0);
    let expected = 2.0 + 0.05 * (100.0_f64 * 100.0 + 1e-3).ln();
    assert!((costs[999] - expected).abs() < 1e-12, "{} {expected}", costs[999]);
}

#[test]
fn every_number_has_limits_and_presets_are_within_them() {
    assert_all_numbers_have_limits::<AdaptiveControlParameters>(&AdaptiveControlParameters::LIMITS);
    for preset in [AdaptiveControlParameters::default(), AdaptiveControlParameters::weak_drive()] {
        assert_eq!(preset.clone().checked(), Ok(preset));
    }
    let refused = |change: fn(&mut AdaptiveControlParameters)| {
        let mut parameters = AdaptiveControlParameters::weak_drive();
        change(&mut parameters);
        parameters.checked().unwrap_err().to_string()
    };
    assert_eq!(refused(|world| world.delay_seconds = 0.003), "task.delay_seconds = 0.003 is not in 0.004..=1");
    assert_eq!(refused(|world| world.noise = f64::NAN), "task.noise = NaN is not in 0..=10");
    assert_eq!(
        refused(|world| world.highest_frequency = 0.05),
        "task.highest_frequency = 0.05 is not in 0.1..=100"
    );
    assert_eq!(refused(|world| world.step_seconds = 0.0), "task.step_seconds = 0 is not in 0.0001..=0.1");
}

#[test]
fn plants_of_a_file_have_its_coefficients_and_path() {
    let records = plants_from_text(PUBLISHED, Path::new("plants.json")).unwrap();
    assert_eq!(records.len(), 20);
    let plant = AdaptiveControl::of_record(AdaptiveControlParameters::default(), &records[0]);
    assert_eq!((plant.plants().len(), plant.steps(), plant.start()[1]), (1, 10_000, records[0].initial_state));
    let desired = plant.tracking(999, &plant.start())[0].desired;
    assert!((desired - (records[0].amplitudes[1] - records[0].amplitudes[3])).abs() < 1e-12, "{desired}");
}
