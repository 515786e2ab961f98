//! clocksync: what time is it really? Asks NTP servers, says how far the clock is off, and between which bounds.
mod exchange;
mod net;
mod once;
mod packet;
mod query;
mod select;
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
    usage: &["[-s [--max-step TIME]] [-c COUNT] [-t TIME] [--max-offset TIME] [-H | -p FIELD,... | --csv] SERVER..."],
    options,
    run,
    letters: ("h", "V"),
};

fn main() -> ExitCode {
    TOOL.main()
}

fn options(o: &mut Options) {
    o.optopt("c", "", "samples of each server (4)", "COUNT")
        .optopt("t", "", "time for the whole measurement (1s)", "TIME")
        .optopt("", "max-offset", "fail if the clock is off by more", "TIME")
        .optflag("s", "", "set the clock by what was found")
        .optopt("", "max-step", "with -s, leave a clock alone that is off by more (1000s)", "TIME");
    base::table::options(o);
}

fn run(found: &Matches, out: &mut Out) -> Result {
    if found.free.is_empty() {
        return Err(Fail::Usage("expected a SERVER".into()));
    }
    once::run(found, out)
}
