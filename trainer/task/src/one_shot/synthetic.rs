//! A library of synthetic pen strokes, for which no file is needed: always the same alphabets, characters and
//! drawers.
//!
//! An alphabet has a few strokes of its own, curves and chains of lines. A character consists of some of them, each
//! with its own position and size, so that characters of one alphabet resemble each other. A drawer slightly moves
//! every point of a stroke, the stroke and the whole, and has a pen of a certain width.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::drawing::Drawing;
use super::library::{DrawingsByName, Library};

/// Seed of the library: another seed makes another library.
const SEED: u64 = 0x5eed_0f57_0c4e_5eed;
const ALPHABETS: u64 = 10;
/// Alphabets that are held out by default.
const HELD_OUT: u64 = 2;
const DRAWERS: u64 = 20;
/// Pixels a side, as in Omniglot.
const SIDE: usize = 105;
/// Strokes of an alphabet.
const STROKES: usize = 8;
/// Points of a stroke at which the pen touches the sheet, less than a pixel apart.
const TOUCHES: usize = 240;

/// Row and column.
type PenPoint = [f64; 2];
/// Points of a stroke that a pen is led along.
const LINE_POINTS: usize = 24;

/// A stroke of an alphabet: points within -1 to 1, about 0.
#[derive(Clone, Debug)]
struct Stroke {
    points: Vec<PenPoint>,
    /// A Bezier curve with these control points; otherwise lines from point to point.
    is_curve: bool,
}

/// A stroke of a character, on a sheet from 0 to 1.
struct PositionedStroke {
    stroke: Stroke,
    middle: PenPoint,
    /// Half its extent.
    extent: f64,
}

/// What a generator of random numbers is for; a number is 0 for the whole.
#[derive(Clone, Copy)]
struct StreamOf {
    alphabet: u64,
    character: u64,
    drawer: u64,
}

/// Every alphabet, the same in every call.
pub(super) fn library() -> Library {
    let drawings = (1..=ALPHABETS).into_par_iter().map(|alphabet| (name(alphabet), draw_alphabet(alphabet)));
    Library::new(drawings.collect::<DrawingsByName>())
}

/// The drawings of an alphabet, by character and drawer.
fn draw_alphabet(alphabet: u64) -> BTreeMap<String, BTreeMap<String, Drawing>> {
    let characters = draw_characters(alphabet);
    let named = characters.iter().zip(1..).map(|(strokes, character)| {
        let drawing = |drawer| {
            let stream = StreamOf { alphabet, character, drawer };
            (format!("{drawer:02}"), draw(strokes, &mut generator(stream)))
        };
        (format!("character{character:02}"), (1..=DRAWERS).map(drawing).collect())
    });
    named.collect()
}

/// The characters of an alphabet, before anybody draws them.
fn draw_characters(alphabet: u64) -> Vec<Vec<PositionedStroke>> {
    let mut rng = generator(StreamOf { alphabet, character: 0, drawer: 0 });
    let strokes: Vec<_> = (0..STROKES).map(|_| draw_stroke(&mut rng)).collect();
    let count = rng.random_range(24..=36);
    (0..count).map(|_| draw_character(&strokes, &mut rng)).collect()
}

/// The strokes of a synthetic character as one drawer draws it: the rows and columns of the points that a pen is led along, on a
/// sheet from 0 to 1. Alphabets, characters and drawers are counted from 1; of a character that there is not, nothing.
#[must_use]
pub fn pen_strokes(alphabet: u64, character: u64, drawer: u64) -> Vec<Vec<[f64; 2]>> {
    let mut rng = generator(StreamOf { alphabet, character, drawer });
    let characters = draw_characters(alphabet);
    let Some(character) = characters.get((character - 1) as usize) else { return Vec::new() };
    let line = |(points, is_curve): (Vec<PenPoint>, bool)| {
        let at = |point: usize| along(&points, is_curve, point as f64 / LINE_POINTS as f64);
        (0..=LINE_POINTS).map(|point| at(point).map(|at| at / SIDE as f64)).collect()
    };
    let (_, drawn) = draw_strokes(character, &mut rng);
    drawn.into_iter().map(line).collect()
}

/// The alphabets that are held out by default.
pub(super) fn held_out() -> Vec<String> {
    (ALPHABETS - HELD_OUT + 1..=ALPHABETS).map(name).collect()
}

fn name(alphabet: u64) -> String {
    format!("Synthetic_{alphabet:02}")
}

fn generator(stream: StreamOf) -> Pcg64 {
    Pcg64::seed_from_u64(SEED ^ (stream.alphabet << 32 | stream.character << 16 | stream.drawer))
}

fn draw_stroke(rng: &mut Pcg64) -> Stroke {
    let is_curve = rng.random_bool(0.6);
    let mut points = vec![draw_point(rng)];
    while points.len() < rng.random_range(2..=5) {
        // Short distances would make a blot.
        let (last, next) = (points[points.len() - 1], draw_point(rng));
        if (next[0] - last[0]).hypot(next[1] - last[1]) > 0.7 {
            points.push(next);
        }
    }
    Stroke { points, is_curve }
}

fn draw_point(rng: &mut Pcg64) -> PenPoint {
    [0, 1].map(|_| rng.random_range(-1.0..=1.0))
}

fn draw_character(strokes: &[Stroke], rng: &mut Pcg64) -> Vec<PositionedStroke> {
    let one = |rng: &mut Pcg64| {
        let extent = rng.random_range(0.12..=0.32);
        let middle = [0, 1].map(|_| rng.random_range(0.1 + extent..=0.9 - extent));
        PositionedStroke { stroke: strokes[rng.random_range(0..strokes.len())].clone(), middle, extent }
    };
    (0..rng.random_range(2..=4)).map(|_| one(rng)).collect()
}

/// Draws a character as one drawer.
fn draw(character: &[PositionedStroke], rng: &mut Pcg64) -> Drawing {
    let mut sheet = vec![0; SIDE * SIDE];
    let (pen, strokes) = draw_strokes(character, rng);
    for (points, is_curve) in strokes {
        for touch in 0..=TOUCHES {
            touch_sheet(&mut sheet, along(&points, is_curve, touch as f64 / TOUCHES as f64), pen);
        }
    }
    Drawing::new(SIDE, &sheet)
}

/// The radius of a drawer's pen, and the points of every stroke and whether it is a curve, in pixels.
fn draw_strokes(character: &[PositionedStroke], rng: &mut Pcg64) -> (f64, Vec<(Vec<PenPoint>, bool)>) {
    let pen = rng.random_range(1.0..=1.7);
    let scale = 1.0 + wobble(rng, 0.06);
    let shift = [0, 1].map(|_| wobble(rng, 0.03));
    let stroke = |PositionedStroke { stroke, middle, extent }: &PositionedStroke| {
        let middle = middle.map(|at| at + wobble(rng, 0.02));
        let point = |rng: &mut Pcg64, point: &PenPoint| {
            [0, 1].map(|axis| {
                let at = middle[axis] + extent * (point[axis] + wobble(rng, 0.1));
                SIDE as f64 * (0.5 + shift[axis] + scale * (at - 0.5))
            })
        };
        (stroke.points.iter().map(|at| point(rng, at)).collect(), stroke.is_curve)
    };
    (pen, character.iter().map(stroke).collect())
}

fn wobble(rng: &mut Pcg64, deviation: f64) -> f64 {
    deviation * rng.sample::<f64, _>(StandardNormal)
}

/// The point of a stroke at a fraction of its length, 0 to 1.
fn along(points: &[PenPoint], is_curve: bool, fraction: f64) -> PenPoint {
    let between =
        |a: &PenPoint, b: &PenPoint, fraction: f64| [0, 1].map(|axis| a[axis] + fraction * (b[axis] - a[axis]));
    if !is_curve {
        let at = fraction * (points.len() - 1) as f64;
        let line = (at as usize).min(points.len() - 2);
        return between(&points[line], &points[line + 1], at - line as f64);
    }
    // De Casteljau's algorithm.
    let mut points = points.to_vec();
    while points.len() > 1 {
        points = points.windows(2).map(|pair| between(&pair[0], &pair[1], fraction)).collect();
    }
    points[0]
}

/// Blackens the pixels that a round pen of this radius covers.
fn touch_sheet(sheet: &mut [u8], at: PenPoint, pen: f64) {
    let range = |middle: f64| {
        let edge = |at: f64| at.clamp(0.0, SIDE as f64) as usize;
        edge((middle - pen - 0.5).ceil())..edge((middle + pen + 0.5).floor())
    };
    for y in range(at[0]) {
        for x in range(at[1]) {
            if (y as f64 + 0.5 - at[0]).hypot(x as f64 + 0.5 - at[1]) <= pen {
                sheet[y * SIDE + x] = 255;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabets_are_always_the_same_and_nothing_in_them_is_twice() {
        let library = library();
        assert_eq!(library, super::library());
        assert_eq!(library.alphabets().len(), 10);
        let mut seen = std::collections::HashSet::new();
        for character in library.alphabets().iter().flat_map(|alphabet| &alphabet.characters) {
            assert_eq!(character.drawings.len(), 20);
            for drawing in &character.drawings {
                let ink: Vec<_> = drawing.ink().iter().map(|ink| (ink.y, ink.x)).collect();
                assert!((60..2500).contains(&ink.len()), "{} pixels", ink.len());
                assert!(seen.insert(ink), "{} is drawn twice alike", character.name);
            }
        }
        assert!(library.alphabets().iter().all(|alphabet| (24..=36).contains(&alphabet.characters.len())));
    }

    #[test]
    fn a_pen_leaves_a_round_blot_and_a_curve_ends_where_it_should() {
        let mut sheet = vec![0; SIDE * SIDE];
        touch_sheet(&mut sheet, [10.0, 20.0], 1.6);
        let black: Vec<_> = (0..SIDE * SIDE).filter(|at| sheet[*at] > 0).map(|at| (at / SIDE, at % SIDE)).collect();
        let square = [8, 9, 10, 11].map(|y| [18, 19, 20, 21].map(|x| (y, x)));
        let corners = [(8, 18), (8, 21), (11, 18), (11, 21)];
        assert_eq!(black, square.concat().into_iter().filter(|at| !corners.contains(at)).collect::<Vec<_>>());
        touch_sheet(&mut sheet, [-50.0, 400.0], 1.5);
        let points = [[0.0, 0.0], [4.0, 8.0], [8.0, 0.0]];
        assert_eq!(
            [0.0, 0.5, 1.0].map(|fraction| along(&points, true, fraction)),
            [[0.0, 0.0], [4.0, 4.0], [8.0, 0.0]]
        );
        assert_eq!(
            [0.0, 0.25, 1.0].map(|fraction| along(&points, false, fraction)),
            [[0.0, 0.0], [2.0, 4.0], [8.0, 0.0]]
        );
    }
}
