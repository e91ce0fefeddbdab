//! How a network answers: by the potentials of graded neurons, or by spikes.

use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_tests::corpus::{case, episode};

const STEPS: usize = 40;

/// Steps a case; gives its votes, and the sums that the test makes itself of what `each` says of the readout's neurons.
fn votes(name: &str, each: impl Fn(&Network<'_>, usize) -> Vec<i32>) -> (Vec<i32>, Vec<i32>) {
    let case = case(name);
    let (artifact, episode) = (case.artifact.artifact(), episode(&case, STEPS));
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let (mut votes, mut sums) = (vec![0; network.classes()], vec![0; network.classes()]);
    for step in 0..STEPS {
        network.step(episode.inputs_at(step), episode.signals_at(step));
        network.count_votes(&mut votes);
        let neurons = each(&network, network.readout_population());
        // Two neurons a class; what is beyond the last class has no vote.
        sums.iter_mut().zip(neurons.chunks(2)).for_each(|(sum, of_class)| *sum += of_class.iter().sum::<i32>());
    }
    (votes, sums)
}

#[test]
fn graded_neurons_vote_by_their_potentials_and_never_spike() {
    let (votes, sums) = votes("convolution", |network, population| {
        assert_eq!(network.spikes(population).count(), 0);
        network.potentials(population).iter().map(|v| i32::from(*v)).collect()
    });
    assert_eq!(votes, sums);
    assert!(votes[0] != votes[1] && votes.iter().any(|vote| vote.abs() > 1 << 12), "{votes:?}");
}

#[test]
fn spiking_neurons_vote_by_their_spikes() {
    let (votes, sums) = votes("event", |network, population| {
        let neurons = 0..network.potentials(population).len() as u16;
        neurons.map(|neuron| network.spikes(population).any(|spike| spike == neuron).into()).collect()
    });
    assert_eq!(votes, sums);
    assert!(votes.iter().sum::<i32>() > 5, "{votes:?}");
}

#[test]
fn votes_saturate() {
    let case = case("convolution");
    let (artifact, episode) = (case.artifact.artifact(), episode(&case, 9));
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    (0..9).for_each(|step| network.step(episode.inputs_at(step), &[]));
    let mut votes = [i32::MAX, i32::MIN];
    network.count_votes(&mut votes);
    let negated = {
        let mut votes = [i32::MIN, i32::MAX];
        network.count_votes(&mut votes);
        votes
    };
    assert!(votes[0] == i32::MAX || negated[0] == i32::MIN, "{votes:?}, {negated:?}");
    assert!(votes[1] == i32::MIN || negated[1] == i32::MAX, "{votes:?}, {negated:?}");
}
