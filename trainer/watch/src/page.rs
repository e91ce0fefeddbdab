//! The files of the page. They are as they are in `src/page/`: nothing builds them. `uplot/` is uPlot, which draws its curves.

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// The files by their names, with their types.
const FILES: [(&str, &str, &str); 39] = [
    ("index.html", HTML, include_str!("page/index.html")),
    ("watch.css", CSS, include_str!("page/watch.css")),
    ("watch.js", JS, include_str!("page/watch.js")),
    ("answer.js", JS, include_str!("page/answer.js")),
    ("bits.js", JS, include_str!("page/bits.js")),
    ("connection.js", JS, include_str!("page/connection.js")),
    ("controls.js", JS, include_str!("page/controls.js")),
    ("costs.js", JS, include_str!("page/costs.js")),
    ("curve.js", JS, include_str!("page/curve.js")),
    ("decisions.js", JS, include_str!("page/decisions.js")),
    ("dom.js", JS, include_str!("page/dom.js")),
    ("exported-life.js", JS, include_str!("page/exported-life.js")),
    ("exported-parts.js", JS, include_str!("page/exported-parts.js")),
    ("image.js", JS, include_str!("page/image.js")),
    ("ink.js", JS, include_str!("page/ink.js")),
    ("interventions.js", JS, include_str!("page/interventions.js")),
    ("lamps.js", JS, include_str!("page/lamps.js")),
    ("lines.js", JS, include_str!("page/lines.js")),
    ("pace.js", JS, include_str!("page/pace.js")),
    ("panel-arm.js", JS, include_str!("page/panel-arm.js")),
    ("panel-inputs.js", JS, include_str!("page/panel-inputs.js")),
    ("panel-machines.js", JS, include_str!("page/panel-machines.js")),
    ("panel-picture.js", JS, include_str!("page/panel-picture.js")),
    ("panel-sheet.js", JS, include_str!("page/panel-sheet.js")),
    ("panel-signals.js", JS, include_str!("page/panel-signals.js")),
    ("phase.js", JS, include_str!("page/phase.js")),
    ("plot.js", JS, include_str!("page/plot.js")),
    ("raster.js", JS, include_str!("page/raster.js")),
    ("recorded.js", JS, include_str!("page/recorded.js")),
    ("scene.js", JS, include_str!("page/scene.js")),
    ("sheet-class.js", JS, include_str!("page/sheet-class.js")),
    ("status.js", JS, include_str!("page/status.js")),
    ("stimulus.js", JS, include_str!("page/stimulus.js")),
    ("theme.js", JS, include_str!("page/theme.js")),
    ("values.js", JS, include_str!("page/values.js")),
    ("wasm.js", JS, include_str!("page/wasm.js")),
    ("world.js", JS, include_str!("page/world.js")),
    ("uplot.js", JS, include_str!("page/uplot/uplot.js")),
    ("uplot.css", CSS, include_str!("page/uplot/uplot.css")),
];

/// The text of a file; empty if there is none of that name.
pub(crate) fn text(name: &str) -> &'static str {
    file(name).map_or("", |(_, contents)| contents)
}

/// The type and the contents of a file.
pub(crate) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    FILES.iter().find(|(known, ..)| *known == name).map(|(_, kind, contents)| (*kind, *contents))
}
