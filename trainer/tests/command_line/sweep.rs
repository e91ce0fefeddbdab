//! `metaplastic train --set` and `--seeds`: values that replace those of an experiment, and trainings side by side, each as if
//! it were alone.

use crate::sandbox::Sandbox;

const SHORT: &str = "--meta-steps 4 --episodes 8 --quiet";

#[test]
fn a_value_is_set_by_the_name_that_errors_call_it() {
    let sandbox = Sandbox::new();
    let line = |set: &str, out: &str| {
        sandbox
            .succeeds(&format!("train cue-association {set} --out {out} --meta-steps 1 --episodes 8 --json"))
            .json()
    };
    let [small, usual] = [line("--set network.hidden.size=16", "small"), line("", "usual")];
    assert_ne!(small["ns_per_synapse_step"], usual["ns_per_synapse_step"]);
    let plastic = |out: &str| {
        sandbox.succeeds(&format!("inspect {out}/network.plastic --json")).json()["plastic_synapses"].clone()
    };
    assert_eq!((plastic("small"), plastic("usual")), ((72 * 16 + 16 * 8).into(), 5120.into()));
}

#[test]
fn a_wrong_key_is_named() {
    let sandbox = Sandbox::new();
    for (set, parts) in [
        ("meta.batch=0", &["meta.batch = 0", "1..="][..]),
        ("network.hiden.size=3", &["network.hiden.size", "here are", "hidden", "readout"]),
        ("meta.bach=3", &["bach", "batch"]),
        (
            "network.hidden.bais=0",
            &["cue-association: network.hidden.bais: unknown field `bais`, expected", "`bias`"],
        ),
        ("task.cues=300", &["task.cues = 300", "1..=256"]),
        ("batch", &["--set", "has no ="]),
    ] {
        sandbox.refuses(&format!("train cue-association --set {set} --out out"), parts);
    }
    sandbox.refuses("train cue-association --seeds 3..1 --out out", &["--seeds", "1..5"]);
    sandbox.refuses("train cue-association --set meta.batch=4,8 --json --out out", &["--json", "sweep.csv"]);
}

#[test]
fn trainings_side_by_side_are_those_of_each_alone() {
    let sandbox = Sandbox::new();
    let printed =
        sandbox.succeeds(&format!("train cue-association --set meta.batch=2,4 --seeds 5..6 {SHORT} --out out"));
    for part in ["meta.batch = 2:", "meta.batch = 4:", "2 trainings", "out/sweep.html"] {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
    let table = String::from_utf8(sandbox.read("out/sweep.csv")).unwrap();
    let starts: Vec<_> = table.lines().map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(starts, ["folder,meta.batch,seed", "out/1,2,5", "out/2,2,6", "out/3,4,5", "out/4,4,6"]);
    sandbox.succeeds(&format!("train cue-association --set meta.batch=4 --seed 6 {SHORT} --out alone"));
    assert_eq!(sandbox.read("out/4/network.plastic"), sandbox.read("alone/network.plastic"));
    sandbox.refuses(
        &format!("train cue-association --set meta.batch=2,4 --seeds 5..6 {SHORT} --out out"),
        &["sweep.csv", "--overwrite"],
    );
    let before = sandbox.read("out/1/network.plastic");
    sandbox
        .succeeds(&format!("train cue-association --set meta.batch=2,4 --seeds 5..6 {SHORT} --out out --resume"));
    assert_eq!(sandbox.read("out/1/network.plastic"), before);
}
