//! Documents out, with Range and ETag, and files in.

use super::{bearer, problem, signed, text};
use crate::conform::ledger::{Fetch, Ledger, Stage, Upload};
use crate::contract::{DocumentKept, ProblemCode};
use crate::settings::sha256_hex;
use crate::vocabulary::{CaseId, DeliveryId, FileId};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::StreamExt;

/// Sent at once.
const PIECE: usize = 64 * 1024;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/deliveries/{id}", web::get().to(delivery))
        .route("/deliveries/{id}/documents/{document}/content", web::get().to(content))
        .route("/cases/{id}/documents", web::post().to(upload));
}

async fn delivery(request: HttpRequest, id: web::Path<String>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    let body =
        id.parse::<DeliveryId>().ok().and_then(|id| stage.read(|l| l.deliveries.get(&id).map(|d| d.body.clone())));
    match body {
        Some(body) => HttpResponse::Ok().content_type("application/json").body(body),
        None => problem(ProblemCode::NotFound, "no such delivery"),
    }
}

/// What a request for a document gets.
enum Part {
    Broken,
    Beyond,
    Bytes { from: usize, until: usize, cut: bool, all: Bytes },
}

async fn content(request: HttpRequest, path: web::Path<(String, String)>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    let (_, document) = path.into_inner();
    let range = text(&request, "range").strip_prefix("bytes=").and_then(|r| r.split_once('-'));
    let range = range.and_then(|(from, to)| Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok())));
    let if_range = text(&request, "if-range").to_owned();
    let found = stage.write(|ledger| {
        ledger.files.get_mut(&document).map(|file| {
            let etag = format!("\"{}\"", file.sha256);
            let range = range.filter(|_| if_range.is_empty() || if_range == etag);
            let size = file.bytes.len();
            let (from, until) = range.map_or((0, size), |(from, to)| (from, to.map_or(size, |to| size.min(to + 1))));
            let (status, part) = if file.broken > 0 {
                file.broken -= 1;
                (500, Part::Broken)
            } else if from >= size || from >= until {
                (416, Part::Beyond)
            } else {
                let cut = file.cuts > 0;
                file.cuts = file.cuts.saturating_sub(1);
                (if range.is_some() { 206 } else { 200 }, Part::Bytes { from, until, cut, all: file.bytes.clone() })
            };
            file.fetches.push(Fetch { from: u64::try_from(from).unwrap_or_default(), status, sent: 0 });
            (etag, size, status, part, file.fetches.len() - 1)
        })
    });
    let Some((etag, size, status, part, number)) = found else {
        return problem(ProblemCode::NotFound, "no such document");
    };
    let (from, until, is_cut, all) = match part {
        Part::Broken => return problem(ProblemCode::InternalError, "the kit plays a portal whose files are away"),
        Part::Beyond => {
            return HttpResponse::RangeNotSatisfiable()
                .insert_header((header::CONTENT_RANGE, format!("bytes */{size}")))
                .finish();
        }
        Part::Bytes { from, until, cut, all } => (from, until, cut, all),
    };
    let end = if is_cut { from + (until - from) / 2 } else { until };
    let pieces: Vec<(usize, usize)> = (from..end).step_by(PIECE).map(|at| (at, end.min(at + PIECE))).collect();
    let told = stage.clone();
    let sent = futures_util::stream::iter(pieces).map(move |(at, to)| {
        told.write(|ledger| went_out(ledger, &document, number, to - at, to == size));
        Ok::<_, std::io::Error>(all.slice(at..to))
    });
    let broken = is_cut.then(|| Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
    let body = sent.chain(futures_util::stream::iter(broken));
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    response
        .content_type("application/pdf")
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"));
    if status == 206 {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {from}-{}/{size}", until - 1)));
    }
    response.no_chunking(u64::try_from(until - from).unwrap_or_default()).streaming(body)
}

fn went_out(ledger: &mut Ledger, document: &str, number: usize, bytes: usize, is_last: bool) {
    if let Some(file) = ledger.files.get_mut(document) {
        file.is_out |= is_last;
        if let Some(fetch) = file.fetches.get_mut(number) {
            fetch.sent += u64::try_from(bytes).unwrap_or_default();
        }
    }
}

/// `POST /cases/{id}/documents`: the file's bytes are kept by their digest alone.
async fn upload(
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Bytes,
    stage: web::Data<Stage>,
) -> HttpResponse {
    if let Err(refused) = signed(&stage, &request, &body) {
        return refused;
    }
    let key = text(&request, "idempotency-key").trim_matches('"').to_owned();
    if key.is_empty() {
        return problem(ProblemCode::IdempotencyKeyMissing, "Idempotency-Key");
    }
    let Ok(case) = id.parse::<CaseId>() else { return problem(ProblemCode::NotFound, "no such case") };
    let Some(file) = file_of(&request, body).await else {
        return problem(ProblemCode::MalformedRequest, "multipart/form-data with a part \"file\"");
    };
    let (sha256, size) = (sha256_hex(&file), file.len());
    let (status, document_id) =
        stage.write(|ledger| match ledger.uploads.iter().find(|u| u.case == case && u.key == key) {
            Some(known) if known.sha256 == sha256 => (200, known.document_id.clone()),
            Some(_) => (422, String::new()),
            None => {
                let document_id = FileId::fresh().to_string();
                let kept = Upload { case, key, document_id: document_id.clone(), sha256: sha256.clone() };
                ledger.uploads.push(kept);
                (201, document_id)
            }
        });
    match status {
        422 => problem(ProblemCode::IdempotencyKeyReused, "Idempotency-Key"),
        status => HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::CREATED)).json(DocumentKept {
            document_id,
            sha256,
            size: i64::try_from(size).unwrap_or(i64::MAX),
        }),
    }
}

async fn file_of(request: &HttpRequest, body: Bytes) -> Option<Vec<u8>> {
    let body = futures_util::stream::iter([Ok::<_, actix_web::error::PayloadError>(body)]);
    let mut multipart = actix_multipart::Multipart::new(request.headers(), body);
    let mut file = None;
    while let Some(field) = multipart.next().await {
        let mut field = field.ok()?;
        let mut bytes = Vec::new();
        while let Some(piece) = field.next().await {
            bytes.extend_from_slice(&piece.ok()?);
        }
        if field.name() == Some("file") {
            file = Some(bytes);
        }
    }
    file
}
