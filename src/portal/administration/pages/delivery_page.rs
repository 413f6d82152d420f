//! One delivery: what became of it, what it holds, and the papers for whoever registers it by hand.

use super::targets;
use crate::audit;
use crate::contract::DeliveryKind;
use crate::db::DbError;
use crate::files::StoredBlob;
use crate::portal::administration::{Administrator, masked, view};
use crate::portal::cases::{self, Case, CaseDocument, DocumentKind};
use crate::portal::delivery::{self, Attached, Attempt, DeliveryFault, DeliveryRow, DeliveryState};
use crate::settings::{TargetKind, sha256_hex};
use crate::vocabulary::{DeliveryId, FileId};
use crate::web::{AppError, Path, Visit, download};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(super) struct Wish {
    visa: Option<String>,
}

pub(super) async fn show(
    who: Administrator,
    id: Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let id: DeliveryId = id.0.parse().map_err(|_| AppError::NotFound)?;
    page(&who, &id, wish.visa.as_deref() == Some("innehall"), json!({}), Vec::new()).await
}

/// All that is kept of one delivery.
struct Kept {
    row: DeliveryRow,
    case: Case,
    attempts: Vec<Attempt>,
    body: Option<Vec<u8>>,
    files: Vec<CaseDocument>,
}

async fn kept(visit: &Visit, id: &DeliveryId) -> Result<Kept, AppError> {
    let (slug, id, keys) = (visit.municipality.slug.clone(), id.clone(), visit.ground.keys.clone());
    let read = visit.ground.db.read(move |c| {
        let Some(row) = delivery::find(c, &slug, &id)? else { return Ok(None) };
        let Some(case) = cases::find(c, &slug, &row.case_id)? else { return Ok(None) };
        let attempts = delivery::attempts(c, &id)?;
        let (body, attached) = delivery::body_of(c, &keys, &id)?;
        let mut files = cases::documents(c, &case.id)?;
        files.retain(|d| is_attached(d, &attached));
        Ok::<_, DeliveryFault>(Some(Kept { row, case, attempts, body, files }))
    });
    let found = read.await.map_err(|fault| match fault {
        DeliveryFault::Db(e) => AppError::from(e),
        other => AppError::internal(other),
    });
    found?.ok_or(AppError::NotFound)
}

fn is_attached(document: &CaseDocument, attached: &Attached) -> bool {
    attached.files.contains(&document.id) || (attached.receipt && document.kind == DocumentKind::Receipt)
}

impl Kept {
    /// A registrator takes it, by hand.
    fn is_by_letter(&self, visit: &Visit) -> bool {
        targets::named(visit, self.row.target.as_str()).is_ok_and(|(_, target)| target.kind == TargetKind::Email)
    }

    /// The papers are for whoever has to register it by hand, and for nobody when somebody in it has protected identity and
    /// the system itself can still take it.
    fn may_fetch(&self, visit: &Visit) -> bool {
        let is_stuck = matches!(self.row.state, DeliveryState::Dead | DeliveryState::Accepted);
        self.is_by_letter(visit) || (is_stuck && !self.case.protected)
    }
}

/// `with_content`: the body too, which goes into the log.
pub(super) async fn page(
    who: &Administrator,
    id: &DeliveryId,
    with_content: bool,
    typed: Value,
    errors: Vec<Value>,
) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let kept = kept(visit, id).await?;
    let with_content = with_content && !kept.case.protected && kept.body.is_some();
    if with_content {
        note(who, "delivery.read", id.as_str(), "").await?;
    }
    let attempts: Vec<Value> = kept.attempts.iter().map(|a| view::attempt(visit, a)).collect();
    let body = kept.body.as_deref();
    let members = body.filter(|_| with_content).map(|body| {
        let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
        view::members(&masked::members(&body))
    });
    let may_fetch = kept.may_fetch(visit);
    let files: Vec<Value> = kept
        .files
        .iter()
        .map(|d| {
            let href = may_fetch.then(|| format!("/leveranser/{id}/filer/{}", d.id));
            json!({
                // What she called her file may say what it is about.
                "name": if may_fetch { d.file_name.clone() } else { visit.text(&format!("admin-file-{}", d.kind.as_str().replace('_', "-"))) },
                "href": href, "size_text": visit.voice.size(d.size.unsigned_abs()), "kind_text": d.media_type,
            })
        })
        .collect();
    let context = json!({
        "delivery": view::delivery(visit, &kept.row),
        "reference": kept.case.reference,
        "events_href": format!("/handelser?arende={}", kept.case.reference),
        "diary_number": kept.case.diary_number,
        "protected": kept.case.protected,
        "by_letter": kept.is_by_letter(visit) && view::is_open(kept.row.state),
        "is_submission": kept.row.kind == DeliveryKind::Submission,
        "sha256": body.map(sha256_hex),
        "size": body.map(|body| visit.voice.size(body.len() as u64)),
        "members": members,
        "files": files,
        "may_fetch": may_fetch,
        "attempts": attempts,
        "typed": typed,
        "errors": errors,
        "page": { "error_prefix": !errors.is_empty() },
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.page_with_status(status, "administration/delivery.html", "deliveries", context)
}

/// A paper, for whoever registers it by hand. Each fetch is in the log.
pub(super) async fn file(who: Administrator, path: Path<(DeliveryId, FileId)>) -> Result<HttpResponse, AppError> {
    let (id, file) = path.0;
    let kept = kept(&who.visit, &id).await?;
    if !kept.may_fetch(&who.visit) {
        return Err(AppError::NotFound);
    }
    let document = kept.files.into_iter().find(|d| d.id == file).ok_or(AppError::NotFound)?;
    note(&who, "delivery.file.read", id.as_str(), document.id.as_str()).await?;
    let blob = StoredBlob {
        key: document.blob_key.parse().map_err(AppError::internal)?,
        size: document.size.unsigned_abs(),
        sha256: document.sha256,
    };
    let bytes = who.visit.ground.blobs.read(&blob).await.map_err(AppError::internal)?;
    Ok(download(&document.file_name, &document.media_type, bytes.into()))
}

async fn note(who: &Administrator, action: &'static str, about: &str, detail: &str) -> Result<(), AppError> {
    let (slug, now) = (who.visit.municipality.slug.clone(), who.visit.ground.clock.now());
    let (actor, about, detail) = (who.actor.clone(), about.to_owned(), detail.to_owned());
    let noted = who.visit.ground.db.write(move |c| audit::record(c, &slug, now, &actor, action, &about, &detail));
    noted.await.map_err(|e: DbError| e.into())
}
