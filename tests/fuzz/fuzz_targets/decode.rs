//! Arbitrary bytes into the decoder, unchanged and repaired. The decoder never panics; a decoded artifact is as
//! `docs/artifact.md` specifies, and can be stepped.
#![no_main]

use libfuzzer_sys::fuzz_target;
use metaplastic_fuzz::repair::{aligned, sound};
use metaplastic_fuzz::whole::assert_whole;
use metaplastic_runtime::Artifact;
use metaplastic_tests::soundness::{Drive, assert_runs_soundly};

fuzz_target!(|bytes: &[u8]| {
    let mut words = Vec::new();
    if let Ok(artifact) = Artifact::decode(aligned(bytes, &mut words)) {
        assert_whole(&artifact);
    }
    if let Some(bytes) = sound(bytes.to_vec()) {
        let artifact = Artifact::decode(aligned(&bytes, &mut words)).expect("it has just been decoded");
        assert_eq!(artifact.bytes(), bytes);
        assert_whole(&artifact);
        assert_runs_soundly(artifact, Drive { steps: 3, all: 0.5, seed: 1 });
    }
});
