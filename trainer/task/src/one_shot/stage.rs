//! The stages of an episode: support samples in random order, then queries in random order. All classes are in one stage,
//! or they come one by one, each in a stage of its own.
//!
//! It knows no spike, nor how a sample becomes pictures.

use std::borrow::Cow;

use rand::seq::SliceRandom;

use super::classes::{Class, draw};
use super::drawing::Drawing;
use super::parameters::OneShotParameters;
use crate::seed::TaskRng;

/// A drawing of a class of an episode.
pub(super) struct Sample<'l> {
    pub(super) drawing: Cow<'l, Drawing>,
    pub(super) class: &'l Class<'l>,
    pub(super) label: usize,
}

/// Support samples, and the queries after them.
pub(super) struct Stage<'l> {
    pub(super) support: Vec<Sample<'l>>,
    pub(super) queries: Vec<Sample<'l>>,
    /// Classes known after the support samples.
    pub(super) known: usize,
}

impl<'l> Stage<'l> {
    /// The stages of an episode of these classes.
    pub(super) fn draw_all(
        parameters: &OneShotParameters,
        classes: &'l [Class<'l>],
        rng: &mut TaskRng,
    ) -> Vec<Self> {
        if parameters.continual {
            return one_by_one(parameters, classes, rng);
        }
        vec![at_once(parameters, classes, rng)]
    }
}

/// A stage of all classes.
fn at_once<'l>(parameters: &OneShotParameters, classes: &'l [Class<'l>], rng: &mut TaskRng) -> Stage<'l> {
    let (mut support, mut queries) = (Vec::new(), Vec::new());
    for (label, class) in classes.iter().enumerate() {
        let mut drawings = class.draw(parameters.drawings(), rng);
        let sample = |drawing| Sample { drawing, class, label };
        queries.extend(drawings.split_off(parameters.shots.into()).into_iter().map(sample));
        support.extend(drawings.into_iter().map(sample));
    }
    support.shuffle(rng);
    queries.shuffle(rng);
    Stage { support, queries, known: classes.len() }
}

/// A stage of each class, with queries of all classes known by then.
fn one_by_one<'l>(parameters: &OneShotParameters, classes: &'l [Class<'l>], rng: &mut TaskRng) -> Vec<Stage<'l>> {
    let split = |class: &'l Class<'l>| {
        let mut support = class.draw(usize::MAX, rng);
        let others = support.split_off(parameters.shots.into());
        (support, others)
    };
    let (support, others): (Vec<_>, Vec<_>) = classes.iter().map(split).unzip();
    let stage = |(label, support): (usize, Vec<Cow<'l, Drawing>>)| {
        let class = &classes[label];
        let support = support.into_iter().map(|drawing| Sample { drawing, class, label }).collect();
        let known = label + 1;
        Stage { support, queries: queries(&classes[..known], &others, parameters.queries, rng), known }
    };
    support.into_iter().enumerate().map(stage).collect()
}

/// So many queries of each class that is known, in drawings that were not support samples. While one class alone is known,
/// there is nothing to decide.
fn queries<'l>(
    known: &'l [Class<'l>],
    drawings: &[Vec<Cow<'l, Drawing>>],
    each: u16,
    rng: &mut TaskRng,
) -> Vec<Sample<'l>> {
    if known.len() < 2 {
        return Vec::new();
    }
    let mut queries = Vec::new();
    for (label, class) in known.iter().enumerate() {
        let drawn = draw(drawings[label].iter().collect(), each.into(), rng);
        queries.extend(drawn.into_iter().map(|drawing| Sample { drawing: drawing.clone(), class, label }));
    }
    queries.shuffle(rng);
    queries
}
