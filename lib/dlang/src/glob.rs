//! Globs of probe descriptions: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a character meant literally.

/// Whether `text` matches `pattern`; an empty pattern matches everything.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    pattern.is_empty() || glob(pattern.as_bytes(), text.as_bytes())
}

/// Whether a pattern is more than a plain name.
#[must_use]
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '\\'])
}

/// Matching with one point to come back to, the last `*`, so that it takes at most pattern times text steps.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (pattern, text);
    let mut star: Option<(&[u8], &[u8])> = None;
    loop {
        if let [b'*', rest @ ..] = p {
            star = Some((rest, t));
            p = rest;
            continue;
        }
        let step = match t.split_first() {
            None if p.is_empty() => return true,
            None => None,
            Some((c, tail)) => one(p, *c).map(|rest| (rest, tail)),
        };
        match (step, star) {
            (Some((rest, tail)), _) => (p, t) = (rest, tail),
            (None, Some((after, from))) => {
                let Some((_, tail)) = from.split_first() else { return false };
                star = Some((after, tail));
                (p, t) = (after, tail);
            }
            (None, None) => return false,
        }
    }
}

/// The pattern after its first element, if that matches `c`.
fn one(pattern: &[u8], c: u8) -> Option<&[u8]> {
    match pattern {
        [b'?', rest @ ..] => Some(rest),
        [b'\\', literal, rest @ ..] => (*literal == c).then_some(rest),
        [b'[', rest @ ..] => class(rest, c),
        [literal, rest @ ..] => (*literal == c).then_some(rest),
        [] => None,
    }
}

/// A class after its `[`: the pattern after its `]`, if `c` is in it.
fn class(pattern: &[u8], c: u8) -> Option<&[u8]> {
    let (negated, mut rest) = match pattern {
        [b'!', rest @ ..] => (true, rest),
        _ => (false, pattern),
    };
    let mut found = false;
    let mut first = true;
    loop {
        match rest {
            [b']', tail @ ..] if !first => return (found != negated).then_some(tail),
            [low, b'-', high, tail @ ..] if *high != b']' => {
                found |= (*low..=*high).contains(&c);
                rest = tail;
            }
            [literal, tail @ ..] => {
                found |= *literal == c;
                rest = tail;
            }
            [] => return None,
        }
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_the_shells_do() {
        for (pattern, text, expected) in [
            ("", "x", true),
            ("php*", "php9915", true),
            ("*-entry", "function-entry", true),
            ("*-entry", "function-return", false),
            ("f?o", "foo", true),
            ("f?o", "fo", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]x]", "]", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("[ab", "a", false),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxbxxaxxc", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(!matches(&"a*".repeat(40), &"a".repeat(39)));
    }
}
