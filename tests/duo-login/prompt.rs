//! At a terminal.
use crate::kit::Mock;
use tests::wait_for;

const ASKED: &str = "Passcode or option (1-3): ";

pub fn push_and_phone_at_the_menu() {
    let mock = Mock::start();
    for (choice, told) in [
        ("1", "Pushed a login request to your phone..."),
        ("2", "Dialing XXX-XXX-1234...\nAnswered. Press '#' on your phone to log in."),
    ] {
        let mut t = mock.terminal("", "u");
        t.expect("Duo login for u\n\nEnter a passcode").expect(ASKED).send(&format!("{choice}\n"));
        t.expect(&format!("{choice}\n\n{told}\nSuccess. Logging you in...\n[6] Successful Duo login for 'u'\nRAN\n"));
        assert_eq!(t.end().1, 0);
    }
}

pub fn sms_then_passcode() {
    let mock = Mock::start();
    let mut t = mock.terminal("", "u");
    t.expect(ASKED).send("3\n").expect("3\n\nNew SMS passcodes sent\n[4] Failed Duo login for 'u'\n\nDuo login for u");
    t.expect(ASKED).send("123456\n").expect("Success. Logging you in...\n").expect("RAN\n");
    assert_eq!(t.end().1, 0);
    assert_eq!(mock.requests("GET /auth/v2/ping"), 1, "the clock is asked once");
}

pub fn three_wrong_passcodes() {
    let mock = Mock::start();
    let mut t = mock.terminal("", "u");
    for _ in 0..3 {
        t.expect(ASKED).send("111111\n").expect("Invalid passcode, please try again.\n[4] Failed Duo login for 'u'\n");
    }
    let (seen, status) = t.end();
    assert!(status == 1 && !seen.contains("RAN"), "{seen}");
    let mut t = mock.terminal("prompts = 1", "u");
    t.expect(ASKED).send("111111\n").expect("Invalid");
    assert_eq!(t.end().1, 1);
}

pub fn enrol_and_deny_are_told() {
    let mock = Mock::start();
    let (seen, status) = mock.terminal("", "enroll").end();
    let told = "Enroll an authentication device to proceed\nhttps://api-test.duosecurity.com/portal?code=4\n";
    assert!(status == 1 && seen.contains(told), "{seen}");
    let (seen, status) = mock.terminal("", "preauth-deny").end();
    assert!(status == 1 && seen.contains("preauth-denied\n[4] Aborted Duo login"), "{seen}");
}

pub fn autopush_gives_way_to_the_menu() {
    let mock = Mock::start();
    let mut t = mock.terminal("autopush = yes", "u");
    t.expect("Autopushing login request to phone...\nSuccess. Logging you in...\n[6] Successful").expect("RAN\n");
    assert_eq!(t.end().1, 0);
    let mut t = mock.terminal("autopush = yes", "push-deny");
    t.expect("Autopushing login request to phone...\nLogin request denied.\n[4] Failed Duo login for 'push-deny'\n");
    t.expect(ASKED).send("123456\n").expect("RAN\n");
    assert_eq!(t.end().1, 0);
}

pub fn verified_push() {
    let mock = Mock::start();
    let mut t = mock.terminal("verified_push = yes", "u");
    t.expect(ASKED).send("1\n").expect("Please enter verification code 376 into Duo Mobile...\nSuccess.").expect("RAN\n");
    assert_eq!(t.end().1, 0);
    // The transaction belongs to the verified push alone.
    let mut t = mock.terminal("verified_push = yes", "u");
    t.expect(ASKED).send("123456\n").expect("RAN\n");
    assert_eq!(t.end().1, 0);
}

pub fn no_answer_denies() {
    let mock = Mock::start();
    let mut t = mock.terminal("", "u");
    t.expect(ASKED).send("\u{4}").expect("[4] Aborted Duo login for 'u': Error gathering user response\n");
    assert_eq!(t.end().1, 1);
    let mut t = mock.terminal("", "u");
    t.expect(ASKED).send("\u{3}");
    let (seen, status) = t.end();
    assert!(status != 0 && !seen.contains("RAN"), "{status}: {seen}");
    // However the person goes, there is one line about it.
    let audit = mock.dir.join("audit");
    let lines = || std::fs::read_to_string(&audit).unwrap_or_default();
    let extra = format!("audit = {}", audit.display());
    for (key, how) in [("\u{3}", "interrupted at the terminal"), ("\u{1c}", "quit at the terminal")] {
        let mut t = mock.terminal(&extra, "u");
        t.expect(ASKED).send(key);
        assert!(!t.end().0.contains("RAN"));
        wait_for("the audit's line", || lines().ends_with('\n'));
        assert!(
            lines().lines().count() == 1 && lines().contains(&format!("\"result\":\"deny\",\"reason\":\"{how}\"")),
            "{}",
            lines()
        );
        std::fs::remove_file(&audit).expect("audit");
    }
    let mut t = mock.terminal(&extra, "u");
    t.expect(ASKED);
    drop(t);
    wait_for("the audit's line", || lines().ends_with('\n'));
    assert!(lines().lines().count() == 1 && lines().contains("\"result\":\"deny\""), "{}", lines());
}

pub fn an_answer_longer_than_a_passcode() {
    let mock = Mock::start();
    let mut t = mock.terminal("", "u");
    t.expect(ASKED).send(&format!("{}\n", "A".repeat(256))).expect("\n[3] Error in Duo login for 'u'\n");
    assert_eq!(t.end().1, 1);
}

pub fn undecided_requests_deny() {
    let mock = Mock::start();
    let mut t = mock.terminal("prompts = 1", "push-never");
    t.expect(ASKED).send("1\n").expect("[4] Failed Duo login for 'push-never': no decision in time\n");
    assert_eq!(t.end().1, 1);
    assert_eq!(mock.requests("auth_status"), 20);
}
