//! A library of pen strokes that no file is needed for: always the same alphabets, characters and drawers.
//!
//! An alphabet has a few strokes of its own, curves and chains of lines; a character is some of them, each at a place
//! and of a size of its own, so that characters of one alphabet resemble each other. A drawer moves every point of a
//! stroke, the stroke and the whole a little, and has a pen of some width.

use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::drawing::Drawing;
use super::library::{Library, Shelves};

/// Another number would make another library.
const SEED: u64 = 0x5eed_0f57_0c4e_5eed;
const ALPHABETS: u64 = 10;
/// How many of them only test episodes see, if nothing else is said.
const HELD_OUT: u64 = 2;
const DRAWERS: u64 = 20;
/// Pixels a side, as Omniglot's.
const SIDE: usize = 105;
/// Strokes that an alphabet is made of.
const STROKES: usize = 8;
/// Points that the pen touches in a stroke: less than a pixel apart.
const TOUCHES: usize = 240;

type Point = [f64; 2];

/// A stroke of an alphabet: points within -1 to 1, about 0.
#[derive(Clone, Debug)]
struct Stroke {
    points: Vec<Point>,
    /// A Bezier curve with these control points; otherwise lines from point to point.
    is_curve: bool,
}

/// Strokes of a character: each with its middle and half its extent, of a sheet from 0 to 1.
type Plan = Vec<(Stroke, Point, f64)>;

/// Every alphabet, the same in every call.
#[must_use]
pub(super) fn library() -> Library {
    let shelf = |alphabet| {
        let mut rng = random([alphabet, 0, 0]);
        let strokes: Vec<_> = (0..STROKES).map(|_| stroke(&mut rng)).collect();
        let plans: Vec<_> = (0..rng.random_range(24..=36)).map(|_| plan(&strokes, &mut rng)).collect();
        let characters = plans.iter().zip(1..).map(|(plan, character)| {
            let drawing = |drawer| (format!("{drawer:02}"), draw(plan, &mut random([alphabet, character, drawer])));
            (format!("character{character:02}"), (1..=DRAWERS).map(drawing).collect())
        });
        (name(alphabet), characters.collect())
    };
    Library::new((1..=ALPHABETS).into_par_iter().map(shelf).collect::<Shelves>())
}

/// The alphabets that are held out if nothing else is said.
pub(super) fn held_out() -> Vec<String> {
    (ALPHABETS - HELD_OUT + 1..=ALPHABETS).map(name).collect()
}

fn name(alphabet: u64) -> String {
    format!("Synthetic_{alphabet:02}")
}

/// A generator for an alphabet, one of its characters and one of that's drawers, or for the whole where that is 0.
fn random([alphabet, character, drawer]: [u64; 3]) -> Pcg64 {
    Pcg64::seed_from_u64(SEED ^ (alphabet << 32 | character << 16 | drawer))
}

fn stroke(rng: &mut Pcg64) -> Stroke {
    let is_curve = rng.random_bool(0.6);
    let mut points = vec![point(rng)];
    while points.len() < rng.random_range(2..=5) {
        // Steps that are too short would only make a blot.
        let (last, next) = (points[points.len() - 1], point(rng));
        if (next[0] - last[0]).hypot(next[1] - last[1]) > 0.7 {
            points.push(next);
        }
    }
    Stroke { points, is_curve }
}

fn point(rng: &mut Pcg64) -> Point {
    [0, 1].map(|_| rng.random_range(-1.0..=1.0))
}

fn plan(strokes: &[Stroke], rng: &mut Pcg64) -> Plan {
    let one = |rng: &mut Pcg64| {
        let extent = rng.random_range(0.12..=0.32);
        let middle = [0, 1].map(|_| rng.random_range(0.1 + extent..=0.9 - extent));
        (strokes[rng.random_range(0..strokes.len())].clone(), middle, extent)
    };
    (0..rng.random_range(2..=4)).map(|_| one(rng)).collect()
}

fn draw(plan: &Plan, rng: &mut Pcg64) -> Drawing {
    let mut sheet = vec![0; SIDE * SIDE];
    let pen = rng.random_range(1.0..=1.7);
    let scale = 1.0 + wobble(rng, 0.06);
    let shift = [0, 1].map(|_| wobble(rng, 0.03));
    for (stroke, middle, extent) in plan {
        let middle = middle.map(|place| place + wobble(rng, 0.02));
        let point = |rng: &mut Pcg64, point: &Point| {
            [0, 1].map(|axis| {
                let place = middle[axis] + extent * (point[axis] + wobble(rng, 0.1));
                SIDE as f64 * (0.5 + shift[axis] + scale * (place - 0.5))
            })
        };
        let points: Vec<_> = stroke.points.iter().map(|at| point(rng, at)).collect();
        for touch in 0..=TOUCHES {
            touch_sheet(&mut sheet, along(&points, stroke.is_curve, touch as f64 / TOUCHES as f64), pen);
        }
    }
    Drawing::new(SIDE, &sheet)
}

fn wobble(rng: &mut Pcg64, deviation: f64) -> f64 {
    deviation * rng.sample::<f64, _>(StandardNormal)
}

/// The point of a stroke at `part` of its way, 0 to 1.
fn along(points: &[Point], is_curve: bool, part: f64) -> Point {
    let between = |a: &Point, b: &Point, part: f64| [0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis]));
    if !is_curve {
        let place = part * (points.len() - 1) as f64;
        let line = (place as usize).min(points.len() - 2);
        return between(&points[line], &points[line + 1], place - line as f64);
    }
    // De Casteljau: the middle points of middle points.
    let mut points = points.to_vec();
    while points.len() > 1 {
        points = points.windows(2).map(|pair| between(&pair[0], &pair[1], part)).collect();
    }
    points[0]
}

/// Blackens what a round pen of this radius covers.
fn touch_sheet(sheet: &mut [u8], at: Point, pen: f64) {
    let range = |middle: f64| {
        let edge = |place: f64| place.clamp(0.0, SIDE as f64) as usize;
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
        assert_eq!([0.0, 0.5, 1.0].map(|part| along(&points, true, part)), [[0.0, 0.0], [4.0, 4.0], [8.0, 0.0]]);
        assert_eq!([0.0, 0.25, 1.0].map(|part| along(&points, false, part)), [[0.0, 0.0], [2.0, 4.0], [8.0, 0.0]]);
    }
}
