//! Aggregations for other programs: CSV, JSON lines, folded stacks.
use super::aggregate::Form;
use crate::bits::Unsigned as _;
use base::fail::{Fail, Result};
use dlang::format::{Datum, Entry, Total};

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
            let failed = |e: &dyn std::fmt::Display| Fail::Other(format!("csv: {e}"));
            let mut to = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            let keys = row.keys.iter().map(plain);
            let bucket = bucket.map_or(String::new(), |b| b.to_string());
            let fields = std::iter::once(name.to_string()).chain(keys).chain([bucket, value.to_string()]);
            to.write_record(fields).map_err(|e| failed(&e))?;
            text.extend(to.into_inner().map_err(|e| failed(&e))?);
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
        other => vec![plain(other).replace(';', ":")],
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
