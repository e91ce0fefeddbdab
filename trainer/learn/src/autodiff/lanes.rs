//! Lists of several lanes as one tensor, and back.

use dfdx::prelude::*;

use super::tensor::{ConstantSource, Precision, Traced};

/// One tensor of the lists of all lanes, one after the other; zero where the network has no such quantity, of which the
/// lists are empty.
pub(super) fn stacked<'l, E: Precision, S: Shape>(
    source: &ConstantSource<E>,
    lists: impl Iterator<Item = &'l Vec<f32>>,
    shape: S,
) -> Traced<S, E>
where
    Cpu: Device<E>,
{
    let values = lists.flatten().map(|value| E::from(*value)).collect::<Vec<_>>();
    if values.is_empty() { source.zeros(shape) } else { source.tensor(values, shape) }
}

/// Puts a lane's part of a tensor into its list, unless that is empty.
pub(super) fn take<E: Precision, S: Shape>(list: &mut [f32], values: &Traced<S, E>, lane: usize)
where
    Cpu: Device<E>,
{
    if !list.is_empty() {
        let values = values.as_vec();
        let of_lane = values[lane * list.len()..].iter();
        list.iter_mut().zip(of_lane).for_each(|(to, value)| *to = (*value).into() as f32);
    }
}
