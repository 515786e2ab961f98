//! illumos: the `tosh_hci` driver, a door to the HCI.
use crate::hci::Regs;
use base::fail::{Fail, Result};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// The driver's only call: runs the HCI with four registers.
const HCI_CALL: libc::c_int = 1;

/// There are no evdev devices here.
///
/// # Errors
/// Always; the message names the source to give.
pub fn find() -> Result<(String, File)> {
    Err(Fail::Usage("name the source: hci:/devices/pseudo/tosh_hci@0:tosh_hci, a file, or -".into()))
}

/// Nobody else reads the event queue.
///
/// # Errors
/// None.
pub fn free() -> Result<()> {
    Ok(())
}

/// One HCI call. The driver returns EAX (0, or the error in AH) and ECX.
pub fn call(file: &File, regs: Regs) -> io::Result<Regs> {
    let mut words = [regs.eax, regs.ebx, regs.ecx, regs.edx];
    // SAFETY: the driver reads and writes four 32-bit words, which `words` has.
    if unsafe { libc::ioctl(file.as_raw_fd(), HCI_CALL, words.as_mut_ptr()) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let [eax, ebx, ecx, edx] = words;
    Ok(Regs { eax, ebx, ecx, edx })
}
