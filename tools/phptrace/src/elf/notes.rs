//! USDT probes as systemtap's `sys/sdt.h` records them: notes named `stapsdt`, type 3.
use super::Elf;
use object::{Object as _, ObjectSection as _, ReadRef};

/// `NT_STAPSDT`
const KIND: u32 = 3;

/// A probe site of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// Provider, as written.
    pub provider: String,
    /// Name, as written: `function__entry`.
    pub name: String,
    /// Virtual address of the site, before relocation.
    pub address: u64,
    /// Offset of the site in the file.
    pub offset: u64,
    /// Offset of its semaphore in the file, 0 without one.
    pub semaphore: u64,
    /// Where its arguments are, for [`super::args::parse`].
    pub args: String,
}

/// The probe sites of a file, in the order of the notes. Notes that point outside the file are left out.
///
/// # Errors
/// Says what is wrong with the section.
pub(crate) fn read<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>) -> Result<Vec<Note>, String> {
    let Some(section) = elf.file.section_by_name(".note.stapsdt") else { return Ok(Vec::new()) };
    let data = section.data().map_err(|e| format!(".note.stapsdt: {e}"))?;
    // The base section's address moves when prelink moves the file; each note records the address it had when linked.
    let base = elf.file.section_by_name(".stapsdt.base").map(|s| s.address());
    Ok(Notes(data).filter_map(|description| note(elf, description, base)).collect())
}

fn note<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, description: &[u8], base: Option<u64>) -> Option<Note> {
    let raw = description_fields(description)?;
    let moved = base.filter(|_| raw.base != 0).map_or(0, |b| b.wrapping_sub(raw.base));
    let address = raw.location.wrapping_add(moved);
    let semaphore = if raw.semaphore == 0 { 0 } else { elf.file_offset(raw.semaphore.wrapping_add(moved))? };
    let offset = elf.file_offset(address)?;
    Some(Note { provider: raw.provider, name: raw.name, address, offset, semaphore, args: raw.args })
}

#[derive(Debug, PartialEq, Eq)]
struct Fields {
    location: u64,
    base: u64,
    semaphore: u64,
    provider: String,
    name: String,
    args: String,
}

/// Three addresses, then three strings.
fn description_fields(description: &[u8]) -> Option<Fields> {
    let (location, rest) = address(description)?;
    let (base, rest) = address(rest)?;
    let (semaphore, rest) = address(rest)?;
    let mut strings = rest.split(|&b| b == 0).map(|s| String::from_utf8(s.to_vec()).ok());
    let provider = strings.next()??;
    let name = strings.next()??;
    let args = strings.next()??;
    (!provider.is_empty() && !name.is_empty()).then_some(Fields { location, base, semaphore, provider, name, args })
}

fn address(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (head, rest) = bytes.split_first_chunk()?;
    Some((u64::from_le_bytes(*head), rest))
}

/// Descriptions of the `stapsdt` notes in a section; ends at the first that is cut off.
struct Notes<'a>(&'a [u8]);

impl<'a> Iterator for Notes<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let (head, rest) = self.0.split_first_chunk::<12>()?;
            let word = |at: usize| head.get(at..)?.first_chunk().map(|w| u32::from_le_bytes(*w));
            let name_size = usize::try_from(word(0)?).ok()?;
            let size = usize::try_from(word(4)?).ok()?;
            let name = rest.get(..name_size)?;
            let description = rest.get(name_size.checked_next_multiple_of(4)?..)?.get(..size)?;
            let end = name_size.checked_next_multiple_of(4)?.checked_add(size.checked_next_multiple_of(4)?)?;
            self.0 = rest.get(end..).unwrap_or_default();
            if name == b"stapsdt\0" && word(8)? == KIND {
                return Some(description);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(location: u64, strings: &[u8]) -> Vec<u8> {
        let mut d = Vec::new();
        for word in [location, 0x466b90, 0x5738ba] {
            d.extend_from_slice(&u64::to_le_bytes(word));
        }
        d.extend_from_slice(strings);
        d
    }

    fn section(name: &[u8], kind: u32, description: &[u8]) -> Vec<u8> {
        let mut s = Vec::new();
        for word in [name.len(), description.len(), kind as usize] {
            s.extend_from_slice(&u32::try_from(word).unwrap().to_le_bytes());
        }
        for part in [name, description] {
            s.extend_from_slice(part);
            s.resize(s.len().next_multiple_of(4), 0);
        }
        s
    }

    #[test]
    fn reads_stapsdt_and_passes_over_others() {
        let wanted = description(0x2f191f, b"php\0function__entry\08@%rax -4@%r13d\0");
        let mut all = section(b"GNU\0", 3, b"abcdefgh");
        all.extend(section(b"stapsdt\0", 3, &wanted));
        let found: Vec<_> = Notes(&all).map(|d| description_fields(d).unwrap()).collect();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].location, found[0].semaphore), (0x2f191f, 0x5738ba));
        assert_eq!((found[0].name.as_str(), found[0].args.as_str()), ("function__entry", "8@%rax -4@%r13d"));
    }

    #[test]
    fn every_cut_and_every_changed_byte_ends_quietly() {
        let all = section(b"stapsdt\0", 3, &description(1, b"p\0n\0\0"));
        for cut in 0..all.len() {
            assert!(Notes(&all[..cut]).count() <= 1);
        }
        for at in 0..all.len() {
            for bit in 0..8 {
                let mut broken = all.clone();
                broken[at] ^= 1 << bit;
                let _ = Notes(&broken).map(description_fields).count();
            }
        }
    }

    #[test]
    fn own_executable_parses() {
        let data = super::super::open(&std::env::current_exe().unwrap()).unwrap();
        let elf = super::super::parse(&data).unwrap();
        assert!(read(&elf).is_ok());
    }
}
