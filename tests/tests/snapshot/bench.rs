//! A network with plastic weights that a test can distinguish, and the flash it saves to.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::snapshot::{SnapshotError, SnapshotStorage};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_tests::flash::MockFlash;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// The memory of a network, allocated when its size is known.
#[derive(Default)]
pub(crate) struct Memory<'a>(Option<NetworkStorage<'a, Vec<u64>>>);

/// A network with access to all of its plastic weights.
pub(crate) struct Bench<'a> {
    pub(crate) network: Network<'a>,
}

impl<'a> Bench<'a> {
    /// The network in the initial state.
    pub(crate) fn new(file: &'a ArtifactFile, memory: &'a mut Memory<'a>) -> Self {
        let artifact = file.artifact();
        let storage = memory.0.insert(NetworkStorage::new(vec![0; Network::memory_words(&artifact)]));
        Self { network: Network::new(artifact, storage).expect("the memory is as large as asked for") }
    }

    fn projections(&self) -> std::ops::Range<usize> {
        0..self.network.artifact().manifest().network.projections.len()
    }

    pub(crate) fn weights(&self) -> Vec<i16> {
        self.projections()
            .flat_map(|it| self.network.plastic_rows(it).flatten().copied().collect::<Vec<_>>())
            .collect()
    }

    /// Writes plastic weights that are drawn from the seed; returns them.
    pub(crate) fn learn(&mut self, seed: u32) -> Vec<i16> {
        let mut random = Pcg32::seed_from_u64(seed.into());
        for projection in self.projections() {
            self.network.write_plastic(projection, 0, std::iter::from_fn(|| Some(random.random())));
        }
        self.weights()
    }

    /// Loads from the flash as after a restart; returns the number of the save and its weights.
    pub(crate) fn load_after_restart<const READ: usize, const WRITE: usize, const ERASE: usize>(
        &mut self,
        flash: &mut MockFlash<READ, WRITE, ERASE>,
    ) -> Result<(u32, Vec<i16>), SnapshotError> {
        let before = self.learn(0xbef0);
        let loaded = storage(flash, &self.network).load(&mut self.network);
        match loaded {
            Err(SnapshotError::Unstable) => assert!(self.weights().iter().all(|weight| *weight == 0)),
            Err(error) => assert_eq!(self.weights(), before, "{error}, and the network was changed"),
            Ok(_) => {}
        }
        loaded.map(|save| (save, self.weights()))
    }

    pub(crate) fn save<const READ: usize, const WRITE: usize, const ERASE: usize>(
        &mut self,
        flash: &mut MockFlash<READ, WRITE, ERASE>,
    ) -> Result<u32, SnapshotError> {
        storage(flash, &self.network).save(&self.network)
    }
}

/// A storage over the whole flash.
pub(crate) fn storage<'f, const READ: usize, const WRITE: usize, const ERASE: usize>(
    flash: &'f mut MockFlash<READ, WRITE, ERASE>,
    network: &Network<'_>,
) -> SnapshotStorage<&'f mut MockFlash<READ, WRITE, ERASE>> {
    let end = flash.bytes.len() as u32;
    SnapshotStorage::new(flash, 0..end, network).expect("the region is large enough")
}
