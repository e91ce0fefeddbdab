//! The jobs by name, and the lanes they run in.

use std::fmt;

use anyhow::Result;
use clap::ValueEnum;

use crate::{boards, book, fuzz, host, package, page, project, readme, recordings, setup};

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Job {
    /// Installs what is missing: QEMU, Node.js with rp2040js, and a core library for every board's target
    Setup,
    /// rustfmt
    Format,
    /// clippy on everything for the host
    Lint,
    /// rustdoc, warnings denied
    Docs,
    /// The pages of docs/ as a book, in book/
    Book,
    /// Compiles the tests of the host
    Build,
    /// Unit, property, golden and documentation tests; golden traces and damaged artifacts in debug form too
    Host,
    /// The fuzz targets of tests/fuzz, FUZZ_SECONDS each [default: 10], or half of it where inputs are slow
    Fuzz,
    /// The firmware with warnings denied
    Firmware,
    /// The boards: in QEMU and rp2040js, or built where neither knows them
    Emulator,
    /// Proofs of linked firmware: no panic, allocator or float; stack, sizes and instructions against
    /// runtime/firmware/measurements.toml, which METAPLASTIC_BLESS=1 writes anew
    Chip,
    /// A project that `metaplastic new` writes: its README's commands, its CI's script, every board; only run when named
    Project,
    /// The page of `metaplastic watch` in Chromium, served and exported, with pictures of it
    Page,
    /// Assembles the packages that would be published and looks for their files
    Package,
    /// Compiles each of them as it would be published, and runs an emulated board with the program; only run when named
    PackageVerify,
    /// cargo-semver-checks against the last tag v*, or the merge base with origin/main; only run when named
    Semver,
    /// numpy on recordings of `metaplastic record`, and the example that docs/recording.md has for it
    Recordings,
    /// Every `$ ` command of README.md and of the pages of docs/, in order, README_COMMAND_LIMIT seconds each [default: 600]
    Readme,
    /// Measures sizes, stack, instructions and estimated cycles of every core, and prints them; only run when named
    BenchChip,
}

/// The jobs of the host, which run in parallel with [`BOARD_LANE`].
pub(crate) const HOST_LANE: &[Job] = &[
    Job::Format,
    Job::Package,
    Job::Lint,
    Job::Docs,
    Job::Book,
    Job::Build,
    Job::Host,
    Job::Fuzz,
    Job::Recordings,
    Job::Page,
];
/// The jobs that build core libraries, link firmware and emulate boards, as commands of the documents do: they use one core of
/// the machine at a time.
pub(crate) const BOARD_LANE: &[Job] = &[Job::Setup, Job::Firmware, Job::Emulator, Job::Chip, Job::Readme];
/// The jobs that only run when they are named.
#[cfg(test)]
const NAMED: &[Job] = &[Job::BenchChip, Job::PackageVerify, Job::Project, Job::Semver];

impl Job {
    /// Runs it to its end.
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Setup => setup::setup(),
            Self::Format => host::format(),
            Self::Lint => host::lint(),
            Self::Docs => host::docs(),
            Self::Book => book::book(),
            Self::Build => host::build(),
            Self::Host => host::test(),
            Self::Fuzz => fuzz::fuzz(),
            Self::Firmware => boards::firmware(),
            Self::Emulator => boards::emulator(),
            Self::Chip => boards::chip(),
            Self::Page => page::page(),
            Self::Project => project::project(),
            Self::Package => package::package(),
            Self::PackageVerify => package::package_verify(),
            Self::Semver => package::semver(),
            Self::Recordings => recordings::recordings(),
            Self::Readme => readme::readme(),
            Self::BenchChip => boards::bench_chip(false),
        }
    }
}

impl fmt::Display for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        formatter.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_in_one_lane_or_only_run_when_named() {
        for job in Job::value_variants() {
            let count = HOST_LANE.iter().chain(BOARD_LANE).filter(|other| *other == job).count();
            assert_eq!(count, usize::from(!NAMED.contains(job)), "{job}");
        }
    }
}
