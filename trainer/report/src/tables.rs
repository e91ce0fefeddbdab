//! The parts of the page that are text: the summary, the rule, the number formats, the commands.

use maud::{Markup, html};

use super::data::{FormatRow, ReportData, RuleRow};
use super::section::PageSection;
use super::text::number;

/// The meaning of the symbols of a rule; those that no equation of the page contains are left out.
const SYMBOLS: [(&str, &str); 14] = [
    ("s_i", "1 if the presynaptic neuron i spikes in this step, else 0"),
    ("s_j", "1 if the postsynaptic neuron j spikes in this step, else 0"),
    ("x_i", "trace of the presynaptic neuron's spikes: a decaying average, 0 to 1"),
    ("x2_i", "a second, slower presynaptic trace"),
    ("y_j", "trace of the postsynaptic neuron's spikes: a decaying average, 0 to 1"),
    ("y2_j", "a second, slower postsynaptic trace"),
    ("theta_y_j", "sliding threshold: a decaying average of y_j squared"),
    ("psi(v_j)", "how near the postsynaptic membrane potential is to the threshold, 0 to 1"),
    ("E_ij", "eligibility of the synapse from i to j: what the rule would change"),
    ("M_j", "third factor at neuron j: whether, how much and with which sign it does change"),
    ("P_ij", "plastic weight: zero in the initial state, changes while the network runs"),
    ("W_ij", "innate weight: trained on a host computer, constant on the chip"),
    ("P_max", "the largest plastic weight allowed, in either direction"),
    ("eta", "learning rate within an episode"),
];

/// The table at the top.
pub(super) fn summary(data: &ReportData) -> Markup {
    let own =
        [("task", data.task.clone()), ("seed", data.seed.to_string()), ("meta-steps", data.meta_steps.to_string())];
    let further = data.summary.iter().map(|row| (row.label.as_str(), row.value.clone()));
    html! {
        table.facts {
            @for (label, value) in own.into_iter().chain(further) {
                tr { th scope="row" { (label) } td { (value) } }
            }
        }
    }
}

/// The plasticity rule of each projection, with the meaning of its symbols.
pub(super) fn rule(rows: &[RuleRow]) -> PageSection {
    const TITLE: &str = "The plasticity rule";
    if rows.is_empty() {
        return PageSection::left_out(TITLE, "No rule was given: no projection of this network is plastic.");
    }
    let body = html! {
        @for row in rows {
            h3 { (row.projection) }
            pre { (row.equation) }
        }
        dl {
            @for (symbol, meaning) in SYMBOLS.iter().filter(|(symbol, _)| is_named(symbol, rows)) {
                dt { (symbol) }
                dd { (meaning) }
            }
        }
    };
    let caption = "What every synapse from neuron i to neuron j computes in each step, with the coefficients that \
                   meta-training found.";
    PageSection::table(TITLE, body, caption.into())
}

/// Whether an equation contains a symbol as a word; `psi(v_j)` counts as the word `psi`.
fn is_named(symbol: &str, rows: &[RuleRow]) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let name = symbol.split('(').next().unwrap_or(symbol);
    let mut words = rows.iter().flat_map(|row| row.equation.split(|character| !is_part(character)));
    words.any(|word| word == name)
}

/// How each quantity is stored on the chip.
pub(super) fn formats(rows: &[FormatRow]) -> PageSection {
    const TITLE: &str = "Numbers on the chip";
    if rows.is_empty() {
        return PageSection::left_out(TITLE, "No table of number formats was given.");
    }
    let body = html! {
        div.scroll {
            table {
                thead {
                    tr {
                        th { "quantity" }
                        th.figure { "smallest seen" }
                        th.figure { "largest seen" }
                        th { "stored as" }
                        th.figure { "least significant bit" }
                    }
                }
                tbody { @for row in rows { (format_row(row)) } }
            }
        }
    };
    let caption = "The range of each quantity in training and the integer format that was chosen for it; membrane \
                   potentials and weights are in units of the firing threshold.";
    PageSection::table(TITLE, body, caption.into())
}

fn format_row(row: &FormatRow) -> Markup {
    let [low, high, lsb] = [row.low, row.high, row.lsb].map(|value| number(f64::from(value)));
    html! {
        tr {
            td { (row.quantity) }
            td.figure { (low) }
            td.figure { (high) }
            td { (row.format) }
            td.figure { (lsb) }
        }
    }
}

/// The commands that made the page.
pub(super) fn commands(lines: &[String]) -> PageSection {
    const TITLE: &str = "How this was made";
    if lines.is_empty() {
        return PageSection::left_out(TITLE, "The commands that made this page were not recorded.");
    }
    let body = html! { pre { (lines.join("\n")) } };
    PageSection::table(TITLE, body, "The same commands make the same network and the same figures again.".into())
}
