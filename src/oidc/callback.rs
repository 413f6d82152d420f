//! Reading what the browser brings back.

use super::LoginFault;
use std::fmt;

const MAX_QUERY: usize = 8 * 1024;
const MAX_CODE: usize = 4 * 1024;
const MAX_STATE: usize = 512;
const MAX_LOGGED: usize = 512;

/// The query of a callback, in form: each parameter once, a `state` to look up. What it says (code, or error, or
/// nonsense) is judged in [`RelyingParty::finish`](super::RelyingParty::finish), after the caller has consumed the
/// transaction: a bad answer spends it too (RFC 9700). Prints nothing of what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct CallbackQuery {
    state: String,
    pub(super) iss: Option<String>,
    pub(super) answer: Answer,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Code(String),
    Error(LoginFault),
}

impl CallbackQuery {
    /// From the raw query, without `?`.
    pub fn parse(raw: &str) -> Result<Self, LoginFault> {
        if raw.len() > MAX_QUERY {
            return Err(LoginFault::CallbackMalformed);
        }
        let mut seen: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(raw.as_bytes()) {
            if seen.iter().any(|(earlier, _)| *earlier == name) {
                return Err(LoginFault::CallbackMalformed);
            }
            seen.push((name.into_owned(), value.into_owned()));
        }
        let mut take = |wanted: &str| {
            let place = seen.iter().position(|(name, _)| name == wanted)?;
            Some(seen.swap_remove(place).1)
        };
        let state = take("state").filter(|s| is_opaque(s, MAX_STATE)).ok_or(LoginFault::CallbackMalformed)?;
        let answer = match (take("code"), take("error")) {
            (Some(code), None) if is_opaque(&code, MAX_CODE) => Answer::Code(code),
            (None, Some(error)) => {
                log_error(&error, take("error_description").as_deref());
                Answer::Error(from_error_code(&error))
            }
            _ => Answer::Error(LoginFault::CallbackMalformed),
        };
        Ok(Self { state, iss: take("iss"), answer })
    }

    /// What the transaction is looked up by, through [`state_digest`](super::state_digest).
    pub fn state(&self) -> &str {
        &self.state
    }
}

impl fmt::Debug for CallbackQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match &self.answer {
            Answer::Code(_) => "code",
            Answer::Error(fault) => fault.as_str(),
        };
        f.debug_struct("CallbackQuery").field("answer", &answer).finish_non_exhaustive()
    }
}

fn is_opaque(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

/// RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6, unmet_authentication_requirements 1.0.
fn from_error_code(error: &str) -> LoginFault {
    match error {
        "access_denied" => LoginFault::Cancelled,
        "unmet_authentication_requirements" => LoginFault::LevelUnmet,
        "temporarily_unavailable" | "server_error" => LoginFault::BrokerUnavailable,
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            LoginFault::InteractionRequired
        }
        "invalid_request"
        | "invalid_scope"
        | "unauthorized_client"
        | "unsupported_response_type"
        | "invalid_request_object"
        | "invalid_request_uri"
        | "request_not_supported"
        | "request_uri_not_supported"
        | "registration_not_supported" => LoginFault::RequestRefused,
        _ => LoginFault::UnknownError,
    }
}

/// The broker's words are for the operator, never for the page. Anyone can write them into an address, so they are cut,
/// kept to one line, and without digits: a number in them could be somebody's.
fn log_error(error: &str, description: Option<&str>) {
    tracing::info!(
        error = harmless(error),
        description = harmless(description.unwrap_or_default()),
        "the broker answered with an error"
    );
}

pub(super) fn harmless(text: &str) -> String {
    let keep = |c: char| match c {
        c if c.is_numeric() => '#',
        c if c.is_ascii_graphic() || c == ' ' || c.is_alphabetic() => c,
        _ => '?',
    };
    text.chars().take(MAX_LOGGED).map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_answer_is_read_and_never_printed() {
        let query = CallbackQuery::parse("code=s3cr3t&state=abc&iss=https%3A%2F%2Fbroker.example").unwrap();
        assert_eq!(query.state(), "abc");
        assert_eq!(query.iss.as_deref(), Some("https://broker.example"));
        assert!(!format!("{query:?}").contains("s3cr3t"));
    }

    #[test]
    fn doubled_missing_and_oversized_parameters_are_refused() {
        let long = format!("state=abc&x={}", "y".repeat(MAX_QUERY));
        for raw in
            ["", "code=a", "state=&code=a", "code=a&code=b&state=c", "state=a&state=a&code=c", &long, "state=%0a"]
        {
            assert_eq!(CallbackQuery::parse(raw), Err(LoginFault::CallbackMalformed), "{raw:.40}");
        }
    }

    #[test]
    fn neither_both_or_a_monstrous_code_spends_the_transaction_without_a_token_request() {
        let long = format!("state=abc&code={}", "y".repeat(MAX_CODE + 1));
        for raw in
            ["state=abc", "state=abc&code=a&error=access_denied", "state=abc&code=", "state=abc&code=%C3%A5", &long]
        {
            let query = CallbackQuery::parse(raw).unwrap();
            assert!(query.answer == Answer::Error(LoginFault::CallbackMalformed), "{raw:.40}");
        }
    }

    #[test]
    fn errors_become_what_they_mean() {
        let cases = [
            ("access_denied", LoginFault::Cancelled),
            ("unmet_authentication_requirements", LoginFault::LevelUnmet),
            ("server_error", LoginFault::BrokerUnavailable),
            ("login_required", LoginFault::InteractionRequired),
            ("invalid_scope", LoginFault::RequestRefused),
            ("<script>", LoginFault::UnknownError),
        ];
        for (error, fault) in cases {
            let query =
                CallbackQuery::parse(&format!("state=a&error={error}&error_description=<b>199001012385")).unwrap();
            assert!(query.answer == Answer::Error(fault), "{error}");
        }
        assert_eq!(harmless("19900101-2385\r\nför"), "########-####??för");
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read_or_refused(raw in "(?s).{0,300}") {
            if let Ok(query) = CallbackQuery::parse(&raw) {
                proptest::prop_assert!(is_opaque(query.state(), MAX_STATE));
            }
        }

        #[test]
        fn parameters_in_any_order_are_read(
            pairs in proptest::collection::vec(("(code|state|error|iss|x)", "[ -~]{0,20}"), 0..6)
        ) {
            let raw = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let parsed = CallbackQuery::parse(&raw);
            let once = |name: &str| pairs.iter().filter(|(n, _)| n == name).count() <= 1;
            let all_once = ["code", "state", "error", "iss", "x"].into_iter().all(once);
            let has_state = pairs.iter().any(|(n, v)| n == "state" && !v.is_empty());
            proptest::prop_assert_eq!(parsed.is_ok(), all_once && has_state);
        }
    }
}
