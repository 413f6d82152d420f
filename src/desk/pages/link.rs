//! `/koppling`: the link to the portal, for those who run the system. What waits and why, what the portal refused, files
//! that could not be fetched, and what is done about them.

use super::posted::{lines, text};
use super::view::Words;
use crate::audit;
use crate::contract::EventData;
use crate::db::{Conn, DbError};
use crate::desk::Desk;
use crate::desk::portal_link::{self, LinkState, RefusedEvent, RefusedFile};
use crate::desk::pull::{self, Feed};
use crate::desk::staff::{Role, Staff};
use crate::vocabulary::{At, FileId, MunicipalitySlug};
use crate::web::{AppError, Path, PostedForm, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

const HERE: &str = "/koppling";
/// Characters of a reason.
const LONGEST: usize = 500;

/// Everything that the page tells.
struct Link {
    state: LinkState,
    feed: Option<Feed>,
    events: Vec<RefusedEvent>,
    files: Vec<RefusedFile>,
}

fn read(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<Link, DbError> {
    Ok(Link {
        state: portal_link::link_state(c, municipality)?,
        feed: pull::feed_of(c, municipality)?,
        events: portal_link::refused_events(c, municipality)?,
        files: portal_link::refused_files(c, municipality)?,
    })
}

/// Whoever runs the system; errands are not hers to read, so nothing of their content is shown here.
fn may(staff: &Staff) -> Result<(), AppError> {
    let runs = staff.member.roles.contains(&Role::Systemforvaltare);
    if runs { Ok(()) } else { Err(AppError::Forbidden("not-system-administrator")) }
}

pub async fn show(staff: Staff, desk: web::Data<Desk>) -> Result<HttpResponse, AppError> {
    page(staff, &desk, None, StatusCode::OK).await
}

/// `fault`: the event whose reason is missing.
async fn page(
    staff: Staff,
    desk: &Desk,
    fault: Option<(&str, String)>,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    may(&staff)?;
    let Staff { visit, .. } = staff;
    let slug = visit.municipality.slug.clone();
    let link = desk.db.read(move |c| read(c, &slug)).await?;
    let words = Words::of(&visit, &desk.catalogue);
    let events: Vec<Value> = link.events.iter().map(|e| event(&words, e, fault.as_ref())).collect();
    let files: Vec<Value> = link
        .files
        .iter()
        .map(|f| json!({ "id": f.id, "number": f.number, "name": f.file_name, "why": f.why }))
        .collect();
    let errors: Vec<Value> = fault
        .iter()
        .map(|(id, _)| json!({ "href": format!("#skal-{id}"), "message": words.text("desk-link-reason-empty") }))
        .collect();
    let context = json!({
        "facts": facts(&words, &link),
        "paused": link.state.paused.as_ref().map(|(since, why)| {
            words.text_with("desk-link-paused", [("since", words.date_time(*since).into()), ("why", why.as_str().into())])
        }),
        "events": events,
        "files": files,
        "errors": errors,
        "page": { "error_prefix": fault.is_some() },
    });
    visit.page_with_status(status, "desk/link.html", "link", context)
}

fn facts(words: &Words<'_>, link: &Link) -> Vec<Value> {
    let when = |at: Option<At>| at.map(|at| words.date_time(at));
    let none = || words.text("desk-link-none");
    let mut facts = vec![
        ("desk-link-waiting", link.state.waiting.to_string()),
        ("desk-link-oldest", when(link.state.oldest).unwrap_or_else(none)),
        ("desk-link-fault", link.state.last_fault.clone().unwrap_or_else(none)),
    ];
    if let Some(feed) = &link.feed {
        facts.push(("desk-link-looked", words.date_time(feed.looked_at)));
        facts.push(("desk-link-look-fault", feed.last_error.clone().unwrap_or_else(none)));
    }
    facts.into_iter().map(|(key, text)| json!({ "label": words.text(key), "text": text })).collect()
}

fn event(words: &Words<'_>, e: &RefusedEvent, fault: Option<&(&str, String)>) -> Value {
    let kind = if EventData::NAMES.contains(&e.kind.as_str()) {
        words.text(&format!("event-kind-{}", e.kind.replace('_', "-")))
    } else {
        e.kind.clone()
    };
    let typed = fault.filter(|(id, _)| *id == e.id).map(|(_, typed)| typed.clone());
    json!({
        "id": e.id,
        "number": e.diary_number,
        "kind": kind,
        "when": words.date_time(e.at),
        "why": e.why,
        "is_wrong": typed.is_some(),
        "reason": typed.unwrap_or_default(),
    })
}

/// What somebody does about a refused thing, with a line in the log.
async fn run(
    staff: Staff,
    desk: web::Data<Desk>,
    (action, subject, detail): (&'static str, String, String),
    work: impl Fn(&mut Conn, &MunicipalitySlug, At) -> Result<bool, DbError> + Send + 'static,
) -> Result<HttpResponse, AppError> {
    may(&staff)?;
    let (slug, by, now) = (staff.visit.municipality.slug.clone(), staff.member.affiliation.clone(), desk.clock.now());
    let done = desk.db.write(move |c| {
        let done = work(c, &slug, now)?;
        if done {
            audit::record(c, &slug, now, &by, action, &subject, &detail)?;
        }
        Ok::<_, DbError>(done)
    });
    // Somebody else was first: the page shows how it is now.
    done.await?;
    Ok(see_other(HERE))
}

pub async fn send_again(
    staff: Staff,
    desk: web::Data<Desk>,
    id: web::Path<String>,
    _form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let what = ("link.event.sent-again", id.clone(), String::new());
    run(staff, desk, what, move |c, slug, now| portal_link::send_again(c, slug, &id, now)).await
}

pub async fn leave(
    staff: Staff,
    desk: web::Data<Desk>,
    id: web::Path<String>,
    form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let reason = lines(&form, "reason").trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        let typed = text(&form, "reason").to_owned();
        return page(staff, &desk, Some((id.as_str(), typed)), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let id = id.into_inner();
    let what = ("link.event.left", id.clone(), reason.clone());
    run(staff, desk, what, move |c, slug, _| portal_link::leave(c, slug, &id, &reason)).await
}

pub async fn fetch_again(
    staff: Staff,
    desk: web::Data<Desk>,
    id: Path<FileId>,
    _form: PostedForm,
) -> Result<HttpResponse, AppError> {
    let id = id.0;
    let what = ("link.file.fetched-again", id.to_string(), String::new());
    run(staff, desk, what, move |c, slug, now| portal_link::fetch_again(c, slug, &id, now)).await
}
