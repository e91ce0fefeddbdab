//! A network learns three symbols from one labelled drawing each, and then classifies other drawings of them.
//! Training has not seen the three symbols: the network learns them here, with the calls that firmware uses on a
//! chip.
//!
//! `cargo run --release -p metaplastic-tests --example symbols [FILE.plastic]`

use std::error::Error;
use std::path::PathBuf;

use metaplastic_runtime::{Artifact, Freeze, Network, NetworkStorage};

/// A drawing: lines from point to point, on a sheet of 28 x 28; x to the right, y down.
type Drawing = &'static [&'static [[f32; 2]]];

const NAMES: [&str; 3] = ["a house", "an arrow", "an hourglass"];
/// For each symbol, the labelled drawing and two others.
const DRAWINGS: [[Drawing; 3]; 3] = [
    [
        &[&[[6., 24.], [6., 12.], [14., 4.], [22., 12.], [22., 24.], [6., 24.]], &[[6., 12.], [22., 12.]]],
        &[&[[5., 23.], [6., 13.], [13., 5.], [22., 13.], [21., 22.], [5., 23.]], &[[6., 13.], [22., 13.]]],
        &[&[[7., 25.], [7., 11.], [15., 3.], [23., 11.], [22., 25.], [7., 25.]], &[[7., 12.], [23., 11.]]],
    ],
    [
        &[&[[4., 14.], [24., 14.]], &[[17., 7.], [24., 14.], [17., 21.]]],
        &[&[[3., 15.], [23., 13.]], &[[17., 7.], [23., 13.], [18., 20.]]],
        &[&[[4., 13.], [25., 15.]], &[[18., 8.], [25., 15.], [16., 21.]]],
    ],
    [
        &[&[[7., 4.], [21., 4.], [7., 24.], [21., 24.], [7., 4.]]],
        &[&[[8., 5.], [22., 4.], [6., 23.], [20., 24.], [8., 5.]]],
        &[&[[6., 4.], [20., 5.], [8., 25.], [22., 24.], [6., 4.]]],
    ],
];
const SIDE: usize = 28;
/// The shift of the drawing in each step (jitter).
const JITTERS: [[f32; 2]; 4] = [[0., -0.7], [0.7, 0.], [0., 0.7], [-0.7, 0.]];

fn main() -> Result<(), Box<dyn Error>> {
    let checked_in = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/one-shot-small.plastic");
    let file = std::env::args_os().nth(1).map_or(PathBuf::from(checked_in), PathBuf::from);
    let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
    // The decoder borrows the weights, and requires the alignment of flash.
    let mut flash = vec![0_u64; bytes.len().div_ceil(8)];
    bytemuck::cast_slice_mut(&mut flash)[..bytes.len()].copy_from_slice(&bytes);
    let artifact = Artifact::decode(&bytemuck::cast_slice(&flash)[..bytes.len()])?;

    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage)?;
    network.reset(Freeze::Nothing);
    for (class, [support, ..]) in DRAWINGS.iter().enumerate() {
        show(&mut network, support, Some(class));
        println!("{}\nthis is {}\n", printed(support), NAMES[class]);
    }
    for (class, [_, fresh @ ..]) in DRAWINGS.iter().enumerate() {
        for drawing in fresh {
            let class_scores = show(&mut network, drawing, None);
            let answer = (1..NAMES.len())
                .fold(0, |best, class| if class_scores[class] > class_scores[best] { class } else { best });
            let verdict = if answer == class { "right" } else { "wrong" };
            println!("{}\nwhat is this? {}: {verdict}\n", printed(drawing), NAMES[answer]);
        }
    }
    Ok(())
}

/// Presents a drawing, with or without the label of its class; returns the class scores.
fn show(network: &mut Network<'_>, drawing: Drawing, label: Option<usize>) -> Vec<i32> {
    let mut class_scores = vec![0; network.classes()];
    // Only the plastic weights are kept from one picture to the next.
    network.reset_state();
    for jitter in JITTERS {
        let mut inputs = vec![0; network.input_bytes()];
        let pixels = (0..SIDE * SIDE).filter(|pixel| is_dark(drawing, *pixel, jitter));
        let label = label.map(|class| SIDE * SIDE + class);
        pixels.chain(label).for_each(|neuron| inputs[neuron / 8] |= 1 << (neuron % 8));
        network.step(&inputs, &[]);
        network.accumulate_class_scores(&mut class_scores);
    }
    class_scores
}

/// Whether a pixel is part of a line.
fn is_dark(drawing: Drawing, pixel: usize, jitter: [f32; 2]) -> bool {
    let at = [(pixel % SIDE) as f32 + 0.5 - jitter[0], (pixel / SIDE) as f32 + 0.5 - jitter[1]];
    drawing.iter().flat_map(|line| line.windows(2)).any(|ends| distance(at, ends[0], ends[1]) < 0.8)
}

/// The distance of a point to the line between two others.
fn distance(at: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let minus = |a: [f32; 2], b: [f32; 2]| [a[0] - b[0], a[1] - b[1]];
    let dot = |a: [f32; 2], b: [f32; 2]| a[0] * b[0] + a[1] * b[1];
    let (way, here) = (minus(to, from), minus(at, from));
    let part = (dot(here, way) / dot(way, way)).clamp(0.0, 1.0);
    let off = minus(here, [part * way[0], part * way[1]]);
    dot(off, off).sqrt()
}

/// The drawing as text, two rows of pixels in a line.
fn printed(drawing: Drawing) -> String {
    let dark = |y: usize, x: usize| is_dark(drawing, SIDE * y + x, [0.0; 2]);
    let block = |y, x| [' ', '▄', '▀', '█'][2 * usize::from(dark(y, x)) + usize::from(dark(y + 1, x))];
    let lines = (0..SIDE).step_by(2).map(|y| (0..SIDE).map(|x| block(y, x)).collect::<String>());
    lines.filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
