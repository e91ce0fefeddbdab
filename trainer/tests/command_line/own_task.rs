//! A program with a task of its own, the example `machine`: every command knows the task, and the stock program says what it
//! cannot do without it.

use std::path::PathBuf;
use std::process::Command;

use crate::sandbox::Sandbox;

/// The artifact that the example trains.
const TRAINED: &str = "out/network.plastic";

/// The example, which cargo builds with the tests.
fn example() -> PathBuf {
    let folder = std::env::current_exe().unwrap();
    let program = folder.ancestors().nth(2).unwrap().join("examples/machine");
    assert!(program.exists(), "{}: cargo build --release --example machine", program.display());
    program
}

fn command(sandbox: &Sandbox, arguments: &str) -> Command {
    let stock = sandbox.command(arguments);
    let mut command = Command::new(example());
    command.args(stock.get_args()).current_dir(stock.get_current_dir().unwrap());
    command.envs(stock.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

fn trained() -> Sandbox {
    let sandbox = Sandbox::new();
    let train = "train machine --meta-steps 40 --episodes 50 --out out --json";
    let line = sandbox.command_succeeds(&mut command(&sandbox, train)).json();
    assert_eq!((&line["task"], &line["experiment"]), (&"machine".into(), &"machine".into()));
    sandbox
}

#[test]
fn every_command_knows_the_task() {
    let sandbox = trained();
    let succeeds = |arguments: &str| sandbox.command_succeeds(&mut command(&sandbox, arguments));
    let line = succeeds("evaluate out/network.plastic --episodes 20 --json").json();
    assert_eq!((&line["task"], &line["episodes"]), (&"machine".into(), &20.into()));
    let life = succeeds("evaluate out/network.plastic --life 3 --lives 4 --json").json();
    assert_eq!(life["by_episode"].as_array().unwrap().len(), 3);
    succeeds("report out");
    assert!(succeeds("inspect out/network.plastic").text().contains("task machine"));
    let help = succeeds("train --help");
    assert!(help.text().contains(", machine"), "{}", help.text());
    let evaluated = succeeds("evaluate network.plastic --episodes 5");
    assert!(evaluated.text().contains("cue-association on host"), "built-in tasks stay");
}

#[test]
fn the_stock_program_runs_a_network_of_a_task_that_it_does_not_know_without_it() {
    let sandbox = trained();
    sandbox.command_succeeds(&mut command(&sandbox, &format!("record {TRAINED} --out own.npz")));
    let played = sandbox.succeeds(&format!("record {TRAINED} --inputs own.npz --out stock.npz"));
    assert!(played.text().contains("machine on host"), "{}", played.text());
    assert!(sandbox.succeeds(&format!("inspect {TRAINED}")).text().contains("task machine"));
    let unknown = "made for task \"machine\", which this program does not know";
    for command in ["evaluate", "bench --on emulator:mps2-an386"] {
        sandbox.refuses(&format!("{command} {TRAINED}"), &[TRAINED, unknown, "record --inputs and bench --inputs"]);
    }
    sandbox.refuses("report out", &["out/network.plastic", unknown]);
    sandbox.refuses("train machine --out other", &["machine", "built-in experiment", "recall"]);
}

/// The page shows the program as it is.
#[test]
fn the_page_shows_the_whole_program() {
    let page = include_str!("../../../docs/tasks.md");
    assert!(page.contains(include_str!("../../examples/machine/main.rs")), "docs/tasks.md shows another program");
}
