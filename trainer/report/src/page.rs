//! The page around the sections: head, style, introduction, summary, and each section in its order.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::data::ReportData;
use super::section::{Content, Key, PageSection};
use super::tables;

const STYLE: &str = include_str!("style.css");

/// The document of a network.
pub(super) fn page(data: &ReportData, sections: &[PageSection]) -> String {
    let head = html! {
        (introduction())
        (watching(data.exported_page.as_deref()))
        (tables::summary(data))
    };
    document(&data.title, &head, sections)
}

/// A whole document: what is said first, then the sections.
pub(super) fn document(title: &str, first: &Markup, sections: &[PageSection]) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    (first)
                    @for section in sections { (section_markup(section)) }
                }
            }
        }
    };
    document.into_string()
}

fn introduction() -> Markup {
    html! {
        p {
            "A spiking neural network that learns while it runs. On a host computer, gradient descent trained "
            em { "how" }
            " it learns: its innate weights W, its plasticity rule, and the modulator neurons that decide when to learn. "
            "From then on nothing is trained: the plastic weights P start at zero, in every episode or once in a life of "
            "many, and the network learns from its own spikes, in integer arithmetic, as it would on a microcontroller."
        }
    }
}

/// How to see it learn.
fn watching(exported_page: Option<&str>) -> Markup {
    html! {
        p {
            @match exported_page {
                Some(page) => { a href=(page) { "See it learn" } ", step by step, in this browser." }
                None => {
                    "See it learn, step by step: " code { "metaplastic watch network.plastic" }
                    " in the folder of this report; with " code { "--export life.html" } ", as a page to send."
                }
            }
        }
    }
}

fn section_markup(section: &PageSection) -> Markup {
    let caption = &section.caption;
    html! {
        section {
            h2 { (section.title) }
            @match &section.content {
                Content::LeftOut => p.left-out { (caption) },
                Content::Table(table) => { p { (caption) } (table) }
                Content::Figure(figure) => figure {
                    div.card { (legend(&section.legend)) (figure) }
                    figcaption { (caption) }
                },
            }
        }
    }
}

fn legend(keys: &[Key]) -> Markup {
    html! {
        @if !keys.is_empty() {
            ul.legend {
                @for Key { colour, meaning } in keys {
                    li { i style=(format!("background:#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2)) {} (meaning) }
                }
            }
        }
    }
}
