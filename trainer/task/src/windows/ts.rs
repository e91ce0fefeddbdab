//! Reads the `.ts` format of the UEA/UCR time-series archive: comments, a header of `@` lines, `@data`, then a window a line,
//! channels separated by `:` and values by `,`, the label last.
//!
//! It knows no file, and takes no more memory than the text.

use super::error::LineFault;
use super::raw::{RawWindow, value};

/// What of the header the data lines need.
#[derive(Debug, Default)]
struct TsHeader {
    dimensions: Option<usize>,
    has_label: bool,
    /// The labels that are listed; others are refused where any is.
    labels: Vec<String>,
}

/// A line of the text with its number.
#[derive(Clone, Copy)]
struct Line<'t> {
    number: usize,
    text: &'t str,
}

impl Line<'_> {
    fn fault(self, part: &str, why: impl Into<String>) -> LineFault {
        LineFault::at(self.number, self.text, part, why)
    }
}

/// The windows of a text.
///
/// # Errors
/// The first line that cannot be read.
pub(super) fn read(text: &str) -> Result<Vec<RawWindow>, LineFault> {
    let lines = text.lines().zip(1..).map(|(text, number)| Line { number, text });
    let mut lines = lines.filter(|line| !line.text.trim().is_empty() && !line.text.trim_start().starts_with('#'));
    let mut header = TsHeader::default();
    for line in lines.by_ref() {
        if header.read(line)? {
            return lines.map(|line| header.window(line)).collect();
        }
    }
    Err(LineFault { line: text.lines().count().max(1), column: 1, why: "there is no line @data".into() })
}

impl TsHeader {
    /// Reads a line of the header; true of its last.
    fn read(&mut self, line: Line<'_>) -> Result<bool, LineFault> {
        let text = line.text.trim();
        let (tag, value_text) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let Some(tag) = tag.strip_prefix('@') else {
            return Err(line.fault(tag, "a line before @data begins with @ or #"));
        };
        let mut words = value_text.split_whitespace();
        match tag.to_ascii_lowercase().as_str() {
            "data" => return Ok(true),
            "timestamps" if is_true(value_text) => {
                return Err(line
                    .fault(value_text, "time stamps are not read; resample to a fixed rate, and leave them out"));
            }
            "targetlabel" if is_true(value_text) => {
                return Err(line.fault(value_text, "targets are numbers, not classes; windows need a class label"));
            }
            "dimensions" | "dimension" => self.dimensions = Some(dimensions(line, value_text.trim())?),
            "univariate" if is_true(value_text) => self.dimensions = Some(1),
            "classlabel" => {
                self.has_label = words.next().is_some_and(is_true);
                self.labels = words.map(str::to_owned).collect();
            }
            _ => {}
        }
        Ok(false)
    }

    fn window(&self, line: Line<'_>) -> Result<RawWindow, LineFault> {
        if !self.has_label {
            return Err(line.fault(line.text, "the header has no line @classLabel true: a window needs a label"));
        }
        let Some((values, label)) = line.text.rsplit_once(':') else {
            return Err(
                line.fault(line.text, "a window is its channels and its label, with a : before each but the first")
            );
        };
        let channels =
            values.split(':').map(|channel| read_channel(line, channel)).collect::<Result<Vec<_>, _>>()?;
        self.check(line, &channels)?;
        let label = self.label(line, label.trim())?;
        Ok(RawWindow::of_channels(&channels, label, format!("line {}", line.number)))
    }

    fn check(&self, line: Line<'_>, channels: &[Vec<f32>]) -> Result<(), LineFault> {
        if let Some(expected) = self.dimensions.filter(|expected| *expected != channels.len()) {
            let why = format!("{} channels, the header says {expected}", channels.len());
            return Err(line.fault(line.text, why));
        }
        let length = channels.first().map_or(0, Vec::len);
        if let Some(other) = channels.iter().position(|channel| channel.len() != length) {
            let (number, has) = (other + 1, channels[other].len());
            let why = format!("channel {number} has {has} values, channel 1 has {length}; fill the shorter with ?");
            return Err(line.fault(line.text, why));
        }
        Ok(())
    }

    fn label(&self, line: Line<'_>, label: &str) -> Result<String, LineFault> {
        if label.is_empty() {
            return Err(line.fault(label, "the label behind the last : is missing"));
        }
        let is_listed = self.labels.iter().any(|listed| listed.eq_ignore_ascii_case(label));
        if !is_listed && !self.labels.is_empty() {
            let why = format!("label {label:?} is not among those of @classLabel: {}", self.labels.join(", "));
            return Err(line.fault(label, why));
        }
        Ok(label.to_owned())
    }
}

fn is_true(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("true")
}

fn dimensions(line: Line<'_>, text: &str) -> Result<usize, LineFault> {
    text.parse().map_err(|_| line.fault(text, format!("{text:?} is not a number of channels")))
}

fn read_channel(line: Line<'_>, channel: &str) -> Result<Vec<f32>, LineFault> {
    let parsed = |text: &str| value(text.trim()).map_err(|why| line.fault(text, why));
    channel.split(',').map(parsed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "# two channels\n@problemName Tiny\n@timeStamps false\n@missing true\n@univariate false\n\
                          @dimensions 2\n@equalLength false\n@classLabel true left Right\n@data\n";

    fn fault(line: &str) -> (usize, usize, String) {
        let LineFault { line, column, why } = read(&format!("{HEADER}1,2:3,4:left\n{line}")).unwrap_err();
        (line, column, why)
    }

    #[test]
    fn windows_may_have_unequal_lengths_and_missing_values() {
        let windows = read(&format!("{HEADER}1,2,3:4,?,6:left\n\n -1e-1 , 5:7,8: right \n")).unwrap();
        assert_eq!(windows.iter().map(RawWindow::length).collect::<Vec<_>>(), [3, 2]);
        assert_eq!([&*windows[0].label, &*windows[1].label], ["left", "right"]);
        assert_eq!((windows[1].samples.clone(), windows[1].channels), (vec![-0.1, 7.0, 5.0, 8.0], 2));
        assert!(windows[0].samples.iter().map(|value| value.is_nan()).collect::<Vec<_>>()[3]);
        assert_eq!(windows[1].position, "line 12");
    }

    #[test]
    fn a_fault_names_line_and_column() {
        assert_eq!(
            fault("1,2:3,x4:left"),
            (11, 7, "\"x4\" is not a number; write ? where a value is missing".into())
        );
        assert_eq!(fault("1,2:3:left").2, "channel 2 has 1 values, channel 1 has 2; fill the shorter with ?");
        assert_eq!(fault("1,2:left").2, "1 channels, the header says 2");
        assert_eq!(
            fault("1,2:3,4:up"),
            (11, 9, "label \"up\" is not among those of @classLabel: left, Right".into())
        );
        assert!(fault("1,2").2.starts_with("a window is its channels"));
        assert!(fault("1:2:").2.contains("label behind the last"));
    }

    #[test]
    fn a_header_that_does_not_fit_is_refused() {
        let why = |text: &str| read(text).unwrap_err().why;
        assert_eq!(why(""), "there is no line @data");
        assert!(why("@timeStamps true\n@data\n").starts_with("time stamps are not read"));
        assert!(why("@targetLabel true\n@data\n").starts_with("targets are numbers"));
        assert!(why("@dimensions two\n@data\n").contains("is not a number of channels"));
        assert!(why("@classLabel false\n@data\n1:2\n").contains("a window needs a label"));
        assert!(why("1,2:a\n").contains("begins with @ or #"));
        assert_eq!(read("@classLabel true a\n@data\n").unwrap(), []);
    }
}
