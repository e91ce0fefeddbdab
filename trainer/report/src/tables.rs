//! The parts of the page that are words and figures: the summary, the rule, the number formats, the commands.

use super::data::{FormatRow, ReportData, Row, RuleRow};
use super::section::Section;
use super::text::{escape, number, push};

/// What the letters of a rule stand for; those that no equation of the page names are left out.
const LETTERS: [(&str, &str); 14] = [
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
    ("P_ij", "plastic weight: zero at birth, changes while the network runs"),
    ("W_ij", "innate weight: trained on the desk, constant on the chip"),
    ("P_max", "the largest plastic weight allowed, in either direction"),
    ("eta", "learning rate within an episode"),
];

/// The table at the top.
pub(super) fn summary(data: &ReportData) -> String {
    let row = |label: &str, value: String| Row { label: label.into(), value };
    let own = [
        row("task", data.task.clone()),
        row("seed", data.seed.to_string()),
        row("meta-steps", data.meta_steps.to_string()),
    ];
    let mut table = String::from("<table class=\"facts\">\n");
    for row in own.iter().chain(&data.summary) {
        let (label, value) = (escape(&row.label), escape(&row.value));
        push(&mut table, format_args!("<tr><th scope=\"row\">{label}</th><td>{value}</td></tr>\n"));
    }
    table.push_str("</table>\n");
    table
}

/// The plasticity rule of each projection, with what its letters mean.
pub(super) fn rule(rows: &[RuleRow]) -> Section {
    const TITLE: &str = "The plasticity rule";
    if rows.is_empty() {
        return Section::left_out(TITLE, "No rule was given: no projection of this network is plastic.");
    }
    let mut body = String::new();
    for row in rows {
        let (projection, equation) = (escape(&row.projection), escape(&row.equation));
        push(&mut body, format_args!("<h3>{projection}</h3>\n<pre>{equation}</pre>\n"));
    }
    body.push_str(&letters(rows));
    let caption = "What every synapse from neuron i to neuron j computes in each step, with the coefficients that \
                   meta-training found.";
    Section::new(TITLE, body, caption.into())
}

fn letters(rows: &[RuleRow]) -> String {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let is_named = |letter: &str| {
        let name = letter.split('(').next().unwrap_or(letter);
        let mut words = rows.iter().flat_map(|row| row.equation.split(|character| !is_part(character)));
        words.any(|word| word == name)
    };
    let mut list = String::from("<dl>\n");
    for (letter, meaning) in LETTERS.into_iter().filter(|(letter, _)| is_named(letter)) {
        push(&mut list, format_args!("<dt>{}</dt><dd>{}</dd>\n", escape(letter), escape(meaning)));
    }
    list.push_str("</dl>\n");
    list
}

/// How each quantity is stored on the chip.
pub(super) fn formats(rows: &[FormatRow]) -> Section {
    const TITLE: &str = "Numbers on the chip";
    if rows.is_empty() {
        return Section::left_out(TITLE, "No table of number formats was given.");
    }
    let mut body = String::from(
        "<div class=\"scroll\"><table>\n<thead><tr><th>quantity</th><th class=\"figure\">smallest seen</th>\
         <th class=\"figure\">largest seen</th><th>stored as</th><th class=\"figure\">least significant bit</th></tr>\
         </thead>\n<tbody>\n",
    );
    for row in rows {
        let (quantity, format) = (escape(&row.quantity), escape(&row.format));
        let [low, high, lsb] = [row.low, row.high, row.lsb].map(|value| number(f64::from(value)));
        push(
            &mut body,
            format_args!(
                "<tr><td>{quantity}</td><td class=\"figure\">{low}</td><td class=\"figure\">{high}</td>\
                 <td>{format}</td><td class=\"figure\">{lsb}</td></tr>\n"
            ),
        );
    }
    body.push_str("</tbody>\n</table></div>\n");
    let caption = "The range each quantity took on the desk and the integer format chosen to hold it; membrane \
                   potentials and weights are in units of the firing threshold.";
    Section::new(TITLE, body, caption.into())
}

/// The commands that made the page.
pub(super) fn commands(lines: &[String]) -> Section {
    const TITLE: &str = "How this was made";
    if lines.is_empty() {
        return Section::left_out(TITLE, "The commands that made this page were not recorded.");
    }
    let body = format!("<pre>{}</pre>\n", escape(&lines.join("\n")));
    Section::new(TITLE, body, "The same commands make the same network and the same figures again.".into())
}
