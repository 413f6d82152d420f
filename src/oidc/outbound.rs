//! Calls to the broker: only to addresses that settings named, never redirected, never waiting long, never reading much.

use super::config::may_be_called;
use super::{BrokerConfig, InvalidBroker, LoginFault};
use crate::vocabulary::Clock;
use crate::web::{Breaker, Loopback};
use reqwest::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

const CONNECT: Duration = Duration::from_secs(2);
const TOTAL: Duration = Duration::from_secs(8);
/// What is read of an answer; of one with a signature in it, more.
pub(super) const MAX_BODY: usize = 256 * 1024;
pub(super) const MAX_SIGNED_BODY: usize = 1280 * 1024;
/// Calls to one broker at the same time.
const AT_ONCE: usize = 64;
/// How long a dead broker is left alone: somebody stands before the log-in page.
const PAUSE_SECONDS: i64 = 15;

#[derive(Debug)]
pub(super) struct Outbound {
    client: reqwest::Client,
    /// Host and port of every server that may be called.
    allowed: Vec<(String, u16)>,
    allow_http_loopback: bool,
    breaker: Breaker,
    /// A broker that has become slow does not take all we have.
    turns: tokio::sync::Semaphore,
    clock: Clock,
}

/// A whole answer with a status below 500 and no redirect.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) is_json: bool,
    pub(super) is_jwt: bool,
    /// How long it may be kept, as `Cache-Control` says, in seconds.
    pub(super) max_age: Option<i64>,
    pub(super) body: Vec<u8>,
}

impl Outbound {
    pub(super) fn new(config: &BrokerConfig, clock: Clock) -> Result<Self, InvalidBroker> {
        // The first to name a provider wins; it is the same one everywhere in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .no_proxy()
            .https_only(!config.allow_http_loopback)
            .dns_resolver(Arc::new(Loopback))
            .user_agent(concat!("kommunportal/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| InvalidBroker::HttpClient)?;
        let issuer = Url::parse(&config.issuer).map_err(|_| InvalidBroker::Issuer)?;
        let mut allowed = vec![authority(&issuer).ok_or(InvalidBroker::Issuer)?];
        for host in &config.extra_hosts {
            let url = Url::parse(&format!("https://{host}/")).map_err(|_| InvalidBroker::ExtraHost)?;
            if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
                return Err(InvalidBroker::ExtraHost);
            }
            allowed.push(authority(&url).ok_or(InvalidBroker::ExtraHost)?);
        }
        Ok(Self {
            client,
            allowed,
            allow_http_loopback: config.allow_http_loopback,
            breaker: Breaker::pausing(PAUSE_SECONDS),
            turns: tokio::sync::Semaphore::new(AT_ONCE),
            clock,
        })
    }

    /// Whether settings named this address's host and port, and its scheme is one we use.
    pub(super) fn may_call(&self, url: &Url) -> bool {
        may_be_called(url, self.allow_http_loopback)
            && url.username().is_empty()
            && url.password().is_none()
            && authority(url).is_some_and(|authority| self.allowed.contains(&authority))
    }

    /// A JSON document; any status but 200 is a failing broker.
    pub(super) async fn get_json(&self, url: &Url) -> Result<Answer, LoginFault> {
        let answer = self.send(url, self.client.get(url.clone()), MAX_BODY).await?;
        if answer.status != 200 {
            return Err(LoginFault::BrokerFailing);
        }
        if !answer.is_json {
            return Err(LoginFault::AnswerMalformed);
        }
        Ok(answer)
    }

    /// Userinfo, signed or not.
    pub(super) async fn get_userinfo(&self, url: &Url, access_token: &str) -> Result<Answer, LoginFault> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {access_token}")).map_err(|_| LoginFault::TokenMalformed)?;
        bearer.set_sensitive(true);
        let request = self.client.get(url.clone()).header(AUTHORIZATION, bearer);
        let answer = self.send(url, request, MAX_BODY).await?;
        if answer.status == 200 { Ok(answer) } else { Err(LoginFault::UserinfoMalformed) }
    }

    /// Sends a form, once: a code must not be offered twice.
    pub(super) async fn post_form(
        &self,
        url: &Url,
        form: &[(String, String)],
        authorization: Option<HeaderValue>,
        max_body: usize,
    ) -> Result<Answer, LoginFault> {
        let mut request = self.client.post(url.clone()).form(form);
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        self.send(url, request, max_body).await
    }

    async fn send(&self, url: &Url, request: reqwest::RequestBuilder, max_body: usize) -> Result<Answer, LoginFault> {
        if !self.may_call(url) {
            return Err(LoginFault::AddressRefused);
        }
        if !self.breaker.lets_through(self.clock.now()) {
            return Err(LoginFault::BreakerOpen);
        }
        let turn = tokio::time::timeout(CONNECT, self.turns.acquire()).await;
        let _turn = turn.ok().and_then(Result::ok).ok_or(LoginFault::TooBusy)?;
        let answer = receive(request.header(ACCEPT, "application/json, application/jwt"), max_body).await;
        match &answer {
            Ok(_) => self.breaker.answered(),
            Err(_) => self.breaker.failed(self.clock.now()),
        }
        answer
    }
}

async fn receive(request: reqwest::RequestBuilder, max_body: usize) -> Result<Answer, LoginFault> {
    let mut response = request.send().await.map_err(|e| network_fault(&e))?;
    let status = response.status();
    if status.is_redirection() {
        return Err(LoginFault::RedirectRefused);
    }
    if status.is_server_error() || status == reqwest::StatusCode::TOO_MANY_REQUESTS {
        return Err(LoginFault::BrokerFailing);
    }
    let is = |types: &[&str]| response.headers().get(CONTENT_TYPE).is_some_and(|kind| is_one_of(kind, types));
    let (is_json, is_jwt) = (is(&["application/json", "application/jwk-set+json"]), is(&["application/jwt"]));
    let max_age = response.headers().get(CACHE_CONTROL).and_then(max_age);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| network_fault(&e))? {
        if body.len() + chunk.len() > max_body {
            return Err(LoginFault::AnswerTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status: status.as_u16(), is_json, is_jwt, max_age, body })
}

fn network_fault(error: &reqwest::Error) -> LoginFault {
    if error.is_timeout() { LoginFault::TimedOut } else { LoginFault::Unreachable }
}

fn is_one_of(content_type: &HeaderValue, types: &[&str]) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    types.iter().any(|one| essence.eq_ignore_ascii_case(one))
}

fn max_age(cache_control: &HeaderValue) -> Option<i64> {
    let directives = cache_control.to_str().ok()?.split(',');
    directives.filter_map(|one| one.trim().to_ascii_lowercase().strip_prefix("max-age=")?.parse().ok()).next()
}

fn authority(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_an_answer_may_be_kept_is_read_among_other_words() {
        for (text, seconds) in [
            ("max-age=600", Some(600)),
            ("public, Max-Age=86400, must-revalidate", Some(86_400)),
            ("no-store", None),
            ("max-age=soon", None),
            ("s-maxage=5", None),
        ] {
            assert_eq!(max_age(&HeaderValue::from_static(text)), seconds, "{text}");
        }
    }
}
