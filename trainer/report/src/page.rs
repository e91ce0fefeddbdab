//! The page around the sections: head, style, a word on what the reader looks at, and each section in its place.

use super::data::ReportData;
use super::section::Section;
use super::tables;
use super::text::{escape, push};

const STYLE: &str = include_str!("style.css");
const INTRODUCTION: &str = "A spiking neural network that learns while it lives. On the desk, gradient descent trained \
    <em>how</em> it learns: its innate weights W, its plasticity rule, and the modulator neurons that decide when to \
    learn. From then on nothing is trained: in every episode the plastic weights P start at zero, and the network \
    learns anew from its own spikes, in integer arithmetic, as it would on a microcontroller.";

/// The whole document.
pub(super) fn page(data: &ReportData, sections: &[Section]) -> String {
    let title = escape(&data.title);
    let mut page = String::new();
    push(
        &mut page,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{INTRODUCTION}</p>\n"
        ),
    );
    page.push_str(&tables::summary(data));
    sections.iter().for_each(|section| push_section(&mut page, section));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn push_section(page: &mut String, section: &Section) {
    let (title, caption) = (escape(&section.title), escape(&section.caption));
    push(page, format_args!("<section>\n<h2>{title}</h2>\n"));
    match &section.body {
        None => push(page, format_args!("<p class=\"left-out\">{caption}</p>\n")),
        Some(body) if body.starts_with("<svg") => {
            page.push_str("<figure>\n<div class=\"card\">\n");
            push_legend(page, section);
            push(page, format_args!("{body}</div>\n<figcaption>{caption}</figcaption>\n</figure>\n"));
        }
        Some(body) => push(page, format_args!("<p>{caption}</p>\n{body}")),
    }
    page.push_str("</section>\n");
}

fn push_legend(page: &mut String, section: &Section) {
    if section.legend.is_empty() {
        return;
    }
    page.push_str("<ul class=\"legend\">\n");
    for key in &section.legend {
        let (red, green, blue) = (key.colour.0, key.colour.1, key.colour.2);
        let meaning = escape(&key.meaning);
        push(
            page,
            format_args!("<li><i style=\"background:#{red:02x}{green:02x}{blue:02x}\"></i>{meaning}</li>\n"),
        );
    }
    page.push_str("</ul>\n");
}
