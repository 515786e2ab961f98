//! `--since FILE`: what changed since a table was saved with `--csv`, and whether that looks like a leak or like fragmentation.
use crate::command::Request;
use crate::stat::views;
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use std::collections::BTreeMap;
use std::fs::File;

/// The fields of a comparison. Sizes are in bytes, growth is signed.
pub(crate) const COLUMNS: &[Column] = &[
    left("NAME"),
    right("IN_USE"),
    right("GROWTH"),
    right("MEMORY"),
    right("MEMORY_GROWTH"),
    right("WASTE"),
    right("WASTE_GROWTH"),
    left("VERDICT"),
];

/// A cache's figures, added up over processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Figures {
    size: i128,
    in_use: i128,
    memory: i128,
    waste: i128,
}

/// Prints the caches that changed since `path` was saved.
pub(crate) fn since(request: &mut Request, path: &str, out: &mut Out) -> Result {
    let old = File::open(path).map_err(Fail::on(path)).and_then(|f| saved(path, f))?;
    let mut now: BTreeMap<String, Figures> = BTreeMap::new();
    for r in views(request)?.iter().flat_map(|v| &v.rows) {
        let f = now.entry(r.name().into()).or_default();
        f.size = r.cache.bufsize.into();
        f.in_use += i128::from(r.in_use);
        f.memory += i128::from(r.memory);
        f.waste += i128::from(r.waste());
    }
    let mut table = request.table(COLUMNS)?;
    for (name, new) in &now {
        let old = old.get(name).copied().unwrap_or_default();
        let grown = Figures {
            size: new.size,
            in_use: new.in_use - old.in_use,
            memory: new.memory - old.memory,
            waste: new.waste - old.waste,
        };
        if (grown.in_use, grown.memory) == (0, 0) {
            continue;
        }
        let numbers = [new.in_use, grown.in_use, new.memory, grown.memory, new.waste, grown.waste];
        let mut fields = vec![name.clone()];
        fields.extend(numbers.iter().map(i128::to_string));
        fields.push(verdict(&grown).into());
        table.row(out, &fields)?;
    }
    table.end(out)?;
    Ok(0)
}

/// What grew more: what is in use, or what is held for nothing.
fn verdict(grown: &Figures) -> &'static str {
    let used = grown.in_use * grown.size;
    match (used > 0 && used >= grown.waste, grown.waste > 0 && grown.memory > 0) {
        (true, _) => "more in use",
        (_, true) => "fragmentation",
        _ => "shrinks",
    }
}

/// A table saved by `umemstat --csv`, added up by cache.
fn saved(path: &str, file: impl std::io::Read) -> Result<BTreeMap<String, Figures>> {
    let mut reader = csv::Reader::from_reader(file);
    let wrong = |line: u64, what: &str| Fail::Other(format!("{path}:{line}: expected {what} (a table saved by umemstat --csv)"));
    let heads = reader.headers().map_err(|_| wrong(1, "a line of column names"))?.clone();
    let names = ["NAME", "SIZE", "IN_USE", "MEMORY", "WASTE"];
    let places = names.map(|n| heads.iter().position(|h| h == n).ok_or_else(|| wrong(1, &format!("a column {n}"))));
    let [name, size, in_use, memory, waste] = places;
    let (name, size, in_use, memory, waste) = (name?, size?, in_use?, memory?, waste?);
    let mut all: BTreeMap<String, Figures> = BTreeMap::new();
    for record in reader.records() {
        let line = |r: &csv::StringRecord| r.position().map_or(0, csv::Position::line);
        let record = record.map_err(|e| wrong(e.position().map_or(0, csv::Position::line), "as many fields as columns"))?;
        let number =
            |at: usize| record.get(at).and_then(|t| t.parse::<u64>().ok()).ok_or_else(|| wrong(line(&record), "a number"));
        let f = all.entry(record.get(name).unwrap_or_default().into()).or_default();
        f.size = number(size)?.into();
        f.in_use += i128::from(number(in_use)?);
        f.memory += i128::from(number(memory)?);
        f.waste += i128::from(number(waste)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_tables_are_added_up_by_cache() {
        let text = "PID,NAME,SIZE,IN_USE,MEMORY,WASTE\n1,a,8,2,64,48\n2,a,8,3,64,40\n1,b,16,0,0,0\n";
        let all = saved("f", text.as_bytes()).unwrap();
        assert_eq!(all["a"], Figures { size: 8, in_use: 5, memory: 128, waste: 88 });
        assert_eq!(all["b"].size, 16);
    }

    #[test]
    fn what_is_no_saved_table() {
        let error = |text: &str| saved("f", text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error("x,y\n1,2\n"), "f:1: expected a column NAME (a table saved by umemstat --csv)");
        assert_eq!(
            error("NAME,SIZE,IN_USE,MEMORY,WASTE\na,1,2,3,x\n"),
            "f:2: expected a number (a table saved by umemstat --csv)"
        );
        assert_eq!(
            error("NAME,SIZE,IN_USE,MEMORY,WASTE\na\n"),
            "f:2: expected as many fields as columns (a table saved by umemstat --csv)"
        );
    }

    #[test]
    fn verdicts() {
        let v = |in_use, memory, waste| verdict(&Figures { size: 64, in_use, memory, waste });
        assert_eq!(v(1000, 65536, 1536), "more in use");
        assert_eq!(v(-100, 65536, 71936), "fragmentation");
        assert_eq!(v(1, 65536, 65472), "fragmentation");
        assert_eq!(v(-10, 0, 640), "shrinks");
    }
}
