//! Plain arrays, which the compiler turns into whatever the target has, and vectors side by side.

use super::vectors::{LANES, Lanes, Octet, Vectors};

/// Plain arrays.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Vectors for Portable {
    type Memory = Octet;
    type Vector = Octet;
    const REGISTERS: usize = 1;

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
    fn multiply_add(self, a: Octet, b: Octet, c: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }
}

impl Lanes for Portable {
    type Wide = Twice<Self>;

    #[inline(always)]
    fn wide(self) -> Twice<Self> {
        Twice(self)
    }

    #[inline(always)]
    fn multiply(self, a: Octet, b: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    fn clamp(self, a: Octet, limit: Octet) -> Octet {
        std::array::from_fn(|lane| a[lane].max(-limit[lane]).min(limit[lane]))
    }

    #[inline(always)]
    fn where_inside(self, a: Octet, bounded: Octet, limit: Octet) -> Octet {
        std::array::from_fn(|lane| if bounded[lane].abs() < limit[lane] { a[lane] } else { 0.0 })
    }

    #[inline(always)]
    fn nonzero(self, a: Octet) -> u8 {
        (0..LANES).fold(0, |bits, lane| bits | u8::from(a[lane] != 0.0) << lane)
    }
}

/// Sixteen floats as two times eight.
#[derive(Clone, Copy)]
pub(crate) struct Twice<V>(pub(crate) V);

impl<V: Vectors<Memory = Octet>> Vectors for Twice<V> {
    type Memory = [Octet; 2];
    type Vector = [V::Vector; 2];
    const REGISTERS: usize = 2 * V::REGISTERS;

    #[inline(always)]
    fn splat(self, value: f32) -> [V::Vector; 2] {
        [self.0.splat(value); 2]
    }

    #[inline(always)]
    fn load(self, memory: &[Octet; 2]) -> [V::Vector; 2] {
        [self.0.load(&memory[0]), self.0.load(&memory[1])]
    }

    #[inline(always)]
    fn store(self, memory: &mut [Octet; 2], vector: [V::Vector; 2]) {
        self.0.store(&mut memory[0], vector[0]);
        self.0.store(&mut memory[1], vector[1]);
    }

    #[inline(always)]
    fn add(self, a: [V::Vector; 2], b: [V::Vector; 2]) -> [V::Vector; 2] {
        [self.0.add(a[0], b[0]), self.0.add(a[1], b[1])]
    }

    #[inline(always)]
    fn multiply_add(self, a: [V::Vector; 2], b: [V::Vector; 2], c: [V::Vector; 2]) -> [V::Vector; 2] {
        [self.0.multiply_add(a[0], b[0], c[0]), self.0.multiply_add(a[1], b[1], c[1])]
    }
}
