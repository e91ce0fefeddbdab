//! The seeds of the fuzz target `decode` are the corpus in the current artifact format. Rewritten with
//! `METAPLASTIC_BLESS=1`. Those of the targets `zips`, `windows` and `experiments` are sound.

use std::path::Path;

use metaplastic_task::one_shot::{drawings_in_zip, runs_in_zip};
use metaplastic_task::windows::windows_in_bytes;
use metaplastic_tests::corpus::cases;
use metaplastic_tests::example;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/decode");

#[test]
fn the_seeds_of_the_decoder_are_the_corpus() {
    let cases = cases().into_iter().map(|case| (case.name, case.artifact));
    for (name, artifact) in cases.chain([("example", example::artifact())]) {
        let path = format!("{SEEDS}/{name}");
        if std::env::var_os("METAPLASTIC_BLESS").is_some() {
            std::fs::write(&path, artifact.bytes()).unwrap();
        }
        let seed = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(seed == artifact.bytes(), "{path} is of another format: METAPLASTIC_BLESS=1 rewrites it");
    }
}

#[test]
fn the_seeds_of_zips_have_drawings_or_runs() {
    let seed = |name: &str| std::fs::read(format!("{SEEDS}/../zips/{name}")).unwrap();
    for (name, drawings) in [("stored", 8), ("deflated", 8), ("backslashes", 4)] {
        assert_eq!(drawings_in_zip(seed(name)).unwrap(), drawings, "{name}");
    }
    assert_eq!(runs_in_zip(seed("runs")).unwrap(), 1);
}

#[test]
fn the_seeds_of_windows_have_windows() {
    for (name, windows) in [("archive.ts", 3), ("long.csv", 2), ("wide.csv", 2), ("arrays.npz", 2)] {
        let bytes = std::fs::read(format!("{SEEDS}/../windows/{name}")).unwrap();
        assert_eq!(windows_in_bytes(Path::new(name), bytes).unwrap(), windows, "{name}");
    }
}

#[test]
fn the_seeds_of_experiments_have_the_tables_of_one() {
    let names = std::fs::read_dir(format!("{SEEDS}/../experiments")).unwrap();
    for path in names.map(|entry| entry.unwrap().path()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let tables = toml::from_str::<toml::Table>(&text).unwrap();
        assert_eq!(tables.keys().collect::<Vec<_>>(), ["meta", "network", "task"], "{}", path.display());
    }
}
