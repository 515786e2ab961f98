//! What may have been meant by a description that means no probe.
use crate::probes::Registry;
use crate::probes::syscalls::CALLS;
use base::fail::Fail;
use dlang::glob;
use dlang::program::ProbeDesc;

/// Says that a description means nothing here, with what may have been meant.
pub(crate) fn no_match(desc: &ProbeDesc, registry: &Registry) -> Fail {
    let text = [&desc.provider, &desc.module, &desc.function, &desc.name].map(String::as_str).join(":");
    let said = format!("probe description {text} does not match any probes");
    match near(desc, registry) {
        Some(hint) => Fail::Lines(format!("{said}\n{hint}")),
        None => Fail::Other(said),
    }
}

/// The nearest names, in a line for the reader.
pub(crate) fn near(desc: &ProbeDesc, registry: &Registry) -> Option<String> {
    if elsewhere_only(desc, registry) {
        return Some("no PHP with probes runs or is installed here; -Z waits for one".into());
    }
    if desc.provider.starts_with("pid") {
        if u64::from_str_radix(&desc.name, 16).is_ok() {
            return Some("an offset must be that of an instruction nop, push, call or jmp".into());
        }
        // Functions become probes when they are asked for.
        let _ = registry.find(&ProbeDesc { function: String::new(), name: "entry".into(), ..desc.clone() });
    }
    let mut all: Vec<[String; 4]> = registry.all().into_iter().map(|p| p.names).collect();
    let clocks = ["tick-1s", "profile-97"].map(|n| ["profile", "", "", n].map(String::from));
    let calls = CALLS.iter().flat_map(|(call, _)| ["entry", "return"].map(|n| ["syscall", "vmlinux", call, n].map(String::from)));
    all.extend(clocks.into_iter().chain(calls));
    let mut near: Vec<(usize, String)> = Vec::new();
    for names in &all {
        let Some((far, meant)) = meant(desc, names) else { continue };
        if !near.iter().any(|(_, m)| *m == meant) {
            near.push((far, meant));
        }
    }
    near.sort();
    let best = near.first()?.0;
    let near: Vec<String> = near.into_iter().filter(|(far, _)| *far <= best + 1).take(3).map(|(_, n)| n).collect();
    Some(format!("nearest: {}", near.join(", ")))
}

/// Whether PHP is meant and there is none.
fn elsewhere_only(desc: &ProbeDesc, registry: &Registry) -> bool {
    let php = |n: &[String; 4]| n.first().is_some_and(|p| p == "php");
    desc.provider.starts_with("php") && !registry.all().iter().any(|p| php(&p.names))
}

/// How far a probe's names are from a description, and the description with what would make it match; nothing if too far.
fn meant(desc: &ProbeDesc, names: &[String; 4]) -> Option<(usize, String)> {
    let wanted = [&desc.provider, &desc.module, &desc.function, &desc.name];
    let mut far = 0;
    let mut parts = Vec::new();
    for (pattern, name) in wanted.into_iter().zip(names) {
        let stem = pattern.trim_end_matches(|c: char| c.is_ascii_digit());
        let fits = pattern.is_empty()
            || pattern == "a.out"
            || name.starts_with(&format!("{pattern}.so"))
            || glob::matches(pattern, name)
            || glob::matches(&pattern.replace("__", "-"), name);
        // A provider with the number of a process that is not there.
        if fits {
            parts.push(pattern.clone());
            continue;
        }
        let open = pattern.strip_suffix('*');
        let start = name.get(..open.unwrap_or(pattern).len().min(name.len())).unwrap_or_default();
        let edits = match open {
            _ if stem == name => 1,
            Some(word) => distance(word, start),
            None => distance(pattern, name),
        };
        if edits > (pattern.len() / 3).max(1) {
            return None;
        }
        far += edits;
        parts.push(if open.is_some() { format!("{start}*") } else { name.clone() });
    }
    // A description that matches this probe was not refused for its sake.
    if far == 0 {
        return None;
    }
    let text = parts.join(":");
    Some((far, text.trim_start_matches(':').to_string()))
}

/// Edits that turn one word into another: a letter more, less or other, or two swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<u8>, Vec<u8>) = (a.bytes().collect(), b.bytes().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], i: usize, j: usize| rows.get(i).and_then(|r| r.get(j)).copied().unwrap_or(usize::MAX / 2);
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let left = row.last().copied().unwrap_or(0);
            let mut best = (at(&rows, i, j) + usize::from(x != y)).min(at(&rows, i, j + 1) + 1).min(left + 1);
            let before = |s: &[u8], n: usize| n.checked_sub(1).and_then(|n| s.get(n)).copied();
            if i > 0 && before(&a, i) == Some(*y) && before(&b, j) == Some(*x) {
                best = best.min(at(&rows, i - 1, j.wrapping_sub(1)) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    at(&rows, a.len(), b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desc(provider: &str, function: &str, name: &str) -> ProbeDesc {
        let [provider, function, name] = [provider, function, name].map(String::from);
        ProbeDesc { provider, function, name, ..ProbeDesc::default() }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("function-entri", "function-entry"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("fucntion", "function"), 1);
    }

    #[test]
    fn only_what_is_wrong_is_changed() {
        let names = ["php", "php8.2", "dtrace_execute_ex", "function-entry"].map(String::from);
        assert_eq!(meant(&desc("php*", "", "function-entri"), &names), Some((1, "php*:::function-entry".into())));
        assert_eq!(meant(&desc("", "", "function_entry"), &names), Some((1, "function-entry".into())));
        assert_eq!(meant(&desc("phq*", "", ""), &names), Some((1, "php*:::".into())));
        assert_eq!(meant(&desc("", "", "nonsense"), &names), None);
    }
}
