//! Every artifact that decodes can be stepped. Damaged artifacts never panic in the decoder, and accepted ones run.
//!
//! In a debug build, `+`, `-` and `*` of `shared` and `runtime` panic where they overflow, in sums over synapses too: what
//! the decoder proves about them is tested here. Run this test in one: `cargo test -p metaplastic-tests --test artifact`. What
//! wraps by design, such as lanes of a word and comparisons of a range, is written with `wrapping_add` and does not panic.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{PlasticFormat, PopulationFormat};
use metaplastic_tests::corpus::{Case, cases};
use metaplastic_tests::forge::{MANIFEST_AT, filled, manifest_end, repaired};
use metaplastic_tests::soundness::{Drive, assert_runs_soundly};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

fn drive(steps: impl Strategy<Value = usize>) -> impl Strategy<Value = Drive> {
    let all = prop_oneof![Just(1.0), Just(0.5), Just(0.0)];
    (steps, all, any::<u64>()).prop_map(|(steps, all, seed)| Drive { steps, all, seed })
}

/// A position in an artifact, and the byte to write there. Bytes that make numbers extreme are frequent.
fn mutation() -> impl Strategy<Value = (Index, u8)> {
    let byte = prop_oneof![any::<u8>(), select(vec![0, 1, 2, 15, 16, 30, 31, 0x7f, 0x80, 0xff])];
    (any::<Index>(), byte)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_artifacts_are_refused(
        case in select(cases().iter().map(|case| case.name).collect::<Vec<_>>()),
        mutations in vec(mutation(), 1..8),
    ) {
        let file = metaplastic_tests::corpus::case(case).artifact;
        let mut bytes = file.bytes().to_vec();
        mutations.iter().for_each(|(at, byte)| bytes[at.index(file.bytes().len())] = *byte);
        let unchanged = bytes == file.bytes();
        prop_assert_eq!(ArtifactFile::from_bytes(&bytes).is_ok(), unchanged);
    }

    #[test]
    fn artifacts_that_decode_after_damage_and_repair_can_be_stepped(
        case in select(cases().iter().map(|case| case.name).collect::<Vec<_>>()),
        in_manifest in vec(mutation(), 0..3),
        anywhere in vec(mutation(), 0..30),
        drive in drive(1..40_usize),
    ) {
        let file = metaplastic_tests::corpus::case(case).artifact;
        let (mut bytes, end) = (file.bytes().to_vec(), manifest_end(file.bytes()));
        let behind = bytes.len() - end;
        anywhere.iter().for_each(|(at, byte)| bytes[end + at.index(behind)] = *byte);
        in_manifest.iter().for_each(|(at, byte)| bytes[MANIFEST_AT + at.index(end - MANIFEST_AT)] = *byte);
        if let Ok(forged) = ArtifactFile::from_bytes(&repaired(bytes)) {
            assert_runs_soundly(forged.artifact(), drive);
        }
    }
}

/// The property above would hold for a decoder that refuses everything.
#[test]
fn most_artifacts_with_one_other_number_decode() {
    let mut random = Pcg32::seed_from_u64(1);
    let cases = cases();
    let all: Vec<_> = cases.iter().flat_map(|case| [case; 20]).collect();
    let decoded = all.iter().filter(|case| {
        let (mut bytes, end) = (case.artifact.bytes().to_vec(), manifest_end(case.artifact.bytes()));
        let at = random.random_range(end..bytes.len());
        bytes[at] = random.random();
        ArtifactFile::from_bytes(&repaired(bytes)).is_ok_and(|forged| {
            assert_runs_soundly(forged.artifact(), Drive { steps: 3, all: 0.5, seed: 1 });
            true
        })
    });
    let decoded = decoded.count();
    assert!(decoded > all.len() / 2, "{decoded} of {}", all.len());
}

/// Formats at the ends of their ranges, drawn for every population and projection of a case.
#[derive(Clone, Debug)]
struct Extremes {
    seed: u64,
    /// The content of sections: two alternating bytes, or drawn.
    fill: [u8; 2],
    drawn: bool,
}

fn extremes() -> impl Strategy<Value = Extremes> {
    let fill = select(vec![[0xff, 0x7f], [0x00, 0x80], [0x7f, 0x7f], [0x80, 0x80], [0xff, 0xff]]);
    (any::<u64>(), fill, any::<bool>()).prop_map(|(seed, fill, drawn)| Extremes { seed, fill, drawn })
}

fn extreme_exponent(random: &mut Pcg32) -> u8 {
    if random.random_bool(0.5) { [0, 15][random.random_range(0..2)] } else { random.random_range(0..=15) }
}

fn extreme_decay(random: &mut Pcg32) -> u16 {
    [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff, 60_000][random.random_range(0..7)]
}

fn extreme_magnitude(random: &mut Pcg32) -> i16 {
    [0, 1, 1 << 14, i16::MAX, i16::MAX][random.random_range(0..5)]
}

fn extreme_population(format: &mut PopulationFormat, random: &mut Pcg32) {
    match format {
        PopulationFormat::Input | PopulationFormat::Analog => {}
        PopulationFormat::Lif(lif) => {
            lif.exponent = extreme_exponent(random);
            lif.threshold = extreme_magnitude(random).max(1);
            lif.decay = extreme_decay(random);
            if let Some(adaptation) = &mut lif.adaptation {
                adaptation.strength = extreme_magnitude(random);
                adaptation.decay = extreme_decay(random);
            }
        }
        PopulationFormat::Modulator(modulator) => {
            modulator.exponent = extreme_exponent(random);
            modulator.decay = extreme_decay(random);
        }
    }
}

fn extreme_plastic(format: &mut PlasticFormat, random: &mut Pcg32) {
    format.plastic_exponent = extreme_exponent(random);
    format.eligibility_exponent = extreme_exponent(random);
    format.third_factor_exponent = extreme_exponent(random);
    format.plastic_limit = extreme_magnitude(random);
    format.rate = extreme_magnitude(random);
    format.eligibility_decay = extreme_decay(random);
    let traces = &mut format.traces;
    for decay in
        [&mut traces.pre, &mut traces.pre_slow, &mut traces.post, &mut traces.post_slow, &mut traces.threshold]
    {
        *decay = extreme_decay(random);
    }
    // The change is largest without a right shift.
    let shift = if random.random_bool(0.5) { 0 } else { random.random_range(0..=30) };
    let exponent = shift - (PlasticFormat { rate_exponent: 0, ..*format }).change_shift();
    format.rate_exponent = exponent.clamp(0, 30) as u8;
    let least = -(PlasticFormat { third_factor_weight_exponent: 0, ..*format }).third_factor_shift();
    format.third_factor_weight_exponent = random.random_range(least.max(-8)..=15) as i8;
}

fn extreme_manifest<'a>(case: &'a Case, random: &mut Pcg32) -> Manifest<'a> {
    let mut manifest = case.artifact.artifact().manifest().clone();
    manifest.populations.iter_mut().for_each(|format| extreme_population(format, random));
    for format in &mut manifest.projections {
        format.weight_exponent = random.random_range(-8..=15);
        if let Some(plastic) = &mut format.plastic {
            extreme_plastic(plastic, random);
        }
    }
    let projections = manifest.network.projections.len();
    let (one, other) = (random.random_range(0..projections), random.random_range(0..projections));
    manifest.network.projections.swap(one, other);
    manifest.projections.swap(one, other);
    manifest.network.surrogate_slope = [1, 100][random.random_range(0..2)];
    manifest
}

/// A case with extreme values; none if the decoder refuses their combination.
fn at_extremes(case: &Case, extremes: &Extremes) -> Option<ArtifactFile> {
    let mut random = Pcg32::seed_from_u64(extremes.seed);
    let manifest = extreme_manifest(case, &mut random);
    let byte = |_: Section, at: usize| if extremes.drawn { random.random() } else { extremes.fill[at % 2] };
    filled(&manifest, byte).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn extreme_values_that_decode_can_be_stepped_for_thousands_of_steps(
        case in select(cases().iter().map(|case| case.name).collect::<Vec<_>>()),
        extremes in extremes(),
        drive in drive(prop_oneof![1..4_usize, Just(1500)]),
    ) {
        let file = at_extremes(&metaplastic_tests::corpus::case(case), &extremes);
        prop_assume!(file.is_some());
        assert_runs_soundly(file.as_ref().map(ArtifactFile::artifact).expect("it decodes"), drive);
    }
}

/// All projections share scratch rows. A wider projection's values behind a narrower one's last neuron must not
/// reach the padding of its eligibility, or the next episode would begin with them.
#[test]
fn nothing_of_the_last_episode_is_left_in_the_padding_of_rows() {
    for case in cases() {
        let mut manifest = case.artifact.artifact().manifest().clone();
        manifest.network.projections.swap(0, 1);
        manifest.projections.swap(0, 1);
        let mut random = Pcg32::seed_from_u64(1);
        let file = filled(&manifest, |_, _| random.random_range(0..100)).unwrap();
        for steps in 1..4 {
            assert_runs_soundly(file.artifact(), Drive { steps, all: 0.5, seed: 1 });
        }
    }
}

#[test]
fn enough_extreme_values_decode() {
    let cases = cases();
    let decodes = |seed: u64| {
        let extremes = Extremes { seed, fill: [0xff, 0x7f], drawn: false };
        at_extremes(&cases[seed as usize % cases.len()], &extremes).is_some()
    };
    let decoded = (0..2000).filter(|seed| decodes(*seed)).count();
    assert!(decoded > 200, "{decoded} of 2000");
}
