//! What the client of a completed log-in or signature is going to be told.

use super::Provider;
use super::claims::Claims;
use super::codes::Grant;
use super::eids::Eid;
use super::request::AuthorizationRequest;
use super::sign::{self, AUTHN_EVIDENCE, USER_SIGNATURE};
use super::subject::{AUTHN_PROVIDER, Subject};
use crate::simulators::{StartError, keys};
use serde_json::json;

impl Provider {
    /// Of this person, at this level: what was asked for and no more.
    pub(super) fn grant(
        &self,
        request: &AuthorizationRequest,
        subject: &Subject,
        eid: Eid,
        acr: Option<String>,
    ) -> Result<Grant, StartError> {
        let mut about = subject.about.clone();
        self.style.dress(&mut about, eid);
        let mut claims = Claims::released(self.style, &about, &request.claims, &request.scopes);
        let txn = keys::random_token()?;
        if let Some(claim) = request.claims.asks_in_id_token(AUTHN_PROVIDER) {
            claims.id_token.insert(claim.to_owned(), json!(format!("{}/eid/{}", self.issuer, eid.name())));
        }
        if let Some(signing) = &request.signing {
            if let Some(signature) = sign::signature(self, signing)? {
                claims.id_token.insert(USER_SIGNATURE.to_owned(), signature);
            }
            if let Some(claim) = request.claims.asks_in_id_token(AUTHN_EVIDENCE) {
                claims.id_token.insert(claim.to_owned(), sign::evidence(self, &txn)?);
            }
        }
        let offered = super::claims::scopes(self.style);
        Ok(Grant {
            client_id: request.client.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            nonce: request.nonce.clone(),
            acr,
            subject: self.subject_of(&subject.identity),
            txn,
            auth_time: self.clock.now(),
            claims,
            scopes: request.scopes.iter().filter(|scope| offered.contains(&scope.as_str())).cloned().collect(),
            is_signing: request.signing.is_some(),
            nonce_before: None,
        })
    }
}
