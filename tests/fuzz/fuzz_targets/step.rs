//! Any sound network with any input. It steps without a panic or a wrap, and is sound after every step. A second
//! run in other memory computes the same. The network needs exactly the memory that it requests.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use metaplastic_fuzz::network::network;
use metaplastic_runtime::{Artifact, Freeze, MemoryError, Network, NetworkStorage};
use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::kinds::Leak;
use metaplastic_tests::soundness::{self, Drive, assert_sound};

/// Largest number of actions.
const MOST_ACTS: usize = 6;
/// Words behind a network's memory that must not be written.
const BEHIND: usize = 2;

/// An action on a network.
#[derive(Debug)]
enum Act {
    Reset(Freeze),
    BeginEpisode(Freeze),
    /// The same input in every step.
    Step {
        inputs: Vec<u8>,
        analog: Vec<i16>,
        steps: u8,
    },
    /// New input in every step.
    Run(Drive),
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
                projection: bytes.int_in_range(0..=3)?,
                first: bytes.arbitrary()?,
                weights: bytes.arbitrary()?,
            },
            3..=5 => Self::Step {
                inputs: bytes.arbitrary()?,
                analog: bytes.arbitrary()?,
                steps: bytes.int_in_range(1..=30)?,
            },
            _ => Self::Run(Drive {
                steps: bytes.int_in_range(1..=30)?,
                all: f64::from(bytes.int_in_range(0..=4)?) / 4.0,
                seed: bytes.arbitrary::<u32>()?.into(),
            }),
        })
    }
}

/// A network, and the actions on it.
struct EpisodeRun<'n, 'a> {
    network: &'n mut Network<'a>,
    manifest: &'n Manifest<'a>,
    freeze: Freeze,
}

impl EpisodeRun<'_, '_> {
    fn plastic(&self) -> Vec<Vec<i16>> {
        let network = &self.network;
        (0..network.projections()).map(|it| network.plastic_rows(it).flatten().copied().collect()).collect()
    }

    fn leaks_always(&self, projection: usize) -> bool {
        let plasticity = self.manifest.network.projections[projection].plasticity.as_ref();
        plasticity.is_some_and(|plasticity| plasticity.leak == Some(Leak::Always))
    }

    fn step(&mut self, inputs: &[u8], analog: &[i16]) {
        let before = self.plastic();
        self.network.step(inputs, analog);
        assert_sound(self.network, self.manifest);
        let after = self.plastic();
        for (projection, (before, after)) in before.iter().zip(&after).enumerate() {
            match self.freeze {
                Freeze::Plasticity => assert_eq!(before, after, "P changed in a frozen step"),
                _ if self.network.is_modulated() => {}
                _ if self.leaks_always(projection) => assert_forgets(before, after),
                _ => assert_eq!(before, after, "P changed in a step that was not modulated"),
            }
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Reset(freeze) => {
                self.network.reset(*freeze);
                self.freeze = *freeze;
            }
            Act::BeginEpisode(freeze) => {
                self.network.begin_episode(*freeze);
                self.freeze = *freeze;
            }
            Act::Step { inputs, analog, steps } => {
                (0..*steps).for_each(|_| self.step(inputs, analog));
            }
            Act::Run(drive) => {
                soundness::run(self.network, *drive);
            }
            Act::Write { projection, first, weights } => {
                self.network.write_plastic((*projection).into(), (*first).into(), weights.iter().copied());
                assert_sound(self.network, self.manifest);
            }
        }
    }
}

/// A leak alone moves each weight towards zero, and never past it.
fn assert_forgets(before: &[i16], after: &[i16]) {
    let forgets = |(before, after): (&i16, &i16)| {
        after.unsigned_abs() <= before.unsigned_abs() && i32::from(*before) * i32::from(*after) >= 0
    };
    assert!(before.iter().zip(after).all(forgets), "a leak alone moved P away from zero");
}

/// The state's hash in the initial state and after every action, in memory filled with `garbage`.
fn history(artifact: Artifact<'_>, acts: &[Act], garbage: u64) -> Vec<u64> {
    let (needed, manifest) = (Network::memory_words(&artifact), artifact.manifest());
    let mut memory = vec![garbage; needed + BEHIND];
    let mut storage = NetworkStorage::new(&mut memory[..]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let mut hashes = vec![network.state_hash()];
    let mut run = EpisodeRun { network: &mut network, manifest: &manifest, freeze: Freeze::Nothing };
    for act in acts {
        run.act(act);
        hashes.push(run.network.state_hash());
    }
    network.reset(Freeze::Nothing);
    assert_eq!(network.state_hash(), hashes[0], "a reset is not an initial state");
    assert_eq!(memory[needed..], [garbage; BEHIND], "written behind its memory");
    hashes
}

fn assert_memory_is_exact(artifact: Artifact<'_>) {
    let needed = Network::memory_words(&artifact);
    let given = needed - 1;
    let mut storage = NetworkStorage::new(vec![0; given]);
    let refused = Network::new(artifact, &mut storage).map(|_| ());
    assert_eq!(refused, Err(MemoryError::Words { needed, given }));
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    run(&mut Unstructured::new(bytes)).map_or(Corpus::Reject, |()| Corpus::Keep)
});

fn run(bytes: &mut Unstructured<'_>) -> Result<()> {
    let words = network(bytes)?;
    let artifact = Artifact::decode(bytemuck::cast_slice(&words)).expect("the encoder has decoded it");
    let acts = (0..bytes.int_in_range(1..=MOST_ACTS)?).map(|_| bytes.arbitrary()).collect::<Result<Vec<Act>>>()?;
    let hashes = history(artifact, &acts, 0);
    assert_eq!(history(artifact, &acts, u64::MAX), hashes, "a second run differs");
    assert_memory_is_exact(artifact);
    Ok(())
}
