//! An output that is an input of the same command is refused, however it is spelled, and before anything is run.

use crate::sandbox::{NETWORK, Sandbox};

const EXPERIMENT: &str = include_str!("../../task/experiments/cue-association.toml");

#[test]
fn outputs_replace_no_input() {
    let sandbox = Sandbox::new();
    sandbox.write("task.toml", "[task]\nname = 'cue-association'\n");
    std::os::unix::fs::symlink(sandbox.path(NETWORK), sandbox.path("link.plastic")).unwrap();
    sandbox.write("out/checkpoint", EXPERIMENT);
    let spelled = sandbox.path("tools/../network.plastic").display().to_string();
    let evaluate = "evaluate network.plastic --episodes 2 --save-state";
    let cases = [
        (format!("{evaluate} network.plastic"), "--save-state", "FILE.plastic"),
        (format!("{evaluate} ./network.plastic"), "--save-state", "FILE.plastic"),
        (format!("{evaluate} {spelled}"), "--save-state", "FILE.plastic"),
        (format!("{evaluate} link.plastic"), "--save-state", "FILE.plastic"),
        (format!("{evaluate} task.toml --task task.toml"), "--save-state", "--task"),
        ("flash network.plastic --board pico --output ./network.plastic".to_owned(), "--output", "FILE.plastic"),
        ("train out/checkpoint --out out --overwrite".to_owned(), "--out", "the experiment"),
        ("train out/checkpoint --out ./out".to_owned(), "--out", "the experiment"),
    ];
    for (command, output, input) in cases {
        let same = format!("is the same file as {input}, which it would replace");
        sandbox.refuses(&command, &[output, &same]);
    }
}

#[test]
fn an_output_that_cannot_be_written_is_named_before_the_work() {
    let sandbox = Sandbox::new();
    let evaluate = "evaluate network.plastic --episodes 10000000 --save-state";
    sandbox.refuses(&format!("{evaluate} nowhere/state"), &["nowhere/state: cannot be written", "No such file"]);
    sandbox.refuses(&format!("{evaluate} tools"), &["tools: cannot be written"]);
    let flash = "flash network.plastic --board pico --output nowhere/x.elf";
    sandbox.refuses(flash, &["nowhere/x.elf: cannot be written", "No such file"]);
    let mut command = sandbox.command(&format!("{evaluate} nowhere/state"));
    let error = sandbox.command_fails(&mut command);
    assert!(!error.contains(".tmp"), "{error}");
}

#[test]
fn a_state_does_not_wait_for_a_reader_of_the_figures() {
    let sandbox = Sandbox::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command("evaluate network.plastic --episodes 2 --save-state state");
    assert!(command.stdout(writer).status().unwrap().success());
    assert!(sandbox.path("state").exists());
}
