//! A posted form. The fields are reachable only when the request comes from our own page in this browser: equal Origin,
//! Sec-Fetch-Site where it is sent, and a token made for the browser. Files are streamed into the store as they arrive,
//! after the token, which stands first in the form.

use super::{AppError, Visit};
use crate::files::{FileKind, ReceiveError, Refusal, StoredBlob};
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

/// Name of the hidden field with the form token.
pub const TOKEN_FIELD: &str = "_csrf";
/// Name of the hidden field that says in which capacity the form was made; stands beside the token.
pub const CAPACITY_FIELD: &str = "_capacity";
/// Fields of one form.
const MOST_FIELDS: usize = 2000;
/// Files of one form.
const MOST_FILES: usize = 30;

/// A form, in the order sent.
pub struct PostedForm {
    /// The request around it.
    pub visit: Visit,
    /// Names and values as typed; a name may come several times.
    pub fields: Vec<(String, String)>,
    /// Files that came with it, stored already. Whoever takes the form keeps or deletes them; what is left is swept.
    pub uploads: Vec<Upload>,
}

/// A file that came with a form.
pub struct Upload {
    /// Name of its input.
    pub field: String,
    /// As its owner called it.
    pub file_name: String,
    /// Stored, or why it was not.
    pub result: Result<(StoredBlob, FileKind), Refusal>,
}

impl PostedForm {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Refuses what another site, another port or another browser has sent.
pub(super) fn check_origin(request: &HttpRequest, visit: &Visit) -> Result<(), AppError> {
    let origin = request.headers().get(header::ORIGIN).and_then(|v| v.to_str().ok());
    let own = visit.address();
    let fetch = request.headers().get("sec-fetch-site").map(|v| v.as_bytes());
    let is_own_page =
        origin == Some(own.as_str()) && fetch.is_none_or(|site| site == b"same-origin" || site == b"none");
    if is_own_page { Ok(()) } else { Err(AppError::Forbidden("foreign-form")) }
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
            let kind = request.headers().get(header::CONTENT_TYPE).map(|v| v.as_bytes()).unwrap_or_default();
            let mut form = PostedForm { visit, fields: Vec::new(), uploads: Vec::new() };
            if kind.starts_with(b"application/x-www-form-urlencoded") {
                form.read_urlencoded(payload).await?;
                form.check_token()?;
            } else if kind.starts_with(b"multipart/form-data") {
                form.read_multipart(Multipart::new(request.headers(), payload)).await?;
            } else {
                return Err(AppError::Invalid("invalid"));
            }
            Ok(form)
        })
    }
}

impl PostedForm {
    fn check_token(&self) -> Result<(), AppError> {
        // Renewing the session at every change makes the token unfit as well; this says why.
        let made_as = self.get(CAPACITY_FIELD).filter(|_| self.visit.session.is_some());
        if made_as.is_some_and(|made_as| made_as != self.visit.capacity()) {
            return Err(AppError::Conflict("other-capacity"));
        }
        let token = self.get(TOKEN_FIELD).unwrap_or_default();
        if self.visit.form_token_fits(token) { Ok(()) } else { Err(AppError::Forbidden("form-expired")) }
    }

    async fn read_urlencoded(&mut self, mut payload: Payload) -> Result<(), AppError> {
        let limit = self.visit.ground.settings.limits.form_bytes;
        let mut body = Vec::new();
        while let Some(part) = payload.next().await {
            let part = part.map_err(|_| AppError::Invalid("invalid"))?;
            if body.len() + part.len() > limit {
                return Err(AppError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        self.fields = url::form_urlencoded::parse(&body)
            .take(MOST_FIELDS)
            .map(|(n, v)| (n.into_owned(), v.into_owned()))
            .collect();
        Ok(())
    }

    async fn read_multipart(&mut self, mut parts: Multipart) -> Result<(), AppError> {
        let mut left = self.visit.ground.settings.limits.form_bytes;
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| AppError::Invalid("invalid"))?;
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.content_disposition().and_then(|d| d.get_filename().map(str::to_owned));
            match file_name {
                // A file input without a file still sends an empty part.
                Some(name) if name.is_empty() => {}
                Some(file_name) => {
                    // Nothing is stored for a stranger.
                    self.check_token()?;
                    if self.uploads.len() >= MOST_FILES {
                        return Err(AppError::TooLarge);
                    }
                    let upload = self.store(name, file_name, part).await?;
                    self.uploads.push(upload);
                }
                None => {
                    let value = read_value(part, &mut left).await?;
                    if self.fields.len() >= MOST_FIELDS {
                        return Err(AppError::TooLarge);
                    }
                    self.fields.push((name, value));
                }
            }
        }
        self.check_token()
    }

    async fn store(&self, field: String, file_name: String, part: Field) -> Result<Upload, AppError> {
        let ground = &self.visit.ground;
        // Drained to the end also when it is refused, so that the browser reads our answer and not a broken connection.
        let received = ground.blobs.receive(part, ground.settings.limits.file_bytes, &file_name).await;
        let result = match received {
            Ok(stored) => Ok(stored),
            Err(ReceiveError::Refused(refusal)) => Err(refusal),
            Err(ReceiveError::Broken(_)) => return Err(AppError::Invalid("invalid")),
            Err(e) => return Err(AppError::internal(e)),
        };
        Ok(Upload { field, file_name, result })
    }
}

async fn read_value(mut part: Field, left: &mut usize) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|_| AppError::Invalid("invalid"))?;
        *left = left.checked_sub(piece.len()).ok_or(AppError::TooLarge)?;
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| AppError::Invalid("invalid"))
}
