//! The published contract over HTTP: signed POST of deliveries, bearer token on GETs.

use super::line::{Line, limited, refused, retry_after};
use super::notices::Noticed;
use super::parcel::{Parcel, Question};
use super::receiver::{Answer, Found, Receiver};
use crate::contract::{CaseState, DeliveryReceipt, ONE, Secret};
use crate::settings::{Target, TargetFault};
use crate::vocabulary::{At, DeliveryId};
use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};

/// One target that speaks the contract.
pub struct ContractHttp {
    line: Line,
    secret: Secret,
    /// Files go along within the body.
    is_heavy: bool,
}

impl ContractHttp {
    /// From a target's settings. `is_play`: in demo or test.
    pub fn new(target: &Target, is_play: bool) -> Result<Self, TargetFault> {
        let first = target.secret_out.first().map(|secret| secret.expose()).unwrap_or_default();
        let secret = first.parse().map_err(|e: crate::contract::InvalidSecret| ("secret_out", e.to_string(), ""))?;
        Ok(Self { line: Line::new(target, is_play)?, secret, is_heavy: target.capabilities.inline_attachments })
    }

    async fn post(&self, parcel: &Parcel) -> Answer {
        let (id, now) = (&parcel.id, parcel.now);
        let signature = self.secret.sign(id.as_str(), now, &parcel.body);
        let address = format!("{}/v1/deliveries", self.line.root());
        let build = |client: &reqwest::Client| {
            let post = client.post(&address);
            let post = if self.is_heavy { post.timeout(self.line.content_timeout()) } else { post };
            post.header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("\"{id}\""))
                .header("webhook-id", id.as_str())
                .header("webhook-timestamp", now.seconds().to_string())
                .header("webhook-signature", &signature)
                .body(parcel.body.clone())
        };
        // The signature is the proof; an access token comes on top where the target wants one. The static token is for
        // questions only.
        let sent = match self.line.is_renewable() {
            true => self.line.proved(now, build).await,
            false => self.line.bare(build).await,
        };
        match sent {
            Err(answer) => answer,
            Ok(response) => read(id, response, now).await,
        }
    }

    async fn get(&self, question: &Question) -> Found {
        let (id, now) = (&question.id, question.now);
        let root = question.root.as_deref().unwrap_or(self.line.root());
        let address = format!("{}/v1/deliveries/{id}", root.trim_end_matches('/'));
        match self.line.proved(now, |client| client.get(&address)).await {
            Err(answer) => Found::Fault(answer),
            Ok(response) if response.status() == StatusCode::NOT_FOUND => Found::Never,
            Ok(response) => match read(id, response, now).await {
                Answer::Receipt(receipt, status) => Found::Known(receipt, status),
                // What it says of the question says nothing of the delivery.
                Answer::Permanent { status, note } => {
                    Found::Fault(Answer::Transient { status: Some(status), retry_after: None, unclear: true, note })
                }
                other => Found::Fault(other),
            },
        }
    }

    async fn tell(&self, id: &str, body: Vec<u8>, now: At) -> Noticed {
        let address = format!("{}/v1/citizen-events", self.line.root());
        let signature = self.secret.sign(id, now, &body);
        let build = |client: &reqwest::Client| {
            client
                .post(&address)
                .header(CONTENT_TYPE, ONE)
                .header("webhook-id", id)
                .header("webhook-timestamp", now.seconds().to_string())
                .header("webhook-signature", &signature)
                .body(body.clone())
        };
        let sent = match self.line.is_renewable() {
            true => self.line.proved(now, build).await,
            false => self.line.bare(build).await,
        };
        match sent.map(|response| response.status().as_u16()) {
            Ok(200..=299) => Noticed::Taken,
            Ok(400 | 413 | 415 | 422) => Noticed::Refused,
            Ok(_) | Err(_) => Noticed::Later,
        }
    }

    async fn case(&self, external_case_id: &str, now: At) -> Option<CaseState> {
        let id: String = url::form_urlencoded::byte_serialize(external_case_id.as_bytes()).collect();
        // A form writes a space as plus, a path does not.
        let address = format!("{}/v1/cases/{}", self.line.root(), id.replace('+', "%20"));
        let response = self.line.proved(now, |client| client.get(&address)).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let state: CaseState = serde_json::from_slice(&limited(response).await?).ok()?;
        (state.external_case_id == external_case_id).then_some(state)
    }
}

impl Receiver for ContractHttp {
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer> {
        self.post(parcel).boxed()
    }
    fn find<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Found> {
        self.get(question).boxed()
    }
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async { self.line.is_up(&format!("{}/health/ready", self.line.root())).await }.boxed()
    }
    fn notify<'a>(&'a self, id: &'a str, body: Vec<u8>, now: At) -> BoxFuture<'a, Noticed> {
        self.tell(id, body, now).boxed()
    }
    fn read_case<'a>(&'a self, external_case_id: &'a str, now: At) -> BoxFuture<'a, Option<CaseState>> {
        self.case(external_case_id, now).boxed()
    }
}

async fn read(id: &DeliveryId, response: Response, now: At) -> Answer {
    let status = response.status().as_u16();
    let wait = retry_after(&response, now);
    let body = limited(response).await;
    if !(200..=299).contains(&status) {
        return refused(status, wait, &body.unwrap_or_default());
    }
    let receipt = body.and_then(|body| serde_json::from_slice::<DeliveryReceipt>(&body).ok());
    match receipt.filter(|receipt| receipt.delivery_id == *id) {
        Some(receipt) => Answer::Receipt(Box::new(receipt), status),
        // It took something; what, it must tell when asked.
        None => Answer::Transient {
            status: Some(status),
            retry_after: wait,
            unclear: true,
            note: "the answer cannot be read".into(),
        },
    }
}
