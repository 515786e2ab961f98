//! Output for other programs: CSV, JSON lines, folded stacks, of aggregations and of what clauses trace.
use super::aggregate::Form;
use super::{Consumer, Head};
use crate::bits::Unsigned as _;
use base::fail::{Fail, Result};
use dlang::format::{Datum, Entry, Total};
use dlang::program::{Action, ActionKind, Clause, ExprKind, Statement};

impl Consumer<'_> {
    /// What a clause has traced, as one row of values. Headings, which are text that never changes, are none.
    pub(super) fn formed(&mut self, clause: &Clause, head: &Head, data: &[u8]) -> Result<()> {
        let mut values = Vec::new();
        for statement in &clause.body {
            let Statement::Action(action) = statement else { continue };
            match &action.kind {
                ActionKind::Trace | ActionKind::Symbolic | ActionKind::Print => values.extend(self.values(action, data)),
                ActionKind::Tracemem { .. } => values.extend(self.values(action, data).into_iter().take(1)),
                ActionKind::Printf(_) if is_heading(action) => {}
                ActionKind::Printf(_) => values.extend(self.values(action, data)),
                ActionKind::Printa(_, list) => {
                    let text = self.aggregates.formed(list, self.options.sort, self.options.form, &mut self.symbols)?;
                    self.sink.bytes(&text)?;
                }
                _ => self.action(action, data)?,
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        let (_, _, name, _) = self.probe(head);
        let mut text = Vec::new();
        match self.options.form {
            Form::Json => {
                let values: Vec<String> = values.iter().map(json).collect();
                let unit = usize::try_from(head.unit).ok().and_then(|u| self.units.get(u));
                let probe = json_text(&unit.map_or("dtrace:::ERROR".into(), |p| p.names.join(":")));
                let Head { pid, cpu, .. } = head;
                text.extend(
                    format!("{{\"probe\":{probe},\"pid\":{pid},\"cpu\":{cpu},\"values\":[{}]}}\n", values.join(",")).bytes(),
                );
            }
            // Only a stack is one to be folded.
            Form::Folded => {
                for stack in values.iter().filter(|v| matches!(v, Datum::Stack(_))) {
                    text.extend(format!("{} 1\n", frames(stack).join(";")).bytes());
                }
            }
            _ => comma_separated(&mut text, std::iter::once(name).chain(values.iter().map(plain)))?,
        }
        self.sink.bytes(&text)
    }
}

fn is_heading(action: &Action) -> bool {
    action.args.iter().all(|a| matches!(a.kind, ExprKind::Str(_)))
}

fn comma_separated(text: &mut Vec<u8>, fields: impl Iterator<Item = String>) -> Result<()> {
    let failed = |e: &dyn std::fmt::Display| Fail::Other(format!("csv: {e}"));
    let mut to = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    to.write_record(fields).map_err(|e| failed(&e))?;
    text.extend(to.into_inner().map_err(|e| failed(&e))?);
    Ok(())
}

/// Appends rows in a form other than DTrace's.
pub(crate) fn write(text: &mut Vec<u8>, form: Form, name: &str, rows: &[Entry]) -> Result<()> {
    for row in rows {
        for (total, normal) in &row.totals {
            match total {
                Total::Histogram(h) => {
                    for (bucket, count) in &h.buckets {
                        one(text, form, name, row, Some(h.bound(*bucket)), *count)?;
                    }
                }
                other => one(text, form, name, row, None, other.number(*normal))?,
            }
        }
    }
    Ok(())
}

fn one(text: &mut Vec<u8>, form: Form, name: &str, row: &Entry, bucket: Option<i64>, value: i64) -> Result<()> {
    match form {
        Form::Json => {
            let keys: Vec<String> = row.keys.iter().map(json).collect();
            let bucket = bucket.map_or(String::new(), |b| format!("\"bucket\":{b},"));
            let name = json_text(name);
            text.extend(format!("{{\"aggregation\":{name},\"keys\":[{}],{bucket}\"value\":{value}}}\n", keys.join(",")).bytes());
        }
        Form::Folded => {
            let keys: Vec<String> = row.keys.iter().flat_map(frames).collect();
            text.extend(format!("{} {value}\n", keys.join(";")).bytes());
        }
        _ => {
            let keys = row.keys.iter().map(plain);
            let bucket = bucket.map_or(String::new(), |b| b.to_string());
            return comma_separated(text, std::iter::once(name.to_string()).chain(keys).chain([bucket, value.to_string()]));
        }
    }
    Ok(())
}

fn plain(d: &Datum) -> String {
    match d {
        Datum::Int { value, size: 8, signed: false } => value.unsigned().to_string(),
        Datum::Int { value, .. } => value.to_string(),
        Datum::Text(t) => String::from_utf8_lossy(t).into_owned(),
        Datum::Bytes(b) => b.iter().map(|b| format!("{b:02x}")).collect(),
        Datum::Stack(lines) => lines.join(" "),
        Datum::Symbol(s) => s.clone(),
    }
}

/// A key as frames of a folded stack, outermost first.
fn frames(d: &Datum) -> Vec<String> {
    match d {
        Datum::Stack(lines) => lines.iter().rev().map(|l| l.replace(';', ":")).collect(),
        other => {
            let text = plain(other).replace(';', ":");
            vec![if text.is_empty() { "-".into() } else { text }]
        }
    }
}

fn json(d: &Datum) -> String {
    match d {
        Datum::Int { .. } => plain(d),
        Datum::Stack(lines) => format!("[{}]", lines.iter().map(|l| json_text(l)).collect::<Vec<_>>().join(",")),
        other => json_text(&plain(other)),
    }
}

fn json_text(text: &str) -> String {
    let mut to = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            c if c < ' ' => to.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => to.push(c),
        }
    }
    to.push('"');
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str) -> Entry {
        Entry { table: 0, keys: vec![Datum::Text(key.into())], totals: vec![(Total::Number(3), 1)] }
    }

    #[test]
    fn each_form_escapes_what_would_break_it() {
        let mut text = Vec::new();
        for form in [Form::Csv, Form::Json, Form::Folded] {
            write(&mut text, form, "a", &[row("x\"y,;z")]).unwrap();
        }
        let want = "a,\"x\"\"y,;z\",,3\n{\"aggregation\":\"a\",\"keys\":[\"x\\\"y,;z\"],\"value\":3}\nx\"y,:z 3\n";
        assert_eq!(String::from_utf8(text).unwrap(), want);
    }
}
