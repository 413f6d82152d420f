//! The HTTP side: `POST …/V4/personpostXML`, its WSDL, and the faults.

use super::request::PersonpostRequest;
use super::response::{self, Version};
use super::wsdl;
use super::{Fault, ORDERS, PERSONS, Register};
use crate::simulators::people::Skydd;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use serde_json::json;
use std::io;

/// The newest version's path.
pub(super) const PATH: &str = "/na/na_epersondata/V4/personpostXML";

const XML: &str = "text/xml; charset=utf-8";

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/na/na_epersondata/{version}/personpostXML").get(wsdl_of_version).post(personpost))
        // The real service answers a wrong address in HTML.
        .default_service(web::to(async || not_found()));
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/html; charset=utf-8")
        .body("<html><head><title>404</title></head><body><h1>Sidan finns inte</h1></body></html>")
}

fn version_of(path: &str) -> Option<Version> {
    match path {
        "V2" => Some(Version::V2),
        "V3" => Some(Version::V3),
        "V4" => Some(Version::V4),
        _ => None,
    }
}

async fn wsdl_of_version(path: web::Path<String>, http: HttpRequest) -> HttpResponse {
    match version_of(&path) {
        Some(version) if http.query_string().eq_ignore_ascii_case("wsdl") => {
            let address = format!(
                "http://{}/na/na_epersondata/V{}/personpostXML",
                http.connection_info().host(),
                version.number()
            );
            HttpResponse::Ok().content_type(XML).body(wsdl::wsdl(version, &address))
        }
        _ => not_found(),
    }
}

async fn personpost(
    register: web::Data<Register>,
    path: web::Path<String>,
    http: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let Some(version) = version_of(&path) else { return not_found() };
    let sent_as = http.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !sent_as.trim_start().to_ascii_lowercase().starts_with("text/xml") {
        return HttpResponse::UnsupportedMediaType().finish();
    }
    let control = &register.control;
    control.delay().await;
    let request = std::str::from_utf8(&body).ok().and_then(|xml| PersonpostRequest::read(xml).ok());
    let fault = control.strike(|_| true);
    let pseudonym = request.as_ref().map(|r| register.pseudonym(&r.person_id));
    if let (Some(request), Some(pseudonym)) = (&request, &pseudonym) {
        control.count(PERSONS, pseudonym.clone());
        control.count(ORDERS, request.order.clone());
    }
    let answer = answer(&register, version, request.as_ref(), fault).unwrap_or_else(|e| {
        tracing::error!(error = %e, "the answer cannot be written");
        HttpResponse::InternalServerError().finish()
    });
    control.note(json!({
        "event": "personpost", "version": version.number(), "order": request.as_ref().map(|r| &r.order),
        "organisation": request.as_ref().map(|r| &r.org_nr), "person": pseudonym,
        "status": answer.status().as_u16(), "fault": fault,
    }));
    answer
}

fn answer(
    register: &Register,
    version: Version,
    request: Option<&PersonpostRequest>,
    fault: Option<Fault>,
) -> io::Result<HttpResponse> {
    let failed = |xml: String| HttpResponse::InternalServerError().content_type(XML).body(xml);
    match fault {
        Some(Fault::Fault500) => return Ok(failed(response::soap_fault("Internt fel", "99")?)),
        Some(Fault::Html503) => {
            return Ok(HttpResponse::build(StatusCode::SERVICE_UNAVAILABLE)
                .content_type("text/html; charset=utf-8")
                .body("<html><body><h1>Tjänsten är stängd för underhåll</h1></body></html>"));
        }
        Some(Fault::Reset) => return Ok(broken_off(String::new(), 1000)),
        Some(Fault::Empty200) => return Ok(HttpResponse::Ok().content_type(XML).finish()),
        _ => {}
    }
    let Some(request) = request else {
        return Ok(failed(response::soap_fault("Felaktiga inparametrar", "1")?));
    };
    let person = register
        .people
        .person(&request.person_id)
        .filter(|person| person.skydd == Skydd::Ingen || !request.leaves_out_the_protected());
    let xml = response::personpost(person, version, register.clock.now().day(), fault)?;
    Ok(match fault {
        Some(Fault::Truncated) => {
            let whole = xml.len();
            let half: String = xml.chars().take(xml.chars().count() / 2).collect();
            broken_off(half, whole)
        }
        Some(Fault::WrongCharset) => {
            let latin1: Vec<u8> = xml.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
            HttpResponse::Ok().content_type(XML).body(latin1)
        }
        _ => HttpResponse::Ok().content_type(XML).body(xml),
    })
}

/// An answer that promises more than comes before the connection breaks.
fn broken_off(sent: String, promised: usize) -> HttpResponse {
    let broken = Err(io::Error::from(io::ErrorKind::ConnectionReset));
    let body = stream::iter([Ok(web::Bytes::from(sent)), broken]);
    HttpResponse::Ok().content_type(XML).no_chunking(u64::try_from(promised).unwrap_or(u64::MAX)).streaming(body)
}
