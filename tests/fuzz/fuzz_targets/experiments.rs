//! Any text as an experiment. Reading never panics; what is read is an experiment that can be written out and be
//! given another rule.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use metaplastic_learn::experiment::Experiment;
use metaplastic_shared::rule::Preset;

/// Texts that are not read: `data` names files of this computer, and synthetic drawings take seconds to draw.
const LEFT_OUT: [&str; 2] = ["data", "synthetic"];

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    if LEFT_OUT.iter().any(|word| text.contains(word)) {
        return Corpus::Reject;
    }
    match Experiment::parse("fuzz", text) {
        Ok(experiment) => {
            assert!(experiment.tables().iter().all(|(_, table)| !table.is_empty()));
            let _ = experiment.with_rule(Preset::ModulatedOja).map_err(|error| error.to_string());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    Corpus::Keep
});
