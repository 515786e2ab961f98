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
    /// Bytes of a free buffer that are filled and checked, at most.
    pub(crate) maxverify: usize,
    /// Bytes of a freed buffer that the log of contents keeps.
    pub(crate) saved: usize,
    /// Least size that gets a guard page.
    pub(crate) firewall: usize,
    pub(crate) mtbf: u32,
    pub(crate) verbose: bool,
    pub(crate) abort: bool,
    /// An allocation that fails is a fault.
    pub(crate) checknull: bool,
    /// An allocation or free within a signal handler is a fault.
    pub(crate) nosignal: bool,
    /// Each cache looks for something else.
    pub(crate) random: bool,
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
    pub(crate) contents: usize,
    pub(crate) failures: usize,
    pub(crate) slabs: usize,
}

const LOG: usize = 64 << 10;
/// Bytes that the log of contents keeps of a buffer.
const SAVED: usize = 256;
const PERTHREAD: usize = 1 << 20;

impl Options {
    pub(crate) const DEFAULT: Self = Self {
        debug: 0,
        frames: FRAMES,
        maxverify: usize::MAX,
        saved: SAVED,
        firewall: 0,
        mtbf: 0,
        verbose: false,
        abort: true,
        checknull: false,
        nosignal: false,
        random: false,
        perthread: PERTHREAD,
        cpucache: false,
        ptrace: false,
        max_contention: 2,
        update: false,
        reap_interval: 10_000,
        transactions: 0,
        contents: 0,
        failures: 0,
        slabs: 0,
    };
}

/// Why a word was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    Unknown,
    NoNumber,
    NoValue,
    Value,
    /// Of the original, without meaning here.
    Idle,
}

/// Reads one variable's words into `o`; calls `bad` with each that is not taken: its name, all of it, and why.
pub(crate) fn read(o: &mut Options, variable: Variable, text: &[u8], mut bad: impl FnMut(&[u8], &[u8], Bad)) {
    for word in text.split(|&b| b == b',').map(<[u8]>::trim_ascii).filter(|w| !w.is_empty()) {
        let (name, value) = match word.iter().position(|&b| b == b'=') {
            Some(i) => (word.get(..i).unwrap_or_default(), word.get(i + 1..)),
            None => (word, None),
        };
        let taken = match variable {
            Variable::Debug => debug_word(o, name, value),
            Variable::Options => options_word(o, name, value),
            Variable::Logging => logging_word(o, name, value),
        };
        if let Err(why) = taken {
            bad(name, word, why);
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

type Taken = Result<(), Bad>;

fn debug_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Taken {
    match name {
        b"default" => o.debug |= flag(value, AUDIT | CONTENTS | GUARDS)?,
        b"audit" => {
            o.frames = or(value, FRAMES)?.min(FRAMES);
            o.debug |= AUDIT;
        }
        b"contents" => {
            o.saved = or(value, SAVED)?;
            o.debug |= AUDIT | CONTENTS | GUARDS;
        }
        b"guards" => o.debug |= flag(value, CONTENTS | GUARDS)?,
        b"lite" => o.debug |= flag(value, LITE | GUARDS)?,
        b"maxverify" => o.maxverify = size(needed(value)?)?,
        b"firewall" => {
            o.firewall = or(value, 0)?;
            o.debug |= FIREWALL;
        }
        b"mtbf" => {
            o.mtbf = u32::try_from(size(needed(value)?)?).map_err(|_| Bad::NoNumber)?;
            o.debug |= MTBF;
        }
        b"verbose" | b"allverbose" => o.verbose = flag(value, true)?,
        b"noabort" => o.abort = flag(value, false)?,
        b"checknull" => o.checknull = flag(value, true)?,
        b"nosignal" => {
            o.nosignal = flag(value, true)?;
            o.debug |= AUDIT;
        }
        b"random" => {
            o.random = flag(value, true)?;
            o.debug |= AUDIT | CONTENTS | GUARDS;
        }
        _ => return Err(Bad::Unknown),
    }
    Ok(())
}

fn options_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Taken {
    match name {
        b"perthread_cache" => o.perthread = size(needed(value)?)?,
        b"nomagazines" => o.perthread = flag(value, 0)?,
        b"reap_interval" => o.reap_interval = (size(needed(value)?)? as u64).saturating_mul(1000),
        b"cpucache" => o.cpucache = flag(value, true)?,
        b"max_contention" => o.max_contention = size(needed(value)?)? as u64,
        b"update" => o.update = flag(value, true)?,
        b"ptrace" => o.ptrace = flag(value, true)?,
        b"backend" | b"allocator" | b"concurrency" | b"size_add" | b"size_remove" | b"size_clear" => {
            return Err(Bad::Idle);
        }
        _ => return Err(Bad::Unknown),
    }
    Ok(())
}

fn logging_word(o: &mut Options, name: &[u8], value: Option<&[u8]>) -> Taken {
    let bytes = or(value, LOG);
    match name {
        b"transaction" => {
            o.transactions = bytes?;
            o.debug |= AUDIT;
        }
        b"contents" => {
            o.contents = bytes?;
            o.debug |= AUDIT;
        }
        b"fail" => o.failures = bytes?,
        b"slab" => o.slabs = bytes?,
        _ => return Err(Bad::Unknown),
    }
    Ok(())
}

/// What a word without a value stands for.
fn flag<T>(value: Option<&[u8]>, meaning: T) -> Result<T, Bad> {
    if value.is_none() { Ok(meaning) } else { Err(Bad::Value) }
}

fn needed(value: Option<&[u8]>) -> Result<&[u8], Bad> {
    value.ok_or(Bad::NoValue)
}

fn or(value: Option<&[u8]>, default: usize) -> Result<usize, Bad> {
    value.map_or(Ok(default), size)
}

/// A number with k, m, g or t behind it, decimal or hexadecimal.
fn size(text: &[u8]) -> Result<usize, Bad> {
    number(text).ok_or(Bad::NoNumber)
}

fn number(text: &[u8]) -> Option<usize> {
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

    fn parsed(variable: Variable, text: &str) -> (Options, Vec<(Vec<u8>, Bad)>) {
        let (mut o, mut bad) = (Options::DEFAULT, Vec::new());
        read(&mut o, variable, text.as_bytes(), |_, word, why| bad.push((word.to_vec(), why)));
        (o, bad)
    }

    #[test]
    fn words_set_what_the_manual_says() {
        let (o, bad) = parsed(Variable::Debug, "default, noabort,audit=3,firewall=0x1000,mtbf=50");
        assert_eq!((o.debug, o.frames, o.firewall, o.mtbf), (AUDIT | CONTENTS | GUARDS | FIREWALL | MTBF, 3, 4096, 50));
        assert!(!o.abort && bad.is_empty());
        let (o, bad) = parsed(Variable::Logging, "transaction=1m,fail");
        assert_eq!((o.transactions, o.contents, o.failures, o.slabs, bad.len()), (1 << 20, 0, 64 << 10, 0, 0));
        assert_eq!(parsed(Variable::Logging, "contents=2k").0.contents, 2048);
        let (o, bad) = parsed(Variable::Debug, "contents=64,maxverify=32,nosignal,random,checknull");
        assert_eq!((o.saved, o.maxverify, o.nosignal, o.random, o.checknull, bad.len()), (64, 32, true, true, true, 0));
        assert_eq!(parsed(Variable::Options, "perthread_cache=2k").0.perthread, 2048);
    }

    #[test]
    fn what_means_nothing_is_named_and_changes_nothing() {
        let words = [
            ("xyzzy", Bad::Unknown),
            ("audit=x", Bad::NoNumber),
            ("contents=", Bad::NoNumber),
            ("mtbf=99999999999", Bad::NoNumber),
            ("maxverify=99999999999999999999t", Bad::NoNumber),
            ("maxverify", Bad::NoValue),
            ("guards=1", Bad::Value),
        ];
        for (text, why) in words {
            let (o, bad) = parsed(Variable::Debug, text);
            assert_eq!(bad, [(text.as_bytes().to_vec(), why)]);
            assert_eq!(o, Options::DEFAULT, "{text}");
        }
        assert_eq!(parsed(Variable::Options, ",, ,").1.len(), 0);
        assert_eq!(parsed(Variable::Options, "backend=sbrk").1, [(b"backend=sbrk".to_vec(), Bad::Idle)]);
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
                read(&mut Options::DEFAULT.clone(), v, &bytes, |_, _, _| ());
            }
        }
    }
}
