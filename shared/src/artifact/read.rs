//! Reads a manifest from its postcard bytes, each item directly into the manifest.
//!
//! The code that serde derives builds every list on the stack and then moves it into the enclosing value. This
//! takes more than twice the size of the manifest, which is too much for a chip with 16 KB of RAM.

use heapless::Vec;
use postcard::Error;
use serde::Deserialize;

use super::Manifest;
use crate::network::{NetworkDescription, Readout};

impl<'a> Manifest<'a> {
    /// An empty manifest to read into, see [`Artifact::read_manifest`](super::Artifact::read_manifest).
    #[must_use]
    pub const fn blank() -> Self {
        let readout = Readout::of_classes(0, 0, 0);
        Self {
            network: NetworkDescription {
                populations: Vec::new(),
                projections: Vec::new(),
                surrogate_slope: 0,
                readout,
            },
            populations: Vec::new(),
            projections: Vec::new(),
            command: None,
            task: "",
            task_parameters: "",
            training: None,
        }
    }

    /// Reads all fields in the order in which serde writes them; returns the bytes behind the last field.
    ///
    /// # Errors
    /// If the bytes end early or are not a manifest.
    pub(super) fn read(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
        // The pattern names every field, so that the compiler refuses to forget a new one.
        let Self { network, populations, projections, command, task, task_parameters, training } = self;
        let mut reader = Reader(bytes);
        reader.network(network)?;
        reader.list(populations)?;
        reader.list(projections)?;
        *command = reader.item()?;
        *task = reader.item()?;
        *task_parameters = reader.item()?;
        *training = reader.item()?;
        Ok(reader.0)
    }
}

/// The bytes not yet read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn item<T: Deserialize<'a>>(&mut self) -> Result<T, Error> {
        let (item, rest) = postcard::take_from_bytes(self.0)?;
        self.0 = rest;
        Ok(item)
    }

    // Without inlining, only one item at a time is on the stack.
    #[inline(never)]
    fn list<T: Deserialize<'a>, const N: usize>(&mut self, list: &mut Vec<T, N>) -> Result<(), Error> {
        for _ in 0..self.item::<usize>()? {
            list.push(self.item()?).map_err(|_| Error::SerdeDeCustom)?;
        }
        Ok(())
    }

    fn network(&mut self, network: &mut NetworkDescription) -> Result<(), Error> {
        let NetworkDescription { populations, projections, surrogate_slope, readout } = network;
        self.list(populations)?;
        self.list(projections)?;
        *surrogate_slope = self.item()?;
        *readout = self.item()?;
        Ok(())
    }
}
