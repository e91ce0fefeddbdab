//! Saves all plastic weights P of a network as one record in NOR flash, and loads them.
//!
//! [`SnapshotStorage`] keeps two slots and writes them in turn, so that a complete save is in flash at every
//! moment: a power cut at any byte leaves the old state or the new one. `docs/snapshot.md` defines the bytes. Only
//! P is saved. Traces, eligibility and membranes are lost with the power: after [`load`](SnapshotStorage::load),
//! [`Network::begin_episode`](crate::Network::begin_episode) sets them to zero.
//!
//! No allocation and no copy of P: the only buffer is a window of [`WINDOW`] bytes on the stack.
//!
//! ```
//! # use embedded_storage::nor_flash::NorFlash;
//! # use metaplastic_runtime::{Freeze, Network};
//! use metaplastic_runtime::snapshot::SnapshotStorage;
//!
//! # fn run<F: NorFlash>(flash: F, network: &mut Network<'_>) -> Result<(), Box<dyn core::error::Error>> {
//! let mut storage = SnapshotStorage::new(flash, 0xf_8000..0x10_0000, network)?; // 32 KiB, two slots of 16
//! if storage.load(network).is_ok() {
//!     network.begin_episode(Freeze::Nothing);
//! }
//! // ... a day of learning ...
//! storage.save(network)?;
//! # Ok(())
//! # }
//! ```

mod error;
mod layout;
mod record;
mod slot;
mod storage;
mod stream;

pub use error::{Action, RegionError, SnapshotError};
pub use layout::{SnapshotSlot, VERSION, WINDOW, payload_bytes};
pub use record::{Header, record_bytes};
pub use slot::{check, read, unit, write};
pub use storage::SnapshotStorage;
