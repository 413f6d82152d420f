//! `POST /hook`: does at once what a handler would do by hand. The conformance kit asks for it.

use super::Office;
use super::books::Post;
use super::faults::{BackOfficeState, Fault};
use crate::contract::*;
use crate::settings::sha256_hex;
use crate::vocabulary::At;
use actix_web::{HttpResponse, guard, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/hook")
            .guard(guard::fn_guard(|ctx| {
                ctx.head().peer_addr.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
            }))
            .route(web::post().to(act)),
    );
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    action: String,
    #[serde(default)]
    external_case_id: String,
}

async fn act(asked: web::Json<Asked>, office: web::Data<Office>) -> HttpResponse {
    let case = asked.external_case_id.as_str();
    let done = match asked.action.as_str() {
        "accept" => {
            let state = office.control.state();
            office.control.set(BackOfficeState { fault: Some(Fault::AcceptLater), times: Some(1), ..state });
            Some(Value::Null)
        }
        "forget" => office.books().forget().map(|()| Value::Null),
        "resume" | "retry" => {
            for letter in office.books().outbox.iter_mut().filter(|l| l.external == case) {
                letter.due = Instant::now();
                if asked.action == "retry" && letter.state == Post::Rejected {
                    letter.state = Post::Waiting;
                }
            }
            Some(Value::Null)
        }
        "look" => super::register::received_at(&office, case).map(|at| json!({ "receivedAt": at })),
        "reopen" if office.control.state().fault == Some(Fault::SilentReopening) => Some(Value::Null),
        "decision" => {
            let document = upload(&office, case).await;
            happen(&office, case, &decision(&office, case, document))
        }
        action => match data_of(&office, action, case) {
            Some(data) => happen(&office, case, &data),
            None => return HttpResponse::NotImplemented().finish(),
        },
    };
    office.work.notify_waiters();
    match done {
        Some(said) => HttpResponse::Ok().json(said),
        None => HttpResponse::Conflict().json(json!({ "detail": "no such case" })),
    }
}

fn happen(office: &Office, case: &str, data: &EventData) -> Option<Value> {
    let is_backwards = office.control.state().fault == Some(Fault::EventBackwards);
    office.books().announce(case, data, office.config.clock.now(), is_backwards).map(|()| Value::Null)
}

/// What an action tells the portal.
fn data_of(office: &Office, action: &str, case: &str) -> Option<EventData> {
    let now: At = office.config.clock.now();
    let (n, mut books) = (now.micros(), office.books());
    Some(match action {
        "status" => EventData::StatusChanged(StatusChanged {
            external_case_id: Some(case.to_owned()),
            // Two in turn, so that each is a change.
            external_code: if books.count.is_multiple_of(2) { "HANDLAGGS" } else { "UNDERBESLUT" }.into(),
            label: Some("Under handläggning".into()),
            visible_text: None,
        }),
        "close" => EventData::Closed(Closed {
            outcome: Outcome::Answered,
            closed_at: now,
            external_code: Some("AVSLUTAD".into()),
            visible_text: Some("Ärendet är avslutat.".into()),
            archive_by: Some("back_office".into()),
        }),
        "reopen" => EventData::Reopened(Reopened { reason: Some("Ny uppgift har kommit in.".into()) }),
        "message" => EventData::MessageSent(MessageSent {
            message_id: format!("m-{n}"),
            conversation_id: None,
            classification: "information".into(),
            text: "Vi har fått in det som behövs.".into(),
            document_ids: vec![],
            allow_reply: true,
            from: None,
        }),
        "supplement" => {
            let id = format!("k-{n}");
            books.errand(case)?.supplement = Some(id.clone());
            EventData::SupplementRequested(SupplementRequested {
                supplement_id: id,
                version: 1,
                text: "Skicka in protokoll från årsmötet.".into(),
                items: vec![SupplementItem {
                    item_id: "i1".into(),
                    label: "Årsmötesprotokoll".into(),
                    document_type: Some("protokoll".into()),
                    required: true,
                }],
                due_at: Some(now.plus_days(14)),
                consequence: Some("Ansökan kan komma att avvisas.".into()),
            })
        }
        "resolve-supplement" => EventData::SupplementResolved(SupplementResolved {
            supplement_id: books.errand(case)?.supplement.clone()?,
            state: SupplementState::Accepted,
            text: None,
            due_at: None,
        }),
        "hearing" => EventData::HearingRequested(HearingRequested {
            hearing_id: format!("h-{n}"),
            version: 1,
            text: "Du kan yttra dig över det som beslutet kommer att grunda sig på.".into(),
            document_ids: vec![],
            due_at: Some(now.plus_days(14)),
        }),
        "transfer" => EventData::Transferred(Transferred {
            to_unit: None,
            to_authority: Some("Länsstyrelsen".into()),
            reason: Some("Ärendet hör hemma där.".into()),
        }),
        _ => return None,
    })
}

fn decision(office: &Office, case: &str, document: Option<String>) -> EventData {
    let now = office.config.clock.now();
    let regime = office.books().errand(case).map(|e| e.appeal_regime.clone()).unwrap_or_default();
    let says_how = matches!(regime.as_str(), "fl" | "kl") && office.control.state().fault != Some(Fault::NoAppeal);
    EventData::DecisionMade(DecisionMade {
        decision_id: format!("b-{}", now.micros()),
        version: 1,
        outcome: Outcome::Approved,
        decided_at: now,
        decided_by: DecidedBy {
            kind: "delegation".into(),
            name: "Anna Exempel".into(),
            title: Some("Föreningskonsulent".into()),
            unit: None,
        },
        text: "Ansökan beviljas.".into(),
        reasons: Some("Villkoren är uppfyllda.".into()),
        legal_basis: vec![],
        appeal: says_how.then(|| Appeal {
            regime,
            to: "Förvaltningsrätten i Malmö".into(),
            weeks: 3,
            instructions: Some("Beslutet kan överklagas inom tre veckor.".into()),
            instruction_document_id: None,
        }),
        service: None,
        replaces_decision_id: None,
        document_ids: document.into_iter().collect(),
    })
}

/// Hands a file to the portal before the event that names it.
async fn upload(office: &Office, case: &str) -> Option<String> {
    let (portal, id) = office.books().errand(case).map(|e| (e.portal.clone(), e.case.clone()))?;
    let file = "%PDF-1.4\n%%EOF\n";
    let border = "castor-lik-8f14e45fceea167a";
    let body = format!(
        "--{border}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"beslut.pdf\"\r\ncontent-type: application/pdf\r\n\r\n{file}\r\n\
         --{border}\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nBeslut\r\n--{border}--\r\n"
    );
    let now = office.config.clock.now();
    let key = format!("{case}-{}", sha256_hex(file.as_bytes()));
    let request = office
        .client
        .post(format!("{portal}/integration/v1/cases/{id}/documents"))
        .header("content-type", format!("multipart/form-data; boundary={border}"))
        .header("idempotency-key", format!("\"{key}\""))
        .header("webhook-id", &key)
        .header("webhook-timestamp", now.seconds().to_string())
        .header("webhook-signature", office.config.secret_in.sign(&key, now, body.as_bytes()))
        .header("traceparent", super::traceparent())
        .body(body);
    let answer: Value = request.send().await.ok()?.json().await.ok()?;
    Some(answer.get("documentId")?.as_str()?.to_owned())
}
