//! DTrace's output formats: from recorded values to text. Pure: names of addresses and the time zone come through [`Names`].

mod bar;
mod bytes;
mod histogram;
mod number;
mod packed;
mod print;
mod printf;
mod table;

pub use bar::{Bars, Encoding};
pub use bytes::{hexdump, stack, text_or_dump};
pub use histogram::{Histogram, Shape, llquantize_bucket, lquantize_bucket, quantize_bucket};
pub use print::{print, print_at};
pub use printf::{Totals, printf};
pub use table::{Entry, Sort, table};

/// A recorded value or key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// An integer, extended to 64 bits by its sign or with zeros.
    Int {
        /// The value.
        value: i64,
        /// Bytes recorded: 1, 2, 4 or 8.
        size: u8,
        /// Whether it is signed.
        signed: bool,
    },
    /// Text, without its NUL.
    Text(Vec<u8>),
    /// Bytes of no known form.
    Bytes(Vec<u8>),
    /// A stack: a line for each frame, already by name.
    Stack(Vec<String>),
    /// An address by name, as `sym()`, `usym()`, `mod()` and `uaddr()` show it.
    Symbol(String),
}

/// An aggregation's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Total {
    /// `count`, `sum`.
    Number(i64),
    /// `min`, `max`.
    Extreme(i64),
    /// `avg`
    Average {
        /// How many.
        count: u64,
        /// Their sum.
        sum: i64,
    },
    /// `stddev`
    Deviation {
        /// How many.
        count: u64,
        /// Their sum.
        sum: i64,
        /// The sum of their squares.
        squares: u128,
    },
    /// `quantize`, `lquantize`, `llquantize`.
    Histogram(Histogram),
}

/// What formatting asks of the system.
pub trait Names {
    /// A kernel address by name (`%a`).
    fn kernel(&self, address: u64) -> String {
        format!("0x{address:x}")
    }
    /// An address of the target process by name (`%A`).
    fn user(&self, address: u64) -> String {
        format!("0x{address:x}")
    }
    /// Seconds east of Greenwich and the zone's name, at a time in seconds since 1970.
    fn zone(&self, _seconds: i64) -> (i32, String) {
        (0, "UTC".into())
    }
}

/// Addresses as numbers, times in UTC.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raw;

impl Names for Raw {}

/// Options that change how values look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// `-q`: values bare, not in columns.
    pub quiet: bool,
    /// `-xrawbytes`: byte arrays are never shown as text.
    pub raw: bool,
    /// `-xstackindent`; 14 if not set.
    pub indent: Option<usize>,
    /// How histograms look.
    pub bars: Bars,
}

impl Total {
    /// The number that stands for the value in tables and for sorting; 0 where there is none.
    #[must_use]
    pub fn number(&self, normal: i64) -> i64 {
        let normal = if normal == 0 { 1 } else { normal };
        match self {
            Self::Number(n) | Self::Extreme(n) => n.wrapping_div(normal),
            Self::Average { count, sum } => match i64::try_from(*count) {
                Ok(n) if n != 0 => sum.wrapping_div(normal) / n,
                _ => 0,
            },
            Self::Deviation { count, sum, squares } => deviation(*count, *sum, *squares, normal),
            Self::Histogram(_) => 0,
        }
    }
}

/// The integer square root of the variance, as DTrace computes it: of the mean square less the square of the mean.
fn deviation(count: u64, sum: i64, squares: u128, normal: i64) -> i64 {
    if count == 0 {
        return 0;
    }
    let n = u128::from(count);
    let normal = u128::from(normal.unsigned_abs());
    let mean_square = squares / normal / normal / n;
    let mean = u128::from(sum.unsigned_abs()) / normal / n;
    let variance = mean_square.saturating_sub(mean * mean);
    i64::try_from(variance.isqrt()).unwrap_or(i64::MAX)
}

/// Appends what `trace()` shows of a value.
pub fn trace(out: &mut Vec<u8>, datum: &Datum, style: Style) {
    match datum {
        Datum::Int { value, size, signed } => {
            let width = match (size, signed) {
                _ if style.quiet => 0,
                (8, true) => 19,
                (8, false) => 20,
                (4, _) => 10,
                (2, _) => 5,
                _ => 3,
            };
            let text = if *signed { value.to_string() } else { number::unsigned(*value, *size).to_string() };
            let space = if style.quiet { "" } else { " " };
            out.extend(format!("{space}{text:>width$}").bytes());
        }
        Datum::Text(text) if style.quiet => out.extend_from_slice(text),
        Datum::Text(text) => bytes::column(out, text, 33),
        Datum::Bytes(list) => text_or_dump(out, list, 33, style),
        Datum::Stack(lines) => stack(out, lines, style.indent.unwrap_or(bytes::INDENT)),
        Datum::Symbol(name) => bytes::column(out, name.as_bytes(), 50),
    }
}

#[cfg(test)]
mod tests;
