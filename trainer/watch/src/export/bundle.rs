//! One file of the page's files: styles and scripts within the document, and data that the scripts read.
//!
//! Modules become one by leaving out `import` and `export`: their names are unique over all files, which a test makes sure. The
//! document's own policy lets it reach nothing. It knows nothing of what the scripts do.

use crate::page;

/// The module with which the page begins.
const FIRST: &str = "watch.js";
/// The source of a served page's messages, and that of an exported one's.
const SOURCES: [&str; 2] = ["connection.js", "exported-life.js"];
/// Nothing from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// The document with the data, which are JSON.
pub(super) fn bundle(data: &str) -> String {
    let mut document = String::new();
    for line in page::text("index.html").lines() {
        document.push_str(&replaced(line, data));
        document.push('\n');
    }
    document
}

/// A line of the document, or what it refers to.
fn replaced(line: &str, data: &str) -> String {
    let style = |name| format!("<style>\n{}</style>", page::text(name));
    match line.trim() {
        r#"<meta charset="utf-8">"# => {
            format!("{line}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")
        }
        r#"<link rel="stylesheet" href="uplot.css">"# => style("uplot.css"),
        r#"<link rel="stylesheet" href="watch.css">"# => style("watch.css"),
        r#"<script src="uplot.js"></script>"# => script("text/javascript", page::text("uplot.js")),
        r#"<script type="module" src="watch.js"></script>"# => {
            let data = script("application/json\" id=\"exported", &escaped(data));
            format!("{data}\n{}", script("module", &modules()))
        }
        _ => line.to_owned(),
    }
}

/// JSON in which no tag begins: only its texts have the letter.
fn escaped(data: &str) -> String {
    data.replace('<', "\\u003c")
}

/// A script within the document. What would end it early is written in another way, which is the same in texts.
fn script(kind: &str, text: &str) -> String {
    format!(
        "<script type=\"{kind}\">\n{}\n</script>",
        text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    )
}

fn modules() -> String {
    let mut ordered = Vec::new();
    add_behind_what_it_needs(FIRST, &mut ordered);
    ordered.into_iter().map(|name| module(page::text(name))).collect()
}

fn add_behind_what_it_needs(name: &'static str, ordered: &mut Vec<&'static str>) {
    let name = if name == SOURCES[0] { SOURCES[1] } else { name };
    if ordered.contains(&name) {
        return;
    }
    let imports = page::text(name).lines().filter(|line| line.starts_with("import "));
    let needed = imports.filter_map(|line| line.split_once("from \"./")?.1.strip_suffix("\";"));
    needed.for_each(|needed| add_behind_what_it_needs(needed, ordered));
    ordered.push(name);
}

fn module(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("import "));
    lines.map(|line| line.strip_prefix("export ").unwrap_or(line).to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The name that a line declares for the whole module.
    fn declared(line: &str) -> Option<String> {
        let keywords = ["const ", "let ", "function ", "class ", "async function "];
        let named = keywords.iter().find_map(|keyword| line.strip_prefix(keyword))?;
        let letters = named.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_');
        Some(letters.collect::<String>()).filter(|name| !name.is_empty())
    }

    #[test]
    fn no_name_is_in_two_modules() {
        let modules = modules();
        let mut names = BTreeSet::new();
        assert!(
            modules
                .lines()
                .filter_map(declared)
                .all(|name| names.insert(name.clone()) || panic!("{name} is twice"))
        );
        assert!(names.contains("connect") && names.contains("SheetPanel") && !modules.contains("new WebSocket"));
    }

    #[test]
    fn the_document_refers_to_nothing() {
        let document = bundle("{}");
        for outside in ["src=\"", "href=\"uplot", "href=\"watch", "from \"./", "\nexport "] {
            assert!(!document.contains(outside), "{outside}");
        }
        assert!(document.contains("class SheetPanel"));
    }

    /// A file may be called anything.
    #[test]
    fn texts_of_the_data_cannot_end_their_script() {
        let file = "<!--</SCRIPT></script>";
        let document = bundle(&serde_json::json!({ "file": file }).to_string());
        let (_, data) = document.split_once("id=\"exported\">\n").unwrap();
        let (data, _) = data.split_once("\n</script>").unwrap();
        assert!(!data.contains('<'), "{data}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(data).unwrap()["file"], file);
    }
}
