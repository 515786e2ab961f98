//! What zonesnap does: one function a verb.
use crate::TOOL;
use crate::dataset::{self, Dataset};
use crate::name;
use crate::pool::{self, Lock};
use base::cli::{shown, warn};
use base::fail::{Fail, Result};
use base::lines;
use base::out::Out;
use base::table::{Column, Table, left, printable};
use getopts::Matches;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const COLUMNS: &[Column] = &[left("NAME"), left("CREATED"), left("KIND"), left("LABEL")];

/// Takes a snapshot of each dataset, or of none.
pub fn snap(found: &Matches, args: &[String], out: &mut Out) -> Result {
    let label = found.opt_str("l");
    let checked = label.as_deref().map_or(Ok(()), name::check);
    checked.map_err(|e| Fail::Usage(format!("-l {e}")))?;
    let asked: Vec<_> = args.iter().map(|text| asked(text)).collect::<Result<_>>()?;
    if asked.is_empty() {
        return Err(Fail::Usage("snap: expected a dataset".into()));
    }
    let dry = found.opt_present("n");
    let _locks = if dry { Vec::new() } else { lock(asked.iter().map(|(d, _)| d))? };
    let stamp = free_name(asked.iter().map(|(d, _)| d), label.as_deref().unwrap_or("manual"))?;
    let plan: Vec<_> = asked.iter().map(|(d, own)| (d, own.as_deref().unwrap_or(&stamp))).collect();
    let mut seen = BTreeSet::new();
    for (dataset, name) in &plan {
        if !seen.insert((&dataset.pool, &dataset.name, name)) {
            return Err(Fail::Usage(format!("{}: given twice", dataset.full(name))));
        }
        if dataset.find(name)?.is_some() {
            return Err(Fail::Other(format!("{}: exists already", dataset.full(name))));
        }
    }
    if !dry {
        take(&plan)?;
    }
    plan.iter().try_for_each(|(dataset, name)| say(out, &dataset.full(name)))?;
    Ok(0)
}

/// A dataset, with the name that the user wants for its snapshot. A path that is there is a dataset, also with an `@` in it.
fn asked(text: &str) -> Result<(Dataset, Option<String>)> {
    match name::split(text) {
        Some((dataset, own)) if !Path::new(text).exists() => {
            name::check(own).map_err(Fail::Usage)?;
            Ok((Dataset::open(dataset)?, Some(own.into())))
        }
        _ => Ok((Dataset::open(text)?, None)),
    }
}

/// All or none: those taken before one failed are destroyed again.
fn take(plan: &[(&Dataset, &str)]) -> Result<()> {
    for (i, (dataset, name)) in plan.iter().enumerate() {
        let Err(e) = dataset.backend.take(name) else { continue };
        for (taken, name) in plan.iter().take(i) {
            if let Err(e) = taken.backend.destroy(name) {
                warn(TOOL.name, format!("{}: is left over: {e}", taken.full(name)));
            }
        }
        return Err(e);
    }
    Ok(())
}

/// An automatic name of the present second that none of the datasets has: a second run in one second waits for the next.
fn free_name<'a>(datasets: impl Iterator<Item = &'a Dataset>, label: &str) -> Result<String> {
    let mut taken = BTreeSet::new();
    for dataset in datasets {
        taken.extend(dataset.backend.snapshots()?.into_iter().map(|s| s.name));
    }
    loop {
        let name = name::automatic(SystemTime::now(), label);
        if !taken.contains(&name) {
            return Ok(name);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Lists snapshots. A dataset that cannot be read keeps no other from being listed.
pub fn list(found: &Matches, args: &[String], out: &mut Out) -> Result {
    let mut table = Table::new(COLUMNS, found)?;
    let (mut status, mut any) = (0, false);
    let here = [".".to_string()];
    for text in if args.is_empty() { &here } else { args } {
        for dataset in or_none(dataset::under(text), &mut status) {
            if dataset.interrupted() {
                warn(TOOL.name, format!("{}: a rollback was interrupted or is under way: see zonesnap gc", dataset.shown));
            }
            for snapshot in or_none(dataset.backend.snapshots(), &mut status) {
                let created = base::time::rfc3339(snapshot.created);
                let label = name::parse(&snapshot.name).map_or("-", |(_, label)| label);
                any = true;
                table.row(out, &[dataset.full(&snapshot.name).as_str(), &created, dataset.backend.kind(), label])?;
            }
        }
    }
    if any || status == 0 {
        table.end(out)?;
    }
    Ok(status)
}

/// What there is; should that fail, nothing, a message and status 1.
fn or_none<T>(all: Result<Vec<T>>, status: &mut u8) -> Vec<T> {
    all.unwrap_or_else(|e| {
        warn(TOOL.name, e);
        *status = 1;
        Vec::new()
    })
}

/// Makes a dataset what it was when the snapshot was taken.
pub fn rollback(found: &Matches, args: &[String], out: &mut Out) -> Result {
    let [text] = args else { return Err(Fail::Usage("rollback: expected one snapshot, as DATASET@NAME".into())) };
    let (dataset, to) = Dataset::with_snapshot(text)?;
    let dry = found.opt_present("n");
    let _locks = if dry { Vec::new() } else { lock([&dataset])? };
    let objections = dataset.backend.objections()?;
    if !objections.is_empty() && !found.opt_present("f") {
        return Err(Fail::Other(format!("{}: {}: -f does it all the same", dataset.shown, objections.join("; "))));
    }
    let guard = free_name([&dataset].into_iter(), "rollback")?;
    if !dry {
        // Another run may have destroyed it before the lock was ours.
        if dataset.find(&to)?.is_none() {
            return Err(Fail::Other(format!("{text}: no such snapshot")));
        }
        let journal = dataset.journal();
        let done = dataset.backend.rollback(&to, &guard, &journal);
        let done = done.and_then(|()| journal.clear());
        // What could not be finished is undone; should that fail too, the journal stays for the next run.
        done.inspect_err(|_| drop(dataset.recover()))?;
    }
    if dataset.find(&guard)?.is_some() || dry {
        say(out, &dataset.full(&guard))?;
    }
    Ok(0)
}

/// Destroys snapshots, after a look that all are there.
pub fn destroy(found: &Matches, args: &[String], out: &mut Out) -> Result {
    let mut texts = Vec::new();
    for arg in args {
        if arg == "-" {
            texts.extend(from_stdin()?);
        } else {
            texts.push(arg.clone());
        }
    }
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    if args.is_empty() {
        return Err(Fail::Usage("destroy: expected snapshots, as DATASET@NAME".into()));
    }
    let asked: Vec<_> = texts.iter().map(|text| Dataset::with_snapshot(text)).collect::<Result<_>>()?;
    if found.opt_present("n") {
        asked.iter().try_for_each(|(dataset, name)| say(out, &dataset.full(name)))?;
        return Ok(0);
    }
    let _locks = lock(asked.iter().map(|(d, _)| d))?;
    for (dataset, name) in &asked {
        dataset.backend.destroy(name)?;
    }
    Ok(0)
}

/// Names from standard input, a line each, escaped as `list -p` and `-H` print them.
fn from_stdin() -> Result<Vec<String>> {
    let mut input = lines::open("-")?;
    let mut names = Vec::new();
    while let Some(line) = input.next()?.map(<[u8]>::to_vec) {
        let text = String::from_utf8(line).map_err(|_| "not UTF-8 text".to_string());
        let name = text.and_then(|t| name::unescaped(&t));
        let name = name.and_then(|n| match name::split(&n) {
            Some(_) => Ok(n),
            None => Err(format!("{}: expected a snapshot, as DATASET@NAME", shown(&n))),
        });
        names.push(name.map_err(|e| Fail::Other(format!("{}: {e}", input.place())))?);
    }
    Ok(names)
}

/// Ends what interrupted runs have left in the folders.
pub fn gc(args: &[String], out: &mut Out) -> Result {
    let here = [".".to_string()];
    for text in if args.is_empty() { &here } else { args } {
        let pool = fs::canonicalize(text).map_err(Fail::on(text))?;
        if !pool.is_dir() {
            return Err(Fail::Other(format!("{text}: expected a folder")));
        }
        if pool::interrupted(&pool)?.is_empty() {
            continue;
        }
        let _lock = pool::lock(&pool)?;
        for name in pool::interrupted(&pool)? {
            let path = if text == "." { PathBuf::from(&name) } else { Path::new(text).join(&name) };
            if let Some(said) = Dataset::open(&path.to_string_lossy())?.recover()? {
                say(out, &said)?;
            }
        }
    }
    Ok(0)
}

/// Locks the pools of the datasets, in one order for every run, and ends what was interrupted in the datasets.
fn lock<'a>(datasets: impl IntoIterator<Item = &'a Dataset>) -> Result<Vec<Lock>> {
    let datasets: Vec<_> = datasets.into_iter().collect();
    let pools: BTreeSet<_> = datasets.iter().map(|d| d.pool.as_path()).collect();
    let locks = pools.into_iter().map(pool::lock).collect::<Result<_>>()?;
    for dataset in datasets {
        if let Some(said) = dataset.recover()? {
            warn(TOOL.name, said);
        }
    }
    Ok(locks)
}

/// A line of output that cannot drive a terminal.
fn say(out: &mut Out, text: &str) -> Result<()> {
    let mut line = String::new();
    printable(&mut line, text);
    out.text(&format!("{line}\n"))
}
