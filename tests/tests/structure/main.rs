//! Tests of the structure of this repository's source: functions are short and have few parameters, the files of a
//! crate have no circular dependency, each file begins with its purpose, and each public module of a library with an
//! example.
//!
//! No code is excepted. Kernels, the inner loops over plain slices and exponents, may have as many parameters as the
//! equation has terms.

mod circles;
mod dependencies;
mod examples;
mod functions;
mod methods;
mod modules;
mod paths;
mod sources;
mod test_code;

use std::collections::BTreeSet;

use circles::circles;
use examples::{has_example, without_example};
use functions::{Function, functions};
use modules::{Files, crates};
use sources::{Source, sources};

/// Folders of kernels.
const KERNELS: [&str; 3] =
    ["runtime/src/kernel/", "trainer/learn/src/lifetime/fused/kernel/", "trainer/learn/src/lifetime/fused/lanes/"];
/// Files with inherent impls of one type.
const MOST_FILES: usize = 2;
/// Outside kernels.
const MOST_PARAMETERS: usize = 5;

/// Lines of a function at two ranks among all functions of a package, ordered by length.
#[derive(Debug, PartialEq)]
struct Lengths {
    median: usize,
    percentile_90: usize,
}

#[test]
fn functions_have_at_most_five_parameters() {
    let sources = sources();
    let outside = sources.iter().filter(|source| !KERNELS.iter().any(|kernel| source.path.starts_with(kernel)));
    let many = outside.flat_map(functions).filter(|function| function.parameters > MOST_PARAMETERS);
    check("more than five parameters", many.map(|function| function.position));
}

#[test]
fn signatures_take_no_parameter_apart() {
    let sources = sources();
    let apart = sources.iter().flat_map(functions).filter(|function| function.takes_a_parameter_apart);
    check("a tuple, struct or slice pattern in its signature", apart.map(|function| function.position));
}

#[test]
fn files_of_a_crate_make_no_circle() {
    let sources = sources();
    let crates = crates(&by_path(&sources));
    let circles: BTreeSet<String> = crates.iter().flat_map(|each| circles(&each.dependencies(&crates))).collect();
    check("a circle of files", circles.into_iter());
}

/// A type with many parts is made of parts with types of their own.
#[test]
fn the_methods_of_a_type_stand_in_two_files_at_most() {
    let sources = sources();
    let crates = crates(&by_path(&sources));
    let spread = crates.iter().flat_map(|each| each.spread_types());
    let spread: BTreeSet<String> = spread
        .filter(|(_, files)| files.len() > MOST_FILES)
        .map(|(name, files)| format!("{name}: {}", files.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    check("methods in more than two files", spread.into_iter());
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    check("no `//!` paragraph at its head", silent.map(|source| source.path));
}

/// A module that nobody outside should use is `pub(crate)`, or hidden with its reason in a comment.
#[test]
fn every_public_module_of_a_library_begins_with_an_example() {
    let sources = sources();
    check("no example that runs at its head", without_example(&by_path(&sources)).into_iter());
}

#[test]
fn only_what_is_compiled_is_an_example() {
    for example in
        ["//! A.\n//!\n//! ```\n//! f();\n//! ```", "//! ```text\n//! a\n//! ```\n//! ```no_run\n//! ```\n"]
    {
        assert!(has_example(example), "{example}");
    }
    for none in ["//! A.\n", "//! ```text\n//! a\n//! ```", "//! ```ignore\n//! ```", "//! A.\n\n/// ```\n/// ```"]
    {
        assert!(!has_example(none), "{none}");
    }
}

#[test]
fn functions_of_the_runtime_are_short() {
    assert_short("runtime/", Lengths { median: 6, percentile_90: 18 });
}

#[test]
fn functions_of_the_trainer_are_short() {
    assert_short("trainer/", Lengths { median: 7, percentile_90: 18 });
}

/// Fails if there is anything to complain about.
fn check(rule: &str, complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "{} with {rule}:\n  {}", complaints.len(), complaints.join("\n  "));
}

/// Asserts a bound on the lengths of a folder's functions, without those of tests and benchmarks.
fn assert_short(folder: &str, bound: Lengths) {
    let sources = sources();
    let crates = crates(&by_path(&sources));
    let modules = crates.iter().flat_map(|each| &each.modules);
    let files: BTreeSet<&str> = modules.map(|module| module.file.as_str()).collect();
    let ours = |source: &&Source| source.path.starts_with(folder) && source.path.contains("/src/");
    let compiled = sources.iter().filter(ours).filter(|source| files.contains(source.path.as_str()));
    let lengths = lengths(compiled.flat_map(functions));
    println!("{folder} {lengths:?}");
    assert!(
        lengths.median <= bound.median && lengths.percentile_90 <= bound.percentile_90,
        "{folder}: {lengths:?} lines a function, at most {bound:?}"
    );
}

/// Nearest ranks.
fn lengths(functions: impl Iterator<Item = Function>) -> Lengths {
    let mut lines: Vec<usize> =
        functions.filter(|function| !function.test_only).filter_map(|function| function.lines).collect();
    lines.sort_unstable();
    let rank = |percent: usize| lines[(lines.len() * percent).div_ceil(100).saturating_sub(1)];
    Lengths { median: rank(50), percentile_90: rank(90) }
}

fn by_path(sources: &[Source]) -> Files<'_> {
    sources.iter().map(|source| (source.path.as_str(), source)).collect()
}
