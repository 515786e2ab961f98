//! What is mapped where: the lines of `/proc/PID/maps` (proc_pid_maps(5)), or a core's segments.

/// One mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// First address.
    pub(crate) start: u64,
    /// Address after the last.
    pub(crate) end: u64,
    /// May be read.
    pub(crate) read: bool,
    /// May be written.
    pub(crate) write: bool,
    /// Where in the file it begins.
    pub(crate) offset: u64,
    /// The file, as the process sees it; `[stack]` and the like; empty for none.
    pub(crate) path: String,
}

impl Mapping {
    /// Bytes.
    pub(crate) fn len(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether `addr` is in it.
    pub(crate) fn holds(&self, addr: u64) -> bool {
        self.start <= addr && addr < self.end
    }
}

/// Parses the whole text; lines that are none of its form are left out.
pub(crate) fn parse(text: &str) -> Vec<Mapping> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Mapping> {
    // start-end perms offset device inode        path
    let mut fields = line.splitn(6, ' ');
    let (start, end) = fields.next()?.split_once('-')?;
    let perms = fields.next()?.as_bytes();
    let offset = fields.next()?;
    let path = fields.nth(2).unwrap_or_default().trim_start();
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    let hex = |s| u64::from_str_radix(s, 16).ok();
    Some(Mapping {
        start: hex(start)?,
        end: hex(end)?,
        read: perms.first() == Some(&b'r'),
        write: perms.get(1) == Some(&b'w'),
        offset: hex(offset)?,
        path: path.replace("\\012", "\n"),
    })
}

/// The mapping that holds `addr`; `maps` is in order.
pub(crate) fn at(maps: &[Mapping], addr: u64) -> Option<&Mapping> {
    let i = maps.partition_point(|m| m.end <= addr);
    maps.get(i).filter(|m| m.holds(addr))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
55e0a0000000-55e0a0001000 r--p 00000000 fd:01 1234                       /usr/bin/a b (deleted)
7f0000000000-7f0000100000 rw-p 00000000 00:00 0 
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
what is this
";

    #[test]
    fn lines() {
        let maps = parse(TEXT);
        assert_eq!(maps.len(), 3);
        let first = Mapping {
            start: 0x55e0_a000_0000,
            end: 0x55e0_a000_1000,
            read: true,
            write: false,
            offset: 0,
            path: "/usr/bin/a b".into(),
        };
        assert_eq!(maps[0], first);
        assert_eq!(maps[1].path, "");
        assert!(maps[1].write);
        assert_eq!(at(&maps, 0x7ffd_0000_0010).unwrap().path, "[stack]");
        assert_eq!(at(&maps, 0x7f00_0010_0000), None);
    }
}
