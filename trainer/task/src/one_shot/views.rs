//! The pictures that the steps of a phase show of one drawing, in turn: plain ones, and augmented ones for
//! training.

use rand::Rng;

use super::classes::Form;
use super::drawing::Drawing;
use super::parameters::OneShotParameters;
use super::picture::{Affine, InkLayout, Picture, Pixel, Symmetry};
use super::warp::Warp;
use crate::seed::TaskRng;

/// The views of a drawing as it is.
pub(super) fn plain(parameters: &OneShotParameters, drawing: &Drawing) -> Vec<Picture> {
    let layout = InkLayout::new(drawing, parameters.size.into(), Affine::default(), &Warp::default());
    jittered(parameters, &layout, Symmetry::default())
}

/// The views of a drawing with all augmentations of training; all views of a drawing are augmented alike.
pub(super) fn augmented(
    parameters: &OneShotParameters,
    drawing: &Drawing,
    form: &Form,
    rng: &mut TaskRng,
) -> Vec<Picture> {
    let affine = draw_affine(parameters, rng);
    let mut warp = Warp::default();
    warp.moves.as_flattened_mut().as_flattened_mut().fill_with(|| symmetric(parameters.warp, rng) as f32);
    let factor = symmetric(parameters.thickness, rng).exp() as f32;
    let layout = InkLayout::new(drawing, parameters.size.into(), affine, &warp.plus(&form.warp));
    let mut views = jittered(parameters, &layout, form.symmetry);
    views.iter_mut().for_each(|picture| picture.scale(factor));
    if parameters.erasing > 0.0 {
        erase_square(&mut views, parameters, rng);
    }
    views
}

/// One view, or one from each of four points: above, right, below and left of the middle.
fn jittered(parameters: &OneShotParameters, layout: &InkLayout, symmetry: Symmetry) -> Vec<Picture> {
    let jitter = parameters.jitter;
    let shifts = [[-jitter, 0.0], [0.0, jitter], [jitter, 0.0], [0.0, -jitter]];
    shifts[..if jitter > 0.0 { 4 } else { 1 }].iter().map(|shift| layout.picture(*shift, symmetry)).collect()
}

fn draw_affine(parameters: &OneShotParameters, rng: &mut TaskRng) -> Affine {
    Affine {
        rotation: symmetric(parameters.rotation, rng).to_radians(),
        shear: symmetric(parameters.shear, rng),
        log_scale: symmetric(parameters.log_scale, rng),
        shift: [symmetric(parameters.translation, rng), symmetric(parameters.translation, rng)],
    }
}

/// A uniform number from `-limit` to `limit`; nothing is drawn for a limit of zero.
fn symmetric(limit: f64, rng: &mut TaskRng) -> f64 {
    if limit > 0.0 { rng.random_range(-limit..=limit) } else { 0.0 }
}

/// Erases the same random square from all views.
fn erase_square(views: &mut [Picture], parameters: &OneShotParameters, rng: &mut TaskRng) {
    let size = usize::from(parameters.size);
    let width = (rng.random_range(0.0..=parameters.erasing) * size as f64).round() as usize;
    let [y, x] = [0, 1].map(|_| rng.random_range(0..=size - width));
    views.iter_mut().for_each(|picture| picture.erase(Pixel { y, x }, width));
}
