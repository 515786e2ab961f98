//! The table of servers, and what they say together.
use crate::select::Interval;
use crate::verdict::Agreed;
use base::fail::Result;
use base::out::Out;
use base::table::{Column, Table, left, right};
use getopts::Matches;

const COLUMNS: &[Column] = &[
    left("SERVER"),
    right("STRATUM"),
    right("OFFSET"),
    right("DELAY"),
    right("LOW"),
    right("HIGH"),
    right("SAMPLES"),
    left("STATE"),
];

/// One server's row.
pub(crate) struct Row {
    pub(crate) server: String,
    /// `None` where it gave no time.
    pub(crate) time: Option<Time>,
    pub(crate) samples: u64,
    pub(crate) state: String,
}

/// The time that a server gave; offset, delay and interval in seconds.
pub(crate) struct Time {
    pub(crate) stratum: u8,
    pub(crate) offset: f64,
    pub(crate) delay: f64,
    pub(crate) span: Interval,
}

/// A report under way.
pub(crate) struct Report {
    table: Table,
    digits: usize,
}

impl Report {
    /// A report in the form that the command line asks for: microseconds for a person, nanoseconds for a program.
    pub(crate) fn new(found: &Matches) -> Result<Self> {
        let table = Table::new(COLUMNS, found)?;
        let digits = if table.is_text() { 6 } else { 9 };
        Ok(Self { table, digits })
    }

    /// Adds one server.
    pub(crate) fn row(&mut self, out: &mut Out, row: &Row) -> Result<()> {
        let numbers = row.time.as_ref().map_or_else(dashes, |t| {
            let [offset, low, high] = [t.offset, t.span.low, t.span.high].map(|x| signed(x, self.digits));
            [t.stratum.to_string(), offset, format!("{:.*}", self.digits, t.delay), low, high]
        });
        let [stratum, offset, delay, low, high] = numbers;
        self.table.row(out, &[&row.server, &stratum, &offset, &delay, &low, &high, &row.samples.to_string(), &row.state])
    }

    /// Closes it with what the servers say together: a sentence for a person, a row of the server `*` for a program.
    pub(crate) fn end(mut self, out: &mut Out, agreed: Option<&Agreed>) -> Result<()> {
        let numbers = agreed.map(|a| [a.offset, a.span.low, a.span.high].map(|x| signed(x, self.digits)));
        if !self.table.is_text() {
            let [_, _, offset, low, high] = numbers.map_or_else(dashes, |[o, l, h]| [String::new(), String::new(), o, l, h]);
            let (count, state) = agreed.map_or((0, "none"), |a| (a.count, "agreed"));
            self.table.row(out, &["*", "-", &offset, "-", &low, &high, &count.to_string(), state])?;
            return self.table.end(out);
        }
        self.table.end(out)?;
        if let (Some(a), Some([offset, low, high])) = (agreed, numbers) {
            out.text(&format!("offset {offset} s, between {low} and {high} s: {} of {} agree\n", a.count, a.of))?;
        }
        Ok(())
    }
}

fn dashes() -> [String; 5] {
    ["-"; 5].map(String::from)
}

/// Seconds with their sign and `digits` decimals; what rounds to nothing is +0, never -0.
fn signed(seconds: f64, digits: usize) -> String {
    let text = format!("{seconds:+.digits$}");
    if text.chars().any(|c| ('1'..='9').contains(&c)) { text } else { text.replacen('-', "+", 1) }
}
