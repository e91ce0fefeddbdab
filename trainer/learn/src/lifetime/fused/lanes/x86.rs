//! AVX2 with fused multiply-adds, and AVX-512, by the safe crate `pulp`.

use pulp::x86::{V3, V4};
use pulp::{Simd, cast, f32x8, f32x16};

use super::portable::Twice;
use super::vectors::{Lanes, Octet, Vectors};

/// Eight floats of AVX2, and what sixteen are calculated with.
#[derive(Clone, Copy)]
pub(crate) struct Eight<W> {
    avx2: V3,
    wide: W,
}

impl Eight<Twice<Eight<()>>> {
    /// Sixteen lanes as two vectors of eight.
    #[inline(always)]
    pub(crate) fn of_avx2(avx2: V3) -> Self {
        Self { avx2, wide: Twice(Eight { avx2, wide: () }) }
    }
}

impl Eight<Sixteen> {
    /// Sixteen are those of AVX-512.
    #[inline(always)]
    pub(crate) fn of_avx512(avx512: V4) -> Self {
        Self { avx2: *avx512, wide: Sixteen(avx512) }
    }
}

impl<W: Copy> Vectors for Eight<W> {
    type Memory = Octet;
    type Vector = f32x8;
    const REGISTERS: usize = 1;

    #[inline(always)]
    fn splat(self, value: f32) -> f32x8 {
        self.avx2.splat_f32s(value)
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
        self.avx2.add_f32s(a, b)
    }

    #[inline(always)]
    fn multiply_add(self, a: f32x8, b: f32x8, c: f32x8) -> f32x8 {
        self.avx2.mul_add_f32s(a, b, c)
    }
}

impl<W: Vectors<Memory = [Octet; 2]>> Lanes for Eight<W> {
    type Wide = W;

    #[inline(always)]
    fn wide(self) -> W {
        self.wide
    }

    #[inline(always)]
    fn multiply(self, a: f32x8, b: f32x8) -> f32x8 {
        self.avx2.mul_f32s(a, b)
    }

    #[inline(always)]
    fn clamp(self, a: f32x8, limit: f32x8) -> f32x8 {
        self.avx2.min_f32s(self.avx2.max_f32s(a, self.avx2.neg_f32s(limit)), limit)
    }

    #[inline(always)]
    fn where_inside(self, a: f32x8, bounded: f32x8, limit: f32x8) -> f32x8 {
        let inside = self.avx2.less_than_f32s(self.avx2.abs_f32s(bounded), limit);
        self.avx2.select_f32s(inside, a, self.avx2.splat_f32s(0.0))
    }

    #[inline(always)]
    fn nonzero(self, a: f32x8) -> u8 {
        let zero = self.avx2.equal_f32s(a, self.avx2.splat_f32s(0.0));
        !self.avx2.avx._mm256_movemask_ps(cast(zero)) as u8
    }
}

/// Sixteen floats of AVX-512.
#[derive(Clone, Copy)]
pub(crate) struct Sixteen(V4);

impl Vectors for Sixteen {
    type Memory = [Octet; 2];
    type Vector = f32x16;
    const REGISTERS: usize = 1;

    #[inline(always)]
    fn splat(self, value: f32) -> f32x16 {
        self.0.splat_f32s(value)
    }

    #[inline(always)]
    fn load(self, values: &[Octet; 2]) -> f32x16 {
        cast(*values)
    }

    #[inline(always)]
    fn store(self, values: &mut [Octet; 2], vector: f32x16) {
        *values = cast(vector);
    }

    #[inline(always)]
    fn add(self, a: f32x16, b: f32x16) -> f32x16 {
        self.0.add_f32s(a, b)
    }

    #[inline(always)]
    fn multiply_add(self, a: f32x16, b: f32x16, c: f32x16) -> f32x16 {
        self.0.mul_add_f32s(a, b, c)
    }
}
