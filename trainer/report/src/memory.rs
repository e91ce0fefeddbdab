//! What an episode left in the synapses onto the readout: the plastic weights of each class, as an image.
//!
//! Where the presynaptic neurons are a map, its places lie as they do on the picture, apart from one another; in each
//! place its channels are a block, row by row, all blocks alike. Other neurons are one block.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, DrawError, FAINT, HEADING, WIDTH};
use super::data::{Memory, Pictures, ReportData};
use super::error::ReportError;
use super::picture::{self, Cells};
use super::section::{Key, Section};
use super::shade::{NEGATIVE, POSITIVE, colour, shade};
use super::text::{count, number};

const TITLE: &str = "The same episode: what is remembered of each class";
/// Widest and highest image of a class, unless its cells would be too small to be drawn.
const IMAGE: u32 = 172;
/// Largest cell.
const CELL: u32 = 24;
/// Between the places of a map.
const GAP: u32 = 8;
/// Side of the picture that was taught, at most.
const TAUGHT: u32 = 56;
/// Around an image, at least.
const MARGIN: u32 = 28;

/// The figure; none where the episode was not pictures or nothing onto the readout is plastic.
pub(super) fn section(data: &ReportData) -> Result<Option<Section>, ReportError> {
    let (Some(pictures), false) = (&data.pictures, data.memories.is_empty()) else { return Ok(None) };
    let albums: Vec<_> = data.memories.iter().map(|memory| Album::new(memory, pictures)).collect();
    let heights: Vec<_> = albums.iter().map(Album::height).collect();
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        canvas::stack(root, &heights).iter().zip(&albums).try_for_each(|(area, album)| album.draw(area))
    })?;
    let legend = vec![Key::new(POSITIVE, "P speaks for the class"), Key::new(NEGATIVE, "P speaks against it")];
    Ok(Some(Section::new(TITLE, svg, caption(&albums)).with_legend(legend)))
}

/// The images of all classes of a projection.
struct Album<'d> {
    memory: &'d Memory,
    pictures: &'d Pictures,
    /// The largest weight either way.
    largest: f32,
    /// Channels of a place: cells a row, and rows.
    block: (usize, usize),
    /// Side of a cell.
    cell: u32,
}

impl<'d> Album<'d> {
    fn new(memory: &'d Memory, pictures: &'d Pictures) -> Self {
        let largest = memory.classes.iter().flatten().fold(0.0f32, |largest, p| largest.max(p.abs()));
        let across = memory.channels.isqrt() + usize::from(memory.channels.isqrt().pow(2) < memory.channels);
        let block = (across, memory.channels.div_ceil(across.max(1)));
        let fitting = |places: usize, cells: usize| {
            let gaps = (places as u32).saturating_sub(1) * GAP;
            IMAGE.saturating_sub(gaps) / (places * cells).max(1) as u32
        };
        let cell = fitting(memory.width, block.0).min(fitting(memory.height, block.1)).clamp(1, CELL);
        Self { memory, pictures, largest, block, cell }
    }

    /// Width and height of an image.
    fn size(&self) -> (u32, u32) {
        let length = |places: usize, cells: usize| places as u32 * (cells as u32 * self.cell + GAP) - GAP;
        (length(self.memory.width, self.block.0), length(self.memory.height, self.block.1))
    }

    /// Images a row.
    fn columns(&self) -> usize {
        (WIDTH / (self.size().0.max(IMAGE) + MARGIN)).max(1) as usize
    }

    /// Height of a row of images, with the pictures above.
    fn row(&self) -> u32 {
        TAUGHT + self.size().1 + 14 + MARGIN
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
            self.draw_title(area, (x, y), class)?;
            self.draw_image(area, (x, y + TAUGHT as i32 + 14), weights)?;
        }
        Ok(())
    }

    /// The picture that was taught, and the class.
    fn draw_title(&self, area: &Area<'_>, (x, y): (i32, i32), class: usize) -> Result<(), DrawError> {
        if let Some(pixels) = self.pictures.taught.get(class) {
            picture::ink(area, (x + TAUGHT as i32 / 2, y), (pixels, TAUGHT), (FAINT, 2))?;
        }
        let at = (x + TAUGHT as i32 + 16, y + TAUGHT as i32 / 2);
        area.draw_text(&class.to_string(), &canvas::anchored(HPos::Left), at)
    }

    fn draw_image(&self, area: &Area<'_>, (x, y): (i32, i32), weights: &[f32]) -> Result<(), DrawError> {
        let colour = |weight: f32| colour(shade(weight / self.largest.max(f32::MIN_POSITIVE)));
        let at = |place: usize, cells: usize| place as i32 * (cells as u32 * self.cell + GAP) as i32;
        let (across, down) = self.block;
        let far = |cells: usize| (cells as u32 * self.cell) as i32;
        for (place, values) in weights.chunks(self.memory.channels.max(1)).enumerate() {
            let left = x + at(place % self.memory.width, across);
            let top = y + at(place / self.memory.width, down);
            let cells = Cells { values, width: across, side: self.cell, colour: &colour };
            cells.draw(area, (left, top))?;
            let corners = [(left, top), (left + far(across), top + far(down))];
            area.draw(&Rectangle::new(corners, FAINT.stroke_width(2)))?;
        }
        Ok(())
    }
}

fn caption(albums: &[Album<'_>]) -> String {
    let mut caption = String::from(
        "The plastic weights when the episode ends: they are all that the network knows of a class, and were zero when it \
         began.",
    );
    for Album { memory, .. } in albums {
        let Memory { projection, height, width, channels, .. } = memory;
        caption.push_str(&match height * width {
            1 => format!(" {projection}: one cell for each of {}.", count(*channels, "presynaptic neuron")),
            _ => format!(
                " {projection}: {height} x {width} places as on the picture, in each one cell for each of its {}, in \
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
        let album = |height, width, channels| {
            let memory = Memory { height, width, channels, classes: vec![vec![0.0]; 20], ..Memory::default() };
            let pictures = Pictures::default();
            let album = Album::new(&memory, &pictures);
            (album.block, album.cell, album.size(), album.columns())
        };
        assert_eq!(album(2, 2, 56), ((8, 7), 10, (168, 148), 10));
        assert_eq!(album(1, 1, 1), ((1, 1), CELL, (CELL, CELL), 10));
        assert_eq!(album(14, 14, 16), ((4, 4), 1, (160, 160), 10));
        assert_eq!(album(40, 40, 9), ((3, 3), 1, (432, 432), 4));
    }
}
