//! What a client asked to know, and what it is therefore told: the `claims` parameter (OpenID Connect Core 5.5) and the
//! scopes of the Swedish Claims and Scopes Specification 1.0. Nothing about a person is released unasked.

use super::foreign::PRID;
use super::styles::Style;
use super::subject::AFFILIATION;
use serde_json::{Map, Value};

/// Scopes of a style, for discovery.
pub(super) fn scopes(style: Style) -> Vec<&'static str> {
    let mut all = vec!["openid"];
    for (scope, _, _) in style.scopes() {
        if !all.contains(scope) {
            all.push(scope);
        }
    }
    all
}

/// The `claims` parameter.
#[derive(Default)]
pub(super) struct ClaimsRequest {
    id_token: Map<String, Value>,
    userinfo: Map<String, Value>,
}

impl ClaimsRequest {
    /// `None` when it is not an object of objects whose members are null or objects.
    pub(super) fn read(parameter: Option<&str>) -> Option<Self> {
        let Some(text) = parameter else { return Some(Self::default()) };
        let whole: Map<String, Value> = serde_json::from_str(text).ok()?;
        let part = |name: &str| match whole.get(name) {
            None | Some(Value::Null) => Some(Map::new()),
            Some(Value::Object(part)) if part.values().all(|v| v.is_null() || v.is_object()) => Some(part.clone()),
            Some(_) => None,
        };
        Some(Self { id_token: part("id_token")?, userinfo: part("userinfo")? })
    }

    /// The levels of which the log-in must get one; empty when any will do.
    pub(super) fn essential_levels(&self) -> Vec<&str> {
        let Some(acr) = self.id_token.get("acr").filter(|acr| is_essential(acr)) else { return Vec::new() };
        wanted(acr)
    }

    /// The claim's own name, when the ID token is to carry it.
    pub(super) fn asks_in_id_token(&self, claim: &'static str) -> Option<&'static str> {
        self.id_token.contains_key(claim).then_some(claim)
    }

    /// The one value that an identity claim must have, when the client already knows who it should be.
    pub(super) fn pinned(&self, style: Style) -> Option<&str> {
        let [personnummer, samordningsnummer] = style.number_claims();
        [personnummer, samordningsnummer, PRID, AFFILIATION]
            .iter()
            .filter_map(|claim| self.id_token.get(*claim))
            .find_map(|request| wanted(request).first().copied())
    }
}

fn is_essential(request: &Value) -> bool {
    request.get("essential").and_then(Value::as_bool) == Some(true)
}

fn wanted(request: &Value) -> Vec<&str> {
    let many = request.get("values").and_then(Value::as_array).into_iter().flatten();
    many.chain(request.get("value")).filter_map(Value::as_str).collect()
}

/// What is told, and where.
#[derive(Clone, Default)]
pub(super) struct Claims {
    pub(super) id_token: Map<String, Value>,
    pub(super) userinfo: Map<String, Value>,
}

impl Claims {
    /// The part of what is known about the subject that was asked for.
    pub(super) fn released(
        style: Style,
        about: &Map<String, Value>,
        request: &ClaimsRequest,
        scopes: &[String],
    ) -> Self {
        let by_scope = |claim: &str, in_id_token: bool| {
            style.scopes().iter().any(|(scope, both, claims)| {
                (*both || !in_id_token) && claims.contains(&claim) && scopes.iter().any(|s| s == scope)
            })
        };
        let mut released = Self::default();
        for (claim, value) in about {
            if request.id_token.contains_key(claim) || by_scope(claim, true) {
                released.id_token.insert(claim.clone(), value.clone());
            }
            if request.userinfo.contains_key(claim) || by_scope(claim, false) {
                released.userinfo.insert(claim.clone(), value.clone());
            }
        }
        released
    }

    /// Both places at once, for faults that must be told the same everywhere.
    pub(super) fn in_both(&mut self, mut change: impl FnMut(&mut Map<String, Value>)) {
        change(&mut self.id_token);
        change(&mut self.userinfo);
    }
}
