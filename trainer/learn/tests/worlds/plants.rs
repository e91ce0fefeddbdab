//! The gradient of the mean cost of lives in a plant against central differences, and its clip by episode.

use std::sync::Arc;

use metaplastic_learn::autodiff::FusedEngine;
use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::lifetime::testing::difference_error;
use metaplastic_learn::lifetime::{Engine, Lifetime, Spiking};
use metaplastic_learn::model::{Parameter, Trace};
use metaplastic_task::episode::Episode;
use metaplastic_task::seed::{EpisodeDraw, Purpose};
use metaplastic_task::world::adaptive_control::{AdaptiveControl, AdaptiveControlParameters};
use metaplastic_task::world::plant_run::PlantRun;
use metaplastic_task::world::start::WorldStart;

use crate::networks::{PLASTIC, TestNetwork};

pub(crate) const ANALOG: u16 = 4;

/// Lives of 40 steps of 50 ms with short delays, in which a command has consequences; their costs have no kink.
pub(crate) fn episodes(count: u64) -> Vec<Episode> {
    let parameters = AdaptiveControlParameters {
        step_seconds: 0.05,
        episode_seconds: 2.0,
        drive: 3.0,
        delay_seconds: 0.1,
        low_pass_seconds: 0.05,
        clip: 1e9,
        ..AdaptiveControlParameters::default()
    };
    let episode = |index| {
        let mut draw = EpisodeDraw::new(3, Purpose::Training, index, index);
        let plant = AdaptiveControl::draw(parameters.clone(), &mut draw.episode);
        let run = PlantRun::new(Arc::new(plant), draw.episode);
        Episode::in_world(WorldStart::new(Box::new(run), draw.life))
    };
    (0..count).map(episode).collect()
}

fn smooth() -> FusedLifetime {
    FusedLifetime::default().with_spiking(Spiking::Smooth)
}

/// The mean of all costs.
fn loss(network: &TestNetwork, flat: &[f32], episodes: &[Episode]) -> f64 {
    let lives = smooth().forward(&network.model, flat, LaneBatch::fresh(episodes)).lives;
    let costs: Vec<f64> = lives.into_iter().flatten().flat_map(|life| life.record.costs).collect();
    costs.iter().sum::<f64>() / costs.len() as f64
}

fn gradient(network: &TestNetwork, batch: LaneBatch<'_>) -> Vec<f32> {
    FusedEngine::new(smooth()).gradient(&network.model, &network.flat, batch).unwrap().values
}

fn norm(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

/// How far a gradient is from another, of the other's length.
fn distance(values: &[f32], expected: &[f32]) -> f64 {
    let difference: Vec<_> = values.iter().zip(expected).map(|(value, other)| value - other).collect();
    norm(&difference) / norm(expected)
}

/// Each tensor: weights, coefficients, rate, all decays, third-factor weights and the gain of the command.
#[test]
fn the_gradient_of_a_plants_cost_is_a_finite_difference() {
    for seed in 0..4 {
        let (network, episodes) = (TestNetwork::of_commands(ANALOG, seed), episodes(3));
        let gradient = gradient(&network, LaneBatch::fresh(&episodes));
        for slot in network.model.slots() {
            let name = network.model.name(slot.parameter);
            let of_slot = norm(&gradient[slot.range.clone()]);
            let error =
                difference_error(&slot.range, &network.flat, &gradient, |flat| loss(&network, flat, &episodes));
            assert!(error < 1.0, "{seed}, {name}: {error} of what is allowed");
            // Neurons that never spike have no trace.
            let is_constant = slot.parameter == Parameter::TraceDecay(PLASTIC, Trace::Post);
            assert!(is_constant || of_slot > 0.003, "{seed}, {name}: a norm of {of_slot} says nothing");
        }
    }
}

#[test]
fn a_clip_longer_than_every_episodes_gradient_changes_nothing() {
    let (network, episodes) = (TestNetwork::of_commands(ANALOG, 1), episodes(3));
    let whole = gradient(&network, LaneBatch::fresh(&episodes));
    let clipped = gradient(&network, LaneBatch { episode_clip: Some(1e9), ..LaneBatch::fresh(&episodes) });
    assert!(distance(&clipped, &whole) < 1e-5, "{}", distance(&clipped, &whole));
}

/// Each episode's gradient keeps its direction and gets the length of the clip; the batch's is their mean.
#[test]
fn the_gradient_of_each_episode_is_clipped_before_the_mean() {
    const CLIP: f64 = 1e-3;
    let (network, episodes) = (TestNetwork::of_commands(ANALOG, 1), episodes(3));
    let clipped = |episodes| LaneBatch { episode_clip: Some(CLIP), ..LaneBatch::fresh(episodes) };
    let mut mean = vec![0.0; network.flat.len()];
    for episode in episodes.chunks(1) {
        let alone = gradient(&network, LaneBatch::fresh(episode));
        let length = norm(&alone);
        assert!(length > 2.0 * CLIP, "{length}");
        assert!((norm(&gradient(&network, clipped(episode))) - CLIP).abs() < 1e-5 * CLIP);
        let part = alone.iter().map(|value| value * (CLIP / length / episodes.len() as f64) as f32);
        mean.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
    }
    let batch = gradient(&network, clipped(&episodes));
    assert!(distance(&batch, &mean) < 1e-4, "{}", distance(&batch, &mean));
}
