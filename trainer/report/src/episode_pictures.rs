//! One episode in pictures: the support samples with their labels, and the network's answer to each query sample.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, DrawError, FAINT, HEADING, Point, RIGHT, WIDTH, WRONG};
use super::data::{Answer, Pictures, ReportData};
use super::error::ReportError;
use super::picture::{Frame, Ink};
use super::section::{Key, Section};
use super::text::count;

const TITLE: &str = "One episode in pictures: support, then query";
const COLUMNS: usize = 10;
/// Side of a picture, at most.
const LARGE: u32 = 140;
/// Side of the pictures that an answer refers to, at most.
const SMALL: u32 = 84;
/// Height of a row of support samples with their labels.
const SUPPORT: u32 = LARGE + 64;
/// Height of a row of query samples with their answers.
const QUERY: u32 = LARGE + 218;
/// The largest number of support samples, and of query samples, so that the figure stays short.
const MAX_PICTURES: usize = 60;
const THIN: Frame = Frame { colour: FAINT, width: 2 };

/// The figure; none where the episode was not pictures.
pub(super) fn section(data: &ReportData) -> Result<Option<Section>, ReportError> {
    let (Some(pictures), Some(episode)) = (&data.pictures, &data.episode) else { return Ok(None) };
    let figure = EpisodePictures { pictures, answers: &episode.decisions };
    let heights = [height(pictures.support.len(), SUPPORT), height(pictures.query.len(), QUERY)];
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        figure.draw_support(&areas[0])?;
        figure.draw_queries(&areas[1])
    })?;
    let legend = vec![Key::new(RIGHT, "the network answered right"), Key::new(WRONG, "the network answered wrong")];
    Ok(Some(Section::figure(TITLE, svg, figure.caption()).with_legend(legend)))
}

struct EpisodePictures<'d> {
    pictures: &'d Pictures,
    answers: &'d [Answer],
}

impl EpisodePictures<'_> {
    fn draw_support(&self, area: &Area<'_>) -> Result<(), DrawError> {
        canvas::heading(area, &format!("seen {}, with the label", times(self.pictures.shots)), 30)?;
        for (class, pixels) in self.pictures.support.iter().enumerate().take(MAX_PICTURES) {
            let top = top_middle(class, SUPPORT);
            Ink { pixels, size: LARGE, frame: THIN }.draw(area, top)?;
            write(area, top.moved(0, LARGE as i32 + 22), &class.to_string())?;
        }
        Ok(())
    }

    fn draw_queries(&self, area: &Area<'_>) -> Result<(), DrawError> {
        canvas::heading(area, "query: in other hands, without a label", 30)?;
        let queries = self.pictures.query.iter().zip(self.answers).enumerate().take(MAX_PICTURES);
        queries.into_iter().try_for_each(|(index, (pixels, answer))| {
            let top = top_middle(index, QUERY);
            draw_query(area, top, pixels, answer)?;
            self.draw_candidates(area, top.moved(0, LARGE as i32 + 68), answer)
        })
    }

    /// The support samples of the answer and of the runner-up.
    fn draw_candidates(&self, area: &Area<'_>, top: Point, answer: &Answer) -> Result<(), DrawError> {
        let answered = Some((answer.answer, -47, answer.answer.to_string()));
        let second = runner_up(answer).map(|class| (class, 47, format!("then {class}")));
        for (class, right, text) in answered.into_iter().chain(second) {
            let Some(pixels) = self.pictures.support.get(class) else { continue };
            Ink { pixels, size: SMALL, frame: THIN }.draw(area, top.moved(right, 0))?;
            write(area, top.moved(right, SMALL as i32 + 20), &text)?;
        }
        Ok(())
    }

    fn caption(&self) -> String {
        let right = self.answers.iter().filter(|answer| answer.answer == answer.target).count();
        let mut caption = format!(
            "Above, every class of the episode as the network saw it with its label, {}; below, each query sample with \
             the network's answer, {right} of {} right. The small pictures are the support samples of its answer and, \
             after the word then, of the runner-up. A pixel is as dark as the fraction of the picture's steps in which \
             it spiked.",
            if self.pictures.shots == 1 { "once" } else { "the first of its support samples" },
            count(self.answers.len(), "answer"),
        );
        if self.pictures.support.len().max(self.answers.len()) > MAX_PICTURES {
            caption.push_str(&format!(" Of each kind the first {MAX_PICTURES} are drawn."));
        }
        caption
    }
}

/// A query sample, and under it the answer.
fn draw_query(area: &Area<'_>, top: Point, pixels: &[f32], answer: &Answer) -> Result<(), DrawError> {
    let is_right = answer.answer == answer.target;
    let colour = if is_right { RIGHT } else { WRONG };
    Ink { pixels, size: LARGE, frame: Frame { colour, width: 7 } }.draw(area, top)?;
    let (below, half) = (LARGE as i32 + 12, 92);
    let corners = [top.moved(-half, below), top.moved(half, below + 42)];
    area.draw(&Rectangle::new(corners.map(Point::pair), colour.filled()))?;
    let text = if is_right {
        format!("{} right", answer.answer)
    } else {
        format!("{}, not {}", answer.answer, answer.target)
    };
    write(area, top.moved(0, below + 21), &text)
}

fn height(pictures: usize, row: u32) -> u32 {
    HEADING + pictures.min(MAX_PICTURES).div_ceil(COLUMNS) as u32 * row
}

/// The middle of the top edge of the `index`th picture, in rows of height `row`.
fn top_middle(index: usize, row: u32) -> Point {
    let column = WIDTH as usize / COLUMNS;
    let x = column * (index % COLUMNS) + column / 2;
    Point { x: x as i32, y: (HEADING + row * (index / COLUMNS) as u32 + 4) as i32 }
}

fn write(area: &Area<'_>, at: Point, text: &str) -> Result<(), DrawError> {
    area.draw_text(text, &canvas::anchored(HPos::Center), at.pair())
}

fn times(shots: usize) -> String {
    match shots {
        1 => "once".into(),
        more => format!("{more} times"),
    }
}

/// The class with the highest score except the answer; ties go to the lower index.
fn runner_up(answer: &Answer) -> Option<usize> {
    let scores = &answer.class_scores;
    let others = (0..scores.len()).filter(|class| *class != answer.answer);
    others.reduce(|best, class| if scores[class] > scores[best] { class } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runner_up_is_the_best_of_the_others() {
        let second = |answer, scores: &[i32]| {
            runner_up(&Answer { answer, class_scores: scores.to_vec(), ..Answer::default() })
        };
        assert_eq!(second(1, &[3, 9, -1, 3]), Some(0));
        assert_eq!(second(0, &[3, -9, -1]), Some(2));
        assert_eq!([second(0, &[3]), second(0, &[])], [None, None]);
    }
}
