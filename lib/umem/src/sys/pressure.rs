//! The thread that gives memory back, and what wakes it.
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr::null_mut;

const STACK: usize = 128 << 10;
/// Wakes when some task waited for memory for 150 of 2000 milliseconds (microseconds here; unprivileged watchers may ask for whole 2 s only).
const TRIGGER: &[u8] = b"some 150000 2000000\0";

/// The kernel's word that memory is short (Linux 5.2); where there is none, only time passes.
pub(crate) struct Pressure(c_int);

impl Pressure {
    /// Begins to watch.
    pub(crate) fn watch() -> Self {
        // SAFETY: the kernel reads two strings.
        unsafe {
            let fd = libc::open(c"/proc/pressure/memory".as_ptr(), libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC);
            if fd >= 0 && libc::write(fd, TRIGGER.as_ptr().cast(), TRIGGER.len()) < 0 {
                libc::close(fd);
                return Self(-1);
            }
            Self(fd)
        }
    }

    /// Waits for so many milliseconds, or until memory is short: then true.
    pub(crate) fn wait(&self, millis: u64) -> bool {
        let mut fd = libc::pollfd { fd: self.0, events: libc::POLLPRI, revents: 0 };
        // SAFETY: poll writes the record only.
        let n = unsafe { libc::poll(&raw mut fd, 1, c_int::try_from(millis).unwrap_or(c_int::MAX)) };
        if n > 0 && fd.revents & libc::POLLPRI == 0 {
            // The program closed it with all others.
            sleep(millis);
        }
        fd.revents & libc::POLLPRI != 0
    }
}

/// Lets so many milliseconds pass.
pub(crate) fn sleep(millis: u64) {
    // SAFETY: poll without descriptors.
    unsafe {
        libc::poll(null_mut(), 0, c_int::try_from(millis).unwrap_or(c_int::MAX));
    }
}

/// Starts a thread that takes no signal and nobody waits for; without the means there is none.
pub(crate) fn start_thread(f: extern "C" fn(*mut c_void) -> *mut c_void) {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut all, mut before) = (MaybeUninit::<libc::sigset_t>::uninit(), MaybeUninit::<libc::sigset_t>::uninit());
    let mut id = 0;
    // SAFETY: each is initialised by the call that precedes its use.
    unsafe {
        if libc::pthread_attr_init(attributes.as_mut_ptr()) != 0 {
            return;
        }
        libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK);
        libc::pthread_attr_setdetachstate(attributes.as_mut_ptr(), libc::PTHREAD_CREATE_DETACHED);
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
        libc::pthread_create(&raw mut id, attributes.as_ptr(), f, null_mut());
        libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), null_mut());
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
    }
}
