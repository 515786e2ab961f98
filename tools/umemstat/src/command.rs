//! The command line: verbs, options, operands.
use crate::target::{Target, of_program};
use crate::{buffers, leaks, stat, status, users, verify};
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
    "log PID|CORE|-p NAME [transaction|fail|slab]",
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

/// A verb: its name, the options it takes beyond those of tables, the columns of its table, what it does.
struct Verb {
    name: &'static str,
    options: &'static [&'static str],
    columns: &'static [&'static [Column]],
    run: fn(&mut Request, &mut Out) -> Result,
}

const STAT: Verb = Verb {
    name: "stat",
    options: &["c", "s", "sum", "since", "openmetrics"],
    columns: &[stat::COLUMNS, crate::interval::COLUMNS, crate::since::COLUMNS],
    run: stat::stat,
};

const VERBS: &[Verb] = &[
    STAT,
    Verb { name: "bufctl", options: &[], columns: &[buffers::COLUMNS], run: buffers::bufctl },
    Verb { name: "caches", options: &["c", "s", "sum"], columns: &[stat::COLUMNS], run: stat::caches },
    Verb { name: "dist", options: &[], columns: &[], run: buffers::dist },
    Verb { name: "log", options: &[], columns: &[], run: buffers::log },
    Verb { name: "leaks", options: &["freeze", "d", "v"], columns: &[leaks::COLUMNS], run: leaks::leaks },
    Verb { name: "status", options: &[], columns: &[], run: status::status },
    Verb { name: "threads", options: &[], columns: &[stat::THREAD], run: stat::threads },
    Verb { name: "users", options: &["c", "e", "folded"], columns: &[users::COLUMNS], run: users::users },
    Verb { name: "vmem", options: &[], columns: &[stat::ARENA], run: stat::vmem },
    Verb { name: "verify", options: &[], columns: &[], run: verify::verify },
    Verb { name: "whatis", options: &[], columns: &[], run: buffers::whatis },
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
    if let Some(o) = SPECIAL.iter().find(|o| found.opt_present(o) && !verb.options.contains(o)) {
        let dash = if o.len() > 1 { "--" } else { "-" };
        return Err(Fail::Usage(format!("{dash}{o}: not an option of {}", verb.name)));
    }
    let (fields, targets) = targets(verb, found, &mut operands)?;
    let mut request = Request { found, fields, targets, operands };
    (verb.run)(&mut request, out)
}

/// The fields of `-p`, and what to look at: the first operand, or the processes of the programs that `-p` names.
fn targets(verb: &Verb, found: &Matches, operands: &mut Vec<String>) -> Result<(Option<String>, Vec<Target>)> {
    let is_field = |f: &str| verb.columns.iter().any(|all| all.iter().any(|c| c.head.eq_ignore_ascii_case(f)));
    let (fields, programs): (Vec<_>, Vec<_>) = found.opt_strs("p").into_iter().partition(|p| p.split(',').all(is_field));
    let mut targets = Vec::new();
    for name in &programs {
        targets.extend(of_program(name)?);
    }
    if programs.is_empty() {
        if operands.is_empty() {
            return Err(Fail::Usage("which process? expected PID, CORE or -p NAME".into()));
        }
        targets = operands.remove(0).split(',').map(Target::open).collect::<Result<_>>()?;
    }
    Ok((fields.into_iter().next_back(), targets))
}
