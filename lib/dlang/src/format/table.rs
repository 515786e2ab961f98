//! Tables of aggregations: their order and their rows.

use super::bar::{HEAD, Scale};
use super::number::unsigned;
use super::packed::Packed;
use super::{Datum, Histogram, Style, Total, bytes};
use std::cmp::Ordering;

/// A row: a key and the totals of the aggregations printed, each with the number it is to be divided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which aggregation, in order of appearance; rows of one stay together.
    pub table: usize,
    /// The key.
    pub keys: Vec<Datum>,
    /// The totals; more than one for `printa` of several.
    pub totals: Vec<(Total, i64)>,
}

/// The options that decide the order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// `aggsortkey`: by key.
    pub by_key: bool,
    /// `aggsortrev`: the other way round.
    pub reverse: bool,
    /// `aggsortkeypos`: which part of the key decides first.
    pub key_position: usize,
    /// `aggsortpos`: which of several aggregations decides.
    pub position: usize,
}

impl Sort {
    /// Puts rows in DTrace's order: aggregations in order of appearance, rows by value and then key.
    pub fn sort(self, rows: &mut [Entry]) {
        rows.sort_by(|a, b| a.table.cmp(&b.table).then_with(|| self.compare(a, b)));
    }

    fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let keys = || self.keys(&a.keys, &b.keys);
        let values = || self.values(&a.totals, &b.totals);
        let order = if self.by_key { keys().then_with(values) } else { values().then_with(keys) };
        if self.reverse { order.reverse() } else { order }
    }

    /// Keys part by part, beginning with the one that decides first.
    fn keys(self, a: &[Datum], b: &[Datum]) -> Ordering {
        let n = a.len().min(b.len());
        let first = if self.key_position < n { self.key_position } else { 0 };
        let parts = (0..n).map(|i| (i + first) % n.max(1));
        parts.map(|i| datum(a.get(i), b.get(i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Totals one by one, beginning with the one that decides first.
    fn values(self, a: &[(Total, i64)], b: &[(Total, i64)]) -> Ordering {
        let n = a.len().min(b.len());
        let first = if self.position < n { self.position } else { 0 };
        let rest = (0..n).filter(|i| *i != first);
        let mut order = std::iter::once(first).chain(rest);
        order.find_map(|i| Some(values(a.get(i), b.get(i))).filter(|o| o.is_ne())).unwrap_or(Ordering::Equal)
    }
}

/// Integers compare as unsigned, whatever their type.
fn datum(a: Option<&Datum>, b: Option<&Datum>) -> Ordering {
    match (a, b) {
        (Some(Datum::Int { value: a, size, .. }), Some(Datum::Int { value: b, .. })) => {
            unsigned(*a, *size).cmp(&unsigned(*b, *size))
        }
        (Some(Datum::Text(a) | Datum::Bytes(a)), Some(Datum::Text(b) | Datum::Bytes(b))) => a.cmp(b),
        (Some(Datum::Stack(a)), Some(Datum::Stack(b))) => a.cmp(b),
        (Some(Datum::Symbol(a)), Some(Datum::Symbol(b))) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

fn values(a: Option<&(Total, i64)>, b: Option<&(Total, i64)>) -> Ordering {
    match (a, b) {
        (Some((Total::Histogram(a), _)), Some((Total::Histogram(b), _))) => {
            a.weight().total_cmp(&b.weight()).then_with(|| a.zeros().cmp(&b.zeros()))
        }
        (Some((a, _)), Some((b, _))) => a.number(1).cmp(&b.number(1)),
        _ => Ordering::Equal,
    }
}

/// Appends rows as DTrace prints them without a format: the key in columns, then the totals. What `agghist` and `aggpack` make of
/// an aggregation holds only for one that is printed alone.
pub fn table(out: &mut Vec<u8>, rows: &[Entry], style: Style) {
    for rows in rows.chunk_by(|a, b| a.table == b.table) {
        let drawn = style.bars.hist && bars(out, rows, style) || style.bars.pack && packed(out, rows, style);
        if !drawn {
            rows.iter().for_each(|row| plain(out, row, style));
        }
    }
}

fn plain(out: &mut Vec<u8>, row: &Entry, style: Style) {
    for key in &row.keys {
        self::key(out, key, style);
    }
    for (total, normal) in &row.totals {
        match total {
            Total::Histogram(histogram) => histogram.write(out, *normal, style.bars),
            _ => out.extend(format!(" {:>16}", total.number(*normal)).bytes()),
        }
    }
    out.push(b'\n');
}

/// `agghist`: a bar for each row, on one scale. Whether these are rows for it.
fn bars(out: &mut Vec<u8>, rows: &[Entry], style: Style) -> bool {
    let number = |row: &Entry| match row.totals.as_slice() {
        [(Total::Extreme(_) | Total::Histogram(_), _)] => None,
        [(total, normal)] => Some((total.number(1), *normal)),
        _ => None,
    };
    let Some(numbers) = rows.iter().map(number).collect::<Option<Vec<_>>>() else { return false };
    let scale = Scale::of(numbers.iter().map(|(n, _)| *n), style.bars).whole();
    let (width, name) = match rows.first().map_or(0, |row| key_width(&row.keys)) {
        0 => (16, "value"),
        width => (width, "key"),
    };
    out.extend(format!("\n{name:>width$} {HEAD:>41} {:<9}\n", "count").bytes());
    for (row, (number, normal)) in rows.iter().zip(numbers) {
        row.keys.iter().for_each(|key| narrow(out, key, style));
        out.push(b' ');
        scale.bar(out, number, normal);
    }
    true
}

/// `aggpack`: a line for each row. Whether these are rows for it.
fn packed(out: &mut Vec<u8>, rows: &[Entry], style: Style) -> bool {
    let histogram = |row: &Entry| match row.totals.as_slice() {
        [(Total::Histogram(histogram), _)] => Some(histogram.clone()),
        _ => None,
    };
    let Some(all) = rows.iter().map(histogram).collect::<Option<Vec<Histogram>>>() else { return false };
    let (Some(first), Some(packed)) = (all.first(), Packed::of(all.iter())) else { return false };
    packed.head(out, rows.first().map_or(0, |row| key_width(&row.keys)), first);
    for (row, histogram) in rows.iter().zip(&all) {
        row.keys.iter().for_each(|key| narrow(out, key, style));
        packed.row(out, histogram, style.bars);
    }
    true
}

/// Columns of a key in a table of bars.
fn key_width(keys: &[Datum]) -> usize {
    keys.iter().map(|key| if let Datum::Int { size, .. } = key { number_width(*size) } else { TEXT } + 1).sum()
}

/// A part of a key before a bar: text takes less room than in other tables.
fn narrow(out: &mut Vec<u8>, datum: &Datum, style: Style) {
    match datum {
        Datum::Text(text) => {
            out.extend(std::iter::repeat_n(b' ', 1 + TEXT.saturating_sub(text.len())));
            out.extend_from_slice(text);
        }
        other => key(out, other, style),
    }
}

/// Columns of text before a bar.
const TEXT: usize = 16;

/// Columns of an integer of so many bytes.
fn number_width(size: u8) -> usize {
    match size {
        8 => 16,
        4 => 8,
        2 => 5,
        _ => 3,
    }
}

/// A part of a key in its column.
fn key(out: &mut Vec<u8>, datum: &Datum, style: Style) {
    match datum {
        Datum::Int { value, size, .. } => {
            let width = number_width(*size);
            out.extend(format!(" {value:>width$}").bytes());
        }
        Datum::Text(text) => bytes::column(out, text, 50),
        Datum::Bytes(list) => bytes::text_or_dump(out, list, 50, Style { quiet: false, ..style }),
        Datum::Stack(lines) => bytes::stack(out, lines, style.indent.unwrap_or(bytes::INDENT)),
        Datum::Symbol(name) => bytes::column(out, name.as_bytes(), 50),
    }
}
