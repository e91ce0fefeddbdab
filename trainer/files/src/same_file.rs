//! Whether two paths are of one file, whatever their spelling: the file system's identity of the files decides.
//!
//! ```
//! use metaplastic_files::same_file::is_same;
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let file = folder.path().join("network.plastic");
//! std::fs::write(&file, b"").unwrap();
//! assert!(is_same(&file, &folder.path().join("./network.plastic")));
//! // What does not exist is no file, not even the same one.
//! let missing = folder.path().join("missing.plastic");
//! assert!(!is_same(&missing, &missing));
//! ```

use std::path::Path;

/// Whether both paths are of the same existing file. Links to a file are that file.
#[must_use]
pub fn is_same(one: &Path, other: &Path) -> bool {
    same_file::is_same_file(one, other).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        std::fs::write(&one, "").unwrap();
        assert!(is_same(&one, &folder.path().join("./one")));
        assert!(!is_same(&one, &other) && !is_same(&other, &other));
        std::fs::write(&other, "").unwrap();
        assert!(!is_same(&one, &other));
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&one, &link).unwrap();
            assert!(is_same(&link, &one) && !is_same(&link, &other));
        }
    }
}
