//! OpenMetrics text (openmetrics.io, version 1.0), as the node_exporter's textfile collector takes it.
use crate::command::Request;
use crate::sample::{Row, added_up};
use crate::stat::{View, views};
use base::fail::Result;
use base::out::Out;
use std::fmt::Write;

/// Name, type, what it says, value.
type Metric = (&'static str, &'static str, &'static str, fn(&Row) -> u64);

const METRICS: &[Metric] = &[
    ("umem_cache_buffer_bytes", "gauge", "Size of the cache's buffers.", |r| r.cache.bufsize),
    ("umem_cache_buffers_in_use", "gauge", "Buffers that the program holds.", |r| r.in_use),
    ("umem_cache_buffers_in_threads", "gauge", "Free buffers in the magazines of threads.", |r| r.in_ptc),
    ("umem_cache_buffers", "gauge", "Buffers in the cache's slabs.", |r| r.total),
    ("umem_cache_memory_bytes", "gauge", "Memory of the cache's slabs.", |r| r.memory),
    ("umem_cache_waste_bytes", "gauge", "Memory of the cache's slabs that no buffer in use occupies.", Row::waste),
    ("umem_cache_allocations", "counter", "Allocations made.", |r| r.alloc),
    ("umem_cache_failures", "counter", "Allocations that failed.", |r| r.fail),
];

/// Prints the metrics of all targets.
pub(crate) fn print(request: &mut Request, out: &mut Out) -> Result {
    let mut views = views(request)?;
    // A series may be there only once.
    views.iter_mut().for_each(|v| v.rows = added_up(v.rows.iter()));
    let names: Vec<_> = views.iter().map(|v| request.program(&v.label)).collect();
    out.text(&text(&views, &names))?;
    Ok(0)
}

/// A cache's label: its name, and its size where others of that name have another.
fn label(rows: &[Row], row: &Row) -> String {
    let shared = rows.iter().any(|r| r.name() == row.name() && r.cache.bufsize != row.cache.bufsize);
    if shared { format!("{},{}", row.name(), row.cache.bufsize) } else { row.name().to_string() }
}

fn text(views: &[View], programs: &[String]) -> String {
    let mut t = String::new();
    for (name, kind, help, value) in METRICS {
        let _ = writeln!(t, "# TYPE {name} {kind}\n# HELP {name} {help}");
        let suffix = if *kind == "counter" { "_total" } else { "" };
        for (v, program) in views.iter().zip(programs) {
            for r in &v.rows {
                let (pid, program, cache) = (escaped(&v.label), escaped(program), escaped(&label(&v.rows, r)));
                let _ = writeln!(t, "{name}{suffix}{{pid=\"{pid}\",program=\"{program}\",cache=\"{cache}\"}} {}", value(r));
            }
        }
    }
    t + "# EOF\n"
}

/// A label's value.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_family_after_the_other() {
        let mut row = Row { in_use: 3, alloc: 9, ..Row::default() };
        row.cache.name[..3].copy_from_slice(b"a\"b");
        let t = text(&[View { label: "7".into(), rows: vec![row] }], &["php".into()]);
        assert!(t.contains("# TYPE umem_cache_buffers_in_use gauge\n# HELP umem_cache_buffers_in_use Buffers that the program holds.\numem_cache_buffers_in_use{pid=\"7\",program=\"php\",cache=\"a\\\"b\"} 3\n"));
        assert!(t.contains("umem_cache_allocations_total{pid=\"7\",program=\"php\",cache=\"a\\\"b\"} 9\n"));
        assert!(t.ends_with("} 0\n# EOF\n"));
    }

    #[test]
    fn a_series_is_there_once() {
        let row = |name: &[u8], bufsize| {
            let mut r = Row { in_use: 3, ..Row::default() };
            r.cache.name[..name.len()].copy_from_slice(name);
            r.cache.bufsize = bufsize;
            r
        };
        let rows = added_up([row(b"a", 8), row(b"b", 8), row(b"a", 8), row(b"a", 16)].iter());
        let series: Vec<_> = rows.iter().map(|r| (label(&rows, r), r.in_use)).collect();
        assert_eq!(series, [("a,8".into(), 6), ("b".into(), 3), ("a,16".into(), 3)]);
    }
}
