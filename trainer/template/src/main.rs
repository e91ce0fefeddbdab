//! The program: `metaplastic` with this task. `cargo run -- train experiment.toml --out run` trains its network.

use std::process::ExitCode;

fn main() -> ExitCode {
    metaplastic::main(metaplastic::Tasks::built_in().with(starter::DESCRIPTOR))
}
