//! `aggpack`: a histogram in one line, a character for each bucket.

use super::bar::{Bars, Scale};
use super::histogram::{Histogram, Shape, ZERO};

/// Columns of the bounds of an `lquantize`.
const LINEAR: usize = 8;

/// The buckets that the histograms of one aggregation show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    first: usize,
    last: usize,
}

impl Packed {
    /// What all these show: of an `lquantize` everything, of a `quantize` what any of them has, and a bucket on either side (none
    /// below 0). `None` if they are no such histograms.
    pub(super) fn of<'a>(mut all: impl Iterator<Item = &'a Histogram> + Clone) -> Option<Self> {
        let one = all.clone().next()?;
        match one.shape {
            Shape::LogLinear { .. } => None,
            Shape::Linear { .. } => Some(Self { first: 0, last: one.last() }),
            Shape::Power => {
                let ranges = all.by_ref().map(|h| {
                    let used = || h.buckets.iter().filter(|(_, n)| **n != 0).map(|(b, _)| *b);
                    (used().min().unwrap_or(ZERO), used().max().unwrap_or(ZERO))
                });
                let (first, last) = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
                let first = if first == ZERO { first } else { first.saturating_sub(1) };
                Some(Self { first, last: (last + 1).min(one.last()) })
            }
        }
    }

    /// Appends the line above the histograms, whose keys take `width` columns.
    pub(super) fn head(self, out: &mut Vec<u8>, width: usize, one: &Histogram) {
        let (low, high) = match one.shape {
            Shape::Power => (digits(one.bound(self.first)), digits(one.bound(self.last))),
            _ => (LINEAR - 1, LINEAR),
        };
        let key = if width > 0 { "key" } else { "" };
        let rule = "-".repeat(self.last + 1 - self.first);
        out.extend(format!("\n{key:>width$} {:>low$} .{rule}. {:<high$} | count\n", "min", "max").bytes());
    }

    /// Appends a histogram.
    pub(super) fn row(self, out: &mut Vec<u8>, one: &Histogram, bars: Bars) {
        let counts = || (self.first..=self.last).map(|b| one.buckets.get(&b).copied().unwrap_or(0));
        let scale = Scale::of(counts(), bars);
        let columns: String = counts().map(|n| scale.column(n)).collect();
        let label = |bucket| one.label(bucket, self.first).unwrap_or_default();
        let (low, high) = match one.shape {
            Shape::Power => (digits(one.bound(self.first)) + 1, digits(one.bound(self.last))),
            _ => (LINEAR, LINEAR),
        };
        let sum: i64 = counts().fold(0, i64::wrapping_add);
        out.extend(format!("{:>low$} :{columns}: {:<high$} | {sum}\n", label(self.first), label(self.last)).bytes());
    }
}

/// Columns of a bound: its digits and sign, at least four.
fn digits(bound: i64) -> usize {
    bound.to_string().len().max(4)
}
