//! The program `metaplastic`: the command line of the library of the same name, with its built-in tasks.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use metaplastic_task::Tasks;

fn main() -> ExitCode {
    metaplastic::main(Tasks::built_in())
}
