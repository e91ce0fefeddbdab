//! The chip's arithmetic is right in the mean, at every time constant and every size of change: it is compared with the
//! equations in floating point over the same spikes. `--nocapture` prints the table of what is measured.

mod relay;
mod stationary;

use metaplastic_shared::rule::{Postsynaptic as Post, Presynaptic as Pre, Term};
use relay::{Relay, SIZE, StepSpikes, decay, fraction, mean, mean_and_error, random_spikes};

const HEBB: Term = Term::new(Pre::Trace, Post::Trace);
const AFTER: Term = Term::new(Pre::Trace, Post::Spike);
const BEFORE: Term = Term::new(Pre::Spike, Post::Trace);
const BCM: Term = Term::new(Pre::Trace, Post::TraceTimesThreshold);
/// Of a Q15 number.
const ONE: f64 = 32_768.0;

fn whole(values: &[i16]) -> f64 {
    mean(values.iter().map(|value| f64::from(*value)))
}

#[test]
fn the_mean_of_a_trace_is_that_of_the_equation() {
    for time_constant in [10.0, 100.0, 700.0, 2000.0] {
        for rate in [0.005, 0.02, 0.1, 0.5] {
            let relay = Relay { trace_decay: decay(time_constant), ..Relay::new(&[(HEBB, 100)]) };
            let (mut chip, mut equation) = (0.0, 0.0);
            relay.run(&mut random_spikes(1, rate), 60_000, &mut |network, equations| {
                chip += whole(network.traces(0).next().expect("x")) / ONE;
                equation += mean(equations.x);
            });
            let ratio = chip / equation;
            println!("trace, tau {time_constant}, rate {rate}: {:+.2} %", 100.0 * (ratio - 1.0));
            assert!((ratio - 1.0).abs() < 0.01, "tau {time_constant}, rate {rate}: {ratio}");
        }
    }
}

/// Neurons that are driven in every step spike as often as their adaptation lets them.
#[test]
fn an_adaptive_neuron_spikes_as_often_as_the_equations_say() {
    for time_constant in [20.0, 200.0, 1000.0, 2000.0] {
        let relay = Relay { trace_decay: decay(time_constant), adaptation: 30_000, ..Relay::new(&[(HEBB, 100)]) };
        let (mut chip, mut equation, mut a, steps) = (0_u32, 0_u32, 0.0, 20_000);
        let rho = fraction(relay.trace_decay);
        let mut before = false;
        relay.run(&mut |_| StepSpikes { pre: 0, post: u16::MAX }, steps, &mut |network, _| {
            chip += u32::from(network.spikes(2).next().is_some());
            let potential = 2032.0 - if before { 1000.0 } else { 0.0 };
            before = potential >= 1000.0 + 30_000.0 * a;
            a = rho * a + (1.0 - rho) * f64::from(u8::from(before));
            equation += u32::from(before);
        });
        println!("adaptive neuron, tau {time_constant}: {chip} spikes, equation {equation}");
        let difference = (f64::from(chip) / f64::from(equation) - 1.0).abs();
        assert!(difference < 0.03, "tau {time_constant}: {chip} spikes for {equation}");
    }
}

#[test]
fn the_sliding_threshold_is_that_of_the_equation() {
    for time_constant in [100.0, 1000.0, 2000.0] {
        for rate in [0.1, 0.2] {
            let relay = Relay { trace_decay: decay(time_constant), ..Relay::new(&[(BCM, 100)]) };
            let (mut chip, mut equation) = (0.0, 0.0);
            relay.run(&mut random_spikes(2, rate), 60_000, &mut |network, equations| {
                chip += whole(network.traces(0).nth(4).expect("theta_y")) / ONE;
                equation += mean(equations.threshold);
            });
            let ratio = chip / equation;
            println!("sliding threshold, tau {time_constant}, rate {rate}: {:+.2} %", 100.0 * (ratio - 1.0));
            assert!((ratio - 1.0).abs() < 0.01, "tau {time_constant}, rate {rate}: {ratio}");
        }
    }
}

const STEPS: u32 = 400_000;

/// What the mean over all synapses and steps is above that of the equation, in LSB of E. `scale` is that of what is
/// stored in a step, if it is known.
fn eligibility_bias(relay: &Relay, scale: &dyn Fn(u32) -> Option<f64>) -> f64 {
    let (mut bias, mut count, mut step) = (0.0, 0.0, 0);
    relay.run(&mut random_spikes(3, 0.05), STEPS, &mut |network, equations| {
        step += 1;
        let Some(scale) = scale(step) else { return };
        let chip = mean(network.eligibility_rows(0).map(whole)) / scale;
        bias += chip - mean(equations.e.iter().map(|row| mean(row.iter().copied())));
        count += 1.0;
    });
    bias / count
}

/// The roundings of a step have a mean error of about 0.03 LSB over these synapses; over a time constant they add up, over
/// many of those they cancel. Four standard errors, where that is more than 0.02 LSB.
fn tolerance(time_constant: f64) -> f64 {
    f64::max(0.02, 4.0 * 0.03 * time_constant / f64::from(STEPS).sqrt())
}

#[test]
fn dense_eligibility_has_no_bias() {
    for (time_constant, coefficient) in [(14.0, 3000), (14.0, 30), (100.0, 400), (1000.0, 400)] {
        let relay = Relay { eligibility_decay: decay(time_constant), ..Relay::new(&[(HEBB, coefficient)]) };
        let bias = eligibility_bias(&relay, &|_| Some(1.0));
        println!("dense E, tau {time_constant}, c {coefficient}: {bias:+.4} LSB");
        assert!(bias.abs() < tolerance(time_constant), "tau {time_constant}, c {coefficient}: {bias}");
    }
}

#[test]
fn lazy_eligibility_has_no_bias() {
    for (time_constant, coefficient) in [(14.0, 1000), (100.0, 400), (2000.0, 400), (9400.0, 200)] {
        let relay = Relay {
            eligibility_decay: decay(time_constant),
            ..Relay::new(&[(AFTER, coefficient), (BEFORE, -coefficient)])
        };
        // r is read off where no row is halved ahead of the others: below 2 a_E^3.
        let a = fraction(relay.eligibility_decay);
        let scale = |step: u32| {
            let scale = (-a.log2() * f64::from(step)).fract().exp2();
            (1.001..1.999 * a.powi(3)).contains(&scale).then_some(scale)
        };
        let bias = eligibility_bias(&relay, &scale);
        println!("lazy E, tau {time_constant}, c {coefficient}: {bias:+.4} LSB");
        assert!(bias.abs() < tolerance(time_constant), "tau {time_constant}, c {coefficient}: {bias}");
    }
}

/// P of all synapses, chip and equation.
fn plastic_weights(relay: &Relay, spikes: &mut dyn FnMut(u32) -> StepSpikes, steps: u32) -> (Vec<f64>, Vec<f64>) {
    let (mut chip, mut equation, mut step) = (Vec::new(), Vec::new(), 0);
    relay.run(spikes, steps, &mut |network, equations| {
        step += 1;
        if step == steps {
            chip = network.plastic_rows(0).flatten().map(|p| f64::from(*p)).collect();
            equation = equations.p.iter().flatten().copied().collect();
        }
    });
    (chip, equation)
}

#[test]
fn plastic_weights_do_not_drift_in_a_million_steps() {
    for rate in [40, 1000] {
        let relay = Relay { rate, ..Relay::new(&[(AFTER, 1000), (BEFORE, -1000)]) };
        let (chip, equation) = plastic_weights(&relay, &mut random_spikes(4, 0.05), 1_000_000);
        let ((chip, _), (equation, error)) = (mean_and_error(&chip), mean_and_error(&equation));
        println!("P after 10^6 steps, lazy E, rate {rate}: {chip:.1} LSB, equation {equation:.1} +- {error:.1}");
        assert!((chip - equation).abs() < 3.0 * error, "{rate}: {chip} for {equation} +- {error}");
    }
}

/// A hundredth of an LSB a step, by eta alone: the factor of change is itself below one.
#[test]
fn small_changes_add_up() {
    for (rate, rate_shift, coefficient) in [(13, 0, 3000), (208, 4, 3000), (3, 4, 32_000)] {
        let relay = Relay { rate, rate_shift, ..Relay::new(&[(HEBB, coefficient)]) };
        let (chip, equation) = plastic_weights(&relay, &mut random_spikes(5, 0.05), 50_000);
        let (chip, equation) = (mean(chip), mean(equation));
        println!(
            "P after 50,000 small changes of {:.4} LSB: {chip:.1}, equation {equation:.1}",
            equation / 50_000.0
        );
        assert!((chip / equation - 1.0).abs() < 0.02, "{rate}: {chip} for {equation}");
    }
}

/// After activity, everything that decays reaches exactly zero, and P stands still.
#[test]
fn silence_leads_to_exactly_zero() {
    for terms in [&[(HEBB, 3000)][..], &[(AFTER, 1000), (BEFORE, -500)]] {
        let relay = Relay { rate: 40, eligibility_decay: decay(100.0), ..Relay::new(terms) };
        let mut active = random_spikes(6, 0.1);
        let mut spikes = |step| if step < 500 { active(step) } else { StepSpikes::default() };
        let (mut step, mut last, mut was_active) = (0, Vec::new(), false);
        relay.run(&mut spikes, 6000, &mut |network, _| {
            step += 1;
            was_active |= network.eligibility_rows(0).flatten().any(|e| *e != 0);
            if step == 4000 {
                assert!(network.traces(0).flatten().all(|trace| *trace == 0));
                assert!(network.eligibility_rows(0).flatten().all(|e| *e == 0), "step {step}");
                last = network.plastic_rows(0).flatten().copied().collect();
            }
        });
        let (after, _) = plastic_weights(
            &relay,
            &mut {
                let mut active = random_spikes(6, 0.1);
                move |step| if step < 500 { active(step) } else { StepSpikes::default() }
            },
            6000,
        );
        assert!(was_active && last.iter().any(|p| *p != 0));
        assert_eq!(last.iter().map(|p| f64::from(*p)).collect::<Vec<_>>(), after);
        assert_eq!(last.len(), SIZE * SIZE);
    }
}
