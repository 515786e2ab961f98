//! `umemstat run CMD...`: a command under libumem, and what it leaked or damaged when it ends.
use crate::hunt;
use crate::leaks;
use crate::status::messages;
use crate::symbols::Symbols;
use crate::sys::{self, Reached};
use crate::target::{Source, Target, about};
use crate::verify;
use base::cli::warn;
use base::fail::{Fail, Result};
use base::out::Out;
use getopts::{Matches, Options, ParsingStyle};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The exit status that says that there are leaks or errors.
const FOUND: u8 = 3;

/// What `run` does not take of them, as written.
const OTHERS: &[&str] =
    &["-H", "-p", "--csv", "-c", "-s", "--sum", "--since", "--openmetrics", "--freeze", "--folded", "-e", "-d", "-v"];

/// The options of all verbs, but those after the command's name are the command's own.
pub(crate) fn options(o: &mut Options) {
    crate::command::options(o);
    o.parsing_style(ParsingStyle::StopAtFirstFree);
}

/// Runs the command and reports on standard error, so that the command's own output stays as it is; `-o` names a file instead.
pub(crate) fn run(found: &Matches, _out: &mut Out) -> Result {
    if let Some(o) = OTHERS.iter().find(|o| found.opt_present(o.trim_start_matches('-'))) {
        return Err(Fail::Usage(format!("{o}: not an option of run")));
    }
    let [program, args @ ..] = found.free.as_slice() else { return Err(Fail::Usage("run: which command?".into())) };
    // Before the command runs: what it takes an hour to find should have a place.
    let file = found.opt_str("o").map(|p| File::create(&p).map(|f| (f, p.clone())).map_err(Fail::on(p))).transpose()?;
    let mut command = Command::new(program);
    command.args(args).env("LD_PRELOAD", preload()?).env("UMEM_DEBUG", debugging(found)?);
    let child = sys::start(&mut command).map_err(Fail::on(program))?;
    let pid = i32::try_from(child.id()).map_err(|_| Fail::Other("a process number too large".into()))?;
    let failed = || Fail::on(program);
    match sys::run_to_exit(pid).map_err(failed())? {
        Reached::Ended(status) => {
            warn("umemstat", format!("{program}: killed before it could be looked at"));
            Ok(sys::exit_status(status))
        }
        Reached::Exit => {
            let done = report(pid, file.is_some()).map_err(|e| about(program, e)).and_then(|text| deliver(&text, file));
            let status = sys::end(pid).map_err(failed())?;
            Ok(if done? { FOUND } else { sys::exit_status(status) })
        }
    }
}

/// Where libumem.so is: beside this program, in the lib folder next to it, or wherever the loader finds it; before what is preloaded already.
fn preload() -> Result<OsString> {
    let own = std::env::current_exe().map_err(Fail::on("own path"))?;
    let dir = own.parent().unwrap_or(&own);
    let places = [dir.join("libumem.so"), dir.join("../lib/libumem.so")];
    let mut all = places.into_iter().find(|p| p.exists()).unwrap_or_else(|| PathBuf::from("libumem.so")).into_os_string();
    if let Some(more) = std::env::var_os("LD_PRELOAD").filter(|m| !m.is_empty()) {
        all.push(":");
        all.push(more);
    }
    Ok(all)
}

/// The value of `UMEM_DEBUG`: what the options ask for, else what it is already, else audit.
fn debugging(found: &Matches) -> Result<String> {
    let mut words: Vec<String> = Vec::new();
    words.extend(["audit", "guards", "contents"].iter().filter(|w| found.opt_present(w)).map(ToString::to_string));
    if let Some(least) = found.opt_str("firewall") {
        words.push(format!("firewall={}", base::time::size(&least)?));
    }
    if words.is_empty() {
        return Ok(std::env::var("UMEM_DEBUG").unwrap_or_else(|_| "audit".into()));
    }
    if !found.opt_present("audit") {
        words.insert(0, "audit".into());
    }
    Ok(words.join(","))
}

/// What the command leaves behind, in words; nothing when that is neither leaks nor errors.
fn report(pid: i32, with_messages: bool) -> Result<String> {
    let target = match Target::search(&pid.to_string())? {
        (_, Some(target)) => target,
        (true, None) => return Ok(String::new()),
        (false, None) => return Err(Fail::Other("it does not run with libumem (static, or with privileges of its own?)".into())),
    };
    alone(&target)?;
    let hunted = hunt::leaks_at_end(&target, &[sys::ending_thread(pid)])?;
    let mut text = String::new();
    let errors = target.allocator.descriptor.errors;
    if errors > 0 {
        // On standard error they stand already.
        if with_messages {
            text += &messages(&target)?;
        }
        text += &format!("{errors} error{} found\n", if errors == 1 { "" } else { "s" });
    }
    let (heap, damage) = verify::damage(&target)?;
    if !damage.is_empty() {
        text += &verify::details(&target, &heap, &damage)?;
        text += &format!("{} corrupt buffer{} found at the end\n", damage.len(), if damage.len() == 1 { "" } else { "s" });
    }
    if !hunted.leaks.is_empty() {
        text += &leaks::text(&leaks::grouped(&hunted.leaks), &Symbols::new(&target), true);
    }
    Ok(text)
}

/// Writes the report to its file, or to standard error; true when it is not empty, which in a file is said, too.
fn deliver(report: &str, file: Option<(File, String)>) -> Result<bool> {
    match file {
        Some((mut file, path)) => {
            let text = if report.is_empty() { "no leaks, no errors\n" } else { report };
            file.write_all(text.as_bytes()).map_err(Fail::on(path))?;
        }
        None => std::io::stderr().write_all(report.as_bytes()).map_err(Fail::on("stderr"))?,
    }
    Ok(!report.is_empty())
}

/// Waits until the thread that is held at its end is the only one: the others are being ended, or still work.
fn alone(target: &Target) -> Result<()> {
    let Source::Live(process) = &target.source else { return Ok(()) };
    while process.threads()?.len() > 1 {
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
