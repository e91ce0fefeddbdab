//! The program: `metaplastic` with this task. `cargo run -- train starter --out trained` trains its network.

use std::process::ExitCode;

use metaplastic::task::Tasks;

fn main() -> ExitCode {
    metaplastic::main(Tasks::none().with(starter::DESCRIPTOR))
}
