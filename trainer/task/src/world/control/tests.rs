//! Tests of the controllers in adaptive control: the published figures of each plant, and the means of the weak drive.
//!
//! Of the published plants the benchmark's own noise is not reproduced. In eight runs with other noise and other neurons
//! the errors of single plants were within 0.006 of the published ones (PD) and 0.007 (PES), aligned 0.005 and 0.006, and
//! their means within 0.0012; the tolerances are half as large again.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::*;
use crate::seed::{Purpose, TaskRng, rng};
use crate::world::adaptive_control::tests::PUBLISHED;
use crate::world::adaptive_control::{AdaptiveControl, AdaptiveControlParameters, plants_from_text};
use crate::world::plant_run::PlantRun;
use crate::world::tests::life;
use crate::world::tracking_score::TrackingScore;

/// A controller for a world, with all its chance from a stream.
type Make = fn(&AdaptiveControlParameters, &mut TaskRng) -> Box<dyn Controller>;

const PD: Make = |_, _| Box::new(NoCommand);

/// Delays of the aligned score, steps of 1 ms.
const MOST_DELAY: usize = 300;

fn score(plant: AdaptiveControl, make: Make, mut source: TaskRng) -> TrackingScore {
    let mut controller = make(plant.parameters(), &mut source);
    let most_delay = if plant.parameters().step_seconds == 0.001 { MOST_DELAY } else { 0 };
    let tracked = track(life(PlantRun::new(Arc::new(plant), source)), &mut *controller);
    TrackingScore::new(&tracked.record.tracking, most_delay)
}

fn published_scores(make: Make) -> Vec<TrackingScore> {
    let parameters = AdaptiveControlParameters::default();
    let records = plants_from_text(PUBLISHED, Path::new("plants.json")).unwrap();
    let scores = records.par_iter().enumerate().map(|(index, record)| {
        score(AdaptiveControl::of_record(parameters.clone(), record), make, rng(0, Purpose::Test, index as u64))
    });
    scores.collect()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

fn means(scores: &[TrackingScore]) -> (f64, f64) {
    (mean(scores.iter().map(|score| score.rmse)), mean(scores.iter().map(|score| score.aligned_rmse)))
}

/// Compares with what the benchmark's own simulator reached on each plant.
fn assert_published(make: Make, name: &str) {
    let scores = published_scores(make);
    let published: Vec<Value> = serde_json::from_str(PUBLISHED).unwrap();
    let figure = |plant: &Value, field: &str| plant[name][field].as_f64().unwrap();
    for (index, (score, plant)) in scores.iter().zip(&published).enumerate() {
        let errors = [score.rmse - figure(plant, "rmse"), score.aligned_rmse - figure(plant, "aligned_rmse")];
        assert!(errors[0].abs() < 0.010 && errors[1].abs() < 0.008, "plant {index}: {score:?} {}", plant[name]);
    }
    let (rmse, aligned) = means(&scores);
    let of = |field| mean(published.iter().map(|plant| figure(plant, field)));
    println!("{name} {rmse:.4} ({:.4}), aligned {aligned:.4} ({:.4})", of("rmse"), of("aligned_rmse"));
    assert!((rmse - of("rmse")).abs() < 0.0018 && (aligned - of("aligned_rmse")).abs() < 0.0018);
}

#[test]
fn pd_has_the_published_error_on_each_plant() {
    assert_published(PD, "pd");
}

#[test]
fn pes_has_the_published_error_on_each_plant() {
    let pes: Make = |world, source| Box::new(Pes::draw(PesParameters::default(), PesChannels::from(world), source));
    assert_published(pes, "pes");
}

/// 0.0387 and 0.0371 with the benchmark's noise; 0.0384 to 0.0411 with eight others.
#[test]
fn pid_has_the_error_that_it_has_with_the_benchmarks_noise() {
    let (rmse, aligned) = means(&published_scores(|world, _| Box::new(Pid::new(PidParameters::PUBLISHED, world))));
    println!("pid {rmse:.4}, aligned {aligned:.4}");
    assert!((rmse - 0.0387).abs() < 0.003 && (aligned - 0.0371).abs() < 0.003, "{rmse} {aligned}");
}

/// Mean and median over unseen plants.
fn weak_drive(make: Make, plants: usize) -> (f64, f64) {
    let drawn = |index| {
        let mut source = rng(1, Purpose::Test, index);
        let plant = AdaptiveControl::draw(AdaptiveControlParameters::weak_drive(), &mut source);
        score(plant, make, source).rmse
    };
    let mut errors: Vec<f64> = (0..plants as u64).into_par_iter().map(drawn).collect();
    errors.sort_by(f64::total_cmp);
    (mean(errors.iter().copied()), errors[plants / 2])
}

/// Measured over 512 plants, mean and median: PD 0.806 and 0.566, PES 0.146 and 0.122, PID 0.088 and 0.064. The pilot's
/// means were 0.838 (PD) and 0.217 (PES); its stop, radius and plants are not known. A mean of 512 plants has a standard
/// error of 0.03 (PD).
#[test]
fn controllers_of_the_weak_drive_have_the_errors_that_were_measured() {
    let pes: Make =
        |world, source| Box::new(Pes::draw(PesParameters::weak_drive(), PesChannels::from(world), source));
    let pid: Make = |world, _| Box::new(Pid::new(PidParameters::WEAK_DRIVE, world));
    let (pd, pes, pid) = (weak_drive(PD, 512), weak_drive(pes, 128), weak_drive(pid, 512));
    println!("weak drive, mean and median: PD {pd:.4?}, PES {pes:.4?}, PID {pid:.4?}");
    assert!((pd.0 - 0.838).abs() < 0.09, "{pd:?}");
    assert!((0.12..0.217).contains(&pes.0), "{pes:?}");
    assert!((0.06..0.1).contains(&pid.0), "{pid:?}");
}
