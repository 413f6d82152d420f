//! A worked example of translating the contract to a foreign REST model, in the manner of Nordic case APIs: a case with its
//! stakeholders is posted, then its attachments one by one. Copy it for a system of your own.
//!
//! The other side knows no idempotency key. It holds `externalCaseId` unique (ours: the portal's case id) and answers 400 to
//! a repeat, which is then looked up; and each attachment and message carries our id of it in `externalId`, by which what has
//! arrived is left out. What has been done is kept after each step, so a failure half-way is resumed there.

use super::line::{Line, limited, refused, retry_after};
use super::parcel::{Parcel, Question, accepted};
use super::receiver::{Answer, Found, Receiver};
use crate::contract::{Delivery, DeliveryKind, DeliveryReceipt, Party, ReceiptState};
use crate::portal::cases::CaseDocument;
use crate::settings::{Target, TargetFault};
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One system of that kind.
pub struct RestExample {
    line: Line,
}

/// What has been done.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    errand: Option<Errand>,
    /// The message of a follow-up has arrived.
    #[serde(default)]
    is_told: bool,
    /// Documents that have arrived.
    #[serde(default)]
    sent: Vec<String>,
}

/// Their case.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Errand {
    case_id: String,
    #[serde(default)]
    errand_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    #[serde(default)]
    external_id: Option<String>,
}

impl RestExample {
    /// From a target's settings. `is_play`: in demo or test.
    pub fn new(target: &Target, is_play: bool) -> Result<Self, TargetFault> {
        Ok(Self { line: Line::new(target, is_play)? })
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<Errand, Answer> {
        let unread = |_| Answer::Unfit { note: "the body cannot be read".into() };
        let delivery = parcel.delivery().map_err(unread)?;
        let kept = parcel.around.progress().await.map_err(Answer::not_now)?;
        let mut progress: Progress = kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default();
        let errand = match progress.errand.clone() {
            Some(errand) => errand,
            None => {
                let errand = self.errand(&delivery, parcel.now).await?;
                progress.errand = Some(errand.clone());
                keep(parcel, &progress).await?;
                errand
            }
        };
        let case = format!("cases/{}", segment(&errand.case_id));
        if let Some(message) = delivery.message.as_ref().filter(|_| !progress.is_told) {
            let path = format!("{case}/messages");
            if !self.holds(&path, parcel.id.as_str(), parcel.now).await? {
                let told = json!({ "externalId": parcel.id, "type": delivery.kind, "text": message.text });
                self.post(&path, &told, parcel.now).await?;
            }
            progress.is_told = true;
            keep(parcel, &progress).await?;
        }
        let path = format!("{case}/attachments");
        for document in parcel.around.documents(&delivery).await.map_err(Answer::not_now)? {
            let id = document.id.to_string();
            if progress.sent.contains(&id) {
                continue;
            }
            // The call before a failure may have arrived without our knowing.
            if !self.holds(&path, &id, parcel.now).await? {
                self.post(&path, &attachment(parcel, &document).await?, parcel.now).await?;
            }
            progress.sent.push(id);
            keep(parcel, &progress).await?;
        }
        Ok(errand)
    }

    /// Their case: made now, or found when it had been made before.
    async fn errand(&self, delivery: &Delivery, now: At) -> Result<Errand, Answer> {
        let ours = delivery.case.id.as_str();
        if delivery.kind != DeliveryKind::Submission {
            return self
                .look_up(ours, now)
                .await?
                .ok_or(Answer::Permanent { status: 404, note: "the case is not there".into() });
        }
        match self.post("cases", &translated(delivery), now).await {
            Ok(body) => serde_json::from_slice(&body).map_err(|_| Answer::Transient {
                status: Some(201),
                retry_after: None,
                unclear: true,
                note: "the answer names no case".into(),
            }),
            // Either it is there already or it is wrong; only looking tells.
            Err(answer @ Answer::Permanent { status: 400, .. }) => self.look_up(ours, now).await?.ok_or(answer),
            Err(answer) => Err(answer),
        }
    }

    async fn look_up(&self, ours: &str, now: At) -> Result<Option<Errand>, Answer> {
        let found: Vec<Errand> = self.get(&format!("cases?externalCaseId={}", segment(ours)), now).await?;
        Ok(found.into_iter().next())
    }

    async fn holds(&self, path: &str, id: &str, now: At) -> Result<bool, Answer> {
        let held: Vec<Held> = self.get(path, now).await?;
        Ok(held.iter().any(|one| one.external_id.as_deref() == Some(id)))
    }

    async fn post(&self, path: &str, body: &Value, now: At) -> Result<Vec<u8>, Answer> {
        let (address, patience) = (format!("{}/{path}", self.line.root()), self.line.content_timeout());
        let response = self.line.proved(now, |client| client.post(&address).timeout(patience).json(body)).await?;
        whole(response, now).await
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str, now: At) -> Result<T, Answer> {
        let address = format!("{}/{path}", self.line.root());
        let body = whole(self.line.proved(now, |client| client.get(&address)).await?, now).await?;
        serde_json::from_slice(&body).map_err(|_| Answer::not_now("the answer cannot be read"))
    }
}

async fn whole(response: reqwest::Response, now: At) -> Result<Vec<u8>, Answer> {
    let (status, wait) = (response.status(), retry_after(&response, now));
    let body = limited(response).await;
    match (status.is_success(), body) {
        (true, Some(body)) => Ok(body),
        (true, None) => Err(Answer::Transient {
            status: Some(status.as_u16()),
            retry_after: wait,
            unclear: true,
            note: "the answer broke off".into(),
        }),
        (false, body) => Err(refused(status.as_u16(), wait, &body.unwrap_or_default())),
    }
}

async fn keep(parcel: &Parcel, progress: &Progress) -> Result<(), Answer> {
    let kept = serde_json::to_value(progress).map_err(Answer::not_now)?;
    parcel.around.keep(kept).await.map_err(Answer::not_now)
}

async fn attachment(parcel: &Parcel, document: &CaseDocument) -> Result<Value, Answer> {
    let bytes = parcel.around.bytes(document).await.map_err(Answer::not_now)?;
    Ok(json!({
        "externalId": document.id,
        "name": document.file_name,
        "mimeType": document.media_type,
        "sha256": document.sha256,
        "file": STANDARD.encode(bytes),
    }))
}

/// The delivery in their words.
fn translated(delivery: &Delivery) -> Value {
    let lines = delivery.answers.iter().flat_map(|section| &section.items);
    let text: Vec<String> = lines.map(|item| format!("{}: {}", item.label, item.text)).collect();
    json!({
        "externalCaseId": delivery.case.id,
        "caseType": delivery.routing.case_type,
        "caseTitleAddition": delivery.title,
        "description": text.join("\n"),
        "applicationReceived": delivery.received_at,
        "channel": "ESERVICE",
        "stakeholders": delivery.parties.iter().map(stakeholder).collect::<Vec<_>>(),
        "extraParameters": { "reference": delivery.case.reference, "unit": delivery.routing.unit },
    })
}

fn stakeholder(party: &Party) -> Value {
    let role = match party.role.as_str() {
        "applicant" => "APPLICANT",
        "representative" => "DELEGATE",
        _ => "CONTACT_PERSON",
    };
    let contact = party.contact.as_ref();
    json!({
        "role": role,
        "type": if party.kind == "organisation" { "ORGANIZATION" } else { "PERSON" },
        "name": party.name,
        "identifier": party.identifier.as_ref().map(|identifier| &identifier.value),
        "emailAddress": contact.and_then(|c| c.email.as_ref()),
        "cellphoneNumber": contact.and_then(|c| c.phone.as_ref()),
        "protectedIdentity": party.protected_identity,
    })
}

/// One step of a path, or a value after `=`.
fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

impl Receiver for RestExample {
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer> {
        async {
            match self.hand_over(parcel).await {
                Ok(errand) => Answer::Receipt(
                    Box::new(DeliveryReceipt {
                        state: ReceiptState::Registered,
                        registered_at: Some(parcel.now),
                        external_case_id: Some(errand.case_id),
                        diary_number: errand.errand_number,
                        ..accepted(&parcel.id)
                    }),
                    201,
                ),
                Err(answer) => answer,
            }
        }
        .boxed()
    }

    fn find<'a>(&'a self, _question: &'a Question) -> BoxFuture<'a, Found> {
        // Handing over looks at every step for what has arrived, and goes on from there.
        async { Found::Never }.boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async { self.line.is_up(&format!("{}/health", self.line.root())).await }.boxed()
    }
}
