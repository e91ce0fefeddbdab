//! Every limit of an experiment at its largest, one by one and all at once: a training that would take too much memory is
//! refused by field and limit, in a moment and before it takes any; all others run in 4 GB.
//!
//! The system enforces the limits. In the default run, a training that still runs after some time is interrupted, twice,
//! and has to end; with `METAPLASTIC_LIMITS=all`, each runs to its end.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

/// With the value `all`, trainings run to their end.
const LIMITS: &str = "METAPLASTIC_LIMITS";
/// KiB of address space of a command that refuses.
const REFUSAL: u64 = 200_000;
/// KiB of address space of a command that runs: 4 GB.
const RUN: u64 = 4_000_000;
/// The signal that interrupts.
const SIGTERM: i32 = 15;
/// Seconds that a refusal may take.
const MOMENT: u64 = 1;
/// Seconds of a training in the default run.
const SOME: u64 = 1;
/// Seconds of the longest training.
const MOST: u64 = 600;

/// A small experiment with every part that a limit is about.
const CUES: &str = r#"
[task]
name = "cue-association"
cues = 1
actions = 2
cue_channels = 8
active_channels = 2
label_channels_per_action = 1
cue_steps = 2
delay_steps = 1
label_steps = 1
query_steps = 2

[network]
surrogate_slope = 5
plastic_limit = 1.0
readout = { population = "output", classes = 2, neurons_per_class = 2, gain = 0.3 }

[[network.population]]
name = "input"
kind = "input"
size = 10

[[network.population]]
name = "hidden"
kind = "lif"
size = 8
bias = 0.0
membrane_decay = 0.8
refractory = 0

[[network.population]]
name = "output"
kind = "lif"
size = 4
bias = 0.0
membrane_decay = 0.8

[[network.population]]
name = "modulator"
kind = "modulator"
size = 2
decay = 0.7

[[network.projection]]
pre = "input"
post = "hidden"
weights = { deviation = 1.2, scale = "fan-in" }
plasticity = { rule = "event", scope = "projection", third_factor = "modulator", third_factor_weights = { deviation = 1.0, scale = "fan-in" }, rate = 0.1, eligibility_decay = 0.9, pre_trace_decay = 0.9, post_trace_decay = 0.8 }

[[network.projection]]
pre = "hidden"
post = "output"
weights = { deviation = 1.2, scale = "fan-in" }

[[network.projection]]
pre = "input"
post = "modulator"
weights = { deviation = 0.5, scale = "absolute" }

[meta]
batch = 1
meta_steps = 1
"#;

const DRAWINGS: &str = include_str!("one-shot-tiny.toml");

/// A recurrent projection of the hidden population, and one that learns.
const RECURRENT: &str = r#"
[[network.projection]]
pre = "hidden"
post = "hidden"
weights = { deviation = 0.1, scale = "fan-in" }
"#;
const RULE: &str = r#"plasticity = { rule = "event", scope = "projection", third_factor = "one", rate = 0.1, eligibility_decay = 0.9, pre_trace_decay = 0.9, post_trace_decay = 0.8 }
"#;

/// A change of an experiment: each first text replaced by the second, once.
fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the experiment does not say {from:?}");
        text.replacen(from, to, 1)
    })
}

/// The experiment with another projection, or several.
fn and(text: &str, projections: &str) -> String {
    with(text, &[("[meta]", &format!("{projections}\n[meta]"))])
}

/// What became of a training.
#[derive(Debug)]
enum Fate {
    Refused(String),
    Ran,
    Interrupted,
}

struct Trainings(Sandbox);

impl Trainings {
    /// Trains in so much address space.
    fn command(&self, kib: u64) -> Command {
        let limited = format!("ulimit -v {kib}; exec \"$@\"");
        let train = self.0.command("train my.toml --out out --overwrite --episodes 1 --quiet");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, "sh"]).arg(train.get_program()).args(train.get_args());
        command.current_dir(self.0.path("")).env("RAYON_NUM_THREADS", "2");
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn fate(&self, text: &str) -> Fate {
        self.0.write("my.toml", text);
        let begun = Instant::now();
        let Output { status, stderr, .. } = interrupted_after(self.command(REFUSAL), Duration::from_secs(MOMENT));
        let error = String::from_utf8_lossy(&stderr);
        if status.code() == Some(1) && error.contains("would take about") {
            assert!(begun.elapsed() < Duration::from_secs(MOMENT), "{error}: only after {:?}", begun.elapsed());
            return Fate::Refused(error.into());
        }
        let is_all = std::env::var_os(LIMITS).is_some_and(|value| value == "all");
        let Output { status, stderr, .. } =
            interrupted_after(self.command(RUN), Duration::from_secs(if is_all { MOST } else { SOME }));
        let error = String::from_utf8_lossy(&stderr);
        match status.code() {
            Some(0) => Fate::Ran,
            Some(130) | None if !is_all && matches!(status.signal(), None | Some(SIGTERM)) => Fate::Interrupted,
            Some(1)
                if !is_all
                    && ["stopped after meta-step", "interrupted: all meta-steps"]
                        .iter()
                        .any(|it| error.contains(it)) =>
            {
                Fate::Interrupted
            }
            _ => panic!("{status}: {error}\n{text}"),
        }
    }
}

/// The output of a command that is interrupted after some time, and again, if it has not ended.
fn interrupted_after(mut command: Command, time: Duration) -> Output {
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + time;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            let interrupt = || Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            interrupt().unwrap();
            std::thread::sleep(Duration::from_millis(200));
            interrupt().unwrap();
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

/// Which limit, the experiment, and what a refusal says; nothing of an experiment that has to run.
type Case = (&'static str, String, &'static [&'static str]);

fn cases_of_the_task() -> Vec<Case> {
    let steps = ["cue_steps = 2", "delay_steps = 1", "label_steps = 1", "query_steps = 2"];
    let longest = |key: &str| with(CUES, &[(key, &format!("{} = 1000", key.split(' ').next().unwrap()))]);
    let mut cases = steps.map(|key| (key, longest(key), &[][..])).to_vec();
    let inputs = [("cue_channels = 8", "cue_channels = 4094"), ("size = 10", "size = 4096")];
    let all = with(
        CUES,
        &[
            &inputs[..],
            &[("cues = 1", "cues = 256"), ("batch = 1", "batch = 4096")],
            &[(steps[0], "cue_steps = 1000"), (steps[1], "delay_steps = 1000")],
            &[(steps[2], "label_steps = 1000"), (steps[3], "query_steps = 1000")],
        ]
        .concat(),
    );
    cases.extend([
        ("cues", with(CUES, &[("cues = 1", "cues = 256")]), &[][..]),
        ("cue_channels", with(CUES, &inputs), &[]),
        ("active_channels", with(&with(CUES, &inputs), &[("active_channels = 2", "active_channels = 4094")]), &[]),
        ("label_channels", with(CUES, &[("per_action = 1", "per_action = 64"), ("size = 10", "size = 136")]), &[]),
        ("all of the task", all, &["of memory", "--memory-limit is 4.0 GB", "[task]", "meta.batch = 4096"]),
    ]);
    let actions = [("actions = 2", "actions = 64"), ("classes = 2", "classes = 64"), ("size = 10", "size = 72")];
    cases.push(("actions", with(CUES, &[&actions[..], &[("size = 4", "size = 128")]].concat()), &[]));
    cases
}

fn cases_of_the_network() -> Vec<Case> {
    let wide = |text: &str| with(text, &[("size = 8", "size = 16384")]);
    let learns = format!("{RECURRENT}{RULE}");
    let many = (0..4).map(|index| {
        format!("[[network.population]]\nname = \"m{index}\"\nkind = \"lif\"\nsize = 16384\nbias = 0.0\nmembrane_decay = 0.8\n")
    });
    let chain = ["input", "m0", "m1", "m2"].into_iter().zip(["m0", "m1", "m2", "m3"]).map(|(pre, post)| {
        format!("[[network.projection]]\npre = \"{pre}\"\npost = \"{post}\"\nweights = {{ deviation = 0.1, scale = \"fan-in\" }}\n")
    });
    let recurrent: &[&str] =
        &["--memory-limit is 4.0 GB", "the 16384 x 16384 synapses of hidden>hidden", "network.hidden.size"];
    vec![
        (
            "size of an input",
            with(CUES, &[("cue_channels = 8", "cue_channels = 4094"), ("size = 10", "size = 4096")]),
            &[],
        ),
        ("size of LIF neurons", wide(CUES), &[]),
        (
            "size of a readout",
            with(CUES, &[("size = 4", "size = 16384"), ("neurons_per_class = 2", "neurons_per_class = 8192")]),
            &[],
        ),
        (
            "size of modulators",
            with(CUES, &[("kind = \"modulator\"\nsize = 2", "kind = \"modulator\"\nsize = 256")]),
            &[],
        ),
        ("a recurrent population", wide(&and(CUES, RECURRENT)), recurrent),
        ("a recurrent population that learns", wide(&and(CUES, &learns)), recurrent),
        ("refractory", with(CUES, &[("refractory = 0", "refractory = 255")]), &[]),
        ("surrogate_slope", with(CUES, &[("surrogate_slope = 5", "surrogate_slope = 100")]), &[]),
        (
            "many populations",
            and(CUES, &many.chain(chain).collect::<String>()),
            &["--memory-limit is 4.0 GB", "16384 x 16384 synapses of m2>m3", "network.m2.size"],
        ),
        ("batch", with(CUES, &[("batch = 1", "batch = 4096")]), &[]),
        ("a large batch of wide networks", with(&wide(CUES), &[("batch = 1", "batch = 4096")]), &[]),
        ("meta_steps", with(CUES, &[("meta_steps = 1", "meta_steps = 1000000")]), &[]),
    ]
}

fn cases_of_drawings() -> Vec<Case> {
    let key = |from: &'static str, to: &'static str| with(DRAWINGS, &[(from, to)]);
    let labels = [
        ("ways = 3", "ways = 64\nwithin_alphabet = 0.0"),
        ("labels = 3", "labels = 64"),
        ("classes = 3", "classes = 64"),
        ("\"label\", kind = \"input\", size = 3", "\"label\", kind = \"input\", size = 64"),
        ("kind = \"modulator\", size = 3", "kind = \"modulator\", size = 64"),
        ("\"output\", kind = \"lif\", size = 3", "\"output\", kind = \"lif\", size = 64"),
    ];
    let size = [
        ("size = 16\n", "size = 63\n"),
        ("size = 256", "size = 3969"),
        (
            "size = 64, bias = 0.0, membrane_decay = 0.5, channels = 4",
            "size = 15876, bias = 0.0, membrane_decay = 0.5, channels = 4",
        ),
        ("kernel = 5, stride = 4, padding = 2", "kernel = 15, stride = 1, padding = 7"),
    ];
    vec![
        ("labels and ways", with(DRAWINGS, &labels), &[]),
        ("shots", key("ways = 3", "shots = 10\nqueries = 10\nways = 3"), &[]),
        ("steps", key("steps = 2\n", "steps = 1000\n"), &[]),
        ("training_steps", key("steps = 2\n", "steps = 2\ntraining_steps = 1000\n"), &[]),
        ("size of the picture and of a window", with(DRAWINGS, &size), &[]),
    ]
}

fn check(cases: Vec<Case>) {
    let trainings = Trainings(Sandbox::new());
    for (name, text, parts) in cases {
        let fate = trainings.fate(&text);
        println!("{name}: {fate:?}");
        match &fate {
            Fate::Refused(error) => {
                assert!(!parts.is_empty(), "{name}: {error}");
                parts.iter().for_each(|part| assert!(error.contains(part), "{name}: {part:?} is not in: {error}"));
                assert!(!trainings.0.path("out").exists(), "{name}: a refusal has left its folder");
            }
            Fate::Ran | Fate::Interrupted => assert!(parts.is_empty(), "{name}: was to be refused: {fate:?}"),
        }
        let _ = std::fs::remove_dir_all(trainings.0.path("out"));
    }
}

#[test]
fn every_limit_of_a_task_at_its_largest_runs_or_is_refused() {
    check(cases_of_the_task());
}

#[test]
fn every_limit_of_a_network_and_its_training_at_its_largest_runs_or_is_refused() {
    check(cases_of_the_network());
}

#[test]
fn every_limit_of_drawings_at_its_largest_runs_or_is_refused() {
    check(cases_of_drawings());
}

/// A training of the most inputs there are: with episodes at their longest, an evaluation takes too much, and so does the
/// cost of every step.
#[test]
fn evaluation_and_bench_are_refused_too() {
    let trainings = Trainings(Sandbox::new());
    let inputs = [
        ("cue_channels = 8", "cue_channels = 4094"),
        ("size = 10", "size = 4096"),
        ("cue_steps = 2", "cue_steps = 96"),
    ];
    trainings.0.write("my.toml", with(CUES, &inputs));
    trainings.0.succeeds("train my.toml --out out --episodes 1 --quiet");
    let network =
        "out/network.plastic --cues 256 --cue-steps 1000 --delay-steps 1000 --label-steps 1000 --query-steps 1000";
    let parts = [
        "evaluation would take about",
        "--memory-limit is 1.0 GB",
        "1024000 steps of 4096 neurons each, see [task]",
    ];
    let mut evaluate = trainings.0.command(&format!("evaluate {network} --on host --memory-limit 1"));
    trainings.0.command_refuses(evaluate.env("RAYON_NUM_THREADS", "2"), &parts);
    let bench = "bench out/network.plastic --on emulator:mps2-an386 --episodes 10000000 --memory-limit 1";
    trainings.0.refuses(bench, &["bench would take about", "the cost of 100 steps in --episodes 10000000 each"]);
}
