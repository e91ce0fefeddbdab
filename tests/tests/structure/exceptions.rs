//! The exceptions to the rules of structure, each with its reason.

/// Code that breaks a rule, and the reason.
pub(crate) struct Exception {
    /// The beginning of the complaint; for a function, `file name`.
    what: &'static str,
    /// The reason.
    #[expect(dead_code, reason = "the reason is documentation")]
    why: &'static str,
}

/// Issue 16 is open there.
const OPEN: &str = "being mended";

/// Kernels: inner loops over plain slices and exponents. They may have as many parameters as the equation has
/// terms.
pub(crate) const KERNELS: &[&str] =
    &["runtime/src/kernel", "trainer/learn/src/lifetime/fused/kernel/", "trainer/learn/src/lifetime/fused/lanes"];

/// Functions with more than five parameters.
pub(crate) const PARAMETERS: &[Exception] = &[];

/// Functions whose signature takes a tuple apart.
pub(crate) const TUPLES: &[Exception] =
    &[Exception { what: "runtime/src/kernel/dsp/many_columns.rs add_masked", why: OPEN }];

/// Circles of files.
pub(crate) const CIRCLES: &[Exception] = &[Exception { what: "runtime/src/", why: OPEN }];

/// Fails if a complaint is not an exception, or if an exception has no complaint.
pub(crate) fn check(rule: &str, complaints: impl Iterator<Item = String>, exceptions: &[Exception]) {
    let complaints: Vec<String> = complaints.collect();
    let is_excepted = |complaint: &String| exceptions.iter().any(|exception| exception.covers(complaint));
    let wrong: Vec<&str> = complaints.iter().filter(|one| !is_excepted(one)).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} with {rule}:\n  {}", wrong.len(), wrong.join("\n  "));
    let needed = |exception: &&Exception| complaints.iter().any(|complaint| exception.covers(complaint));
    let stale = exceptions.iter().find(|exception| !needed(exception));
    assert!(
        stale.is_none(),
        "{rule}: the exception {:?} is no longer needed",
        stale.map(|exception| exception.what)
    );
}

impl Exception {
    /// Whether a complaint is about this exception. The line number of a function is ignored, so that code above it
    /// can change.
    fn covers(&self, complaint: &str) -> bool {
        let function = complaint.split_once(':').and_then(|(file, rest)| Some((file, rest.split_once(' ')?.1)));
        match function {
            Some((file, name)) => self.what == format!("{file} {name}"),
            None => complaint.starts_with(self.what),
        }
    }
}
