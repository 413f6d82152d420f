//! Parts of the path as checked types: what does not parse is simply not there (404).

use super::AppError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};

/// As actix's own, but with our page when it does not fit.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let inner = actix_web::web::Path::<T>::from_request(request, payload).into_inner();
        ready(inner.map(|p| Path(p.into_inner())).map_err(|_| AppError::NotFound))
    }
}
