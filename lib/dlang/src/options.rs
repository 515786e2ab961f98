//! DTrace's options: their names, what values they take, and which of them a program may set for itself.

/// What kind of value an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On, or a number.
    Flag,
    /// Bytes: a number with k, m, g or t.
    Size,
    /// A time (`10ms`) or frequency (`100hz`).
    Rate,
    /// `ring`, `fill` or `switch`.
    Policy,
    /// `auto` or `manual`.
    Resize,
    /// `ascii` or `utf8`.
    Encoding,
    /// A version of the language: `1.6.1`.
    Version,
    /// Any text.
    Text,
}

/// An option.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Whether it concerns the compiler, and how: it may then not be set while tracing.
    pub compiler: bool,
    /// Whether a program may set it for itself.
    pub in_program: bool,
}

const fn run(name: &'static str, kind: Kind) -> Opt {
    Opt { name, kind, compiler: false, in_program: true }
}

const fn compile(name: &'static str, kind: Kind, in_program: bool) -> Opt {
    Opt { name, kind, compiler: true, in_program }
}

/// All options.
pub const OPTIONS: &[Opt] = &[
    run("aggrate", Kind::Rate),
    run("aggsize", Kind::Size),
    run("aggsortkey", Kind::Flag),
    run("aggsortkeypos", Kind::Flag),
    run("aggsortpos", Kind::Flag),
    run("aggsortrev", Kind::Flag),
    run("agghist", Kind::Flag),
    run("aggpack", Kind::Flag),
    run("aggzoom", Kind::Flag),
    run("bpflog", Kind::Flag),
    run("bpflogsize", Kind::Size),
    run("bufpolicy", Kind::Policy),
    run("bufresize", Kind::Resize),
    run("bufsize", Kind::Size),
    run("cleanrate", Kind::Rate),
    run("cpu", Kind::Flag),
    run("destructive", Kind::Flag),
    run("encoding", Kind::Encoding),
    run("dynvarsize", Kind::Size),
    run("flowindent", Kind::Flag),
    run("grabanon", Kind::Flag),
    run("jstackframes", Kind::Flag),
    run("jstackstrsize", Kind::Size),
    run("lockmem", Kind::Text),
    run("maxframes", Kind::Flag),
    run("noresolve", Kind::Flag),
    run("nspec", Kind::Flag),
    run("pcapsize", Kind::Size),
    run("printsize", Kind::Size),
    run("quiet", Kind::Flag),
    run("quietresize", Kind::Flag),
    run("rawbytes", Kind::Flag),
    run("scratchsize", Kind::Size),
    run("specsize", Kind::Size),
    run("stackframes", Kind::Flag),
    run("stackindent", Kind::Flag),
    run("statusrate", Kind::Rate),
    run("strsize", Kind::Size),
    run("switchrate", Kind::Rate),
    run("temporal", Kind::Flag),
    run("ustackframes", Kind::Flag),
    compile("aggpercpu", Kind::Flag, true),
    compile("amin", Kind::Text, true),
    compile("argref", Kind::Flag, true),
    compile("core", Kind::Text, false),
    compile("cpp", Kind::Flag, false),
    compile("cppargs", Kind::Text, false),
    compile("cpphdrs", Kind::Flag, false),
    compile("cpppath", Kind::Text, false),
    compile("ctfpath", Kind::Text, false),
    compile("ctypes", Kind::Text, false),
    compile("debug", Kind::Flag, true),
    compile("defaultargs", Kind::Flag, true),
    compile("define", Kind::Text, false),
    compile("disasm", Kind::Flag, true),
    compile("droptags", Kind::Flag, true),
    compile("dtypes", Kind::Text, false),
    compile("empty", Kind::Flag, true),
    compile("errtags", Kind::Flag, true),
    compile("evaltime", Kind::Text, true),
    compile("incdir", Kind::Text, false),
    compile("iregs", Kind::Flag, true),
    compile("kdefs", Kind::Flag, true),
    compile("knodefs", Kind::Flag, true),
    compile("late", Kind::Text, true),
    compile("lazyload", Kind::Flag, true),
    compile("ldpath", Kind::Text, false),
    compile("libdir", Kind::Text, false),
    compile("linkmode", Kind::Text, true),
    compile("linktype", Kind::Text, true),
    compile("modpath", Kind::Text, false),
    compile("nolibs", Kind::Flag, false),
    compile("pgmax", Kind::Flag, true),
    compile("preallocate", Kind::Size, true),
    compile("procfspath", Kind::Text, false),
    compile("pspec", Kind::Flag, true),
    compile("stdc", Kind::Text, false),
    compile("strip", Kind::Flag, true),
    compile("syslibdir", Kind::Text, false),
    compile("tree", Kind::Flag, true),
    compile("tregs", Kind::Flag, true),
    compile("udefs", Kind::Flag, true),
    compile("undef", Kind::Text, false),
    compile("unodefs", Kind::Flag, true),
    compile("verbose", Kind::Flag, true),
    compile("verifierlog", Kind::Text, true),
    compile("version", Kind::Version, true),
    compile("zdefs", Kind::Flag, true),
];

/// A checked value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A flag, number, size in bytes, or time in nanoseconds.
    Number(u64),
    /// Text.
    Text(String),
}

/// Whether an option may be set while tracing.
#[must_use]
pub fn is_dynamic(name: &str) -> bool {
    matches!(name, "encoding" | "flowindent" | "printsize" | "quiet" | "rawbytes" | "stackindent" | "switchrate")
        || name.starts_with("agg") && !matches!(name, "aggsize" | "aggpercpu")
}

/// Checks an option; `in_program` if a program sets it.
///
/// # Errors
/// Why it may not be set, in DTrace's words.
pub fn check(name: &str, value: Option<&str>, in_program: bool) -> Result<Value, &'static str> {
    let Some(option) = OPTIONS.iter().find(|o| o.name == name) else { return Err("Invalid option name") };
    if in_program && !option.in_program {
        return Err("Option cannot be used from within a D program");
    }
    let bad = "Invalid value for specified option";
    let number = match (option.kind, value) {
        (Kind::Text, value) if name == "stdc" && !matches!(value, Some("a" | "c" | "s" | "t")) => return Err(bad),
        (Kind::Version, value) => return version(value.ok_or(bad)?),
        (Kind::Text, value) => return Ok(Value::Text(value.unwrap_or_default().to_owned())),
        (Kind::Policy, Some("ring" | "fill" | "switch"))
        | (Kind::Resize, Some("auto" | "manual"))
        | (Kind::Encoding, Some("ascii" | "utf8")) => {
            return Ok(Value::Text(value.unwrap_or_default().to_owned()));
        }
        (Kind::Policy | Kind::Resize | Kind::Encoding, _) => None,
        (Kind::Flag, None) => Some(1),
        (Kind::Flag, Some(value)) => flag(value),
        (Kind::Size, value) => value.and_then(size),
        (Kind::Rate, None) => Some(0),
        (Kind::Rate, Some(value)) => rate(value),
    };
    let number = number.ok_or(bad)?;
    let fits = match name {
        "strsize" => (2..=u64::from(u32::MAX)).contains(&number),
        "iregs" => (1..=8).contains(&number),
        _ => true,
    };
    if !fits {
        return Err(bad);
    }
    Ok(Value::Number(number))
}

/// The versions of the language that have been; ours is the last.
const VERSIONS: &[&str] = &[
    "1.0", "1.1", "1.2", "1.2.1", "1.2.2", "1.3", "1.4", "1.4.1", "1.5", "1.6", "1.6.1", "1.6.2", "1.6.3", "1.7", "1.7.1", "1.8",
    "1.8.1", "1.9", "1.9.1", "1.10", "1.11", "1.12", "1.12.1", "1.13", "2.0",
];

/// Checks that a program may ask for this version: major, minor and micro number, of which the last may be missing or 0.
fn version(text: &str) -> Result<Value, &'static str> {
    let parts: Option<Vec<u16>> = text.split('.').map(|p| p.parse().ok()).collect();
    let named = match parts.as_deref() {
        Some([major @ 0..=0xff, minor @ 0..=0xfff] | [major @ 0..=0xff, minor @ 0..=0xfff, 0]) => format!("{major}.{minor}"),
        Some([major @ 0..=0xff, minor @ 0..=0xfff, micro @ 1..=0xfff]) => format!("{major}.{minor}.{micro}"),
        _ => return Err("Version is not properly formatted or is too large"),
    };
    if !VERSIONS.contains(&named.as_str()) {
        return Err("Requested version is not supported by compiler");
    }
    Ok(Value::Text(named))
}

/// A number by C's rules of radix, and the text after it.
fn number(text: &str) -> Option<(u64, &str)> {
    let (value, _, rest) = crate::lex::integer(text);
    text.starts_with(|c: char| c.is_ascii_digit()).then_some((value?, rest))
}

fn flag(text: &str) -> Option<u64> {
    match text {
        "enable" | "enabled" | "yes" | "set" => Some(1),
        "disable" | "disabled" | "no" | "unset" => Some(0),
        _ => number(text).filter(|(_, rest)| rest.is_empty()).map(|(n, _)| n),
    }
}

/// A number of bytes: `4k`, `1m`.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let (n, rest) = number(text)?;
    let shift = match rest.to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    n.checked_mul(1u64 << shift)
}

/// A time in nanoseconds; without a unit, or with `hz`, the number is a frequency per second.
#[must_use]
pub fn rate(text: &str) -> Option<u64> {
    let (n, rest) = number(text)?;
    let unit = match rest.to_ascii_lowercase().as_str() {
        "" | "hz" => return Some(1_000_000_000u64.checked_div(n).unwrap_or(0)),
        "ns" | "nsec" => 1,
        "us" | "usec" => 1_000,
        "ms" | "msec" => 1_000_000,
        "s" | "sec" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" | "hour" => 3_600_000_000_000,
        "d" | "day" => 86_400_000_000_000,
        _ => return None,
    };
    n.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_by_kind() {
        assert_eq!(check("bufsize", Some("4m"), true), Ok(Value::Number(4 << 20)));
        assert_eq!(check("switchrate", Some("10hz"), true), Ok(Value::Number(100_000_000)));
        assert_eq!(check("switchrate", Some("1s"), true), Ok(Value::Number(1_000_000_000)));
        assert_eq!(check("quiet", None, true), Ok(Value::Number(1)));
        assert_eq!(check("bufpolicy", Some("ring"), true), Ok(Value::Text("ring".into())));
        assert_eq!(check("bufpolicy", Some("round"), true), Err("Invalid value for specified option"));
        assert_eq!(check("version", Some("1.6.0"), true), Ok(Value::Text("1.6".into())));
        assert_eq!(check("version", Some("2.1"), true), Err("Requested version is not supported by compiler"));
        assert_eq!(check("version", Some("256.0"), true), Err("Version is not properly formatted or is too large"));
        assert_eq!(check("nosuch", None, true), Err("Invalid option name"));
        assert_eq!(check("define", Some("X"), true), Err("Option cannot be used from within a D program"));
        assert_eq!(check("strsize", Some("1x"), true), Err("Invalid value for specified option"));
    }
}
