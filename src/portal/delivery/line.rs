//! The way to a target over HTTP, for every adapter that goes there: addresses, proofs, limits, and what an answer's status
//! means.

use super::access::Access;
use super::receiver::Answer;
use crate::settings::{Target, TargetFault, random_bytes};
use crate::vocabulary::At;
use crate::web::Within;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// Of an answer, bytes.
const ANSWER_LIMIT: usize = 256 * 1024;
/// Nobody is waited for longer than a week because it said so.
const LONGEST_WAIT: i64 = 7 * 86_400;

/// One target's.
pub(super) struct Line {
    client: Client,
    root: String,
    access: Access,
    content: Duration,
}

impl Line {
    /// From a target's settings, which have been looked through. `is_play`: in demo or test.
    pub(super) fn new(target: &Target, is_play: bool) -> Result<Self, TargetFault> {
        // The first to name a provider wins; it is the same one everywhere in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let seconds = |n: u32| Duration::from_secs(n.into());
        let mut client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would look the name up by itself, and lead anywhere.
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .timeout(seconds(target.timeout_seconds))
            .dns_resolver(Arc::new(Within(target.reach(is_play))))
            .user_agent(concat!("kommunportal/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = &target.client_certificate {
            let fault = |_| {
                ("client_certificate", "it cannot be read".to_owned(), "PEM with the certificate chain and the key")
            };
            client = client.identity(reqwest::Identity::from_pem(pem.expose().as_bytes()).map_err(fault)?);
        }
        if let Some(pem) = &target.ca {
            let fault = || ("ca", "it cannot be read".to_owned(), "PEM with one or more certificates");
            let only = reqwest::Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| fault())?;
            if only.is_empty() {
                return Err(fault());
            }
            client = client.tls_certs_only(only);
        }
        let client = client.build().map_err(|e| ("url", format!("no HTTP client could be made: {e}"), ""))?;
        let root = target.url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()).unwrap_or_default();
        Ok(Self { client, root, access: Access::new(target)?, content: seconds(target.content_timeout_seconds) })
    }

    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// Longer than for other calls, when files go along.
    pub(super) fn content_timeout(&self) -> Duration {
        self.content
    }

    pub(super) fn is_renewable(&self) -> bool {
        self.access.is_renewable()
    }

    /// True when the target answers there, whatever it needs of us.
    pub(super) async fn is_up(&self, address: &str) -> bool {
        let asked = self.client.get(address).send().await;
        asked.is_ok_and(|response| response.status().is_success())
    }

    /// Sends what `build` makes, without a proof of its own.
    pub(super) async fn bare(&self, build: impl Fn(&Client) -> RequestBuilder) -> Result<Response, Answer> {
        build(&self.client).header("traceparent", traceparent()).send().await.map_err(|e| failed(&e))
    }

    /// Sends what `build` makes, with our token; once more with a fresh one when that was refused.
    pub(super) async fn proved(&self, now: At, build: impl Fn(&Client) -> RequestBuilder) -> Result<Response, Answer> {
        let token = self.access.token(&self.client, now, None).await?;
        let with = |token: &str| match token.is_empty() {
            true => build(&self.client),
            false => build(&self.client).bearer_auth(token),
        };
        let send = async |token: &str| with(token).header("traceparent", traceparent()).send().await;
        let response = send(&token).await.map_err(|e| failed(&e))?;
        if response.status() != StatusCode::UNAUTHORIZED || !self.access.is_renewable() {
            return Ok(response);
        }
        let fresh = self.access.token(&self.client, now, Some(&token)).await?;
        send(&fresh).await.map_err(|e| failed(&e))
    }
}

/// W3C Trace Context, a trace of its own for each call.
fn traceparent() -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let (trace, span) = (random_bytes::<16>().unwrap_or([1; 16]), random_bytes::<8>().unwrap_or([1; 8]));
    format!("00-{}-{}-01", hex(&trace), hex(&span))
}

/// Why an attempt failed that never reached the receiver.
pub(super) const NO_CONNECTION: &str = "no connection";

/// No answer came. Only when no connection was made it is certain that nothing arrived.
fn failed(error: &reqwest::Error) -> Answer {
    if is_certificate(error) {
        return Answer::Configuration { status: None, note: "the certificate is not accepted".into() };
    }
    if caused_by::<crate::web::OutOfReach>(error, |_| true) {
        return Answer::Configuration { status: None, note: crate::web::OutOfReach.to_string() };
    }
    let note = match (error.is_connect(), error.is_timeout()) {
        (true, _) => NO_CONNECTION,
        (_, true) => "no answer in time",
        _ => "the connection broke",
    };
    Answer::Transient { status: None, retry_after: None, unclear: !error.is_connect(), note: note.into() }
}

/// Theirs to us, or ours to them: the latter is told as an alert while or after the connection is made.
fn is_certificate(error: &reqwest::Error) -> bool {
    use rustls::{AlertDescription as Alert, Error};
    caused_by::<Error>(error, |e| match e {
        Error::InvalidCertificate(_) => true,
        Error::AlertReceived(alert) => matches!(
            alert,
            Alert::CertificateRequired
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
        ),
        _ => false,
    })
}

/// Looks for a cause of one type through everything that is wrapped around it.
fn caused_by<E: std::error::Error + 'static>(error: &reqwest::Error, is_it: impl Fn(&E) -> bool) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(e) = cause {
        // What an I/O error was made of is not its source, and may be an I/O error again.
        let mut inner = Some(e);
        while let Some(e) = inner {
            if e.downcast_ref::<E>().is_some_and(&is_it) {
                return true;
            }
            let made_of = e.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            inner = made_of.map(|e| e as &(dyn std::error::Error + 'static));
        }
        cause = e.source();
    }
    false
}

/// Seconds that the receiver asks for, whether it says how many or until when (RFC 9110 10.2.3).
pub(super) fn retry_after(response: &Response, now: At) -> Option<u32> {
    seconds_asked(response.headers().get(RETRY_AFTER)?.to_str().ok()?, now)
}

fn seconds_asked(text: &str, now: At) -> Option<u32> {
    let seconds = match text.trim().parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp().as_second() - now.seconds(),
    };
    u32::try_from(seconds.clamp(0, LONGEST_WAIT)).ok()
}

/// A body within the limit; `None` when it is longer or breaks off.
pub(super) async fn limited(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= ANSWER_LIMIT => body.extend_from_slice(&part),
            Ok(None) => return Some(body),
            Ok(Some(_)) | Err(_) => return None,
        }
    }
}

/// What a status other than success means.
pub(super) fn refused(status: u16, retry_after: Option<u32>, body: &[u8]) -> Answer {
    let note = code_of(body);
    match status {
        408 | 409 | 425 | 429 | 500..=599 => {
            Answer::Transient { status: Some(status), retry_after, unclear: status == 408, note }
        }
        410 => Answer::Gone { note: format!("HTTP 410 {note}").trim_end().to_owned() },
        // 404 is not about the delivery: what it was posted to is not there.
        300..=399 | 401..=405 | 407 | 421 | 426 => Answer::Configuration { status: Some(status), note },
        _ => Answer::Permanent { status, note },
    }
}

/// The stable code of a problem; nothing else of an answer is kept, since it may repeat what was sent.
fn code_of(body: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = value.get("code").and_then(|c| c.as_str()).unwrap_or_default();
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_may_say_how_long_or_until_when() {
        let now: At = "2026-03-02T08:00:00Z".parse().unwrap();
        assert_eq!(seconds_asked("120", now), Some(120));
        assert_eq!(seconds_asked("Mon, 02 Mar 2026 08:10:00 GMT", now), Some(600));
        assert_eq!(seconds_asked("Mon, 02 Mar 2026 07:00:00 GMT", now), Some(0), "that moment has passed");
        assert_eq!(seconds_asked("Mon, 01 Mar 2027 07:00:00 GMT", now), Some(7 * 86_400), "a week and no more");
        assert_eq!(seconds_asked("snart", now), None);
    }

    #[test]
    fn a_status_says_whose_fault_it_is() {
        let is_configuration = |status| matches!(refused(status, None, b""), Answer::Configuration { .. });
        assert!([301, 401, 403, 404].into_iter().all(is_configuration));
        assert!(matches!(refused(410, None, b""), Answer::Gone { .. }));
        assert!([400, 413, 415, 422].into_iter().all(|s| matches!(refused(s, None, b""), Answer::Permanent { .. })));
        let busy = refused(503, Some(7), br#"{"code":"temporarily-unavailable","detail":"Anna"}"#);
        let note = "temporarily-unavailable".to_owned();
        assert_eq!(busy, Answer::Transient { status: Some(503), retry_after: Some(7), unclear: false, note });
    }
}
