//! Any sound network with any input: it steps without a panic or a wrap, every step leaves it sound, a second run in
//! other memory computes the same, and the memory it asks for is what it needs.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use metaplastic_fuzz::network::network;
use metaplastic_runtime::{Artifact, Freeze, MemoryError, Network, Places, Signal};
use metaplastic_tests::life::{Drive, assert_sound, live};

/// Most things done with a network.
const MOST_ACTS: usize = 8;
/// Words behind a network's memory that nobody may write.
const BEHIND: usize = 2;

/// Something done with a network.
#[derive(Debug)]
enum Act {
    Reset(Freeze),
    BeginEpisode(Freeze),
    /// The same input in every step.
    Step {
        inputs: Vec<u8>,
        signals: Vec<i16>,
        steps: u8,
    },
    /// Input drawn anew in every step.
    Live(Drive),
    Write {
        projection: u8,
        first: u8,
        weights: Vec<i16>,
    },
}

fn freeze(bytes: &mut Unstructured<'_>) -> Result<Freeze> {
    bytes.choose(&[Freeze::Nothing, Freeze::Plasticity, Freeze::ThirdFactor]).copied()
}

impl<'b> Arbitrary<'b> for Act {
    fn arbitrary(bytes: &mut Unstructured<'b>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=9)? {
            0 => Self::Reset(freeze(bytes)?),
            1 => Self::BeginEpisode(freeze(bytes)?),
            2 => Self::Write {
                projection: bytes.arbitrary()?,
                first: bytes.arbitrary()?,
                weights: bytes.arbitrary()?,
            },
            3..=5 => Self::Step {
                inputs: bytes.arbitrary()?,
                signals: bytes.arbitrary()?,
                steps: bytes.int_in_range(1..=99)?,
            },
            _ => Self::Live(Drive {
                steps: bytes.int_in_range(1..=99)?,
                all: f64::from(bytes.int_in_range(0..=4)?) / 4.0,
                seed: bytes.arbitrary::<u32>()?.into(),
            }),
        })
    }
}

fn step(network: &mut Network<'_>, inputs: &[u8], signals: &[Signal]) {
    let plastic = |network: &Network<'_>, projection| -> Vec<i16> {
        network.plastic_rows(projection).flatten().copied().collect()
    };
    let projections = network.artifact().manifest().projections.len();
    let before: Vec<_> = (0..projections).map(|projection| plastic(network, projection)).collect();
    network.step(inputs, signals);
    assert_sound(network);
    for (projection, before) in before.iter().enumerate() {
        if network.third_factor(projection).iter().all(|value| *value == 0) {
            assert_eq!(&plastic(network, projection), before, "projection {projection} changed untaught");
        }
    }
}

fn act(network: &mut Network<'_>, act: &Act) {
    match act {
        Act::Reset(freeze) => network.reset(*freeze),
        Act::BeginEpisode(freeze) => network.begin_episode(*freeze),
        Act::Step { inputs, signals, steps } => {
            let signals: Vec<_> = signals.iter().map(|bits| Signal::from_bits(*bits)).collect();
            (0..*steps).for_each(|_| step(network, inputs, &signals));
        }
        Act::Live(drive) => {
            live(network, *drive);
        }
        Act::Write { projection, first, weights } => {
            network.write_plastic((*projection).into(), (*first).into(), weights.iter().copied());
        }
    }
}

/// The state's hash at birth and after every act, in memory that held `garbage`.
fn history(artifact: &Artifact<'_>, acts: &[Act], garbage: u64) -> Vec<u64> {
    let needed = Network::memory_words(artifact);
    let mut memory = vec![garbage; needed + BEHIND];
    let mut places = Places::new();
    let mut network =
        Network::new(*artifact, &mut places, &mut memory).expect("the memory is as large as asked for");
    let mut hashes = vec![network.state_hash()];
    for it in acts {
        act(&mut network, it);
        assert_sound(&network);
        hashes.push(network.state_hash());
    }
    network.reset(Freeze::Nothing);
    assert_eq!(network.state_hash(), hashes[0], "a reset is not a birth");
    drop(network);
    assert_eq!(memory[needed..], [garbage; BEHIND], "written behind its memory");
    hashes
}

fn assert_memory_is_exact(artifact: &Artifact<'_>) {
    let needed = Network::memory_words(artifact);
    let given = needed - 1;
    let (mut places, mut memory) = (Places::new(), vec![0; given]);
    let refused = Network::new(*artifact, &mut places, &mut memory).map(|_| ());
    assert_eq!(refused, Err(MemoryError::Words { needed, given }));
}

/// In an episode whose plasticity is frozen P stays as it was at birth.
fn assert_frozen(artifact: &Artifact<'_>, acts: &[Act]) {
    let mut memory = vec![0; Network::memory_words(artifact)];
    let mut places = Places::new();
    let mut network =
        Network::new(*artifact, &mut places, &mut memory).expect("the memory is as large as asked for");
    network.reset(Freeze::Plasticity);
    let stepping = |it: &&Act| matches!(it, Act::Step { .. } | Act::Live(_));
    acts.iter().filter(stepping).for_each(|it| act(&mut network, it));
    let projections = network.artifact().manifest().projections.len();
    assert!((0..projections).all(|q| network.plastic_rows(q).flatten().all(|weight| *weight == 0)), "P grew");
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    run(&mut Unstructured::new(bytes)).map_or(Corpus::Reject, |()| Corpus::Keep)
});

fn run(bytes: &mut Unstructured<'_>) -> Result<()> {
    let words = network(bytes)?;
    let artifact = Artifact::decode(bytemuck::cast_slice(&words)).expect("the encoder has decoded it");
    let acts = (0..bytes.int_in_range(1..=MOST_ACTS)?).map(|_| bytes.arbitrary()).collect::<Result<Vec<Act>>>()?;
    let hashes = history(&artifact, &acts, 0);
    assert_eq!(history(&artifact, &acts, u64::MAX), hashes, "a second run differs");
    assert_frozen(&artifact, &acts);
    assert_memory_is_exact(&artifact);
    Ok(())
}
