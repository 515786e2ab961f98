//! duo-login against the mock of the API, at a terminal, headless, setuid, and behind a real sshd.
mod attack;
mod kit;
mod outcomes;
mod own;
mod prompt;
mod sshd;

use std::process::ExitCode;
use tests::test;

fn main() -> ExitCode {
    use attack::*;
    use outcomes::*;
    use own::*;
    use prompt::*;
    use sshd::*;
    tests::main(vec![
        test!(statuses_of_http),
        test!(states_of_preauth),
        test!(faults_of_the_configuration),
        test!(no_answer_is_for_failmode_and_in_time),
        test!(slow_names_and_several_addresses),
        test!(certificates_and_names),
        test!(proxies),
        test!(after_preauth_everything_denies),
        test!(a_busy_server_is_asked_again),
        test!(a_wrong_clock_does_not_matter),
        test!(hostile_text_is_neutralised),
        test!(the_command_gets_its_own_world),
        test!(addresses_are_sent_and_logged),
        test!(push_and_phone_at_the_menu),
        test!(sms_then_passcode),
        test!(three_wrong_passcodes),
        test!(enrol_and_deny_are_told),
        test!(autopush_gives_way_to_the_menu),
        test!(verified_push),
        test!(no_answer_denies),
        test!(an_answer_longer_than_a_passcode),
        test!(undecided_requests_deny),
        test!(the_guard_counts_across_logins),
        test!(two_hundred_logins_at_once),
        test!(a_remembered_key),
        test!(offline_passwords),
        test!(offline_codes),
        test!(audit_in_both_forms),
        test!(a_full_disk_is_told),
        test!(check_finds_what_is_wrong),
        test!(manual_examples),
        test!(probes_are_traced),
        test!(closed_descriptors),
        test!(odd_environments),
        test!(killed_logins_leave_whole_state),
        test!(state_that_others_could_have_written),
        test!(the_environment_does_not_lead_the_resolver),
        test!(only_the_roots_that_are_pinned),
        test!(ssh_by_push),
        test!(ssh_denied),
        test!(ssh_headless_streams),
        test!(ssh_by_every_factor),
        test!(setuid_separates),
        test!(setuid_gives_nothing_away),
        test!(setuid_sheds_the_callers_limits),
        test!(no_core_of_a_login_that_is_not_setuid),
        test!(ssh_groups_and_gecos),
        test!(ssh_remembers_the_key),
    ])
}
