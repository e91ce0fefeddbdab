//! An estimate of memory by what takes it, and its limit: a program that would take too much says so before it
//! takes any.
//!
//! ```
//! use metaplastic_files::memory::MemoryEstimate;
//!
//! let estimate = MemoryEstimate::default()
//!     .with("meta.batch = 4096", 6_000_000_000)
//!     .with("a projection", 1_000_000_000);
//! assert!(estimate.check("training", 8_000_000_000).is_ok());
//! // What takes most is named.
//! let error = estimate.check("training", 4_000_000_000).unwrap_err().to_string();
//! assert!(error.starts_with("training would take about 7.0 GB of memory, --memory-limit is 4.0 GB"));
//! assert!(error.contains("6.0 GB of it are for meta.batch = 4096"));
//! ```

/// Bytes in a gigabyte.
const GIGABYTE: f64 = 1e9;
/// Bytes of the program itself and its threads.
const PROGRAM: u64 = 16_000_000;

/// Something would take more memory than it may.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{what} would take about {:.1} GB of memory, --memory-limit is {:.1} GB; {:.1} GB of it are for {field}: make it \
     smaller, or raise --memory-limit",
    gigabytes(*bytes), gigabytes(*limit), gigabytes(*of_field)
)]
#[non_exhaustive]
pub struct MemoryLimitError {
    /// What would.
    pub what: &'static str,
    /// Bytes that it would take.
    pub bytes: u64,
    /// Bytes that it may take.
    pub limit: u64,
    /// The fields of what takes most.
    pub field: String,
    /// Bytes that that takes.
    pub of_field: u64,
}

/// Bytes by what takes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryEstimate {
    parts: Vec<(String, u64)>,
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / GIGABYTE
}

impl MemoryEstimate {
    /// With `bytes` more for a field.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, bytes: u64) -> Self {
        self.parts.push((field.into(), bytes));
        self
    }

    /// With all of another estimate.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// All bytes, with those of the program itself.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts.iter().fold(PROGRAM, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }

    /// Refuses more than `limit` bytes.
    ///
    /// # Errors
    /// [`MemoryLimitError`] names what takes most.
    pub fn check(&self, what: &'static str, limit: u64) -> Result<(), MemoryLimitError> {
        let bytes = self.bytes();
        match self.parts.iter().max_by_key(|(_, bytes)| bytes) {
            Some((field, of_field)) if bytes > limit => {
                Err(MemoryLimitError { what, bytes, limit, field: field.clone(), of_field: *of_field })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_takes_most() {
        let estimate =
            MemoryEstimate::default().with("task.steps", 1_000_000_000).with("network.a>b", 3_500_000_000);
        let all = 4_500_000_000 + PROGRAM;
        assert_eq!((estimate.bytes(), estimate.check("training", all)), (all, Ok(())));
        assert_eq!(
            estimate.check("training", 4_000_000_000).unwrap_err().to_string(),
            "training would take about 4.5 GB of memory, --memory-limit is 4.0 GB; 3.5 GB of it are for network.a>b: make it smaller, or raise --memory-limit"
        );
        assert_eq!(MemoryEstimate::default().with("a", u64::MAX).with("b", 1).bytes(), u64::MAX);
    }
}
