//! `metaplastic record FILE.plastic --on BODY --out FILE.npz`.

mod arguments;
mod meta;
mod run;

pub(crate) use arguments::Record;
pub(crate) use run::run;
