//! Any bytes as an enrolment: no panic; what is understood survives being written and read.
#![no_main]
use duo_login::offline::{Answer, Enrolment, Kind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str, u64)| {
    let (file, answer, now) = input;
    let Ok(mut enrolment) = Enrolment::parse(file) else { return };
    assert!(Enrolment::parse(enrolment.render().as_bytes()).is_ok_and(|again| again == enrolment));
    // A password that was right is not right again.
    if enrolment.answer(Kind::Totp, answer, now) == Answer::Right {
        assert_ne!(enrolment.answer(Kind::Totp, answer, now), Answer::Right);
    }
});
