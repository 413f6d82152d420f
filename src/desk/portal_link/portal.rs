//! Calls to a municipality's portal: signed with the secret of the target's own direction where there is a body, with the
//! token where there is none.

use super::target_of;
use crate::contract::{Problem, Secret};
use crate::municipalities::{Municipalities, Municipality};
use crate::settings::{Settings, Target, random_bytes};
use crate::vocabulary::{Clock, MunicipalitySlug, TargetSlug};
use bytes::Bytes;
use reqwest::Method;
use std::sync::Arc;

/// Bytes of an answer that are read.
const ANSWER_LIMIT: usize = 2 << 20;

/// A way to the portals.
#[derive(Clone)]
pub struct Portals {
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
    pub(crate) municipalities: Municipalities,
    pub(crate) client: reqwest::Client,
    /// Our own name in the portal's settings.
    pub(crate) own: TargetSlug,
}

/// No answer that says anything.
#[derive(Clone, Debug, PartialEq)]
pub enum NoAnswer {
    /// A fault in the settings, not of the call.
    Misconfigured(String),
    /// It may go better later.
    Later(String),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Seconds that the portal wants us to wait.
    pub retry_after: Option<i64>,
    /// As it came.
    pub body: Vec<u8>,
}

impl Answered {
    /// 200–299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The code of a problem; empty when there is none.
    pub fn problem(&self) -> String {
        serde_json::from_slice::<Problem>(&self.body).map(|p| p.code).unwrap_or_default()
    }
}

/// Something with a body.
pub struct Push<'a> {
    /// Under `/integration/v1`.
    pub path: &'a str,
    /// `POST` or `PUT`.
    pub method: Method,
    /// Of the body.
    pub content_type: &'a str,
    /// The same for every repeat.
    pub webhook_id: &'a str,
    /// `Idempotency-Key`, where the call wants one.
    pub key: Option<&'a str>,
    /// Sent as it is.
    pub body: Bytes,
}

impl Portals {
    fn of(&self, slug: &MunicipalitySlug) -> Result<(&Municipality, &Target), NoAnswer> {
        let municipality = self.municipalities.find(slug);
        let municipality = municipality
            .ok_or_else(|| NoAnswer::Misconfigured("the municipality is not in the configuration".into()))?;
        let target = target_of(&self.settings, municipality, &self.own);
        let target = target.ok_or_else(|| NoAnswer::Misconfigured(format!("targets.{} is not set", self.own)))?;
        Ok((municipality, target))
    }

    fn url(&self, municipality: &Municipality, path: &str) -> String {
        format!("{}/integration/v1{path}", municipality.address(&self.settings.portal.public_url))
    }

    /// Municipalities whose portal cannot call us: we fetch.
    pub fn fetched_by_us(&self) -> Vec<MunicipalitySlug> {
        let polled = |m: &&Arc<Municipality>| target_of(&self.settings, m, &self.own).is_some_and(super::is_polled);
        self.municipalities.iter().filter(polled).map(|m| m.slug.clone()).collect()
    }

    /// Seconds before the second, third, … attempt at an event.
    pub fn retry_after(&self, slug: &MunicipalitySlug) -> Vec<u32> {
        self.of(slug).map(|(_, target)| target.retry_after.clone()).unwrap_or_default()
    }

    /// Asks.
    pub async fn get(&self, slug: &MunicipalitySlug, path: &str) -> Result<Answered, NoAnswer> {
        let (municipality, target) = self.of(slug)?;
        let request = self.client.get(self.url(municipality, path)).bearer_auth(target.token.expose());
        answer(request.header("traceparent", traceparent()).send().await).await
    }

    /// Tells, signed.
    pub async fn push(&self, slug: &MunicipalitySlug, push: Push<'_>) -> Result<Answered, NoAnswer> {
        let (municipality, target) = self.of(slug)?;
        let secret = target.secret_in.first().and_then(|s| s.expose().parse::<Secret>().ok());
        let secret =
            secret.ok_or_else(|| NoAnswer::Misconfigured(format!("targets.{}.secret_in holds no secret", self.own)))?;
        let now = self.clock.now();
        let mut request = self
            .client
            .request(push.method, self.url(municipality, push.path))
            .header("content-type", push.content_type)
            .header("webhook-id", push.webhook_id)
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", secret.sign(push.webhook_id, now, &push.body))
            .header("traceparent", traceparent());
        if let Some(key) = push.key {
            request = request.header("idempotency-key", format!("\"{key}\""));
        }
        answer(request.body(push.body).send().await).await
    }
}

/// Why something waits that never reached the portal.
pub(super) const UNREACHED: &str = "the portal cannot be reached";

async fn answer(sent: Result<reqwest::Response, reqwest::Error>) -> Result<Answered, NoAnswer> {
    let mut response = match sent {
        Ok(response) => response,
        Err(e) if e.is_timeout() => return Err(NoAnswer::Later("the portal did not answer in time".into())),
        Err(_) => return Err(NoAnswer::Later(UNREACHED.into())),
    };
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
    let broken = || NoAnswer::Later("the portal's answer broke off".into());
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| broken())? {
        if body.len() + part.len() > ANSWER_LIMIT {
            return Err(broken());
        }
        body.extend_from_slice(&part);
    }
    Ok(Answered { status, retry_after, body })
}

/// W3C Trace Context, a trace of its own for each call.
pub(super) fn traceparent() -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let (trace, span) = (random_bytes::<16>().unwrap_or([1; 16]), random_bytes::<8>().unwrap_or([1; 8]));
    format!("00-{}-{}-01", hex(&trace), hex(&span))
}
