//! Group patterns as OpenSSH's `match_pattern_list` reads them (`ssh_config(5)`, PATTERNS).

/// Whether the second factor is asked of a user in the groups `names`, by the configured pattern lists. No list asks it of everybody.
///
/// One list is enough; within a list a negated match ends it.
#[must_use]
pub fn apply(lists: &[String], names: &[String]) -> bool {
    lists.is_empty() || lists.iter().any(|list| list_matches(list, names))
}

/// Whether no pattern of any list can match, because all are negated.
#[must_use]
pub fn all_negated(lists: &[String]) -> bool {
    !lists.is_empty() && lists.iter().flat_map(|l| l.split(',')).all(|p| p.starts_with('!'))
}

fn list_matches(list: &str, names: &[String]) -> bool {
    let mut found = false;
    for name in names {
        for pattern in list.split(',') {
            match pattern.strip_prefix('!') {
                Some(pattern) if matches(name, pattern) => return false,
                None if matches(name, pattern) => found = true,
                _ => {}
            }
        }
    }
    found
}

/// Whether `pattern` (`*` any run, `?` any one character) matches all of `name`; linear in memory, no recursion.
#[must_use]
pub fn matches(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.as_bytes(), pattern.as_bytes());
    let (mut n, mut p) = (0, 0);
    // Where to go on after the last `*`: its place, and the first byte it has not swallowed yet.
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(n) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if c == byte || *c == b'?' => {
                n += 1;
                p += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                n = from + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    fn asked(lists: &[&str], names: &[&str]) -> bool {
        apply(&strings(lists), &strings(names))
    }

    #[test]
    fn lists_and_negation() {
        assert!(asked(&[], &["anyone"]));
        assert!(asked(&["users"], &["wheel", "users"]));
        assert!(!asked(&["users"], &["wheel"]));
        assert!(asked(&["users,admin"], &["admin"]));
        assert!(!asked(&["admin,!users"], &["admin", "users"]));
        assert!(asked(&["admin,!users", "users"], &["admin", "users"]), "the second list stands on its own");
        assert!(!asked(&["!users"], &["admin"]), "a negated pattern alone matches nobody");
        assert!(asked(&["*,!staff"], &["x"]));
        assert!(asked(&["users with spaces"], &["users with spaces"]));
        assert!(!asked(&["*"], &[]), "nobody without groups");
        assert!(all_negated(&strings(&["!a,!b"])) && !all_negated(&strings(&["!a,b"])) && !all_negated(&[]));
    }

    #[test]
    fn patterns() {
        for (name, pattern, want) in [
            ("abc", "a*c", true),
            ("abc", "a?c", true),
            ("abc", "?", false),
            ("", "*", true),
            ("", "", true),
            ("abcabd", "*ab?", true),
            ("ab", "ab*", true),
            ("Ab", "ab", false),
            ("a", "aa", false),
        ] {
            assert_eq!(matches(name, pattern), want, "{name} {pattern}");
        }
    }

    #[test]
    fn many_stars_do_not_explode() {
        assert!(!matches(&"a".repeat(1000), &("*a".repeat(100) + "b")));
    }

    /// The plain recursive definition, to compare with on all short names and patterns.
    fn slow(name: &[u8], pattern: &[u8]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some((b'*', rest)) => (0..=name.len()).any(|i| slow(&name[i..], rest)),
            Some((c, rest)) => name.first().is_some_and(|n| (n == c || *c == b'?') && slow(&name[1..], rest)),
        }
    }

    #[test]
    fn agrees_with_the_definition() {
        let words = |letters: &[u8], most: u32| -> Vec<Vec<u8>> {
            let count = letters.len();
            (0..=most)
                .flat_map(|n| (0..count.pow(n)).map(move |i| (0..n).map(|k| i / count.pow(k) % count).collect::<Vec<_>>()))
                .map(|w: Vec<usize>| w.iter().map(|&i| letters[i]).collect())
                .collect()
        };
        for pattern in words(b"ab*?", 4) {
            for name in words(b"ab", 4) {
                let (n, p) = (std::str::from_utf8(&name).unwrap(), std::str::from_utf8(&pattern).unwrap());
                assert_eq!(matches(n, p), slow(&name, &pattern), "{n} {p}");
            }
        }
    }
}
