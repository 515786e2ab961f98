//! `umemstat dist`: mdb's `::umem_malloc_dist`, how many buffers of which size are in use.
use crate::audit;
use crate::command::Request;
use crate::heap::Heap;
use crate::target::about;
use base::fail::Result;
use base::out::Out;
use base::table::{Column, right};
use std::fmt::Write;

/// The fields of a bar: buffers in use of these sizes.
pub(crate) const COLUMNS: &[Column] = &[right("PID"), right("FROM"), right("TO"), right("COUNT")];

/// Columns of the drawing.
const WIDTH: u64 = 50;

/// A bar: the least and the largest size, how many buffers.
type Bar = (u64, u64, u64);

/// Draws the sizes.
pub(crate) fn dist(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        let mut sizes = Vec::new();
        audit::each(target.memory(), &heap, |_, size, _| sizes.push(size)).map_err(|e| about(&target.label, e))?;
        let bars = bars(&sizes);
        if request.is_text() {
            out.text(&drawing(&bars))?;
            continue;
        }
        for (from, to, count) in bars {
            table.row(out, &[target.label.clone(), from.to_string(), to.to_string(), count.to_string()])?;
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// Sizes by power of two, from the least to the largest; a power of two is the last of its bar: 1025 to 2048.
fn bars(sizes: &[u64]) -> Vec<Bar> {
    let bin = |s: u64| u64::BITS - s.max(8).saturating_sub(1).leading_zeros();
    let counts = sizes.iter().fold([0_u64; 65], |mut c, &s| {
        if let Some(n) = c.get_mut(bin(s) as usize) {
            *n += 1;
        }
        c
    });
    let used = || counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(i, _)| i);
    let (Some(low), Some(high)) = (used().min(), used().max()) else { return Vec::new() };
    let limit = |i: usize| u32::try_from(i).ok().and_then(|i| 1_u64.checked_shl(i)).unwrap_or(u64::MAX);
    let bar = |(i, &n): (usize, &u64)| (if i == 3 { 0 } else { limit(i.saturating_sub(1)).saturating_add(1) }, limit(i), n);
    counts.iter().enumerate().filter(|(i, _)| (low..=high).contains(i)).map(bar).collect()
}

/// Each bar by its share of all.
fn drawing(bars: &[Bar]) -> String {
    let mut t = format!("{:>16}  ------------------ Distribution ------------------ count\n", "malloc size");
    let all: u64 = bars.iter().map(|(_, _, n)| n).sum();
    for (from, to, n) in bars {
        let bar = "@".repeat(usize::try_from(n * WIDTH / all.max(1)).unwrap_or(0));
        let _ = writeln!(t, "{:>16} |{bar:<50} {n}", format!("{from}-{to}"));
    }
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_drawn_by_their_share() {
        let t = drawing(&bars(&[1, 8, 9, 16, 64, 64, 64, 64, 64, 64]));
        assert_eq!(
            t,
            "     malloc size  ------------------ Distribution ------------------ count\n             0-8 |@@@@@@@@@@                                         2\n            9-16 |@@@@@@@@@@                                         2\n           17-32 |                                                   0\n           33-64 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@                     6\n"
        );
        assert_eq!(drawing(&bars(&[])).lines().count(), 1);
        assert_eq!(bars(&[1 << 63, u64::MAX]), [((1 << 62) + 1, 1 << 63, 1), ((1 << 63) + 1, u64::MAX, 1)]);
    }
}
