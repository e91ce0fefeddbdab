//! The progress bar of an evaluation or a measurement: episodes, time left. It fits terminals of 60 columns and more.
//!
//! Whatever runs episodes asks for them one by one; the bar counts how many were asked for.

use std::borrow::Cow;
use std::ops::Range;

use indicatif::{ProgressBar, ProgressStyle};
use metaplastic_task::episode::Episode;
use metaplastic_task::unseen::Episodes;

use crate::progress::target;

const TEMPLATE: &str = "{wide_bar} {pos}/{len} episodes  {eta} left";

/// Episodes, with a progress bar on standard error until this is dropped.
pub(crate) struct EpisodeProgress<'e> {
    episodes: &'e dyn Episodes,
    bar: ProgressBar,
}

impl<'e> EpisodeProgress<'e> {
    /// A bar that shows itself only on a terminal, and never if `quiet`, for episodes that are all run this often.
    pub(crate) fn new(episodes: &'e dyn Episodes, times: u64, quiet: bool) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).expect("the template is a constant and well formed");
        let all = times.saturating_mul(episodes.count());
        let bar = ProgressBar::with_draw_target(Some(all), target(quiet)).with_style(style);
        bar.tick();
        Self { episodes, bar }
    }
}

impl Episodes for EpisodeProgress<'_> {
    fn count(&self) -> u64 {
        self.episodes.count()
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        self.bar.inc(1);
        self.episodes.episode(index)
    }

    fn life(&self) -> u64 {
        self.episodes.life()
    }

    fn chunks(&self) -> Vec<Range<u64>> {
        self.episodes.chunks()
    }
}

impl Drop for EpisodeProgress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
