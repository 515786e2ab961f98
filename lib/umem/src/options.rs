//! The environment's words: UMEM_DEBUG, UMEM_OPTIONS, UMEM_LOGGING; umem_debug(3).
#![forbid(unsafe_code)]

use umem_abi::FRAMES;
use umem_abi::debug::{AUDIT, CONTENTS, FIREWALL, GUARDS, LITE, MTBF};

/// What the environment asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Bits of `umem_abi::debug`.
    pub(crate) debug: u64,
    pub(crate) frames: usize,
    /// Bytes of a free buffer that are filled and checked.
    pub(crate) contents: usize,
    /// Least size that gets a guard page.
    pub(crate) firewall: usize,
    pub(crate) mtbf: u32,
    pub(crate) verbose: bool,
    pub(crate) abort: bool,
    pub(crate) checknull: bool,
    /// Cap of what one thread caches.
    pub(crate) perthread: usize,
    /// Magazines of CPUs rather than of threads.
    pub(crate) cpucache: bool,
    /// Any process of the same user may read this one.
    pub(crate) ptrace: bool,
    /// Of 64 trips to a depot, how many may find it taken before its magazines grow.
    pub(crate) max_contention: u64,
    /// A thread gives back what is old.
    pub(crate) update: bool,
    /// Milliseconds over which a depot's working set is measured.
    pub(crate) reap_interval: u64,
    /// Bytes of the logs, 0 for none.
    pub(crate) transactions: usize,
    pub(crate) failures: usize,
    pub(crate) slabs: usize,
}

const LOG: usize = 64 << 10;
const PERTHREAD: usize = 1 << 20;

impl Options {
    pub(crate) const DEFAULT: Self = Self {
        debug: 0,
        frames: FRAMES,
        contents: 256,
        firewall: 0,
        mtbf: 0,
        verbose: false,
        abort: true,
        checknull: false,
        perthread: PERTHREAD,
        cpucache: false,
        ptrace: false,
        max_contention: 2,
        update: false,
        reap_interval: 10_000,
        transactions: 0,
        failures: 0,
        slabs: 0,
    };
}

/// Reads one variable's words into `o`; calls `unknown` with each that means nothing.
pub(crate) fn read(o: &mut Options, variable: Variable, text: &[u8], mut unknown: impl FnMut(&[u8])) {
    for word in text.split(|&b| b == b',').map(<[u8]>::trim_ascii).filter(|w| !w.is_empty()) {
        let (name, value) = match word.iter().position(|&b| b == b'=') {
            Some(i) => (word.get(..i).unwrap_or_default(), word.get(i + 1..)),
            None => (word, None),
        };
        let known = match variable {
            Variable::Debug => debug_word(o, name, value),
            Variable::Options => options_word(o, name, value),
            Variable::Logging => logging_word(o, name, value),
        };
        if known.is_none() {
            unknown(word);
        }
    }
}

/// The three variables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Variable {
    Debug,
    Options,
    Logging,
}

fn debug_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Option<()> {
    match name {
        b"default" => o.debug |= AUDIT | CONTENTS | GUARDS,
        b"audit" => {
            o.debug |= AUDIT;
            o.frames = or(value, FRAMES)?.min(FRAMES);
        }
        b"contents" => {
            o.debug |= CONTENTS | AUDIT | GUARDS;
            o.contents = or(value, 256)?;
        }
        b"maxverify" => o.contents = size(value?)?,
        b"guards" => o.debug |= GUARDS,
        b"lite" => o.debug |= LITE | GUARDS,
        b"firewall" => {
            o.debug |= FIREWALL;
            o.firewall = or(value, 0)?;
        }
        b"mtbf" => {
            o.debug |= MTBF;
            o.mtbf = u32::try_from(or(value, 0)?).ok()?;
        }
        b"verbose" | b"allverbose" => o.verbose = true,
        b"noabort" => o.abort = false,
        b"checknull" => o.checknull = true,
        b"nosignal" | b"random" => (),
        _ => return None,
    }
    Some(())
}

fn options_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Option<()> {
    match name {
        b"perthread_cache" => o.perthread = size(value?)?,
        b"nomagazines" => o.perthread = 0,
        b"reap_interval" => o.reap_interval = (size(value?)? as u64).saturating_mul(1000),
        b"cpucache" => o.cpucache = true,
        b"max_contention" => o.max_contention = size(value?)? as u64,
        b"update" => o.update = true,
        b"ptrace" => o.ptrace = true,
        // Of the original, without meaning here.
        b"backend" | b"allocator" | b"concurrency" | b"size_add" | b"size_remove" | b"size_clear" => (),
        _ => return None,
    }
    Some(())
}

fn logging_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Option<()> {
    let bytes = or(value, LOG)?;
    match name {
        b"transaction" | b"contents" => {
            o.transactions = bytes;
            o.debug |= AUDIT;
        }
        b"fail" => o.failures = bytes,
        b"slab" => o.slabs = bytes,
        _ => return None,
    }
    Some(())
}

fn or(value: Option<&[u8]>, default: usize) -> Option<usize> {
    value.map_or(Some(default), size)
}

/// A number with k, m, g or t behind it, decimal or hexadecimal.
fn size(text: &[u8]) -> Option<usize> {
    let (digits, shift) = match text.split_last()? {
        (b'k' | b'K', d) => (d, 10),
        (b'm' | b'M', d) => (d, 20),
        (b'g' | b'G', d) => (d, 30),
        (b't' | b'T', d) => (d, 40),
        _ => (text, 0),
    };
    let digits = core::str::from_utf8(digits).ok()?;
    let n = match digits.strip_prefix("0x") {
        Some(hex) => usize::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    n.ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn parsed(variable: Variable, text: &str) -> (Options, Vec<Vec<u8>>) {
        let (mut o, mut bad) = (Options::DEFAULT, Vec::new());
        read(&mut o, variable, text.as_bytes(), |w| bad.push(w.to_vec()));
        (o, bad)
    }

    #[test]
    fn words_set_what_the_manual_says() {
        let (o, bad) = parsed(Variable::Debug, "default, noabort,audit=3,firewall=0x1000,mtbf=50");
        assert_eq!((o.debug, o.frames, o.firewall, o.mtbf), (AUDIT | CONTENTS | GUARDS | FIREWALL | MTBF, 3, 4096, 50));
        assert!(!o.abort && bad.is_empty());
        let (o, bad) = parsed(Variable::Logging, "transaction=1m,fail");
        assert_eq!((o.transactions, o.failures, o.slabs, bad.len()), (1 << 20, 64 << 10, 0, 0));
        assert_eq!(parsed(Variable::Options, "perthread_cache=2k").0.perthread, 2048);
    }

    #[test]
    fn what_means_nothing_is_named_and_changes_nothing() {
        for text in ["xyzzy", "audit=x", "contents=", "mtbf=99999999999", "maxverify=99999999999999999999t", "maxverify"] {
            let (o, bad) = parsed(Variable::Debug, text);
            assert_eq!(bad, [text.as_bytes()], "{text}");
            assert_eq!(o.abort, Options::DEFAULT.abort);
        }
        assert_eq!(parsed(Variable::Options, ",, ,").1.len(), 0);
    }

    #[test]
    fn any_bytes_are_read_without_harm() {
        let mut s = 1_u64;
        for _ in 0..20_000 {
            let mut bytes = Vec::new();
            for _ in 0..12 {
                s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                bytes.push(b"audit=,0x9kmgt \xff\0"[(s >> 33) as usize % 16]);
            }
            for v in [Variable::Debug, Variable::Options, Variable::Logging] {
                read(&mut Options::DEFAULT.clone(), v, &bytes, |_| ());
            }
        }
    }
}
