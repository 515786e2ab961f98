//! mdb's formats: numbers and tables as `::umastat` and its kin print them.
use crate::allocator::At;
use crate::sample::{Block, Row};
use crate::stat::View;
use std::fmt::Write;
use umem_abi::Arena;

/// A size as mdb's `%H`: three digits and a unit of 1024, `512`, `2.75K`, `96.5M`, `4G`.
pub(crate) fn nice(bytes: u64) -> String {
    let (mut n, mut index) = (u128::from(bytes), 0_u32);
    while n >= 1024 {
        n = (n + 512) / 1024;
        index += 1;
    }
    let unit = " KMGTPE".chars().nth(index as usize).unwrap_or('E');
    let digits = if n < 10 { 2 } else { u32::from(n < 100) };
    if index == 0 {
        format!("{n}")
    } else if digits > 0 && !bytes.is_power_of_two() {
        // Cut, not rounded, as mdb does.
        let scaled = (u128::from(bytes) * 10_u128.pow(digits)) >> (10 * index);
        let (whole, part) = (scaled / 10_u128.pow(digits), scaled % 10_u128.pow(digits));
        format!("{whole}.{part:0width$}{unit}", width = digits as usize)
    } else {
        format!("{n}{unit}")
    }
}

/// A row of dashes under columns of these widths.
pub(crate) fn dashes(widths: &[usize]) -> String {
    let parts: Vec<_> = widths.iter().map(|&w| "-".repeat(w)).collect();
    parts.join(" ") + "\n"
}

const CACHE: [usize; 8] = [25, 6, 7, 7, 7, 7, 9, 5];
const VMEM: [usize; 6] = [25, 9, 10, 9, 9, 5];

/// The caches in mdb's second table, and the sums of each arena. A row that changed while it was read has a `*` after its name.
pub(crate) fn caches(rows: &[Row], arenas: &[At<Arena>]) -> String {
    let mut t = String::from(
        "cache                        buf     buf     buf     buf  memory     alloc alloc\n\
         name                        size  in use  in ptc   total  in use   succeed  fail\n",
    );
    t += &dashes(&CACHE);
    rows.iter().for_each(|r| cache(&mut t, r));
    t += &dashes(&CACHE);
    for (addr, arena) in arenas {
        let own = || rows.iter().filter(|r| r.cache.arena == *addr);
        let sum = |f: fn(&Row) -> u64| own().fold(0, |n: u64, r| n.saturating_add(f(r)));
        let (memory, alloc, fail) = (nice(sum(|r| r.memory)), sum(|r| r.alloc), sum(|r| r.fail));
        if alloc == 0 {
            continue;
        }
        let name = format!("Total [{}]", umem_abi::name(&arena.name));
        let _ = writeln!(t, "{name:<25} {0:>6} {0:>7} {0:>7} {0:>7} {memory:>7} {alloc:>9} {fail:>5}", "");
    }
    t += &dashes(&CACHE);
    t
}

fn cache(t: &mut String, r: &Row) {
    let name = format!("{}{}", r.name(), if r.stable { "" } else { "*" });
    let memory = nice(r.memory);
    let _ = writeln!(
        t,
        "{name:<25} {:>6} {:>7} {:>7} {:>7} {memory:>7} {:>9} {:>5}",
        r.cache.bufsize, r.in_use, r.in_ptc, r.total, r.alloc, r.fail
    );
}

/// The caches of several processes in one table, with a column for the process, and the sum over all.
pub(crate) fn caches_of(views: &[View]) -> String {
    let width = views.iter().map(|v| v.label.len()).max().unwrap_or(0).max(3);
    let mut t = format!("{:>width$} cache                        buf     buf     buf     buf  memory     alloc alloc\n", "");
    let _ = writeln!(t, "{:>width$} name                        size  in use  in ptc   total  in use   succeed  fail", "pid");
    let rule = dashes(&[&[width], CACHE.as_slice()].concat());
    t += &rule;
    for v in views {
        for r in &v.rows {
            let _ = write!(t, "{:>width$} ", v.label);
            cache(&mut t, r);
        }
    }
    t += &rule;
    let sum = |f: fn(&Row) -> u64| views.iter().flat_map(|v| &v.rows).fold(0, |s: u64, r| s.saturating_add(f(r)));
    let (memory, alloc, fail) = (nice(sum(|r| r.memory)), sum(|r| r.alloc), sum(|r| r.fail));
    let _ = writeln!(t, "{0:>width$} {1:<25} {0:>6} {0:>7} {0:>7} {0:>7} {memory:>7} {alloc:>9} {fail:>5}", "", "Total");
    t += &rule;
    t
}

/// How deep an arena is below the one that has no source.
pub(crate) fn depth(arenas: &[At<Arena>], arena: &Arena) -> usize {
    let mut source = arena.source;
    for depth in 0..arenas.len() {
        match arenas.iter().find(|(a, _)| *a == source) {
            Some((_, parent)) => source = parent.source,
            None => return depth,
        }
    }
    0
}

/// The arenas, each below its source, in order.
pub(crate) fn tree(arenas: &[At<Arena>]) -> Vec<&At<Arena>> {
    fn below<'a>(arenas: &'a [At<Arena>], source: u64, to: &mut Vec<&'a At<Arena>>) {
        for a in arenas.iter().filter(|(_, a)| a.source == source) {
            if to.len() < arenas.len() {
                to.push(a);
                below(arenas, a.0, to);
            }
        }
    }
    let mut to = Vec::new();
    below(arenas, 0, &mut to);
    to
}

/// The arenas in mdb's third table: each indented by 4 below its source.
pub(crate) fn arenas(arenas: &[At<Arena>]) -> String {
    let mut t = String::from(
        "vmem                         memory     memory    memory     alloc alloc\n\
         name                         in use      total    import   succeed  fail\n",
    );
    t += &dashes(&VMEM);
    for (_, a) in tree(arenas) {
        let indent = (4 * depth(arenas, a)).min(20);
        let (name, width) = (umem_abi::name(&a.name), 25 - indent);
        let (in_use, total, import) = (nice(a.in_use), nice(a.total), nice(a.import));
        let _ = writeln!(t, "{:indent$}{name:<width$} {in_use:>9} {total:>10} {import:>9} {:>9} {:>5}", "", a.alloc, a.fail);
    }
    t += &dashes(&VMEM);
    t
}

/// The arenas as mdb's `::vmem` lists them: each indented by 2 below its source.
pub(crate) fn vmem(arenas: &[At<Arena>]) -> String {
    let mut t = format!("{:<16} {:<22} {:>10} {:>12} {:>9} {:>5}\n", "ADDR", "NAME", "INUSE", "TOTAL", "SUCCEED", "FAIL");
    for (addr, a) in tree(arenas) {
        let name = format!("{:1$}{2}", "", 2 * depth(arenas, a), umem_abi::name(&a.name));
        let _ = writeln!(t, "{addr:016x} {name:<22.21} {:>10} {:>12} {:>9} {:>5}", a.in_use, a.total, a.alloc, a.fail);
    }
    t
}

/// What threads cache, in mdb's first table; only the sizes that make up at least 1 % of what some thread caches have a column.
pub(crate) fn threads(blocks: &[Block], rows: &[Row], cap: u64) -> String {
    let share = |b: &Block, r: &Row| percent(b.cached(std::slice::from_ref(r)), b.cached(rows));
    let held: Vec<_> = rows.iter().filter(|r| blocks.iter().any(|b| share(b, r) > 0)).collect();
    let tid = blocks.iter().map(|b| b.name().len()).max().unwrap_or(0).max(3);
    let widths: Vec<_> = held.iter().map(|r| digits(r.cache.bufsize).max(3)).collect();
    let mut t = format!("{:>tid$}  memory   %", "");
    t.extend(widths.iter().map(|w| format!(" {:>w$}", "%")));
    let _ = write!(t, "\n{:>tid$}  cached cap", "tid");
    t.extend(held.iter().zip(&widths).map(|(r, w)| format!(" {:>w$}", r.cache.bufsize)));
    t += "\n";
    t += &dashes(&[&[tid, 7, 3], widths.as_slice()].concat());
    for b in blocks {
        let all = b.cached(rows);
        let _ = write!(t, "{:>tid$} {:>7} {:>3}", b.name(), nice(all), percent(all, cap));
        t.extend(held.iter().zip(&widths).map(|(r, w)| format!(" {:>w$}", share(b, r))));
        t += "\n";
    }
    t
}

fn digits(n: u64) -> usize {
    n.to_string().len()
}

fn percent(part: u64, whole: u64) -> u128 {
    (u128::from(part) * 100).checked_div(whole.into()).unwrap_or(0)
}
