//! The readout: class scores from the potentials of graded neurons, or from spikes.

use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_tests::corpus::{self, case, episode};

const STEPS: usize = 40;

/// Steps a case; returns its class scores, and the test's own sums of the values that `each` gives for the
/// readout's neurons.
fn class_scores(name: &str, each: impl Fn(&Network<'_>, usize) -> Vec<i32>) -> (Vec<i32>, Vec<i32>) {
    let case = case(name);
    let (artifact, episode) = (case.artifact.artifact(), episode(&case, STEPS));
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let (mut class_scores, mut sums) = (vec![0; network.classes()], vec![0; network.classes()]);
    for step in 0..STEPS {
        corpus::step(&mut network, &episode, step);
        network.accumulate_class_scores(&mut class_scores);
        let neurons = each(&network, network.readout_population());
        // Each class has two neurons; those beyond the last class do not count.
        sums.iter_mut().zip(neurons.chunks(2)).for_each(|(sum, of_class)| *sum += of_class.iter().sum::<i32>());
    }
    (class_scores, sums)
}

#[test]
fn graded_neurons_score_by_their_potentials_and_never_spike() {
    let (class_scores, sums) = class_scores("convolution", |network, population| {
        assert_eq!(network.spikes(population).count(), 0);
        network.potentials(population).iter().map(|v| i32::from(*v)).collect()
    });
    assert_eq!(class_scores, sums);
    assert!(
        class_scores[0] != class_scores[1] && class_scores.iter().any(|score| score.abs() > 1 << 12),
        "{class_scores:?}"
    );
}

#[test]
fn spiking_neurons_score_by_their_spikes() {
    let (class_scores, sums) = class_scores("event", |network, population| {
        let neurons = 0..network.potentials(population).len() as u16;
        neurons.map(|neuron| network.spikes(population).any(|spike| spike == neuron).into()).collect()
    });
    assert_eq!(class_scores, sums);
    assert!(class_scores.iter().sum::<i32>() > 5, "{class_scores:?}");
}

#[test]
fn class_scores_saturate() {
    let case = case("convolution");
    let (artifact, episode) = (case.artifact.artifact(), episode(&case, 9));
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    (0..9).for_each(|step| network.step(episode.inputs_at(step), &[]));
    let mut class_scores = [i32::MAX, i32::MIN];
    network.accumulate_class_scores(&mut class_scores);
    let negated = {
        let mut class_scores = [i32::MIN, i32::MAX];
        network.accumulate_class_scores(&mut class_scores);
        class_scores
    };
    assert!(class_scores[0] == i32::MAX || negated[0] == i32::MIN, "{class_scores:?}, {negated:?}");
    assert!(class_scores[1] == i32::MIN || negated[1] == i32::MAX, "{class_scores:?}, {negated:?}");
}

/// The case `commands`: potentials and commands with 11 and 10 fractional bits, a gain of 24000 / 2^13.
#[test]
fn a_command_is_the_gain_times_the_potential() {
    let case = case("commands");
    let (artifact, episode) = (case.artifact.artifact(), episode(&case, STEPS));
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let (mut class_scores, mut sums, mut saturated) = ([0; 3], [0; 3], 0);
    for step in 0..STEPS {
        corpus::step(&mut network, &episode, step);
        network.accumulate_class_scores(&mut class_scores);
        for (index, potential) in network.potentials(2).iter().enumerate() {
            let exact = (f64::from(*potential) * 24_000.0 / f64::from(1 << 14) + 0.5).floor();
            let command = exact.clamp(i16::MIN.into(), i16::MAX.into());
            assert_eq!(f64::from(network.command(index)), command, "step {step}");
            saturated += u32::from(command != exact);
            sums[index] += i32::from(network.command(index));
        }
        assert_eq!(network.command(3), 0);
    }
    assert_eq!(class_scores, sums);
    assert!(saturated > 0 && sums.iter().all(|sum| *sum != 0), "{sums:?}");
}
