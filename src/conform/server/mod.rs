//! The portal that the adapter meets: events, uploads and documents in either mode, the pull twin in pull mode.

#![expect(clippy::result_large_err, reason = "a refusal is the answer itself; boxing it would say nothing")]

mod cases;
mod events;
mod files;
mod pull;

use super::Mode;
use super::ledger::{Call, Proof, Stage};
use crate::contract::{API_RELEASED, API_VERSION, ApiInfo, ProblemCode, SignatureFault};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use std::net::TcpListener;
use std::sync::Arc;

/// Bytes of one upload; of anything else far fewer come.
const MOST: usize = 32 << 20;

/// Answers on an open socket until it is stopped.
pub fn start(listener: TcpListener, stage: Arc<Stage>) -> std::io::Result<ServerHandle> {
    let is_pull = stage.config.mode == Mode::Pull;
    let stage = web::Data::from(stage);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(stage.clone())
            .app_data(web::PayloadConfig::new(MOST))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
            .service(
                web::scope("/integration/v1")
                    .wrap(from_fn(at_its_address))
                    .configure(events::routes)
                    .configure(files::routes)
                    .configure(cases::routes)
                    .configure(|cfg| pull::routes(cfg, is_pull))
                    .route("/api-info", web::get().to(api_info)),
            )
            .default_service(web::to(|| async {
                problem(ProblemCode::NotFound, "the kit has nothing at this address")
            }))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

/// A portal serves by host name: at another it has nothing of this municipality's.
async fn at_its_address(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let wanted =
        request.app_data::<web::Data<Stage>>().map(|stage| stage.config.public_url.clone()).unwrap_or_default();
    let host = request.headers().get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if wanted.split_once("://").is_some_and(|(_, rest)| rest.split('/').next() == Some(host)) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let detail = format!("reached as {host}, but --public-url is {wanted}");
    let refused = HttpResponse::MisdirectedRequest().body(detail);
    Ok(request.into_response(refused))
}

async fn api_info() -> HttpResponse {
    let can = ["events", "deliveries", "documents", "feed"];
    HttpResponse::Ok().json(ApiInfo {
        api_name: "kommunportal-conform".into(),
        api_version: API_VERSION.into(),
        api_released: API_RELEASED,
        api_documentation: String::new(),
        api_status: "active".into(),
        capabilities: can.map(|name| (name.to_owned(), true)).into(),
    })
}

/// A fault as the portal tells it.
fn problem(code: ProblemCode, detail: &str) -> HttpResponse {
    let problem = code.problem("https://kommunportal.example", Some(detail.to_owned()));
    HttpResponse::build(StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .json(problem)
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn note(stage: &Stage, request: &HttpRequest, proof: Proof) {
    let traceparent = Some(text(request, "traceparent").to_owned()).filter(|t| !t.is_empty());
    // The pattern and not the path: one line for each kind of call.
    let what = format!("{} {}", request.method(), request.match_pattern().unwrap_or_default());
    stage.write(|ledger| ledger.calls.push(Call { what, proof, traceparent }));
}

/// A push must be signed with a secret of the adapter's; gives its `webhook-id`.
fn signed(stage: &Stage, request: &HttpRequest, body: &[u8]) -> Result<String, HttpResponse> {
    let header = |name| text(request, name);
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let now = stage.clock.now();
    let mut fault = SignatureFault::Invalid;
    for secret in &stage.config.secret_in {
        match secret.verify(id, time, signature, body, now) {
            Ok(()) if !id.is_empty() => {
                note(stage, request, Proof::Good);
                return Ok(id.to_owned());
            }
            Ok(()) => {}
            Err(found) => {
                if found == SignatureFault::Timestamp {
                    fault = found;
                }
            }
        }
    }
    let (code, why) = match fault {
        SignatureFault::Invalid => (ProblemCode::SignatureInvalid, "the signature does not fit"),
        SignatureFault::Timestamp => (ProblemCode::TimestampOutOfTolerance, "webhook-timestamp is out of tolerance"),
    };
    note(stage, request, Proof::Bad(why));
    Err(problem(code, why))
}

/// A GET must bear the token.
fn bearer(stage: &Stage, request: &HttpRequest) -> Result<(), HttpResponse> {
    let given = text(request, "authorization").strip_prefix("Bearer ").unwrap_or_default();
    if given == stage.config.token {
        note(stage, request, Proof::Good);
        return Ok(());
    }
    note(stage, request, Proof::Bad("no bearer token, or another"));
    Err(problem(ProblemCode::TokenInvalid, "the bearer token is not the target's"))
}

/// The connection breaks before anything is answered.
fn cut() -> HttpResponse {
    let broken = Err::<web::Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    HttpResponse::Ok().no_chunking(1000).streaming(futures_util::stream::iter([broken]))
}
