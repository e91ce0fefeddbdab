//! Two slots in a region of flash, written in turn, so that one complete save is there at every moment.
//!
//! Wear: a save erases each page of one record once. The slots alternate, so a page with an endurance of 10 000
//! erasures lasts 20 000 saves; the sequence number counts them. `docs/snapshot.md` has the figures of some chips.

use core::ops::Range;

use embedded_storage::nor_flash::NorFlash;
use metaplastic_shared::wire::Refusal;

use super::error::{RegionError, SnapshotError};
use super::layout::{SnapshotSlot, WINDOW};
use super::record::{Header, record_bytes};
use super::slot::{check_repeatedly, erase, payload_of, restore, unit, write};
use crate::network::Network;
use crate::serve::WeightStorage;

/// A region of NOR flash that plastic weights are saved in.
///
/// It is a [`WeightStorage`], so that the host computer can request saves and loads from a board.
#[derive(Debug)]
pub struct SnapshotStorage<F> {
    flash: F,
    slots: [SnapshotSlot; 2],
}

/// The content of each slot.
type SlotContents = [Result<Header, SnapshotError>; 2];

impl<F: NorFlash> SnapshotStorage<F> {
    /// Over `region` of a flash, in its driver's offsets. Each half is a slot; an odd page stays unused. Nothing is
    /// read or written yet.
    ///
    /// # Errors
    /// If the region does not consist of pages of this flash or cannot hold two records of `network`.
    #[inline(never)]
    pub fn new(flash: F, region: Range<u32>, network: &Network<'_>) -> Result<Self, RegionError> {
        let page = check_sizes::<F>()?;
        let Range { start, end } = region;
        if !start.is_multiple_of(page) || !end.is_multiple_of(page) {
            return Err(RegionError::Alignment { start, end, page });
        }
        let capacity = flash.capacity();
        if end as usize > capacity {
            return Err(RegionError::Capacity { end, capacity });
        }
        let given = end.saturating_sub(start) / page;
        let record = record_bytes(payload_of(network), unit::<F>());
        let needed = record.div_ceil(page).saturating_mul(2);
        if given < needed {
            return Err(RegionError::TooSmall { needed, given, page });
        }
        let length = given / 2 * page;
        Ok(Self {
            flash,
            slots: [SnapshotSlot { start, length }, SnapshotSlot { start: start.wrapping_add(length), length }],
        })
    }

    /// Saves the network's plastic weights beside the previous save; returns the number of this save.
    ///
    /// Of the two slots, the newest save of this very artifact is kept, or else the newest of any; the other is
    /// erased and written. Numbers continue from the highest one found, also from another artifact's. A slot that
    /// cannot be read may hold a save: without a complete save in the other, it is erased after this one is written.
    ///
    /// # Errors
    /// If the flash fails or does not keep what was written. The previous save stays valid.
    pub fn save(&mut self, network: &Network<'_>) -> Result<u32, SnapshotError> {
        let found = self.survey();
        let (newest, unreadable) = (newest(&found, |_| true), unreadable(&found)?);
        let kept = newest_of(&found, network).or(newest).map_or(unreadable, |(index, _)| Some(index));
        let sequence = newest.map_or(0, |(_, header)| header.sequence).wrapping_add(1);
        let [first, second] = self.slots;
        let (slot, other) = if kept == Some(0) { (second, first) } else { (first, second) };
        write(&mut self.flash, slot, network, sequence)?;
        if newest.is_none() && unreadable.is_some() {
            erase(&mut self.flash, other, 1)?;
        }
        Ok(sequence)
    }

    /// Replaces the network's plastic weights by the newest complete save of its very artifact; returns that save's
    /// number. All other state stays: [`Network::begin_episode`] begins it at zero. If the flash gives other bytes
    /// each time the newest save is read, the save before it is loaded.
    ///
    /// # Errors
    /// If there is none: a flash error if a slot could not be read, [`SnapshotError::Artifact`] if there is a save
    /// of another artifact, else [`SnapshotError::NothingSaved`]. The network is not changed in that case, except
    /// after [`SnapshotError::Unstable`].
    pub fn load(&mut self, network: &mut Network<'_>) -> Result<u32, SnapshotError> {
        let mut found = self.survey();
        let mut error = reason(&found, network);
        while let Some((index, header)) = newest_of(&found, network) {
            let slot = if index == 0 { self.slots[0] } else { self.slots[1] };
            match restore(&mut self.flash, slot, header, network) {
                Ok(()) => return Ok(header.sequence),
                Err(SnapshotError::Unstable) => error = SnapshotError::Unstable,
                Err(_) if error == SnapshotError::Unstable => {}
                Err(other) => error = other,
            }
            if let Some(tried) = found.get_mut(index) {
                *tried = Err(error);
            }
        }
        Err(error)
    }

    /// The flash, for other uses.
    pub fn release(self) -> F {
        self.flash
    }

    fn survey(&mut self) -> SlotContents {
        let Self { flash, slots } = self;
        slots.map(|slot| check_repeatedly(flash, slot))
    }
}

/// The newest save among those that are `wanted`, with the index of its slot. A slot that cannot be read has none: a
/// power cut may leave it so where flash corrects errors.
fn newest(found: &SlotContents, wanted: impl Fn(Header) -> bool) -> Option<(usize, Header)> {
    let saves = found.iter().enumerate().filter_map(|(index, header)| Some((index, (*header).ok()?)));
    saves.filter(|(_, header)| wanted(*header)).reduce(|a, b| if b.1.is_newer_than(a.1) { b } else { a })
}

/// The slot that cannot be read, if one cannot.
///
/// # Errors
/// If neither can: a power cut leaves at most one slot so.
fn unreadable(found: &SlotContents) -> Result<Option<usize>, SnapshotError> {
    match *found {
        [Err(error @ SnapshotError::Flash { .. }), Err(SnapshotError::Flash { .. })] => Err(error),
        _ => Ok(found.iter().position(|slot| matches!(slot, Err(SnapshotError::Flash { .. })))),
    }
}

/// The newest save of the network's artifact.
fn newest_of(found: &SlotContents, network: &Network<'_>) -> Option<(usize, Header)> {
    let ours = network.artifact().checksum();
    newest(found, |header| header.artifact == ours)
}

/// Why there is no save of the network's artifact.
fn reason(found: &SlotContents, network: &Network<'_>) -> SnapshotError {
    let unreadable =
        found.iter().filter_map(|slot| slot.err()).find(|error| matches!(error, SnapshotError::Flash { .. }));
    let other = newest(found, |_| true).map(|(_, header)| header.artifact);
    let ours = network.artifact().checksum();
    let other = other.map_or(SnapshotError::NothingSaved, |saved| SnapshotError::Artifact { saved, ours });
    unreadable.unwrap_or(other)
}

/// The size of a page.
fn check_sizes<F: NorFlash>() -> Result<u32, RegionError> {
    const PAGE: usize = 1 << 30;
    let sizes = [
        ("READ_SIZE", F::READ_SIZE, WINDOW),
        ("WRITE_SIZE", F::WRITE_SIZE, WINDOW),
        ("ERASE_SIZE", F::ERASE_SIZE, PAGE),
    ];
    for (name, size, limit) in sizes {
        if !size.is_power_of_two() || size > limit {
            return Err(RegionError::Size { name, size, limit });
        }
    }
    Ok(F::ERASE_SIZE.max(unit::<F>().into()) as u32)
}

impl<F: NorFlash> WeightStorage for SnapshotStorage<F> {
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        Self::save(self, network).map_err(Refusal::from)
    }

    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        Self::load(self, network).map_err(Refusal::from)
    }
}
