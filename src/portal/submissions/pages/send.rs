//! The last pages of a draft: checking the answers, sending them in, and the confirmation.

use super::cosigning::signers_shown;
use super::signing::{self, Ways};
use super::{Opened, current, find_case, open, open_to_use, owner_of, sent_before};
use crate::db::DbError;
use crate::forms::{Context, FieldError, StepError};
use crate::oidc::LogIn;
use crate::portal::identity::Citizen;
use crate::portal::signatures::{self, SignerState};
use crate::portal::submissions::prepare::{Prepared, prepare};
use crate::portal::submissions::sign::{self, Wish};
use crate::portal::submissions::store;
use crate::portal::submissions::submit::{self, Sending, Sent, SubmitFault};
use crate::portal::submissions::view;
use crate::portal::{App, attachments, catalogue, representation};
use crate::vocabulary::{DraftId, ServiceSlug};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(super) struct CameBack {
    /// Why nothing was signed.
    underskrift: Option<String>,
}

pub(super) async fn review(
    visit: Visit,
    app: web::Data<App>,
    path: Path<(ServiceSlug, DraftId)>,
    came: web::Query<CameBack>,
) -> Result<HttpResponse, AppError> {
    let (service, id) = &path.0;
    let opened = match open_to_use(&app, &visit, service, id, &visit.path).await {
        Err(AppError::NotFound) => return sent_before(&app, &visit, service, id).await,
        other => other?,
    };
    let prepared = prepare(&app, &visit, &opened.definition, id).await?;
    let mut faults = opened.definition.check_all(&opened.draft.answers, &prepared.context);
    faults.extend(unreachable(&visit, &opened, &prepared));
    let stopped = signing::told(came.underskrift.as_deref(), &visit.voice);
    review_page(&visit, &opened, &prepared.context, &faults, stopped)
}

/// Somebody whom nobody will know again must say how she is reached.
fn unreachable(visit: &Visit, opened: &Opened, prepared: &Prepared) -> Option<StepError> {
    let contact = opened.definition.settle(&opened.draft.answers, &prepared.context).contact();
    let is_fleeting = prepared.citizen.as_ref().is_some_and(Citizen::is_fleeting);
    (is_fleeting && contact.email.is_none() && contact.phone.is_none()).then(|| StepError {
        step: "kontakt".to_owned(),
        error: FieldError::new("kontakt_epost", visit.text("acting-fleeting-contact")),
    })
}

fn review_page(
    visit: &Visit,
    opened: &Opened,
    context: &Context,
    faults: &[StepError],
    stopped: Option<Value>,
) -> Result<HttpResponse, AppError> {
    let base = format!("/e-tjanster/{}/utkast/{}", opened.definition.slug, opened.draft.id);
    let errors: Vec<Value> = faults
        .iter()
        .map(|f| json!({ "message": f.error.message, "href": format!("{base}/{}?andra=1{}", f.step, f.error.href) }))
        .collect();
    let sections = opened.definition.review(&opened.draft.answers, context);
    visit.page(
        "portal/review.html",
        "services",
        view::review(&opened.definition, &opened.draft, &sections, &errors, context, stopped),
    )
}

pub(super) async fn back_to_review(path: Path<(ServiceSlug, DraftId)>) -> HttpResponse {
    let (service, id) = path.0;
    see_other(&format!("/e-tjanster/{service}/utkast/{id}/granska"))
}

pub(super) async fn send(
    request: HttpRequest,
    form: PostedForm,
    app: web::Data<App>,
    log_in: web::Data<LogIn>,
    path: Path<(ServiceSlug, DraftId)>,
) -> Result<HttpResponse, AppError> {
    let (service, id) = path.0;
    let visit = &form.visit;
    let base = format!("/e-tjanster/{service}/utkast/{id}");
    let opened = match open_to_use(&app, visit, &service, &id, &format!("{base}/granska")).await {
        Err(AppError::NotFound) => return sent_before(&app, visit, &service, &id).await,
        other => other?,
    };
    let prepared = prepare(&app, visit, &opened.definition, &id).await?;
    let authority = match &prepared.citizen {
        Some(citizen) => match representation::still_holds(&app, &visit.municipality.slug, citizen).await {
            Ok(authority) => authority,
            Err(why) => return representation::lost(&app, visit, citizen, why, &format!("{base}/granska")).await,
        },
        None => None,
    };
    let out_of_reach: Vec<_> = unreachable(visit, &opened, &prepared).into_iter().collect();
    if !out_of_reach.is_empty() {
        return review_page(visit, &opened, &prepared.context, &out_of_reach, None);
    }
    let (now, context) = (app.ground.clock.now(), prepared.context.clone());
    let sending = Sending {
        catalogue: app.catalogue.clone(),
        keys: app.ground.keys.clone(),
        settings: app.ground.settings.clone(),
        municipality: visit.municipality.clone(),
        address: visit.address(),
        owner: opened.owner.clone(),
        draft: id.clone(),
        lang: visit.voice.lang(),
        now,
        prepared,
        authority,
    };
    if opened.definition.signing {
        let begun = app.ground.db.write(move |c| sign::begin(c, &sending)).await;
        return match begun {
            Ok(Wish::Begun(begun)) => {
                let ways = Ways { on: format!("{base}/klart"), back: format!("{base}/granska") };
                signing::go(&request, visit, &app, &log_in, begun, signing::level(&opened), ways).await
            }
            Ok(Wish::Before) => Ok(see_other(&format!("{base}/klart"))),
            Ok(Wish::Nowhere) => Err(AppError::NotFound),
            Err(SubmitFault::Incomplete(errors)) => review_page(visit, &opened, &context, &errors, None),
            Err(e) => Err(e.into()),
        };
    }
    let sent = app
        .ground
        .db
        .write(move |c| match submit::run(c, &sending) {
            Err(SubmitFault::Incomplete(errors)) => Err(Refused::Incomplete(errors)),
            other => other.map_err(Refused::Fault),
        })
        .await;
    match sent {
        Ok(Sent::Now | Sent::Before) => Ok(see_other(&format!("{base}/klart"))),
        Ok(Sent::Nowhere) => Err(AppError::NotFound),
        Err(Refused::Incomplete(errors)) => review_page(visit, &opened, &context, &errors, None),
        Err(Refused::Fault(e)) => Err(e.into()),
    }
}

/// Why nothing was sent; the transaction is undone.
enum Refused {
    Incomplete(Vec<StepError>),
    Fault(SubmitFault),
}

impl From<DbError> for Refused {
    fn from(e: DbError) -> Self {
        Refused::Fault(e.into())
    }
}

impl From<SubmitFault> for AppError {
    fn from(e: SubmitFault) -> Self {
        match e {
            SubmitFault::Db(e) => e.into(),
            other => AppError::internal(other),
        }
    }
}

impl From<catalogue::Unreadable> for AppError {
    fn from(e: catalogue::Unreadable) -> Self {
        match e {
            catalogue::Unreadable::Db(e) => e.into(),
            other => AppError::internal(other),
        }
    }
}

pub(super) async fn done(
    visit: Visit,
    app: web::Data<App>,
    path: Path<(ServiceSlug, DraftId)>,
) -> Result<HttpResponse, AppError> {
    let (service, id) = &path.0;
    let definition = current(&app, &visit, service).await?;
    owner_of(&visit, &definition, &visit.path).await?;
    let case = find_case(&app, &visit, service, id).await?.ok_or(AppError::NotFound)?;
    let (keys, case_id) = (app.ground.keys.clone(), case.id.clone());
    let signers = app.ground.db.read(move |c| signatures::signers_of(c, &keys, &case_id)).await?;
    let voice = &visit.voice;
    let next = definition.what_happens_next.get(voice);
    let next: Vec<&str> = next.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
    visit.page(
        "portal/done.html",
        "services",
        json!({
            "frame": view::frame(&definition, None, voice),
            "reference": case.reference,
            "received": voice.date_time(case.received_at),
            "next": next,
            "signers": signers_shown(&signers, voice),
            "is_waiting": signers.iter().any(|s| s.state == SignerState::Waiting),
            "email": case.email,
            "anonymous": definition.level.is_anonymous(),
            "case_href": format!("/mina-sidor/arenden/{}", case.reference),
        }),
    )
}

pub(super) async fn remove(
    form: PostedForm,
    app: web::Data<App>,
    path: Path<(ServiceSlug, DraftId)>,
) -> Result<HttpResponse, AppError> {
    let (service, id) = path.0;
    let opened = open(&app, &form.visit, &service, &id, "/mina-sidor/utkast").await?;
    let slug = form.visit.municipality.slug.clone();
    let keys = app
        .ground
        .db
        .write(move |c| {
            if store::remove_draft(c, &slug, &opened.owner, &id)? {
                attachments::forget_draft(c, &id)
            } else {
                Ok(Vec::new())
            }
        })
        .await?;
    attachments::delete_blobs(&app, keys).await;
    Ok(see_other(if opened.definition.level.is_anonymous() { "/" } else { "/mina-sidor/utkast" }))
}
