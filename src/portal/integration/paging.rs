//! `limit` and `offset` of lists (FNS.07–09 of the Swedish REST API profile), and the links to go on with.

use super::answers::{Refused, respond};
use crate::contract::Page;
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use std::collections::BTreeMap;

const DEFAULT: i64 = 20;
/// In one answer.
pub(super) const MOST: i64 = 100;

/// What a list was asked for.
pub(super) struct Paging {
    pub offset: i64,
    pub limit: i64,
    words: BTreeMap<String, String>,
}

impl Paging {
    /// `others`: further parameters that the list takes. Unknown ones are refused: a misspelt one would be no filter.
    pub fn read(request: &HttpRequest, visit: &Visit, others: &[&str]) -> Result<Self, Refused> {
        let mut paging = Self { offset: 0, limit: DEFAULT, words: BTreeMap::new() };
        for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
            match name.as_ref() {
                "limit" => {
                    let n = value.parse().ok().filter(|n| (1..=MOST).contains(n));
                    paging.limit = n.ok_or_else(|| Refused::invalid(visit, "limit", "1–100"))?;
                }
                "offset" => {
                    let n = value.parse().ok().filter(|n| *n >= 0);
                    paging.offset = n.ok_or_else(|| Refused::invalid(visit, "offset", "0 or more"))?;
                    paging.words.insert("offset".into(), value.into_owned());
                }
                name if others.contains(&name) => {
                    paging.words.insert(name.to_owned(), value.into_owned());
                }
                _ => return Err(Refused::invalid(visit, "query", "unknown parameter")),
            }
        }
        Ok(paging)
    }

    /// A further parameter, as it was given; also `offset`, when it was.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    /// The page of a list that found so many.
    pub fn page(&self, found: usize, has_more: bool) -> Page {
        let next_offset = self.offset + i64::try_from(found).unwrap_or(0);
        Page { offset: self.offset, limit: self.limit, next_offset, has_more }
    }

    /// The list and, when there is more, the link to it (RFC 8288).
    pub fn answer(&self, visit: &Visit, list: &impl serde::Serialize, page: Page) -> HttpResponse {
        let body = serde_json::to_string(list).unwrap_or_default();
        let mut response = respond(StatusCode::OK, "application/json", body);
        if page.has_more {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("limit", &self.limit.to_string()).append_pair("offset", &page.next_offset.to_string());
            for (name, value) in self.words.iter().filter(|(name, _)| *name != "offset") {
                query.append_pair(name, value);
            }
            let link = format!("<{}{}?{}>; rel=\"next\"", visit.address(), visit.path, query.finish());
            if let Ok(value) = header::HeaderValue::from_str(&link) {
                response.headers_mut().insert(header::LINK, value);
            }
        }
        response
    }
}
