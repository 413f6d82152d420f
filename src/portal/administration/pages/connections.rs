//! The systems and their keys: those of the settings are told of, those issued here are made, shown once, and ended.

use super::targets;
use crate::portal::administration::{Administrator, view};
use crate::portal::integration::{IssueFault, KeyKind, LIVE_AT_ONCE, ReceiverKey, keys};
use crate::settings::Target;
use crate::vocabulary::{At, TargetSlug};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

pub(super) async fn list(who: Administrator) -> Result<HttpResponse, AppError> {
    page(&who.visit, None).await
}

async fn all_keys(visit: &Visit) -> Result<Vec<ReceiverKey>, AppError> {
    let slug = visit.municipality.slug.clone();
    Ok(visit.ground.db.read(move |c| keys::list(c, &slug)).await?)
}

/// `refused`: the system and kind that have two keys already.
async fn page(visit: &Visit, refused: Option<(&TargetSlug, KeyKind)>) -> Result<HttpResponse, AppError> {
    let (all, now) = (all_keys(visit).await?, visit.ground.clock.now());
    let systems: Vec<Value> =
        targets::of(visit).iter().map(|(slug, target)| system(visit, slug, target, &all, now)).collect();
    let refused = refused.map(|(slug, kind)| {
        let kind = visit.text(&format!("admin-key-{}", kind.as_str().replace('_', "-")));
        visit.voice.text_with("admin-key-two-alive", [("system", slug.as_str().into()), ("kind", kind.into())])
    });
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let context = json!({ "systems": systems, "refused": refused });
    visit.page_with_status(status, "administration/connections.html", "connections", context)
}

fn system(visit: &Visit, slug: &TargetSlug, target: &Target, all: &[ReceiverKey], now: At) -> Value {
    let own = |key: &&ReceiverKey| key.target == *slug;
    let kinds: Vec<Value> = KeyKind::ALL
        .iter()
        .map(|kind| {
            let alive: Vec<Value> = all
                .iter()
                .filter(own)
                .filter(|k| k.kind == *kind && k.is_alive(now))
                .map(|k| view::key(visit, k))
                .collect();
            let word = kind.as_str().replace('_', "-");
            json!({
                "kind": kind.as_str(), "label": visit.text(&format!("admin-key-{word}")),
                "text": visit.text(&format!("admin-key-{word}-text")),
                "may_issue": alive.len() < LIVE_AT_ONCE, "keys": alive,
            })
        })
        .collect();
    // What is set, never what it is.
    let set = [
        ("admin-set-token", usize::from(!target.token.expose().is_empty())),
        ("admin-set-secret-in", target.secret_in.len()),
        ("admin-set-secret-out", target.secret_out.len()),
        ("admin-set-oauth2", usize::from(target.oauth2.is_some())),
        ("admin-set-certificate", usize::from(target.client_certificate.is_some())),
    ];
    let set: Vec<String> =
        set.iter().filter(|(_, n)| *n > 0).map(|(key, n)| visit.voice.about(key, "count", *n)).collect();
    json!({
        "slug": slug, "name": target.display_name(slug), "kind": view::kind_of_target(visit, target.kind),
        "host": target.url.as_ref().and_then(|url| url.host_str()), "set": set, "kinds": kinds,
        "over": all.iter().filter(own).filter(|k| !k.is_alive(now)).map(|k| view::key(visit, k)).collect::<Vec<_>>(),
    })
}

pub(super) async fn issue(
    who: Administrator,
    form: PostedForm,
    target: Path<String>,
) -> Result<HttpResponse, AppError> {
    let visit = form.visit.clone();
    let (slug, target) = targets::named(&visit, &target.0)?;
    let kind: KeyKind = form.get("kind").unwrap_or_default().parse().map_err(|_| AppError::Invalid("invalid"))?;
    let (municipality, name, now) = (visit.municipality.slug.clone(), slug.clone(), visit.ground.clock.now());
    let (sealing, actor) = (visit.ground.keys.clone(), who.actor);
    let made = visit.ground.db.write(move |c| keys::issue(c, &sealing, &municipality, &name, kind, &actor, now)).await;
    let issued = match made {
        Ok(issued) => issued,
        Err(IssueFault::TwoAlive) => return page(&visit, Some((&slug, kind))).await,
        Err(IssueFault::Key(e)) => return Err(e.into()),
        Err(IssueFault::Db(e)) => return Err(e.into()),
    };
    let context = json!({
        "system": target.display_name(&slug),
        "kind": visit.text(&format!("admin-key-{}", kind.as_str().replace('_', "-"))),
        "id": issued.id, "text": issued.text, "is_client": kind == KeyKind::Client,
    });
    // A page of its own and no redirect: the key is nowhere else. No page is stored by anybody.
    visit.page("administration/key.html", "connections", context)
}

async fn alive(visit: &Visit, id: &str) -> Result<ReceiverKey, AppError> {
    let now = visit.ground.clock.now();
    let found = all_keys(visit).await?.into_iter().find(|key| key.id == id && key.is_alive(now));
    found.ok_or(AppError::NotFound)
}

pub(super) async fn confirm(who: Administrator, id: Path<String>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let key = alive(visit, &id.0).await?;
    let name = targets::named(visit, key.target.as_str()).map(|(slug, target)| target.display_name(&slug));
    let context = json!({
        "key": view::key(visit, &key),
        "system": name.unwrap_or_else(|_| key.target.to_string()),
        "kind": visit.text(&format!("admin-key-{}", key.kind.as_str().replace('_', "-"))),
    });
    visit.page("administration/revoke.html", "connections", context)
}

pub(super) async fn revoke(who: Administrator, form: PostedForm, id: Path<String>) -> Result<HttpResponse, AppError> {
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let done = form.visit.ground.db.write(move |c| keys::revoke(c, &slug, &id.0, &who.actor, now)).await?;
    if done { Ok(see_other("/anslutningar")) } else { Err(AppError::Conflict("conflict")) }
}
