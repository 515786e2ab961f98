//! Rows of fields, in the form the reader asked for: `-H`, `-p FIELD,...`, `--csv`, or aligned for a person.
use crate::fail::{Fail, Result};
use crate::message::shown;
use crate::out::Out;
use getopts::{Matches, Options};
use std::fmt::Write;

/// One column: its heading, which in lower case is its name for `-p`, and the side it is aligned to.
pub struct Column {
    /// The heading, upper case.
    pub head: &'static str,
    /// Numbers are aligned to the right.
    pub right: bool,
}

/// A column of text.
#[must_use]
pub const fn left(head: &'static str) -> Column {
    Column { head, right: false }
}

/// A column of numbers.
#[must_use]
pub const fn right(head: &'static str) -> Column {
    Column { head, right: true }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Aligned with two spaces between columns.
    Text,
    /// `-H`: tabs, as `zfs list -H`.
    Tabs,
    /// `-p`: colons, as `zoneadm list -p`.
    Colons,
    /// `--csv`: RFC 4180 by the csv crate.
    Csv,
}

/// Adds the options that [`Table::new`] reads.
pub fn options(o: &mut Options) {
    o.optflag("H", "", "no header; tabs between fields")
        .optopt("p", "", "these fields only, colons between them, no header", "FIELD,...")
        .optflag("", "csv", "comma-separated values (RFC 4180)");
}

/// A table under way. Aligned rows are held until [`Table::end`]; the other forms are written at once.
pub struct Table {
    columns: &'static [Column],
    chosen: Vec<usize>,
    form: Form,
    held: Vec<Vec<String>>,
    header: bool,
}

impl Table {
    /// A table of `columns` in the form that the command line asks for.
    ///
    /// # Errors
    /// `-p` names a field that is not there.
    pub fn new(columns: &'static [Column], found: &Matches) -> Result<Self> {
        Self::with_fields(columns, found, found.opt_str("p").as_deref())
    }

    /// The same where the tool has read the fields of `-p` itself, because its `-p` may also mean something else.
    ///
    /// # Errors
    /// `fields` names a field that is not there.
    pub fn with_fields(columns: &'static [Column], found: &Matches, fields: Option<&str>) -> Result<Self> {
        let chosen = match fields {
            None => (0..columns.len()).collect(),
            Some(list) => list.split(',').map(|name| position(columns, name)).collect::<Result<_>>()?,
        };
        let form = match (found.opt_present("csv"), fields.is_some(), found.opt_present("H")) {
            (true, _, _) => Form::Csv,
            (_, true, _) => Form::Colons,
            (_, _, true) => Form::Tabs,
            _ => Form::Text,
        };
        let header = !found.opt_present("H") && matches!(form, Form::Text | Form::Csv);
        Ok(Self { columns, chosen, form, held: Vec::new(), header })
    }

    /// Whether the output is for a person, so that sizes and times may be rounded.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.form == Form::Text
    }

    /// Adds one row; `fields` has one text per column.
    pub fn row<S: AsRef<str>>(&mut self, out: &mut Out, fields: &[S]) -> Result<()> {
        if std::mem::take(&mut self.header) {
            let heads: Vec<_> = self.columns.iter().map(|c| c.head).collect();
            self.put(out, &heads)?;
        }
        self.put(out, fields)
    }

    /// Writes what is held. An empty table still has its header.
    pub fn end(mut self, out: &mut Out) -> Result<()> {
        if std::mem::take(&mut self.header) {
            let heads: Vec<_> = self.columns.iter().map(|c| c.head).collect();
            self.put(out, &heads)?;
        }
        self.align(out)
    }

    fn put<S: AsRef<str>>(&mut self, out: &mut Out, fields: &[S]) -> Result<()> {
        let chosen = self.chosen.iter().filter_map(|&i| fields.get(i)).map(AsRef::as_ref);
        match self.form {
            Form::Csv => out.bytes(&csv_row(chosen)?),
            Form::Tabs => out.text(&(chosen.map(|f| escaped(f, '\t')).collect::<Vec<_>>().join("\t") + "\n")),
            Form::Colons => out.text(&(chosen.map(|f| escaped(f, ':')).collect::<Vec<_>>().join(":") + "\n")),
            Form::Text => {
                let row = chosen.map(|f| {
                    let mut s = String::new();
                    printable(&mut s, f);
                    s
                });
                let row = row.collect();
                self.held.push(row);
                Ok(())
            }
        }
    }

    fn align(&mut self, out: &mut Out) -> Result<()> {
        let rows = std::mem::take(&mut self.held);
        aligned(&rows, self.columns, &self.chosen).iter().try_for_each(|line| out.text(&format!("{line}\n")))
    }
}

/// Rows of the `chosen` columns as lines, each column as wide as its widest cell.
fn aligned<S: AsRef<str>>(rows: &[impl AsRef<[S]>], columns: &[Column], chosen: &[usize]) -> Vec<String> {
    let mut widths = vec![0; chosen.len()];
    for row in rows {
        for (w, f) in widths.iter_mut().zip(row.as_ref()) {
            *w = f.as_ref().chars().count().max(*w);
        }
    }
    let line = |row: &[S]| {
        let mut line = String::new();
        for ((f, &w), &i) in row.iter().map(AsRef::as_ref).zip(&widths).zip(chosen) {
            let right = columns.get(i).is_some_and(|c| c.right);
            // Not by a format width, which panics above 65535.
            let padding = " ".repeat(w - f.chars().count());
            let (before, after) = if right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.extend([before, f, after, "  "]);
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(|row| line(row.as_ref())).collect()
}

fn position(columns: &[Column], name: &str) -> Result<usize> {
    columns.iter().position(|c| c.head.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names: Vec<_> = columns.iter().map(|c| c.head.to_lowercase()).collect();
        Fail::Usage(format!("-p {}: expected one of {}", shown(name), names.join(",")))
    })
}

fn csv_row<'a>(fields: impl Iterator<Item = &'a str>) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| Fail::Other(format!("csv: {e}"));
    let mut to = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    to.write_record(fields).map_err(|e| failed(&e))?;
    to.into_inner().map_err(|e| failed(&e))
}

/// A field with the separator, backslashes and control characters escaped by `\`, as zoneadm and zfs do.
fn escaped(field: &str, separator: char) -> String {
    let mut to = String::with_capacity(field.len());
    for c in field.chars() {
        match c {
            '\\' => to.push_str("\\\\"),
            ':' if separator == ':' => to.push_str("\\:"),
            _ => printable(&mut to, c.encode_utf8(&mut [0; 4])),
        }
    }
    to
}

/// Appends `text` with control characters made visible (`\n`, `\t`, `\x1b`), so that a name cannot drive a terminal.
pub fn printable(to: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' => to.push_str("\\n"),
            '\t' => to.push_str("\\t"),
            '\r' => to.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(to, "\\x{:02x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_split_or_drive_a_terminal() {
        assert_eq!(escaped("a:b\\c\td\n", ':'), "a\\:b\\\\c\\td\\n");
        assert_eq!(escaped("a:b\u{9b}", '\t'), "a:b\\x9b");
    }

    #[test]
    fn cells_of_any_length_are_aligned_by_characters() {
        for cell in ["x".repeat(1 << 16), "é".repeat(1 << 16), "\u{1f980}".repeat(70_000)] {
            let n = cell.chars().count();
            let table = |side| aligned(&[&[&cell, "1"], &["a", "22"]], &[side, right("N")], &[0, 1]);
            assert_eq!(table(left("NAME")), [format!("{cell}   1"), format!("a{}  22", " ".repeat(n - 1))]);
            assert_eq!(table(right("NAME")), [format!("{cell}   1"), format!("{}a  22", " ".repeat(n - 1))]);
        }
    }

    #[test]
    fn csv_quotes_by_rfc_4180() {
        assert_eq!(csv_row(["a,b", "c\"d", ""].into_iter()).unwrap(), b"\"a,b\",\"c\"\"d\",\n");
    }

    #[test]
    fn unknown_field_names_the_known() {
        let e = position(&[left("NAME"), right("SIZE")], "colour").unwrap_err();
        assert_eq!(e.to_string(), "-p colour: expected one of name,size");
    }
}
