//! Where what is made once for a user is kept.

use std::env;
use std::path::PathBuf;

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

/// Names a folder to use in place of [`cache_folder`]'s own choice.
pub const CACHE_VARIABLE: &str = "METAPLASTIC_TOOLCHAIN_DIR";

/// The folder of core libraries and unpacked sources: [`CACHE_VARIABLE`], else `metaplastic` in the user's folder for
/// caches (`XDG_CACHE_HOME`, `~/.cache`). None for a user without a home.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    let given = env::var_os(CACHE_VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    given.or_else(|| Some(choose_base_strategy().ok()?.cache_dir().join("metaplastic")))
}
