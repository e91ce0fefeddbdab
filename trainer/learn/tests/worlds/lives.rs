//! A life in a world is the same for any number of threads, in any order, beside any others, and as its own recording.

use metaplastic_learn::autodiff::FusedEngine;
use metaplastic_learn::lifetime::carried::{CarriedState, LaneBatch};
use metaplastic_learn::lifetime::carried_part::CarriedPart;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::lifetime::{Engine, ForwardPass, Lifetime};
use metaplastic_task::episode::Episode;
use metaplastic_task::seed::{EpisodeDraw, Purpose};
use metaplastic_task::world::bandit::{BanditParameters, DESCRIPTOR};
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::record::LifeResult;

use crate::networks::TestNetwork;
use crate::plants;

/// A network and lives for it.
pub(crate) struct Case {
    pub(crate) network: TestNetwork,
    pub(crate) episodes: Vec<Episode>,
}

/// Lives of the bandit with three pulls of two arms.
fn bandits(count: u64) -> Vec<Episode> {
    let table = toml::toml! { arms = 2
    pulls = 3
    resets_state = true };
    let task = (DESCRIPTOR.from_table)(table, None).unwrap();
    let episode =
        |index| task.episode(Purpose::Training, &mut EpisodeDraw::new(1, Purpose::Training, index, index));
    (0..count).map(episode).collect()
}

pub(crate) fn cases() -> [Case; 2] {
    let channels = BanditParameters { arms: 2, ..BanditParameters::default() }.channels();
    let plants = Case { network: TestNetwork::of_commands(plants::ANALOG, 5), episodes: plants::episodes(7) };
    let choices = TestNetwork::of_choices(channels as u16, 5);
    [plants, Case { network: choices, episodes: bandits(7) }]
}

impl Case {
    fn forward(&self, episodes: &[Episode], starts: &[Option<&CarriedState>]) -> ForwardPass<impl Sized + use<>> {
        let carried = Some(CarriedPart::All);
        let batch = LaneBatch { starts, carried, ..LaneBatch::fresh(episodes) };
        FusedLifetime::default().forward(&self.network.model, &self.network.flat, batch)
    }

    /// The gradient, which depends on all actions and rewards.
    fn gradient(&self) -> (f64, Vec<f32>) {
        let TestNetwork { model, flat } = &self.network;
        let engine = FusedEngine::new(FusedLifetime::default());
        let gradient = engine.gradient(model, flat, LaneBatch::fresh(&self.episodes)).unwrap();
        (gradient.loss, gradient.values)
    }
}

/// The episode with the inputs of a life as they were, without its world.
fn recorded(episode: &Episode, life: &LifeResult) -> Episode {
    let mut again = WorldLife::begin(episode).unwrap();
    let mut choices = life.record.choices.iter();
    for step in 0..episode.steps {
        again.sense(step);
        let commands = life.record.commands.get(step).map_or(&[][..], std::slice::from_ref);
        again.answer(step, commands, |_, _| choices.next().unwrap().action);
    }
    let ended = again.end();
    assert_eq!(ended.result, *life);
    Episode { world: None, ..ended.episode }
}

#[test]
fn neither_threads_nor_calls_change_a_bit() {
    let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
    let (one, three) = (threads(1), threads(3));
    for case in cases() {
        let alone = one.install(|| case.gradient());
        assert!(alone.1.iter().any(|value| value.abs() > 1e-4));
        assert_eq!(three.install(|| case.gradient()), alone);
        assert_eq!(three.install(|| case.gradient()), alone);
    }
}

#[test]
fn a_life_depends_on_no_other_life() {
    for case in cases() {
        let in_order = case.forward(&case.episodes, &[]).lives;
        let backwards: Vec<_> = case.episodes.iter().rev().cloned().collect();
        let mut lives = case.forward(&backwards, &[]).lives;
        lives.reverse();
        assert_eq!(lives, in_order);
        let alone = case.episodes.chunks(1).flat_map(|episode| case.forward(episode, &[]).lives);
        assert_eq!(alone.collect::<Vec<_>>(), in_order);
        assert!(in_order.windows(2).any(|pair| pair[0] != pair[1]), "all lives are alike");
    }
}

/// A life that begins with what another ended with differs from one that begins anew, and its recording gives the same
/// counts and the same end, from the same start alone.
#[test]
fn a_life_goes_on_where_the_last_one_ended() {
    for case in cases() {
        let first = case.forward(&case.episodes, &[]);
        let starts: Vec<_> = first.ends.iter().map(Option::as_ref).collect();
        assert!(starts.iter().all(Option::is_some));
        let second = case.forward(&case.episodes, &starts);
        assert_ne!(second.ends, first.ends);
        let lives = second.lives.iter().flatten();
        let recorded: Vec<_> =
            case.episodes.iter().zip(lives).map(|(episode, life)| recorded(episode, life)).collect();
        let again = case.forward(&recorded, &starts);
        assert_eq!((&again.counts, &again.ends), (&second.counts, &second.ends));
        assert_ne!(case.forward(&recorded, &[]).ends, second.ends);
    }
}
