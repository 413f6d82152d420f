//! A posted form. The fields are reachable only when the request comes from our own page in this browser: equal Origin,
//! Sec-Fetch-Site where it is sent, and a token made for the browser.

use super::{AppError, Visit};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

/// Name of the hidden field with the form token.
pub const TOKEN_FIELD: &str = "_csrf";

/// A form without files, in the order sent.
pub struct PostedForm {
    /// The request around it.
    pub visit: Visit,
    /// Names and values as typed; a name may come several times.
    pub fields: Vec<(String, String)>,
}

impl PostedForm {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Refuses what another site, another port or another browser has sent.
pub(super) fn check_origin(request: &HttpRequest, visit: &Visit) -> Result<(), AppError> {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    let own = visit.address();
    let same_origin = text(header::ORIGIN).is_some_and(|origin| origin == own);
    let same_site = request
        .headers()
        .get("sec-fetch-site")
        .is_none_or(|v| v.as_bytes() == b"same-origin" || v.as_bytes() == b"none");
    if same_origin && same_site { Ok(()) } else { Err(AppError::Forbidden("foreign-form")) }
}

impl FromRequest for PostedForm {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = visit.await?;
            check_origin(&request, &visit)?;
            let mut payload = payload;
            let fields = read_urlencoded(&request, &mut payload, visit.ground.settings.limits.form_bytes).await?;
            let form = PostedForm { visit, fields };
            let token = form.get(TOKEN_FIELD).unwrap_or_default();
            if form.visit.form_token_fits(token) { Ok(form) } else { Err(AppError::Forbidden("form-expired")) }
        })
    }
}

async fn read_urlencoded(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> Result<Vec<(String, String)>, AppError> {
    use futures_util::StreamExt;
    let kind = request.headers().get(header::CONTENT_TYPE).map(|v| v.as_bytes()).unwrap_or_default();
    if !kind.starts_with(b"application/x-www-form-urlencoded") {
        return Err(AppError::Invalid("invalid"));
    }
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| AppError::Invalid("invalid"))?;
        if body.len() + part.len() > limit {
            return Err(AppError::TooLarge);
        }
        body.extend_from_slice(&part);
    }
    Ok(url::form_urlencoded::parse(&body).map(|(n, v)| (n.into_owned(), v.into_owned())).collect())
}
