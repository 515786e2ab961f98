//! Probes for tracers: `duologin:::start`, `preauth`, `prompt` and `decision`.
#![allow(unsafe_code, reason = "a probe is an instruction for tracers to replace")]
#[cfg(target_os = "linux")]
use linux as os;
#[cfg(not(target_os = "linux"))]
use usdt_crate as os;

/// A login begins: the user's name at Duo, the client's address.
pub fn start(user: &str, host: &str) {
    os::start(user, host);
}

/// /preauth has been answered: the user, `ok` or `failed`.
pub fn preauth(user: &str, outcome: &str) {
    os::preauth(user, outcome);
}

/// The user is asked.
pub fn prompt(user: &str) {
    os::prompt(user);
}

/// The decision: the user, what decided, 1 if allowed.
pub fn decision(user: &str, factor: &str, allowed: bool) {
    os::decision(user, factor, allowed);
}

/// The notes that SystemTap, bpftrace, perf and phptrace read (sys/sdt.h, version 3), written here because the crate usdt
/// lets no probe be called `start`. They have no counter of tracers: four probes in a login need none, and where the linker
/// has two segments share a page of the file, the kernel counts in the wrong one.
#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::CString;

    /// The registers of a probe's arguments, as the notes name them.
    #[cfg(target_arch = "x86_64")]
    macro_rules! place {
        (0) => {
            "8@%rdi"
        };
        (1) => {
            " 8@%rsi"
        };
        (2) => {
            " 8@%rdx"
        };
    }
    #[cfg(target_arch = "aarch64")]
    macro_rules! place {
        (0) => {
            "8@x0"
        };
        (1) => {
            " 8@x1"
        };
        (2) => {
            " 8@x2"
        };
    }

    macro_rules! probe {
        ($name:ident($($arg:ident: $type:ty = $n:tt),*)) => {
            #[inline(never)]
            pub(super) fn $name($($arg: $type),*) {
                $(let $arg = Argument::from($arg);)*
                let values = [$($arg.value()),*];
                let at = |n: usize| values.get(n).copied().unwrap_or_default();
                // SAFETY: one nop; the arguments' memory outlives it, and what a tracer does there changes nothing here.
                unsafe {
                    #[cfg(target_arch = "x86_64")]
                    note!($name, concat!($(place!($n)),*), in("rdi") at(0), in("rsi") at(1), in("rdx") at(2));
                    #[cfg(target_arch = "aarch64")]
                    note!($name, concat!($(place!($n)),*), in("x0") at(0), in("x1") at(1), in("x2") at(2));
                }
            }
        };
    }

    macro_rules! note {
        ($name:ident, $places:expr, $($operand:tt)*) => {
            std::arch::asm!(
                "990: nop",
                ".pushsection .note.stapsdt, \"\", \"note\"",
                ".balign 4",
                ".4byte 992f-991f, 994f-993f, 3",
                "991: .asciz \"stapsdt\"",
                "992: .balign 4",
                "993: .8byte 990b",
                ".8byte _.stapsdt.base",
                ".8byte 0",
                ".asciz \"duologin\"",
                concat!(".asciz \"", stringify!($name), "\""),
                concat!(".asciz \"", $places, "\""),
                "994: .balign 4",
                ".popsection",
                // What a prelinked program's addresses are compared with; once.
                ".ifndef _.stapsdt.base",
                ".pushsection .stapsdt.base, \"aGR\", \"progbits\", .stapsdt.base, comdat",
                ".weak _.stapsdt.base",
                ".hidden _.stapsdt.base",
                "_.stapsdt.base: .space 1",
                ".size _.stapsdt.base, 1",
                ".popsection",
                ".endif",
                $($operand)*,
                options(readonly, nostack, preserves_flags)
            )
        };
    }

    /// An argument, a string ended by NUL, for as long as the probe fires.
    enum Argument {
        Text(CString),
        Number(u64),
    }

    impl Argument {
        fn value(&self) -> u64 {
            match self {
                Self::Text(text) => text.as_ptr().addr() as u64,
                Self::Number(number) => *number,
            }
        }
    }

    impl From<&str> for Argument {
        fn from(text: &str) -> Self {
            Self::Text(CString::new(text).unwrap_or_default())
        }
    }

    impl From<bool> for Argument {
        fn from(flag: bool) -> Self {
            Self::Number(flag.into())
        }
    }

    probe!(start(user: &str = 0, host: &str = 1));
    probe!(preauth(user: &str = 0, outcome: &str = 1));
    probe!(prompt(user: &str = 0));
    probe!(decision(user: &str = 0, factor: &str = 1, allowed: bool = 2));
}

/// DTrace; the first probe is called `begin` there.
#[cfg(not(target_os = "linux"))]
#[allow(missing_docs, clippy::all, reason = "generated")]
mod usdt_crate {
    #[usdt::provider(provider = "duologin")]
    mod duologin {
        fn begin(user: &str, host: &str) {}
        fn preauth(user: &str, outcome: &str) {}
        fn prompt(user: &str) {}
        fn decision(user: &str, factor: &str, allowed: u8) {}
    }

    pub(super) fn start(user: &str, host: &str) {
        duologin::begin!(|| (user, host));
    }

    pub(super) fn preauth(user: &str, outcome: &str) {
        duologin::preauth!(|| (user, outcome));
    }

    pub(super) fn prompt(user: &str) {
        duologin::prompt!(|| user);
    }

    pub(super) fn decision(user: &str, factor: &str, allowed: bool) {
        duologin::decision!(|| (user, factor, u8::from(allowed)));
    }
}
