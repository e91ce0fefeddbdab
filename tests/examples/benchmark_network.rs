//! Writes the artifact of the chip's benchmark: `cargo run -p metaplastic-tests --example benchmark_network FILE`.

use metaplastic_tests::benchmark::{self, BenchmarkNetwork};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: benchmark_network FILE");
        return ExitCode::from(2);
    };
    match benchmark::artifact(BenchmarkNetwork::default()).write(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
