//! `umemstat leaks`: mdb's `::findleaks`.
use crate::audit;
use crate::command::Request;
use crate::format::dashes;
use crate::hunt::{self, Found, Leak};
use crate::symbols::Symbols;
use crate::target::about;
use base::fail::Result;
use base::out::Out;
use base::table::{Column, left, right};
use std::collections::HashMap;
use std::fmt::Write;

/// The fields of a group of leaks.
pub(crate) const COLUMNS: &[Column] = &[
    right("PID"),
    left("CACHE"),
    right("BUFFERS"),
    right("BYTES"),
    right("INDIRECT"),
    left("BUFFER"),
    left("CALLER"),
    left("STACK"),
];

/// Leaks of one cache and one stack.
pub(crate) struct Group<'a> {
    leaks: Vec<&'a Leak>,
    stack: Vec<u64>,
}

impl Group<'_> {
    fn bytes(&self) -> u64 {
        self.leaks.iter().map(|l| l.size).sum()
    }
}

/// Finds and prints the leaks.
pub(crate) fn leaks(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let found = hunt::leaks(target, request.found.opt_present("freeze")).map_err(|e| about(&target.label, e))?;
        let symbols = Symbols::new(target);
        let groups = grouped(&found.leaks);
        if request.is_text() {
            out.text(&text(&groups, &symbols, request.found.opt_present("d")))?;
            if request.found.opt_present("v") {
                out.text(&effort(&found))?;
            }
            continue;
        }
        for g in &groups {
            let (caller, stack) = symbols.stack(&g.stack);
            let indirect = g.leaks.iter().filter(|l| l.indirect).count();
            let first = g.leaks.first();
            table.row(
                out,
                &[
                    target.label.clone(),
                    first.map_or(String::new(), |l| l.name.clone()),
                    g.leaks.len().to_string(),
                    g.bytes().to_string(),
                    indirect.to_string(),
                    first.map_or(String::new(), |l| format!("{:#x}", l.addr)),
                    caller,
                    stack,
                ],
            )?;
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// Groups by cache and stack, the most bytes first.
pub(crate) fn grouped(leaks: &[Leak]) -> Vec<Group<'_>> {
    let mut groups: HashMap<(u64, &[u64]), Vec<&Leak>> = HashMap::new();
    for l in leaks {
        let stack = l.bufctl.as_ref().map_or(&[][..], |(_, a)| audit::stack(a));
        // Oversize ones differ in size; they are one cache each.
        let cache = if l.cache == 0 { l.size } else { l.cache };
        groups.entry((cache, stack)).or_default().push(l);
    }
    let mut groups: Vec<_> = groups.into_iter().map(|((_, stack), leaks)| Group { leaks, stack: stack.to_vec() }).collect();
    groups.sort_by_key(|g| (std::cmp::Reverse(g.bytes()), g.leaks.first().map(|l| l.addr)));
    groups
}

/// The groups as mdb lists them; with `details` each with its stack.
pub(crate) fn text(groups: &[Group], symbols: &Symbols, details: bool) -> String {
    let (oversize, slabs): (Vec<_>, Vec<_>) = groups.iter().partition(|g| g.leaks.first().is_some_and(|l| l.cache == 0));
    let mut t = String::new();
    section(&mut t, &slabs, symbols, &format!("{:<16} {:>7} {:>16} CALLER\n", "CACHE", "LEAKED", "BUFCTL"), "buffer");
    if !oversize.is_empty() {
        t += "\n";
        section(
            &mut t,
            &oversize,
            symbols,
            &format!("{:<16} {:>7} {:>16} CALLER\n", "BYTES", "LEAKED", "VMEM_SEG"),
            "oversized leak",
        );
    }
    for g in groups.iter().filter(|_| details) {
        describe(&mut t, g, symbols);
    }
    t
}

fn section(t: &mut String, groups: &[&Group], symbols: &Symbols, head: &str, what: &str) {
    *t += head;
    let (mut buffers, mut bytes) = (0, 0);
    for g in groups {
        let Some(first) = g.leaks.first() else { continue };
        buffers += g.leaks.len();
        bytes += g.bytes();
        let caller = g.stack.first().map_or_else(|| format!("{} (no audit)", first.name), |&a| symbols.frame(a).text.clone());
        let bufctl = first.bufctl.map_or(first.addr, |(addr, _)| addr);
        let key = if first.cache == 0 { format!("{:<16}", first.size) } else { format!("{:016x}", first.cache) };
        let _ = writeln!(t, "{key} {:>7} {bufctl:016x} {caller}", g.leaks.len());
    }
    *t += &dashes(&[72]);
    let s = |n: u64| if n == 1 { "" } else { "s" };
    let _ = writeln!(t, "{:>16} {buffers:>7} {what}{}, {bytes} byte{}", "Total", s(buffers as u64), s(bytes));
}

fn describe(t: &mut String, g: &Group, symbols: &Symbols) {
    let Some(first) = g.leaks.first() else { return };
    let (n, bytes) = (g.leaks.len(), g.bytes());
    let _ = writeln!(t, "\n{} leak: {n} buffers, {} bytes each, {bytes} bytes total", first.name, bytes / n as u64);
    let indirect = g.leaks.iter().filter(|l| l.indirect).count();
    if indirect > 0 {
        let _ = writeln!(t, "    {indirect} of them reachable from other leaks only");
    }
    if let Some((addr, a)) = first.bufctl {
        let _ = writeln!(t, "{:>16} {:>16} {:>16} {:>16}", "ADDR", "BUFADDR", "TIMESTAMP", "THREAD");
        let _ = writeln!(t, "{addr:>16x} {:>16x} {:>16x} {:>16x}", first.addr, a.time, a.thread);
    }
    stack(t, &g.stack, symbols, "                 ");
}

/// A stack, one frame a line, inlined functions above the one they are in.
pub(crate) fn stack(t: &mut String, frames: &[u64], symbols: &Symbols, indent: &str) {
    for &addr in frames {
        let f = symbols.frame(addr);
        for name in &f.inlined {
            let _ = writeln!(t, "{indent}{name} (inlined)");
        }
        let line = if f.line.is_empty() { String::new() } else { format!(" ({})", f.line) };
        let _ = writeln!(t, "{indent}{}{line}", f.text);
    }
}

fn effort(found: &Found) -> String {
    let (mib, ms) = (found.bytes >> 20, |d: std::time::Duration| d.as_millis());
    let stopped = if found.stopped.is_zero() { String::new() } else { format!(", stopped for {} ms", ms(found.stopped)) };
    let scans = if found.scans == 1 { "1 scan".to_string() } else { format!("{} scans", found.scans) };
    format!("{} buffers in use, {mib} MiB copied, {scans}, {} ms{stopped}\n", found.buffers, ms(found.took))
}
