//! `printf` and `printa` with a format.

use super::number::{Form, unsigned};
use super::{Bars, Datum, Names, Total, bytes};
use crate::lex::text::escape;
use crate::printf::{Conversion, Format, Piece, Width};

/// The totals of the aggregations printed, each with the number it is to be divided by, and how histograms look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals<'a> {
    /// The totals.
    pub list: &'a [(Total, i64)],
    /// How histograms look.
    pub bars: Bars,
}

/// What the pieces of a format are filled with.
struct Filler<'a> {
    args: std::slice::Iter<'a, Datum>,
    totals: Totals<'a>,
    next_total: usize,
    names: &'a dyn Names,
}

/// Appends `format` filled with `args` in order, and for `%@` conversions with the totals of the
/// aggregations printed. With several totals, each `%@` takes the next, the last one as often as needed.
pub fn printf(out: &mut Vec<u8>, format: &Format, args: &[Datum], totals: Totals<'_>, names: &dyn Names) {
    let mut filler = Filler { args: args.iter(), totals, next_total: 0, names };
    for piece in &format.pieces {
        match piece {
            Piece::Text(text) => out.extend_from_slice(text),
            Piece::Conversion(c) => filler.conversion(out, c),
        }
    }
}

/// The number in the bytes of a `float` or `double`.
fn real(bytes: &[u8]) -> f64 {
    match bytes.first_chunk::<8>() {
        Some(double) => f64::from_le_bytes(*double),
        None => bytes.first_chunk::<4>().map_or(0.0, |single| f64::from(f32::from_le_bytes(*single))),
    }
}

impl Filler<'_> {
    fn conversion(&mut self, out: &mut Vec<u8>, c: &Conversion) {
        let mut left = c.left;
        let width = self.width(c.width);
        let precision = usize::try_from(self.width(c.precision)).unwrap_or(0);
        left |= width < 0;
        let width = usize::try_from(width.unsigned_abs()).unwrap_or(0);
        let form = Form { c, left, width, precision };
        if c.aggregated {
            let at = self.next_total.min(self.totals.list.len().saturating_sub(1));
            if let Some((total, normal)) = self.totals.list.get(at) {
                self.total(out, &form, total, *normal);
            }
            self.next_total += 1;
        } else if let Some(datum) = self.args.next() {
            self.datum(out, &form, datum);
        }
    }

    fn width(&mut self, width: Width) -> i64 {
        match width {
            Width::None => 0,
            Width::Fixed(n) => i64::from(n),
            Width::Argument => match self.args.next() {
                Some(Datum::Int { value, .. }) => *value,
                _ => 0,
            },
        }
    }

    fn total(&self, out: &mut Vec<u8>, form: &Form<'_>, total: &Total, normal: i64) {
        match total {
            Total::Histogram(histogram) => histogram.write(out, normal, self.totals.bars),
            _ => Self::integer(out, form, total.number(normal), 8),
        }
    }

    /// An integer conversion of a value that may be of either sign.
    fn integer(out: &mut Vec<u8>, form: &Form<'_>, value: i64, size: u8) {
        match form.c.name {
            'd' | 'i' => form.signed(out, value),
            'c' => form.text(out, &[value.to_le_bytes()[0]]),
            'C' => form.text(out, escape(&[value.to_le_bytes()[0]]).as_bytes()),
            name => form.unsigned(out, unsigned(value, size), name),
        }
    }

    fn datum(&self, out: &mut Vec<u8>, form: &Form<'_>, datum: &Datum) {
        let name = form.c.name;
        match datum {
            Datum::Int { value, size, .. } => match name {
                'a' => form.text(out, self.names.kernel(unsigned(*value, *size)).as_bytes()),
                'A' => form.text(out, self.names.user(unsigned(*value, *size)).as_bytes()),
                'Y' | 'T' => form.text(out, self.time(*value, name).as_bytes()),
                _ => Self::integer(out, form, *value, *size),
            },
            Datum::Bytes(bytes) if matches!(name, 'e' | 'f' | 'g' | 'E' | 'G') => form.real(out, real(bytes), name),
            Datum::Text(text) | Datum::Bytes(text) => {
                let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
                let text = text.get(..end).unwrap_or(text);
                if name == 'S' { form.text(out, escape(text).as_bytes()) } else { form.text(out, text) }
            }
            Datum::Stack(lines) => {
                let indent = if form.left { form.width } else { 0 };
                if form.left {
                    bytes::stack(out, lines, indent);
                    return;
                }
                out.push(b'\n');
                for line in lines {
                    form.text(out, line.as_bytes());
                    out.push(b'\n');
                }
            }
            Datum::Symbol(symbol) => form.text(out, symbol.as_bytes()),
        }
    }

    /// `%Y`: `1973 Dec  3 17:20:00`; `%T`: `Mon, 03 Dec 1973 17:20:00 UTC`.
    fn time(&self, nanoseconds: i64, name: char) -> String {
        let seconds = nanoseconds.div_euclid(1_000_000_000);
        let (offset, zone) = self.names.zone(seconds);
        let local = jiff::Timestamp::from_second(seconds.saturating_add(i64::from(offset))).unwrap_or_default();
        let civil = jiff::tz::Offset::UTC.to_datetime(local);
        if name == 'Y' {
            civil.strftime("%Y %b %e %H:%M:%S").to_string()
        } else {
            format!("{} {zone}", civil.strftime("%a, %d %b %G %H:%M:%S"))
        }
    }
}
