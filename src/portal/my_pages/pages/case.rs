//! One case: reading it, writing in it, taking it back, fetching its documents. Somebody else's is not there.

use super::super::answer::{self, Act, LONGEST, Sent, To, Writing};
use super::super::view::{self, Opened};
use crate::db::DbError;
use crate::files::{BlobError, StoredBlob};
use crate::portal::delivery::{self, DeliveryFault};
use crate::portal::identity::{Citizen, LoggedIn, citizen_of, require_fresh};
use crate::portal::{App, cases, representation, signatures, submissions};
use crate::vocabulary::{FileId, MessageId, Reference};
use crate::web::{AppError, Path, PostedForm, Visit, download, see_other};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most characters of why a case is taken back.
const LONGEST_REASON: usize = 2_000;

#[derive(Deserialize)]
pub(super) struct Wish {
    visa: Option<String>,
}

pub(super) async fn open(
    app: &App,
    visit: &Visit,
    citizen: &Citizen,
    reference: &Reference,
) -> Result<Opened, AppError> {
    let (slug, party, reference) = (visit.municipality.slug.clone(), citizen.party.clone(), reference.clone());
    let (keys, now) = (app.ground.keys.clone(), app.ground.clock.now());
    let found = app.ground.db.read(move |c| {
        let Some(case) = cases::find_for_owner(c, &slug, &party, &reference)? else { return Ok(None) };
        Ok::<_, DbError>(Some(Opened {
            receiver: String::new(),
            trail: delivery::trail(c, &slug, &case.id, &case.target, now)?,
            requests: cases::requests(c, &case.id)?,
            now,
            events: cases::timeline(c, &case.id)?,
            messages: cases::messages(c, &case.id)?,
            decisions: cases::decisions(c, &case.id)?,
            documents: cases::documents(c, &case.id)?,
            sent: submissions::sent_in(c, &case.submission_id)?,
            sent_by: representation::sent_by(c, &slug, &case.id)?,
            signers: signatures::signers_of(c, &keys, &case.id)?,
            signatures: match signatures::verified(c, &keys, &case.submission_id) {
                Err(signatures::SignatureFault::Db(e)) => return Err(e),
                Err(fault) => {
                    tracing::error!(case = %case.id, %fault, "the signatures of a case do not hold");
                    None
                }
                Ok(all) => Some(all),
            },
            case,
        }))
    });
    let opened = found.await?.ok_or(AppError::NotFound)?;
    let (ground, target) = (&app.ground, &opened.case.target);
    let named = delivery::target_of(&ground.settings, &ground.municipalities, &opened.case.municipality, target)
        .map(|t| t.display_name(target));
    Ok(Opened { receiver: named.unwrap_or_else(|| target.to_string()), ..opened })
}

/// The form for a message: the id that the message will have, and what was typed with what is wrong.
fn answer_form(reference: &Reference, id: &MessageId, text: &str, error: &str) -> Value {
    json!({ "action": format!("{}/meddelanden", view::href(reference)), "id": id, "text": text, "error": error })
}

pub(super) async fn show(
    who: LoggedIn,
    app: web::Data<App>,
    path: Path<Reference>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    // Taken before reading, so that what happens meanwhile is still news.
    let now = app.ground.clock.now();
    let opened = open(&app, &who.visit, &who.citizen, &path.0).await?;
    if opened.case.protected {
        // Somebody in it has protected identity: an unwatched screen must not tell where she is.
        require_fresh(&who.visit, &who.visit.path_and_query)?;
    }
    let voice = &who.visit.voice;
    let notice = wish.visa.as_deref().and_then(|visa| super::reply::notice(visa, voice, &opened));
    let mut context = view::case_page(&opened, answer_form(&path.0, &MessageId::fresh(), "", ""), voice);
    if let Some(own) = context.as_object_mut() {
        own.insert("page".into(), json!({ "notice": notice }));
    }
    let page = who.visit.page("portal/case.html", "my-pages", context)?;
    if opened.is_unseen() {
        let id = opened.case.id.clone();
        // That she has looked is not worth withholding the page for.
        if let Err(e) = app.ground.db.write(move |c| cases::mark_seen(c, &id, now)).await {
            tracing::warn!(error = %e, "a case could not be marked as seen");
        }
    }
    Ok(page)
}

/// Reloading the answer to a faulty message asks for its address: back to the case.
pub(super) async fn back(path: Path<Reference>) -> HttpResponse {
    see_other(&view::href(&path.0))
}

/// Who does it, or where she is led when she may not act for another any more.
pub(super) async fn act(
    app: &App,
    visit: &Visit,
    reference: &Reference,
) -> Result<Result<Act, HttpResponse>, AppError> {
    let citizen = citizen_of(visit).ok_or_else(|| AppError::LogIn(view::href(reference)))?;
    let slug = visit.municipality.slug.clone();
    let authority = match representation::still_holds(app, &slug, &citizen).await {
        Ok(authority) => authority,
        Err(why) => return representation::lost(app, visit, &citizen, why, &view::href(reference)).await.map(Err),
    };
    Ok(Ok(Act {
        municipality: slug,
        by: authority.map(|authority| representation::representative(&citizen, &authority)),
        actor: citizen.audited(),
        party: citizen.party,
        reference: reference.clone(),
        keys: app.ground.keys.clone(),
        now: app.ground.clock.now(),
    }))
}

pub(super) fn fault(e: DeliveryFault) -> AppError {
    match e {
        DeliveryFault::Db(e) => e.into(),
        other => AppError::internal(other),
    }
}

/// Line ends as the database keeps them, without empty lines around.
pub(super) fn typed(form: &PostedForm, name: &str) -> String {
    form.get(name).unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
}

pub(super) async fn send(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<Reference>,
) -> Result<HttpResponse, AppError> {
    let (visit, reference) = (&form.visit, &path.0);
    let act = match act(&app, visit, reference).await? {
        Ok(act) => act,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let id: MessageId = form.get("_meddelande").and_then(|t| t.parse().ok()).ok_or(AppError::Invalid("invalid"))?;
    let text = typed(&form, "text");
    let voice = &visit.voice;
    let error = match text.chars().count() {
        0 => voice.text("message-empty"),
        n if n > LONGEST => voice.about("message-too-long", "count", voice.number(LONGEST as f64, 0, false)),
        _ => String::new(),
    };
    if !error.is_empty() {
        let citizen = citizen_of(visit).ok_or(AppError::NotFound)?;
        let opened = open(&app, visit, &citizen, reference).await?;
        let mut context = view::case_page(&opened, answer_form(reference, &id, &text, &error), voice);
        if let Some(own) = context.as_object_mut() {
            own.insert("page".into(), json!({ "error_prefix": true }));
            own.insert("errors".into(), json!([{ "field_id": "text", "href": "#text", "message": error }]));
        }
        return visit.page("portal/case.html", "my-pages", context);
    }
    let to = To::Message(form.get("_trad").and_then(|id| id.parse().ok()));
    let writing = Writing { id, text, to };
    match app.ground.db.write(move |c| answer::write(c, &act, &writing)).await.map_err(fault)? {
        Some(Sent::There(id)) => Ok(see_other(&format!("{}?visa=skickat#meddelande-{id}", view::href(reference)))),
        Some(Sent::Over | Sent::Changed) => Err(AppError::Conflict("case-over")),
        None => Err(AppError::NotFound),
    }
}

pub(super) async fn ask_to_withdraw(
    who: LoggedIn,
    app: web::Data<App>,
    path: Path<Reference>,
) -> Result<HttpResponse, AppError> {
    let opened = open(&app, &who.visit, &who.citizen, &path.0).await?;
    if !opened.case.can_be_withdrawn() {
        return Ok(see_other(&view::href(&path.0)));
    }
    withdraw_page(&who.visit, &opened, "", "")
}

fn withdraw_page(visit: &Visit, opened: &Opened, reason: &str, error: &str) -> Result<HttpResponse, AppError> {
    let href = view::href(&opened.case.reference);
    let errors =
        if error.is_empty() { json!([]) } else { json!([{ "field_id": "skal", "href": "#skal", "message": error }]) };
    visit.page(
        "portal/withdraw.html",
        "my-pages",
        json!({
            "page": { "error_prefix": !error.is_empty() },
            "title": opened.case.title,
            "reference": opened.case.reference,
            "href": href,
            "action": format!("{href}/aterkalla"),
            "reason": reason,
            "error": error,
            "errors": errors,
        }),
    )
}

pub(super) async fn withdraw(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<Reference>,
) -> Result<HttpResponse, AppError> {
    let (visit, reference) = (&form.visit, &path.0);
    let act = match act(&app, visit, reference).await? {
        Ok(act) => act,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let voice = &visit.voice;
    let reason = typed(&form, "skal");
    if reason.chars().count() > LONGEST_REASON {
        let citizen = citizen_of(visit).ok_or(AppError::NotFound)?;
        let opened = open(&app, visit, &citizen, reference).await?;
        let error = voice.about("message-too-long", "count", voice.number(LONGEST_REASON as f64, 0, false));
        return withdraw_page(visit, &opened, &reason, &error);
    }
    // The handler reads Swedish, whatever language the page was in.
    let opening = visit.voice.in_swedish().text("withdraw-message");
    let text = if reason.is_empty() { opening } else { format!("{opening}\n\n{reason}") };
    match app.ground.db.write(move |c| answer::withdraw(c, &act, &text)).await.map_err(fault)? {
        Some(true) => Ok(see_other(&format!("{}?visa=aterkallat", view::href(reference)))),
        Some(false) => Err(AppError::Conflict("case-over")),
        None => Err(AppError::NotFound),
    }
}

pub(super) async fn document(
    who: LoggedIn,
    app: web::Data<App>,
    path: Path<(Reference, FileId)>,
) -> Result<HttpResponse, AppError> {
    let (reference, id) = path.0;
    let (slug, party) = (who.visit.municipality.slug.clone(), who.citizen.party.clone());
    let found = app.ground.db.read(move |c| {
        let Some(case) = cases::find_for_owner(c, &slug, &party, &reference)? else { return Ok(None) };
        cases::visible_document(c, &case.id, &id)
    });
    let document = found.await.map_err(|e: DbError| e)?.ok_or(AppError::NotFound)?;
    let blob = StoredBlob {
        key: document.blob_key.parse().map_err(AppError::internal)?,
        size: document.size.unsigned_abs(),
        sha256: document.sha256,
    };
    let bytes = app.ground.blobs.read(&blob).await.map_err(|e: BlobError| AppError::internal(e))?;
    Ok(download(&document.file_name, &document.media_type, bytes.into()))
}
