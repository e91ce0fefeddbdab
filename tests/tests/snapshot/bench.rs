//! A network with plastic weights that a test can distinguish, and the flash it saves to.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::snapshot::{SnapshotError, SnapshotStorage};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_tests::flash::MockFlash;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Where a network lives, once it is known how many words it needs.
#[derive(Default)]
pub(crate) struct Memory<'a>(Option<NetworkStorage<'a, Vec<u64>>>);

/// A network and all of its plastic weights, projection by projection.
pub(crate) struct Bench<'a> {
    pub(crate) network: Network<'a>,
}

impl<'a> Bench<'a> {
    /// In the initial state.
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

    /// Learns something that only this seed would have modulated; returns the weights.
    pub(crate) fn learn(&mut self, seed: u32) -> Vec<i16> {
        let mut random = Pcg32::seed_from_u64(seed.into());
        for projection in self.projections() {
            self.network.write_plastic(projection, 0, std::iter::from_fn(|| Some(random.random())));
        }
        self.weights()
    }

    /// What a fresh start with this flash finds: the save's number and its weights.
    pub(crate) fn wake<const READ: usize, const WRITE: usize, const ERASE: usize>(
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

/// Over the whole flash.
pub(crate) fn storage<'f, const READ: usize, const WRITE: usize, const ERASE: usize>(
    flash: &'f mut MockFlash<READ, WRITE, ERASE>,
    network: &Network<'_>,
) -> SnapshotStorage<&'f mut MockFlash<READ, WRITE, ERASE>> {
    let end = flash.bytes.len() as u32;
    SnapshotStorage::new(flash, 0..end, network).expect("the region is large enough")
}
