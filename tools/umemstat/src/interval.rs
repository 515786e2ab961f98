//! `umemstat PID interval [count]`: what changes, as vmstat(8) shows it.
use crate::command::Request;
use crate::format::{dashes, nice};
use crate::sample::Row;
use crate::stat::{self, View, views};
use crate::target::Target;
use base::cli;
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::{Duration, Instant, SystemTime};

/// The fields of an interval: growth in buffers and bytes, rates a second.
pub(crate) const COLUMNS: &[Column] = &[
    left("TIME"),
    right("PID"),
    left("NAME"),
    right("SIZE"),
    right("IN_USE"),
    right("GROWTH"),
    right("MEMORY"),
    right("MEMORY_GROWTH"),
    right("ALLOC_RATE"),
    right("FREE_RATE"),
    right("FAIL"),
    left("STABLE"),
];

/// How a cache changed from one sample to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    row: Row,
    in_use: i128,
    memory: i128,
    alloc: i128,
    fail: i128,
}

/// Prints the table of now, then a table of changes every interval, until the count is reached or the processes end.
pub(crate) fn run(request: &mut Request, out: &mut Out) -> Result {
    let (interval, count) = operands(&request.operands)?;
    let started = Instant::now();
    let mut table = if request.is_text() { None } else { Some(request.table(COLUMNS)?) };
    request.operands.clear();
    let mut before = views(request)?;
    if table.is_none() {
        stat::stat(request, out)?;
        out.flush()?;
    }
    let mut last = Instant::now();
    for n in 1..count {
        // Counted from the start, so that the time that a sample takes does not add up.
        let due = started + interval * u32::try_from(n).unwrap_or(u32::MAX);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let now = next(request)?;
        let seconds = last.elapsed().as_secs_f64();
        last = Instant::now();
        let time = base::time::rfc3339(SystemTime::now());
        match &mut table {
            None => out.text(&text(&time, &changes(&before, &now), seconds))?,
            Some(t) => {
                for (label, c) in changes(&before, &now) {
                    t.row(out, &fields(&time, label, &c, seconds))?;
                }
            }
        }
        out.flush()?;
        before = now;
    }
    if let Some(t) = table {
        t.end(out)?;
    }
    Ok(0)
}

/// Checks that words are nothing, or an interval and perhaps a count.
pub(crate) fn check(words: &[String]) -> Result<()> {
    if words.is_empty() { Ok(()) } else { operands(words).map(drop) }
}

/// The intervals that make sense: what is shorter is spent on sampling, what is longer overflows clocks at last.
const LEAST: Duration = Duration::from_millis(1);
const MOST: Duration = Duration::from_secs(365 * 86400);

/// Interval and count; without a count it goes on for ever.
fn operands(words: &[String]) -> Result<(Duration, u64)> {
    let [word, count @ ..] = words else { return Err(Fail::Usage("expected an interval".into())) };
    let interval = base::time::duration(word)?;
    if !(LEAST..=MOST).contains(&interval) {
        return Err(Fail::Usage(format!("{word}: expected an interval between 1ms and 365d")));
    }
    match count {
        [] => Ok((interval, u64::MAX)),
        [n] => match n.parse() {
            Ok(n @ 1..) => Ok((interval, n)),
            _ => Err(Fail::Usage(format!("{n}: expected a count of 1 or more"))),
        },
        [_, more, ..] => Err(Fail::Usage(format!("{more}: expected nothing after the count"))),
    }
}

/// A sample of the processes that are still there; of those that are not, a word.
fn next(request: &mut Request) -> Result<Vec<View>> {
    let mut gone = None;
    request.targets = std::mem::take(&mut request.targets)
        .into_iter()
        .filter_map(|t| {
            let alive = t.allocator.check(t.memory());
            // It may run another program now.
            alive
                .map(|()| t.label.clone())
                .or_else(|_| Target::open(&t.label).map(|t| t.label))
                .map_err(|e| gone = Some(e))
                .ok()?;
            Some(t)
        })
        .collect();
    match gone {
        Some(e) if request.targets.is_empty() => Err(e),
        Some(e) => {
            cli::warn("umemstat", e);
            views(request)
        }
        None => views(request),
    }
}

fn changes<'a>(before: &'a [View], now: &'a [View]) -> Vec<(&'a str, Change)> {
    let rows = |views: &'a [View]| {
        views.iter().flat_map(|v| v.rows.iter().map(move |r| ((v.label.as_str(), r.name(), r.cache.bufsize, r.addr), r)))
    };
    let old: HashMap<_, _> = rows(before).collect();
    let less = |a: u64, b: u64| i128::from(a) - i128::from(b);
    let changed = rows(now).map(|(key, r)| {
        let zero = Row::default();
        let o = old.get(&key).copied().unwrap_or(&zero);
        let change = Change {
            in_use: less(r.in_use, o.in_use),
            memory: less(r.memory, o.memory),
            alloc: less(r.alloc, o.alloc),
            fail: less(r.fail, o.fail),
            row: r.clone(),
        };
        (key.0, change)
    });
    changed.collect()
}

/// Per second, rounded.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a rate for reading")]
fn rate(n: i128, seconds: f64) -> i64 {
    (n as f64 / seconds).round() as i64
}

fn fields(time: &str, label: &str, c: &Change, seconds: f64) -> Vec<String> {
    vec![
        time.to_string(),
        label.to_string(),
        c.row.name().to_string(),
        c.row.cache.bufsize.to_string(),
        c.row.in_use.to_string(),
        c.in_use.to_string(),
        c.row.memory.to_string(),
        c.memory.to_string(),
        rate(c.alloc, seconds).to_string(),
        rate(c.alloc - c.in_use, seconds).to_string(),
        c.fail.to_string(),
        if c.row.stable { "yes" } else { "no" }.to_string(),
    ]
}

const WIDTHS: [usize; 9] = [25, 6, 8, 8, 7, 8, 9, 9, 5];

/// The caches in which something happened.
fn text(time: &str, changes: &[(&str, Change)], seconds: f64) -> String {
    let several = changes.iter().any(|(label, _)| changes.first().is_some_and(|(first, _)| label != first));
    let mut t = format!("\n{time}\n");
    let gap = if several { "        " } else { "" };
    let _ = writeln!(t, "{gap}cache                        buf      buf   in use  memory   memory     alloc      free alloc");
    let _ = writeln!(t, "{gap}name                        size   in use   growth  in use   growth  a second  a second  fail");
    t += &format!("{gap}{}", dashes(&WIDTHS));
    let signed = |n: i128| format!("{n:+}").replace("+0", "0");
    let size = |n: i128| {
        let sign = if n < 0 {
            "-"
        } else if n > 0 {
            "+"
        } else {
            ""
        };
        format!("{sign}{}", nice(u64::try_from(n.unsigned_abs()).unwrap_or(u64::MAX)))
    };
    let mut changed = changes.iter().filter(|(_, c)| (c.in_use, c.memory, c.alloc, c.fail) != (0, 0, 0, 0)).peekable();
    if changed.peek().is_none() {
        let _ = writeln!(t, "{gap}(nothing changed)");
    }
    for (label, c) in changed {
        if several {
            let _ = write!(t, "{label:>7} ");
        }
        let name = format!("{}{}", c.row.name(), if c.row.stable { "" } else { "*" });
        let (alloc, free) = (rate(c.alloc, seconds), rate(c.alloc - c.in_use, seconds));
        let (growth, memory, memory_growth) = (signed(c.in_use), nice(c.row.memory), size(c.memory));
        let _ = writeln!(
            t,
            "{name:<25} {:>6} {:>8} {growth:>8} {memory:>7} {memory_growth:>8} {alloc:>9} {free:>9} {:>5}",
            c.row.cache.bufsize, c.row.in_use, c.fail
        );
    }
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(in_use: u64, alloc: u64, memory: u64) -> Vec<View> {
        let mut row = Row { in_use, alloc, memory, stable: true, ..Row::default() };
        row.cache.name[..3].copy_from_slice(b"foo");
        row.cache.bufsize = 64;
        vec![View { label: "7".into(), rows: vec![row] }]
    }

    #[test]
    fn growth_and_rates() {
        let (a, b) = (view(10, 100, 4096), view(4, 300, 8192));
        let change = changes(&a, &b);
        assert_eq!(
            text("T", &change, 2.0),
            "\nT\n\
cache                        buf      buf   in use  memory   memory     alloc      free alloc
name                        size   in use   growth  in use   growth  a second  a second  fail
------------------------- ------ -------- -------- ------- -------- --------- --------- -----
foo                           64        4       -6      8K      +4K       100       103     0\n"
        );
        assert!(text("T", &changes(&a, &a), 2.0).ends_with("-\n(nothing changed)\n"));
        assert_eq!(
            fields("T", "7", &change[0].1, 2.0),
            ["T", "7", "foo", "64", "4", "-6", "8192", "4096", "100", "103", "0", "yes"]
        );
    }

    #[test]
    fn interval_and_count() {
        let parsed = |words: &[&str]| operands(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(parsed(&["0.5", "3"]).unwrap(), (Duration::from_millis(500), 3));
        assert_eq!(parsed(&["1"]).unwrap().1, u64::MAX);
        for no in ["0", "1e-9", "999us", "366d", "1e19"] {
            assert_eq!(parsed(&[no]).unwrap_err().to_string(), format!("{no}: expected an interval between 1ms and 365d"));
        }
        for no in ["x", "0", "-1", ""] {
            assert_eq!(parsed(&["1", no]).unwrap_err().to_string(), format!("{no}: expected a count of 1 or more"));
        }
        assert_eq!(parsed(&["1", "2", "3"]).unwrap_err().to_string(), "3: expected nothing after the count");
    }
}
