//! The command line: verbs, options, operands.
use crate::target::{Target, of_program};
use crate::{buffers, dist, interval, leaks, log, stat, status, users, verify, whatis};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, Table};
use getopts::{Matches, Options};

/// The forms of a command.
pub(crate) const USAGE: &[&str] = &[
    "[-c CACHE] [-s KEY] [--sum] [--since FILE] [--openmetrics] PID[,PID...]|CORE|-p NAME [interval [count]]",
    "caches|vmem|threads [options] PID|CORE|-p NAME",
    "bufctl|whatis PID|CORE|-p NAME [ADDRESS...]",
    "dist|status|verify PID|CORE|-p NAME",
    "log PID|CORE|-p NAME [transaction|contents|fail|slab]",
    "leaks [--freeze] [-dv] PID|CORE|-p NAME",
    "run [--audit] [--guards] [--contents] [--firewall SIZE] [-o FILE] COMMAND [ARGUMENT...]",
    "users [-e] [-c CACHE] [--folded] PID|CORE|-p NAME",
];

/// Adds the options of all verbs.
pub(crate) fn options(o: &mut Options) {
    o.optflag("H", "", "no header; tabs between fields")
        .optmulti(
            "p",
            "",
            "these fields only, colons between them, no header; or the processes of this program",
            "FIELD,...|NAME",
        )
        .optflag("", "csv", "comma-separated values (RFC 4180)")
        .optmulti("c", "", "only this cache; a final * stands for any rest", "CACHE")
        .optopt("s", "", "sort by this field, the largest first", "KEY")
        .optflag("", "sum", "add up the caches of all processes")
        .optopt("", "since", "what changed since this table was saved by --csv", "FILE")
        .optflag("", "openmetrics", "OpenMetrics text")
        .optflag("", "freeze", "leaks: stop the process while it is copied, and use its registers")
        .optflag("", "folded", "users: one line a stack, for flame graphs")
        .optflag("e", "", "users: the small ones, too")
        .optflag("d", "", "leaks: with the stack of each")
        .optflag("v", "", "leaks: say what it took")
        .optflag("", "audit", "run: note who allocates (the default)")
        .optflag("", "guards", "run: find what is written past the end of buffers")
        .optflag("", "contents", "run: find what is written to freed buffers")
        .optopt("", "firewall", "run: an unmapped page after each buffer of this size or more", "SIZE")
        .optopt("o", "", "run: the report goes to this file", "FILE");
}

/// A verb: its name, the options it takes beyond those of tables, a check of the operands after the target, the columns of its tables,
/// what it does.
struct Verb {
    name: &'static str,
    options: &'static [&'static str],
    operands: fn(&[String]) -> Result<()>,
    columns: &'static [&'static [Column]],
    run: fn(&mut Request, &mut Out) -> Result,
}

const STAT: Verb = Verb {
    name: "stat",
    options: &["c", "s", "sum", "since", "openmetrics"],
    operands: interval::check,
    columns: &[stat::COLUMNS, interval::COLUMNS, crate::since::COLUMNS],
    run: stat::stat,
};

const VERBS: &[Verb] = &[
    STAT,
    Verb { name: "bufctl", options: &[], operands: buffers::check_addresses, columns: &[buffers::COLUMNS], run: buffers::bufctl },
    Verb { name: "caches", options: &["c", "s", "sum"], operands: none, columns: &[stat::COLUMNS], run: stat::caches },
    Verb { name: "dist", options: &[], operands: none, columns: &[dist::COLUMNS], run: dist::dist },
    Verb { name: "log", options: &[], operands: log::check, columns: &[log::COLUMNS], run: log::log },
    Verb { name: "leaks", options: &["freeze", "d", "v"], operands: none, columns: &[leaks::COLUMNS], run: leaks::leaks },
    Verb { name: "status", options: &[], operands: none, columns: &[status::COLUMNS], run: status::status },
    Verb { name: "threads", options: &[], operands: none, columns: &[stat::THREAD], run: stat::threads },
    Verb { name: "users", options: &["c", "e", "folded"], operands: none, columns: &[users::COLUMNS], run: users::users },
    Verb { name: "vmem", options: &[], operands: none, columns: &[stat::ARENA], run: stat::vmem },
    Verb { name: "verify", options: &[], operands: none, columns: &[verify::COLUMNS], run: verify::verify },
    Verb { name: "whatis", options: &[], operands: buffers::check_addresses, columns: &[whatis::COLUMNS], run: whatis::whatis },
];

/// Options that only some verbs take.
const SPECIAL: &[&str] =
    &["c", "s", "sum", "since", "openmetrics", "freeze", "folded", "e", "d", "v", "o", "audit", "guards", "contents", "firewall"];

/// What was asked for.
pub(crate) struct Request<'a> {
    /// The options.
    pub(crate) found: &'a Matches,
    /// The fields of `-p`.
    fields: Option<String>,
    /// What to look at.
    pub(crate) targets: Vec<Target>,
    /// The operands after that.
    pub(crate) operands: Vec<String>,
}

impl Request<'_> {
    /// A table of `columns` in the form asked for.
    pub(crate) fn table(&self, columns: &'static [Column]) -> Result<Table> {
        Table::with_fields(columns, self.found, self.fields.as_deref())
    }

    /// Whether the output is for a person, in mdb's form.
    pub(crate) fn is_text(&self) -> bool {
        self.fields.is_none() && !self.found.opt_present("H") && !self.found.opt_present("csv")
    }

    /// The name of the program of a target, by the target's label.
    pub(crate) fn program(&self, label: &str) -> String {
        let mut names: Vec<_> = self.targets.iter().filter(|t| t.label == label || label == "sum").map(Target::program).collect();
        names.dedup();
        names.join(",")
    }
}

/// Runs the verb.
pub(crate) fn run(found: &Matches, out: &mut Out) -> Result {
    let mut operands = found.free.clone();
    let named = operands.first().and_then(|o| VERBS.iter().find(|v| v.name == o));
    if named.is_some() {
        operands.remove(0);
    }
    let verb = named.unwrap_or(&STAT);
    let wrong = |o: &str| Fail::Usage(format!("{}{o}: not an option of {}", if o.len() > 1 { "--" } else { "-" }, verb.name));
    if let Some(o) = SPECIAL.iter().filter(|o| !verb.options.contains(o)).find(|o| found.opt_present(o)) {
        return Err(wrong(o));
    }
    let (fields, programs): (Vec<_>, Vec<_>) = found.opt_strs("p").into_iter().partition(|p| verb.has_fields(p));
    programs.iter().try_for_each(|p| verb.misspelt(p))?;
    let target = match operands.is_empty() {
        _ if !programs.is_empty() => None,
        true => return Err(Fail::Usage("which process? expected PID, CORE or -p NAME".into())),
        false => Some(operands.remove(0)),
    };
    (verb.operands)(&operands)?;
    stat::check_sort(found)?;
    if let Some(o) = ["since", "openmetrics"].iter().find(|o| found.opt_present(o) && !operands.is_empty()) {
        return Err(Fail::Usage(format!("--{o}: not with an interval")));
    }
    let formed = !fields.is_empty() || found.opt_present("H") || found.opt_present("csv");
    if let Some(o) = ["folded", "openmetrics"].iter().find(|o| found.opt_present(o) && formed) {
        return Err(Fail::Usage(format!("--{o}: has a form of its own: not with -H, -p or --csv")));
    }
    // Only a command line that is right looks into a process.
    let mut targets = Vec::new();
    for name in &programs {
        targets.extend(of_program(name, &verb.fields())?);
    }
    for name in target.iter().flat_map(|t| t.split(',')) {
        targets.push(Target::open(name)?);
    }
    let mut request = Request { found, fields: fields.into_iter().next_back(), targets, operands };
    stat::check_caches(&request)?;
    (verb.run)(&mut request, out)
}

impl Verb {
    /// Whether the value of a `-p` is a list of this verb's fields; otherwise it names a program.
    fn has_fields(&self, list: &str) -> bool {
        list.split(',').all(|f| self.columns.iter().any(|all| all.iter().any(|c| c.head.eq_ignore_ascii_case(f))))
    }

    /// Refuses the value of a `-p` that is a list with some field of this verb but also what is none: no program is meant.
    fn misspelt(&self, list: &str) -> Result<()> {
        let wrong = list.split(',').find(|f| !self.has_fields(f)).unwrap_or_default();
        if list.split(',').any(|f| self.has_fields(f)) {
            return Err(Fail::Usage(format!("-p {list}: no field {wrong}; the fields are {}", self.fields())));
        }
        Ok(())
    }

    /// The names of its fields.
    fn fields(&self) -> String {
        let mut all: Vec<_> = self.columns.iter().flat_map(|c| c.iter()).map(|c| c.head.to_lowercase()).collect();
        let mut seen = std::collections::HashSet::new();
        all.retain(|f| seen.insert(f.clone()));
        all.join(",")
    }
}

/// A verb that takes nothing after its target.
fn none(words: &[String]) -> Result<()> {
    words.first().map_or(Ok(()), |more| Err(Fail::Usage(format!("{more}: expected nothing after the target"))))
}
