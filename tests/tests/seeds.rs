//! The seeds of the fuzz target `decode` are the corpus in the current artifact format. Rewritten with
//! `METAPLASTIC_BLESS=1`.

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
