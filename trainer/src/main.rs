//! The command line: `metaplastic demo | train | evaluate | bench | flash | inspect | report`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    metaplastic::main()
}
