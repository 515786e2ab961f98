//! Hotkey codes of the HCI and key names of `linux/input-event-codes.h`.
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What happened to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It went down.
    Press,
    /// It came up.
    Release,
    /// It is held down, and the input layer repeats it.
    Repeat,
}

impl Action {
    /// As it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Release => "release",
            Self::Repeat => "repeat",
        }
    }
}

/// The kernel's number for a key that it has no name for.
const KEY_UNKNOWN: u16 = 240;

/// In a hotkey code: the key came up.
const RELEASE: u16 = 0x80;

/// `NAME NUMBER` a line, from `linux/input-event-codes.h`.
const NAMES: &str = include_str!("keys.txt");

/// What Linux's `toshiba_acpi` driver calls the codes on most models.
const BUILT_IN: [(u16, &str); 24] = [
    (0x100, "KEY_FN"),
    (0x101, "KEY_MUTE"),
    (0x102, "KEY_ZOOMOUT"),
    (0x103, "KEY_ZOOMIN"),
    (0x10e, "KEY_BACKSPACE"),
    (0x10f, "KEY_TAB"),
    (0x12c, "KEY_KBDILLUMTOGGLE"),
    (0x139, "KEY_ZOOMRESET"),
    (0x13b, "KEY_COFFEE"),
    (0x13c, "KEY_BATTERY"),
    (0x13d, "KEY_SLEEP"),
    (0x13e, "KEY_SUSPEND"),
    (0x13f, "KEY_SWITCHVIDEOMODE"),
    (0x140, "KEY_BRIGHTNESSDOWN"),
    (0x141, "KEY_BRIGHTNESSUP"),
    (0x142, "KEY_WLAN"),
    (0x143, "KEY_TOUCHPAD_TOGGLE"),
    (0xb05, "KEY_PROG2"),
    (0xb06, "KEY_WWW"),
    (0xb07, "KEY_MAIL"),
    (0xb30, "KEY_STOP"),
    (0xb31, "KEY_PREVIOUSSONG"),
    (0xb32, "KEY_NEXTSONG"),
    (0xb33, "KEY_PLAYPAUSE"),
];

fn entries() -> impl Iterator<Item = (&'static str, u16)> {
    NAMES.lines().filter_map(|line| line.split_once(' ')).filter_map(|(name, number)| Some((name, number.parse().ok()?)))
}

/// The name as it stands in the table, or `None` for one that the kernel does not know.
#[must_use]
pub fn known(name: &str) -> Option<&'static str> {
    entries().map(|(known, _)| known).find(|known| *known == name)
}

/// The names by the kernel's numbers, made when the first is asked for.
static BY_NUMBER: LazyLock<BTreeMap<u16, &str>> = LazyLock::new(|| entries().map(|(name, number)| (number, name)).collect());

/// The name of a kernel key number.
fn named(number: u16) -> Option<&'static str> {
    BY_NUMBER.get(&number).copied()
}

/// A hotkey code from text: hexadecimal after `0x`, at most 16 bits.
#[must_use]
pub fn code(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    if digits.starts_with('+') { None } else { u16::from_str_radix(digits, 16).ok() }
}

/// Splits a code of the HCI's event queue into the key's own code and what happened to it.
///
/// Bit 7 says release, but for Fn alone, which is `1ff` down and `100` up.
#[must_use]
pub fn split(code: u16) -> (u16, Action) {
    match code {
        0x1ff => (0x100, Action::Press),
        0x100 => (0x100, Action::Release),
        c if c & RELEASE != 0 => (c & !RELEASE, Action::Release),
        c => (c, Action::Press),
    }
}

/// Which key a code stands for: the configuration's word, then the kernel's, then the built-in table's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap(pub BTreeMap<u16, &'static str>);

impl Keymap {
    /// The name of a key of which the hotkey code, the kernel's number or both are known.
    #[must_use]
    pub fn name(&self, code: Option<u16>, number: Option<u16>) -> &'static str {
        let own = code.and_then(|c| self.0.get(&c).copied());
        let kernel = || number.filter(|n| *n != KEY_UNKNOWN).and_then(named);
        let built_in = || BUILT_IN.iter().find(|(c, _)| Some(*c) == code).map(|(_, name)| *name);
        own.or_else(kernel).or_else(built_in).unwrap_or("KEY_UNKNOWN")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_names_are_the_kernels() {
        for (c, name) in BUILT_IN {
            assert_eq!(known(name), Some(name), "{c:#x}");
        }
        assert_eq!(
            (named(225), named(224), named(KEY_UNKNOWN)),
            (Some("KEY_BRIGHTNESSUP"), Some("KEY_BRIGHTNESSDOWN"), Some("KEY_UNKNOWN"))
        );
        assert_eq!((named(0), known("KEY_"), known("XF86Mail")), (None, None, None));
    }

    #[test]
    fn codes() {
        for (text, want) in [("0x141", Some(0x141)), ("0XB05", Some(0xb05)), ("0xffff", Some(0xffff))] {
            assert_eq!(code(text), want, "{text}");
        }
        for text in ["", "0x", "0x+1", "0x-1", "141", "0x10000", "0x1g", "x141", "0x 1"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn bit_7_is_release_but_for_fn_alone() {
        assert_eq!(split(0x141), (0x141, Action::Press));
        assert_eq!(split(0x1c1), (0x141, Action::Release));
        assert_eq!(split(0x1ff), (0x100, Action::Press));
        assert_eq!(split(0x100), (0x100, Action::Release));
        assert_eq!(split(0xb85), (0xb05, Action::Release));
    }

    #[test]
    fn configuration_before_kernel_before_table() {
        let mut map = Keymap::default();
        assert_eq!(map.name(Some(0x13c), None), "KEY_BATTERY");
        assert_eq!(map.name(Some(0x13c), Some(KEY_UNKNOWN)), "KEY_BATTERY");
        assert_eq!(map.name(Some(0x13c), Some(236)), "KEY_BATTERY");
        assert_eq!(map.name(Some(0x13c), Some(224)), "KEY_BRIGHTNESSDOWN");
        assert_eq!(map.name(Some(0x777), None), "KEY_UNKNOWN");
        assert_eq!(map.name(None, Some(30)), "KEY_A");
        map.0.insert(0x13c, "KEY_MUTE");
        assert_eq!(map.name(Some(0x13c), Some(224)), "KEY_MUTE");
    }
}
