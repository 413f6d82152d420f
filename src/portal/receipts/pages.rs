//! `/kvitto`: anybody tests a receipt, by file or by code, without log-in and without script.

use super::ReceiptCode;
use super::judge::{self, Held, Tested, Verdict};
use super::seal::Seal;
use crate::db::DbError;
use crate::portal::App;
use crate::texts::Voice;
use crate::web::{AddressLimit, AppError, PassingForm, Path, Visit, see_other, visitor_address};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tests from one address in a minute.
const PER_MINUTE: u32 = 30;

/// How often one address may test receipts.
pub struct TestLimit(AddressLimit);

impl Default for TestLimit {
    fn default() -> Self {
        TestLimit(AddressLimit::per_minute(PER_MINUTE))
    }
}

impl TestLimit {
    fn admit(&self, request: &HttpRequest, visit: &Visit) -> Result<(), AppError> {
        match visitor_address(request, &visit.ground) {
            Some(address) if !self.0.allows(address) => Err(AppError::TooMany),
            _ => Ok(()),
        }
    }

    /// Forgets addresses that have been quiet; to be called now and then.
    pub fn sweep(&self) {
        self.0.sweep();
    }
}

/// `/kvitto` and what is under it.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/kvitto", web::get().to(ask))
        .route("/kvitto", web::post().to(test_file))
        .route("/kvitto/nycklar", web::get().to(keys))
        .route("/kvitto/nycklar/{kid}.pem", web::get().to(key))
        .route("/kvitto/{code}", web::get().to(test_code));
}

#[derive(Deserialize)]
struct Wish {
    kod: Option<String>,
}

async fn ask(visit: Visit, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let Some(typed) = wish.into_inner().kod else { return page(&visit, None, "", None) };
    match typed.parse::<ReceiptCode>() {
        Ok(code) => Ok(see_other(&format!("/kvitto/{}", code.as_str()))),
        Err(_) => page(&visit, None, typed.get(..60).unwrap_or(&typed), Some(("kod", "receipt-test-code-wrong"))),
    }
}

async fn test_code(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    code: Path<String>,
) -> Result<HttpResponse, AppError> {
    app.receipt_limit.admit(&request, &visit)?;
    let verdict = match code.0.parse::<ReceiptCode>() {
        Ok(code) => {
            let (keys, municipality) = (app.ground.keys.clone(), visit.municipality.clone());
            let judged = app.ground.db.read(move |c| {
                let seals = keys.receipts().map_err(|_| DbError::Diesel(diesel::result::Error::NotFound))?;
                judge::by_code(c, &keys, seals, &municipality, &code)
            });
            judged.await?
        }
        Err(_) => Verdict::Unknown,
    };
    page(&visit, Some(&verdict), "", None)
}

async fn test_file(request: HttpRequest, form: PassingForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    app.receipt_limit.admit(&request, visit)?;
    let typed = form.get("kod").unwrap_or_default().to_owned();
    let Some(file) = form.files.iter().find(|f| f.field == "fil") else {
        return page(visit, None, &typed, Some(("fil", "receipt-test-file-missing")));
    };
    let tested = Tested { sha256: file.sha256.clone(), bytes: file.bytes.clone() };
    let code = typed.parse::<ReceiptCode>().ok();
    let (keys, municipality) = (app.ground.keys.clone(), visit.municipality.clone());
    let judged = app.ground.db.read(move |c| {
        let seals = keys.receipts().map_err(|_| DbError::Diesel(diesel::result::Error::NotFound))?;
        judge::by_file(c, &keys, seals, &municipality, &tested, code.as_ref())
    });
    page(visit, Some(&judged.await?), "", None)
}

/// Every public key, the old ones too.
async fn keys(visit: Visit, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let published = app.ground.keys.receipts()?.published();
    drop(visit);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=3600")).json(published))
}

async fn key(visit: Visit, app: web::Data<App>, kid: Path<String>) -> Result<HttpResponse, AppError> {
    let pem = app.ground.keys.receipts()?.pem(&kid.0).ok_or(AppError::NotFound)?;
    drop(visit);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .content_type("application/x-pem-file")
        .body(pem))
}

fn page(
    visit: &Visit,
    verdict: Option<&Verdict>,
    typed: &str,
    error: Option<(&str, &str)>,
) -> Result<HttpResponse, AppError> {
    let voice = &visit.voice;
    let errors: Vec<Value> = error
        .iter()
        .map(|(field, key)| json!({ "field_id": field, "href": format!("#{field}"), "message": voice.text(key) }))
        .collect();
    let result = verdict.map(|verdict| told(verdict, voice));
    visit.page(
        "portal/kvitto.html",
        "",
        json!({
            "page": { "error_prefix": !errors.is_empty() },
            "result": result,
            "typed": typed,
            "errors": errors,
            "error_in": error.map(|(field, _)| field).unwrap_or_default(),
            "largest": voice.size(visit.ground.settings.limits.file_bytes),
        }),
    )
}

/// What the page says. `code` is there when a file can be tested against the receipt.
fn told(verdict: &Verdict, voice: &Voice) -> Value {
    let (word, kind, seal, held): (&str, &str, Option<&Seal>, Option<&Held>) = match verdict {
        Verdict::Holds(held) => ("holds", "success", Some(&held.seal), Some(held)),
        Verdict::Attached(held) => ("attached", "success", Some(&held.seal), Some(held)),
        Verdict::NotAttached(held) => ("not-attached", "warning", Some(&held.seal), Some(held)),
        Verdict::FileAltered(seal) => ("file-altered", "warning", Some(seal), None),
        Verdict::NotProved(seal) => ("not-proved", "warning", Some(seal), None),
        Verdict::SealAltered => ("seal-altered", "warning", None, None),
        Verdict::Elsewhere => ("elsewhere", "warning", None, None),
        Verdict::Unknown => ("unknown", "warning", None, None),
    };
    let mut notes = Vec::new();
    if let Some(held) = held {
        let open = !held.seal.complete && !held.is_replaced;
        notes.extend(open.then(|| voice.text("receipt-test-note-waiting")));
        notes.extend(held.is_replaced.then(|| voice.text("receipt-test-note-replaced")));
        notes.extend((!held.is_kept).then(|| voice.text("receipt-test-note-not-kept")));
    }
    json!({
        "word": word,
        "kind": kind,
        "heading": voice.text(&format!("receipt-test-{word}-heading")),
        "text": voice.text(&format!("receipt-test-{word}-text")),
        "notes": notes,
        "facts": seal.map(|seal| facts(seal, voice)).unwrap_or_default(),
        "code": held.map(|held| held.seal.code.clone()),
    })
}

fn facts(seal: &Seal, voice: &Voice) -> Vec<Value> {
    let fact = |key: &str, text: String| json!({ "label": voice.text(key), "text": text });
    let mut facts = vec![
        fact("receipt-test-service", seal.title.clone()),
        fact("receipt-test-municipality", seal.municipality_name.clone()),
        fact("receipt-test-received", voice.date_time(seal.received_at)),
        fact("receipt-test-reference", seal.reference.to_string()),
        fact("receipt-test-files", seal.attachments.len().to_string()),
    ];
    if seal.signatures.is_empty() {
        facts.push(fact("receipt-test-signatures", voice.text("receipt-test-unsigned")));
    }
    for signature in &seal.signatures {
        let how = voice.text(&format!("signature-class-{}", signature.class.as_str()));
        facts.push(fact("receipt-test-signature", format!("{how}, {}", voice.date_time(signature.at))));
    }
    facts
}
