//! clocksync: what time is it really? Asks NTP servers, says how far the clock is off, and between which bounds.
mod bank;
mod config;
mod engine;
mod exchange;
mod lookup;
mod net;
mod once;
mod packet;
mod query;
mod report;
mod select;
mod serve;
mod source;
mod steer;
mod sys;
#[cfg(test)]
mod testing;
mod time;
mod verdict;

use base::cli::Tool;
use base::fail::{Fail, Result};
use base::out::Out;
use getopts::{Matches, Options};
use std::process::ExitCode;

const TOOL: Tool = Tool {
    name: "clocksync",
    usage: &[
        "[-s [--max-step TIME]] [--samples COUNT] [-t TIME] [--max-offset TIME] [-H | -p FIELD,... | --csv] SERVER...",
        "-d [-n] [-c FILE] [-H | -p FIELD,... | --csv]",
    ],
    options,
    run,
    letters: ("h", "V"),
};

fn main() -> ExitCode {
    TOOL.main()
}

fn options(o: &mut Options) {
    o.optopt("", "samples", "take so many of each server (4)", "COUNT")
        .optopt("t", "", "time for the whole measurement (1s)", "TIME")
        .optopt("", "max-offset", "fail if the clock is off by more", "TIME")
        .optflag("s", "", "set the clock by what was found")
        .optopt("", "max-step", "with -s, leave a clock alone that is off by more (1d)", "TIME")
        .optflag("d", "", "run as a daemon, in the foreground")
        .optopt("c", "", "with -d, the configuration (/etc/clocksync.conf)", "FILE")
        .optflag("n", "", "with -d, check the configuration and end");
    base::table::options(o);
}

fn run(found: &Matches, out: &mut Out) -> Result {
    if found.opt_present("d") {
        let alone = ["s", "t", "max-offset", "max-step", "samples"].iter().all(|o| !found.opt_present(o));
        if !alone || !found.free.is_empty() {
            return Err(Fail::Usage("-d: takes its servers and limits from the configuration".into()));
        }
        return serve::run(found, out);
    }
    if found.opt_present("c") || found.opt_present("n") {
        return Err(Fail::Usage("-c and -n: expected -d with them".into()));
    }
    if found.free.is_empty() {
        return Err(Fail::Usage("expected a SERVER".into()));
    }
    once::run(found, out)
}
