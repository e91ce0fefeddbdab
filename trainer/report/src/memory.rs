//! The plastic weights onto the readout at the end of an episode, one image a class.
//!
//! Where the presynaptic neurons are a map, its positions are arranged as on the picture, with gaps between them;
//! the channels of a position are a block, row by row, in the same order everywhere. Other neurons are one block.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, DrawError, FAINT, HEADING, Point, WIDTH};
use super::data::{Pictures, ReadoutWeights, ReportData};
use super::error::ReportError;
use super::picture::{Cells, Frame, InkPicture};
use super::section::{Key, PageSection};
use super::shade::{NEGATIVE, POSITIVE, colour, shade};
use super::text::{count, number};

const TITLE: &str = "The same episode: what is remembered of each class";
/// Side of the image of a class, at most, unless its cells would be too small to be drawn.
const IMAGE: u32 = 172;
/// Side of a cell, at most.
const CELL: u32 = 24;
/// Distance between the positions of a map.
const GAP: u32 = 8;
/// Side of the support sample, at most.
const SUPPORT: u32 = 56;
/// Margin around an image, at least.
const MARGIN: u32 = 28;

/// The figure; none where the episode was not pictures or nothing onto the readout is plastic.
pub(super) fn section(data: &ReportData) -> Result<Option<PageSection>, ReportError> {
    let (Some(pictures), false) = (&data.pictures, data.memories.is_empty()) else { return Ok(None) };
    let images: Vec<_> = data.memories.iter().map(|memory| ClassImages::new(memory, pictures)).collect();
    let heights: Vec<_> = images.iter().map(ClassImages::height).collect();
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        canvas::stack(root, &heights).iter().zip(&images).try_for_each(|(area, images)| images.draw(area))
    })?;
    let legend =
        vec![Key::new(POSITIVE, "P is evidence for the class"), Key::new(NEGATIVE, "P is evidence against it")];
    Ok(Some(PageSection::figure(TITLE, svg, caption(&data.memories)).with_legend(legend)))
}

/// The images of all classes of a projection.
struct ClassImages<'d> {
    memory: &'d ReadoutWeights,
    pictures: &'d Pictures,
    /// The largest magnitude of a weight.
    largest: f32,
    /// The channels of a position.
    block: CellGrid,
    /// Side of a cell.
    cell: u32,
}

/// Rows of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CellGrid {
    columns: usize,
    rows: usize,
}

/// Extent on the figure.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    width: u32,
    height: u32,
}

impl<'d> ClassImages<'d> {
    fn new(memory: &'d ReadoutWeights, pictures: &'d Pictures) -> Self {
        let largest = memory.classes.iter().flatten().fold(0.0f32, |largest, p| largest.max(p.abs()));
        let columns = memory.channels.isqrt() + usize::from(memory.channels.isqrt().pow(2) < memory.channels);
        let block = CellGrid { columns, rows: memory.channels.div_ceil(columns.max(1)) };
        let fitting = |positions: usize, cells: usize| {
            let gaps = (positions as u32).saturating_sub(1) * GAP;
            IMAGE.saturating_sub(gaps) / (positions * cells).max(1) as u32
        };
        let cell = fitting(memory.width, block.columns).min(fitting(memory.height, block.rows)).clamp(1, CELL);
        Self { memory, pictures, largest, block, cell }
    }

    /// The extent of an image.
    fn size(&self) -> Size {
        let length = |positions: usize, cells: usize| positions as u32 * (cells as u32 * self.cell + GAP) - GAP;
        Size {
            width: length(self.memory.width, self.block.columns),
            height: length(self.memory.height, self.block.rows),
        }
    }

    /// Images a row.
    fn columns(&self) -> usize {
        (WIDTH / (self.size().width.max(IMAGE) + MARGIN)).max(1) as usize
    }

    /// Height of a row of images, with the support samples above them.
    fn row(&self) -> u32 {
        SUPPORT + self.size().height + 14 + MARGIN
    }

    fn height(&self) -> u32 {
        HEADING + self.memory.classes.len().div_ceil(self.columns()) as u32 * self.row()
    }

    fn draw(&self, area: &Area<'_>) -> Result<(), DrawError> {
        let largest = number(f64::from(self.largest));
        let heading = format!("{}: P onto each class, from -{largest} to {largest}", self.memory.projection);
        canvas::heading(area, &heading, MARGIN / 2)?;
        let column = WIDTH as usize / self.columns();
        for (class, weights) in self.memory.classes.iter().enumerate() {
            let x = (column * (class % self.columns())) as i32 + (MARGIN / 2) as i32;
            let y = (HEADING + self.row() * (class / self.columns()) as u32) as i32;
            self.draw_title(area, Point { x, y }, class)?;
            self.draw_image(area, Point { x, y: y + SUPPORT as i32 + 14 }, weights)?;
        }
        Ok(())
    }

    /// The support sample and the class.
    fn draw_title(&self, area: &Area<'_>, corner: Point, class: usize) -> Result<(), DrawError> {
        let half = SUPPORT as i32 / 2;
        if let Some(pixels) = self.pictures.support.get(class) {
            let frame = Frame { colour: FAINT, width: 2 };
            InkPicture { pixels, size: SUPPORT, frame }.draw(area, corner.moved(half, 0))?;
        }
        let at = corner.moved(SUPPORT as i32 + 16, half);
        area.draw_text(&class.to_string(), &canvas::anchored(HPos::Left), at.pair())
    }

    fn draw_image(&self, area: &Area<'_>, corner: Point, weights: &[f32]) -> Result<(), DrawError> {
        let colour = |weight: f32| colour(shade(weight / self.largest.max(f32::MIN_POSITIVE)));
        let length = |cells: usize| (cells as u32 * self.cell) as i32;
        let at = |position: usize, cells: usize| position as i32 * (length(cells) + GAP as i32);
        let CellGrid { columns, rows } = self.block;
        for (position, values) in weights.chunks(self.memory.channels.max(1)).enumerate() {
            let right = at(position % self.memory.width, columns);
            let block = corner.moved(right, at(position / self.memory.width, rows));
            Cells { values, width: columns, side: self.cell, colour: &colour }.draw(area, block)?;
            let corners = [block, block.moved(length(columns), length(rows))];
            area.draw(&Rectangle::new(corners.map(Point::pair), FAINT.stroke_width(2)))?;
        }
        Ok(())
    }
}

fn caption(memories: &[ReadoutWeights]) -> String {
    let mut caption = String::from(
        "The plastic weights when the episode ends: they are all that the network knows of a class, and were zero when it \
         began.",
    );
    for ReadoutWeights { projection, height, width, channels, .. } in memories {
        caption.push_str(&match height * width {
            1 => format!(" {projection}: one cell for each of {}.", count(*channels, "presynaptic neuron")),
            _ => format!(
                " {projection}: {height} x {width} positions as on the picture, in each one cell for each of its {}, in \
                 the same order everywhere.",
                count(*channels, "channel")
            ),
        });
    }
    caption
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_of_any_size_has_cells_that_can_be_seen() {
        let layout = |height, width, channels| {
            let memory = ReadoutWeights {
                height,
                width,
                channels,
                classes: vec![vec![0.0]; 20],
                ..ReadoutWeights::default()
            };
            let pictures = Pictures::default();
            let images = ClassImages::new(&memory, &pictures);
            let (CellGrid { columns, rows }, Size { width, height }) = (images.block, images.size());
            ((columns, rows), images.cell, (width, height), images.columns())
        };
        assert_eq!(layout(2, 2, 56), ((8, 7), 10, (168, 148), 10));
        assert_eq!(layout(1, 1, 1), ((1, 1), CELL, (CELL, CELL), 10));
        assert_eq!(layout(14, 14, 16), ((4, 4), 1, (160, 160), 10));
        assert_eq!(layout(40, 40, 9), ((3, 3), 1, (432, 432), 4));
    }
}
