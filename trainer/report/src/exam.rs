//! One episode in pictures: what was shown with its label, and what the network answered to each fresh picture.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{self, Area, DrawError, FAINT, HEADING, RIGHT, WIDTH, WRONG};
use super::data::{Answer, Pictures, ReportData};
use super::error::ReportError;
use super::picture;
use super::section::{Key, Section};
use super::text::count;

const TITLE: &str = "One episode in pictures: seen, then asked for";
const COLUMNS: usize = 10;
/// Side of a picture, at most.
const LARGE: u32 = 140;
/// Side of the pictures that an answer refers to, at most.
const SMALL: u32 = 84;
/// A row of taught pictures with their labels.
const TAUGHT: u32 = LARGE + 64;
/// A row of questions with their answers.
const ASKED: u32 = LARGE + 218;
/// More pictures than this of a kind would be a long way to scroll.
const MOST: usize = 60;

/// The figure; none where the episode was not pictures.
pub(super) fn section(data: &ReportData) -> Result<Option<Section>, ReportError> {
    let (Some(pictures), Some(episode)) = (&data.pictures, &data.episode) else { return Ok(None) };
    let exam = Exam { pictures, answers: &episode.decisions };
    let heights = [exam.height(pictures.taught.len(), TAUGHT), exam.height(pictures.asked.len(), ASKED)];
    let svg = canvas::draw(TITLE, heights.iter().sum(), |root| {
        let areas = canvas::stack(root, &heights);
        exam.draw_taught(&areas[0])?;
        exam.draw_asked(&areas[1])
    })?;
    let legend = vec![Key::new(RIGHT, "the network answered right"), Key::new(WRONG, "the network answered wrong")];
    Ok(Some(Section::new(TITLE, svg, exam.caption()).with_legend(legend)))
}

struct Exam<'d> {
    pictures: &'d Pictures,
    answers: &'d [Answer],
}

impl Exam<'_> {
    fn height(&self, pictures: usize, row: u32) -> u32 {
        HEADING + pictures.min(MOST).div_ceil(COLUMNS) as u32 * row
    }

    fn draw_taught(&self, area: &Area<'_>) -> Result<(), DrawError> {
        canvas::heading(area, &format!("seen {}, with the label", times(self.pictures.shots)), 30)?;
        for (class, pixels) in self.pictures.taught.iter().enumerate().take(MOST) {
            let (x, y) = place(class, TAUGHT);
            picture::ink(area, (x, y), (pixels, LARGE), (FAINT, 2))?;
            write(area, (x, y + LARGE as i32 + 22), &class.to_string())?;
        }
        Ok(())
    }

    fn draw_asked(&self, area: &Area<'_>) -> Result<(), DrawError> {
        canvas::heading(area, "asked for: in other hands, without a label", 30)?;
        let asked = self.pictures.asked.iter().zip(self.answers).enumerate().take(MOST);
        asked.into_iter().try_for_each(|(index, (pixels, answer))| {
            let place = place(index, ASKED);
            self.draw_question(area, place, pixels, answer)?;
            self.draw_candidates(area, (place.0, place.1 + LARGE as i32 + 68), answer)
        })
    }

    /// The picture asked for, and under it the answer.
    fn draw_question(
        &self,
        area: &Area<'_>,
        (x, y): (i32, i32),
        pixels: &[f32],
        answer: &Answer,
    ) -> Result<(), DrawError> {
        let is_right = answer.answer == answer.target;
        let colour = if is_right { RIGHT } else { WRONG };
        picture::ink(area, (x, y), (pixels, LARGE), (colour, 7))?;
        let (top, half) = (y + LARGE as i32 + 12, 92);
        area.draw(&Rectangle::new([(x - half, top), (x + half, top + 42)], colour.filled()))?;
        let text = if is_right {
            format!("{} right", answer.answer)
        } else {
            format!("{}, not {}", answer.answer, answer.target)
        };
        write(area, (x, top + 21), &text)
    }

    /// What the answer and the runner-up had looked like when they were taught.
    fn draw_candidates(&self, area: &Area<'_>, (x, y): (i32, i32), answer: &Answer) -> Result<(), DrawError> {
        let answered = Some((answer.answer, -47, answer.answer.to_string()));
        let second = runner_up(answer).map(|class| (class, 47, format!("then {class}")));
        for (class, right, text) in answered.into_iter().chain(second) {
            let Some(pixels) = self.pictures.taught.get(class) else { continue };
            picture::ink(area, (x + right, y), (pixels, SMALL), (FAINT, 2))?;
            write(area, (x + right, y + SMALL as i32 + 20), &text)?;
        }
        Ok(())
    }

    fn caption(&self) -> String {
        let right = self.answers.iter().filter(|answer| answer.answer == answer.target).count();
        let mut caption = format!(
            "Above, every class of the episode as the network saw it with its label, {}; below, each fresh picture \
             with the network's answer, {right} of {} right. The small pictures are what it had been taught of its \
             answer and, after the word then, of the runner-up. A pixel is as dark as the share of the picture's \
             steps in which it spiked.",
            if self.pictures.shots == 1 { "once" } else { "the first of its pictures" },
            count(self.answers.len(), "answer"),
        );
        if self.pictures.taught.len().max(self.answers.len()) > MOST {
            caption.push_str(&format!(" Of each kind the first {MOST} are drawn."));
        }
        caption
    }
}

/// The middle of the top edge of the `index`th picture, in rows of some height.
fn place(index: usize, row: u32) -> (i32, i32) {
    let column = WIDTH as usize / COLUMNS;
    let x = column * (index % COLUMNS) + column / 2;
    (x as i32, (HEADING + row * (index / COLUMNS) as u32 + 4) as i32)
}

fn write(area: &Area<'_>, at: (i32, i32), text: &str) -> Result<(), DrawError> {
    area.draw_text(text, &canvas::anchored(HPos::Center), at)
}

fn times(shots: usize) -> String {
    match shots {
        1 => "once".into(),
        more => format!("{more} times"),
    }
}

/// The class with the most votes beside the answer; ties go to the lower index.
fn runner_up(answer: &Answer) -> Option<usize> {
    let others = (0..answer.votes.len()).filter(|class| *class != answer.answer);
    others.reduce(|best, class| if answer.votes[class] > answer.votes[best] { class } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runner_up_is_the_best_of_the_others() {
        let second =
            |answer, votes: &[i32]| runner_up(&Answer { answer, votes: votes.to_vec(), ..Answer::default() });
        assert_eq!(second(1, &[3, 9, -1, 3]), Some(0));
        assert_eq!(second(0, &[3, -9, -1]), Some(2));
        assert_eq!([second(0, &[3]), second(0, &[])], [None, None]);
    }
}
