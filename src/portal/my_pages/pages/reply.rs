//! Answering what the municipality asks for, appealing, asking for a decision, and saying that a decision has been read.

use super::super::answer::{self, Act, LONGEST, Sent, To, Writing};
use super::super::view::{self, Opened, Reply};
use super::case::{act, fault, open, typed};
use crate::portal::cases::{self, AnswerFile};
use crate::portal::identity::{LoggedIn, citizen_of};
use crate::portal::{App, attachments};
use crate::vocabulary::{CaseId, FileId, MessageId, Reference, RequestId};
use crate::web::{AppError, Path, PostedForm, see_other};
use actix_web::{HttpResponse, web};

/// Which page: what she answers.
#[derive(Clone, Debug, PartialEq)]
enum About {
    Request(RequestId),
    Decision(String),
    Delay,
}

impl About {
    /// The form for it in her case; `None` when there is nothing to answer.
    fn reply<'a>(&self, opened: &'a Opened) -> Option<Reply<'a>> {
        let regime_is_fl = opened.case.appeal_regime == "fl";
        match self {
            About::Request(id) => {
                let request = opened.requests.iter().find(|r| r.id == *id && r.may_be_answered())?;
                opened.case.takes_messages().then_some(Reply::Request(request))
            }
            About::Decision(mark) if regime_is_fl => {
                let decision = opened.decisions.iter().find(|d| answer::decision_mark(&d.decision_id) == *mark)?;
                view::can_be_appealed(decision, &opened.decisions).then_some(Reply::Decision(decision))
            }
            About::Decision(_) => None,
            About::Delay => opened.may_be_hurried().then_some(Reply::Delay),
        }
    }
}

async fn show(
    who: LoggedIn,
    app: web::Data<App>,
    reference: &Reference,
    about: About,
) -> Result<HttpResponse, AppError> {
    let opened = open(&app, &who.visit, &who.citizen, reference).await?;
    let Some(reply) = about.reply(&opened) else { return Ok(see_other(&view::href(reference))) };
    let form = view::Filled { id: MessageId::fresh(), text: String::new(), files: Vec::new(), errors: Vec::new() };
    who.visit.page("portal/reply.html", "my-pages", view::reply_page(&opened, &reply, &form, &who.visit.voice))
}

pub(super) async fn request(
    who: LoggedIn,
    app: web::Data<App>,
    path: Path<(Reference, RequestId)>,
) -> Result<HttpResponse, AppError> {
    let (reference, id) = path.0;
    show(who, app, &reference, About::Request(id)).await
}

pub(super) async fn appeal(
    who: LoggedIn,
    app: web::Data<App>,
    path: Path<(Reference, String)>,
) -> Result<HttpResponse, AppError> {
    let (reference, mark) = path.0;
    show(who, app, &reference, About::Decision(mark)).await
}

pub(super) async fn delay(who: LoggedIn, app: web::Data<App>, path: Path<Reference>) -> Result<HttpResponse, AppError> {
    show(who, app, &path.0, About::Delay).await
}

pub(super) async fn send_request(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<(Reference, RequestId)>,
) -> Result<HttpResponse, AppError> {
    let (reference, id) = path.0;
    send(form, app, &reference, About::Request(id)).await
}

pub(super) async fn send_appeal(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<(Reference, String)>,
) -> Result<HttpResponse, AppError> {
    let (reference, mark) = path.0;
    send(form, app, &reference, About::Decision(mark)).await
}

pub(super) async fn send_delay(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<Reference>,
) -> Result<HttpResponse, AppError> {
    send(form, app, &path.0, About::Delay).await
}

/// One form for all: files are kept as they come, so that nothing is sent twice when something else is wrong.
async fn send(
    mut form: PostedForm,
    app: web::Data<App>,
    reference: &Reference,
    about: About,
) -> Result<HttpResponse, AppError> {
    let act = match act(&app, &form.visit, reference).await? {
        Ok(act) => act,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let id: MessageId = form.get("_meddelande").and_then(|t| t.parse().ok()).ok_or(AppError::Invalid("invalid"))?;
    let citizen = citizen_of(&form.visit).ok_or(AppError::NotFound)?;
    let opened = open(&app, &form.visit, &citizen, reference).await?;
    let done = format!("{}?visa={}#meddelande-{id}", view::href(reference), done(&about));
    let Some(reply) = about.reply(&opened) else {
        // The same form once more: what it said is there.
        let is_there = opened.messages.iter().any(|m| m.id == id);
        return if is_there { Ok(see_other(&done)) } else { Err(AppError::Conflict("case-over")) };
    };
    let mut errors = keep_files(&app, &mut form, &act, &opened.case.id, &id, &reply).await?;
    let action = form.get("_action").unwrap_or_default().to_owned();
    if let Some(gone) = action.strip_prefix("ta-bort:").and_then(|id| id.parse::<FileId>().ok()) {
        let (case, form_id) = (opened.case.id.clone(), id.clone());
        let removed = app.ground.db.write(move |c| cases::remove_answer_file(c, &case, &form_id, &gone)).await?;
        attachments::delete_blobs(&app, removed.into_iter().filter_map(|key| key.parse().ok()).collect()).await;
    }
    let (case, form_id) = (opened.case.id.clone(), id.clone());
    let files = app.ground.db.read(move |c| cases::answer_files(c, &case, &form_id)).await?;
    let text = typed(&form, "text");
    let voice = form.visit.voice.clone();
    let is_sending = action.is_empty();
    if is_sending {
        errors.extend(reply.faults(&text, &files, LONGEST, &voice));
    }
    if !is_sending || !errors.is_empty() {
        let filled = view::Filled { id, text, files, errors };
        return form.visit.page("portal/reply.html", "my-pages", view::reply_page(&opened, &reply, &filled, &voice));
    }
    let to = match (&about, &reply) {
        (About::Request(id), _) => {
            To::Request { id: id.clone(), opening: form.get("_fragan").unwrap_or_default().to_owned() }
        }
        (_, Reply::Decision(decision)) => To::Decision(decision.decision_id.clone()),
        _ => To::Delay,
    };
    // The handler reads Swedish, whatever language the page was in.
    let words = if text.is_empty() { reply.bare_words(&voice.in_swedish()) } else { text.clone() };
    let writing = Writing { id: id.clone(), text: words, to };
    match app.ground.db.write(move |c| answer::write(c, &act, &writing)).await.map_err(fault)? {
        Some(Sent::There(_)) => Ok(see_other(&done)),
        Some(Sent::Changed) => {
            let errors = vec![("text".to_owned(), voice.text("reply-changed"))];
            let filled = view::Filled { id, text, files, errors };
            form.visit.page("portal/reply.html", "my-pages", view::reply_page(&opened, &reply, &filled, &voice))
        }
        Some(Sent::Over) => Err(AppError::Conflict("case-over")),
        None => Err(AppError::NotFound),
    }
}

fn done(about: &About) -> &'static str {
    match about {
        About::Request(_) => "svarat",
        About::Decision(_) => "overklagat",
        About::Delay => "begart",
    }
}

/// Keeps what came with the form; what is wrong with the others, by field.
async fn keep_files(
    app: &App,
    form: &mut PostedForm,
    act: &Act,
    case: &CaseId,
    id: &MessageId,
    reply: &Reply<'_>,
) -> Result<Vec<(String, String)>, AppError> {
    let (mut errors, mut kept) = (Vec::new(), Vec::new());
    let (known, form_id) = (case.clone(), id.clone());
    let before = app.ground.db.read(move |c| cases::answer_files(c, &known, &form_id)).await?;
    let mut total: u64 = before.iter().map(|f| f.size.unsigned_abs()).sum();
    for upload in std::mem::take(&mut form.uploads) {
        match upload.result {
            Ok((blob, kind)) => {
                let name = crate::files::safe_file_name(&upload.file_name, kind);
                total = total.saturating_add(blob.size);
                if !reply.takes_files_at(&upload.field) || total > app.ground.settings.limits.draft_files_bytes {
                    errors.push((upload.field, form.visit.voice.about("form-files-no-room", "name", name)));
                    attachments::delete_blobs(app, vec![blob.key]).await;
                    continue;
                }
                kept.push(AnswerFile {
                    id: FileId::fresh(),
                    municipality: act.municipality.clone(),
                    case_id: case.clone(),
                    form: id.clone(),
                    field: upload.field,
                    blob_key: blob.key.to_string(),
                    file_name: name,
                    media_type: kind.media_type().to_owned(),
                    size: i64::try_from(blob.size).unwrap_or(i64::MAX),
                    sha256: blob.sha256,
                    created_at: act.now,
                });
            }
            Err(refusal) => {
                let why = attachments::refused(&form.visit, &upload.file_name, &refusal);
                errors.push((upload.field, why));
            }
        }
    }
    if !kept.is_empty() {
        let all = app.ground.db.write(move |c| kept.iter().try_for_each(|file| cases::add_answer_file(c, file)));
        all.await?;
    }
    Ok(errors)
}

/// She says that she has taken part of a decision.
pub(super) async fn confirm(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<Reference>,
) -> Result<HttpResponse, AppError> {
    let reference = &path.0;
    let act = match act(&app, &form.visit, reference).await? {
        Ok(act) => act,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mark = form.get("beslut").unwrap_or_default().to_owned();
    let version = form.get("version").and_then(|v| v.parse().ok()).ok_or(AppError::Invalid("invalid"))?;
    match app.ground.db.write(move |c| answer::confirm(c, &act, &mark, version)).await.map_err(fault)? {
        Some(_) => Ok(see_other(&format!("{}?visa=bekraftat#beslut", view::href(reference)))),
        None => Err(AppError::NotFound),
    }
}

/// What the page of a case says first after something was done.
pub(super) fn notice(visa: &str, voice: &crate::texts::Voice, opened: &Opened) -> Option<String> {
    let key = match visa {
        "skickat" => "case-notice-sent",
        "aterkallat" => "case-notice-withdrawn",
        "svarat" => "case-notice-answered",
        "overklagat" => "case-notice-appealed",
        "begart" => "case-notice-hurried",
        "bekraftat" => "case-notice-confirmed",
        _ => return None,
    };
    let last = opened.messages.iter().rev().find(|m| m.direction == cases::Direction::FromResident);
    let time = last.map(|m| voice.date_time(m.at)).unwrap_or_default();
    Some(voice.about(key, "time", time))
}
