//! Arbitrary bytes into the decoder, as they are and repaired: it never panics, and what it lets through can be
//! stepped.
#![no_main]

use libfuzzer_sys::fuzz_target;
use metaplastic_fuzz::repair::{aligned, sound};
use metaplastic_runtime::Artifact;
use metaplastic_tests::life::{Drive, assert_lives};

fuzz_target!(|bytes: &[u8]| {
    let mut words = Vec::new();
    let _ = Artifact::decode(aligned(bytes, &mut words));
    if let Some(bytes) = sound(bytes.to_vec()) {
        let artifact = Artifact::decode(aligned(&bytes, &mut words)).expect("it has just been decoded");
        assert_eq!(artifact.bytes(), bytes);
        assert_lives(artifact, Drive { steps: 3, all: 0.5, seed: 1 });
    }
});
