//! The few things that can go wrong over HTTP, and the one place that shows them: a page in the visitor's language, or
//! problem details for machines. What the operator needs is logged there, once.

use super::form::check_origin;
use super::visit::RequestId;
use super::{Ground, TemplateFault, Visit, see_other, words};
use crate::contract::ProblemCode;
use crate::db::DbError;
use crate::settings::KeyFault;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use serde_json::json;
use std::fmt;

/// What a page can answer instead of itself. `&'static str` names a text: `error-<name>-title`, `-text`, `-way-on`.
#[derive(Debug)]
pub enum AppError {
    /// Not there, or not hers: the same.
    NotFound,
    /// She may not.
    Forbidden(&'static str),
    /// Log in first, then come back to this path.
    LogIn(String),
    /// Prove anew, or more strongly, who you are, then come back to this path.
    StepUp(String),
    /// Somebody was faster, or the thing has moved on.
    Conflict(&'static str),
    /// The form cannot be read or its token is not this browser's.
    Invalid(&'static str),
    /// Too much at once.
    TooLarge,
    /// Too often.
    TooMany,
    /// Something that this page needs is down.
    Unavailable(&'static str),
    /// Another page of ours first.
    First(String),
    /// Another address of ours, for ever.
    Redirect(String),
    /// Nobody's host name.
    Misdirected,
    /// Our fault. The text is for the log only.
    Internal(String),
}

impl AppError {
    /// Our fault, with words for the log.
    pub fn internal(why: impl fmt::Display) -> Self {
        AppError::Internal(why.to_string())
    }

    fn name(&self) -> &'static str {
        match self {
            AppError::NotFound => "not-found",
            AppError::Forbidden(name)
            | AppError::Conflict(name)
            | AppError::Invalid(name)
            | AppError::Unavailable(name) => name,
            AppError::TooLarge => "too-large",
            AppError::TooMany => "too-many",
            AppError::LogIn(_) => "logged-out",
            AppError::StepUp(_) => "step-up",
            AppError::First(_) | AppError::Redirect(_) | AppError::Misdirected | AppError::Internal(_) => "internal",
        }
    }

    fn problem_code(&self) -> ProblemCode {
        match self {
            AppError::NotFound | AppError::Misdirected | AppError::First(_) | AppError::Redirect(_) => {
                ProblemCode::NotFound
            }
            AppError::Forbidden(_) | AppError::LogIn(_) | AppError::StepUp(_) => ProblemCode::TokenInvalid,
            AppError::Conflict(_) => ProblemCode::RequestInProgress,
            AppError::Invalid(_) => ProblemCode::MalformedRequest,
            AppError::TooLarge => ProblemCode::PayloadTooLarge,
            AppError::TooMany => ProblemCode::RateLimited,
            AppError::Unavailable(_) => ProblemCode::TemporarilyUnavailable,
            AppError::Internal(_) => ProblemCode::InternalError,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::Internal(why) => f.write_str(why),
            other => f.write_str(other.name()),
        }
    }
}

impl From<DbError> for AppError {
    fn from(e: DbError) -> Self {
        match e {
            DbError::Full | DbError::Unreachable => AppError::Unavailable("database-down"),
            DbError::Diesel(diesel::result::Error::NotFound) => AppError::NotFound,
            e => AppError::internal(e),
        }
    }
}
impl From<KeyFault> for AppError {
    fn from(e: KeyFault) -> Self {
        AppError::internal(e)
    }
}
impl From<TemplateFault> for AppError {
    fn from(e: TemplateFault) -> Self {
        AppError::internal(e)
    }
}
impl From<serde_json::Error> for AppError {
    fn from(e: serde_json::Error) -> Self {
        // serde's text may quote a value: only its place and kind go to the log.
        AppError::internal(format!("json: {:?} at {}:{}", e.classify(), e.line(), e.column()))
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Forbidden(_) => StatusCode::FORBIDDEN,
            AppError::LogIn(_) | AppError::StepUp(_) | AppError::First(_) => StatusCode::SEE_OTHER,
            AppError::Redirect(_) => StatusCode::MOVED_PERMANENTLY,
            AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::Invalid(_) => StatusCode::BAD_REQUEST,
            AppError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            AppError::TooMany => StatusCode::TOO_MANY_REQUESTS,
            AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        match self {
            AppError::LogIn(back) => see_other(&with_return("/logga-in", back)),
            AppError::StepUp(back) => see_other(&with_return("/legitimera", back)),
            AppError::First(page) => see_other(page),
            AppError::Redirect(to) => {
                HttpResponse::build(self.status_code()).insert_header((header::LOCATION, to.as_str())).finish()
            }
            _ => HttpResponse::new(self.status_code()),
        }
    }
}

fn with_return(path: &str, back: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", back).finish();
    format!("{path}?{query}")
}

/// Turns bare errors, actix's own included, into pages or problems. Outermost but for the headers, so that nothing
/// leaves without a body. A form that was not taken gives back what was typed.
pub async fn render_errors<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let ahead = words::read_ahead(&mut request).await;
    let answered = next.call(request).await?;
    let mut status = answered.status();
    let kind = answered.headers().get(header::CONTENT_TYPE);
    // A refusal that has been told to a machine already, with a code of its own, is not told in ours.
    let is_problem = kind.is_some_and(|kind| kind.as_bytes() == b"application/problem+json");
    let has_page = is_problem || kind.is_some() && answered.response().error().is_none();
    let error = answered.response().error().and_then(|e| e.as_error::<AppError>());
    let is_form_without_session = ahead.is_some() && matches!(error, Some(AppError::LogIn(_) | AppError::StepUp(_)));
    if !(status.is_client_error() || status.is_server_error() || is_form_without_session) || has_page {
        return Ok(answered.map_into_left_body());
    }
    let texts = match ahead {
        Some(ahead) => ahead.texts().await,
        None => Vec::new(),
    };
    if is_form_without_session {
        if texts.is_empty() {
            return Ok(answered.map_into_left_body());
        }
        status = StatusCode::UNAUTHORIZED;
    }
    let request = answered.request().clone();
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    if status.is_server_error() {
        let cause = answered.response().error().map(ToString::to_string).unwrap_or_default();
        tracing::error!(status = status.as_u16(), cause, "a request failed");
    }
    let known = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        s if s.is_client_error() => AppError::Invalid("invalid"),
        _ => AppError::internal(""),
    };
    let shown = error.unwrap_or(&known);
    let response = if request.path().starts_with("/integration/") {
        let mut problem = shown.problem_code().problem("", None);
        problem.status = status.as_u16();
        problem.instance = Some(request.path().to_owned());
        problem.trace_id = Some(id);
        HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "application/problem+json")).json(problem)
    } else {
        let known_visit = request.extensions().get::<Visit>().cloned();
        match known_visit.map_or_else(|| Visit::without_session(&request), Ok) {
            Ok(visit) => {
                // Never somebody else's words under our name.
                let texts = if check_origin(&request, &visit).is_ok() { texts } else { Vec::new() };
                error_page(&visit, status, shown, &texts)
            }
            Err(_) => HttpResponse::build(status)
                .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
                .body(nobodys_address(&request)),
        }
    };
    let mut response = response;
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("30"));
    }
    Ok(answered.into_response(response).map_into_right_body())
}

/// In every language: nothing is known of whoever asks, and there is no municipality whose page it would be.
fn nobodys_address(request: &HttpRequest) -> String {
    let Some(ground) = request.app_data::<web::Data<Ground>>() else { return String::new() };
    let texts = ground.renderer.texts();
    let (what, way_on) = ("error-misdirected-text", "error-misdirected-way-on");
    let whole = texts.languages().iter().filter(|l| texts.has(l.lang, what) && texts.has(l.lang, way_on));
    whole.map(|l| format!("{} {}\n", texts.get(l.lang, what, []), texts.get(l.lang, way_on, []))).collect()
}

fn error_page(visit: &Visit, status: StatusCode, error: &AppError, texts: &[String]) -> HttpResponse {
    let name = error.name();
    let text = |part: &str| visit.text(&format!("error-{name}-{part}"));
    let context = json!({
        "status": status.as_u16(),
        "kind": name,
        "heading": text("title"),
        "text": text("text"),
        "way_on": text("way-on"),
        "request_id": visit.request_id,
        "texts": texts,
        "log_in": match error {
            AppError::LogIn(back) => Some(with_return("/logga-in", back)),
            AppError::StepUp(back) => Some(with_return("/legitimera", back)),
            _ => None,
        },
    });
    visit.page_with_status(status, "portal/error.html", "", context).unwrap_or_else(|e| {
        tracing::error!(error = %e, "the error page itself failed");
        HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8")).body(format!(
            "{}\n{} {}\n",
            text("text"),
            visit.text("footer-request-id"),
            visit.request_id
        ))
    })
}
