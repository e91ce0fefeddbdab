//! Networks in worlds: `metaplastic evaluate --controls`, what they are compared with, and their reports.

use std::sync::OnceLock;

use serde_json::Value;

use crate::sandbox::Sandbox;

const EXPERIMENT: &str = include_str!("../../task/experiments/adaptive-control-weak-drive.toml");
const PLANTS: &str = include_str!("../../task/src/world/adaptive_control/plants.json");
/// Of the network that is trained.
const NETWORK: &str = "out/network.plastic";

/// A sandbox with the weak drive's network almost as it begins, trained for lives of half a second.
fn trained() -> &'static Sandbox {
    static TRAINED: OnceLock<Sandbox> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let sandbox = Sandbox::new();
        let shorter =
            [("episode_seconds = 4.0", "episode_seconds = 0.5"), ("peak_rate = 5e-3", "peak_rate = 1e-9")];
        let text = shorter.iter().fold(EXPERIMENT.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is not in the experiment");
            text.replace(from, to)
        });
        sandbox.write("world.toml", text);
        sandbox.write("plants.json", PLANTS);
        sandbox.succeeds("train world.toml --out out --meta-steps 1 --episodes 2");
        sandbox
    })
}

fn evaluate(options: &str) -> Value {
    trained().succeeds(&format!("evaluate {NETWORK} --json --controls {options}")).json()
}

/// A figure of a control by its name.
fn figure(line: &Value, control: &str, figure: &str) -> f64 {
    let controls = line["controls"].as_array().unwrap();
    let found = controls.iter().find(|one| one["name"] == control).unwrap();
    found[figure].as_f64().unwrap()
}

#[test]
fn controls_run_in_the_episodes_of_the_network() {
    let line = evaluate("--episodes 16 --freeze plasticity");
    let names = line["controls"].as_array().unwrap().iter().map(|control| control["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["pd", "pid", "pes"]);
    // The network commands almost nothing, so that the controller inside the world is alone.
    for name in ["rmse_mean", "rmse_low", "rmse_high", "rmse_median", "aligned_rmse_mean"] {
        let network = line[name].as_f64().unwrap();
        assert!((figure(&line, "pd", name) - network).abs() < 1e-3 * network, "{name}: {line}");
    }
    let [pd, pid, pes] = ["pd", "pid", "pes"].map(|control| figure(&line, control, "rmse_mean"));
    assert!(pid < pes && pes < pd, "{pd} {pid} {pes}");
    let other = evaluate("--episodes 16 --seed 2");
    assert_ne!(figure(&other, "pd", "rmse_mean"), pd);
}

#[test]
fn controls_are_the_same_for_any_number_of_threads() {
    let printed = |threads: &str| {
        let mut command = trained().command(&format!("evaluate {NETWORK} --json --controls --episodes 40"));
        command.env("RAYON_NUM_THREADS", threads);
        trained().command_succeeds(&mut command).json()
    };
    assert_eq!(printed("1"), printed("3"));
}

#[test]
fn controls_run_in_the_plants_of_the_benchmark() {
    let line = evaluate("--plants plants.json");
    assert_eq!(line["runs"].as_array().unwrap().len(), 20);
    assert!(figure(&line, "pid", "rmse_mean") < figure(&line, "pd", "rmse_mean"), "{line}");
}

#[test]
fn a_control_is_printed_in_a_line_for_each_measure() {
    let printed = trained().succeeds(&format!("evaluate {NETWORK} --controls --episodes 16"));
    for control in ["pd", "pid", "pes"] {
        for measure in ["rmse", "aligned_rmse"] {
            let start = format!("{control:<11} {measure} ");
            let line = printed.text().lines().find(|line| line.starts_with(&start)).unwrap();
            assert!(line.contains("95 % interval") && line.contains("median"), "{line}");
        }
    }
    let without = trained().succeeds(&format!("evaluate {NETWORK} --episodes 2"));
    assert!(!without.text().contains("pid"), "{}", without.text());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let sandbox = trained();
    let parts = ["task cue-association has no controls", "leave --controls out"];
    sandbox.refuses("evaluate network.plastic --controls", &parts);
    for option in ["--life 2", "--float world.toml"] {
        let command = format!("evaluate {NETWORK} --controls {option}");
        sandbox.refuses(&command, &["--controls", "cannot be used with"]);
    }
}

/// The page that a training in a world leaves.
fn page(sandbox: &Sandbox, folder: &str) -> String {
    String::from_utf8(sandbox.read(&format!("{folder}/report.html"))).unwrap()
}

#[test]
fn a_training_in_a_plant_leaves_a_report_of_its_lives() {
    let page = page(trained(), "out");
    for part in ["<h2>A life: the error</h2>", "<h2>One life in the world</h2>", "time in the life (s)", "rmse"] {
        assert!(page.contains(part), "{part}");
    }
    for drawn in ["this network", "P frozen", "pd", "desired", "command 0", "sense 3"] {
        assert!(page.contains(&format!("\n{drawn}\n")), "{drawn}");
    }
    assert!(page.contains("single weights of hidden&gt;command") && !page.contains("right answers"));
}

#[test]
fn a_training_for_rewards_leaves_a_report_of_its_choices() {
    let sandbox = Sandbox::new();
    sandbox.succeeds("train bandit --out out --meta-steps 1 --episodes 2");
    let page = page(&sandbox, "out");
    for part in
        ["<h2>A life: the reward</h2>", "reward of a life", "number of the choice in the life", "10 choices"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("thompson") && page.contains(" pays ") && !page.contains("right answers"));
}

#[test]
fn lives_of_many_episodes_are_not_drawn_in_a_world() {
    for (options, name) in [("--life 2".to_owned(), "--life:"), (format!("--beside {NETWORK}"), "--beside:")] {
        let command = format!("report out {options}");
        trained().refuses(&command, &[name, "task adaptive-control", "a whole life in a world"]);
    }
}

#[test]
fn the_course_of_a_life_is_a_file_too() {
    trained().succeeds("report out --life-figure life.svg");
    let figure = String::from_utf8(trained().read("life.svg")).unwrap();
    for part in ["<svg ", "this network", "P frozen", "time in the life (s)"] {
        assert!(figure.contains(part), "{part}");
    }
}

#[test]
fn values_are_recalled_and_compared_with_a_guess_and_a_memory() {
    let sandbox = Sandbox::new();
    sandbox.succeeds("train recall --out out --meta-steps 1 --episodes 2");
    let line = sandbox.succeeds("evaluate out/network.plastic --json --controls --episodes 200").json();
    let [network, mean, memory] = [
        line["squared_error_mean"].as_f64().unwrap(),
        figure(&line, "mean", "squared_error_mean"),
        figure(&line, "memory", "squared_error_mean"),
    ];
    assert!((mean - 1.0 / 3.0).abs() < 0.05 && memory == 0.0 && network < 0.9 * mean, "{line}");
    sandbox.refuses("evaluate out/network.plastic --resets-state=maybe", &["--resets-state", "true", "false"]);
}
