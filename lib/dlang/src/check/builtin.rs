//! Built-in variables and constants.

use super::symbols::Name;
use crate::program::Builtin;
use crate::types::{TypeId, Types};
use std::collections::HashMap;

/// Built-in variables and their types.
const VARIABLES: &[(&str, Builtin, &str)] = &[
    ("caller", Builtin::Caller, "uintptr_t"),
    ("cpu", Builtin::Cpu, "processorid_t"),
    ("cwd", Builtin::Cwd, "string"),
    ("epid", Builtin::Epid, "uint_t"),
    ("errno", Builtin::Errno, "int"),
    ("execargs", Builtin::Execargs, "string"),
    ("execname", Builtin::Execname, "string"),
    ("gid", Builtin::Gid, "gid_t"),
    ("id", Builtin::Id, "uint_t"),
    ("ipl", Builtin::Ipl, "uint_t"),
    ("pid", Builtin::Pid, "pid_t"),
    ("ppid", Builtin::Ppid, "pid_t"),
    ("__pgid", Builtin::Pgid, "pid_t"),
    ("__priority", Builtin::Priority, "int"),
    ("__sid", Builtin::Sid, "pid_t"),
    ("probefunc", Builtin::Probefunc, "string"),
    ("probemod", Builtin::Probemod, "string"),
    ("probename", Builtin::Probename, "string"),
    ("probeprov", Builtin::Probeprov, "string"),
    ("root", Builtin::Root, "string"),
    ("stackdepth", Builtin::Stackdepth, "uint32_t"),
    ("tid", Builtin::Tid, "id_t"),
    ("timestamp", Builtin::Timestamp, "uint64_t"),
    ("ucaller", Builtin::Ucaller, "uint64_t"),
    ("uid", Builtin::Uid, "uid_t"),
    ("ustackdepth", Builtin::Ustackdepth, "uint32_t"),
    ("vtimestamp", Builtin::Vtimestamp, "uint64_t"),
    ("walltimestamp", Builtin::Walltimestamp, "int64_t"),
    ("zonename", Builtin::Zonename, "string"),
];

/// `inline int` constants of the standard library: signals, errors, address families.
const CONSTANTS: &[(&str, i32)] = &[
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGQUIT", 3),
    ("SIGILL", 4),
    ("SIGTRAP", 5),
    ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGSEGV", 11),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGCHLD", 17),
    ("SIGCONT", 18),
    ("SIGSTOP", 19),
    ("SIGTSTP", 20),
    ("SIGTTIN", 21),
    ("SIGTTOU", 22),
    ("EPERM", 1),
    ("ENOENT", 2),
    ("ESRCH", 3),
    ("EINTR", 4),
    ("EIO", 5),
    ("ENXIO", 6),
    ("E2BIG", 7),
    ("ENOEXEC", 8),
    ("EBADF", 9),
    ("ECHILD", 10),
    ("EAGAIN", 11),
    ("EWOULDBLOCK", 11),
    ("ENOMEM", 12),
    ("EACCES", 13),
    ("EFAULT", 14),
    ("EBUSY", 16),
    ("EEXIST", 17),
    ("EXDEV", 18),
    ("ENODEV", 19),
    ("ENOTDIR", 20),
    ("EISDIR", 21),
    ("EINVAL", 22),
    ("ENFILE", 23),
    ("EMFILE", 24),
    ("ENOTTY", 25),
    ("EFBIG", 27),
    ("ENOSPC", 28),
    ("ESPIPE", 29),
    ("EROFS", 30),
    ("EMLINK", 31),
    ("EPIPE", 32),
    ("EDOM", 33),
    ("ERANGE", 34),
    ("ECONNREFUSED", 111),
    ("ETIMEDOUT", 110),
    ("ECONNRESET", 104),
    ("ENOTCONN", 107),
    ("EADDRINUSE", 98),
    ("ARPHRD_ETHER", 1),
    ("ARPHRD_INFINIBAND", 32),
    ("AF_INET", 2),
    ("AF_INET6", 10),
    ("DTRACEFLT_UNKNOWN", 0),
    ("DTRACEFLT_BADADDR", 1),
    ("DTRACEFLT_BADALIGN", 2),
    ("DTRACEFLT_ILLOP", 3),
    ("DTRACEFLT_DIVZERO", 4),
    ("DTRACEFLT_NOSCRATCH", 5),
    ("DTRACEFLT_KPRIV", 6),
    ("DTRACEFLT_UPRIV", 7),
    ("DTRACEFLT_TUPOFLOW", 8),
    ("DTRACEFLT_BADSTACK", 9),
    ("DTRACEFLT_BADSIZE", 10),
    ("DTRACEFLT_BADINDEX", 11),
    ("DTRACEFLT_LIBRARY", 12),
];

/// Registers of x86-64 by their number in `uregs[]`.
const REGISTERS: &[(&str, i32)] = &[
    ("R_TRAPNO", 25),
    ("R_GS", 24),
    ("R_FS", 23),
    ("R_ES", 22),
    ("R_DS", 21),
    ("R_SS", 20),
    ("R_RSP", 19),
    ("R_RFL", 18),
    ("R_CS", 17),
    ("R_RIP", 16),
    ("R_ERR", 15),
    ("R_RDI", 14),
    ("R_RSI", 13),
    ("R_RDX", 12),
    ("R_RCX", 11),
    ("R_RAX", 10),
    ("R_R8", 9),
    ("R_R9", 8),
    ("R_R10", 7),
    ("R_R11", 6),
    ("R_RBX", 5),
    ("R_RBP", 4),
    ("R_R12", 3),
    ("R_R13", 2),
    ("R_R14", 1),
    ("R_R15", 0),
    ("R_EBX", 5),
    ("R_ECX", 11),
    ("R_EDX", 12),
    ("R_ESI", 13),
    ("R_EDI", 14),
    ("R_EBP", 4),
    ("R_EAX", 10),
    ("R_EIP", 16),
    ("R_EFL", 18),
    ("R_ESP", 19),
    ("R_PC", 16),
    ("R_FP", 4),
    ("R_SP", 19),
    ("R_PS", 18),
    ("R_R0", 10),
    ("R_R1", 5),
];

/// The names every program begins with.
pub(super) fn names(types: &mut Types) -> HashMap<String, Name> {
    let mut names = HashMap::new();
    for (name, builtin, ty) in VARIABLES {
        let ty = types.named(ty).unwrap_or(TypeId::INT);
        names.insert((*name).to_owned(), Name::Builtin(*builtin, ty));
    }
    let int64 = types.named("int64_t").unwrap_or(TypeId::LONG);
    for n in 0..10 {
        names.insert(format!("arg{n}"), Name::Builtin(Builtin::Arg(n), int64));
    }
    for (name, value) in CONSTANTS.iter().chain(REGISTERS) {
        names.insert((*name).to_owned(), Name::Enumerator(*value, TypeId::INT));
    }
    names.insert("NULL".into(), Name::Enumerator(0, TypeId::LONG));
    names.insert("args".into(), Name::Args);
    names.insert("uregs".into(), Name::Uregs);
    let thread =
        types.add(crate::types::Type::Struct { union: false, tag: "task_struct".into(), members: None, bytes: 0, align: 8 });
    types.tag("struct task_struct", thread);
    let thread = types.pointer(thread);
    names.insert("curthread".into(), Name::Builtin(Builtin::Curthread, thread));
    names
}
