//! Reads CSV with a header: a sample a row, with the number of its window beside it (long), or a window a row, channel by
//! channel (wide).
//!
//! It knows no file, and takes no more memory than the text and its numbers.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::error::LineFault;
use super::parameters::WindowsParameters;
use super::raw::{RawWindow, value};

/// The columns of a file, by what they hold.
struct CsvColumns {
    window: Option<usize>,
    label: usize,
    group: Option<usize>,
    /// Those with values.
    values: Vec<usize>,
    names: StringRecord,
}

/// A row with its line.
struct CsvRow {
    line: usize,
    fields: StringRecord,
}

/// The windows of a text, in the order in which they begin.
///
/// # Errors
/// The first line that cannot be read; its column is the number of the field.
pub(super) fn read(text: &[u8], parameters: &WindowsParameters) -> Result<Vec<RawWindow>, LineFault> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = ReaderBuilder::new().trim(Trim::All).comment(Some(b'#')).from_reader(text);
    let names = reader.headers().map_err(|error| of_reader(&error))?.clone();
    let columns = CsvColumns::new(names, parameters)?;
    let rows = reader.into_records().map(|record| {
        let fields = record.map_err(|error| of_reader(&error))?;
        let line = fields.position().map_or(1, |position| position.line() as usize);
        Ok(CsvRow { line, fields })
    });
    match columns.window {
        Some(window) => long(rows, &columns, window),
        None => rows.map(|row| columns.wide(&row?, parameters.wide_channels.into())).collect(),
    }
}

fn of_reader(error: &csv::Error) -> LineFault {
    let line = error.position().map_or(1, |position| position.line() as usize);
    LineFault { line, column: 1, why: format!("{error}; every row has the fields of the header, in UTF-8") }
}

impl CsvColumns {
    fn new(names: StringRecord, parameters: &WindowsParameters) -> Result<Self, LineFault> {
        let find = |name: &str| names.iter().position(|column| column == name);
        let absent = |column: &str, key: &str| {
            let known = names.iter().collect::<Vec<_>>().join(", ");
            let why = format!(
                "no column is called {column:?}, which task.{key} names; there are, between commas: {known}"
            );
            LineFault { line: 1, column: 1, why }
        };
        let optional = [(&parameters.window_column, "window"), (&parameters.group_column, "group")];
        if let Some((name, key)) = optional.iter().find(|(name, default)| *name != default && find(name).is_none())
        {
            return Err(absent(name, &format!("{key}_column")));
        }
        let label =
            find(&parameters.label_column).ok_or_else(|| absent(&parameters.label_column, "label_column"))?;
        let (window, group) = (find(&parameters.window_column), find(&parameters.group_column));
        let has_values = |column: &usize| *column != label && ![window, group].contains(&Some(*column));
        let values: Vec<_> = (0..names.len()).filter(has_values).collect();
        if values.is_empty() {
            return Err(LineFault { line: 1, column: 1, why: "no column has values".into() });
        }
        Ok(Self { window, label, group, values, names })
    }

    fn value(&self, row: &CsvRow, column: usize) -> Result<f32, LineFault> {
        let name = self.names.get(column).unwrap_or_default();
        let fault = |why| LineFault { line: row.line, column: column + 1, why: format!("column {name}: {why}") };
        value(row.field(column)).map_err(fault)
    }

    fn label(&self, row: &CsvRow) -> Result<String, LineFault> {
        match row.field(self.label) {
            "" => Err(row.fault(self.label, "the label is missing".into())),
            label => Ok(label.to_owned()),
        }
    }

    fn group(&self, row: &CsvRow) -> Option<String> {
        self.group.map(|group| row.field(group).to_owned())
    }

    /// The window of a row.
    fn wide(&self, row: &CsvRow, channels: usize) -> Result<RawWindow, LineFault> {
        let each = self.values.len() / channels;
        if each * channels != self.values.len() {
            let why = format!(
                "{} columns of values are not as many for each of task.wide_channels = {channels}",
                self.values.len()
            );
            return Err(LineFault { line: 1, column: 1, why });
        }
        let column = |columns: &[usize]| columns.iter().map(|column| self.value(row, *column)).collect();
        let values = self.values.chunks_exact(each).map(column).collect::<Result<Vec<Vec<f32>>, _>>()?;
        let window = RawWindow::of_channels(&values, self.label(row)?, format!("line {}", row.line));
        Ok(RawWindow { group: self.group(row), ..window })
    }
}

impl CsvRow {
    fn field(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default()
    }

    fn fault(&self, column: usize, why: String) -> LineFault {
        LineFault { line: self.line, column: column + 1, why }
    }
}

/// Windows of a sample a row: rows of one window have its number, its group and its label.
fn long(
    rows: impl Iterator<Item = Result<CsvRow, LineFault>>,
    columns: &CsvColumns,
    window: usize,
) -> Result<Vec<RawWindow>, LineFault> {
    let (mut windows, mut numbers) = (Vec::<RawWindow>::new(), BTreeMap::new());
    for row in rows {
        let row = row?;
        let (label, group) = (columns.label(&row)?, columns.group(&row));
        let key = (group.clone(), row.field(window).to_owned());
        let number = *numbers.entry(key).or_insert(windows.len());
        if number == windows.len() {
            let position = format!("window {}", row.field(window));
            let (samples, channels) = (Vec::new(), columns.values.len());
            windows.push(RawWindow { samples, channels, label: label.clone(), group, position });
        }
        let of_row = &mut windows[number];
        if of_row.label != label {
            let why = format!("{} has label {:?} here and {:?} before", of_row.position, label, of_row.label);
            return Err(row.fault(columns.label, why));
        }
        for column in &columns.values {
            of_row.samples.push(columns.value(&row, *column)?);
        }
    }
    Ok(windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, wide_channels: u16) -> Result<Vec<RawWindow>, LineFault> {
        read(text.as_bytes(), &WindowsParameters { wide_channels, ..WindowsParameters::default() })
    }

    #[test]
    fn rows_of_a_window_are_its_samples() {
        let text =
            "\u{feff}group,window,x,label,y\n# a comment\nA,1,1.5,on,2\nA,1,3,on,?\nB,1,5,off,6\nA,1,7,on,8\n";
        let windows = parsed(text, 1).unwrap();
        let samples = windows.iter().map(|window| window.samples.len()).collect::<Vec<_>>();
        assert_eq!((samples, windows[0].channels), (vec![6, 2], 2));
        assert_eq!([windows[0].samples[0], windows[0].samples[4]], [1.5, 7.0]);
        let named = windows.iter().map(|window| (&*window.label, window.group.as_deref()));
        assert_eq!(named.collect::<Vec<_>>(), [("on", Some("A")), ("off", Some("B"))]);
    }

    #[test]
    fn a_row_is_a_window_channel_by_channel() {
        let windows = parsed("label,x0,x1,y0,y1\nup,1,2,3,4\ndown,5,,7,\n", 2).unwrap();
        assert_eq!(windows[0].samples, [1.0, 3.0, 2.0, 4.0]);
        assert_eq!(windows[1].clone().completed().unwrap().samples, [5.0, 7.0]);
        assert_eq!(windows[1].group, None);
    }

    #[test]
    fn a_fault_names_line_and_column() {
        let fault = |text: &str, channels| parsed(text, channels).unwrap_err();
        let number = fault("label,x\na,1\nb,two\n", 1);
        assert_eq!((number.line, number.column), (3, 2));
        assert_eq!(number.why, "column x: \"two\" is not a number; write ? where a value is missing");
        assert!(
            fault("class,x\na,1\n", 1).why.contains("task.label_column names; there are, between commas: class, x")
        );
        let named = WindowsParameters { window_column: "win".into(), ..WindowsParameters::default() };
        let absent = read(b"window,label,x\n1,a,2\n", &named).unwrap_err();
        assert!(
            absent.why.contains("no column is called \"win\", which task.window_column names"),
            "{}",
            absent.why
        );
        assert!(fault("label,x,y,z\na,1,2,3\n", 2).why.contains("3 columns of values are not as many"));
        assert_eq!(fault("label\na\n", 1).why, "no column has values");
        assert_eq!(
            (fault("label,x\na,1\nb\n", 1).line, fault("label,x\n,1\n", 1).why),
            (3, "the label is missing".into())
        );
        let label = fault("window,label,x\n1,a,1\n1,b,2\n", 1);
        assert_eq!((label.line, label.why), (3, "window 1 has label \"b\" here and \"a\" before".into()));
    }
}
