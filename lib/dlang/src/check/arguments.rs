//! The arguments of probes that are known without asking: DTrace's own, and PHP's.

use crate::glob;
use crate::program::ProbeDesc;

/// Provider, name and the C types of `args[]`.
const KNOWN: &[(&str, &str, &[&str])] = &[
    ("dtrace", "BEGIN", &[]),
    ("dtrace", "END", &[]),
    ("php", "function-entry", FUNCTION),
    ("php", "function-return", FUNCTION),
    ("php", "request-startup", &["char *", "char *", "char *"]),
    ("php", "request-shutdown", &["char *", "char *", "char *"]),
    ("php", "compile-file-entry", &["char *", "char *"]),
    ("php", "compile-file-return", &["char *", "char *"]),
    ("php", "execute-entry", &["char *", "int"]),
    ("php", "execute-return", &["char *", "int"]),
    ("php", "exception-thrown", &["char *"]),
    ("php", "error", &["char *", "char *", "int"]),
];

/// Function, file, line, class, scope.
const FUNCTION: &[&str] = &["char *", "char *", "int", "char *", "char *"];

/// The types of a description's arguments, if it can mean one of these probes only.
pub(super) fn known(desc: &ProbeDesc) -> Option<Vec<String>> {
    let name = desc.name.replace("__", "-");
    let provider = |p: &str| match desc.provider.as_str() {
        "" => true,
        own => own == p || p == "php" && (own.starts_with(p) || glob::matches(own, p)),
    };
    let plain = desc.id.is_none() && desc.module.is_empty() && desc.function.is_empty();
    let (_, _, types) = KNOWN.iter().find(|(p, n, _)| plain && *n == name && provider(p))?;
    Some(types.iter().map(ToString::to_string).collect())
}
