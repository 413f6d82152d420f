//! Files either way: what was delivered is fetched, what the back office has for a resident is handed in.

use super::answers::{Broken, Refused, respond};
use super::proof;
use crate::audit;
use crate::contract::{DocumentKept, ProblemCode, Scope};
use crate::db::DbError;
use crate::files::{ReceiveError, StoredBlob, safe_file_name};
use crate::portal::App;
use crate::portal::cases::{self, CaseDocument, DocumentKind, NewDocument};
use crate::portal::delivery;
use crate::vocabulary::{CaseId, DeliveryId, FileId};
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::StreamExt;
use std::ops::Range;

/// Beside the file itself: borders and headers of the multipart body.
const AROUND: usize = 64 * 1024;

fn header_text(request: &HttpRequest, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

fn stored(document: &CaseDocument) -> Option<StoredBlob> {
    Some(StoredBlob {
        key: document.blob_key.parse().ok()?,
        size: u64::try_from(document.size).ok()?,
        sha256: document.sha256.clone(),
    })
}

/// `GET …/deliveries/{id}/documents/{document}/content`.
pub(super) async fn content(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Refused> {
    let missing = || Refused::new(ProblemCode::NotFound, &visit, None);
    let target = proof::bearer(&request, &visit, &app, Scope::DeliveriesRead).await?;
    let (id, document) = path.into_inner();
    let (id, document): (DeliveryId, FileId) =
        (id.parse().map_err(|_| missing())?, document.parse().map_err(|_| missing())?);
    let (slug, keys, reader) = (visit.municipality.slug.clone(), visit.ground.keys.clone(), target.clone());
    let found = visit.ground.db.read(move |c| -> Result<Option<CaseDocument>, Broken> {
        let Some(row) = delivery::find(c, &slug, &id)?.filter(|row| row.target == target) else { return Ok(None) };
        let (_, attached) = delivery::body_of(c, &keys, &id)?;
        let named = cases::documents(c, &row.case_id)?.into_iter().find(|d| d.id == document);
        Ok(named.filter(|d| attached.files.contains(&d.id) || (attached.receipt && d.kind == DocumentKind::Receipt)))
    });
    let document = found.await.map_err(|e| e.told(&visit))?.ok_or_else(missing)?;
    let (slug, now, read) = (visit.municipality.slug.clone(), visit.ground.clock.now(), document.id.to_string());
    let noted = visit
        .ground
        .db
        .write(move |c| audit::record(c, &slug, now, &proof::actor(&reader), "integration.document.read", &read, ""));
    noted.await.map_err(|e: DbError| Broken::from(e).told(&visit))?;
    let blob = stored(&document).ok_or_else(missing)?;
    let broken = |e: crate::files::BlobError| {
        tracing::error!(error = %e, document = %document.id, "a document cannot be read");
        Refused::new(ProblemCode::InternalError, &visit, None)
    };
    let etag = format!("\"{}\"", blob.sha256);
    if header_text(&request, header::IF_NONE_MATCH).is_some_and(|known| known.contains(&etag)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let same = header_text(&request, header::IF_RANGE).is_none_or(|known| known == etag);
    let wanted = header_text(&request, header::RANGE).filter(|_| same);
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, document.media_type.as_str()))
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", ascii(&document.file_name)),
        ));
    match wanted.map(|w| range(w, blob.size)) {
        Some(Asked::Part(part)) => {
            let told = format!("bytes {}-{}/{}", part.start, part.end - 1, blob.size);
            let bytes = visit.ground.blobs.range(&blob.key, part).await.map_err(broken)?;
            Ok(response.status(StatusCode::PARTIAL_CONTENT).insert_header((header::CONTENT_RANGE, told)).body(bytes))
        }
        Some(Asked::Beyond) => Ok(HttpResponse::RangeNotSatisfiable()
            .insert_header((header::CONTENT_RANGE, format!("bytes */{}", blob.size)))
            .finish()),
        Some(Asked::Whole) | None => {
            let pieces = visit.ground.blobs.stream(&blob).await.map_err(broken)?;
            let pieces = pieces.map(|p| p.map_err(|e| actix_web::error::ErrorInternalServerError(e.to_string())));
            Ok(response.body(actix_web::body::SizedStream::new(blob.size, pieces)))
        }
    }
}

fn ascii(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;%".contains(c) { c } else { '_' }).collect()
}

#[derive(Debug, PartialEq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// RFC 9110 14.1.2; several ranges at once are answered with the whole, as is allowed.
fn range(header: &str, size: u64) -> Asked {
    let Some((from, to)) = header.strip_prefix("bytes=").and_then(|r| r.trim().split_once('-')) else {
        return Asked::Whole;
    };
    let part = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..size.min(to.saturating_add(1)),
        (Ok(from), Err(_)) if to.is_empty() => from..size,
        (Err(_), Ok(last)) if from.is_empty() && last > 0 => size.saturating_sub(last)..size,
        (Err(_), Ok(0)) if from.is_empty() => return Asked::Beyond,
        _ => return Asked::Whole,
    };
    if part.start < size { Asked::Part(part) } else { Asked::Beyond }
}

/// `POST …/cases/{id}/documents`: multipart with one `file`, and `title`; hidden from the resident until an event names it.
pub(super) async fn upload(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let refuse = |code: ProblemCode, detail: Option<&'static str>| Refused::new(code, &visit, detail);
    let limit = usize::try_from(visit.ground.settings.limits.file_bytes).unwrap_or(usize::MAX).saturating_add(AROUND);
    let push = proof::signed(&request, &visit, &app, payload.into_inner(), limit).await?;
    let key =
        request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(|k| k.trim_matches('"').to_owned());
    let key = key.filter(|k| !k.is_empty()).ok_or_else(|| refuse(ProblemCode::IdempotencyKeyMissing, None))?;
    let case: CaseId = id.parse().map_err(|_| refuse(ProblemCode::NotFound, None))?;
    let (slug, target, upload_key, now) =
        (visit.municipality.slug.clone(), push.target.clone(), key.clone(), visit.ground.clock.now());
    let known = visit.ground.db.read(move |c| {
        let Some(case) = cases::find(c, &slug, &case)?.filter(|case| case.target == target) else { return Ok(None) };
        let known = cases::document_by_upload_key(c, &case.id, &upload_key)?;
        Ok::<_, DbError>(Some((case, known)))
    });
    let known = known.await.map_err(|e| Broken::from(e).told(&visit))?;
    let (case, known) = known.ok_or_else(|| refuse(ProblemCode::NotFound, None))?;
    let (name, title, bytes) =
        parts_of(&request, push.body).await.ok_or_else(|| refuse(ProblemCode::MalformedRequest, Some("file")))?;
    if let Some(known) = known {
        return if known.sha256 == crate::settings::sha256_hex(&bytes) {
            Ok(answer(StatusCode::OK, &known.id, &known.sha256, known.size))
        } else {
            Err(refuse(ProblemCode::IdempotencyKeyReused, None))
        };
    }
    let pieces = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
    let received = visit.ground.blobs.receive(pieces, visit.ground.settings.limits.file_bytes, &name).await;
    let (blob, kind) = received.map_err(|e| match e {
        ReceiveError::Refused(_) => {
            refuse(ProblemCode::UnsupportedMediaType, Some("the file is of a kind that is not taken"))
        }
        ReceiveError::Broken(_) => refuse(ProblemCode::MalformedRequest, None),
        ReceiveError::Store(_) => refuse(ProblemCode::TemporarilyUnavailable, None),
    })?;
    let name = safe_file_name(&name, kind);
    let document = NewDocument {
        id: FileId::fresh(),
        kind: DocumentKind::FromMunicipality,
        title: if title.is_empty() { name.clone() } else { title },
        blob_key: blob.key.to_string(),
        file_name: name,
        media_type: kind.media_type().to_owned(),
        size: i64::try_from(blob.size).unwrap_or(i64::MAX),
        sha256: blob.sha256.clone(),
        visible: false,
        upload_key: Some(key.clone()),
    };
    let (slug, new) = (visit.municipality.slug.clone(), document.clone());
    let added = visit.ground.db.write(move |c| {
        cases::add_document(c, &slug, &case.id, &new, now)?;
        // The same upload may have come twice at once: the one that was first counts.
        cases::document_by_upload_key(c, &case.id, &key)
    });
    let kept = added.await.map_err(|e| Broken::from(e).told(&visit))?;
    match kept {
        Some(kept) => Ok(answer(StatusCode::CREATED, &kept.id, &kept.sha256, kept.size)),
        None => Err(refuse(ProblemCode::InternalError, None)),
    }
}

fn answer(status: StatusCode, id: &FileId, sha256: &str, size: i64) -> HttpResponse {
    let kept = DocumentKept { document_id: id.to_string(), sha256: sha256.to_owned(), size };
    respond(status, "application/json", serde_json::to_string(&kept).unwrap_or_default())
}

/// File name, title and bytes of a multipart body.
async fn parts_of(request: &HttpRequest, body: Vec<u8>) -> Option<(String, String, Bytes)> {
    let body = futures_util::stream::iter([Ok::<_, actix_web::error::PayloadError>(Bytes::from(body))]);
    let mut multipart = actix_multipart::Multipart::new(request.headers(), body);
    let (mut file, mut title) = (None, String::new());
    while let Some(field) = multipart.next().await {
        let mut field = field.ok()?;
        let mut bytes = Vec::new();
        while let Some(piece) = field.next().await {
            bytes.extend_from_slice(&piece.ok()?);
        }
        match field.name() {
            Some("file") => {
                let name = field.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default().to_owned();
                file = Some((name, Bytes::from(bytes)));
            }
            Some("title") => title = String::from_utf8(bytes).ok()?.chars().take(200).collect(),
            _ => {}
        }
    }
    let (name, bytes) = file?;
    Some((name, title, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_transfer_goes_on_where_it_stopped() {
        assert_eq!(range("bytes=0-99", 1000), Asked::Part(0..100));
        assert_eq!(range("bytes=900-", 1000), Asked::Part(900..1000));
        assert_eq!(range("bytes=-100", 1000), Asked::Part(900..1000));
        assert_eq!(range("bytes=990-2000", 1000), Asked::Part(990..1000));
        assert_eq!(range("bytes=1000-", 1000), Asked::Beyond);
        assert_eq!(range("bytes=0-1,5-6", 1000), Asked::Whole);
        assert_eq!(range("lines=1-2", 1000), Asked::Whole);
    }
}
