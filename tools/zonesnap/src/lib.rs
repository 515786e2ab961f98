//! zonesnap: snapshots of btrfs subvolumes and qcow2 images, by one command.
use base::cli::Tool;
use base::fail::{Fail, Result};
use base::out::Out;
use base::table;
use getopts::{Matches, Options};

pub mod backend;
pub mod btrfs;
pub mod dataset;
pub mod holders;
pub mod name;
pub mod pool;
pub mod qcow2;
pub mod qemu;
pub mod sys;
pub mod verbs;

/// The tool, for `main` and the messages.
pub const TOOL: Tool = Tool {
    name: "zonesnap",
    usage: &[
        "snap [-n] [-l LABEL] DATASET[@NAME]...",
        "list [-H | -p FIELD,... | --csv] [DATASET | FOLDER]...",
        "rollback [-n] [-f] DATASET@NAME",
        "destroy [-n] DATASET@NAME... | -",
        "gc [FOLDER]...",
    ],
    options,
    run,
    letters: ("h", "V"),
};

/// Each verb with the options that it takes.
const VERBS: &[(&str, &[&str])] =
    &[("snap", &["n", "l"]), ("list", &["H", "p", "csv"]), ("rollback", &["n", "f"]), ("destroy", &["n"]), ("gc", &[])];

fn options(o: &mut Options) {
    o.optopt("l", "label", "the last part of the name: hourly, daily, ... (manual)", "LABEL")
        .optflag("n", "dry-run", "say what would be done, and do nothing")
        .optflag("f", "force", "roll back although it cuts off subvolumes or images");
    table::options(o);
}

fn run(found: &Matches, out: &mut Out) -> Result {
    let Some((verb, args)) = found.free.split_first() else {
        return Err(Fail::Usage("expected snap, list, rollback, destroy or gc".into()));
    };
    let Some((_, own)) = VERBS.iter().find(|(name, _)| name == verb) else {
        return Err(Fail::Usage(format!("{verb}: expected snap, list, rollback, destroy or gc")));
    };
    for option in ["n", "l", "f", "H", "p", "csv"] {
        if found.opt_present(option) && !own.contains(&option) {
            let dashes = if option.len() > 1 { "--" } else { "-" };
            return Err(Fail::Usage(format!("{verb} takes no {dashes}{option}")));
        }
    }
    match verb.as_str() {
        "snap" => verbs::snap(found, args, out),
        "list" => verbs::list(found, args, out),
        "rollback" => verbs::rollback(found, args, out),
        "destroy" => verbs::destroy(found, args, out),
        _ => verbs::gc(args, out),
    }
}
