//! The checks of slices that hand-written kernels need.

/// Synapses or neurons that the assembly handles at once.
pub(super) const BLOCK: usize = 8;

/// Whether a length is that of whole blocks, at least one.
pub(super) fn are_blocks(length: usize) -> bool {
    length != 0 && length.is_multiple_of(BLOCK)
}

/// Whether a slice begins at a multiple of 4 bytes, as instructions that load words need.
pub(super) fn is_aligned<T>(slice: &[T]) -> bool {
    slice.as_ptr().addr().is_multiple_of(4)
}
