//! What a log must not hold.

use kommunportal::vocabulary::Personnummer;

/// Neither identity numbers, nor codes, tokens or secrets, nor e-mail addresses. A member of staff's affiliation
/// (`kaso01@2120009911`) is no e-mail address: it says in the security log who did what.
#[track_caller]
pub fn assert_clean(log: &str, secrets: &[String]) {
    for secret in secrets.iter().filter(|s| s.len() >= 16) {
        assert!(!log.contains(secret.as_str()), "a secret is in the log:\n{log}");
    }
    let now = kommunportal::vocabulary::Clock::system().now();
    for line in log.lines() {
        for word in line.split(|c: char| !(c.is_alphanumeric() || "@-+._".contains(c))) {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            let is_number = matches!(digits, 10 | 12)
                && word.len() <= 13
                && !word.contains('.')
                && Personnummer::parse(word, now).is_ok();
            assert!(!is_number, "an identity number is in the log: {line}");
            if let Some((_, domain)) = word.split_once('@') {
                assert!(!domain.contains('.'), "an e-mail address is in the log: {line}");
            }
            assert!(!word.starts_with("eyJ"), "a token is in the log: {line}");
        }
        // The name of a fault is no token.
        let line = line.replace("fault=\"id_token_malformed\"", "");
        for mark in ["code=", "state=", "Bearer ", "client_secret", "id_token", "Basic "] {
            assert!(!line.contains(mark), "{mark} is in the log: {line}");
        }
    }
}

#[test]
fn what_must_not_be_in_a_log_is_found_there() {
    let found = |line: &str| std::panic::catch_unwind(|| assert_clean(line, &["0123456789abcdef".into()])).is_err();
    for line in [
        "who=197905142381",
        "path=\"/x/7905142381\"",
        "790514-2381",
        "to=anna.akesson@example.se",
        "a=0123456789abcdef",
        "eyJhbGciOi",
        "/auth/aterkomst/standard?code=abc",
    ] {
        assert!(found(line), "{line}");
    }
    for line in ["duration_ms=1528.0379979999998", "affiliation=\"kaso01@2120009911\"", "case=EK-2026-P9AG12JX"] {
        assert!(!found(line), "{line}");
    }
}
