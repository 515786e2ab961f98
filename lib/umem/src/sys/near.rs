//! Addresses of statics in one instruction. Through a crate's border the compiler goes by the global offset table, a load more.

/// The address of a static of this library.
macro_rules! near {
    ($static:path as $type:ty) => {{
        let p: *const $type;
        // SAFETY: it computes an address and touches nothing.
        unsafe {
            core::arch::asm!("lea {p}, [rip + {s}]", p = out(reg) p, s = sym $static, options(pure, nomem, nostack, preserves_flags));
        }
        p
    }};
}
pub(crate) use near;
