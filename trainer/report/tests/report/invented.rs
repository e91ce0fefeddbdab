//! An invented run of the cue association, shaped like a real one: 72 inputs, 64 hidden, 8 output neurons,
//! 180 steps. No number here was measured.

use metaplastic_report::data::{
    Accuracy, Band, CurvePoint, FactRow, FormatRow, Histogram, LifeCurve, LifePoint, Raster, RecordedDecision,
    RecordedEpisode, RecordedPhase, RecordedPhaseKind, RecordedThirdFactor, RecordedTrace, RecordedWeights,
    ReportData, RuleRow,
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

const STEPS: usize = 180;
const ACTIONS: [usize; 4] = [1, 0, 0, 1];
const ORDER: [usize; 4] = [2, 0, 3, 1];

/// The invented run.
pub(crate) fn report() -> ReportData {
    report_named("input>hidden")
}

/// The invented run with a distinct name in every place where a caller names something.
pub(crate) fn report_named(name: &str) -> ReportData {
    let is_plain = name == "input>hidden";
    let own = |plain: &str| if is_plain { plain.to_owned() } else { name.to_owned() };
    ReportData {
        world: None,
        title: own("Cue association: invented data"),
        task: own("cue-association"),
        seed: 1,
        meta_steps: 250,
        exported_page: None,
        command_lines: vec![
            own("metaplastic train cue-association --out runs/cue --seed 1"),
            "metaplastic report runs/cue".into(),
        ],
        summary: vec![
            FactRow { label: own("network"), value: "72 > 64 > 8, 8 modulators, 5120 plastic synapses".into() },
            FactRow { label: "flash, RAM".into(), value: own("9 412 bytes, 23 080 bytes") },
        ],
        chance: 0.5,
        curve: curve(),
        accuracies: accuracies(&own),
        within_episode: within_episode(),
        lives: vec![life(&own("this network"), 0.0), life("trained without carrying over", 0.02)],
        episode: Some(episode(&own)),
        pictures: None,
        memories: Vec::new(),
        plastic_distribution: vec![histogram(&own("input>hidden"), 4608), histogram("hidden>output", 512)],
        rule: rule(&own),
        formats: formats(&own),
    }
}

fn random(seed: u64) -> Pcg32 {
    Pcg32::seed_from_u64(seed)
}

fn curve() -> Vec<CurvePoint> {
    let mut random = random(1);
    let point = |meta_step: u64| {
        let progress = 1.0 - (-(meta_step as f64) / 45.0).exp();
        let score = (0.5 + 0.5 * progress + random.random_range(-0.06..0.06)).clamp(0.4, 1.0);
        let loss = (0.75 - 0.7 * progress) * random.random_range(0.8..1.25);
        let phase = meta_step as f64 / 250.0;
        let learning_rate = 3e-3 * (std::f64::consts::PI * phase).sin();
        CurvePoint {
            meta_step,
            loss,
            score,
            learning_rate,
            gradient_norm: 4.0 * loss * random.random_range(0.5..2.0),
        }
    };
    (0..250).map(point).collect()
}

fn accuracies(own: &dyn Fn(&str) -> String) -> Vec<Accuracy> {
    let one = |label: &str, accuracy: f64, half: f64| Accuracy {
        label: label.into(),
        accuracy,
        low: accuracy - half,
        high: accuracy + half,
        decisions: 4096,
        episodes: 1024,
    };
    vec![
        one(&own("float, on the host computer"), 0.993, 0.003),
        one("chip, integers", 0.991, 0.003),
        one("chip, plasticity frozen (P = 0)", 0.507, 0.015),
        one("chip, third factor frozen at 1", 0.484, 0.015),
    ]
}

fn within_episode() -> Vec<Accuracy> {
    let names = ["first query", "second", "third", "fourth"];
    let one = |(index, name): (usize, &&str)| {
        let accuracy = 0.994 - 0.002 * index as f64;
        let (low, high) = (accuracy - 0.006, accuracy + 0.004);
        Accuracy { label: (*name).into(), accuracy, low, high, decisions: 1024, episodes: 1024 }
    };
    names.iter().enumerate().map(one).collect()
}

fn life(label: &str, forgetting: f64) -> LifeCurve {
    let point = |index: u64| {
        let first = if index < 10 { index + 1 } else { 10 * (index - 9) + 1 };
        let last = if index < 10 { first } else { first + 9 };
        let accuracy = 0.5 + 0.48 * (-forgetting * first as f64).exp();
        LifePoint { first, last, accuracy, low: accuracy - 0.02, high: (accuracy + 0.015).min(1.0) }
    };
    LifeCurve { label: label.into(), lives: 100, points: (0..29).map(point).collect() }
}

fn episode(own: &dyn Fn(&str) -> String) -> RecordedEpisode {
    let phases = phases(own);
    let modulators = modulators(own, &phases);
    let (input, hidden, output) = (input(own, &phases), hidden(), output(&phases));
    let decisions = answers(&phases, &output);
    RecordedEpisode {
        steps: STEPS,
        rasters: vec![input, hidden, output],
        without_raster: Vec::new(),
        modulators,
        third_factor: vec![
            third_factor(&own("input>hidden"), &phases, 1.0),
            third_factor("hidden>output", &phases, 0.4),
        ],
        plastic_rms: vec![
            plastic_rms(&own("input>hidden"), &phases, 0.05),
            plastic_rms("hidden>output", &phases, 0.09),
        ],
        plastic_weights: vec![plastic_weights(&own("input>hidden"), &phases)],
        decisions,
        phases,
        life: None,
    }
}

fn phases(own: &dyn Fn(&str) -> String) -> Vec<RecordedPhase> {
    let mut phases = Vec::new();
    for cue in 0..4 {
        let start = 30 * cue;
        let phase = |from, to, label, kind| RecordedPhase { start: start + from, end: start + to, label, kind };
        phases.push(phase(0, 15, own(&format!("cue {cue}")), RecordedPhaseKind::Cue));
        phases.push(phase(15, 25, "delay".into(), RecordedPhaseKind::Pause));
        phases.push(phase(25, 30, format!("label {}", ACTIONS[cue]), RecordedPhaseKind::Label));
    }
    for (index, cue) in ORDER.into_iter().enumerate() {
        let start = 120 + 15 * index;
        phases.push(RecordedPhase {
            start,
            end: start + 15,
            label: format!("cue {cue}?"),
            kind: RecordedPhaseKind::Query,
        });
    }
    phases
}

fn phase_at(phases: &[RecordedPhase], step: usize) -> &RecordedPhase {
    phases.iter().find(|phase| (phase.start..phase.end).contains(&step)).expect("phases cover the episode")
}

fn spikes(neurons: usize, seed: u64, rate: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let mut random = random(seed);
    let cells = (0..STEPS).flat_map(|step| (0..neurons).map(move |neuron| (step, neuron)));
    cells.filter(|(step, neuron)| random.random::<f64>() < rate(*step, *neuron)).collect()
}

/// The cue shown in a step, if any.
fn cue_at(step: usize) -> Option<usize> {
    let in_labelled = step < 120 && step % 30 < 15;
    if in_labelled { Some(step / 30) } else { (step >= 120).then(|| ORDER[(step - 120) / 15]) }
}

fn input(own: &dyn Fn(&str) -> String, phases: &[RecordedPhase]) -> Raster {
    let band = |label: String, start, end| Band { label, start, end };
    let rate = |step: usize, neuron: usize| {
        let is_labelled = phase_at(phases, step).kind == RecordedPhaseKind::Label;
        match neuron {
            0..64 if cue_at(step).is_some_and(|cue| (7 * neuron + 11 * cue) % 61 < 16) => 0.4,
            0..64 => 0.02,
            _ if is_labelled && (neuron - 64) / 4 == ACTIONS[step / 30] => 0.5,
            _ => 0.0,
        }
    };
    Raster {
        population: own("input"),
        neurons: 72,
        bands: vec![
            band(own("cue channels"), 0, 64),
            band("label 0".into(), 64, 68),
            band("label 1".into(), 68, 72),
        ],
        spikes: spikes(72, 2, rate),
    }
}

fn hidden() -> Raster {
    let rate = |step: usize, neuron: usize| {
        let prefers = cue_at(step).is_some_and(|cue| (5 * neuron + 17 * cue) % 37 < 6);
        if prefers { 0.28 } else { 0.015 }
    };
    Raster { population: "hidden".into(), neurons: 64, bands: Vec::new(), spikes: spikes(64, 3, rate) }
}

fn output(phases: &[RecordedPhase]) -> Raster {
    let rate = |step: usize, neuron: usize| {
        let is_query = phase_at(phases, step).kind == RecordedPhaseKind::Query;
        let is_right = cue_at(step).is_some_and(|cue| ACTIONS[cue] == neuron / 4);
        // The last answer is wrong, so that the example shows both.
        let is_chosen = is_right != (step >= 165);
        if is_query && is_chosen { 0.45 } else { 0.08 }
    };
    let band = |action: usize| Band { label: format!("class {action}"), start: 4 * action, end: 4 * action + 4 };
    Raster { population: "output".into(), neurons: 8, bands: vec![band(0), band(1)], spikes: spikes(8, 4, rate) }
}

fn answers(phases: &[RecordedPhase], output: &Raster) -> Vec<RecordedDecision> {
    let queries = phases.iter().filter(|phase| phase.kind == RecordedPhaseKind::Query);
    queries
        .map(|phase| {
            let score = |action: usize| {
                let counted = output.spikes.iter().filter(|(step, _)| (phase.start..phase.end).contains(step));
                counted.filter(|(_, neuron)| neuron / 4 == action).count() as i32
            };
            let class_scores = vec![score(0), score(1)];
            let answer = usize::from(class_scores[1] > class_scores[0]);
            let target = ACTIONS[ORDER[(phase.start - 120) / 15]];
            RecordedDecision { start: phase.start, end: phase.end, target, answer, class_scores, reward: None }
        })
        .collect()
}

/// A leaky integral of the labels, positive for action 1 and negative for action 0.
fn label_signal(phases: &[RecordedPhase]) -> Vec<f32> {
    let mut level = 0.0f32;
    let step = |step: usize| {
        let is_labelled = phase_at(phases, step).kind == RecordedPhaseKind::Label;
        let sign = if is_labelled { 2.0 * ACTIONS[step / 30] as f32 - 1.0 } else { 0.0 };
        level = 0.7 * level + 0.8 * sign;
        level.tanh()
    };
    (0..STEPS).map(step).collect()
}

fn modulators(own: &dyn Fn(&str) -> String, phases: &[RecordedPhase]) -> Vec<RecordedTrace> {
    let label_signal = label_signal(phases);
    let trace = |index: usize| {
        let mut random = random(10 + index as u64);
        let gain = 0.9 * (1.7 * index as f32).cos();
        let value =
            |label_signal: &f32| (gain * label_signal + random.random_range(-0.08..0.08f32)).clamp(-1.0, 1.0);
        RecordedTrace {
            label: own(&format!("modulator {index}")),
            values: label_signal.iter().map(value).collect(),
        }
    };
    (0..8).map(trace).collect()
}

fn third_factor(projection: &str, phases: &[RecordedPhase], gain: f32) -> RecordedThirdFactor {
    let label_signal = label_signal(phases);
    let scaled = |by: f32, shift: f32| {
        label_signal.iter().map(|label_signal| gain * (by * label_signal + shift)).collect::<Vec<_>>()
    };
    let (one, other) = (scaled(1.3, 0.05), scaled(-1.1, -0.05));
    let fold = |pick: fn(f32, f32) -> f32| one.iter().zip(&other).map(|(a, b)| pick(*a, *b)).collect();
    RecordedThirdFactor {
        projection: projection.into(),
        mean: scaled(0.2, 0.0),
        low: fold(f32::min),
        high: fold(f32::max),
    }
}

fn plastic_rms(label: &str, phases: &[RecordedPhase], height: f32) -> RecordedTrace {
    let mut level = 0.0f32;
    let step = |label_signal: &f32| {
        level += 0.03 * label_signal.abs() * (height - 0.5 * level);
        level
    };
    RecordedTrace { label: label.into(), values: label_signal(phases).iter().map(step).collect() }
}

fn plastic_weights(projection: &str, phases: &[RecordedPhase]) -> RecordedWeights {
    let weight = |index: usize| {
        let height = 0.4 * (2.0 * index as f32).sin();
        RecordedTrace { label: format!("synapse {index}"), ..plastic_rms("", phases, height) }
    };
    RecordedWeights { projection: projection.into(), weights: (0..5).map(weight).collect() }
}

fn histogram(projection: &str, synapses: u64) -> Histogram {
    let edges: Vec<f32> = (0..=41).map(|edge| -0.82 + 0.04 * edge as f32).collect();
    let count = |bin: usize| (synapses as f64 * 0.4 * (-(bin as f64 - 20.0).abs().powf(0.8)).exp()) as u64;
    let mut counts: Vec<u64> = (0..41).map(count).collect();
    counts[20] += synapses - counts.iter().sum::<u64>();
    Histogram { projection: projection.into(), edges, counts }
}

fn rule(own: &dyn Fn(&str) -> String) -> Vec<RuleRow> {
    let equation = |a: f32, b: f32, c: f32, d: f32| {
        format!(
            "E_ij = 0.934 E_ij + 0.066 ({a} x_i s_j - {b} s_i y_j + {c} s_i + {d} s_j)\n\
             P_ij = clamp(P_ij + 0.104 M_j E_ij, -1, 1)"
        )
    };
    vec![
        RuleRow { projection: own("input>hidden"), equation: own(&equation(1.02, 0.47, 0.33, 0.04)) },
        RuleRow { projection: "hidden>output".into(), equation: equation(1.11, 0.52, 0.29, 0.02) },
    ]
}

fn formats(own: &dyn Fn(&str) -> String) -> Vec<FormatRow> {
    let row = |quantity: &str, range: f32, format: &str, lsb: f32| FormatRow {
        quantity: own(quantity),
        low: -range,
        high: 0.9 * range,
        format: own(format),
        lsb,
    };
    vec![
        row("input>hidden W", 0.61, "i8 x 2^-7", 0.0078125),
        row("input>hidden P", 0.78, "i16 x 2^-15", 3.0517578e-5),
        row("input>hidden E", 0.57, "i16 x 2^-15", 3.0517578e-5),
        row("hidden v", 15.8, "i16 x 2^-10", 0.0009765625),
    ]
}
