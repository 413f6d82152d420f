//! Faults as problems.

use crate::contract::{InvalidParameter, Problem, ProblemCode};
use crate::db::DbError;
use crate::portal::delivery::DeliveryFault;
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};

/// A fault of this API, ready to be sent.
#[derive(Debug)]
pub(super) struct Refused(pub Box<Problem>);

impl Refused {
    pub fn new(code: ProblemCode, visit: &Visit, detail: impl Into<Option<&'static str>>) -> Self {
        let detail: Option<&'static str> = detail.into();
        let mut problem = code.problem(&visit.address(), detail.map(str::to_owned));
        problem.instance = Some(visit.path.clone());
        problem.trace_id = Some(visit.request_id.clone());
        Refused(Box::new(problem))
    }

    /// A parameter or member that is not as it should be; `wanted`: what is.
    pub fn invalid(visit: &Visit, name: &str, wanted: &str) -> Self {
        let mut refused = Self::new(ProblemCode::SchemaViolation, visit, None);
        refused.0.invalid_parameters = vec![InvalidParameter { name: name.to_owned(), reason: wanted.to_owned() }];
        refused
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.code)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.status()
    }
    fn error_response(&self) -> HttpResponse {
        respond(self.status(), "application/problem+json", serde_json::to_string(&self.0).unwrap_or_default())
    }
}

/// From inside a unit of work, where no visit is at hand.
#[derive(Debug)]
pub(super) enum Broken {
    Db(DbError),
    Other,
}

impl From<DbError> for Broken {
    fn from(e: DbError) -> Self {
        Broken::Db(e)
    }
}
impl From<DeliveryFault> for Broken {
    fn from(e: DeliveryFault) -> Self {
        match e {
            DeliveryFault::Db(e) => Broken::Db(e),
            _ => Broken::Other,
        }
    }
}

impl Broken {
    pub fn told(self, visit: &Visit) -> Refused {
        match self {
            Broken::Db(DbError::Full | DbError::Unreachable) => {
                Refused::new(ProblemCode::TemporarilyUnavailable, visit, None)
            }
            Broken::Db(e) => {
                tracing::error!(error = %e, "an integration call failed");
                Refused::new(ProblemCode::InternalError, visit, None)
            }
            Broken::Other => {
                tracing::error!("an integration call failed: stored content cannot be read");
                Refused::new(ProblemCode::InternalError, visit, None)
            }
        }
    }
}

/// An answer that nobody keeps.
pub(super) fn respond(status: StatusCode, media_type: &'static str, body: String) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, media_type)).insert_header((header::CACHE_CONTROL, "no-store"));
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        response.insert_header((header::RETRY_AFTER, "30"));
    }
    response.body(body)
}
