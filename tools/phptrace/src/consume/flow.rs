//! `-F`: the name of a firing, indented by the depth of calls.
use std::collections::HashMap;

/// What a firing is.
pub(crate) struct Firing<'a> {
    /// The probe's number and the clause.
    pub at: (u32, u32),
    /// The same of the record after it, if it is there already.
    pub next: Option<(u32, u32)>,
    /// Process.
    pub pid: u32,
    /// Provider, function, name.
    pub names: [&'a str; 3],
}

/// Depths by process.
#[derive(Default)]
pub(crate) struct Flow(HashMap<u32, Depth>);

#[derive(Default)]
struct Depth {
    blanks: usize,
    last: Option<(u32, u32)>,
}

impl Flow {
    /// What stands in the column. Further clauses of an entry are not entries, and of a return only the last one is.
    pub(crate) fn column(&mut self, f: &Firing<'_>) -> String {
        let [provider, function, name] = f.names;
        let depth = self.0.entry(f.pid).or_default();
        let is = |what: &str| name.strip_suffix(what).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'));
        let other = |r: Option<(u32, u32)>| r.is_some_and(|(id, clause)| id == f.at.0 && clause != f.at.1);
        let entry = is("entry") && !other(depth.last);
        let leave = is("return") && !other(f.next);
        depth.last = Some(f.at);
        if leave {
            depth.blanks = depth.blanks.saturating_sub(2);
        }
        let indent = " ".repeat(depth.blanks);
        let double = provider == "syscall";
        match (entry, leave) {
            (true, _) => {
                depth.blanks += 2;
                format!("{indent} {} {function}", if double { "=>" } else { "->" })
            }
            (_, true) => format!("{indent} {} {function}", if double { "<=" } else { "<-" }),
            _ => format!("{indent}| {function}:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_clauses_of_a_probe_do_not_indent_again() {
        let mut flow = Flow::default();
        let mut show = |at, next, name| flow.column(&Firing { at, next, pid: 1, names: ["php", "f", name] });
        assert_eq!(show((1, 0), Some((1, 1)), "function-entry"), " -> f");
        assert_eq!(show((1, 1), Some((2, 2)), "function-entry"), "  | f:function-entry");
        assert_eq!(show((3, 3), None, "tick"), "  | f:tick");
        assert_eq!(show((2, 4), Some((2, 5)), "function-return"), "  | f:function-return");
        assert_eq!(show((2, 5), None, "function-return"), " <- f");
        let call = Firing { at: (9, 9), next: None, pid: 2, names: ["syscall", "read", "entry"] };
        assert_eq!(flow.column(&call), " => read");
    }
}
