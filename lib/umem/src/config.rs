//! The options in force, read once from the environment, or from what the program's own functions return.
use core::ffi::{CStr, c_char};

use crate::cell::Global;
use crate::options::{self, Options, Variable};
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
    let sources: [(&str, Variable, Option<sys::OwnOptions>); 3] = [
        ("UMEM_DEBUG", Variable::Debug, sys::own_debug()),
        ("UMEM_OPTIONS", Variable::Options, sys::own_options()),
        ("UMEM_LOGGING", Variable::Logging, sys::own_logging()),
    ];
    let secure = sys::is_secure();
    for (name, variable, own) in sources {
        let text = if secure { None } else { sys::variable(name.as_bytes(), buffer) };
        let text = text.or_else(|| own.and_then(called));
        let mut unknown = |_: &[u8]| ();
        options::read(o, variable, text.unwrap_or_default(), &mut unknown);
    }
    if o.verbose {
        for (name, variable, _) in sources {
            options::read(&mut o.clone(), variable, sys::variable(name.as_bytes(), buffer).unwrap_or_default(), |word| {
                let word = core::str::from_utf8(word).unwrap_or("?");
                report::say(format_args!("{name}: '{word}' not recognized\n"));
            });
        }
    }
}

fn called(own: sys::OwnOptions) -> Option<&'static [u8]> {
    // SAFETY: the program defines the function to return a string that stays, or null.
    unsafe {
        let text: *const c_char = own();
        (!text.is_null()).then(|| CStr::from_ptr(text).to_bytes())
    }
}
