//! A life in a world that is driven step by step is the life of the whole episode.

use metaplastic_learn::lifetime::FloatNetwork;
use metaplastic_learn::lifetime::simulate::Simulator;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Episode, winner};
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::record::LifeResult;

use crate::lives::{Case, cases};
use crate::networks::PLASTIC;

/// A life in the world of an episode, step by step.
fn stepped_life(network: &mut FloatNetwork, episode: &Episode) -> LifeResult {
    let mut life = WorldLife::begin(episode).unwrap();
    for step in 0..episode.steps {
        if episode.resets_state_before(step) {
            network.reset_state();
        }
        let sensed = life.sense(step);
        network.step(sensed.inputs_at(step), sensed.analog_at(step));
        life.answer(step, &network.readout(), |scores, _| winner(scores));
    }
    life.end().result
}

#[test]
fn a_life_step_by_step_is_that_of_the_whole_episode() {
    for Case { network: ours, episodes } in cases() {
        let mut network = FloatNetwork::new(&ours.model, &ours.flat, Freeze::Nothing);
        let simulator = Simulator::new(&ours.model, &ours.flat, Freeze::Nothing);
        for episode in &episodes {
            let whole = simulator.begin(None).run_episode(episode, &mut ());
            network.reset();
            assert_eq!(Some(stepped_life(&mut network, episode)), whole.life);
            assert!(network.view().synapses(PLASTIC).unwrap().plastic.peak() > 0.0, "nothing was learned");
        }
    }
}
