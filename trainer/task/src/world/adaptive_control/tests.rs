//! Tests of adaptive control: the gradient, the published figures of each plant, and the draw.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::seed::{Purpose, rng};
use crate::world::closed_loop::World;
use crate::world::control::{Controller, NoCommand, Pes, PesChannels, PesParameters, Pid, PidParameters, track};
use crate::world::plant::Plant;
use crate::world::plant_run::PlantRun;
use crate::world::tests::assert_gradient;
use crate::world::tracking_score::{TrackingScore, episode_scores, root_mean_square};

const PLANTS: &str = include_str!("plants.json");
/// Delays of the aligned score, steps of 1 ms.
const MOST_DELAY: usize = 300;

fn published() -> Vec<PlantRecord> {
    plants_from_text(PLANTS, Path::new("plants.json")).unwrap()
}

#[test]
fn explore() {
    let parameters = AdaptiveControlParameters::default();
    let mut all = [[0.0; 2]; 3];
    let mut pdc = vec![];
    for (index, record) in published().iter().enumerate() {
        for kind in 0..3 {
            let plant = AdaptiveControl::of_record(parameters.clone(), record);
            let mut source = rng(0, Purpose::Test, index as u64);
            let mut c: Box<dyn Controller> = match kind {
                0 => Box::new(NoCommand),
                1 => Box::new(Pes::draw(PesParameters::published(), PesChannels::from(&parameters), &mut source)),
                _ => Box::new(Pid::new(PidParameters::PUBLISHED, &parameters)),
            };
            let mut run = PlantRun::new(Arc::new(plant), source);
            let t = track(&mut run, &mut *c);
            let s = TrackingScore::new(&t[0], MOST_DELAY);
            print!("{:.4} {:.4} {}   ", s.rmse, s.aligned_rmse, s.delay);
            all[kind][0] += s.rmse / 20.0;
            all[kind][1] += s.aligned_rmse / 20.0;
            if kind == 0 {
                pdc.push(s);
            }
        }
        println!();
    }
    println!("{all:?}");
}
