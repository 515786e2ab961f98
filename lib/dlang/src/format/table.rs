//! Tables of aggregations: their order and their rows.

use super::number::unsigned;
use super::{Datum, Style, Total, bytes};
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

/// Appends rows as DTrace prints them without a format: the key in columns, then the totals.
pub fn table(out: &mut Vec<u8>, rows: &[Entry], style: Style) {
    for row in rows {
        for key in &row.keys {
            self::key(out, key, style);
        }
        for (total, normal) in &row.totals {
            match total {
                Total::Histogram(histogram) => histogram.write(out, *normal),
                _ => out.extend(format!(" {:>16}", total.number(*normal)).bytes()),
            }
        }
        out.push(b'\n');
    }
}

/// A part of a key in its column.
fn key(out: &mut Vec<u8>, datum: &Datum, style: Style) {
    match datum {
        Datum::Int { value, size, .. } => {
            let width = match size {
                8 => 16,
                4 => 8,
                2 => 5,
                _ => 3,
            };
            out.extend(format!(" {value:>width$}").bytes());
        }
        Datum::Text(text) => bytes::column(out, text, 50),
        Datum::Bytes(list) => bytes::text_or_dump(out, list, 50, Style { quiet: false, ..style }),
        Datum::Stack(lines) => bytes::stack(out, lines, style.indent.unwrap_or(bytes::INDENT)),
        Datum::Symbol(name) => bytes::column(out, name.as_bytes(), 50),
    }
}
