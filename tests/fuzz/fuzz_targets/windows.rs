//! Any bytes as a file of windows, of each format. Reading never panics, and has its limits, see libFuzzer's own for memory
//! and time.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use metaplastic_task::windows::windows_in_bytes;

/// A name of each format.
const NAMES: [&str; 4] = ["x.ts", "x.csv", "x.npy", "x.npz"];

fuzz_target!(|bytes: &[u8]| {
    for name in NAMES {
        let _ = windows_in_bytes(Path::new(name), bytes.to_vec()).map_err(|error| error.to_string());
    }
});
