//! Experiments: what the built-in ones are, what they start from, and how faults are reported.

use metaplastic_shared::network::{Connectivity, DecayScope, Leak, Modulator, PopulationKind};

use super::*;
use crate::experiment::built_in_names;
use crate::model::{Parameter, Trace, sigmoid};

/// Every key of an experiment, with the values of the default.
const BUILT_IN_NAME: &str = "cue-association-one-episode";
const BUILT_IN_TEXT: &str = include_str!("../../../../task/experiments/cue-association-one-episode.toml");

fn changed(from: &str, to: &str) -> Result<Experiment, ExperimentError> {
    assert!(BUILT_IN_TEXT.contains(from), "the built-in experiment does not say {from:?}");
    Experiment::parse("my.toml", &BUILT_IN_TEXT.replacen(from, to, 1))
}

fn fault(from: &str, to: &str) -> String {
    without_line(changed(from, to))
}

/// The message of a fault without its line.
fn without_line(read: Result<Experiment, ExperimentError>) -> String {
    ExperimentError { line: None, ..read.unwrap_err() }.to_string()
}

fn deviation(values: &[f32]) -> f64 {
    (values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Within five standard errors of a sample deviation.
fn assert_deviation(values: &[f32], expected: f64) {
    let error = expected / (2.0 * values.len() as f64).sqrt();
    let found = deviation(values);
    assert!((found - expected).abs() < 5.0 * error, "{found} instead of {expected} over {}", values.len());
}

#[test]
fn every_built_in_experiment_loads_and_fits_its_task() {
    let shapes: Vec<_> = built_in_names(&Tasks::built_in())
        .into_iter()
        .filter(|name| !name.starts_with("one-shot") && *name != "japanese-vowels")
        .map(|name| {
            let experiment = Experiment::load(name).unwrap();
            assert_eq!(experiment.name, name);
            let network = &experiment.model.network;
            (
                experiment.task.decisions(),
                experiment.task.requirements().classes,
                network.input_size(),
                network.plastic_synapses(),
            )
        })
        .collect();
    let small = (4, 2, 72, 5120);
    let of_cues = [small, small, small, (8, 4, 80, 9216), small, (16, 2, 72, 10240)];
    let of_control = [(0, 0, 0, 64), (0, 0, 0, 64), (0, 0, 0, 128), (0, 0, 0, 0)];
    let of_bandits = [(10, 5, 32, 1776), (10, 5, 32, 1776), (40, 5, 32, 1776)];
    let (of_recall, of_windows) = ([(0, 0, 0, 64)], [(12, 4, 4, 512)]);
    assert_eq!(shapes, [&of_cues[..], &of_control, &of_bandits, &of_recall, &of_windows].concat());
}

/// Their drawings are not part of this program; its own strokes are as large.
#[test]
fn the_built_in_experiments_with_drawings_fit_their_task_and_ask_for_data() {
    let with_drawings: Vec<_> =
        built_in_names(&Tasks::built_in()).into_iter().filter(|name| name.starts_with("one-shot")).collect();
    assert_eq!(with_drawings, ["one-shot-small", "one-shot-small-life", "one-shot-large"]);
    for name in with_drawings {
        let fault = Experiment::load(name).unwrap_err().to_string();
        assert!(fault.starts_with(&format!("{name}: task one-shot needs drawings: pass --data DIR")), "{fault}");
        let text = Tasks::built_in().experiments().find(|built_in| built_in.name == name).unwrap().text;
        let mut file: toml::Table = text.parse().unwrap();
        let task = file["task"].as_table_mut().unwrap();
        task.retain(|key, _| !["held_out", "validation"].contains(&key));
        task.insert("source".into(), "synthetic".into());
        let experiment = Experiment::parse(name, &file.to_string()).unwrap();
        let network = &experiment.model.network;
        let decisions = if name == "one-shot-small-life" { 5 } else { 20 };
        assert_eq!(experiment.task.decisions(), decisions);
        assert_eq!((network.readout.classes, network.input_size()), (20, 804));
        assert!(network.plastic_synapses() > 0 && network.has_graded_readout());
    }
}

/// Its windows are not part of this program; synthetic ones of three channels stand in, to which the network fits itself.
#[test]
fn the_built_in_experiment_with_windows_fits_its_task_and_asks_for_data() {
    let fault = Experiment::load("japanese-vowels").unwrap_err().to_string();
    assert!(fault.starts_with("japanese-vowels: task windows needs windows: pass --data PATH"), "{fault}");
    let built_in = Tasks::built_in();
    let text = built_in.experiments().find(|built_in| built_in.name == "japanese-vowels").unwrap().text;
    let text = text.replace("source = \"files\"", "source = \"synthetic\"");
    let text = text.replace("[\"7\", \"8\", \"9\"]", "3");
    let experiment = Experiment::parse("japanese-vowels", &text).unwrap();
    assert_eq!((experiment.task.decisions(), experiment.model.network.analog_values()), (12, 3));
    let two = text.replace(
        "name = \"sense\" ",
        "name = \"senses\"\nkind = \"analog\"\nrange = 8.0\n[[network.population]]\nname = \"sense\" ",
    );
    let fault = without_line(Experiment::parse("my.toml", &two));
    assert_eq!(fault, "my.toml: network.senses.size is missing; this network needs it");
}

#[test]
fn with_the_free_rule_per_neuron_it_has_as_many_meta_parameters_as_the_design_says() {
    let text = BUILT_IN_TEXT
        .replace("rule = \"event\"", "rule = \"free\"")
        .replace("scope = \"projection\"", "scope = \"postsynaptic\"")
        .replace("coefficients = [1.0, -0.5, 0.3, 0.0]", "coefficients = [1.0, -0.5, 0.0, 0.3, 0.0]");
    assert_eq!(Experiment::parse("free", &text).unwrap().model.parameter_count(), 7228);
}

#[test]
fn what_is_written_out_is_the_default_but_for_the_modulation_cost() {
    let without_meta = BUILT_IN_TEXT.split_once("[meta]").unwrap().0;
    let written = Experiment::load(BUILT_IN_NAME).unwrap();
    let default = Experiment::parse("cue-association", without_meta).unwrap();
    assert_eq!((written.meta.modulation_cost, default.meta.modulation_cost), (1.0, 0.0));
    assert_eq!(MetaConfiguration { modulation_cost: 0.0, ..written.meta.clone() }, default.meta);
    let bare = changed(BUILT_IN_TEXT, &format!("[task]\nname = 'cue-association'\n{}", tail("[network]"))).unwrap();
    assert_eq!(bare.task.parameters(), written.task.parameters());
    let preset =
        changed(BUILT_IN_TEXT, &BUILT_IN_TEXT.replace("coefficients = [1.0, -0.5, 0.3, 0.0]\n", "")).unwrap();
    assert_eq!(preset.initial(3), written.initial(3));
}

fn tail(from: &str) -> &'static str {
    &BUILT_IN_TEXT[BUILT_IN_TEXT.find(from).unwrap()..]
}

#[test]
fn starts_are_those_of_the_design() {
    let experiment = Experiment::load(BUILT_IN_NAME).unwrap();
    let model = &experiment.model;
    let flat = experiment.initial(1);
    let near = |found: f32, expected: f32| assert!((found - expected).abs() < 1e-6, "{found} not {expected}");
    near(model.decay(Parameter::MembraneDecay(1), &flat), 0.8);
    near(model.decay(Parameter::ModulatorDecay(3), &flat), 0.7);
    near(model.decay(Parameter::TraceDecay(0, Trace::Pre), &flat), 0.9);
    near(model.decay(Parameter::TraceDecay(1, Trace::Post), &flat), 0.8);
    near(model.decay(Parameter::EligibilityDecay(0), &flat), 0.93);
    near(model.positive(Parameter::Rate(1), &flat), 0.1);
    assert_eq!(model.values(Parameter::Bias(1), &flat), [0.0; 64]);
    assert_eq!(model.values(Parameter::Coefficients(0), &flat), [1.0, -0.5, 0.3, 0.0]);
    assert_deviation(model.values(Parameter::Weights(0), &flat), 1.2 / 72_f64.sqrt());
    assert_deviation(model.values(Parameter::Weights(1), &flat), 1.2 / 8.0);
    assert_deviation(model.values(Parameter::ThirdFactorWeights(0), &flat), 0.125_f64.sqrt());
    let (cues, labels) = model.values(Parameter::Weights(2), &flat).split_at(64 * 8);
    assert_deviation(cues, 0.02);
    assert_deviation(labels, 0.5);
}

#[test]
fn starts_depend_on_the_seed_alone_and_noise_only_adds_to_its_own_tensor() {
    let plain = Experiment::load(BUILT_IN_NAME).unwrap();
    assert_eq!(plain.initial(4), plain.initial(4));
    assert_ne!(plain.initial(4), plain.initial(5));
    let noisy = changed("coefficient_noise = 0.0", "coefficient_noise = 0.1").unwrap();
    let differing = |slot: &&crate::model::ParameterSlot| {
        noisy.initial(4)[slot.range.clone()] != plain.initial(4)[slot.range.clone()]
    };
    let changed: Vec<_> = plain.model.slots().iter().filter(differing).map(|slot| slot.parameter).collect();
    assert_eq!(changed, [Parameter::Coefficients(0)]);
}

#[test]
fn all_a_network_can_have_can_be_written() {
    let text = "
        task = { name = 'cue-association' }
        [network]
        surrogate_slope = 10
        plastic_limit = 0.5
        readout = { population = 'output', classes = 2, neurons_per_class = 4, gain = 0.3 }
        population = [
            { name = 'input', kind = 'input', size = 72 },
            { name = 'dopamine', kind = 'modulator', size = 2, decay = 0.5, dead_zone = 0.25 },
            { name = 'output', kind = 'lif', size = 8, bias = 0.1, membrane_decay = 0.9, refractory = 3,
              adaptation = { strength = 0.2, decay = 0.95 } },
        ]
        [[network.projection]]
        pre = 'input'
        post = 'output'
        weights = { deviation = 1.0, scale = 'fan-in' }
        [network.projection.plasticity]
        rule = 'custom'
        scope = 'postsynaptic'
        terms = [
            { pre = 'slow-trace', post = 'surrogate', synapse = 'plastic', coefficient = 0.5 },
            { pre = 'one', post = 'trace-times-threshold', synapse = 'one', coefficient = -1.0 },
        ]
        third_factor = 'dopamine'
        third_factor_weights = { deviation = 0.5, scale = 'absolute' }
        rate = 0.2
        eligibility_decay = 0.9
        pre_slow_trace_decay = 0.95
        post_trace_decay = 0.85
        threshold_trace_decay = 0.99
        [[network.projection]]
        pre = 'output'
        post = 'output'
        weights = { deviation = 0.1, scale = 'absolute' }
        [network.projection.plasticity]
        rule = 'mstdpet'
        scope = 'projection'
        third_factor = 'one'
        rate = 0.1
        eligibility_decay = 0.9
        pre_trace_decay = 0.9
        post_trace_decay = 0.8
        [meta]
        modulation_cost = 0.5
    ";
    let experiment = Experiment::parse("all", text).unwrap();
    let (model, flat) = (&experiment.model, experiment.initial(1));
    let network = &model.network;
    assert!(network.is_recurrent(&network.projections[1]) && !network.is_recurrent(&network.projections[0]));
    assert!((model.positive(Parameter::AdaptationStrength(2), &flat) - 0.2).abs() < 1e-6);
    assert!((model.decay(Parameter::TraceDecay(0, Trace::Threshold), &flat) - 0.99).abs() < 1e-6);
    assert_eq!(model.values(Parameter::Coefficients(0), &flat), [[0.5; 8], [-1.0; 8]].concat());
    assert_eq!(model.values(Parameter::Coefficients(1), &flat), [1.0, -1.0]);
    assert!(model.slot(Parameter::ThirdFactorWeights(1)).is_none());
    assert_eq!(network.populations[1].kind, PopulationKind::Modulator(Modulator { dead_zone: 8192 }));
    assert_eq!((model.modulation_cost, experiment.meta.modulation_cost), (0.5, 0.5));
}

#[test]
fn another_rule_keeps_the_leak_unless_it_has_one_of_its_own() {
    let leaks = |preset| {
        let experiment = Experiment::load("cue-association").unwrap().with_rule(preset).unwrap();
        let rate = experiment.model.positive(Parameter::Leak(0), &experiment.initial(1));
        (experiment.model.network.projections[0].plasticity.as_ref().unwrap().leak, (1e4 * rate).round())
    };
    assert_eq!(leaks(Preset::Free), (Some(Leak::Modulated), 500.0));
    assert_eq!(leaks(Preset::HebbDecay), (Some(Leak::Always), 30.0));
}

#[test]
fn without_plasticity_a_network_has_the_same_weights_and_trains_them_all() {
    let whole = Experiment::load("adaptive-control-weak-drive").unwrap();
    let weights = |it: &Experiment| {
        let of_weights = it.model.slots().iter().filter(|slot| slot.family == Family::Weights);
        of_weights.map(|slot| it.model.name(slot.parameter)).collect::<Vec<_>>()
    };
    let (names, frozen) = (weights(&whole), whole.constraints.frozen.len());
    let without = whole.without_plasticity().unwrap();
    assert_eq!(weights(&without), names);
    assert_eq!((frozen, without.constraints.frozen.len(), without.model.network.plastic_synapses()), (1, 0, 0));
}

#[test]
fn another_rule_keeps_the_modulation_cost() {
    let regularised =
        changed("modulation_cost = 1.0", "modulation_cost = 0.25").unwrap().with_rule(Preset::Free).unwrap();
    assert_eq!(regularised.model.modulation_cost, 0.25);
}

/// The text that makes an analog population of one value and a range.
fn with_analog(range: &str) -> String {
    format!(
        "[[network.population]]\nname = 'angles'\nkind = 'analog'\nsize = 1\nrange = {range}\n[[network.projection]]"
    )
}

#[test]
fn analog_populations_have_a_size_and_a_range() {
    let fault = |range| fault("[[network.projection]]", &with_analog(range));
    assert_eq!(
        fault("8.0"),
        "my.toml: task cue-association needs 0 analog values, the network has 1; change the task's parameters or the network's"
    );
    let refused = "my.toml: network.angles.range = 6 is not a power of two; 1, 2, 4 and so on to 32768 are";
    assert_eq!(fault("6"), refused);
    let open = with_analog("8.0").replace("size = 1\n", "");
    assert_eq!(
        self::fault("[[network.projection]]", &open),
        "my.toml: network.angles.size is missing, and the task gives no analog values: make it a population of kind \"input\", as large as the spikes that the task gives"
    );
    assert_eq!(fault("0.5"), "my.toml: network.angles.range = 0.5 is not in 1..=32768");
}

/// The experiment with another readout, whose population is graded.
fn with_readout(keys: &str) -> Result<Experiment, ExperimentError> {
    let graded =
        BUILT_IN_TEXT.replace("graded = false", "graded = true").replacen("graded = true", "graded = false", 1);
    let (before, rest) = graded.split_once("classes = 2").unwrap();
    let (_, after) = rest.split_once("gain = 0.3").unwrap();
    Experiment::parse("my.toml", &format!("{before}{keys}\ngain = 0.3{after}"))
}

#[test]
fn a_readout_has_classes_or_commands() {
    let fault = |keys| without_line(with_readout(keys));
    let commands = "my.toml: task cue-association needs 2 classes, the network has 0; change the task's parameters or the network's";
    assert_eq!(fault("commands = 1\nrange = 4.0"), commands);
    assert!(with_readout("classes = 2\nneurons_per_class = 4").is_ok());
    let either = "my.toml: network.readout: give either classes and neurons_per_class, or commands and range";
    assert_eq!([fault(""), fault("classes = 2\ncommands = 2")], [either, either]);
    let missing = |key: &str| format!("my.toml: network.readout.{key} is missing; this network needs it");
    assert_eq!([fault("classes = 2"), fault("commands = 2")], ["neurons_per_class", "range"].map(missing));
    let unused = |key: &str| format!("my.toml: network.readout.{key} has no effect in this network; remove it");
    let (classes, commands) = ("classes = 2\nrange = 1.0", "commands = 2\nneurons_per_class = 1");
    assert_eq!([fault(classes), fault(commands)], ["range", "neurons_per_class"].map(unused));
    let range = "my.toml: network.readout.range = 3 is not a power of two; 1, 2, 4 and so on to 32768 are";
    assert_eq!(fault("commands = 2\nrange = 3.0"), range);
    let beyond = "my.toml: network: readout: 9 neurons are needed, its population has 8";
    assert_eq!(fault("commands = 9\nrange = 4.0"), beyond);
    let text = BUILT_IN_TEXT.replacen("classes = 2", "commands = 2", 1);
    let spikes =
        without_line(Experiment::parse("my.toml", &text.replacen("neurons_per_class = 4", "range = 4.0", 1)));
    let graded = "commands are potentials of graded neurons, and population output is not graded";
    assert_eq!(spikes, format!("my.toml: network: readout: {graded}"));
}

#[test]
fn every_table_refuses_keys_it_does_not_know() {
    for line in [
        "[task]",
        "[network]",
        "[network.readout]",
        "kind = \"input\"",
        "kind = \"lif\"",
        "kind = \"modulator\"",
        "pre = \"input\"",
        "[network.projection.plasticity]",
        "[meta]",
        "[meta.schedule]",
        "[meta.adam]",
    ] {
        let message = fault(line, &format!("{line}\nmood = 1"));
        assert!(message.starts_with("my.toml: ") && message.contains("unknown field `mood`"), "{line}: {message}");
    }
    assert!(fault("deviation = 1.2", "deviation = 1.2, mood = 1").contains("unknown field `mood`"));
    assert!(fault("{ first = 64", "{ mood = 1, first = 64").contains("unknown field `mood`"));
    assert!(fault("[task]", "mood = 1\n[task]").contains("unknown field `mood`"));
}

#[test]
fn rewards_are_refused_where_a_task_has_none() {
    let fault = fault("[meta.schedule]", "[meta.rewards]\ndiscount = 0.9\n\n[meta.schedule]");
    let expected = "my.toml: meta.rewards has no effect: task cue-association rewards no choices; remove the table";
    assert_eq!(fault, expected);
    let line = changed("[meta.schedule]", "[meta.rewards]\n\n[meta.schedule]").unwrap_err().line.unwrap();
    assert!(BUILT_IN_TEXT.lines().nth(line - 1).unwrap().starts_with("[meta.schedule]"), "{line}");
}

#[test]
fn rewards_need_a_batch_of_two_episodes() {
    let (_, network) = BUILT_IN_TEXT.split_once("[network]").unwrap();
    let of_batch = |batch| {
        let network = network.replacen("batch = 32", &format!("batch = {batch}"), 1);
        without_line(Experiment::parse("my.toml", &format!("[task]\nname = \"bandit\"\n\n[network]{network}")))
    };
    assert_eq!(of_batch(1), "my.toml: meta.batch = 1 is not in 2..=4096");
    assert!(of_batch(2).starts_with("my.toml: task bandit needs "), "{}", of_batch(2));
}

#[test]
fn faults_name_file_field_limit_and_remedy() {
    let cases = [
        ("cues = 4 ", "cues = 0 ", "task.cues = 0 is not in 1..=256"),
        (
            "membrane_decay = 0.8",
            "membrane_decay = 1.0",
            "network.hidden.membrane_decay = 1 is not in 0.0001..=0.9999",
        ),
        ("rate = 0.1 ", "rate = 0.0 ", "network.input>hidden.rate = 0 is not in 1e-6..=100"),
        ("dead_zone = 0.2 ", "dead_zone = 1.0 ", "network.modulator.dead_zone = 1 is not in 0..=0.99"),
        ("dead_zone = 0.2 ", "dead_zone = -0.1 ", "network.modulator.dead_zone = -0.1 is not in 0..=0.99"),
        ("modulation_cost = 1.0", "modulation_cost = nan", "meta.modulation_cost = NaN is not in 0..=1000"),
        ("gain = 0.3", "gain = nan", "network.readout.gain = NaN is not in 1e-6..=100"),
        ("plastic_limit = 1.0", "plastic_limit = 0.0", "network.plastic_limit = 0 is not in 0.001..=100"),
        ("peak_rate = 3e-3", "peak_rate = -1.0", "meta.schedule.peak_rate = -1 is not in 1e-9..=1"),
        (
            "last = 71",
            "last = 72",
            "network.input>modulator.weights.channels: first = 64 and last = 72; 0 <= first <= last <= 71 is needed",
        ),
        ("deviation = 1.2", "deviation = -1.2", "network.input>hidden.weights.deviation = -1.2 is not in 0..=100"),
        (
            "coefficient_noise = 0.0",
            "coefficient_noise = -1.0",
            "network.input>hidden.coefficient_noise = -1 is not in 0..=100",
        ),
        (
            "post = \"hidden\"",
            "post = \"hiden\"",
            "network.input>hiden.post: there is no population \"hiden\"; there are: input, hidden, output, modulator",
        ),
        (
            "third_factor = \"modulator\"",
            "third_factor = \"one\"",
            "network.input>hidden.third_factor_weights has no effect in this network; remove it",
        ),
        (
            "third_factor = \"modulator\"",
            "third_factor = \"output\"",
            "network: projection input>hidden: third factor population output must be a modulator population",
        ),
        ("pre_trace_decay = 0.9 ", "#", "network.input>hidden.pre_trace_decay is missing; this network needs it"),
        (
            "pre_trace_decay = 0.9 ",
            "pre_slow_trace_decay = 0.9\npre_trace_decay = 0.9 #",
            "network.input>hidden.pre_slow_trace_decay has no effect in this network; remove it",
        ),
        ("0.3, 0.0]", "0.3]", "network.input>hidden.coefficients: 3 coefficients for a rule of 4 terms"),
        ("rule = \"event\"", "rule = \"custom\"", "network.input>hidden.terms is missing; this network needs it"),
        (
            "name = \"output\"",
            "name = \"hidden\"",
            "network.population: the name \"hidden\" must be new, 1 to 24 bytes long and not `one`",
        ),
        (
            "size = 72",
            "size = 71",
            "task cue-association needs 72 input neurons, the network has 71; change the task's parameters or the network's",
        ),
    ];
    for (from, to, expected) in cases {
        assert_eq!(fault(from, to), format!("my.toml: {expected}"));
    }
    assert!(fault("rule = \"event\"", "rule = \"evnt\"").contains("unknown variant `evnt`, expected one of"));
    assert!(fault("freeze = []", "freeze = ['mood']").contains("unknown variant `mood`"));
}

#[test]
fn a_file_is_loaded_by_its_path_and_a_missing_one_says_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, BUILT_IN_TEXT).unwrap();
    let path = path.to_str().unwrap();
    let (mine, built_in) = (Experiment::load(path).unwrap(), Experiment::load(BUILT_IN_NAME).unwrap());
    assert_eq!((mine.name.as_str(), mine.tables()), ("mine", built_in.tables()));
    let message = Experiment::load("cue-asociation").unwrap_err().to_string();
    assert!(
        message.starts_with("cue-asociation: ") && message.contains("cue-association, cue-association-one-episode"),
        "{message}"
    );
}

#[test]
fn tables_tell_experiments_apart_but_not_by_seed_or_length() {
    let same = changed("seed = 1 ", "seed = 2 ").unwrap();
    let built_in = Experiment::load(BUILT_IN_NAME).unwrap();
    assert_eq!(same.tables(), built_in.tables());
    for (table, (from, to)) in
        [("cues = 4", "cues = 5"), ("bias = 0.0", "bias = 0.1"), ("batch = 32", "batch = 16")]
            .into_iter()
            .enumerate()
    {
        let other = changed(from, to).unwrap().tables();
        let differing: Vec<_> = (0..3).filter(|index| other[*index] != built_in.tables()[*index]).collect();
        assert_eq!(differing, [table]);
    }
    let mut extreme = Experiment::load(BUILT_IN_NAME).unwrap();
    extreme.meta.seed = u64::MAX;
    assert_eq!(extreme.tables(), built_in.tables());
}

const MAPS: &str = "
    task = { name = 'cue-association' }
    [network]
    surrogate_slope = 2
    plastic_limit = 1.0
    readout = { population = 'output', classes = 2, neurons_per_class = 1, gain = 0.3 }
    population = [
        { name = 'input', kind = 'input', size = 72 },
        { name = 'map', kind = 'lif', size = 50, bias = 0.0, membrane_decay = 0.8, channels = 5 },
        { name = 'next', kind = 'lif', size = 60, bias = 0.0, membrane_decay = 0.8, channels = 6 },
        { name = 'modulator', kind = 'modulator', size = 2, decay = 0.5 },
        { name = 'output', kind = 'lif', size = 2, bias = 0.0, membrane_decay = 0.8, graded = true },
    ]
    projection = [
        { pre = 'input', post = 'map', weights = { deviation = 1.0, scale = 'absolute', standardised = 4.0 },
          convolution = { height = 4, channels = 2, kernel = 3, stride = 2, padding = 1 } },
        { pre = 'map', post = 'next', weights = { deviation = 1.0, scale = 'fan-in' },
          convolution = { width = 5, kernel = 1, stride = 1, padding = 0 } },
        { pre = 'next', post = 'modulator',
          weights = { mean = -0.25, deviation = 0.0, scale = 'absolute', diagonal = 1.0 } },
        { pre = 'next', post = 'output',
          weights = { mean = -2.0, deviation = 0.0, scale = 'absolute', block_diagonal = 3.0 } },
    ]";

fn maps_fault(from: &str, to: &str) -> String {
    assert!(MAPS.contains(from), "{from}");
    without_line(Experiment::parse("my.toml", &MAPS.replacen(from, to, 1)))
}

#[test]
fn what_a_convolution_leaves_out_is_that_of_its_presynaptic_map() {
    let experiment = Experiment::parse("my.toml", MAPS).unwrap();
    let network = &experiment.model.network;
    let of = |index: usize| match network.projections[index].connectivity {
        Connectivity::Convolution(of) => (of.height, of.width, of.channels),
        Connectivity::Dense => (0, 0, 0),
    };
    assert_eq!([of(0), of(1), of(2)], [(4, 9, 2), (2, 5, 5), (0, 0, 0)]);
    assert!(network.has_graded_readout());
}

#[test]
fn weights_can_start_from_a_mean_diagonals_and_standardised() {
    let experiment = Experiment::parse("my.toml", MAPS).unwrap();
    let (model, flat) = (&experiment.model, experiment.initial(1));
    assert_eq!(model.values(Parameter::Weights(2), &flat)[..6], [0.75, -0.25, -0.25, 0.75, -0.25, -0.25]);
    let blocks: Vec<_> = model.values(Parameter::Weights(3), &flat).chunks_exact(2).map(|row| row[0]).collect();
    assert_eq!(blocks, [vec![1.0; blocks.len() / 2], vec![-2.0; blocks.len() / 2]].concat());
    let (rows, columns) = model.slot(Parameter::Weights(0)).unwrap().shape;
    assert_eq!((rows, columns), (18, 5));
    let column = model.values(Parameter::Weights(0), &flat).iter().step_by(columns);
    let (sum, squares) = column.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    assert!(f32::abs(sum) < 1e-4 && f32::abs(squares - 16.0) < 1e-3, "{sum} {squares}");
}

#[test]
fn faults_of_maps_name_their_limits() {
    for (from, to, expected) in [
        ("kernel = 3", "kernel = 16", "network: projection input>map: convolution kernel is 16, not in 1..=15"),
        ("stride = 2", "stride = 4", "network: projection input>map: convolution stride is 4, not in 1..=3"),
        ("padding = 1", "padding = 3", "network: projection input>map: convolution padding is 3, not in 0..=2"),
        (
            "height = 4, channels = 2",
            "channels = 5",
            "network: projection input>map: pre population has 72 neurons, the convolution's map needs 45",
        ),
        (
            "size = 60",
            "size = 66",
            "network: projection map>next: post population has 66 neurons, the convolution's map needs 70",
        ),
        (
            "channels = 6",
            "channels = 7",
            "network: population next: its 60 neurons are not a multiple of 7 channels",
        ),
        (
            "graded = true",
            "graded = true, refractory = 1",
            "network: population output: graded neurons never spike, and can be neither refractory nor adaptive",
        ),
        (
            "standardised = 4.0",
            "standardised = 0.0",
            "network.input>map.weights.standardised = 0 is not in 1e-6..=100",
        ),
        (
            "standardised = 4.0",
            "standardised = 4.0, batch_normalised = -1.0",
            "network.input>map.weights.batch_normalised = -1 is not in 1e-6..=100",
        ),
        (
            "standardised = 4.0",
            "batch_normalised = 1.0",
            "network.input>map.weights.standardised is missing; this network needs it",
        ),
        (
            "mean = -0.25,",
            "mean = -0.25, standardised = 1.0, batch_normalised = 1.0,",
            "network.next>modulator.weights.batch_normalised: only currents onto a LIF population with a single projection, \
             not a plastic one, can be batch-normalised",
        ),
        ("mean = -0.25", "mean = nan", "network.next>modulator.weights.mean = NaN is not in -100..=100"),
    ] {
        assert_eq!(maps_fault(from, to), format!("my.toml: {expected}"));
    }
}

/// The hidden neurons of the built-in experiment with these decays.
fn with_decays(membrane: &str, synapse: &str) -> Result<Experiment, ExperimentError> {
    changed("membrane_decay = 0.8", &format!("membrane_decay = {membrane}\nsynapse_decay = {synapse}"))
}

#[test]
fn a_synapse_decay_makes_a_population_synaptic_and_decays_are_one_or_drawn_for_each_neuron() {
    let lif = |experiment: &Experiment| match experiment.model.network.populations[1].kind {
        PopulationKind::Lif(lif) => lif,
        _ => panic!("hidden neurons are LIF"),
    };
    let one = with_decays("0.8", "0.5").unwrap();
    assert!(lif(&one).synaptic && lif(&one).decay_scope == DecayScope::Population);
    assert!((one.model.decay(Parameter::SynapseDecay(1), &one.initial(1)) - 0.5).abs() < 1e-6);
    let drawn = "{ low = 0.5, high = 0.99, per = \"neuron\" }";
    let drawn = with_decays(drawn, "{ low = 0.5, high = 0.5, per = \"neuron\" }").unwrap();
    assert_eq!(lif(&drawn).decay_scope, DecayScope::Neuron);
    let flat = drawn.initial(1);
    let decays =
        |parameter| drawn.model.values(parameter, &flat).iter().map(|raw| sigmoid(*raw)).collect::<Vec<_>>();
    assert!(decays(Parameter::SynapseDecay(1)).iter().all(|decay| (decay - 0.5).abs() < 1e-6));
    let membrane = decays(Parameter::MembraneDecay(1));
    assert!(membrane.len() == 64 && membrane.iter().all(|decay| (0.499..0.9901).contains(decay)), "{membrane:?}");
    // The median of log-uniform time constants is the geometric mean of their limits.
    let tau = |decay: f32| -decay.ln().recip();
    let median = (tau(0.5) * tau(0.99)).sqrt();
    let below = membrane.iter().filter(|decay| tau(**decay) < median).count();
    assert!((20..=44).contains(&below), "{below} of 64");
}

#[test]
fn faults_of_decays_name_the_field_and_the_limit() {
    let message = |membrane, synapse| without_line(with_decays(membrane, synapse));
    let per_neuron = "{ low = 0.5, high = 0.9, per = \"neuron\" }";
    for (membrane, synapse) in [("0.8", per_neuron), (per_neuron, "0.8")] {
        assert_eq!(
            message(membrane, synapse),
            "my.toml: network.hidden: membrane_decay and synapse_decay must both be per neuron or both not; the same \
             value in every neuron is { low = 0.5, high = 0.5, per = \"neuron\" }"
        );
    }
    assert_eq!(message("0.8", "1.0"), "my.toml: network.hidden.synapse_decay = 1 is not in 0.0001..=0.9999");
    assert_eq!(
        message("{ low = 0.0, high = 0.9, per = \"neuron\" }", per_neuron),
        "my.toml: network.hidden.membrane_decay.low = 0 is not in 0.0001..=0.9999"
    );
    assert_eq!(
        message("{ low = 0.9, high = 0.8, per = \"neuron\" }", per_neuron),
        "my.toml: network.hidden.membrane_decay: high = 0.8 is below low = 0.9; a time constant is drawn between them"
    );
    let refused = |membrane, parts: [&str; 2]| {
        let message = message(membrane, "0.5");
        for part in ["my.toml: network.hidden.membrane_decay", "membrane_decay = ", parts[0], parts[1]] {
            assert!(message.contains(part), "{part:?} is not in: {message}");
        }
    };
    refused("{ low = 0.9, per = \"neuron\" }", ["", "missing field `high`"]);
    refused(
        "{ low = 0.9, hihg = 0.95, per = \"neuron\" }",
        ["membrane_decay.hihg: ", "unknown field `hihg`, expected one of `low`, `high`, `per`"],
    );
    refused(
        "{ low = 0.9, high = 0.95, per = \"synapse\" }",
        ["membrane_decay.per: ", "unknown variant `synapse`, expected `population` or `neuron`"],
    );
    refused("{ low = \"a\", high = 0.9, per = \"neuron\" }", ["membrane_decay.low: ", "expected f64"]);
    refused(
        "\"slow\"",
        ["expected a decay in 0.0001..=0.9999", "or a table { low = .., high = .., per = \"neuron\" }"],
    );
    assert!(with_decays("{ low = 0.8, high = 0.9, per = \"population\" }", "0.5").is_ok());
}

#[test]
fn faults_of_tables_name_the_table_and_point_at_the_key() {
    let cases = [
        ("bias = 0.0", "bais = 0.0", "network.hidden.bais", "`bais`"),
        (
            "kind = \"lif\"",
            "kind = \"fil\"",
            "network.hidden.kind",
            "unknown variant `fil`, expected one of `input`, `lif`",
        ),
        ("dead_zone = 0.2", "deadzone = 0.2", "network.modulator.deadzone", "unknown field `deadzone`"),
        ("size = 72", "size = \"big\"", "network.input.size", "expected an integer in 1..=4096"),
        (
            "deviation = 1.2",
            "deviatoin = 1.2",
            "network.input>hidden.weights.deviatoin",
            "unknown field `deviatoin`",
        ),
        ("rate = 0.1 ", "raet = 0.1 ", "network.input>hidden.plasticity.raet", "unknown field `raet`"),
        ("batch = 32", "bacth = 32", "meta.bacth", "unknown field `bacth`"),
        ("peak_rate = 3e-3", "peak = 3e-3", "meta.schedule.peak", "unknown field `peak`"),
        ("classes = 2", "clases = 2", "network.readout.clases", "unknown field `clases`"),
    ];
    for (from, to, position, what) in cases {
        let message = fault(from, to);
        let line = BUILT_IN_TEXT.lines().position(|line| line.contains(from)).unwrap() + 1;
        let expected = format!("my.toml: {position}: TOML parse error at line {line}, column ");
        assert!(message.starts_with(&expected) && message.contains(what), "{expected:?} {what:?}: {message}");
    }
    assert_eq!(fault("kind = \"lif\"", ""), "my.toml: network.hidden.kind is missing; this network needs it");
}

/// The rule in the page replaces the first one of the built-in experiment.
#[test]
fn the_custom_rule_of_the_page_is_one() {
    let page = include_str!("../../../../../docs/rules.md");
    let (_, rule) = page.split_once("```toml\n").unwrap();
    let (rule, _) = rule.split_once("```").unwrap();
    let text = Tasks::built_in().experiments().next().unwrap().text;
    let (before, rest) = text.split_once("[network.projection.plasticity]").unwrap();
    let (_, after) = rest.split_once("[[network.projection]]").unwrap();
    let experiment =
        Experiment::parse("my.toml", &format!("{before}{rule}\n[[network.projection]]{after}")).unwrap();
    let plasticity = experiment.model.network.projections[0].plasticity.as_ref().unwrap();
    let terms: Vec<_> = plasticity.rule.terms.iter().map(ToString::to_string).collect();
    assert_eq!(terms, ["x_i s_j", "s_i y_j", "y_j^2 P_ij"]);
}

#[test]
fn faults_of_values_have_the_line_of_the_key_or_of_its_table() {
    let cases = [
        ("cues = 4 ", "cues = 70000 ", "cues = 4 ", "task.cues = 70000 is not in 1..=256"),
        ("cues = 4 ", "cues = -1 ", "cues = 4 ", "task.cues = -1 is not in 1..=256"),
        ("cues = 4 ", "cues = 4.5 ", "cues = 4 ", "task.cues = 4.5 is not an integer in 1..=256"),
        ("cue_rate = 0.4", "cue_raet = 0.4", "cue_rate = 0.4", "task.cue_raet: unknown field `cue_raet`"),
        ("batch = 32", "batch = 0", "batch = 32", "meta.batch = 0 is not in 1..=4096"),
        ("rate = 0.1 ", "rate = 0.0 ", "rate = 0.1 ", "network.input>hidden.rate = 0 is not in 1e-6..=100"),
        ("gain = 0.3", "gain = nan", "gain = 0.3", "network.readout.gain = NaN"),
        (
            "last = 71",
            "last = 72",
            "last = 71",
            "network.input>modulator.weights.channels: first = 64 and last = 72",
        ),
        ("pre_trace_decay = 0.9 ", "#", "pre = \"input\"", "network.input>hidden.pre_trace_decay is missing"),
        ("kind = \"lif\"", "", "name = \"hidden\"", "network.hidden.kind is missing"),
        ("size = 64", "size = 0", "name = \"hidden\"", "network: population hidden: "),
        (
            "name = \"cue-association\"",
            "name = \"cue\"",
            "name = \"cue-association\"",
            "task.name = \"cue\" is not a task",
        ),
    ];
    for (from, to, at, expected) in cases {
        let line = BUILT_IN_TEXT.lines().position(|line| line.contains(at)).unwrap() + 1;
        // A table begins a line above its first key.
        let lines = [line, line - 1].map(|line| format!("my.toml:{line}: {expected}"));
        let message = changed(from, to).unwrap_err().to_string();
        assert!(lines.iter().any(|expected| message.starts_with(expected)), "{lines:?}: {message}");
    }
}

#[test]
fn integers_beyond_their_type_are_refused_by_key_value_and_limits_at_their_line() {
    let cases = [
        (
            "refractory = 0",
            "refractory = 256",
            "network.hidden.refractory",
            "integer `256`, expected an integer in 0..=255",
        ),
        (
            "refractory = 0",
            "refractory = -1",
            "network.hidden.refractory",
            "integer `-1`, expected an integer in 0..=255",
        ),
        ("size = 64", "size = 100000", "network.hidden.size", "integer `100000`, expected an integer in 1..=16384"),
        ("size = 64", "size = -64", "network.hidden.size", "integer `-64`, expected an integer in 1..=16384"),
        (
            "size = 64",
            "size = 6.4",
            "network.hidden.size",
            "floating point `6.4`, expected an integer in 1..=16384",
        ),
        ("size = 72", "size = 65536", "network.input.size", "integer `65536`, expected an integer in 1..=4096"),
        (
            "surrogate_slope = 5",
            "surrogate_slope = 500",
            "network.surrogate_slope",
            "expected an integer in 1..=100",
        ),
        ("classes = 2", "classes = 65536", "network.readout.classes", "expected an integer in 2..=64"),
        (
            "neurons_per_class = 4",
            "neurons_per_class = -4",
            "network.readout.neurons_per_class",
            "expected an integer in 1..=16384",
        ),
        (
            "last = 71",
            "last = -1",
            "network.input>modulator.weights.channels.last",
            "expected an integer in 0..=16383",
        ),
        ("seed = 1 ", "seed = -1 ", "meta.seed", "expected an integer in 0..=9223372036854775807"),
        ("batch = 32", "batch = 4294967296", "meta.batch", "expected an integer in 1..=4096"),
        ("meta_steps = 250", "meta_steps = -1", "meta.meta_steps", "expected an integer in 1..=1000000"),
        ("give_up_after = 10", "give_up_after = -1", "meta.give_up_after", "expected an integer in 1..=1000"),
    ];
    for (from, to, key, expected) in cases {
        let message = fault(from, to);
        let line = BUILT_IN_TEXT.lines().position(|line| line.contains(from)).unwrap() + 1;
        let start = format!("my.toml: {key}: TOML parse error at line {line}, column ");
        assert!(message.starts_with(&start) && message.contains(expected), "{start:?} {expected:?}: {message}");
    }
}
