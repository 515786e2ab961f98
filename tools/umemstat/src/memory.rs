//! Reading the memory of the process that is looked at, live or dead, through one small interface.
use crate::ranges::Range;
use base::fail::{Fail, Result};
use umem_abi::Record;

/// One stretch of memory wanted.
pub(crate) struct Piece<'a> {
    /// Its first address.
    pub(crate) addr: u64,
    /// Where it goes.
    pub(crate) to: &'a mut [u8],
    /// How much of it could be read, from its start.
    pub(crate) got: usize,
}

impl<'a> Piece<'a> {
    /// A stretch of `to.len()` bytes from `addr`.
    pub(crate) fn new(addr: u64, to: &'a mut [u8]) -> Self {
        Self { addr, to, got: 0 }
    }
}

/// The memory of a process: live ([`crate::process::Process`]) or in a core ([`crate::core_file::Core`]).
pub(crate) trait Memory {
    /// Fills the pieces as far as they are there, and says in each how far.
    ///
    /// # Errors
    /// The process ended, or may not be read.
    fn fill(&self, pieces: &mut [Piece]) -> Result<()>;

    /// Why what should be there could not be read, where more is known than `why`.
    fn missing(&self, why: Fail) -> Fail {
        why
    }

    /// The parts of a range that are worth reading: not the pages that were never touched, which reading would make the kernel
    /// provide.
    fn touched(&self, range: Range) -> Vec<Range> {
        vec![range]
    }
}

impl dyn Memory + '_ {
    /// `len` bytes from `addr`, all of them.
    pub(crate) fn bytes(&self, addr: u64, len: usize) -> Result<Vec<u8>> {
        let mut to = vec![0; len];
        self.read(addr, &mut to)?;
        Ok(to)
    }

    /// Fills `to` from `addr`, all of it.
    pub(crate) fn read(&self, addr: u64, to: &mut [u8]) -> Result<()> {
        let len = to.len();
        let mut piece = [Piece::new(addr, to)];
        self.fill(&mut piece)?;
        match piece {
            [p] if p.got == len => Ok(()),
            _ => Err(self.missing(Fail::Other(format!("cannot read {len} bytes at {addr:#x}")))),
        }
    }

    /// As much of `len` bytes from `addr` as there is.
    pub(crate) fn some(&self, addr: u64, len: usize) -> Result<Vec<u8>> {
        let mut to = vec![0; len];
        let mut piece = [Piece::new(addr, &mut to)];
        self.fill(&mut piece)?;
        let got = piece.iter().map(|p| p.got).sum();
        to.truncate(got);
        Ok(to)
    }

    /// One record of `size` bytes.
    pub(crate) fn record<R: Record>(&self, addr: u64, size: u64) -> Result<R> {
        Ok(R::parse(&self.bytes(addr, record_size(size)?)?))
    }

    /// Records of `size` bytes at many addresses, read together; `None` for those that cannot be read.
    pub(crate) fn records<R: Record>(&self, addrs: &[u64], size: usize) -> Result<Vec<Option<R>>> {
        let mut to = vec![0; addrs.len() * size];
        let mut pieces: Vec<_> = addrs.iter().zip(to.chunks_exact_mut(size)).map(|(&a, to)| Piece::new(a, to)).collect();
        self.fill(&mut pieces)?;
        Ok(pieces.iter().map(|p| (p.got == size).then(|| R::parse(p.to))).collect())
    }

    /// Stretches of memory of `len` bytes each, read together; shorter where they could not be read.
    pub(crate) fn stretches(&self, wanted: &[(u64, usize)]) -> Result<Vec<Vec<u8>>> {
        let mut to: Vec<_> = wanted.iter().map(|&(_, len)| vec![0; len]).collect();
        let mut pieces: Vec<_> = wanted.iter().zip(&mut to).map(|(&(a, _), to)| Piece::new(a, to)).collect();
        self.fill(&mut pieces)?;
        let got: Vec<_> = pieces.iter().map(|p| p.got).collect();
        for (to, got) in to.iter_mut().zip(got) {
            to.truncate(got);
        }
        Ok(to)
    }
}

/// A record's length as the process states it; absurd ones are refused.
pub(crate) fn record_size(size: u64) -> Result<usize> {
    usize::try_from(size)
        .ok()
        .filter(|&s| (8..=1 << 16).contains(&s))
        .ok_or_else(|| Fail::Other(format!("a record of {size} bytes")))
}

/// Native-endian words of `bytes`; a rest under 8 bytes is left out.
pub(crate) fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks_exact(8).map(|w| u64::from_ne_bytes(w.try_into().unwrap_or_default()))
}

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fake {
    //! A process that is a list of stretches.
    use super::*;

    /// Stretches of memory: address and contents.
    #[derive(Default)]
    pub(crate) struct Fake(pub(crate) Vec<(u64, Vec<u8>)>);

    impl Memory for Fake {
        fn fill(&self, pieces: &mut [Piece]) -> Result<()> {
            for p in pieces {
                let place = self.0.iter().find(|(a, b)| p.addr >= *a && p.addr - a < b.len() as u64);
                let Some((a, b)) = place else { continue };
                let from = usize::try_from(p.addr - a).ok().and_then(|n| b.get(n..)).unwrap_or_default();
                p.got = from.len().min(p.to.len());
                p.to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fake::Fake;
    use super::*;

    #[test]
    fn whole_or_not_at_all_and_some() {
        let fake = Fake(vec![(100, vec![1, 2, 3])]);
        let m: &dyn Memory = &fake;
        assert_eq!(m.bytes(101, 2).unwrap(), [2, 3]);
        assert_eq!(m.bytes(101, 3).unwrap_err().to_string(), "cannot read 3 bytes at 0x65");
        assert_eq!(m.some(101, 3).unwrap(), [2, 3]);
        assert_eq!(m.stretches(&[(100, 1), (7, 9)]).unwrap(), [vec![1], vec![]]);
    }
}
