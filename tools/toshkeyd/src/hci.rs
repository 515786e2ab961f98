//! Toshiba's Hardware Configuration Interface: its event queue, polled where no driver delivers the keys as input events,
//! and the panel's brightness.
use std::io;
use std::time::Duration;

/// The registers of a call; the results come back in them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regs {
    /// The operation; afterwards the result code.
    pub eax: u32,
    /// The HCI register that is meant.
    pub ebx: u32,
    /// The value.
    pub ecx: u32,
    /// A second value, 0 here.
    pub edx: u32,
}

// Operations, registers and results, as Linux's toshiba_acpi.c names them.
const HCI_GET: u32 = 0xfe00;
const HCI_SET: u32 = 0xff00;
const SYSTEM_EVENT: u32 = 0x16;
const SUCCESS: u32 = 0x0000;
const NOT_SUPPORTED: u32 = 0x8000;
const FIFO_EMPTY: u32 = 0x8c00;
const NOT_INITIALISED: u32 = 0x8d50;

/// The brightness of the panel, in bits 15..13 of CX.
const LCD_BRIGHTNESS: u32 = 0x2a;
const BRIGHTNESS_SHIFT: u32 = 13;
/// The highest level of brightness.
pub const BRIGHTEST: u32 = 7;

/// The shortest sleep, after a key.
const BUSY: Duration = Duration::from_millis(20);
/// The longest.
const IDLE: Duration = Duration::from_secs(1);

/// The queue, over anything that makes HCI calls.
pub struct Queue<C: FnMut(Regs) -> io::Result<Regs>> {
    call: C,
    pause: Duration,
}

impl<C: FnMut(Regs) -> io::Result<Regs>> Queue<C> {
    /// Lets the firmware queue events.
    pub fn enable(call: C) -> io::Result<Self> {
        let mut queue = Self { call, pause: IDLE };
        queue.set(1)?;
        Ok(queue)
    }

    /// The codes that are in the queue now.
    pub fn drain(&mut self) -> io::Result<Vec<u16>> {
        let mut codes = Vec::new();
        while let Some(code) = self.next()? {
            codes.push(code);
        }
        self.pause = if codes.is_empty() { (self.pause * 2).min(IDLE) } else { BUSY };
        Ok(codes)
    }

    /// How long to sleep before the next look: keys come in bursts.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.pause
    }

    /// Leaves the firmware as it was found.
    pub fn disable(&mut self) -> io::Result<()> {
        self.set(0)
    }

    fn set(&mut self, on: u32) -> io::Result<()> {
        match self.result(HCI_SET, on)? {
            (SUCCESS, _) => Ok(()),
            (code, _) => Err(refused("system events", code)),
        }
    }

    fn next(&mut self) -> io::Result<Option<u16>> {
        let mut result = self.result(HCI_GET, 0)?;
        if matches!(result.0, NOT_SUPPORTED | NOT_INITIALISED) {
            // Some machines forget over a suspend that events were enabled.
            self.set(1)?;
            result = self.result(HCI_GET, 0)?;
        }
        match result {
            (SUCCESS, event) => Ok(Some(event)),
            (FIFO_EMPTY, _) => Ok(None),
            (code, _) => Err(refused("event queue", code)),
        }
    }

    /// Result code and CX.
    fn result(&mut self, operation: u32, value: u32) -> io::Result<(u32, u16)> {
        let regs = (self.call)(Regs { eax: operation, ebx: SYSTEM_EVENT, ecx: value, edx: 0 })?;
        let [low, high, ..] = regs.ecx.to_le_bytes();
        Ok((regs.eax & 0xff00, u16::from_le_bytes([low, high])))
    }
}

/// The level of the panel's brightness, 0 to [`BRIGHTEST`].
pub fn level(mut call: impl FnMut(Regs) -> io::Result<Regs>) -> io::Result<u32> {
    let regs = call(Regs { eax: HCI_GET, ebx: LCD_BRIGHTNESS, ..Regs::default() })?;
    match regs.eax & 0xff00 {
        SUCCESS => Ok((regs.ecx >> BRIGHTNESS_SHIFT) & BRIGHTEST),
        code => Err(refused("brightness", code)),
    }
}

/// Sets the level of the panel's brightness.
pub fn set_level(mut call: impl FnMut(Regs) -> io::Result<Regs>, level: u32) -> io::Result<()> {
    let ecx = level.min(BRIGHTEST) << BRIGHTNESS_SHIFT;
    match call(Regs { eax: HCI_SET, ebx: LCD_BRIGHTNESS, ecx, edx: 0 })?.eax & 0xff00 {
        SUCCESS => Ok(()),
        code => Err(refused("brightness", code)),
    }
}

fn refused(what: &str, code: u32) -> io::Error {
    io::Error::other(format!("{what}: the firmware answers {code:#06x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::VecDeque;

    /// A firmware of a few lines: the queue works once it is enabled.
    struct Firmware {
        on: bool,
        keys: VecDeque<u16>,
    }

    fn answer(f: &RefCell<Firmware>, r: Regs) -> Regs {
        let mut f = f.borrow_mut();
        assert_eq!(r.ebx, SYSTEM_EVENT);
        let (eax, ecx) = match r.eax {
            HCI_SET => {
                f.on = r.ecx == 1;
                (SUCCESS, r.ecx)
            }
            HCI_GET if !f.on => (NOT_SUPPORTED, 0),
            HCI_GET => f.keys.pop_front().map_or((FIFO_EMPTY, 0), |k| (SUCCESS, k.into())),
            _ => (NOT_SUPPORTED, 0),
        };
        Regs { eax, ecx, ..r }
    }

    #[test]
    fn drains_enables_again_and_backs_off() {
        let firmware = RefCell::new(Firmware { on: false, keys: [0x141, 0x1c1].into() });
        let mut queue = Queue::enable(|r| Ok(answer(&firmware, r))).unwrap();
        assert_eq!(queue.drain().unwrap(), [0x141, 0x1c1]);
        assert_eq!(queue.pause(), BUSY);
        firmware.borrow_mut().on = false;
        firmware.borrow_mut().keys.push_back(0xb05);
        assert_eq!(queue.drain().unwrap(), [0xb05]);
        for ms in [40, 80, 160, 320, 640, 1000, 1000] {
            assert_eq!(queue.drain().unwrap(), []);
            assert_eq!(queue.pause(), Duration::from_millis(ms));
        }
        queue.disable().unwrap();
        assert!(!firmware.borrow().on);
    }

    #[test]
    fn brightness_is_in_the_top_bits_and_a_refusal_is_no_level() {
        assert_eq!(level(|r| Ok(Regs { eax: 0, ecx: 0xbfff, ..r })).unwrap(), 5);
        assert_eq!(
            level(|r| Ok(Regs { eax: 0x8000, ecx: 0, ..r })).unwrap_err().to_string(),
            "brightness: the firmware answers 0x8000"
        );
        let mut seen = Regs::default();
        let keep = |r: Regs| {
            seen = r;
            Ok(Regs { eax: 0, ..r })
        };
        set_level(keep, 9).unwrap();
        assert_eq!(seen, Regs { eax: HCI_SET, ebx: LCD_BRIGHTNESS, ecx: 0xe000, edx: 0 });
    }

    #[test]
    fn a_firmware_without_events_is_an_error() {
        let e = Queue::enable(|r| Ok(Regs { eax: 0x8000, ..r })).err().unwrap();
        assert_eq!(e.to_string(), "system events: the firmware answers 0x8000");
    }
}
