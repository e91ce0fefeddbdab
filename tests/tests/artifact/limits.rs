//! Largest values that the decoder accepts: sums reach their limit and do not wrap.
//!
//! The runtime's sums are wrapping additions in debug and release builds, so a wrong bound results in a wrong sign,
//! not in a panic.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::{DecodeError, EncodeError, FormatError, Manifest, Section};
use metaplastic_shared::format::PopulationFormat;
use metaplastic_tests::{example, forge};

/// Largest number of presynaptic neurons with `pre x 128 x 2^15 + 3 x 2^15` within 2^31 - 1.
const MOST: u16 = 511;

/// One projection onto the LIF neurons at the finest potential and the coarsest weights that go with it.
fn wide(pre: u16, weight: i8) -> Result<ArtifactFile, EncodeError> {
    let example = example::artifact();
    let artifact = example.artifact();
    let mut manifest: Manifest<'_> = artifact.manifest().clone();
    manifest.network.populations[0].size = pre;
    let lif = match &mut manifest.populations[1] {
        PopulationFormat::Lif(lif) => lif,
        _ => panic!("population 1 is LIF"),
    };
    (lif.exponent, lif.threshold) = (15, 1);
    manifest.projections[0].weight_exponent = 0;
    let plastic = manifest.projections[0].plastic.as_mut().expect("projection 0 is plastic");
    (plastic.plastic_exponent, plastic.plastic_limit, plastic.rate_exponent) = (15, 0, 18);
    forge::filled(&manifest, |section, _| if section == Section::Weights(0) { weight as u8 } else { 0 })
}

/// The potentials of both neurons after each of some steps in which every input spikes.
fn potentials(file: &ArtifactFile) -> Vec<i16> {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let inputs = vec![0xff; usize::from(MOST).div_ceil(8)];
    let mut seen = Vec::new();
    for _ in 0..20 {
        network.step(&inputs, &[i16::MAX]);
        seen.extend(network.potentials(1));
    }
    seen
}

#[test]
fn the_largest_sums_saturate_with_the_right_sign() {
    assert_eq!(potentials(&wide(MOST, i8::MAX).unwrap()), [i16::MAX; 40]);
    assert_eq!(potentials(&wide(MOST, i8::MIN).unwrap()), [i16::MIN; 40]);
}

#[test]
fn one_presynaptic_neuron_more_is_refused() {
    let refused = wide(MOST + 1, 0).unwrap_err();
    let EncodeError::Refused(DecodeError::Format(FormatError::Overflow { population, largest })) = refused else {
        panic!("{refused}");
    };
    // Potential, bias and reset; the weights; one for the rounding of the plastic sum, which is zero here.
    assert_eq!((population, largest), (1, 3 * (1 << 15) + ((512 * 128) << 15) + 1));
}
