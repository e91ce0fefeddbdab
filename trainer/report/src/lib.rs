//! The report: one self-contained HTML page that shows what a network learned, and how.
//!
//! The caller fills a [`data::ReportData`]; [`render`] turns it into a page with inline SVG, without
//! script or external resource. This package may not know how a network is trained or run, only what was recorded.
//! Every figure is one small file that returns a `PageSection`; a section without data says why it is left out.
//!
//! ```
//! use metaplastic_report::data::{FactRow, ReportData};
//! use metaplastic_report::render;
//!
//! let ram = FactRow { label: "RAM".to_owned(), value: "23 KiB".to_owned() };
//! let data = ReportData { title: "My network".to_owned(), summary: vec![ram], ..ReportData::default() };
//! let page = render(&data).unwrap();
//! assert!(page.starts_with("<!DOCTYPE html>") && page.contains("23 KiB"));
//!
//! let wrong = render(&ReportData { chance: 1.5, ..data }).unwrap_err();
//! assert_eq!(wrong.to_string(), "report data: chance is 1.5, expected 0 to 1");
//! ```
#![forbid(unsafe_code)]

pub mod data;
pub mod sweep;
pub mod world_data;

mod ablations;
mod bars;
mod canvas;
mod check;
mod curves;
mod distribution;
mod episode_pictures;
mod error;
mod figure_file;
mod life;
mod life_file;
mod limits;
mod memory;
mod page;
mod picture;
mod plasticity;
mod raster;
mod recorded_trace;
mod render;
mod section;
mod shade;
mod tables;
mod text;
mod third_factor;
mod timeline;
mod world_check;
mod world_course;
mod world_path;
mod world_scores;

pub use error::ReportError;
pub use life_file::life_figure;
pub use render::render;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
