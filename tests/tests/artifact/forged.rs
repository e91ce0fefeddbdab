//! Unsound manifests with repaired lengths and checksum. Each is refused with the field's name and its limit.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Manifest, Reached, Real, Training};
use metaplastic_shared::format::{
    Adaptation, CommandFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat,
};
use metaplastic_shared::network::{
    Analog, Command, Connectivity, Convolution, Lif, Modulator, Name, Population, PopulationKind, ReadoutKind,
    ThirdFactor,
};
use metaplastic_tests::corpus::case;
use metaplastic_tests::forge::{overlong, with_manifest};

type Change = fn(&mut Manifest<'_>);

/// 0 input (13), 1 hidden (9), 2 output (5), 3 modulator (3); projections 0 to 1 and 1 to 2 are plastic, 0 to 3
/// 1 to 3 and 4 to 3 are not; 4 analog (2).
fn assert_refused(forgeries: &[(Change, &str)]) {
    assert_refused_in("analog", forgeries);
}

fn assert_refused_in(name: &str, forgeries: &[(Change, &str)]) {
    let original = case(name).artifact;
    for (change, expected) in forgeries {
        let error = ArtifactFile::from_bytes(&with_manifest(&original, change)).expect_err(expected);
        assert_eq!(error.to_string(), *expected);
    }
}

fn lif<'m>(manifest: &'m mut Manifest<'_>) -> &'m mut LifFormat {
    match &mut manifest.populations[1] {
        PopulationFormat::Lif(format) => format,
        _ => panic!("population 1 is LIF"),
    }
}

fn modulator<'m>(manifest: &'m mut Manifest<'_>) -> &'m mut ModulatorFormat {
    match &mut manifest.populations[3] {
        PopulationFormat::Modulator(format) => format,
        _ => panic!("population 3 is of modulators"),
    }
}

/// Of a projection of the case `convolution`: 1 of the input (6 x 5 x 2) to the hidden map (3 x 3 x 5), 2 within
/// that.
fn convolution<'m>(manifest: &'m mut Manifest<'_>, projection: usize) -> &'m mut Convolution {
    match &mut manifest.network.projections[projection].connectivity {
        Connectivity::Convolution(convolution) => convolution,
        Connectivity::Dense => panic!("projection {projection} is a convolution"),
    }
}

fn description<'m>(manifest: &'m mut Manifest<'_>, population: usize) -> &'m mut Lif {
    match &mut manifest.network.populations[population].kind {
        PopulationKind::Lif(lif) => lif,
        kind => panic!("population {population} is {kind:?}"),
    }
}

fn plastic<'m>(manifest: &'m mut Manifest<'_>) -> &'m mut PlasticFormat {
    manifest.projections[0].plastic.as_mut().expect("projection 0 is plastic")
}

fn third_factor(manifest: &mut Manifest<'_>, third_factor: ThirdFactor) {
    let plasticity = manifest.network.projections[0].plasticity.as_mut();
    plasticity.expect("projection 0 is plastic").third_factor = third_factor;
}

fn trained(manifest: &mut Manifest<'_>, float: f32, chip: f32, chance: f32) {
    let [float, chip, chance] = [float, chip, chance].map(Real::from);
    let reached = Reached::Accuracy { float, chip, chance, decisions: 1 };
    manifest.training = Some(Training { seed: 1, meta_steps: 1, reached });
}

fn measured(manifest: &mut Manifest<'_>, float: f32, chip: f32) {
    let reached = Reached::Measured { float: float.into(), chip: chip.into(), episodes: 1 };
    manifest.training = Some(Training { seed: 1, meta_steps: 1, reached });
}

#[test]
fn an_unchanged_manifest_is_accepted() {
    let original = case("analog").artifact;
    assert_eq!(with_manifest(&original, |_| {}), original.bytes());
}

#[test]
fn names_that_are_not_printable_are_refused() {
    assert_refused(&[
        (
            |m| m.network.populations[1].name = Name::try_from("hid\u{1b}[2Jden").unwrap(),
            "network: population 1: the name's byte 0x1b is not printable ASCII (0x20 to 0x7e)",
        ),
        (
            |m| m.network.populations[0].name = Name::try_from("a\u{202e}b").unwrap(),
            "network: population 0: the name's byte 0xe2 is not printable ASCII (0x20 to 0x7e)",
        ),
        (
            |m| m.task = "cue-association\nreached 100.00 % float",
            "task: the name's byte 0x0a is not printable ASCII (0x20 to 0x7e)",
        ),
    ]);
}

#[test]
fn inputs_that_fit_no_message_are_refused() {
    assert_refused(&[(
        |m| {
            m.network.populations[0].size = 4096;
            let more = Population { size: 1, ..m.network.populations[0].clone() };
            let _ = (m.network.populations.push(more), m.populations.push(PopulationFormat::Input));
        },
        "network: inputs: 4097 neurons in all input populations are over the limit of 4096",
    )]);
}

/// On a machine of 32 bits some of these lengths cannot be read at all; `tests/emulator.rs` has the same.
#[test]
fn only_the_encoders_own_bytes_are_a_manifest() {
    for name in ["analog", "commands", "convolution", "adaptive"] {
        let original = case(name).artifact;
        for bytes in overlong(&original) {
            assert!(ArtifactFile::from_bytes(&bytes).is_err(), "{name}: {bytes:02x?}");
        }
    }
}

#[test]
fn unsound_populations_are_refused() {
    assert_refused(&[
        (|m| m.network.populations[1].size = 0, "network: population 1: size 0 is not in 1..=16384"),
        (|m| m.network.populations[0].size = 4097, "network: population 0: size 4097 is not in 1..=4096"),
        (|m| m.network.populations[3].size = 257, "network: population 3: size 257 is not in 1..=256"),
        (|m| m.network.populations.clear(), "network: no population is of kind input or analog"),
        (
            |m| {
                m.network.populations[0].kind = PopulationKind::Lif(Default::default());
                m.network.populations[4].kind = m.network.populations[3].kind;
            },
            "network: no population is of kind input or analog",
        ),
        (|m| m.network.populations[4].size = 65, "network: population 4: size 65 is not in 1..=64"),
        (
            |m| {
                m.network.populations[3] = m.network.populations[4].clone();
                m.network.populations[3].size = 63;
            },
            "network: analog values: 65 in all analog populations are over the limit of 64",
        ),
        (
            |m| m.network.populations[4].kind = PopulationKind::Analog(Analog { exponent: 16 }),
            "network: population 4: exponent is 16, not in 0..=15",
        ),
        (
            |m| m.network.populations[3].kind = PopulationKind::Modulator(Modulator { dead_zone: -1 }),
            "network: population 3: dead_zone is -1, not in 0..=32767",
        ),
        (|m| m.network.surrogate_slope = 0, "network: surrogate slope 0 is not in 1..=100"),
        (|m| m.network.surrogate_slope = 101, "network: surrogate slope 101 is not in 1..=100"),
    ]);
}

#[test]
fn unsound_projections_are_refused() {
    assert_refused(&[
        (
            |m| m.network.projections[2].pre = 5,
            "network: projection 2: pre population 5 does not exist, there are 5",
        ),
        (
            |m| m.network.projections[1].post = 255,
            "network: projection 1: post population 255 does not exist, there are 5",
        ),
        (
            |m| third_factor(m, ThirdFactor::Modulators(5)),
            "network: projection 0: third factor population 5 does not exist, there are 5",
        ),
        (
            |m| m.network.projections[0].pre = 3,
            "network: projection 0: pre population 3 must be an input, an analog or a spiking LIF population",
        ),
        (
            |m| m.network.projections[0].post = 0,
            "network: projection 0: post population 0 must be a LIF or a modulator population",
        ),
        (
            |m| third_factor(m, ThirdFactor::Modulators(2)),
            "network: projection 0: third factor population 2 must be a modulator population",
        ),
        (
            |m| m.network.projections[1].plasticity.as_mut().unwrap().rule.terms.clear(),
            "network: projection 1: its rule has no terms (1..=8)",
        ),
        (
            |m| m.network.projections[1].post = 3,
            "network: projection 1: only projections onto LIF populations can be plastic",
        ),
    ]);
}

#[test]
fn convolutions_out_of_range_are_refused() {
    assert_refused_in(
        "convolution",
        &[
            (|m| convolution(m, 1).height = 0, "network: projection 1: convolution height is 0, not in 1..=255"),
            (|m| convolution(m, 1).width = 0, "network: projection 1: convolution width is 0, not in 1..=255"),
            (
                |m| convolution(m, 1).channels = 0,
                "network: projection 1: convolution channels is 0, not in 1..=16384",
            ),
            (
                |m| convolution(m, 1).channels = 16_385,
                "network: projection 1: convolution channels is 16385, not in 1..=16384",
            ),
            (|m| convolution(m, 1).kernel = 0, "network: projection 1: convolution kernel is 0, not in 1..=15"),
            (|m| convolution(m, 1).kernel = 16, "network: projection 1: convolution kernel is 16, not in 1..=15"),
            (|m| convolution(m, 1).stride = 0, "network: projection 1: convolution stride is 0, not in 1..=3"),
            (|m| convolution(m, 1).stride = 4, "network: projection 1: convolution stride is 4, not in 1..=3"),
            (|m| convolution(m, 1).padding = 3, "network: projection 1: convolution padding is 3, not in 0..=2"),
            (|m| convolution(m, 1).kernel = 8, "network: projection 1: convolution kernel is 8, not in 1..=7"),
            (
                |m| convolution(m, 1).channels = 1821,
                "network: projection 1: convolution window is 16389, not in 1..=16384",
            ),
        ],
    );
}

#[test]
fn maps_that_do_not_fit_their_populations_are_refused() {
    assert_refused_in(
        "convolution",
        &[
            (
                |m| convolution(m, 1).height = 7,
                "network: projection 1: pre population has 60 neurons, the convolution's map needs 70",
            ),
            (
                |m| convolution(m, 1).stride = 1,
                "network: projection 1: post population has 45 neurons, the convolution's map needs 60",
            ),
            (
                |m| convolution(m, 2).stride = 3,
                "network: projection 2: a population with a convolution onto it takes convolutions alone, all of one \
                 map's shape",
            ),
            (
                |m| m.network.projections[2].connectivity = Connectivity::Dense,
                "network: projection 2: a population with a convolution onto it takes convolutions alone, all of one \
                 map's shape",
            ),
            (
                |m| description(m, 1).channels = 9,
                "network: projection 1: its map has 5 channels, the bias is shared by 9 (or 0)",
            ),
            (
                |m| description(m, 1).channels = 4,
                "network: population 1: its 45 neurons are not a multiple of 4 channels",
            ),
            (
                |m| {
                    let plasticity = m.network.projections[0].plasticity.clone();
                    m.network.projections[1].plasticity = plasticity;
                },
                "network: projection 1: only dense projections can be plastic",
            ),
            (
                |m| m.network.projections[1].post = 3,
                "network: projection 1: post population 3 must be a LIF population, where a map may be",
            ),
        ],
    );
}

#[test]
fn graded_populations_that_spike_are_refused() {
    assert_refused_in(
        "convolution",
        &[
            (
                |m| description(m, 4).refractory = 1,
                "network: population 4: graded neurons never spike, and can be neither refractory nor adaptive",
            ),
            (
                |m| description(m, 4).adaptive = true,
                "network: population 4: graded neurons never spike, and can be neither refractory nor adaptive",
            ),
            (
                |m| m.network.projections[3].pre = 4,
                "network: projection 3: pre population 4 must be an input, an analog or a spiking LIF population",
            ),
        ],
    );
}

#[test]
fn unsound_readouts_are_refused() {
    assert_refused(&[
        (|m| m.network.readout.population = 0, "network: readout: population 0 is not a LIF population"),
        (|m| m.network.readout.population = 4, "network: readout: population 4 is not a LIF population"),
        (|m| m.network.readout.classes = 1, "network: readout: 1 classes are not in 2..=64"),
        (|m| m.network.readout.classes = 65, "network: readout: 65 classes are not in 2..=64"),
        (
            |m| m.network.readout.neurons_per_class = 0,
            "network: readout: 0 neurons are needed, its population has 5",
        ),
        (
            |m| m.network.readout.neurons_per_class = u16::MAX,
            "network: readout: 131070 neurons are needed, its population has 5",
        ),
    ]);
}

#[test]
fn formats_that_do_not_fit_the_network_are_refused() {
    assert_refused(&[
        (|m| m.populations.truncate(3), "manifest: 3 population formats for 5"),
        (|m| m.projections.truncate(3), "manifest: 3 projection formats for 5"),
        (|m| m.populations.swap(0, 1), "population 0: its format is for another kind (kind)"),
        (
            |m| lif(m).adaptation = Some(Adaptation { strength: 1, decay: 1 }),
            "population 1: its format is for another kind (adaptation)",
        ),
        (|m| m.projections[0].plastic = None, "projection 0: its format is for another kind (plastic)"),
        (
            |m| m.projections[2].plastic = m.projections[0].plastic,
            "projection 2: its format is for another kind (plastic)",
        ),
    ]);
}

#[test]
fn population_numbers_out_of_range_are_refused() {
    assert_refused(&[
        (|m| lif(m).exponent = 16, "population 1: exponent is 16, not in 0..=15"),
        (|m| lif(m).threshold = 0, "population 1: threshold is 0, not in 1..=32767"),
        (|m| lif(m).threshold = i16::MIN, "population 1: threshold is -32768, not in 1..=32767"),
        (|m| modulator(m).exponent = 255, "population 3: exponent is 255, not in 0..=15"),
    ]);
}

#[test]
fn a_negative_adaptation_is_refused() {
    let original = case("adaptive").artifact;
    let forged = with_manifest(&original, |manifest| {
        lif(manifest).adaptation.as_mut().expect("population 1 adapts").strength = -1;
    });
    let error = ArtifactFile::from_bytes(&forged).unwrap_err();
    assert_eq!(error.to_string(), "population 1: adaptation.strength is -1, not in 0..=32767");
}

#[test]
fn projection_numbers_out_of_range_are_refused() {
    assert_refused(&[
        (|m| m.projections[3].weight_exponent = 16, "projection 3: weight_exponent is 16, not in -8..=15"),
        (|m| m.projections[3].weight_exponent = -9, "projection 3: weight_exponent is -9, not in -8..=15"),
        (|m| m.projections[3].weight_exponent = -8, "projection 3: weight shift is -20, not in -15..=30"),
        (|m| plastic(m).plastic_exponent = 25, "projection 0: plastic_exponent is 25, not in 0..=24"),
        (|m| plastic(m).eligibility_exponent = 16, "projection 0: eligibility_exponent is 16, not in 0..=15"),
        (|m| plastic(m).third_factor_exponent = 16, "projection 0: third_factor_exponent is 16, not in 0..=15"),
        (|m| plastic(m).plastic_limit = -1, "projection 0: plastic_limit is -1, not in 0..=32767"),
        (|m| plastic(m).rate = -1, "projection 0: rate is -1, not in 0..=32767"),
        (|m| plastic(m).rate_exponent = 31, "projection 0: rate_exponent is 31, not in 0..=30"),
        (|m| plastic(m).rate_exponent = 0, "projection 0: change shift is -3, not in 0..=30"),
        (
            |m| plastic(m).third_factor_weight_exponent = 16,
            "projection 0: third_factor_weight_exponent is 16, not in -8..=15",
        ),
        (
            |m| plastic(m).third_factor_weight_exponent = -9,
            "projection 0: third_factor_weight_exponent is -9, not in -8..=15",
        ),
        (|m| plastic(m).third_factor_weight_exponent = -4, "projection 0: third factor shift is -1, not in 0..=30"),
    ]);
}

#[test]
fn a_change_shift_over_its_limit_is_refused() {
    assert_refused(&[(
        |m| {
            let plastic = plastic(m);
            (plastic.plastic_exponent, plastic.eligibility_exponent, plastic.rate_exponent) = (0, 15, 30);
        },
        "projection 0: change shift is 41, not in 0..=30",
    )]);
}

#[test]
fn sums_that_could_exceed_32_bits_are_refused() {
    assert_refused(&[
        (
            // 3 x 2^15 + (13 x 128 << 9) + (13 x 2^13 << 15)
            |m| {
                lif(m).exponent = 15;
                plastic(m).plastic_exponent = 0;
            },
            "population 1: its input may reach 3490611200, over the limit of 2^31 - 1",
        ),
        (
            // 3 x 2^15 + (13 + 9) x 128 << 6, and (2 x 2^22) << 8
            |m| m.projections[4].weight_exponent = -8,
            "population 3: its input may reach 2147762176, over the limit of 2^31 - 1",
        ),
    ]);
}

#[test]
fn training_fractions_out_of_range_are_refused() {
    assert_refused(&[
        (|m| trained(m, -1.0, 0.5, 0.5), "training: accuracy in float32 is -1000 thousandths, not in 0..=1000"),
        (
            |m| trained(m, 0.5, 2.0, 0.5),
            "training: accuracy in chip arithmetic is 2000 thousandths, not in 0..=1000",
        ),
        (|m| measured(m, f32::NAN, 0.5), "training: the measure in float32 is not finite"),
        (|m| measured(m, 0.5, f32::INFINITY), "training: the measure in chip arithmetic is not finite"),
        (|m| trained(m, 0.5, 0.5, f32::INFINITY), "training: chance is 2147483647 thousandths, not in 0..=1000"),
    ]);
    for wrong in [-0.001, 1.001, f32::NAN, f32::NEG_INFINITY] {
        for position in 0..3 {
            let fraction = |at: usize| if at == position { wrong } else { 0.5 };
            let change = |m: &mut Manifest<'_>| trained(m, fraction(0), fraction(1), fraction(2));
            assert!(ArtifactFile::from_bytes(&with_manifest(&case("analog").artifact, change)).is_err());
        }
    }
}

#[test]
fn unsound_commands_are_refused() {
    assert_refused_in(
        "commands",
        &[
            (|m| m.command = None, "readout: its format is for another kind (command)"),
            (
                |m| m.network.readout.kind = ReadoutKind::Classes,
                "readout: its format is for another kind (command)",
            ),
            (|m| m.network.readout.classes = 0, "network: readout: 0 commands are not in 1..=64"),
            (
                |m| m.network.readout.population = 1,
                "network: readout: commands are potentials of graded neurons, and population 1 is not graded",
            ),
            (
                |m| m.network.readout.kind = ReadoutKind::Commands(Command { exponent: 16 }),
                "network: readout: exponent is 16, not in 0..=15",
            ),
            (|m| command(m).gain = 0, "readout: gain is 0, not in 1..=32767"),
            (|m| command(m).gain_exponent = 16, "readout: gain_exponent is 16, not in 0..=15"),
            (
                |m| {
                    command(m).gain_exponent = 0;
                    let PopulationFormat::Lif(format) = &mut m.populations[2] else { panic!("it is LIF") };
                    format.exponent = 9;
                },
                "readout: command shift is -1, not in 0..=30",
            ),
        ],
    );
}

fn command<'m>(manifest: &'m mut Manifest<'_>) -> &'m mut CommandFormat {
    manifest.command.as_mut().expect("the case has commands")
}
