//! `metaplastic report`.

use crate::sandbox::Sandbox;

#[test]
fn an_artifact_alone_is_enough_for_a_report() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    assert_eq!(sandbox.succeeds("report folder").text(), "folder/report.html\n");
    assert_eq!(sandbox.names("folder"), ["network.plastic", "report.html"]);
    let page = String::from_utf8(sandbox.read("folder/report.html")).unwrap();
    assert!(page.contains("<svg") && page.trim_end().ends_with("</html>"));
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
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    sandbox.write("folder/report.html/in-the-way", "");
    sandbox.refuses("report folder", &["folder/report.html", "cannot be written"]);
}
