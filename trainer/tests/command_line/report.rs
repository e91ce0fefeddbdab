//! `metaplastic report`.

use crate::sandbox::Sandbox;
use crate::trained::training;

#[test]
fn an_artifact_alone_is_enough_for_a_report() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    assert_eq!(sandbox.succeeds("report folder").text(), "folder/report.html\n");
    assert_eq!(sandbox.names("folder"), ["network.plastic", "report.html"]);
    let page = String::from_utf8(sandbox.read("folder/report.html")).unwrap();
    assert!(page.contains("<svg") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("metaplastic watch network.plastic"));
    // An exported page beside it is linked to.
    sandbox.write("folder/life.html", "<!DOCTYPE html>");
    sandbox.succeeds("report folder");
    let page = String::from_utf8(sandbox.read("folder/report.html")).unwrap();
    assert!(page.contains("href=\"life.html\""));
}

#[test]
fn a_life_is_drawn_with_another_network_beside_it_and_as_a_file() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    let drawn = "report folder --beside network.plastic --life 12 --lives 3 --life-figure life.svg";
    assert_eq!(sandbox.succeeds(drawn).text(), "life.svg\nfolder/report.html\n");
    let [page, figure] =
        ["folder/report.html", "life.svg"].map(|file| String::from_utf8(sandbox.read(file)).unwrap());
    for part in ["this network: ", "network.plastic: ", " in episode 1, ", " in episode 12"] {
        assert!(page.contains(part) && figure.contains(part), "{part:?}");
    }
    assert!(page.contains("means over 3 lives") && figure.starts_with("<svg"));
}

#[test]
fn a_life_that_cannot_be_drawn_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    sandbox.write("other.plastic", crate::one_shot::trained().read("out/network.plastic"));
    let cases: [(&str, &[&str]); 6] = [
        ("--beside other.plastic", &["other.plastic: ", "one-shot", "cue-association"]),
        ("--beside missing.plastic", &["missing.plastic", "cannot be read"]),
        ("--life 0", &["'0' for '--life", "1..=10000"]),
        ("--life 10000 --lives 1001", &["10010000 episodes, at most 10000000"]),
        ("--life-figure nowhere/life.svg", &["nowhere/life.svg", "cannot be written"]),
        ("--beside network.plastic --life-figure network.plastic", &["--life-figure", "--beside", "replace"]),
    ];
    for (options, parts) in cases {
        sandbox.refuses(&format!("report folder {options}"), parts);
    }
}

#[test]
fn a_folder_without_an_artifact_is_refused() {
    let sandbox = Sandbox::new();
    for folder in ["tools", "nowhere", "network.plastic"] {
        sandbox.refuses(&format!("report {folder}"), &[folder, "no network.plastic", "metaplastic train"]);
    }
}

#[test]
fn damaged_files_beside_the_artifact_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    sandbox.write("folder/summary.json", "{\"float\": ");
    sandbox.refuses("report folder", &["folder/summary.json", "not a summary"]);
    sandbox.write("other/network.plastic", sandbox.read("network.plastic"));
    sandbox.write("other/metrics.csv", "meta_step,loss\n1,much\n");
    sandbox.refuses("report other", &["other/metrics.csv", "not a table of metrics"]);
    sandbox.write("other/metrics.csv", "training,meta_step,loss\n0123abcd,1,much\n");
    sandbox.refuses("report other", &["other/metrics.csv", "not a table of metrics"]);
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    sandbox.write("folder/report.html/in-the-way", "");
    sandbox.refuses("report folder", &["folder/report.html", "cannot be written"]);
}

/// A training's files, and one file in place of which that of another training is.
#[test]
fn files_of_two_trainings_make_no_report() {
    let sandbox = Sandbox::new();
    sandbox.succeeds("train cue-association --seed 7 --meta-steps 3 --episodes 4 --quiet --out seven");
    let ours = &training().sandbox;
    let copy = |file: &str| sandbox.write(&format!("mixed/{file}"), ours.read(&format!("out/{file}")));
    let files = ["network.plastic", "summary.json", "metrics.csv"];
    files.into_iter().for_each(copy);
    sandbox.succeeds("report mixed");
    let cases: [(&str, &[&str]); 3] = [
        ("metrics.csv", &["mixed: network.plastic and summary.json are of training", "3 meta-steps are done"]),
        ("network.plastic", &["mixed: summary.json and metrics.csv are of artifact", "network.plastic is"]),
        ("summary.json", &["mixed: summary.json and metrics.csv are of artifact", "network.plastic is"]),
    ];
    for (file, parts) in cases {
        sandbox.write(&format!("mixed/{file}"), sandbox.read(&format!("seven/{file}")));
        sandbox.refuses("report mixed", &[parts, &["a folder of its own"]].concat());
        copy(file);
    }
    std::fs::remove_file(sandbox.path("mixed/summary.json")).unwrap();
    sandbox.refuses("report mixed", &["mixed: without summary.json, metrics.csv may be of another training"]);
}
