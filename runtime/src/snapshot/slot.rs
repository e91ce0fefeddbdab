//! One record in one slot: written in the order that survives a power cut, checked, read.
//!
//! The order is: erase, write header and payload, read both back, write the commit record. A record is valid only
//! with a commit record that holds the CRC-32 of all bytes before it.

use core::iter::{from_fn, repeat};

use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};

use super::error::{Action, SnapshotError};
use super::layout::{AGE_BYTES, HEADER_BYTES, SnapshotSlot, VERSION, WINDOW, payload_bytes};
use super::record::{Header, record_bytes};
use super::stream::{SlotReader, Writer};
use crate::network::Network;

/// Readings of a record before it counts as unreadable or damaged: a failure of one reading may not last.
const READINGS: usize = 3;

/// The unit that records are written in to a flash: the larger of its write and read sizes, bytes. Both are powers
/// of two in 1..=256, which [`SnapshotStorage::new`](super::SnapshotStorage::new) checks.
#[must_use]
pub fn unit<F: NorFlash>() -> u16 {
    let unit = if F::WRITE_SIZE > F::READ_SIZE { F::WRITE_SIZE } else { F::READ_SIZE };
    if unit > WINDOW { WINDOW as u16 } else { unit as u16 }
}

/// Bytes of the age and all plastic weights of a network.
pub(super) fn payload_of(network: &Network<'_>) -> u32 {
    let rows = projections(network).flat_map(|projection| network.plastic_rows(projection));
    payload_bytes(rows.map(<[i16]>::len).sum()).unwrap_or(u32::MAX)
}

fn projections(network: &Network<'_>) -> core::ops::Range<usize> {
    0..network.projections()
}

/// Writes the network's plastic weights as save number `sequence`.
///
/// # Errors
/// If they do not fit, or if the flash fails or does not keep what was written: the slot is then not valid.
#[inline(never)]
pub fn write<F: NorFlash>(
    flash: &mut F,
    slot: SnapshotSlot,
    network: &Network<'_>,
    sequence: u32,
) -> Result<(), SnapshotError> {
    let (unit, length) = (unit::<F>(), payload_of(network));
    let needed = record_bytes(length, unit);
    if needed > slot.length {
        return Err(SnapshotError::TooLarge { needed, slot: slot.length });
    }
    erase(flash, slot, needed)?;
    let mut writer = Writer::new(flash, slot, unit);
    let header = Header { version: VERSION, unit, artifact: network.artifact().checksum(), sequence, length };
    put_body(&mut writer, header, network)?;
    let checksum = writer.read_back()?;
    writer.put(&sequence.to_le_bytes())?;
    writer.put(&checksum.to_le_bytes())?;
    writer.end_unit()?;
    match check_repeatedly(flash, slot) {
        Ok(read) if read == header => Ok(()),
        Err(error @ SnapshotError::Flash { .. }) => Err(error),
        _ => Err(SnapshotError::Verify),
    }
}

/// Erases the pages that the first `needed` bytes of a slot take.
pub(super) fn erase<F: NorFlash>(flash: &mut F, slot: SnapshotSlot, needed: u32) -> Result<(), SnapshotError> {
    let end = slot.start.saturating_add(needed.next_multiple_of(F::ERASE_SIZE as u32));
    flash.erase(slot.start, end).map_err(Action::Erase.failed(slot.start))
}

fn put_body<F: NorFlash>(
    writer: &mut Writer<'_, F>,
    header: Header,
    network: &Network<'_>,
) -> Result<(), SnapshotError> {
    writer.put(&header.to_bytes())?;
    writer.put(&network.age().to_le_bytes())?;
    for weight in projections(network).flat_map(|projection| network.plastic_rows(projection)).flatten() {
        writer.put(&weight.to_le_bytes())?;
    }
    writer.end_unit()
}

/// Reads and checks a whole record; returns its header.
///
/// # Errors
/// If the flash cannot be read, or there is no record, or it is damaged or was never committed.
#[inline(never)]
pub fn check<F: ReadNorFlash>(flash: &mut F, slot: SnapshotSlot) -> Result<Header, SnapshotError> {
    let mut reader = SlotReader::new(flash, slot);
    let header = Header::from_bytes(&reader.array()?)?;
    if record_bytes(header.length, header.unit) > slot.length {
        return Err(SnapshotError::Truncated { slot: slot.length });
    }
    for _ in 0..header.length {
        reader.byte()?;
    }
    check_commit(&mut reader, header)?;
    Ok(header)
}

/// As [`check`], again where it fails.
pub(super) fn check_repeatedly<F: ReadNorFlash>(
    flash: &mut F,
    slot: SnapshotSlot,
) -> Result<Header, SnapshotError> {
    repeatedly(|| check(flash, slot), |found| found.is_ok())
}

/// The first result that is `done`, or else the last of [`READINGS`].
fn repeatedly<T>(mut reading: impl FnMut() -> T, done: impl Fn(&T) -> bool) -> T {
    let mut result = reading();
    for _ in 1..READINGS {
        if done(&result) {
            break;
        }
        result = reading();
    }
    result
}

/// Checks what follows the payload: padding and commit record.
fn check_commit<F: ReadNorFlash>(reader: &mut SlotReader<'_, F>, header: Header) -> Result<(), SnapshotError> {
    reader.pass_padding(header.unit)?;
    let computed = reader.checksum();
    let committed = u32::from_le_bytes(reader.array()?);
    let stored = u32::from_le_bytes(reader.array()?);
    if committed != header.sequence {
        return Err(SnapshotError::Commit { committed, begun: header.sequence });
    }
    if stored != computed {
        return Err(SnapshotError::Checksum { stored, computed });
    }
    reader.pass_padding(header.unit)?.map_or(Ok(()), |byte| Err(SnapshotError::Padding(byte)))
}

/// Replaces the network's plastic weights and age by a record's, the weights clamped to `P_max`; all other state stays.
///
/// Two passes: the record is checked to its end before the first weight is replaced.
///
/// # Errors
/// As [`check`]; or if the record is not of the network's artifact. The network is not changed in that case, except
/// after [`SnapshotError::Unstable`].
#[inline(never)]
pub fn read<F: ReadNorFlash>(
    flash: &mut F,
    slot: SnapshotSlot,
    network: &mut Network<'_>,
) -> Result<Header, SnapshotError> {
    let header = check(flash, slot)?;
    restore(flash, slot, header, network)?;
    Ok(header)
}

/// The second pass, again where it differs from the first: `header` is what [`check`] found in the slot.
pub(super) fn restore<F: ReadNorFlash>(
    flash: &mut F,
    slot: SnapshotSlot,
    header: Header,
    network: &mut Network<'_>,
) -> Result<(), SnapshotError> {
    let ours = network.artifact().checksum();
    let needed = payload_of(network) - if header.has_age() { 0 } else { AGE_BYTES };
    if header.artifact != ours {
        return Err(SnapshotError::Artifact { saved: header.artifact, ours });
    }
    if header.length != needed {
        return Err(SnapshotError::Length { saved: header.length, needed });
    }
    let reading = || {
        let mut reader = SlotReader::new(flash, slot);
        replace(&mut reader, header, network).and_then(|()| check_commit(&mut reader, header))
    };
    if repeatedly(reading, Result::is_ok).is_err() {
        network.set_age(0);
        projections(network).for_each(|projection| network.write_plastic(projection, 0, repeat(0)));
        return Err(SnapshotError::Unstable);
    }
    Ok(())
}

fn replace<F: ReadNorFlash>(
    reader: &mut SlotReader<'_, F>,
    header: Header,
    network: &mut Network<'_>,
) -> Result<(), SnapshotError> {
    reader.array::<{ HEADER_BYTES as usize }>()?;
    network.set_age(if header.has_age() { u32::from_le_bytes(reader.array()?) } else { 0 });
    for projection in projections(network) {
        let synapses = network.plastic_rows(projection).map(<[i16]>::len).sum();
        let mut failure = None;
        let mut weight = || reader.array().map_err(|error| failure = Some(error)).ok().map(i16::from_le_bytes);
        network.write_plastic(projection, 0, from_fn(&mut weight).take(synapses));
        failure.map_or(Ok(()), Err)?;
    }
    Ok(())
}
