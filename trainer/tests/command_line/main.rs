//! The `metaplastic` program from outside: what it prints, what it leaves on disk, and how it refuses.
//!
//! Every command runs in a [`Sandbox`](sandbox::Sandbox). A refusal has to fail, to say why in a line that begins
//! with `error:`, and to leave every file as it was.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod artifact;
mod board_storage;
mod carried;
mod cases;
mod demo;
mod drawings;
mod emulator;
mod evaluate;
mod expectations;
mod experiments;
mod flash;
mod folder;
mod inspect;
mod interrupt;
mod killed;
mod life;
mod limits;
mod new;
mod one_shot;
mod own_task;
mod progress;
mod record;
mod replaced;
mod report;
mod sandbox;
mod serial;
mod state;
mod sweep;
mod train;
mod trained;
mod untrusted;
mod watch;
mod windows;
mod world;
