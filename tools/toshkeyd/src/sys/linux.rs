//! Linux: evdev devices, and the `toshiba_acpi` driver's door to the HCI.
use crate::hci::Regs;
use base::fail::{Fail, Result};
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;

const DEVICES: &str = "/dev/input";
/// What there is without such a device.
const OTHERWISE: &str = "name a source, such as a file, or - for standard input";
/// The name that the driver `toshiba_acpi` gives its device.
const NAME: &str = "Toshiba input device";
/// `EVIOCGNAME(64)` of linux/input.h: `_IOC(_IOC_READ, 'E', 0x06, 64)`.
const EVIOCGNAME_64: libc::c_ulong = 0x8040_4506;
/// `TOSH_SMM` of linux/toshiba.h: `_IOWR('t', 0x90, SMMRegisters)`.
const TOSH_SMM: libc::c_ulong = 0xc018_7490;

/// The input device of the Toshiba driver: its path and the device, open.
///
/// # Errors
/// There is none, or none among those that may be read.
pub fn find() -> Result<(String, File)> {
    let mut refused = None;
    let entries = fs::read_dir(DEVICES).map_err(|e| Fail::Other(format!("{}: {OTHERWISE}", Fail::Io(DEVICES.into(), e))))?;
    for entry in entries {
        let path = entry.map_err(Fail::on(DEVICES))?.path().display().to_string();
        if !path.starts_with("/dev/input/event") {
            continue;
        }
        match super::open(&path) {
            Ok(file) if name(&file).is_some_and(|n| n == NAME.as_bytes()) => return Ok((path, file)),
            Ok(_) => {}
            Err(e) => refused = Some(Fail::Io(path, e)),
        }
    }
    Err(match refused {
        Some(why) => Fail::Other(format!("no \"{NAME}\" among the devices that may be read: {why}")),
        None => Fail::Other(format!("{DEVICES}: no \"{NAME}\" here: is the module toshiba_acpi loaded? Otherwise {OTHERWISE}")),
    })
}

fn name(file: &File) -> Option<Vec<u8>> {
    let mut text = [0u8; 64];
    // SAFETY: EVIOCGNAME(64) writes at most 64 bytes, which `text` has; other devices refuse the call with ENOTTY.
    let n = unsafe { libc::ioctl(file.as_raw_fd(), EVIOCGNAME_64, text.as_mut_ptr()) };
    let n = usize::try_from(n).ok()?;
    Some(text.get(..n)?.split(|b| *b == 0).next()?.to_vec())
}

/// Refuses to poll the event queue where the driver does it: each key would reach only one of the two.
///
/// # Errors
/// The driver's input device is there.
pub fn free() -> Result<()> {
    match find() {
        Ok((path, _)) => Err(Fail::Other(format!("hci: {path} has these keys: leave the source out to read that"))),
        Err(_) => Ok(()),
    }
}

/// One HCI call through `/dev/toshiba_acpi`.
pub fn call(file: &File, regs: Regs) -> io::Result<Regs> {
    let mut words = [regs.eax, regs.ebx, regs.ecx, regs.edx, 0, 0];
    // SAFETY: TOSH_SMM reads and writes six 32-bit words, which `words` has.
    if unsafe { libc::ioctl(file.as_raw_fd(), TOSH_SMM, words.as_mut_ptr()) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let [eax, ebx, ecx, edx, ..] = words;
    Ok(Regs { eax, ebx, ecx, edx })
}
