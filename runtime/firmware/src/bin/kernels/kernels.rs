//! Every kernel in both forms on the same numbers: instructions, and whether the results are equal.

use core::hint::black_box;

use metaplastic_firmware::Stopwatch;
use metaplastic_runtime::StepCounter;
use metaplastic_runtime::kernel::{self, DenseRow, portable};
use semihosting::println;

use super::data::{Data, POST, PRE, SPIKING, VALUES};

const DECAY: u16 = 60_948;
const THRESHOLD: i16 = 2048;
const LIMIT: i16 = 16_384;
const SCALE: u16 = 45_000;
const OFFSET: u16 = 50_001;
const ADDEND: i32 = -700 * 32_767 + OFFSET as i32;

/// A kernel in one form, and how many synapses or neurons it works on.
struct Kernel {
    name: &'static str,
    elements: usize,
    portable: fn(&mut Data),
    chosen: fn(&mut Data),
}

macro_rules! kernel {
    ($name:literal, $elements:expr, $run:ident) => {
        Kernel { name: $name, elements: $elements, portable: $run::portable, chosen: $run::chosen }
    };
}

/// Writes a module with the same body over each form of the kernels.
macro_rules! forms {
    ($($run:ident, $data:ident, $form:ident => $body:block)*) => { $(
        mod $run {
            use super::*;
            pub(super) fn portable($data: &mut Data) {
                use portable as $form;
                $body
            }
            pub(super) fn chosen($data: &mut Data) {
                use kernel as $form;
                $body
            }
        }
    )* };
}

forms! {
    propagate_i8, data, form => {
        form::propagate_i8(&data.innate.0, &data.spikes.0, &mut data.sums.0);
    }
    propagate_i16, data, form => {
        form::propagate_i16(&data.plastic.0, &data.spikes.0, &mut data.sums.0);
    }
    propagate_values, data, form => {
        form::propagate_values(&data.innate.0, data.vector.0.get(..VALUES).unwrap_or_default(), &mut data.sums.0);
    }
    eligibility_dense, data, form => {
        for (eligibility, trace) in data.eligibility.0.chunks_exact_mut(POST).zip(data.pre_trace.0) {
            let row = DenseRow {
                decay: DECAY,
                trace,
                of_trace: &data.vector.0,
                slow_trace: 0,
                of_slow_trace: &[],
                addends: &data.addends.0,
                of_plastic: &[],
                plastic_exponent: 14,
                limit: 16_383,
            };
            form::eligibility_row(eligibility, &data.plastic.0, &row);
        }
    }
    eligibility_rows, data, form => {
        data.addends.0.fill(100);
        form::add_products(&mut data.addends.0, -2000, &data.post_trace.0, OFFSET >> 1);
        form::row_increments(&mut data.vector.0, &data.addends.0, (SCALE, OFFSET), LIMIT);
        for spike in data.spikes.0 {
            let start = usize::from(spike) * POST;
            if let Some(row) = data.eligibility.0.get_mut(start..start + POST) {
                form::add_row(row, &data.vector.0);
            }
        }
    }
    eligibility_columns, data, form => {
        for spike in data.post_spikes.0 {
            let column = data.eligibility.0.get_mut(usize::from(spike)..).unwrap_or_default();
            form::eligibility_column(column, POST, (&data.pre_trace.0, 3000), (&[], 0), ADDEND);
        }
    }
    eligibility_many_columns, data, form => {
        let traces = (&data.pre_trace.0[..], 3000);
        form::add_columns(&mut data.eligibility.0, POST, &COLUMNS, traces, ADDEND, &mut data.sums.0);
        data.sums.0.fill(0);
    }
    add_rescaled, data, form => {
        form::add_rescaled(&mut data.addends.0, &data.sums.0, 4);
    }
    halve, data, form => {
        form::halve(&mut data.eligibility.0, 1);
    }
    change, data, form => {
        form::change(&mut data.plastic.0, &data.eligibility.0, &data.vector.0, LIMIT, OFFSET);
    }
    change_and_leak, data, form => {
        let factors = (&data.vector.0[..], &data.leaks.0[..]);
        form::change_and_leak(&mut data.plastic.0, &data.eligibility.0, factors, LIMIT, OFFSET);
    }
    integrate, data, form => {
        let Data { membrane, sums, found, .. } = data;
        data.count = form::integrate(&mut membrane.0, &sums.0, 52_429, THRESHOLD, &mut found.0);
    }
    integrate_each, data, form => {
        let Data { membrane, sums, decays, found, .. } = data;
        data.count = form::integrate_each(&mut membrane.0, &sums.0, &decays.0, THRESHOLD, &mut found.0);
    }
    lif_with_traces, data, form => {
        let Data { membrane, sums, found, post_trace, post_fraction, .. } = data;
        data.count = form::integrate(&mut membrane.0, &sums.0, 52_429, THRESHOLD, &mut found.0);
        form::decay_trace(&mut post_trace.0, &mut post_fraction.0, DECAY);
        for spike in found.0.iter().take(data.count) {
            if let Some(value) = post_trace.0.get_mut(usize::from(*spike)) {
                *value = value.saturating_add(3000);
            }
        }
    }
    decay_trace, data, form => {
        form::decay_trace(&mut data.post_trace.0, &mut data.post_fraction.0, DECAY);
    }
}

/// A spike in half of the columns.
const COLUMNS: [u16; POST / 2] = multiples(2);

const fn multiples<const COUNT: usize>(step: u16) -> [u16; COUNT] {
    let mut multiples = [0; COUNT];
    let mut n = 1;
    while n < COUNT {
        multiples[n] = multiples[n - 1] + step;
        n += 1;
    }
    multiples
}

const KERNELS: [Kernel; 15] = [
    kernel!("propagate_i8", SPIKING * POST, propagate_i8),
    kernel!("propagate_i16", SPIKING * POST, propagate_i16),
    kernel!("propagate_values", VALUES * POST, propagate_values),
    kernel!("eligibility_dense", PRE * POST, eligibility_dense),
    kernel!("eligibility_rows", SPIKING * POST, eligibility_rows),
    kernel!("eligibility_columns", super::data::POST_SPIKING * PRE, eligibility_columns),
    kernel!("eligibility_many_columns", PRE * POST, eligibility_many_columns),
    kernel!("add_rescaled", POST, add_rescaled),
    kernel!("halve", PRE * POST, halve),
    kernel!("change", PRE * POST, change),
    kernel!("change_and_leak", PRE * POST, change_and_leak),
    kernel!("integrate", POST, integrate),
    kernel!("integrate_each", POST, integrate_each),
    kernel!("lif_with_traces", POST, lif_with_traces),
    kernel!("decay_trace", POST, decay_trace),
];

/// Prints every kernel's counts. Returns whether all twins agree.
pub(crate) fn measure(data: &mut Data, stopwatch: &mut Stopwatch) -> bool {
    let mut equal = true;
    for it in &KERNELS {
        let digests = [("portable", it.portable), (kernel::FORM, it.chosen)].map(|(form, run)| {
            data.fill();
            let run = black_box(run);
            stopwatch.start();
            run(black_box(data));
            print(it, form, stopwatch.elapsed());
            data.digest()
        });
        if digests[0] != digests[1] {
            println!("DIFFERENT {}", it.name);
            equal = false;
        }
    }
    equal
}

fn print(kernel: &Kernel, form: &str, instructions: u32) {
    let hundredths = (u64::from(instructions) * 100 / kernel.elements as u64) as u32;
    let (name, elements) = (kernel.name, kernel.elements);
    println!("kernel {name} {form} {instructions} {elements} {}.{:02}", hundredths / 100, hundredths % 100);
}
