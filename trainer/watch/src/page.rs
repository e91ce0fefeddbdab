//! The files of the page. They are as they are in `src/page/`: nothing builds them.

/// The files by their names, with their types.
const FILES: [(&str, &str, &str); 7] = [
    ("index.html", "text/html; charset=utf-8", include_str!("page/index.html")),
    ("watch.css", "text/css; charset=utf-8", include_str!("page/watch.css")),
    ("watch.js", "text/javascript; charset=utf-8", include_str!("page/watch.js")),
    ("connection.js", "text/javascript; charset=utf-8", include_str!("page/connection.js")),
    ("raster.js", "text/javascript; charset=utf-8", include_str!("page/raster.js")),
    ("image.js", "text/javascript; charset=utf-8", include_str!("page/image.js")),
    ("curve.js", "text/javascript; charset=utf-8", include_str!("page/curve.js")),
];

/// The type and the contents of a file.
pub(crate) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    FILES.iter().find(|(known, ..)| *known == name).map(|(_, kind, contents)| (*kind, *contents))
}
