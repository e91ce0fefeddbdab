//! Numbers and counts as text for readers.

/// A number with four significant digits, without trailing zeros; powers of ten below 0.001 and from 100 000.
pub(super) fn number(value: f64) -> String {
    let magnitude = value.abs();
    // Ticks are sums of binary fractions: the residue of a zero is far below any value of a report.
    if magnitude < 1e-12 {
        return "0".into();
    }
    if !(1e-3..1e5).contains(&magnitude) {
        let written = format!("{value:.2e}");
        let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        return format!("{}e{exponent}", trim_zeros(digits));
    }
    let decimals = (3 - magnitude.log10().floor() as i32).max(0) as usize;
    trim_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// A fraction as a percentage, such as `99.1 %`.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}

/// The text of a tick of an axis that counts neurons: whole numbers below `limit`, and nothing between them.
pub(super) fn index_below(value: f64, limit: usize) -> String {
    if value.fract() == 0.0 && value < limit as f64 { number(value) } else { String::new() }
}

/// A count with its noun, such as `1 spike` and `2 spikes`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let mut counted = format!("{number} {noun}");
    if number != 1 {
        counted.push('s');
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_four_digits() {
        let written = [0.0, -0.25, 0.30000000004, 12345.6, 99999.0, 0.001, 3.0517e-5, 1e6, 0.00012].map(number);
        assert_eq!(written, ["0", "-0.25", "0.3", "12346", "99999", "0.001", "3.05e-5", "1e6", "1.2e-4"]);
    }

    #[test]
    fn only_neurons_that_exist_are_numbered() {
        assert_eq!([0.0, 2.5, 7.0, 8.0].map(|value| index_below(value, 8)), ["0", "", "7", ""]);
    }
}
