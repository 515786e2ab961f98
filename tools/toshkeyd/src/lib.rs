//! toshkeyd: hotkeys of Toshiba notebooks as lines, brightness steps and commands.
use base::cli::Tool;
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{self, Table};
use daemon::{Daemon, Wish};
use getopts::{Matches, Options};

pub mod actions;
pub mod backlight;
pub mod config;
pub mod daemon;
pub mod event;
pub mod hci;
pub mod keys;
pub mod source;
pub mod stream;
pub mod sys;

/// The tool, for `main` and the messages.
pub const TOOL: Tool = Tool {
    name: "toshkeyd",
    usage: &["[-H | -p FIELD,... | --csv] [-b DIR|hci:PATH] [-c FILE] [SOURCE]", "-n -c FILE"],
    options,
    run,
    letters: ("h", "V"),
};

fn options(o: &mut Options) {
    o.optopt("b", "backlight", "step this backlight on the brightness keys", "DIR|hci:PATH")
        .optopt("c", "config", "backlight, key names and commands from this file", "FILE")
        .optflag("n", "check", "check the configuration and end");
    table::options(o);
}

fn run(found: &Matches, out: &mut Out) -> Result {
    let [source] = match found.free.as_slice() {
        [] => [None],
        [source] => [Some(source.clone())],
        _ => return Err(Fail::Usage("expected one source at most".into())),
    };
    let wish = Wish { file: found.opt_str("c"), backlight: found.opt_str("b"), source };
    if found.opt_present("n") {
        let file = wish.file.ok_or_else(|| Fail::Usage("-n: expected a configuration file, by -c".into()))?;
        return config::read(&file).map(|_| 0);
    }
    if wish.file.as_deref() == Some("-") {
        return Err(Fail::Usage("-c -: only with -n: a reload could not read it again".into()));
    }
    let mut table = Table::new(event::COLUMNS, found)?;
    let status = Daemon::new(wish)?.run(out, &mut table)?;
    if !table.is_text() {
        table.end(out)?;
    }
    Ok(status)
}
