//! `/underskrifter/{id}`: somebody else reads what was sent in, and signs it or not. For her alone: whoever else logs in is
//! told that it is not hers, and nothing of what it is.

use super::signing::{self, Ways};
use crate::db::DbError;
use crate::forms::Section;
use crate::oidc::{LogIn, Pinned};
use crate::portal::identity::{LoggedIn, citizen_of};
use crate::portal::signatures::{self, Signer, SignerState};
use crate::portal::submissions::{cosign, sign, store};
use crate::portal::{App, cases};
use crate::vocabulary::SignerId;
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(super) struct CameBack {
    underskrift: Option<String>,
}

/// What she is asked to sign.
struct Asked {
    signer: Signer,
    case: cases::Case,
    level: u8,
    sections: Vec<Section>,
}

fn href(id: &SignerId) -> String {
    format!("/underskrifter/{id}")
}

/// What is hers to sign; `None` for what is another's.
async fn open(app: &App, visit: &Visit, pinned: Option<Pinned>, id: &SignerId) -> Result<Option<Asked>, AppError> {
    let (slug, keys, id, catalogue) =
        (visit.municipality.slug.clone(), app.ground.keys.clone(), id.clone(), app.catalogue.clone());
    let found = app.ground.db.read(move |c| {
        let Some(signer) = signatures::find_signer(c, &keys, &slug, &id)? else { return Ok(None) };
        let Some(frozen) = store::frozen(c, &signer.submission)? else { return Ok(None) };
        let Some(case) = cases::find(c, &slug, &signer.case)? else { return Ok(None) };
        let definition = catalogue.version(c, &slug, &frozen.service, &frozen.definition_version)?;
        let sections = definition.for_another(store::sent_in(c, &signer.submission)?);
        Ok::<_, crate::portal::catalogue::Unreadable>(Some(Asked {
            signer,
            case,
            level: definition.level.number(),
            sections,
        }))
    });
    let asked = found.await?.ok_or(AppError::NotFound)?;
    let is_hers = asked.signer.person.as_ref().is_some_and(|person| Some(&person.pinned) == pinned.as_ref());
    Ok(is_hers.then_some(asked))
}

pub(super) async fn show(
    who: LoggedIn,
    app: web::Data<App>,
    id: Path<SignerId>,
    came: web::Query<CameBack>,
) -> Result<HttpResponse, AppError> {
    let (visit, voice) = (&who.visit, &who.visit.voice);
    let Some(asked) = open(&app, visit, who.citizen.pinned(), &id.0).await? else {
        return Err(AppError::Forbidden("not-yours-to-sign"));
    };
    let Asked { signer, case, sections, .. } = asked;
    let base = href(&id.0);
    visit.page(
        "portal/cosign.html",
        "my-pages",
        json!({
            "title": case.title,
            "reference": case.reference,
            "received": voice.date_time(case.received_at),
            "answer_by": voice.date(signer.answer_by),
            "state": signer.state,
            "state_text": voice.text(&format!("signer-{}", signer.state.as_str().replace('_', "-"))),
            "answered": signer.answered_at.map(|at| voice.date_time(at)),
            "sections": sections.iter().map(plain).collect::<Vec<_>>(),
            "stopped": signing::told(came.underskrift.as_deref(), voice),
            "sign_action": format!("{base}/skriv-under"),
            "decline_action": format!("{base}/avsta"),
        }),
    )
}

/// Reloading asks for the address of a form: back to what it was about.
pub(super) async fn back(id: Path<SignerId>) -> HttpResponse {
    see_other(&href(&id.0))
}

async fn hers(form: &PostedForm, app: &App, id: &SignerId) -> Result<(Asked, crate::vocabulary::PartyId), AppError> {
    let citizen = citizen_of(&form.visit).ok_or_else(|| AppError::LogIn(href(id)))?;
    let asked = open(app, &form.visit, citizen.pinned(), id).await?;
    Ok((asked.ok_or(AppError::Forbidden("not-yours-to-sign"))?, citizen.party.clone()))
}

pub(super) async fn sign(
    request: HttpRequest,
    form: PostedForm,
    app: web::Data<App>,
    log_in: web::Data<LogIn>,
    id: Path<SignerId>,
) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let (Asked { signer, level, .. }, party) = hers(&form, &app, &id.0).await?;
    let base = href(&id.0);
    if signer.state != SignerState::Waiting {
        return Ok(see_other(&base));
    }
    let (keys, municipality, now) = (app.ground.keys.clone(), visit.municipality.clone(), app.ground.clock.now());
    let begun = app.ground.db.write(move |c| sign::begin_for_signer(c, &keys, &municipality, &party, &signer, now));
    let begun = begun.await?.ok_or(AppError::NotFound)?;
    let ways = Ways { on: base.clone(), back: base };
    signing::go(&request, visit, &app, &log_in, begun, level, ways).await
}

pub(super) async fn decline(
    form: PostedForm,
    app: web::Data<App>,
    id: Path<SignerId>,
) -> Result<HttpResponse, AppError> {
    let (Asked { signer, .. }, party) = hers(&form, &app, &id.0).await?;
    let (slug, now) = (form.visit.municipality.slug.clone(), app.ground.clock.now());
    app.ground
        .db
        .write(move |c| cosign::decline(c, &slug, party.as_str(), &signer, now))
        .await
        .map_err(|e: DbError| e)?;
    Ok(see_other(&href(&id.0)))
}

/// Who else signs a case, and how far each has come: for its owner.
pub fn signers_shown(signers: &[Signer], voice: &crate::texts::Voice) -> Vec<Value> {
    signers
        .iter()
        .map(|signer| {
            let name = signer.person.as_ref().and_then(|p| p.name.clone());
            json!({
                "name": name.unwrap_or_else(|| voice.text("signer-unnamed")),
                "state": signer.state,
                "text": voice.text(&format!("signer-{}", signer.state.as_str().replace('_', "-"))),
                "answer_by": (signer.state == SignerState::Waiting).then(|| voice.date(signer.answer_by)),
            })
        })
        .collect()
}

/// What was answered, without where each answer was fetched: that is about the one who sent it.
fn plain(section: &Section) -> Value {
    let items = section.items.iter().map(|item| json!({ "label": item.label, "text": item.text, "lines": item.lines }));
    json!({ "title": section.title, "items": items.collect::<Vec<_>>() })
}
