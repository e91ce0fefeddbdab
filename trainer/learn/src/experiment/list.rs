//! Lists of fixed capacity.

use heapless::{LenType, Vec};

use super::error::Fault;

/// Collects entries; `field` is what an error calls the list.
pub(super) fn collect<T, Length: LenType, const N: usize>(
    field: &str,
    entries: impl ExactSizeIterator<Item = Result<T, Fault>>,
) -> Result<Vec<T, N, Length>, Fault> {
    let count = entries.len();
    if count > N {
        return Err(Fault::TooMany { field: field.into(), count, limit: N });
    }
    entries.collect()
}
