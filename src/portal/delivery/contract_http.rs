//! The published contract over HTTP: signed POST of deliveries, bearer token on GETs.

use super::receiver::{Answer, Found, Receiver};
use crate::contract::{DeliveryReceipt, InvalidSecret, Secret};
use crate::settings::{Target, random_bytes};
use crate::vocabulary::{At, DeliveryId};
use crate::web::http_client;
use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use std::time::Duration;

/// For a whole call.
const PATIENCE: Duration = Duration::from_secs(30);
/// Of an answer, bytes.
const ANSWER_LIMIT: usize = 256 * 1024;

/// One target that speaks the contract.
pub struct ContractHttp {
    client: reqwest::Client,
    root: String,
    token: String,
    secret: Secret,
}

/// A target's settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetFault {
    /// No secret, or none of the right form.
    #[error("{0}")]
    Secret(#[from] InvalidSecret),
    /// No HTTP client could be made.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl ContractHttp {
    /// From a target's settings.
    pub fn new(target: &Target) -> Result<Self, TargetFault> {
        Self::with_patience(target, PATIENCE)
    }

    /// As `new`, but waits only so long for an answer.
    pub fn with_patience(target: &Target, patience: Duration) -> Result<Self, TargetFault> {
        let secret = target.secret_out.first().ok_or(InvalidSecret)?.expose().parse()?;
        Ok(Self {
            client: http_client(patience)?,
            root: target.url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()).unwrap_or_default(),
            token: target.token.expose().to_owned(),
            secret,
        })
    }

    async fn post(&self, id: &DeliveryId, body: Vec<u8>, now: At) -> Answer {
        let request = self
            .client
            .post(format!("{}/v1/deliveries", self.root))
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("\"{id}\""))
            .header("webhook-id", id.as_str())
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", self.secret.sign(id.as_str(), now, &body))
            .header("traceparent", traceparent())
            .body(body);
        match request.send().await {
            Err(e) => failed(&e),
            Ok(response) => read(id, response).await,
        }
    }

    async fn get(&self, id: &DeliveryId) -> Found {
        let request = self
            .client
            .get(format!("{}/v1/deliveries/{id}", self.root))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header("traceparent", traceparent());
        match request.send().await {
            Err(e) => Found::Fault(failed(&e)),
            Ok(response) if response.status() == reqwest::StatusCode::NOT_FOUND => Found::Never,
            Ok(response) => match read(id, response).await {
                Answer::Receipt(receipt, status) => Found::Known(receipt, status),
                // What it says of the question says nothing of the delivery.
                Answer::Permanent { status, note } => {
                    Found::Fault(Answer::Transient { status: Some(status), retry_after: None, unclear: true, note })
                }
                other => Found::Fault(other),
            },
        }
    }
}

impl Receiver for ContractHttp {
    fn deliver<'a>(&'a self, id: &'a DeliveryId, body: Vec<u8>, now: At) -> BoxFuture<'a, Answer> {
        self.post(id, body, now).boxed()
    }
    fn find<'a>(&'a self, id: &'a DeliveryId) -> BoxFuture<'a, Found> {
        self.get(id).boxed()
    }
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async {
            let asked = self.client.get(format!("{}/health/ready", self.root)).send().await;
            asked.is_ok_and(|r| r.status().is_success())
        }
        .boxed()
    }
}

/// W3C Trace Context, a trace of its own for each call.
fn traceparent() -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let (trace, span) = (random_bytes::<16>().unwrap_or([1; 16]), random_bytes::<8>().unwrap_or([1; 8]));
    format!("00-{}-{}-01", hex(&trace), hex(&span))
}

/// No answer came. Only when no connection was made it is certain that nothing arrived.
fn failed(error: &reqwest::Error) -> Answer {
    if is_certificate(error) {
        return Answer::Configuration { status: None, note: "the certificate is not accepted".into() };
    }
    let note = match (error.is_connect(), error.is_timeout()) {
        (true, _) => "no connection",
        (_, true) => "no answer in time",
        _ => "the connection broke",
    };
    Answer::Transient { status: None, retry_after: None, unclear: !error.is_connect(), note: note.into() }
}

fn is_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(e) = cause {
        if e.downcast_ref::<rustls::Error>().is_some_and(|e| matches!(e, rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        if let Some(inner) = e.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref())
            && inner.downcast_ref::<rustls::Error>().is_some_and(|e| matches!(e, rustls::Error::InvalidCertificate(_)))
        {
            return true;
        }
        cause = e.source();
    }
    false
}

async fn read(id: &DeliveryId, mut response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
    let mut body = Vec::new();
    let whole = loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= ANSWER_LIMIT => body.extend_from_slice(&part),
            Ok(None) => break true,
            Ok(Some(_)) | Err(_) => break false,
        }
    };
    let transient =
        |unclear, note: &str| Answer::Transient { status: Some(status), retry_after, unclear, note: note.into() };
    match status {
        200..=299 => match serde_json::from_slice::<DeliveryReceipt>(&body) {
            Ok(receipt) if whole && receipt.delivery_id == *id => Answer::Receipt(Box::new(receipt), status),
            // It took something; what, it must tell when asked.
            _ => transient(true, "the answer cannot be read"),
        },
        408 | 409 | 425 | 429 | 500..=599 => transient(status == 408, &code_of(&body)),
        400 | 413 | 415 | 422 => Answer::Permanent { status, note: code_of(&body) },
        300..=399 | 401..=405 | 407 | 410 | 421 | 426 => {
            Answer::Configuration { status: Some(status), note: code_of(&body) }
        }
        _ => Answer::Permanent { status, note: code_of(&body) },
    }
}

/// The stable code of a problem; nothing else of an answer is kept, since it may repeat what was sent.
fn code_of(body: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = value.get("code").and_then(|c| c.as_str()).unwrap_or_default();
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect()
}
