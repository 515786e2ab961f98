//! The cache, arena and thread tables of one moment.
use crate::command::Request;
use crate::sample::{Row, added_up};
use crate::target::{Target, about};
use crate::{format, interval, openmetrics, since};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use getopts::Matches;
use std::cmp::Reverse;
use std::time::SystemTime;

/// The fields of a cache. Sizes are in bytes.
pub(crate) const COLUMNS: &[Column] = &[
    right("PID"),
    left("NAME"),
    right("SIZE"),
    right("IN_USE"),
    right("IN_PTC"),
    right("TOTAL"),
    right("MEMORY"),
    right("ALLOC"),
    right("FAIL"),
    right("WASTE"),
    left("STABLE"),
    left("TIME"),
];

/// The fields of an arena.
pub(crate) const ARENA: &[Column] = &[
    right("PID"),
    left("NAME"),
    right("IN_USE"),
    right("TOTAL"),
    right("IMPORT"),
    right("ALLOC"),
    right("FAIL"),
    left("ADDR"),
    left("SOURCE"),
];

/// The fields of a thread.
pub(crate) const THREAD: &[Column] = &[right("PID"), right("TID"), right("CACHED"), right("CAP")];

/// Checks the key of `-s`.
pub(crate) fn check_sort(found: &Matches) -> Result<()> {
    let key = found.opt_str("s").map(|k| k.to_lowercase()).filter(|k| k != "name");
    key.map_or(Ok(()), |k| sort_key(&k).map(drop))
}

/// Checks that each `-c` means a cache of some target, so that a wrong name is no empty table.
pub(crate) fn check_caches(request: &Request) -> Result<()> {
    let wanted = request.found.opt_strs("c");
    if wanted.is_empty() {
        return Ok(());
    }
    let rows = |t: &Target| Ok(t.sample()?.rows);
    let all = request.targets.iter().map(rows).collect::<Result<Vec<_>>>()?;
    match wanted.iter().find(|w| !all.iter().flatten().any(|r| fits(r.name(), w))) {
        Some(w) => Err(Fail::Other(format!("-c {w}: no cache of this name"))),
        None => Ok(()),
    }
}

/// Whether a cache's name is what a `-c` asks for; a final `*` stands for any rest.
fn fits(name: &str, wanted: &str) -> bool {
    wanted.strip_suffix('*').map_or(name == wanted, |head| name.starts_with(head))
}

/// The rows of one process, or of all of them added up.
pub(crate) struct View {
    /// The process's number, the core's path, or `sum`.
    pub(crate) label: String,
    /// The caches chosen, in the order chosen.
    pub(crate) rows: Vec<Row>,
}

/// All three tables for a person, the cache table for a program; or one of the other forms asked for.
pub(crate) fn stat(request: &mut Request, out: &mut Out) -> Result {
    if let Some(file) = request.found.opt_str("since") {
        return since::since(request, &file, out);
    }
    if request.found.opt_present("openmetrics") {
        return openmetrics::print(request, out);
    }
    if !request.operands.is_empty() {
        return interval::run(request, out);
    }
    match request.targets.as_slice() {
        [target] if request.is_text() => {
            out.text(&tables(request, target)?)?;
            Ok(0)
        }
        _ => caches(request, out),
    }
}

fn tables(request: &Request, target: &Target) -> Result<String> {
    let sample = target.sample()?;
    let arenas = target.allocator.arenas(target.memory()).map_err(|e| about(&target.label, e))?;
    let rows = request.chosen(&sample.rows)?;
    let threads = format::threads(&sample.threads, &sample.rows, target.allocator.descriptor.perthread_cache);
    Ok([threads, format::caches(&rows, &arenas), format::arenas(&arenas)].join("\n"))
}

/// A look at every target now.
pub(crate) fn views(request: &Request) -> Result<Vec<View>> {
    let one = |t: &Target| {
        let rows = t.sample()?.rows;
        Ok(View { label: t.label.clone(), rows: request.chosen(&rows)? })
    };
    let all = request.targets.iter().map(one).collect::<Result<Vec<_>>>()?;
    if !request.found.opt_present("sum") {
        return Ok(all);
    }
    let rows = added_up(all.iter().flat_map(|v| &v.rows));
    Ok(vec![View { label: "sum".into(), rows: request.chosen(&rows)? }])
}

impl Request<'_> {
    /// The rows that `-c` chooses, in the order that `-s` wants.
    fn chosen(&self, rows: &[Row]) -> Result<Vec<Row>> {
        let wanted = self.found.opt_strs("c");
        let chosen = rows.iter().filter(|r| wanted.is_empty() || wanted.iter().any(|w| fits(r.name(), w)));
        let mut chosen: Vec<_> = chosen.cloned().collect();
        match self.found.opt_str("s").as_deref().map(str::to_lowercase).as_deref() {
            None => {}
            Some("name") => chosen.sort_by(|a, b| a.name().cmp(b.name())),
            Some(key) => {
                let value = sort_key(key)?;
                chosen.sort_by_key(|r| Reverse(value(r)));
            }
        }
        Ok(chosen)
    }
}

/// What `-s` sorts by, the largest first.
fn sort_key(key: &str) -> Result<fn(&Row) -> u64> {
    Ok(match key {
        "size" => |r| r.cache.bufsize,
        "in_use" => |r| r.in_use,
        "in_ptc" => |r| r.in_ptc,
        "total" => |r| r.total,
        "memory" => |r| r.memory,
        "alloc" => |r| r.alloc,
        "fail" => |r| r.fail,
        "waste" => Row::waste,
        _ => return Err(Fail::Usage(format!("-s {key}: expected one of name,size,in_use,in_ptc,total,memory,alloc,fail,waste"))),
    })
}

/// The cache table.
pub(crate) fn caches(request: &mut Request, out: &mut Out) -> Result {
    let time = base::time::rfc3339(SystemTime::now());
    let views = views(request)?;
    if request.is_text() {
        out.text(&format::caches_of(&views))?;
        return Ok(0);
    }
    let mut table = request.table(COLUMNS)?;
    for (label, r) in views.iter().flat_map(|v| v.rows.iter().map(|r| (&v.label, r))) {
        let numbers = [r.cache.bufsize, r.in_use, r.in_ptc, r.total, r.memory, r.alloc, r.fail, r.waste()];
        let mut fields = vec![label.clone(), r.name().to_string()];
        fields.extend(numbers.iter().map(u64::to_string));
        fields.extend([if r.stable { "yes" } else { "no" }.to_string(), time.clone()]);
        table.row(out, &fields)?;
    }
    table.end(out)?;
    Ok(0)
}

/// The arenas.
pub(crate) fn vmem(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(ARENA)?;
    for target in &request.targets {
        let arenas = target.allocator.arenas(target.memory()).map_err(|e| about(&target.label, e))?;
        if request.is_text() {
            out.text(&format::vmem(&arenas))?;
            continue;
        }
        for (addr, a) in format::tree(&arenas) {
            let mut fields = vec![target.label.clone(), umem_abi::name(&a.name).to_string()];
            fields.extend([a.in_use, a.total, a.import, a.alloc, a.fail].iter().map(u64::to_string));
            fields.extend([format!("{addr:#x}"), format!("{:#x}", a.source)]);
            table.row(out, &fields)?;
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// What each thread caches.
pub(crate) fn threads(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(THREAD)?;
    for target in &request.targets {
        let sample = target.sample()?;
        let cap = target.allocator.descriptor.perthread_cache;
        for b in &sample.threads {
            let bytes = b.cached(&sample.rows);
            let fields = [target.label.clone(), b.name(), bytes.to_string(), cap.to_string()];
            table.row(out, &fields)?;
        }
    }
    table.end(out)?;
    Ok(0)
}
