//! An errand's page, and its files.

use super::input::Input;
use super::view::Words;
use super::{Stopped, as_page};
use crate::contract::{Delivery, Outcome};
use crate::desk::decisions::{self, Decision};
use crate::desk::errands::{self, CaseType, ErrandFault, Reading};
use crate::desk::portal_link::DocumentState;
use crate::desk::staff::{Handler, Member};
use crate::desk::{Desk, received};
use crate::files::{BlobError, StoredBlob};
use crate::vocabulary::{ErrandId, FileId, MessageId};
use crate::web::{AppError, Path, Visit, download};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a handler had typed when something came in between, so that nothing of it is lost.
#[derive(Default)]
pub struct Typed {
    /// Which form: `message`, `status`, `close`, `assign`, `move`, `reopen`.
    pub form: &'static str,
    /// Its fields.
    pub fields: Vec<(String, String)>,
    /// Field and text of what is wrong.
    pub error: Option<(&'static str, &'static str)>,
    /// Above the page: text of a fault that is no field's.
    pub notice: Option<&'static str>,
}

impl Typed {
    pub fn get(&self, form: &str, name: &str) -> Option<&str> {
        let fields = (self.form == form).then_some(&self.fields)?;
        fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A reply text to begin with.
#[derive(Deserialize)]
pub struct Start {
    svar: Option<usize>,
}

pub async fn show(
    handler: Handler,
    desk: web::Data<Desk>,
    id: Path<ErrandId>,
    start: web::Query<Start>,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    page(&visit, &desk, &member, &id.0, Typed::default(), start.svar, StatusCode::OK).await
}

/// The errand as it is now, with what was typed before; or the question why she opens it.
pub async fn page(
    visit: &Visit,
    desk: &Desk,
    member: &Member,
    id: &ErrandId,
    typed: Typed,
    reply: Option<usize>,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let (by, wanted, keys, now) = (member.clone(), id.clone(), desk.keys.clone(), desk.clock.now());
    // In a writing unit: nothing is shown that is not in the reading log.
    let found = desk
        .db
        .write(move |c| {
            let reading = errands::read(c, &by, &wanted, now)?;
            let delivery = received::delivery(c, &keys, &by.municipality, &reading.errand.delivery_id)?;
            let decisions = decisions::of_errand(c, &wanted)?;
            Ok::<_, Stopped>((reading, delivery, decisions))
        })
        .await;
    let (reading, delivery, decisions) = match found {
        Ok(found) => found,
        Err(Stopped::Errand(ErrandFault::NeedsReason)) => return ask_why(visit, id, None),
        Err(Stopped::Errand(e)) => return Err(as_page(e)),
        Err(Stopped::Unreadable(e)) => return Err(AppError::internal(e)),
    };
    let words = Words::of(visit, &desk.catalogue);
    let context = context(&words, desk, member, &reading, &delivery, &decisions, &typed, reply);
    visit.page_with_status(status, "desk/errand.html", "", context)
}

/// The step before an errand with protected identity.
pub fn ask_why(visit: &Visit, id: &ErrandId, typed: Option<(&str, &str)>) -> Result<HttpResponse, AppError> {
    let (value, error) =
        typed.map_or((String::new(), String::new()), |(value, key)| (value.to_owned(), visit.text(key)));
    let is_wrong = !error.is_empty();
    let label = visit.text("desk-reason-label");
    let mut input = Input::new("why", "reason", "text", label).hint(visit.text("desk-reason-hint")).value(value);
    input.error.clone_from(&error);
    let errors: Vec<Value> =
        if is_wrong { vec![json!({ "href": "#why-reason", "message": error })] } else { Vec::new() };
    let context = json!({ "id": id, "input": input, "errors": errors, "page": { "error_prefix": is_wrong } });
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with_status(status, "desk/reason.html", "", context)
}

#[expect(clippy::too_many_arguments, reason = "a page is put together from all of these")]
fn context(
    words: &Words<'_>,
    desk: &Desk,
    member: &Member,
    reading: &Reading,
    delivery: &Delivery,
    decisions: &[Decision],
    typed: &Typed,
    reply: Option<usize>,
) -> Value {
    let case_type = desk.catalogue.of(&reading.errand.case_type);
    let is_mine = reading.errand.handler.as_deref() == Some(member.affiliation.as_str());
    let mut forms = forms(words, desk, reading, case_type, decisions, typed, reply);
    let mut errors = Vec::new();
    if let Some((field, key)) = typed.error {
        let message = words.text(key);
        for input in forms.iter_mut().filter(|(form, _)| *form == typed.form).flat_map(|(_, list)| list) {
            if input.name == field {
                input.error.clone_from(&message);
                errors.push(json!({ "href": format!("#{}", input.id), "message": message }));
            }
        }
    }
    let forms: serde_json::Map<String, Value> =
        forms.into_iter().map(|(form, list)| (form.to_owned(), json!(list))).collect();
    let may_assign = is_mine || member.leads(&reading.errand.unit);
    json!({
        "errand": words.errand(reading, is_mine),
        "answers": words.answers(&delivery.answers),
        "parties": words.parties(delivery),
        "signatures": words.signatures(delivery),
        "unreachable": words.unreachable(delivery),
        "places": delivery.locations.iter().map(|l| l.description.as_str()).collect::<Vec<_>>(),
        "documents": words.documents(reading),
        "messages": words.messages(&reading.messages),
        "decisions": words.decisions(decisions),
        "journal": words.journal(&reading.journal),
        "forms": forms,
        "open_form": typed.form,
        "message_id": typed.get("message", "id").and_then(|id| id.parse().ok()).unwrap_or_else(MessageId::fresh),
        "replies": case_type.reply.iter().enumerate().map(|(n, r)| json!({ "n": n, "name": r.name })).collect::<Vec<_>>(),
        "may_take": reading.errand.handler.is_none(),
        "may_give_back": reading.errand.handler.is_some() && may_assign,
        "may_assign": may_assign,
        "may_decide": !case_type.outcomes.is_empty() && reading.errand.closed_at.is_none(),
        "errors": errors,
        "fault": typed.notice.map(|key| words.text(key)),
        "page": { "error_prefix": typed.error.is_some() || typed.notice.is_some() },
    })
}

fn forms(
    words: &Words<'_>,
    desk: &Desk,
    reading: &Reading,
    case_type: &CaseType,
    decisions: &[Decision],
    typed: &Typed,
    reply: Option<usize>,
) -> Vec<(&'static str, Vec<Input>)> {
    let kept = |form: &str, name: &str| typed.get(form, name).unwrap_or_default().to_owned();
    let started = reply.and_then(|n| case_type.reply.get(n)).map(|r| r.text.clone());
    let message = match typed.form {
        "message" => kept("message", "text"),
        _ => started.unwrap_or_default(),
    };
    let statuses = desk.catalogue.statuses().iter().filter(|s| s.choose && s.code != reading.errand.status);
    let colleagues = reading.colleagues.iter().filter(|m| Some(&m.affiliation) != reading.errand.handler.as_ref());
    let decided = decisions.last().map(|d| d.outcome.as_str().to_owned()).unwrap_or_default();
    let outcome = typed.get("close", "outcome").map_or(decided, str::to_owned);
    let types = desk.catalogue.types().iter().filter(|t| t.code != reading.errand.case_type);
    vec![
        (
            "message",
            vec![
                Input::new("message", "text", "longtext", words.text("desk-message-label"))
                    .hint(words.text("desk-message-hint"))
                    .rows(6)
                    .value(message),
            ],
        ),
        (
            "status",
            vec![
                Input::new("status", "status", "choice", words.text("desk-status-label"))
                    .choices(statuses.map(|s| (s.code.clone(), s.label.clone())), &kept("status", "status")),
                Input::new("status", "words", "longtext", words.text("desk-status-words"))
                    .optional()
                    .rows(2)
                    .value(kept("status", "words")),
            ],
        ),
        (
            "assign",
            vec![Input::new("assign", "handler", "choice", words.text("desk-assign-label")).choices(
                colleagues.map(|m| (m.affiliation.clone(), format!("{}, {}", m.name, m.title))),
                &kept("assign", "handler"),
            )],
        ),
        (
            "move",
            vec![
                Input::new("move", "case_type", "choice", words.text("desk-move-label"))
                    .hint(words.text("desk-move-hint"))
                    .choices(types.map(|t| (t.code.clone(), t.name.clone())), &kept("move", "case_type")),
            ],
        ),
        (
            "close",
            vec![
                Input::new("close", "outcome", "choice", words.text("desk-close-outcome"))
                    .choices(outcome_choices(words, case_type), &outcome),
                Input::new("close", "words", "longtext", words.text("desk-close-words"))
                    .hint(words.text("desk-close-words-hint"))
                    .rows(4)
                    .value(kept("close", "words")),
            ],
        ),
        (
            "reopen",
            vec![
                Input::new("reopen", "reason", "text", words.text("desk-reopen-label"))
                    .hint(words.text("desk-reopen-hint"))
                    .value(kept("reopen", "reason")),
            ],
        ),
    ]
}

/// The outcomes of a case type as choices.
pub fn outcome_choices(words: &Words<'_>, case_type: &CaseType) -> Vec<(String, String)> {
    case_type.outcomes.iter().map(|o: &Outcome| (o.as_str().to_owned(), words.outcome(*o))).collect()
}

pub async fn file(
    handler: Handler,
    desk: web::Data<Desk>,
    path: Path<(ErrandId, FileId)>,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    let (errand, id) = path.0;
    let (wanted, now) = (errand.clone(), desk.clock.now());
    let read = desk.db.write(move |c| errands::read_document(c, &member, &wanted, &id, now)).await;
    let document = match read {
        Ok(document) => document,
        Err(ErrandFault::NeedsReason) => return ask_why(&visit, &errand, None),
        Err(e) => return Err(as_page(e)),
    };
    let key = document.blob_key.as_deref().and_then(|key| key.parse().ok());
    let (DocumentState::Stored, Some(key), false) = (document.state, key, document.scan == "infected") else {
        return Err(AppError::NotFound);
    };
    let blob = StoredBlob { key, size: document.size.unsigned_abs(), sha256: document.sha256 };
    match desk.blobs.read(&blob).await {
        Ok(bytes) => Ok(download(&document.file_name, &document.media_type, bytes.to_vec())),
        Err(BlobError::Missing) => Err(AppError::internal("a stored file is missing")),
        Err(e) => Err(AppError::internal(e)),
    }
}
