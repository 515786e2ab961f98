//! The command line.
use base::cli::Tool;
use getopts::{Options, ParsingStyle};

/// The tool.
pub(crate) const TOOL: Tool = Tool {
    name: "phptrace",
    usage: &[
        "[-CeFHqvwZ] [-b SIZE] [-c CMD] [-o FILE] [-p PID] [-t TIME] [-x OPTION[=VALUE]] [-n CLAUSE] [-s SCRIPT] [ARGUMENT...]",
        "-l [-p PID] [-n DESCRIPTION] [FILE...]",
        "alloc | calls | errors | flow | lines FILE | requests | slow MS | time [-c CMD] [-p PID] [-t TIME]",
    ],
    options,
    run: super::run,
    letters: ("h", "V"),
};

fn options(o: &mut Options) {
    o.parsing_style(ParsingStyle::FloatingFrees)
        .optopt("b", "", "size of the trace buffer", "SIZE")
        .optmulti("c", "", "run a command, trace it, and end with it", "CMD")
        .optflag("C", "", "run the C preprocessor over the program")
        .optmulti("D", "", "define a macro of the preprocessor", "NAME[=VALUE]")
        .optflag("e", "", "end after compiling")
        .optflag("F", "", "indent entries and returns")
        .optmulti("f", "", "clause for a function", "FUNCTION")
        .optflag("H", "", "list the files that the preprocessor includes")
        .optmulti("I", "", "look for included files here too", "DIR")
        .optmulti("i", "", "clause for a probe by number", "ID")
        .optflag("l", "", "list probes")
        .optmulti("m", "", "clause for a module", "MODULE")
        .optmulti("n", "", "clause for a probe by name", "CLAUSE")
        .optopt("o", "", "append output to a file", "FILE")
        .optmulti("P", "", "clause for a provider", "PROVIDER")
        .optmulti("p", "", "trace this process", "PID")
        .optflag("q", "", "print only what the program prints")
        .optmulti("s", "", "take the program from a file", "SCRIPT")
        .optopt("t", "", "print tables every so often, anew on a terminal", "TIME")
        .optmulti("U", "", "undefine a macro of the preprocessor", "NAME")
        .optflag("v", "", "say how large each program is")
        .optflag("w", "", "permit destructive actions")
        .optmulti("x", "", "set an option", "NAME[=VALUE]")
        .optflag("Z", "", "permit descriptions that match nothing")
        .optflag("", "csv", "print values as comma-separated rows")
        .optflag("", "json", "print values as JSON, an object a line")
        .optflag("", "folded", "print stacks folded, for flame graphs");
}
