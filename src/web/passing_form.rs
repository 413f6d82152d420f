//! A posted form whose files are looked at and not kept: hashed as they arrive, in memory only while they are small.

use super::form::{TOKEN_FIELD, check_origin};
use super::{AppError, Visit};
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use ring::digest::{Context, SHA256};

/// A longer file is hashed, and its bytes are let go.
const KEPT_BYTES: usize = 5 << 20;
/// Of one field that is no file.
const FIELD_BYTES: usize = 4096;
const MOST_PARTS: usize = 10;

/// A form from our own page in this browser, as [`PostedForm`](super::PostedForm).
pub struct PassingForm {
    /// The request around it.
    pub visit: Visit,
    /// Names and values as typed.
    pub fields: Vec<(String, String)>,
    /// Files that came along and are stored nowhere.
    pub files: Vec<PassingFile>,
}

/// A file that passes by.
pub struct PassingFile {
    /// Name of its input.
    pub field: String,
    /// Of the whole of it, hex.
    pub sha256: String,
    /// Its bytes, unless they are more than five mebibytes.
    pub bytes: Option<Vec<u8>>,
}

impl PassingForm {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn check_token(&self) -> Result<(), AppError> {
        let token = self.get(TOKEN_FIELD).unwrap_or_default();
        if self.visit.form_token_fits(token) { Ok(()) } else { Err(AppError::Forbidden("form-expired")) }
    }
}

impl FromRequest for PassingForm {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = visit.await?;
            check_origin(&request, &visit)?;
            let longest = visit.ground.settings.limits.file_bytes;
            let mut form = PassingForm { visit, fields: Vec::new(), files: Vec::new() };
            let mut parts = Multipart::new(request.headers(), payload);
            for _ in 0..MOST_PARTS {
                let Some(part) = parts.next().await else { break };
                let part = part.map_err(|_| AppError::Invalid("invalid"))?;
                let name = part.name().unwrap_or_default().to_owned();
                let file_name = part.content_disposition().and_then(|d| d.get_filename().map(str::to_owned));
                match file_name {
                    // A file input without a file still sends an empty part.
                    Some(empty) if empty.is_empty() => {}
                    Some(_) => {
                        form.check_token()?;
                        form.files.push(look_at(name, part, longest).await?);
                    }
                    None => form.fields.push((name, read(part).await?)),
                }
            }
            form.check_token()?;
            Ok(form)
        })
    }
}

async fn look_at(field: String, mut part: Field, longest: u64) -> Result<PassingFile, AppError> {
    let (mut hash, mut bytes, mut length) = (Context::new(&SHA256), Some(Vec::new()), 0u64);
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|_| AppError::Invalid("invalid"))?;
        length += piece.len() as u64;
        if length > longest {
            return Err(AppError::TooLarge);
        }
        hash.update(&piece);
        bytes = bytes.filter(|kept: &Vec<u8>| kept.len() + piece.len() <= KEPT_BYTES);
        if let Some(kept) = &mut bytes {
            kept.extend_from_slice(&piece);
        }
    }
    let sha256 = hash.finish().as_ref().iter().map(|b| format!("{b:02x}")).collect();
    Ok(PassingFile { field, sha256, bytes })
}

async fn read(mut part: Field) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|_| AppError::Invalid("invalid"))?;
        if bytes.len() + piece.len() > FIELD_BYTES {
            return Err(AppError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| AppError::Invalid("invalid"))
}
