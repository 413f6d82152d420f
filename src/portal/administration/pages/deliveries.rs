//! Deliveries by state, and what a person can do with one: send it again, settle it, stop it.

use super::{PAGE, delivery_page, missing, one_page, targets, typed};
use crate::audit;
use crate::contract::{DeliveryKind, DeliveryReceipt, ReceiptState};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::administration::{Administrator, view};
use crate::portal::cases;
use crate::portal::delivery::{self, DeliveryState, Resolution, pull};
use crate::settings::TargetKind;
use crate::vocabulary::{DeliveryId, TargetSlug};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    lage: Option<String>,
    mottagare: Option<String>,
    fore: Option<String>,
}

pub(super) async fn list(who: Administrator, wanted: web::Query<Wanted>) -> Result<HttpResponse, AppError> {
    page(&who.visit, &wanted, None, Vec::new()).await
}

/// `wrong`: the target that was to be stopped without a reason.
pub(super) async fn page(
    visit: &Visit,
    wanted: &Wanted,
    wrong: Option<&TargetSlug>,
    errors: Vec<Value>,
) -> Result<HttpResponse, AppError> {
    let state: DeliveryState = wanted.lage.as_deref().unwrap_or("dead").parse().map_err(|_| AppError::NotFound)?;
    let before: Option<DeliveryId> = wanted.fore.as_deref().and_then(|id| id.parse().ok());
    let mut systems = targets::of(visit);
    let only = match wanted.mottagare.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => Some(targets::named(visit, word)?.0),
        None => None,
    };
    let receivers = targets::choices(&systems, only.as_ref().map(TargetSlug::as_str));
    let address = |state: DeliveryState| match &only {
        Some(name) => format!("/leveranser?lage={}&mottagare={name}", state.as_str()),
        None => format!("/leveranser?lage={}", state.as_str()),
    };
    // The systems stand on the first page only.
    systems.retain(|(name, _)| before.is_none() && only.as_ref().is_none_or(|only| only == name));
    let names: Vec<TargetSlug> = systems.iter().map(|(name, _)| name.clone()).collect();
    let (slug, now, target) = (visit.municipality.slug.clone(), visit.ground.clock.now(), only.clone());
    let read = visit.ground.db.read(move |c| {
        let rows = delivery::by_state(c, &slug, target.as_ref(), state, before.as_ref(), PAGE + 1)?;
        let standing = targets::standing(c, &slug, &names, now)?;
        Ok::<_, DbError>((rows, delivery::counts_by_state(c, &slug, target.as_ref())?, standing))
    });
    let (rows, counts, standing) = read.await?;
    let (rows, more) = one_page(rows);
    let next = rows.last().filter(|_| more).map(|r| format!("{}&fore={}", address(state), r.id));
    let filters: Vec<Value> = DeliveryState::ALL
        .iter()
        .map(|s| {
            json!({
                "label": view::state(visit, *s),
                "href": address(*s),
                "current": *s == state,
                "count": counts.iter().find(|(known, _)| known == s).map_or(0, |(_, n)| *n),
            })
        })
        .collect();
    let context = json!({
        "targets": targets::shown(visit, &systems, &standing, wrong),
        "state": view::state(visit, state),
        "state_code": state.as_str(),
        "filters": filters,
        "receivers": receivers,
        "rows": rows.iter().map(|r| view::delivery(visit, r)).collect::<Vec<_>>(),
        "next": next.unwrap_or_default(),
        "errors": errors,
        "page": { "error_prefix": !errors.is_empty() },
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.page_with_status(status, "administration/deliveries.html", "deliveries", context)
}

fn read_id(text: &str) -> Result<DeliveryId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Back to the delivery, or told that it has moved on.
fn back(done: bool, id: &DeliveryId) -> Result<HttpResponse, AppError> {
    if done { Ok(see_other(&format!("/leveranser/{id}"))) } else { Err(AppError::Conflict("conflict")) }
}

pub(super) async fn retry(who: Administrator, form: PostedForm, id: Path<String>) -> Result<HttpResponse, AppError> {
    let id = read_id(&id.0)?;
    let (slug, now, actor) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now(), who.actor);
    let again = id.clone();
    let done = form.visit.ground.db.write(move |c| delivery::retry_dead(c, &slug, &again, &actor, now)).await?;
    back(done, &id)
}

pub(super) async fn cancel(who: Administrator, form: PostedForm, id: Path<String>) -> Result<HttpResponse, AppError> {
    let id = read_id(&id.0)?;
    let why = typed(&form, "why_cancel");
    if why.is_empty() {
        let errors = vec![missing(&form.visit, "why_cancel")];
        return delivery_page::page(&who, &id, false, json!({}), errors).await;
    }
    let (slug, now, actor) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now(), who.actor);
    let ended = id.clone();
    let done = form.visit.ground.db.write(move |c| delivery::cancel(c, &slug, &ended, &actor, &why, now)).await?;
    back(done, &id)
}

pub(super) async fn resolve(
    who: Administrator,
    form: PostedForm,
    app: web::Data<App>,
    id: Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = read_id(&id.0)?;
    let (external, diary, why) = (typed(&form, "external_case_id"), typed(&form, "diary_number"), typed(&form, "why"));
    let errors: Vec<Value> = [("external_case_id", &external), ("why", &why)]
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| missing(&form.visit, name))
        .collect();
    if !errors.is_empty() {
        let typed = json!({ "external_case_id": external, "diary_number": diary, "why": why });
        return delivery_page::page(&who, &id, false, typed, errors).await;
    }
    let (slug, now, actor) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now(), who.actor);
    let (mappings, settled) = (app.mappings.clone(), id.clone());
    let done = form.visit.ground.db.write(move |c| {
        let resolution = Resolution {
            external_case_id: &external,
            diary_number: Some(diary.as_str()).filter(|d| !d.is_empty()),
            who: &actor,
            why: &why,
        };
        delivery::resolve_manually(c, &mappings, &slug, &settled, &resolution, now)
    });
    back(done.await?, &id)
}

/// A registrator who was written to has registered it: of a submission she gives the number, of what follows that she has
/// it. It counts as the receiver's own answer, since she is the receiver.
pub(super) async fn registered(
    who: Administrator,
    form: PostedForm,
    app: web::Data<App>,
    id: Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = read_id(&id.0)?;
    let visit = form.visit.clone();
    let (slug, wanted) = (visit.municipality.slug.clone(), id.clone());
    let read = visit.ground.db.read(move |c| {
        let Some(row) = delivery::find(c, &slug, &wanted)? else { return Ok(None) };
        let case = cases::find(c, &slug, &row.case_id)?;
        Ok::<_, DbError>(case.map(|case| (row, case)))
    });
    let (row, case) = read.await?.ok_or(AppError::NotFound)?;
    if targets::named(&visit, row.target.as_str())?.1.kind != TargetKind::Email {
        return Err(AppError::NotFound);
    }
    let (diary, external) = match row.kind {
        DeliveryKind::Submission => {
            let diary = typed(&form, "number");
            if diary.is_empty() {
                return delivery_page::page(&who, &id, false, json!({}), vec![missing(&visit, "number")]).await;
            }
            (Some(diary.clone()), case.external_case_id.unwrap_or(diary))
        }
        _ => (case.diary_number, case.external_case_id.ok_or(AppError::Conflict("conflict"))?),
    };
    let now = visit.ground.clock.now();
    let receipt = DeliveryReceipt {
        document_numbers: Default::default(),
        warnings: vec![],
        delivery_id: id.clone(),
        state: ReceiptState::Registered,
        registered_at: Some(now),
        external_case_id: Some(external),
        diary_number: diary,
        case_type: None,
        unit: None,
        handler: None,
        status: None,
    };
    let puller = pull::Puller { municipality: row.municipality, target: row.target, address: visit.address() };
    let (mappings, actor) = (app.mappings.clone(), who.actor);
    let taken = visit.ground.db.write(move |c| {
        let taken = pull::receipt(c, &mappings, &puller, &receipt, now)?;
        if taken == pull::Taken::New {
            let (id, diary) = (receipt.delivery_id.as_str(), receipt.diary_number.as_deref().unwrap_or_default());
            audit::record(c, &puller.municipality, now, &actor, "delivery.registered", id, diary)?;
        }
        Ok::<_, DbError>(taken)
    });
    back(matches!(taken.await?, pull::Taken::New | pull::Taken::Same), &id)
}
