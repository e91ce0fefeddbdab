//! Eight floats at once: the few vector operations the kernels are written in.
//!
//! Knows no equation. [`Portable`] is plain arrays, which the compiler turns into whatever the target has;
//! on x86 the same kernels run with AVX2 and fused multiply-adds where the processor has them, found out at run
//! time.

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

/// One way to calculate with eight floats.
pub(super) trait Lanes: Copy {
    /// Eight floats in a register.
    type Vector: Copy;

    /// All lanes the same.
    fn splat(self, value: f32) -> Self::Vector;
    /// From memory.
    fn load(self, values: &Octet) -> Self::Vector;
    /// To memory.
    fn store(self, values: &mut Octet, vector: Self::Vector);
    /// `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a b`.
    fn multiply(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a b + c`, rounded once or twice.
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// `a` within `-limit ..= limit`.
    fn clamp(self, a: Self::Vector, limit: Self::Vector) -> Self::Vector;
    /// `a` where `|bounded| < limit`, zero elsewhere.
    fn where_inside(self, a: Self::Vector, bounded: Self::Vector, limit: Self::Vector) -> Self::Vector;
}

/// Plain arrays.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Lanes for Portable {
    type Vector = Octet;

    #[inline(always)]
    fn splat(self, value: f32) -> Octet {
        [value; LANES]
    }

    #[inline(always)]
    fn load(self, values: &Octet) -> Octet {
        *values
    }

    #[inline(always)]
    fn store(self, values: &mut Octet, vector: Octet) {
        *values = vector;
    }

    #[inline(always)]
    fn add(self, a: Octet, b: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    fn multiply(self, a: Octet, b: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    fn multiply_add(self, a: Octet, b: Octet, c: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    #[inline(always)]
    fn clamp(self, a: Octet, limit: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane].max(-limit[lane]).min(limit[lane]))
    }

    #[inline(always)]
    fn where_inside(self, a: Octet, bounded: Octet, limit: Octet) -> Octet {
        std::array::from_fn(|lane| if bounded[lane].abs() < limit[lane] { a[lane] } else { 0.0 })
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Lanes, Octet};
    use pulp::x86::V3;
    use pulp::{Simd, cast, f32x8};

    impl Lanes for V3 {
        type Vector = f32x8;

        #[inline(always)]
        fn splat(self, value: f32) -> f32x8 {
            self.splat_f32s(value)
        }

        #[inline(always)]
        fn load(self, values: &Octet) -> f32x8 {
            cast(*values)
        }

        #[inline(always)]
        fn store(self, values: &mut Octet, vector: f32x8) {
            *values = cast(vector);
        }

        #[inline(always)]
        fn add(self, a: f32x8, b: f32x8) -> f32x8 {
            self.add_f32s(a, b)
        }

        #[inline(always)]
        fn multiply(self, a: f32x8, b: f32x8) -> f32x8 {
            self.mul_f32s(a, b)
        }

        #[inline(always)]
        fn multiply_add(self, a: f32x8, b: f32x8, c: f32x8) -> f32x8 {
            self.mul_add_f32s(a, b, c)
        }

        #[inline(always)]
        fn clamp(self, a: f32x8, limit: f32x8) -> f32x8 {
            self.min_f32s(self.max_f32s(a, self.neg_f32s(limit)), limit)
        }

        #[inline(always)]
        fn where_inside(self, a: f32x8, bounded: f32x8, limit: f32x8) -> f32x8 {
            let inside = self.less_than_f32s(self.abs_f32s(bounded), limit);
            self.select_f32s(inside, a, self.splat_f32s(0.0))
        }
    }
}

/// Which vector operations the kernels use.
#[derive(Clone, Copy, Debug)]
pub(in crate::lifetime) enum Backend {
    /// AVX2 and fused multiply-adds.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// Plain arrays, on any processor.
    Portable,
}

impl Default for Backend {
    /// The best this processor has.
    fn default() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            return Self::Avx2(avx2);
        }
        Self::Portable
    }
}

/// A loop over vectors that runs on any [`Lanes`].
pub(super) trait Kernel {
    /// Runs it.
    fn run<L: Lanes>(self, lanes: L);
}

impl Backend {
    /// Runs a kernel, compiled for the vector operations chosen.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(avx2) => avx2.vectorize(
                #[inline(always)]
                || kernel.run(avx2),
            ),
            Self::Portable => kernel.run(Portable),
        }
    }
}
