//! Plants leaks in Rust: blocks of about 720 bytes.
use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

struct Ring {
    other: RefCell<Option<Rc<Ring>>>,
    _rest: [u8; 680],
}

static mut KEPT: Option<&'static [u8; 720]> = None;

#[inline(never)]
fn scrub() {
    black_box([0_u8; 16384]);
}

#[inline(never)]
fn plant(what: &str) {
    match what {
        "forget" => (0..5).for_each(|_| std::mem::forget(black_box(Box::new([1_u8; 720])))),
        "rc-ring" => {
            let new = || Rc::new(Ring { other: RefCell::new(None), _rest: [0; 680] });
            let (a, b) = (new(), new());
            *a.other.borrow_mut() = Some(b.clone());
            *b.other.borrow_mut() = Some(a.clone());
        }
        // SAFETY: there is one thread.
        "leak-kept" => unsafe { KEPT = Some(black_box(Box::leak(Box::new([1_u8; 720])))) },
        _ => {}
    }
}

fn main() {
    plant(&std::env::args().nth(1).unwrap_or_default());
    scrub();
    // SAFETY: there is one thread.
    black_box(unsafe { KEPT });
    if std::env::args().nth(2).is_some() {
        println!("ready");
        scrub();
        std::io::stdin().lines().next();
    }
}
