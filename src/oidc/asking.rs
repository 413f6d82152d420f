//! What is said to the broker when somebody is sent there: the parameters, signed or pushed where that is called for.

use super::identity::SWEDEN_CONNECT;
use super::levels::ASSUMED;
use super::provider::Metadata;
use super::sign::{AUTHN_EVIDENCE, Signing, USER_SIGNATURE};
use super::{
    AcrMode, BrokerConfig, ClientAuth, LoginFault, NumberClaim, Pinned, Purpose, RelyingParty, Request, SignatureClass,
    json, random_token,
};
use crate::vocabulary::At;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    ClientId, CsrfToken, IssuerUrl, LanguageTag, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use url::Url;

const PARAM: &str = "https://id.oidc.se/param/";
/// What OpenID Connect Core 6.1 wants to see beside a request object, too.
const BESIDE_OBJECT: [&str; 3] = ["client_id", "response_type", "scope"];
/// How long a request object may be used.
const REQUEST_SECONDS: i64 = 300;

/// One request and what it is made of.
pub(super) struct Asking<'a> {
    pub(super) config: &'a BrokerConfig,
    pub(super) metadata: &'a Metadata,
    pub(super) request: Request<'a>,
    pub(super) state: &'a str,
    pub(super) nonce: &'a str,
    pub(super) verifier: &'a str,
    pub(super) signing: Option<&'a Signing<'a>>,
}

impl Asking<'_> {
    /// The whole request as an address, nothing signed yet.
    pub(super) fn url(&self) -> Result<Url, LoginFault> {
        let redirect = RedirectUrl::new(self.request.redirect_uri.to_owned()).map_err(|_| LoginFault::Internal)?;
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|_| LoginFault::Internal)?;
        let client =
            CoreClient::new(ClientId::new(self.config.client_id.clone()), issuer, CoreJsonWebKeySet::new(vec![]))
                .set_auth_uri(self.metadata.authorization_endpoint.clone());
        let (state, nonce) = (CsrfToken::new(self.state.to_owned()), Nonce::new(self.nonce.to_owned()));
        let verifier = PkceCodeVerifier::new(self.verifier.to_owned());
        let mut asked = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .set_redirect_uri(Cow::Borrowed(&redirect))
            .add_prompt(CoreAuthPrompt::Login)
            .add_ui_locale(LanguageTag::new(self.request.language.to_owned()));
        if self.signing.is_some() {
            asked = asked.add_prompt(CoreAuthPrompt::Consent);
        }
        for scope in self.scopes() {
            asked = asked.add_scope(Scope::new(scope));
        }
        for (name, value) in self.extra() {
            asked = asked.add_extra_param(name, value);
        }
        Ok(asked.url().0)
    }

    fn scopes(&self) -> Vec<String> {
        let mut scopes = self.config.scopes.clone();
        scopes.extend(self.signing.and_then(Signing::scope).map(str::to_owned));
        scopes
    }

    fn extra(&self) -> Vec<(String, String)> {
        let mut extra = Vec::new();
        let acr: Vec<&String> = self.request.accepted_acr.iter().filter(|acr| *acr != ASSUMED).collect();
        match self.config.acr_mode {
            AcrMode::Claims => extra.push(("claims".to_owned(), self.claims(&acr).to_string())),
            AcrMode::AcrValues if !self.config.acr_values.is_empty() => {
                extra.push(("acr_values".to_owned(), self.config.acr_values.join(" ")));
            }
            AcrMode::AcrValues if acr.is_empty() => {}
            AcrMode::AcrValues => {
                let all: Vec<&str> = acr.into_iter().map(String::as_str).collect();
                extra.push(("acr_values".to_owned(), all.join(" ")));
            }
        }
        if let Some(signing) = self.signing {
            if signing.class.is_by_scope() {
                extra.push((format!("{PARAM}signRequest"), signing.sign_request(self.metadata).to_string()));
            } else if self.metadata.shows_messages() {
                extra.push((format!("{PARAM}userMessage"), signing.message(self.metadata).to_string()));
            }
        }
        if let Some(provider) = self.config.authn_provider.as_ref().filter(|_| self.metadata.takes_authn_provider()) {
            extra.push((format!("{PARAM}authnProvider"), provider.clone()));
        }
        extra
    }

    /// OpenID Connect Core 5.5. All is asked for in the ID token, so that no call to userinfo is needed. A claim in a
    /// claim cannot be asked for by name; its outermost is.
    fn claims(&self, acr: &[&String]) -> Value {
        let names = &self.config.claims;
        let mut asked = Map::new();
        if !acr.is_empty() {
            asked.insert("acr".into(), json!({ "essential": true, "values": acr }));
        }
        let essential = json!({ "essential": true });
        let mut ask = |name: &str, how: Value| {
            let outermost = name.strip_prefix('/').map_or(name, |pointer| pointer.split('/').next().unwrap_or(pointer));
            asked.entry(outermost.to_owned()).or_insert(how);
        };
        match (self.request.purpose, self.request.pinned) {
            (_, Some(pinned)) => {
                for (name, value) in pinned.asked_for(self.config) {
                    ask(&name, json!({ "essential": true, "value": value }));
                }
            }
            (Purpose::Citizen, None) => {
                for NumberClaim { claim, guard, .. } in &self.config.numbers {
                    ask(claim, essential.clone());
                    if let Some(guard) = guard {
                        ask(&guard.claim, Value::Null);
                    }
                }
                ask(&names.coordination_number_level, Value::Null);
                ask(&names.previous_coordination_number, Value::Null);
                ask(&names.given_name, Value::Null);
                ask(&names.family_name, Value::Null);
            }
            (Purpose::Staff, None) => {
                ask(&names.org_affiliation, essential.clone());
                ask(&names.org_name, Value::Null);
                ask(&names.org_number, Value::Null);
            }
        }
        if self.takes_foreign() {
            ask(&format!("{SWEDEN_CONNECT}prid"), essential.clone());
            for suffix in [
                "pridPersistence",
                "eidasCountry",
                "mappedPersonalIdentityNumber",
                "mappedCoordinationNumber",
                "identityBinding",
            ] {
                ask(&format!("{SWEDEN_CONNECT}{suffix}"), Value::Null);
            }
        }
        match self.signing.map(|signing| signing.class) {
            Some(SignatureClass::Signature) => {
                ask(USER_SIGNATURE, essential);
                ask(AUTHN_EVIDENCE, Value::Null);
            }
            Some(_) => ask(AUTHN_EVIDENCE, Value::Null),
            None => ask(&names.name, Value::Null),
        }
        for name in ["txn", names.authn_provider.as_str()] {
            ask(name, Value::Null);
        }
        json!({ "id_token": asked })
    }

    fn takes_foreign(&self) -> bool {
        let is_foreign = |acr: &String| self.config.levels.reached(acr).is_some_and(|(_, foreign)| foreign);
        self.request.purpose == Purpose::Citizen
            && !matches!(self.request.pinned, Some(Pinned::Number(_)))
            && self.request.accepted_acr.iter().any(is_foreign)
    }
}

impl Pinned {
    /// The claims that must have this value, in the broker's own spelling.
    fn asked_for(&self, config: &BrokerConfig) -> Vec<(String, String)> {
        match self {
            Pinned::Number(number) => config
                .numbers
                .iter()
                .filter_map(|place| Some((place.claim.clone(), place.written(number)?)))
                .filter(|(claim, _)| !claim.starts_with('/'))
                .collect(),
            Pinned::Prid(prid) => vec![(format!("{SWEDEN_CONNECT}prid"), prid.clone())],
            Pinned::Affiliation(affiliation) => vec![(config.claims.org_affiliation.clone(), affiliation.clone())],
        }
    }
}

/// A request as a JWT of ours (OpenID Connect Core 6.1), and the public key that it can be checked with.
pub(super) struct RequestObject {
    pub(super) jwt: String,
    pub(super) jwk: Value,
}

impl RequestObject {
    /// The parameters of the address as members; those that are JSON stay it.
    pub(super) fn make(plain: &Url, config: &BrokerConfig, now: At) -> Result<Self, LoginFault> {
        let ClientAuth::PrivateKeyJwt(key) = &config.client_auth else { return Err(LoginFault::Internal) };
        let mut members = Map::new();
        for (name, value) in plain.query_pairs() {
            let is_json = name == "claims" || (name.starts_with(PARAM) && value.starts_with('{'));
            let value = if is_json {
                serde_json::from_str(&value).map_err(|_| LoginFault::Internal)?
            } else {
                Value::String(value.into_owned())
            };
            members.insert(name.into_owned(), value);
        }
        members.insert("iss".into(), config.client_id.as_str().into());
        members.insert("aud".into(), config.issuer.as_str().into());
        members.insert("iat".into(), now.seconds().into());
        members.insert("exp".into(), now.plus_seconds(REQUEST_SECONDS).seconds().into());
        members.insert("jti".into(), random_token()?.into());
        Ok(Self { jwt: key.sign_jwt(&Value::Object(members))?, jwk: key.public_jwk() })
    }
}

impl RelyingParty {
    /// Where the browser goes: to the plain address, to one with the signed request, or to one that names what we have
    /// pushed there (RFC 9126).
    pub(super) async fn address(
        &self,
        metadata: &Metadata,
        plain: Url,
        object: Option<&RequestObject>,
        is_signature: bool,
    ) -> Result<Url, LoginFault> {
        let parameter = |name: &str| plain.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value);
        if let Some(endpoint) = metadata.pushed_to(is_signature) {
            let beside = |name: &str| object.is_none() || BESIDE_OBJECT.contains(&name);
            let mut form: Vec<(String, String)> =
                plain.query_pairs().into_owned().filter(|(name, _)| beside(name)).collect();
            form.extend(object.map(|object| ("request".to_owned(), object.jwt.clone())));
            let uri = self.push(metadata, endpoint, form).await?;
            let mut there = metadata.authorization_endpoint.url().clone();
            there.query_pairs_mut().append_pair("client_id", &self.config.client_id).append_pair("request_uri", &uri);
            return Ok(there);
        }
        let Some(object) = object else { return Ok(plain) };
        let mut there = metadata.authorization_endpoint.url().clone();
        for name in BESIDE_OBJECT {
            there.query_pairs_mut().append_pair(name, &parameter(name).unwrap_or_default());
        }
        there.query_pairs_mut().append_pair("request", &object.jwt);
        Ok(there)
    }

    async fn push(
        &self,
        metadata: &Metadata,
        endpoint: &Url,
        mut form: Vec<(String, String)>,
    ) -> Result<String, LoginFault> {
        let authorization = self.prove_ourselves(metadata, &mut form)?;
        let answer = self.provider.post(endpoint, &form, authorization, super::outbound::MAX_BODY).await?;
        if answer.status != 201 {
            return Err(super::finish::refusal(&answer.body));
        }
        if !answer.is_json {
            return Err(LoginFault::AnswerMalformed);
        }
        read_pushed(&answer.body)
    }
}

/// The `request_uri` of a pushed request. It ends up in an address and is opaque to us.
pub(super) fn read_pushed(body: &[u8]) -> Result<String, LoginFault> {
    let mut members = json::object(body).map_err(|_| LoginFault::AnswerMalformed)?;
    let lives = members.get("expires_in").and_then(Value::as_i64).is_some_and(|seconds| seconds > 0);
    match members.remove("request_uri") {
        Some(Value::String(uri))
            if lives && (1..=1024).contains(&uri.len()) && uri.bytes().all(|b| b.is_ascii_graphic()) =>
        {
            Ok(uri)
        }
        _ => Err(LoginFault::AnswerMalformed),
    }
}
