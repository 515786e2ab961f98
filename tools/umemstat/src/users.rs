//! `umemstat users`: mdb's `::umausers`, who holds how much.
use crate::audit;
use crate::command::Request;
use crate::heap::Heap;
use crate::leaks::stack;
use crate::symbols::Symbols;
use crate::target::{Target, about};
use base::fail::Result;
use base::out::Out;
use base::table::{Column, left, right};
use std::collections::HashMap;
use std::fmt::Write;

/// The fields of a user: a stack with the allocations of one size that it made and that are in use.
pub(crate) const COLUMNS: &[Column] =
    &[right("PID"), right("BYTES"), right("ALLOCATIONS"), right("SIZE"), left("CACHE"), left("CALLER"), left("STACK")];

/// Without `-e`, users below both of these are left out: mdb's thresholds.
const BYTES: u64 = 8192;
const BLOCKS: u64 = 100;

/// One stack's allocations of one cache and size.
struct User {
    stack: Vec<u64>,
    cache: String,
    size: u64,
    bytes: u64,
    count: u64,
}

/// Prints the users, the one with the most bytes first.
pub(crate) fn users(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let all = collect(target, &request.found.opt_strs("c")).map_err(|e| about(&target.label, e))?;
        let symbols = Symbols::new(target);
        if request.found.opt_present("folded") {
            out.text(&folded(&all, &symbols))?;
            continue;
        }
        let small = |u: &&User| request.found.opt_present("e") || u.bytes >= BYTES || u.count >= BLOCKS;
        for u in all.iter().filter(small) {
            if request.is_text() {
                let mut t = format!("{} bytes for {} allocations with data size {}:\n", u.bytes, u.count, u.size);
                stack(&mut t, &u.stack, &symbols, "\t ");
                out.text(&t)?;
                continue;
            }
            let (caller, stack) = symbols.stack(&u.stack);
            let numbers = [u.bytes, u.count, u.size].map(|n| n.to_string());
            let mut fields = vec![target.label.clone()];
            fields.extend(numbers);
            fields.extend([u.cache.clone(), caller, stack]);
            table.row(out, &fields)?;
        }
    }
    if !request.is_text() && !request.found.opt_present("folded") {
        table.end(out)?;
    }
    Ok(0)
}

/// All users, the one with the most bytes first.
fn collect(target: &Target, caches: &[String]) -> Result<Vec<User>> {
    crate::buffers::audited(target)?;
    let heap = Heap::read(target.memory(), &target.allocator)?;
    let mut sums: HashMap<(Vec<u64>, u64, usize), (u64, u64)> = HashMap::new();
    let mut key = (Vec::new(), 0, 0);
    // Caches by the address of their record; runs of one cache share a name.
    let mut first_run: HashMap<u64, usize> = HashMap::new();
    audit::each(target.memory(), &heap, |number, size, bufctl| {
        let Some((run, _)) = heap.run_of(number) else { return };
        let cache = heap.spans.get(run).map_or(0, |(_, s)| s.cache);
        key.0.clear();
        key.0.extend(bufctl.iter().flat_map(|(_, a)| audit::stack(a)));
        (key.1, key.2) = (size, *first_run.entry(cache).or_insert(run));
        let sum = match sums.get_mut(&key) {
            Some(s) => s,
            None => sums.entry(key.clone()).or_default(),
        };
        *sum = (sum.0 + size, sum.1 + 1);
    })?;
    let user =
        |((stack, size, run), (bytes, count))| User { stack, size, bytes, count, cache: audit::cache_name(&heap, run).into() };
    let mut all: Vec<_> = sums.into_iter().map(user).collect();
    all.retain(|u| caches.is_empty() || caches.contains(&u.cache));
    all.sort_by(|a, b| (b.bytes, b.count).cmp(&(a.bytes, a.count)).then_with(|| a.stack.cmp(&b.stack)));
    Ok(all)
}

/// All stacks of a target, folded.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn everything(target: &Target) -> Result<String> {
    Ok(folded(&collect(target, &[])?, &Symbols::new(target)))
}

/// One line a stack, the outermost frame first, with its bytes.
fn folded(users: &[User], symbols: &Symbols) -> String {
    let mut lines: HashMap<String, u64> = HashMap::new();
    for u in users {
        let mut names = Vec::new();
        for &addr in u.stack.iter().rev() {
            let f = symbols.frame(addr);
            names.push(f.function.clone());
            names.extend(f.inlined.iter().rev().cloned());
        }
        if names.is_empty() {
            names.push("[unknown]".into());
        }
        let line = names.iter().map(|n| n.replace(';', ":")).collect::<Vec<_>>().join(";");
        *lines.entry(line).or_default() += u.bytes;
    }
    let mut lines: Vec<_> = lines.into_iter().collect();
    lines.sort();
    lines.iter().fold(String::new(), |mut t, (line, bytes)| {
        let _ = writeln!(t, "{line} {bytes}");
        t
    })
}
