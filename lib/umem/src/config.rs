//! The options in force, read once from the environment, or from what the program's own functions return.
use core::ffi::{CStr, c_char};

use crate::cell::Global;
use crate::options::{self, Bad, Options, Variable};
use crate::{report, sys};

/// Written by `init`, before any other thread can be here.
static OPTIONS: Global<Options> = Global::new(Options::DEFAULT);
const ENVIRONMENT: usize = 32 << 10;
/// Where the environment is read into before libc has it.
static BUFFER: Global<[u8; ENVIRONMENT]> = Global::new([0; ENVIRONMENT]);

/// The options in force.
pub(crate) fn get() -> &'static Options {
    // SAFETY: nobody writes after `init`.
    unsafe { &*OPTIONS.get() }
}

/// Reads the environment, which a program with more rights than its caller must not trust.
pub(crate) fn init() {
    // SAFETY: before any other thread can be here.
    let (o, buffer) = unsafe { (&mut *OPTIONS.get(), &mut *BUFFER.get()) };
    let sources: [(&str, Variable, Option<&[u8]>); 3] = [
        ("UMEM_DEBUG", Variable::Debug, sys::own_debug().and_then(called)),
        ("UMEM_OPTIONS", Variable::Options, sys::own_options().and_then(called)),
        ("UMEM_LOGGING", Variable::Logging, sys::own_logging().and_then(called)),
    ];
    let secure = sys::is_secure();
    // All variables are read before any message, which depends on them.
    for silent in [true, false] {
        for (name, variable, own) in sources {
            let text = if secure { None } else { sys::variable(name.as_bytes(), buffer) };
            let text = text.or(own).unwrap_or_default();
            if silent {
                options::read(o, variable, text, |_, _, _| ());
            } else {
                options::read(&mut o.clone(), variable, text, |word, all, why| tell(o.verbose, name, [word, all], why));
            }
        }
    }
}

/// Says why a word was not taken: for readers from outside, and to the user who asked for it.
fn tell(verbose: bool, variable: &str, words: [&[u8]; 2], why: Bad) {
    let [word, all] = words.map(|w| core::str::from_utf8(w).unwrap_or("?"));
    let say = if verbose { report::say } else { report::keep };
    match why {
        Bad::Unknown => say(format_args!("{variable}: '{all}' not recognized\n")),
        Bad::NoNumber => say(format_args!("{variable}: {word}: not a number\n")),
        Bad::NoValue => say(format_args!("{variable}: {word}: Required value missing\n")),
        Bad::Value => say(format_args!("{variable}: {word}: does not take a value. ignored\n")),
        Bad::Idle => say(format_args!("{variable}: {word}: not supported. ignored\n")),
    }
}

fn called(own: sys::OwnOptions) -> Option<&'static [u8]> {
    // SAFETY: the program defines the function to return a string that stays, or null.
    unsafe {
        let text: *const c_char = own();
        (!text.is_null()).then(|| CStr::from_ptr(text).to_bytes())
    }
}
