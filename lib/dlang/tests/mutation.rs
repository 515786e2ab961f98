//! No input makes the front end panic or run away: the conformance suite's programs, mutated without end by a fixed generator.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a case that cannot be read fails")]

use dlang::context::Context;
use dlang::cpp::{NoFiles, Options, preprocess};
use std::fs;
use std::path::Path;

/// A generator of numbers (splitmix64), the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
}

fn programs() -> Vec<Vec<u8>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/phptrace/d");
    let mut files: Vec<_> = fs::read_dir(home)
        .unwrap()
        .flatten()
        .filter(|e| e.path().is_dir())
        .flat_map(|e| fs::read_dir(e.path()).unwrap())
        .flatten()
        .map(|e| e.path())
        .collect();
    files.retain(|p| p.extension().is_some_and(|x| x == "d"));
    files.sort();
    files.iter().map(|f| fs::read(f).unwrap()).collect()
}

/// Words that are likely to reach the corners of the grammar.
const WORDS: &[&[u8]] = &[
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b"/",
    b"@",
    b"self->",
    b"this->",
    b"sizeof",
    b"struct s",
    b"*",
    b"&",
    b"->",
    b"?",
    b":",
    b",",
    b";",
    b"\"",
    b"'",
    b"\\",
    b"%",
    b"%@d",
    b"0x",
    b"9223372036854775808",
    b"-1",
    b"#pragma D option ",
    b"inline int x =",
    b"if (",
    b"else",
    b"xlate <",
    b"translator",
    b"typedef",
    b"int ",
    b"char[",
    b"\n",
    b"$1",
    b"$$x",
    b"`",
    b"stack()",
    b"lquantize(",
    b"\xff",
    b"\0",
    b"#if ",
    b"#define f(x) ",
    b"##",
    b"printf(",
];

fn mutate(text: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(6) {
            0 if at < text.len() => text[at] = numbers.next().to_le_bytes()[0],
            1 => text.truncate(at),
            2 => {
                let word = WORDS[numbers.below(WORDS.len())];
                text.splice(at..at, word.iter().copied());
            }
            3 => {
                let end = (at + numbers.below(20)).min(text.len());
                text.drain(at..end);
            }
            4 => {
                let from = numbers.below(other.len());
                let to = (from + numbers.below(60)).min(other.len());
                text.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let end = (at + numbers.below(40)).min(text.len());
                let copy = text[at..end].to_vec();
                text.splice(at..at, copy);
            }
        }
    }
}

#[test]
fn mutated_programs_never_panic() {
    let programs = programs();
    assert!(programs.len() > 500);
    let mut numbers = Numbers(1);
    let mut compiled = 0;
    for round in 0..10_000 {
        let mut text = programs[numbers.below(programs.len())].clone();
        let other = &programs[numbers.below(programs.len())];
        mutate(&mut text, other, &mut numbers);
        let context =
            Context { arguments: vec!["x".into()], default_arguments: true, script: round % 2 == 0, ..Context::default() };
        compiled += usize::from(dlang::compile(&text, &context).is_ok());
        if round % 4 == 0 {
            let _ = preprocess(&text, "x", &Options::default(), &NoFiles);
        }
    }
    assert!(compiled > 200, "mutations leave some programs whole: {compiled}");
}
