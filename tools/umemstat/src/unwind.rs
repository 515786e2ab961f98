//! The frames of libc's exit, when a process is held at its end: they hold nothing of the program but the registers that they saved, and for the
//! rest what lay there before, such as pointers of allocations long ago (x86-64).
use crate::image::Image;
use crate::maps;
use crate::memory::Memory;
use crate::ranges::{Range, without};
use crate::registers::Thread;
use crate::target::Target;
use gimli::{BaseAddresses, CfaRule, EhFrame, NativeEndian, Register, RegisterRule, UnwindContext, UnwindSection, X86_64};
use object::read::{Object, ObjectSection, ReadCache};

/// Frames from exit_group(2) to exit(3) at most.
const FRAMES: usize = 16;
/// The registers that a function saves before it uses them.
const SAVED: [Register; 6] = [X86_64::RBX, X86_64::RBP, X86_64::R12, X86_64::R13, X86_64::R14, X86_64::R15];

/// One frame: where it ends, and the words in it where registers of its callers are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    end: u64,
    saved: Vec<u64>,
}

/// The parts of a thread's stack that libc's innermost frames take, without the registers that they saved.
pub(crate) fn exit_frames(target: &Target, thread: &Thread) -> Vec<Range> {
    let image = target.images.iter().find(|i| (i.start..i.end).contains(&thread.pc));
    let Some(image) = image.filter(|i| i.path.rsplit('/').next().is_some_and(|n| n.starts_with("libc.so"))) else {
        return Vec::new();
    };
    let Some((section, data)) = unwind_table(target, image) else { return Vec::new() };
    let frames = walk(target.memory(), image, section, &data, thread);
    let Some(end) = frames.last().map(|f| f.end) else { return Vec::new() };
    let saved: Vec<Range> = frames.iter().flat_map(|f| f.saved.iter().map(|&at| (at, at + 8))).collect();
    without(&[(thread.sp, end)], &saved)
}

/// The address (as linked) and bytes of an object's `.eh_frame`.
fn unwind_table(target: &Target, image: &Image) -> Option<(u64, Vec<u8>)> {
    let mapping = maps::at(&target.maps, image.start)?;
    let cache = ReadCache::new(target.source.file(mapping)?);
    let elf = object::File::parse(&cache).ok()?;
    let section = elf.section_by_name(".eh_frame")?;
    Some((section.address(), section.data().ok()?.to_vec()))
}

fn walk(memory: &dyn Memory, image: &Image, section: u64, data: &[u8], thread: &Thread) -> Vec<Frame> {
    let table = EhFrame::new(data, NativeEndian);
    let bases = BaseAddresses::default().set_eh_frame(section);
    let mut context = UnwindContext::new();
    let mut frames: Vec<Frame> = Vec::new();
    let (mut pc, mut sp) = (thread.pc, thread.sp);
    for depth in 0..FRAMES {
        if !(image.start..image.end).contains(&pc) {
            break;
        }
        // A return address may be that of the next function.
        let own = pc.wrapping_sub(image.bias).wrapping_sub(u64::from(depth > 0));
        let Ok(row) = table.unwind_info_for_address(&bases, &mut context, own, EhFrame::cie_from_offset) else { break };
        let CfaRule::RegisterAndOffset { register: X86_64::RSP, offset } = *row.cfa() else { break };
        let end = sp.wrapping_add_signed(offset);
        let slot = |r: &Register| match row.register(*r) {
            RegisterRule::Offset(n) => Some(end.wrapping_add_signed(n)),
            _ => None,
        };
        let saved: Vec<_> = SAVED.iter().filter_map(slot).collect();
        let Ok(back) = memory.bytes(end.wrapping_sub(8), 8) else { break };
        if end <= sp || end - sp > 1 << 16 {
            break;
        }
        frames.push(Frame { end, saved });
        (pc, sp) = (u64::from_ne_bytes(back.try_into().unwrap_or_default()), end);
    }
    frames
}
