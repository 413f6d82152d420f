//! An errand's page, and its files.

use super::errand_forms::{self, Around};
use super::forms::Forms;
use super::input::Input;
use super::view::Words;
use super::{Stopped, as_page};
use crate::contract::{Delivery, Outcome};
use crate::desk::decisions::{self, AppealRow, Decision};
use crate::desk::errands::{self, CaseType, ErrandFault, FieldFault, Reading};
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
    /// Which form: `message`, `status`, `close`, … Its field `about` says which of several.
    pub form: &'static str,
    /// Its fields.
    pub fields: Vec<(String, String)>,
    /// Field and text of everything that is wrong.
    pub errors: Vec<FieldFault>,
    /// Above the page: text of a fault that is no field's.
    pub notice: Option<&'static str>,
}

impl Typed {
    pub fn get(&self, form: &str, name: &str) -> Option<&str> {
        let fields = (self.form == form).then_some(&self.fields)?;
        fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// What a handler begins to write.
#[derive(Default, Deserialize)]
pub struct Start {
    /// With this reply text.
    svar: Option<usize>,
    /// In this thread.
    trad: Option<String>,
}

pub async fn show(
    handler: Handler,
    desk: web::Data<Desk>,
    id: Path<ErrandId>,
    start: web::Query<Start>,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    page(&visit, &desk, &member, &id.0, Typed::default(), &start, StatusCode::OK).await
}

/// The errand as it is now, with what was typed before; or the question why she opens it.
pub async fn page(
    visit: &Visit,
    desk: &Desk,
    member: &Member,
    id: &ErrandId,
    typed: Typed,
    start: &Start,
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
            let appeals = decisions::appeals(c, &wanted)?;
            Ok::<_, Stopped>(Found { reading, delivery, decisions, appeals })
        })
        .await;
    let found = match found {
        Ok(found) => found,
        Err(Stopped::Errand(ErrandFault::NeedsReason)) => return ask_why(visit, id, None),
        Err(Stopped::Errand(e)) => return Err(as_page(e)),
        Err(Stopped::Unreadable(e)) => return Err(AppError::internal(e)),
    };
    let words = Words::of(visit, &desk.catalogue);
    let context = context(&words, desk, member, &found, &typed, start);
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

/// All that a page is made of.
struct Found {
    reading: Reading,
    delivery: Delivery,
    decisions: Vec<Decision>,
    appeals: Vec<AppealRow>,
}

fn context(words: &Words<'_>, desk: &Desk, member: &Member, found: &Found, typed: &Typed, start: &Start) -> Value {
    let Found { reading, delivery, decisions, appeals } = found;
    let case_type = desk.catalogue.of(&reading.errand.case_type);
    let is_mine = reading.errand.handler.as_deref() == Some(member.affiliation.as_str());
    let may_assign = is_mine || member.leads(&reading.errand.unit);
    let around = Around { desk, reading, case_type, decisions, appeals, now: desk.clock.now() };
    let mut forms = Forms::new(words, typed);
    let begun = errand_forms::begun(case_type, typed, start.svar);
    let thread = typed.get("message", "thread").or(start.trad.as_deref()).unwrap_or_default();
    // In the page's order, as the summary of errors is.
    let requests = words.requests(&mut forms, &around);
    let once = errand_forms::of_errand(&mut forms, words, &around, &begun);
    let sent = words.sent(&mut forms, reading);
    let decisions = words.decisions(&mut forms, &around);
    let fresh = |form: &str| typed.get(form, "id").and_then(|id| id.parse().ok()).unwrap_or_else(MessageId::fresh);
    json!({
        "errand": words.errand(reading, is_mine),
        "answers": words.answers(&delivery.answers),
        "parties": words.parties(delivery),
        "signatures": words.signatures(delivery),
        "unreachable": words.unreachable(delivery),
        "places": delivery.locations.iter().map(|l| l.description.as_str()).collect::<Vec<_>>(),
        "documents": words.documents(reading),
        "sent": sent,
        "requests": requests,
        "threads": words.threads(reading, thread),
        "thread": thread,
        "decisions": decisions,
        "journal": words.journal(&reading.journal),
        "forms": once,
        "ids": {
            "message": fresh("message"),
            "supplement": fresh("supplement"),
            "hearing": fresh("hearing"),
            "appeal": fresh("appeal"),
        },
        "replies": case_type.reply.iter().enumerate().map(|(n, r)| json!({ "n": n, "name": r.name })).collect::<Vec<_>>(),
        "may_take": reading.errand.handler.is_none(),
        "may_give_back": reading.errand.handler.is_some() && may_assign,
        "may_assign": may_assign,
        "may_decide": !case_type.outcomes.is_empty() && reading.errand.closed_at.is_none(),
        "errors": forms.errors(),
        "fault": typed.notice.map(|key| words.text(key)),
        "page": { "error_prefix": !typed.errors.is_empty() || typed.notice.is_some() },
    })
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

pub async fn sent(
    handler: Handler,
    desk: web::Data<Desk>,
    path: Path<(ErrandId, FileId)>,
) -> Result<HttpResponse, AppError> {
    let Handler { visit, member } = handler;
    let (errand, id) = path.0;
    let (wanted, now) = (errand.clone(), desk.clock.now());
    let file = match desk.db.write(move |c| errands::read_sent(c, &member, &wanted, &id, now)).await {
        Ok(file) => file,
        Err(ErrandFault::NeedsReason) => return ask_why(&visit, &errand, None),
        Err(e) => return Err(as_page(e)),
    };
    let key = file.blob_key.parse().map_err(|_| AppError::NotFound)?;
    let blob = StoredBlob { key, size: file.size.unsigned_abs(), sha256: file.sha256 };
    match desk.blobs.read(&blob).await {
        Ok(bytes) => Ok(download(&file.file_name, &file.media_type, bytes.to_vec())),
        Err(e) => Err(AppError::internal(e)),
    }
}
