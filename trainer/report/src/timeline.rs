//! The time axis that all figures of an episode share, so that they are aligned step by step.
//!
//! A step `t` covers `t..t + 1` on the axis. A strip names the phases; every chart is shaded by them alike.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::canvas::{
    self, Area, Axes, Chart, DrawError, FAINT, HEADING, INK, LETTER, Point, REFERENCE, TIME_AXIS, VALUE_AXIS, WIDTH,
};
use super::data::{RecordedEpisode, RecordedPhase, RecordedPhaseKind};
use super::section::Key;

/// Room right of the charts, for the names of bands and for scales.
const MARGIN: u32 = 250;
/// Height of a strip, at most; where a name does not fit, the shade and the legend replace it.
const HIGHEST_STRIP: u32 = 220;

/// What a dashed line means.
pub(super) const HIDDEN_CHANGES: &str = "what the world hides changes";

/// The time axis of an episode.
pub(super) struct Timeline<'e> {
    episode: &'e RecordedEpisode,
}

/// A chart over the time axis.
pub(super) struct Panel<'t> {
    /// The text above it.
    pub(super) heading: &'t str,
    /// The name of the vertical axis, empty for none.
    pub(super) unit: &'t str,
    /// The range of the vertical axis.
    pub(super) range: (f64, f64),
    /// The text of a tick of the vertical axis.
    pub(super) tick: &'t dyn Fn(&f64) -> String,
    /// Whether it has the time axis under it.
    pub(super) is_last: bool,
}

/// A segment of a strip with text in it.
pub(super) struct StripSegment {
    /// First step.
    pub(super) start: usize,
    /// One past the last step.
    pub(super) end: usize,
    /// Lines of text; where they are too wide, only the first is written, upwards.
    pub(super) lines: Vec<String>,
    /// The colour behind the text.
    pub(super) fill: RGBColor,
}

/// Text right of a chart.
pub(super) struct SideLabel<'t> {
    /// Its height, as a value of the vertical axis.
    pub(super) value: f64,
    /// The text.
    pub(super) text: &'t str,
    /// Its colour.
    pub(super) colour: RGBColor,
}

impl<'e> Timeline<'e> {
    pub(super) fn new(episode: &'e RecordedEpisode) -> Self {
        Self { episode }
    }

    /// The phases as windows of a strip.
    pub(super) fn phases(&self) -> Vec<StripSegment> {
        let window = |phase: &RecordedPhase| StripSegment {
            start: phase.start,
            end: phase.end,
            lines: vec![phase.label.clone()],
            fill: shade(phase.kind),
        };
        self.episode.phases.iter().map(window).collect()
    }

    /// The height of a strip that its texts need.
    pub(super) fn strip_height(&self, windows: &[StripSegment]) -> u32 {
        let height = |window: &StripSegment| {
            if self.is_wide_enough(window) {
                (window.lines.len() as f64 * 1.3 * LETTER) as u32 + 12
            } else {
                window.lines.first().map_or(0, |line| canvas::width_of(line) + 16)
            }
        };
        windows.iter().map(height).max().unwrap_or(0).min(HIGHEST_STRIP)
    }

    /// Draws windows with their texts, and the name of the strip at its left; nothing without a window.
    pub(super) fn strip(&self, area: &Area<'_>, name: &str, windows: &[StripSegment]) -> Result<(), DrawError> {
        if windows.is_empty() {
            return Ok(());
        }
        let height = area.dim_in_pixel().1 as i32;
        area.draw_text(name, &canvas::anchored(HPos::Right), (VALUE_AXIS as i32 - 12, height / 2))?;
        for window in windows {
            let (left, right) = (self.x(window.start), self.x(window.end));
            let corners = [(left, 2), (right, height - 2)];
            area.draw(&Rectangle::new(corners, window.fill.filled()))?;
            area.draw(&Rectangle::new(corners, WHITE.stroke_width(2)))?;
            self.write(area, window, Point { x: (left + right) / 2, y: height / 2 })?;
        }
        Ok(())
    }

    /// Writes the text of a window about its middle.
    fn write(&self, area: &Area<'_>, window: &StripSegment, middle: Point) -> Result<(), DrawError> {
        let centred = canvas::anchored(HPos::Center);
        if self.is_wide_enough(window) {
            let lines = window.lines.len() as f64;
            return window.lines.iter().enumerate().try_for_each(|(index, line)| {
                let offset = (index as f64 - (lines - 1.0) / 2.0) * 1.2 * LETTER;
                area.draw_text(line, &centred, middle.moved(0, offset as i32).pair())
            });
        }
        let upwards = centred.transform(FontTransform::Rotate270).pos(Pos::new(HPos::Center, VPos::Center));
        let is_legible = f64::from(self.width(window)) >= LETTER;
        let line = window.lines.first().filter(|line| is_legible && canvas::width_of(line) < HIGHEST_STRIP);
        line.map_or(Ok(()), |line| area.draw_text(line, &upwards, middle.pair()))
    }

    fn is_wide_enough(&self, window: &StripSegment) -> bool {
        window.lines.iter().all(|line| (canvas::width_of(line) as i32) < self.width(window) - 6)
    }

    fn width(&self, window: &StripSegment) -> i32 {
        self.x(window.end) - self.x(window.start)
    }

    fn x(&self, step: usize) -> i32 {
        VALUE_AXIS as i32 + (self.width_of_all() * step as f64 / self.episode.steps as f64) as i32
    }

    /// What is left free on either side of a step, as a fraction of it; nothing where steps are so thin that it is rounded
    /// unevenly.
    pub(super) fn gap(&self) -> f64 {
        if self.width_of_all() >= 8.0 * self.episode.steps as f64 { 0.1 } else { 0.0 }
    }

    /// All steps.
    pub(super) fn steps(&self) -> usize {
        self.episode.steps
    }

    /// The steps that are not narrower than a unit of the surface.
    pub(super) fn narrowest(&self) -> usize {
        (self.episode.steps as f64 / self.width_of_all()).ceil().max(1.0) as usize
    }

    fn width_of_all(&self) -> f64 {
        f64::from(WIDTH - VALUE_AXIS - MARGIN)
    }

    /// A chart with its phases shaded and its axes drawn.
    pub(super) fn chart<'a, 's>(&self, area: &'a Area<'s>, panel: &Panel<'_>) -> Result<Chart<'a, 's>, DrawError> {
        canvas::heading(area, panel.heading, VALUE_AXIS)?;
        let (low, high) = panel.range;
        let mut chart = ChartBuilder::on(area)
            .margin_top(HEADING)
            .margin_right(MARGIN)
            .margin_bottom(if panel.is_last { 0 } else { 8 })
            .y_label_area_size(VALUE_AXIS)
            .x_label_area_size(if panel.is_last { TIME_AXIS } else { 0 })
            .build_cartesian_2d(0.0..self.episode.steps as f64, low..high)?;
        chart.draw_series(self.episode.phases.iter().map(|phase| {
            let corners = [(phase.start as f64, low), (phase.end as f64, high)];
            Rectangle::new(corners, shade(phase.kind).filled())
        }))?;
        let x = if panel.is_last { "time in the episode (steps)" } else { "" };
        canvas::draw_axes(&mut chart, &Axes { x, y: panel.unit, tick: panel.tick })?;
        for at in self.changes() {
            canvas::reference_line(&mut chart, [(*at as f64, low), (*at as f64, high)])?;
        }
        Ok(chart)
    }

    /// The zero line of a chart whose values change sign.
    pub(super) fn zero_line(&self, chart: &mut Chart<'_, '_>) -> Result<(), DrawError> {
        let line = [(0.0, 0.0), (self.episode.steps as f64, 0.0)];
        chart.draw_series(LineSeries::new(line, INK.mix(0.5).stroke_width(2)))?;
        Ok(())
    }

    /// The steps before which that changes which a world hides.
    fn changes(&self) -> &[usize] {
        self.episode.life.as_ref().map_or(&[], |life| &life.changes)
    }

    /// Writes right of a chart.
    pub(super) fn beside(
        &self,
        area: &Area<'_>,
        chart: &Chart<'_, '_>,
        label: &SideLabel<'_>,
    ) -> Result<(), DrawError> {
        let (x, y) = chart.backend_coord(&(self.episode.steps as f64, label.value));
        let (_, top) = area.get_base_pixel();
        area.draw_text(label.text, &canvas::anchored(HPos::Left).color(&label.colour), (x + 14, y - top))
    }

    /// The meaning of the shades, for the kinds of phases that occur, and of the lines at changes.
    pub(super) fn legend(&self) -> Vec<Key> {
        let occurs = |kind| self.episode.phases.iter().any(|phase| phase.kind == kind);
        let kinds = [
            (RecordedPhaseKind::Cue, "something to learn is shown"),
            (RecordedPhaseKind::Label, "the right answer is shown"),
            (RecordedPhaseKind::Query, "shown again as a query"),
            (RecordedPhaseKind::Pause, "pause"),
        ];
        let occurring = kinds.into_iter().filter(|(kind, _)| occurs(*kind));
        let shades = occurring.map(|(kind, meaning)| Key::new(shade(kind), meaning));
        shades.chain((!self.changes().is_empty()).then(|| Key::new(REFERENCE, HIDDEN_CHANGES))).collect()
    }
}

/// The colour of a kind of phase, light enough for text and lines on it.
fn shade(kind: RecordedPhaseKind) -> RGBColor {
    match kind {
        RecordedPhaseKind::Cue => RGBColor(0xd6, 0xe8, 0xf7),
        RecordedPhaseKind::Label => RGBColor(0xfc, 0xe0, 0xba),
        RecordedPhaseKind::Query => RGBColor(0xd5, 0xee, 0xd9),
        RecordedPhaseKind::Pause => RGBColor(0xf3, 0xf4, 0xf6),
    }
}

/// Thin lines at the beginning of phases, for charts that cover the shading.
pub(super) fn phase_lines(chart: &mut Chart<'_, '_>, phases: &[RecordedPhase], high: f64) -> Result<(), DrawError> {
    chart.draw_series(phases.iter().map(|phase| {
        let at = phase.start as f64;
        PathElement::new(vec![(at, 0.0), (at, high)], FAINT.stroke_width(2))
    }))?;
    Ok(())
}
