//! A step of a network as a line of text, the same on every machine. Golden traces consist of such lines.
//!
//! ```text
//! 2 4 | 2 8 | 0 2 | | v 91c0 x 0f3e E 77a1 M 12fe P 9a03 | 9b20188ae2762744
//! ```
//!
//! The spikes of each population come first, so that a reader can follow the network. Four hexadecimal digits of a
//! hash of each quantity follow, which show what differs: potentials v and u, traces, eligibility E, third factor
//! M, plastic weights P. The hash of the complete state is last.

use core::fmt;

use crate::hash::Hash;
use crate::network::Network;

/// The last step of a network; [`Display`](fmt::Display) writes the line, without its end.
pub struct TraceLine<'n, 'a>(pub &'n Network<'a>);

impl TraceLine<'_, '_> {
    fn quantities(&self) -> [(&'static str, u16); 5] {
        let Self(network) = self;
        let (populations, projections) = (0..network.populations(), 0..network.projections());
        [
            ("v", digits(populations.map(|index| network.potentials(index)))),
            ("x", digits(projections.clone().flat_map(|index| network.traces(index)))),
            ("E", digits(projections.clone().flat_map(|index| network.eligibility_rows(index)))),
            ("M", digits(projections.clone().map(|index| network.third_factor(index)))),
            ("P", digits(projections.flat_map(|index| network.plastic_rows(index)))),
        ]
    }
}

impl fmt::Display for TraceLine<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(network) = self;
        for population in 0..network.populations() {
            network.spikes(population).try_for_each(|spike| write!(formatter, "{spike} "))?;
            formatter.write_str("| ")?;
        }
        self.quantities().into_iter().try_for_each(|(name, digits)| write!(formatter, "{name} {digits:04x} "))?;
        write!(formatter, "| {:016x}", network.state_hash())
    }
}

fn digits<'v>(values: impl Iterator<Item = &'v [i16]>) -> u16 {
    let mut hash = Hash::new();
    values.for_each(|values| hash.i16(values));
    hash.finish() as u16
}
