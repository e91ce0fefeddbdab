//! Arbitrary convolutions for an arbitrary network: one map onto another, and that one onto itself.

use arbitrary::{Result, Unstructured};
use metaplastic_shared::network::{Connectivity, Convolution, Lif, Name, Population, PopulationKind, Projection};

use crate::filters::filters;

/// Largest number of rows, columns and channels of a map.
const MOST_ROWS: u8 = 6;
const MOST_CHANNELS: u16 = 9;

/// Two populations and the convolutions onto the second.
pub(crate) struct Maps {
    pre: u8,
    /// Takes only convolutions.
    pub(crate) post: u8,
    onto: Convolution,
    /// Recurrent; none if the map is graded.
    within: Option<Convolution>,
}

/// Adds two maps to the end of `populations`.
pub(crate) fn maps(populations: &mut Vec<Population>, bytes: &mut Unstructured<'_>) -> Result<Maps> {
    let onto = convolution(bytes)?;
    let (rows, columns) = onto.post_map();
    let channels = bytes.int_in_range(1..=MOST_CHANNELS)?;
    let graded = bytes.ratio(1, 4)?;
    let kind = PopulationKind::Lif(Lif {
        refractory: if graded { 0 } else { *bytes.choose(&[0, 0, 1, 255])? },
        adaptive: !graded && bytes.arbitrary()?,
        graded,
        channels: if bytes.arbitrary()? { channels } else { 0 },
        ..filters(bytes)?
    });
    let before = if bytes.arbitrary()? { PopulationKind::Input } else { PopulationKind::Lif(Lif::default()) };
    let population = |size, kind| Population { name: Name::new(), size, kind };
    let pre = populations.len() as u8;
    populations.push(population(onto.map_size() as u16, before));
    populations.push(population(onto.positions() as u16 * channels, kind));
    let (height, width) = (rows as u8, columns as u8);
    let within = Convolution { height, width, channels, kernel: 3, stride: 1, padding: 1 };
    let recurrent = !graded && bytes.arbitrary()?;
    Ok(Maps { pre, post: pre + 1, onto, within: recurrent.then_some(within) })
}

fn convolution(bytes: &mut Unstructured<'_>) -> Result<Convolution> {
    let kernel = bytes.int_in_range(1..=5_u8)?;
    let (stride, padding) = (bytes.int_in_range(1..=kernel)?, bytes.int_in_range(0..=kernel - 1)?);
    let least = kernel.saturating_sub(2 * padding).max(1);
    let (height, width) = (bytes.int_in_range(least..=MOST_ROWS)?, bytes.int_in_range(least..=MOST_ROWS)?);
    let channels = bytes.int_in_range(1..=MOST_CHANNELS)?;
    Ok(Convolution { height, width, channels, kernel, stride, padding })
}

impl Maps {
    /// With their indices after `count` populations were rotated.
    pub(crate) fn rotated_left(self, by: usize, count: usize) -> Self {
        let position = |index: u8| ((usize::from(index) + count - by) % count) as u8;
        Self { pre: position(self.pre), post: position(self.post), ..self }
    }

    pub(crate) fn projections(&self) -> impl Iterator<Item = Projection> {
        let (onto, within) = ((self.pre, self.onto), self.within.map(|within| (self.post, within)));
        let post = self.post;
        [onto].into_iter().chain(within).map(move |(pre, convolution)| Projection {
            pre,
            post,
            connectivity: Connectivity::Convolution(convolution),
            plasticity: None,
        })
    }
}
