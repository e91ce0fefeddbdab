//! The reference engine's loss against the plain oracle's, both in `f64`.

mod oracle;

use metaplastic_learn::autodiff::Reference;
use metaplastic_learn::lifetime::Spiking;
use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::testing::{Case, random_case};
use metaplastic_learn::model::Model;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::Episode;
use oracle::Oracle;

/// The mean loss over all decisions, and the cost of modulation and of spikes.
fn loss_of_oracle(model: &Model, flat: &[f64], episodes: &[Episode], spiking: Spiking) -> f64 {
    let readout = model.network.readout;
    let (classes, per_class) = (usize::from(readout.classes), usize::from(readout.neurons_per_class));
    let graded = model.network.has_graded_readout();
    let gain = flat[flat.len() - 1].exp();
    let mut losses = Vec::new();
    let (mut modulation, mut spikes) = (0.0, 0.0);
    for episode in episodes {
        let mut oracle = Oracle::new(model, flat, spiking, Freeze::Nothing);
        let mut counts = vec![vec![0.0; classes]; episode.decisions.len()];
        for step in 0..episode.steps {
            oracle.step(episode, step);
            if !episode.is_labelled(step) {
                modulation += oracle.modulation() / episode.steps as f64;
            }
            spikes += oracle.spike_regulariser() / episode.steps as f64;
            let neurons = &oracle.neurons[usize::from(readout.population)];
            for (counts, decision) in counts.iter_mut().zip(&episode.decisions) {
                if (decision.start..decision.end).contains(&step) {
                    (0..classes * per_class)
                        .for_each(|j| counts[j / per_class] += if graded { neurons[j].v } else { neurons[j].s });
                }
            }
        }
        for (counts, decision) in counts.iter().zip(&episode.decisions) {
            let partition: f64 = counts.iter().map(|count| (gain * count).exp()).sum();
            losses.push(partition.ln() - gain * counts[decision.target]);
        }
    }
    let cost = f64::from(model.modulation_cost) * modulation + f64::from(model.spike_cost) * spikes;
    losses.iter().sum::<f64>() / losses.len() as f64 + cost / episodes.len() as f64
}

#[test]
fn the_reference_computes_the_equations() {
    for seed in 0..48 {
        let Case { model, flat, episodes } = random_case(seed);
        let flat: Vec<_> = flat.into_iter().map(f64::from).collect();
        for spiking in [Spiking::Heaviside, Spiking::Smooth] {
            let expected = loss_of_oracle(&model, &flat, &episodes, spiking);
            let computed =
                Reference { spiking }.exact_gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap().loss;
            // Weights of regularisers are constants in f32, each within 2^-24 of those of the oracle; their sum is
            // below 4.
            let regularised = model.modulation_cost > 0.0 || model.spike_cost > 0.0;
            let allowed = if regularised { 4e-7 } else { 1e-9 };
            assert!((computed - expected).abs() < allowed, "seed {seed} {spiking:?}: {computed} {expected}");
        }
    }
}
