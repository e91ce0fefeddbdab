//! What a build script writes for a board and an artifact, on standard output: `embed BOARD FILE.plastic`.

use std::env;
use std::path::Path;

use metaplastic_build::{constants, memory_map};
use metaplastic_shared::board::Board;

fn main() -> Result<(), metaplastic_build::EmbedError> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, artifact] = arguments.as_slice() else {
        eprintln!("usage: embed BOARD FILE.plastic");
        std::process::exit(2);
    };
    let Some(board) = Board::named(name) else {
        eprintln!("no board is called '{name}'");
        std::process::exit(2);
    };
    println!("memory.x:\n{}\nnetwork.rs:\n{}", memory_map(board), constants(board, Path::new(artifact))?);
    Ok(())
}
