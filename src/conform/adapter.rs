//! The calls that a portal makes to an adapter, and those that only a bad network or a stranger would make.

use super::Config;
use super::checks::{Stop, failed};
use crate::contract::{DeliveryReceipt, ONE, Problem, Secret};
use crate::settings::random_bytes;
use crate::vocabulary::{At, Clock, DeliveryId};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The adapter as it is called.
pub struct Adapter {
    client: reqwest::Client,
    root: String,
    token: String,
    secret: Secret,
    clock: Clock,
}

/// How a delivery is signed.
#[derive(Clone, Copy)]
pub enum Signing<'a> {
    Ours,
    /// By this secret instead.
    By(&'a Secret),
    /// By a stranger's and by ours, as while a secret is changed.
    Both(&'a Secret),
    /// Not at all.
    None,
}

/// How a delivery is sent.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub signing: Signing<'a>,
    /// Seconds that the kit's clock goes ahead.
    pub skew: i64,
}

/// As a portal does.
pub const USUAL: How<'static> = How { signing: Signing::Ours, skew: 0 };

/// What the adapter answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub media_type: String,
    pub traceparent: Option<String>,
    pub retry_after: Option<u64>,
    pub body: Vec<u8>,
}

impl Adapter {
    pub fn new(config: &Config, client: reqwest::Client, clock: Clock) -> Option<Self> {
        let root = config.url.as_ref()?.as_str().trim_end_matches('/').to_owned();
        let (token, secret) = (config.token.clone(), config.secret_out.clone());
        Some(Self { client, root, token, secret, clock })
    }

    fn signature(&self, id: &str, at: At, body: &[u8], signing: Signing<'_>) -> Option<String> {
        let ours = || self.secret.sign(id, at, body);
        match signing {
            Signing::Ours => Some(ours()),
            Signing::By(secret) => Some(secret.sign(id, at, body)),
            Signing::Both(secret) => Some(format!("{} {}", secret.sign(id, at, body), ours())),
            Signing::None => None,
        }
    }

    fn push(&self, path: &str, id: &str, body: &[u8], how: How<'_>) -> (reqwest::RequestBuilder, String) {
        let at = self.clock.now().plus_seconds(how.skew);
        let trace = trace();
        let mut request = self
            .client
            .post(format!("{}{path}", self.root))
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("\"{id}\""))
            .header("webhook-id", id)
            .header("webhook-timestamp", at.seconds().to_string())
            .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
        if let Some(signature) = self.signature(id, at, body, how.signing) {
            request = request.header("webhook-signature", signature);
        }
        (request, trace)
    }

    /// `POST /v1/deliveries`; also gives the trace that the call was in.
    pub async fn deliver(&self, id: &DeliveryId, body: &[u8], how: How<'_>) -> Result<(Answer, String), Stop> {
        let (request, trace) = self.push("/v1/deliveries", id.as_str(), body, how);
        Ok((answer(request.body(body.to_vec())).await?, trace))
    }

    /// `POST /v1/citizen-events`.
    pub async fn tell(&self, id: &str, body: &[u8]) -> Result<Answer, Stop> {
        let (request, _) = self.push("/v1/citizen-events", id, body, USUAL);
        // In the place of what deliveries are.
        let kind = [(reqwest::header::CONTENT_TYPE, reqwest::header::HeaderValue::from_static(ONE))];
        let request = request.headers(kind.into_iter().collect());
        answer(request.body(body.to_vec())).await
    }

    /// Sends a delivery and hangs up as soon as the last byte is out and `grace` has gone by.
    pub async fn deliver_and_hang_up(&self, id: &DeliveryId, body: &[u8], grace: Duration) {
        let (request, _) = self.push("/v1/deliveries", id.as_str(), body, USUAL);
        let sent = Arc::new(Notify::new());
        let (piece, out) = (bytes::Bytes::copy_from_slice(body), sent.clone());
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(piece)]);
        let stream = futures_util::StreamExt::chain(
            stream,
            futures_util::stream::once(async move {
                out.notify_one();
                Ok(bytes::Bytes::new())
            }),
        );
        let length = body.len().to_string();
        let call = request.header("content-length", length).body(reqwest::Body::wrap_stream(stream)).send();
        let hang_up = async {
            sent.notified().await;
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            _ = call => {}
            () = hang_up => {}
        }
    }

    /// A GET with the token, below the root.
    pub async fn get(&self, path: &str) -> Result<Answer, Stop> {
        self.get_with(path, Some(&self.token)).await
    }

    /// A GET with another token, or none.
    pub async fn get_with(&self, path: &str, token: Option<&str>) -> Result<Answer, Stop> {
        let mut request = self
            .client
            .get(format!("{}{path}", self.root))
            .header("traceparent", format!("00-{}-00f067aa0ba902b7-01", trace()));
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        answer(request).await
    }

    /// `GET /v1/deliveries/{id}`.
    pub async fn find(&self, id: &DeliveryId) -> Result<Answer, Stop> {
        self.get(&format!("/v1/deliveries/{id}")).await
    }
}

fn trace() -> String {
    random_bytes::<16>().unwrap_or([7; 16]).iter().map(|b| format!("{b:02x}")).collect()
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, Stop> {
    let no_answer = |e: reqwest::Error| failed("an answer", format!("none: {}", e.without_url()));
    let response = request.send().await.map_err(no_answer)?;
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (status, media_type, traceparent, retry_after) = (
        response.status().as_u16(),
        header("content-type").unwrap_or_default(),
        header("traceparent"),
        header("retry-after").and_then(|v| v.parse().ok()),
    );
    let body = response.bytes().await.map_err(no_answer)?.to_vec();
    Ok(Answer { status, media_type, traceparent, retry_after, body })
}

impl Answer {
    /// The receipt in it.
    pub fn receipt(&self) -> Result<DeliveryReceipt, Stop> {
        serde_json::from_slice(&self.body).map_err(|e| {
            failed(
                "a receipt (deliveryId, state, externalCaseId …)",
                format!("{} {}: {e}", self.status, self.media_type),
            )
        })
    }

    /// The problem in it, which must be one.
    pub fn problem(&self) -> Result<Problem, Stop> {
        let is_problem = self.media_type.split(';').next().map(str::trim) == Some("application/problem+json");
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) if is_problem && problem.status == self.status => Ok(problem),
            _ => Err(failed(
                "application/problem+json with type, title, status and code (RFC 9457)",
                format!("{} {}", self.status, self.media_type),
            )),
        }
    }

    /// For people: status and code.
    pub fn told(&self) -> String {
        let code = serde_json::from_slice::<Problem>(&self.body).map(|p| p.code).unwrap_or_default();
        format!("{} {code}", self.status).trim().to_owned()
    }
}
