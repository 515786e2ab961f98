//! Has the linker give each segment pages of its own in the file. Otherwise the page with the probes' semaphores may be mapped twice, at the end of
//! the read-only relocations and in the data, and the kernel, which looks semaphores up by their place in the file, counts in the wrong one.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Wl,-z,separate-loadable-segments");
}
