//! The sections of a network's state: as many values as the description says, the ones that the network keeps, on the host
//! and over the wire; and reading changes nothing.

use metaplastic_host::body::{Body, Host};
use metaplastic_runtime::{Network, NetworkStorage, StateValues};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::{MAX_POPULATIONS, MAX_PROJECTIONS, NetworkDescription};
use metaplastic_shared::state::{StateOwner, StateQuantity, StateSection};
use metaplastic_task::episode::Episode;
use metaplastic_tests::corpus::{case, cases, episode, step};

/// Calls with a network of an artifact that has run an episode.
fn after<T>(artifact: Artifact<'_>, episode: &Episode, read: impl FnOnce(&mut Network<'_>) -> T) -> T {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the storage is large enough");
    (0..episode.steps).for_each(|at| step(&mut network, episode, at));
    read(&mut network)
}

fn every_section() -> impl Iterator<Item = StateSection> {
    let indices = 0..=MAX_POPULATIONS.max(MAX_PROJECTIONS) as u8;
    indices.flat_map(|index| StateQuantity::ALL.map(|quantity| StateSection::new(quantity, index)))
}

fn values(network: &Network<'_>, section: StateSection) -> Vec<u16> {
    let values = StateValues::of(network, section);
    (0..values.len()).map(|index| values.get(index)).collect()
}

#[test]
fn a_network_has_the_values_that_its_description_says() {
    let mut seen = std::collections::BTreeSet::new();
    for case in cases() {
        let artifact = case.artifact.artifact();
        let description = artifact.manifest().network.clone();
        after(artifact, &episode(&case, 30), |network| {
            for section in every_section() {
                let read = StateValues::of(network, section);
                assert_eq!(read.len(), section.values(&description), "{}: {section}", case.name);
                assert_eq!(
                    (read.is_empty(), read.get(read.len())),
                    (read.is_empty(), 0),
                    "{}: {section}",
                    case.name
                );
                if values(network, section).iter().any(|value| *value != 0) {
                    seen.insert(section.quantity);
                }
            }
            let all: Vec<_> = every_section().filter(|section| section.values(&description) > 0).collect();
            assert_eq!(StateSection::all(&description).count(), all.len(), "{}", case.name);
        });
    }
    let missing: Vec<_> = StateQuantity::ALL.iter().filter(|quantity| !seen.contains(quantity)).collect();
    assert!(missing.is_empty(), "no case of the corpus shows {missing:?}");
}

fn as_bits(values: &[i16]) -> Vec<u16> {
    values.iter().map(|value| *value as u16).collect()
}

fn spike_bits(network: &Network<'_>, population: usize, values: usize) -> Vec<u16> {
    let mut bits = vec![0; values];
    network.spikes(population).for_each(|neuron| bits[usize::from(neuron) / 16] |= 1 << (neuron % 16));
    bits
}

/// A population's or projection's values by the accessors that firmware uses.
fn accessed(network: &Network<'_>, description: &NetworkDescription, section: StateSection) -> Option<Vec<u16>> {
    let index = usize::from(section.index);
    let trace = |number: usize| as_bits(network.traces(index).nth(number).unwrap_or_default());
    Some(match section.quantity {
        StateQuantity::Spikes => spike_bits(network, index, section.values(description)),
        StateQuantity::Potential => as_bits(network.potentials(index)),
        StateQuantity::SynapticCurrent => as_bits(network.synaptic_currents(index)),
        StateQuantity::Modulation => as_bits(network.modulation(index)),
        StateQuantity::PreTrace => trace(0),
        StateQuantity::SlowPreTrace => trace(1),
        StateQuantity::PostTrace => trace(2),
        StateQuantity::SlowPostTrace => trace(3),
        StateQuantity::SlidingThreshold => trace(4),
        StateQuantity::ThirdFactor => as_bits(network.third_factor(index)),
        StateQuantity::Eligibility => as_bits(&network.eligibility_rows(index).collect::<Vec<_>>().concat()),
        StateQuantity::PlasticWeights => as_bits(&network.plastic_rows(index).collect::<Vec<_>>().concat()),
        _ => return None,
    })
}

#[test]
fn the_values_are_those_of_the_accessors_and_reading_changes_nothing() {
    for case in cases() {
        let artifact = case.artifact.artifact();
        let description = artifact.manifest().network.clone();
        after(artifact, &episode(&case, 60), |network| {
            let before = network.state_hash();
            for section in StateSection::all(&description) {
                let read = values(network, section);
                assert!(
                    accessed(network, &description, section).is_none_or(|it| it == read),
                    "{}: {section}",
                    case.name
                );
            }
            assert_eq!(network.state_hash(), before, "{}", case.name);
        });
    }
}

/// E as the scale of its rows says it.
fn eligibility(network: &Network<'_>, projection: u8) -> Vec<f64> {
    let of = |quantity| values(network, StateSection::new(quantity, projection));
    let (stored, scales) = (of(StateQuantity::Eligibility), of(StateQuantity::EligibilityScale));
    let row = stored.len() / scales.len();
    let value = |(index, bits): (usize, &u16)| f64::from(*bits as i16) * 32768.0 / f64::from(scales[index / row]);
    stored.iter().enumerate().map(value).collect()
}

/// In silence E decays by its factor in each step, also where stored values are halved and their scale with them.
#[test]
fn eligibility_over_its_scale_decays() {
    for name in ["event", "event-slow-decay"] {
        let case = case(name);
        let artifact = case.artifact.artifact();
        let manifest = artifact.manifest().clone();
        let decay = f64::from(manifest.projections[0].plastic.unwrap().eligibility_decay) / 65536.0;
        let (noisy, silent) = (episode(&case, 60), Episode::silent(&manifest.network, 1));
        after(artifact, &noisy, |network| {
            // What the last spikes start is over.
            (0..20).for_each(|_| step(network, &silent, 0));
            let mut before = eligibility(network, 0);
            let largest = before.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
            assert!(largest > 30.0, "{name}: {largest}");
            for at in 0..40 {
                step(network, &silent, 0);
                let after = eligibility(network, 0);
                let error = before.iter().zip(&after).map(|(before, after)| (before * decay - after).abs());
                let worst = error.fold(0.0, f64::max);
                assert!(worst <= 2.0 + 1e-3 * largest, "{name}, step {at}: {worst}");
                before = after;
            }
        });
    }
}

#[test]
fn eligibility_that_decays_densely_is_stored_as_it_is() {
    let case = case("free");
    after(case.artifact.artifact(), &episode(&case, 60), |network| {
        let scales = values(network, StateSection::new(StateQuantity::EligibilityScale, 0));
        assert_eq!(scales, vec![1 << 15; 13]);
    });
}

#[test]
fn a_section_that_a_network_does_not_have_is_refused_by_the_host_body() {
    let case = case("event");
    let artifact = case.artifact.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).unwrap();
    let description = artifact.manifest().network.clone();
    for section in every_section() {
        let count = section.values(&description);
        assert_eq!(host.state(section, count).is_ok(), count > 0, "{section}");
        assert!(host.state(section, count + 1).is_err(), "{section}");
    }
    assert!(every_section().any(|section| section.quantity.owner() == StateOwner::Projection));
}
