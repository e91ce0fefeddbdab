//! The example of `docs/arithmetic.md`: a second implementation of the page, for the network of `docs/artifact.md`
//! alone, which writes down every number of a step. It shares no arithmetic with the runtime.

use std::fmt::Write as _;

use crc::{CRC_64_XZ, Crc};

const ONE: i32 = 32_767;
const THRESHOLD: i32 = 2048;
const MEMBRANE_DECAY: i32 = 52_429;
const MODULATOR_DECAY: i32 = 45_875;
const DEAD_ZONE: i32 = 3277;
const ELIGIBILITY_DECAY: u64 = 60_948;
const PRE_DECAY: u64 = 58_982;
const POST_DECAY: u64 = 52_429;
const LARGEST_TRACE: u64 = 0x7fff_7fff;
const PLASTIC_LIMIT: i32 = 1 << 14;
const RATE: i32 = 26_214;
const LEAK: i32 = 20_972;
const BIAS: [i32; 2] = [100, -100];
const WEIGHTS: [[i32; 2]; 3] = [[16, 17], [32, 33], [48, 49]];
const TO_MODULATOR: [i32; 3] = [16, 32, 48];
const THIRD_FACTOR: [i32; 2] = [16, 17];
const OF_VALUE: i32 = 16;
/// Of x_i s_j, s_i y_j, s_i and s_j.
const COEFFICIENTS: [i32; 4] = [2000, -1000, 600, 0];
/// The rule has terms with x, and with 1 or s.
const LIMIT: i32 = 32_767 / 2;

fn round(a: i32, n: i32) -> i32 {
    (a + (1 << n >> 1)) >> n
}

fn rescale(a: i32, n: i32) -> i32 {
    if n < 0 { a << -n } else { round(a, n) }
}

fn sat16(a: i32) -> i32 {
    a.clamp(-32_768, 32_767)
}

fn clamp(a: i32, limit: i32) -> i32 {
    a.clamp(-limit, limit)
}

fn random(a: i32, n: i32, offset: i32) -> i32 {
    (a + if n < 16 { offset >> (16 - n) } else { offset << (n - 16) }) >> n
}

fn read_trace(t: u64) -> i32 {
    ((t + 0x8000) >> 16) as i32
}

/// Upper and lower offset.
fn draw(age: u32, index: u32, stream: u32) -> [i32; 2] {
    let mut bits = age.wrapping_add((8 * index + stream).wrapping_mul(0x9e37_79b9));
    bits = (bits ^ bits >> 16).wrapping_mul(0x7feb_352d);
    bits = (bits ^ bits >> 15).wrapping_mul(0x846c_a68b);
    bits ^= bits >> 16;
    [(bits >> 16) as i32, (bits & 0xffff) as i32]
}

/// The network's state.
#[derive(Default)]
pub(crate) struct Twin {
    pub(crate) age: u32,
    input: [i32; 3],
    spikes: [i32; 2],
    pub(crate) v: [i32; 2],
    counters: [i32; 2],
    pub(crate) u: i32,
    pub(crate) m: i32,
    x: [u64; 3],
    y: [u64; 2],
    third_factor: [i32; 2],
    r: u64,
    ahead: usize,
    pub(crate) e: [[i32; 2]; 3],
    pub(crate) p: [[i32; 2]; 3],
}

macro_rules! line {
    ($log:expr, $name:literal, $($value:expr),+) => {
        let values = [$(format!("{:?}", $value)),+].join("   ");
        writeln!($log, "{:34} {values}", $name).expect("a string takes all")
    };
}

impl Twin {
    pub(crate) fn new() -> Self {
        Self { r: 1 << 31, ..Self::default() }
    }

    /// One step; returns its numbers, line by line.
    pub(crate) fn step(&mut self, input: [i32; 3], value: i32, tanh: &dyn Fn(i32) -> i32) -> String {
        let mut log = String::new();
        line!(log, "age", self.age);
        line!(log, "s_i", input);
        self.input = input;
        self.integrate(&mut log);
        self.modulate(value, tanh, &mut log);
        self.filter(&mut log);
        self.grow(&mut log);
        self.increase(&mut log);
        self.change(&mut log);
        self.age = self.age.wrapping_add(1);
        line!(log, "age afterwards", self.age);
        line!(log, "state hash", format_args!("{:#018x}", self.hash()));
        log
    }

    fn integrate(&mut self, log: &mut String) {
        let before = self.spikes;
        let sum = |of: &dyn Fn(usize) -> i32| (0..3).map(|i| self.input[i] * of(i)).sum::<i32>();
        let total = [0, 1].map(|j| {
            let innate = rescale(sum(&|i| WEIGHTS[i][j]), 6 - 11);
            BIAS[j] + innate + rescale(sum(&|i| self.p[i][j]), 14 - 11) - THRESHOLD * before[j]
        });
        line!(log, "total_j, with - theta s_j(t-1)", total);
        self.v = [0, 1].map(|j| sat16(round(MEMBRANE_DECAY * self.v[j], 16) + total[j]));
        for j in 0..2 {
            let free = self.counters[j] == 0;
            self.counters[j] = i32::max(self.counters[j] - 1, 0);
            self.spikes[j] = i32::from(free && self.v[j] >= THRESHOLD);
            if self.spikes[j] == 1 {
                self.counters[j] = 2;
            }
        }
        line!(log, "v_j", self.v);
        line!(log, "s_j, counters", self.spikes, self.counters);
    }

    fn modulate(&mut self, value: i32, tanh: &dyn Fn(i32) -> i32, log: &mut String) {
        let [offset, _] = draw(self.age, 2, 3);
        let total = rescale((0..3).map(|i| self.input[i] * TO_MODULATOR[i]).sum(), 6 - 12);
        let of_value = rescale(OF_VALUE * value, 5 + 12 - 12);
        let decayed = sat16((MODULATOR_DECAY * self.u + offset) >> 16);
        line!(log, "o of population 2, stream 3", offset);
        line!(log, "total_k, of the analog value, decayed u_k", total, of_value, decayed);
        self.u = sat16(decayed + total + of_value);
        let t = tanh(self.u);
        self.m = t - clamp(t, DEAD_ZONE);
        line!(log, "u_k, tanh, m_k", self.u, t, self.m);
    }

    fn filter(&mut self, log: &mut String) {
        let filtered = |t: u64, decay: u64, spike: i32| {
            let gain = if spike == 1 { (65_536 - decay) << 15 } else { 0 };
            u64::min(((t * decay) >> 16) + gain, LARGEST_TRACE)
        };
        self.x = [0, 1, 2].map(|i| filtered(self.x[i], PRE_DECAY, self.input[i]));
        self.y = [0, 1].map(|j| filtered(self.y[j], POST_DECAY, self.spikes[j]));
        line!(log, "t of x_i, and x_i", self.x, self.x.map(read_trace));
        line!(log, "t of y_j, and y_j", self.y, self.y.map(read_trace));
    }

    /// The scale of the rows that are not halved ahead, and of the others.
    fn scales(&self) -> [i32; 2] {
        [(self.r >> 16) as i32, (self.r >> 17) as i32]
    }

    fn scale_of(&self, row: usize) -> i32 {
        self.scales()[usize::from(row < self.ahead)]
    }

    fn grow(&mut self, log: &mut String) {
        let [_, lower] = draw(self.age, 0, 1);
        let growth = ((65_536 - ELIGIBILITY_DECAY) << 32) / ELIGIBILITY_DECAY;
        self.r += (self.r * growth) >> 32;
        let start = (0..3).fold((1 << 32) - 1, |b, _| (b >> 16) * ELIGIBILITY_DECAY);
        let first = self.ahead;
        let halved = if self.r >= 1 << 32 {
            (self.r, self.ahead) = (self.r >> 1, 0);
            first..3
        } else {
            self.ahead = if self.r >= start { 3 } else { first };
            first..self.ahead
        };
        for row in halved {
            self.e[row] = self.e[row].map(|e| (e + (lower >> 15)) >> 1);
        }
        line!(log, "growth, r, ahead, q", growth, self.r, self.ahead, self.scales()[0]);
    }

    fn increase(&mut self, log: &mut String) {
        let ([offset, _], [of_terms, _]) = (draw(self.age, 0, 1), draw(self.age, 0, 2));
        let of_spike = round(COEFFICIENTS[2] * ONE, 15);
        let v_s = [0, 1].map(|j| random(COEFFICIENTS[1] * read_trace(self.y[j]), 15, of_terms) + of_spike);
        line!(log, "o of streams 1 and 2", offset, of_terms);
        line!(log, "V_s,j", v_s);
        let (v_x, v_1) = (round(COEFFICIENTS[0] * ONE, 15), round(COEFFICIENTS[3] * ONE, 15));
        line!(log, "V_x,j and V_1,j, where j spikes", v_x, v_1);
        for i in 0..3 {
            let q = self.scale_of(i);
            for j in 0..2 {
                if self.input[i] == 1 {
                    self.e[i][j] = sat16(self.e[i][j] + ((clamp(v_s[j], LIMIT) * q + offset) >> 16));
                }
            }
        }
        line!(log, "stored E_ij after the rows", self.e);
        for i in 0..3 {
            let scaled = |v: i32| clamp(round(clamp(v, LIMIT) * self.scale_of(i), 15), LIMIT);
            let sum = read_trace(self.x[i]) * scaled(v_x) + ONE * scaled(v_1) + offset.min(65_534);
            for j in 0..2 {
                if self.spikes[j] == 1 {
                    self.e[i][j] = sat16(self.e[i][j] + (sum >> 16));
                }
            }
        }
        line!(log, "stored E_ij after the columns", self.e);
    }

    fn change(&mut self, log: &mut String) {
        let ([of_rate, first], [_, of_scale]) = (draw(self.age, 0, 0), draw(self.age, 0, 2));
        self.third_factor = THIRD_FACTOR.map(|g| sat16(round(self.m * g, 6 + 15 - 13)));
        let q = self.scales()[0];
        let reciprocal = ((1 << 30) + q / 2) / q;
        let rated = self.third_factor.map(|m| sat16(random(m * RATE, 13 + 18 - (14 + 16 - 15), of_rate)));
        let factors = rated.map(|f| sat16(random(f * reciprocal, 15, of_scale)));
        line!(log, "M_j", self.third_factor);
        line!(log, "o and o', R", of_rate, of_scale, reciprocal);
        line!(log, "f_j, F_j", rated, factors);
        let offsets = [0, 1, 2].map(|i| (first + i * 0x9e00) & 0xffff);
        line!(log, "o_i", offsets);
        let [of_leak, _] = draw(self.age, 0, 4);
        let leaks = self.third_factor.map(|m| -random(m.abs() * LEAK, 13 + 20 - 16, of_leak).min(32_766));
        line!(log, "o'' and K_j", of_leak, leaks);
        for i in 0..3 {
            for j in 0..2 {
                let factor = if i < self.ahead as i32 { sat16(2 * factors[j]) } else { factors[j] };
                let (e, p) = (self.e[i as usize][j], &mut self.p[i as usize][j]);
                *p = clamp(*p + ((factor * e + leaks[j] * *p + offsets[i as usize]) >> 16), PLASTIC_LIMIT);
            }
        }
        line!(log, "P_ij", self.p);
    }

    fn hash(&self) -> u64 {
        let crc = Crc::<u64>::new(&CRC_64_XZ);
        let mut digest = crc.digest();
        let mut word = |value: u32| digest.update(&value.to_le_bytes());
        word(self.age);
        let mut bytes: Vec<u8> = Vec::new();
        let mut half = |value: i32| bytes.extend((value as u16).to_le_bytes());
        let list = |spikes: &[i32], half: &mut dyn FnMut(i32)| {
            let spiking: Vec<_> = (0..spikes.len()).filter(|neuron| spikes[*neuron] == 1).collect();
            half(spiking.len() as i32);
            half(0);
            spiking.into_iter().for_each(|neuron| half(neuron as i32));
        };
        list(&self.input, &mut half);
        list(&self.spikes, &mut half);
        self.v.into_iter().chain(self.counters).for_each(&mut half);
        list(&[], &mut half);
        [self.u, self.m].into_iter().for_each(&mut half);
        self.x.into_iter().map(read_trace).chain(self.x.map(|t| t as i32 + 0x8000)).for_each(&mut half);
        self.y.into_iter().map(read_trace).chain(self.y.map(|t| t as i32 + 0x8000)).for_each(&mut half);
        self.third_factor.into_iter().for_each(&mut half);
        for matrix in [self.e, self.p] {
            matrix.into_iter().for_each(|row| row.into_iter().chain([0; 6]).for_each(&mut half));
        }
        [self.r as i32, (self.r >> 16) as i32, self.ahead as i32].into_iter().for_each(&mut half);
        digest.update(&bytes);
        digest.finalize()
    }
}
