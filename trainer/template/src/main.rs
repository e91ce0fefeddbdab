//! The program: `metaplastic` with this task. `cargo run -- train experiment.toml --out run` trains its network.

use std::process::ExitCode;

use metaplastic::task::{TaskDescriptor, Tasks};
use starter::Starter;

fn main() -> ExitCode {
    metaplastic::main(Tasks::built_in().with(TaskDescriptor::new("starter", |_, _| Ok(Box::new(Starter)))))
}
