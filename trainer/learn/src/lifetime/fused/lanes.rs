//! Eight floats at once, or sixteen: the few vector operations the kernels are written in.
//!
//! Knows no equation. On x86 the same kernels run with AVX2 and fused multiply-adds, or with AVX-512, where the
//! processor has them, found out at run time; those two agree to the bit.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(super) use portable::Portable;

/// Floats in a vector.
pub(super) const LANES: usize = 8;

/// Eight floats in memory.
pub(super) type Octet = [f32; LANES];

/// `sum_i a_i b_i` of padded vectors, eight sums side by side.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        (0..LANES).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sum_of(&sums)
}

/// The sum of the lanes.
#[inline(always)]
pub(super) fn sum_of(lanes: &Octet) -> f32 {
    let [a, b, c, d, e, f, g, h] = *lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The sum of the lanes, in double precision.
pub(super) fn total(lanes: &Octet) -> f64 {
    lanes.iter().map(|value| f64::from(*value)).sum()
}

/// Floats that are calculated with at once.
pub(super) trait Block: Sized {
    /// As many of them as lie in `octets`.
    fn of(octets: &[Octet]) -> &[Self];
    /// As many of them as lie in `octets`, to change.
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
pub(super) trait Vectors: Copy {
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
pub(super) trait Lanes: Vectors<Memory = Octet> {
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

/// Which vector operations the kernels use.
#[derive(Clone, Copy, Debug)]
pub(in crate::lifetime) enum Backend {
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    /// AVX2 and fused multiply-adds.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// Plain arrays, on any processor.
    Portable,
}

impl Default for Backend {
    /// The best this processor has.
    fn default() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}

/// A loop over vectors that runs on any [`Lanes`].
pub(super) trait Kernel {
    /// Runs it.
    fn run<L: Lanes>(self, lanes: L);
}

impl Backend {
    /// Those that this processor has, the best first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let fusing = [pulp::x86::V4::try_new().map(Self::Avx512), pulp::x86::V3::try_new().map(Self::Avx2)]
            .into_iter()
            .flatten();
        #[cfg(not(target_arch = "x86_64"))]
        let fusing = std::iter::empty();
        fusing.chain([Self::Portable])
    }

    /// Runs a kernel, compiled for the vector operations chosen.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(avx512) => avx512.vectorize(
                #[inline(always)]
                || kernel.run(x86::Eight::of_avx512(avx512)),
            ),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(avx2) => avx2.vectorize(
                #[inline(always)]
                || kernel.run(x86::Eight::of_avx2(avx2)),
            ),
            Self::Portable => kernel.run(Portable),
        }
    }
}
