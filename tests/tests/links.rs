//! Tests of the documents: every link leads to a file and, where it names one, to a heading of it; every page is in the
//! book, and the book has no page that is not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}

/// The pages of the book.
fn pages() -> Vec<PathBuf> {
    let files = fs::read_dir(repository().join("docs")).expect("docs").map(|entry| entry.expect("a page").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn parsed(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Where the links and pictures of a text lead.
fn targets(text: &str) -> Vec<String> {
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    };
    parsed(text).filter_map(target).collect()
}

/// The anchors of a text's headings, as GitHub and mdbook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut anchors, mut heading) = (BTreeSet::new(), None);
    for event in parsed(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| heading.push_str(&text)),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor(&heading))),
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// What is wrong with a link of a document.
fn fault(document: &Path, target: &str) -> Option<String> {
    if target.contains("://") {
        return None;
    }
    let (file, fragment) = target.split_once('#').map_or((target, None), |(file, fragment)| (file, Some(fragment)));
    let path = if file.is_empty() { document.to_owned() } else { document.parent()?.join(file) };
    if !path.exists() {
        return Some(format!("{}: {target} leads to no file", document.display()));
    }
    let is_heading = |fragment: &str| anchors(&fs::read_to_string(&path).expect("a page")).contains(fragment);
    let missing = fragment.filter(|fragment| !is_heading(fragment));
    missing.map(|_| format!("{}: {target} leads to no heading", document.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let documents = pages().into_iter().chain(["README.md", "CHANGELOG.md"].map(|file| repository().join(file)));
    let of = |document: PathBuf| {
        let text = fs::read_to_string(&document).unwrap();
        targets(&text).iter().filter_map(|target| fault(&document, target)).collect::<Vec<_>>()
    };
    let faults: Vec<String> = documents.flat_map(of).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_book_has_every_page_once() {
    let summary = repository().join("docs/SUMMARY.md");
    let mut listed = targets(&fs::read_to_string(&summary).unwrap());
    let mut pages: Vec<_> =
        pages().iter().map(|page| page.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    pages.retain(|page| page != "SUMMARY.md");
    listed.sort();
    pages.sort();
    assert_eq!(listed, pages);
}

#[test]
fn a_link_to_nothing_is_found() {
    let document = repository().join("docs/structure.md");
    assert!(fault(&document, "none.md").unwrap().contains("no file"));
    assert!(fault(&document, "training.md#none").unwrap().contains("no heading"));
    assert_eq!(fault(&document, "training.md#files"), None);
    assert_eq!(fault(&document, "#kinds"), None);
    assert_eq!(targets("a [b](c.md), ![d](e.svg)"), ["c.md", "e.svg"]);
    assert_eq!(anchor("8. Worlds (`world.rs`, a_b)"), "8-worlds-worldrs-a_b");
}
