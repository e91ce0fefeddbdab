//! Eight floats at once, or sixteen: the few vector operations in which the kernels are written. Knows no equation.

/// Floats in a vector.
pub(crate) const LANES: usize = 8;

/// Eight floats in memory.
pub(crate) type Octet = [f32; LANES];

/// `sum_i a_i b_i` of padded vectors, eight sums side by side.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        (0..LANES).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sum_of(&sums)
}

/// The sum of the lanes.
#[inline(always)]
pub(crate) fn sum_of(lanes: &Octet) -> f32 {
    let [a, b, c, d, e, f, g, h] = *lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The sum of the lanes, in double precision.
pub(crate) fn total(lanes: &Octet) -> f64 {
    lanes.iter().map(|value| f64::from(*value)).sum()
}

/// Floats that are calculated with at once.
pub(crate) trait Block: Sized {
    /// The vectors in `octets`.
    fn of(octets: &[Octet]) -> &[Self];
    /// The vectors in `octets`, mutable.
    fn of_mut(octets: &mut [Octet]) -> &mut [Self];
}

impl Block for Octet {
    #[inline(always)]
    fn of(octets: &[Octet]) -> &[Self] {
        octets
    }

    #[inline(always)]
    fn of_mut(octets: &mut [Octet]) -> &mut [Self] {
        octets
    }
}

impl Block for [Octet; 2] {
    #[inline(always)]
    fn of(octets: &[Octet]) -> &[Self] {
        octets.as_chunks().0
    }

    #[inline(always)]
    fn of_mut(octets: &mut [Octet]) -> &mut [Self] {
        octets.as_chunks_mut().0
    }
}

/// One way to calculate with a few floats at once; what a lane gets does not depend on how many others there are.
pub(crate) trait Vectors: Copy {
    /// The floats in memory.
    type Memory: Block;
    /// The floats in registers.
    type Vector: Copy;
    /// How many registers they take.
    const REGISTERS: usize;

    /// All lanes the same.
    fn splat(self, value: f32) -> Self::Vector;
    /// From memory.
    fn load(self, values: &Self::Memory) -> Self::Vector;
    /// To memory.
    fn store(self, values: &mut Self::Memory, vector: Self::Vector);
    /// `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a b + c`, rounded once or twice.
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// One way to calculate with eight floats.
pub(crate) trait Lanes: Vectors<Memory = Octet> {
    /// The same with sixteen.
    type Wide: Vectors<Memory = [Octet; 2]>;

    /// Sixteen floats at once.
    fn wide(self) -> Self::Wide;
    /// `a b`.
    fn multiply(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a` within `-limit ..= limit`.
    fn clamp(self, a: Self::Vector, limit: Self::Vector) -> Self::Vector;
    /// `a` where `|bounded| < limit`, zero elsewhere.
    fn where_inside(self, a: Self::Vector, bounded: Self::Vector, limit: Self::Vector) -> Self::Vector;
    /// Which lanes are not zero, the first in the lowest bit.
    fn nonzero(self, a: Self::Vector) -> u8;
}

/// A loop over vectors that runs on any [`Lanes`].
pub(crate) trait Kernel {
    /// Runs it.
    fn run<L: Lanes>(self, lanes: L);
}
