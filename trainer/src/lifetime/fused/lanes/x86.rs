//! AVX2 with fused multiply-adds, and AVX-512, by the safe crate `pulp`.

use pulp::x86::{V3, V4};
use pulp::{Simd, cast, f32x8, f32x16};

use super::portable::Twice;
use super::{Lanes, Octet, Vectors};

impl Vectors for V3 {
    type Memory = Octet;
    type Vector = f32x8;
    const REGISTERS: usize = 1;

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
    fn multiply_add(self, a: f32x8, b: f32x8, c: f32x8) -> f32x8 {
        self.mul_add_f32s(a, b, c)
    }
}

impl Lanes for V3 {
    type Wide = Twice<Self>;

    #[inline(always)]
    fn wide(self) -> Twice<Self> {
        Twice(self)
    }

    #[inline(always)]
    fn multiply(self, a: f32x8, b: f32x8) -> f32x8 {
        self.mul_f32s(a, b)
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

/// Eight floats are AVX2's.
impl Vectors for V4 {
    type Memory = Octet;
    type Vector = f32x8;
    const REGISTERS: usize = 1;

    #[inline(always)]
    fn splat(self, value: f32) -> f32x8 {
        Vectors::splat(*self, value)
    }

    #[inline(always)]
    fn load(self, values: &Octet) -> f32x8 {
        Vectors::load(*self, values)
    }

    #[inline(always)]
    fn store(self, values: &mut Octet, vector: f32x8) {
        Vectors::store(*self, values, vector);
    }

    #[inline(always)]
    fn add(self, a: f32x8, b: f32x8) -> f32x8 {
        Vectors::add(*self, a, b)
    }

    #[inline(always)]
    fn multiply_add(self, a: f32x8, b: f32x8, c: f32x8) -> f32x8 {
        Vectors::multiply_add(*self, a, b, c)
    }
}

impl Lanes for V4 {
    type Wide = Sixteen;

    #[inline(always)]
    fn wide(self) -> Sixteen {
        Sixteen(self)
    }

    #[inline(always)]
    fn multiply(self, a: f32x8, b: f32x8) -> f32x8 {
        Lanes::multiply(*self, a, b)
    }

    #[inline(always)]
    fn clamp(self, a: f32x8, limit: f32x8) -> f32x8 {
        Lanes::clamp(*self, a, limit)
    }

    #[inline(always)]
    fn where_inside(self, a: f32x8, bounded: f32x8, limit: f32x8) -> f32x8 {
        Lanes::where_inside(*self, a, bounded, limit)
    }
}

/// Sixteen floats of AVX-512.
#[derive(Clone, Copy)]
pub(in crate::lifetime::fused) struct Sixteen(V4);

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
