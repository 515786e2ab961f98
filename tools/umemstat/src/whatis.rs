//! `umemstat whatis`: what an address is in.
use crate::audit::{self, Bufctl};
use crate::buffers::address;
use crate::command::Request;
use crate::heap::Heap;
use crate::leaks::stack;
use crate::maps;
use crate::symbols::Symbols;
use crate::target::{Source, Target, about};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};

/// The fields of an answer: the address is OFFSET bytes into what begins at BASE.
pub(crate) const COLUMNS: &[Column] = &[
    right("PID"),
    left("ADDR"),
    left("KIND"),
    left("BASE"),
    right("OFFSET"),
    left("NAME"),
    left("STATE"),
    left("BUFCTL"),
    left("CALLER"),
    left("STACK"),
];

/// What an address is in.
#[derive(Debug, Default)]
struct Place {
    kind: &'static str,
    base: u64,
    offset: u64,
    name: String,
    state: &'static str,
    bufctl: Option<Bufctl>,
}

/// Prints it for each address.
pub(crate) fn whatis(request: &mut Request, out: &mut Out) -> Result {
    if request.operands.is_empty() {
        return Err(Fail::Usage("whatis: which address?".into()));
    }
    let addrs = request.operands.iter().map(|a| address(a)).collect::<Result<Vec<_>>>()?;
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let symbols = Symbols::new(target);
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        for &addr in &addrs {
            let place = place(target, &heap, &symbols, addr).map_err(|e| about(&target.label, e))?;
            if request.is_text() {
                out.text(&text(addr, &place, &symbols))?;
            } else {
                table.row(out, &fields(&target.label, addr, &place, &symbols))?;
            }
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// What an address is in, as a sentence.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn what(target: &Target, heap: &Heap, symbols: &Symbols, addr: u64) -> Result<String> {
    Ok(text(addr, &place(target, heap, symbols, addr)?, symbols))
}

fn place(target: &Target, heap: &Heap, symbols: &Symbols, addr: u64) -> Result<Place> {
    let Some((run, i)) = heap.find(addr) else { return Ok(elsewhere(target, symbols, addr)) };
    let number = run.first + i as usize;
    let base = run.base + u64::from(i) * run.chunk;
    let bufctl = audit::of(target.memory(), heap, &[number])?.into_iter().next().flatten();
    let state = if heap.used.has(number) { "allocated" } else { "freed" };
    let name = heap.run_of(number).map_or("", |(run, _)| audit::cache_name(heap, run)).into();
    Ok(Place { kind: "buffer", base, offset: addr - base, name, state, bufctl })
}

/// What an address outside the heap is in.
fn elsewhere(target: &Target, symbols: &Symbols, addr: u64) -> Place {
    let Some(m) = maps::at(&target.maps, addr) else { return Place { kind: "unknown", ..Place::default() } };
    let here = Place { base: m.start, offset: addr - m.start, ..Place::default() };
    let threads: &[_] = if let Source::Dead(core) = &target.source { &core.threads } else { &[] };
    match threads.iter().find(|t| m.holds(t.sp)) {
        Some(t) => Place { kind: "stack", name: format!("thread {}", t.tid), ..here },
        None if m.path.starts_with('/') => {
            let name = format!("{}\t{}", m.path, symbols.frame(addr.wrapping_add(1)).text);
            Place { kind: "file", offset: here.offset.saturating_add(m.offset), name, ..here }
        }
        None if m.path.is_empty() => Place { kind: "mapping", ..here },
        None => Place { kind: "mapping", name: m.path.clone(), ..here },
    }
}

fn text(addr: u64, p: &Place, symbols: &Symbols) -> String {
    let (base, offset, name) = (p.base, p.offset, &p.name);
    match p.kind {
        "buffer" => {
            let bufctl = p.bufctl.map_or(String::new(), |(at, _)| format!("bufctl {at:x} "));
            let mut t = format!("{addr:x} is {base:x}+{offset:x}, {bufctl}{} from {name}\n", p.state);
            if let Some((_, a)) = &p.bufctl {
                stack(&mut t, audit::stack(a), symbols, "                 ");
            }
            t
        }
        "stack" => format!("{addr:x} is in the stack of {name}\n"),
        "file" => {
            let (path, symbol) = name.split_once('\t').unwrap_or((name, ""));
            format!("{addr:x} is {path}+{offset:x}, in {symbol}\n")
        }
        "mapping" if name.is_empty() => format!("{addr:x} is {base:x}+{offset:x}, in an anonymous mapping\n"),
        "mapping" => format!("{addr:x} is {base:x}+{offset:x}, in {name}\n"),
        _ => format!("{addr:x} is unknown\n"),
    }
}

fn fields(label: &str, addr: u64, p: &Place, symbols: &Symbols) -> Vec<String> {
    let (caller, stack) = p.bufctl.map_or_else(Default::default, |(_, a)| symbols.stack(audit::stack(&a)));
    let bufctl = p.bufctl.map_or(String::new(), |(at, _)| format!("{at:x}"));
    let (path, caller) = p.name.split_once('\t').map_or((p.name.clone(), caller), |(path, symbol)| (path.into(), symbol.into()));
    let (base, offset) = (format!("{:x}", p.base), format!("{:x}", p.offset));
    vec![label.into(), format!("{addr:x}"), p.kind.into(), base, offset, path, p.state.into(), bufctl, caller, stack]
}
