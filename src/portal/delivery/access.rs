//! Proving ourselves to a target: its static token, or access tokens by client credentials (RFC 6749 4.4), fetched once and
//! used until shortly before they end.

use super::receiver::Answer;
use crate::oidc::ClientKey;
use crate::settings::{OAuth2, SecretText, Target};
use crate::vocabulary::At;
use serde::Deserialize;
use tokio::sync::Mutex;

/// A token is not used in its last seconds: it must still hold when it arrives.
const MARGIN: i64 = 30;
/// When the server does not say how long a token lives.
const USUAL_LIFE: i64 = 300;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) enum Access {
    Token(SecretText),
    OAuth2(Box<Tokens>),
}

pub(super) struct Tokens {
    settings: OAuth2,
    key: Option<ClientKey>,
    // Held while one is fetched, so that many calls at once fetch one token.
    current: Mutex<Option<(String, At)>>,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    expires_in: Option<i64>,
}

impl Access {
    pub(super) fn new(target: &Target) -> Result<Self, crate::settings::TargetFault> {
        let Some(settings) = &target.oauth2 else { return Ok(Access::Token(target.token.clone())) };
        let key = settings.private_key.as_ref().map(|pem| ClientKey::from_pem(pem.expose(), None)).transpose();
        let key = key.map_err(|e| {
            ("oauth2.private_key", e.to_string(), "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256")
        })?;
        Ok(Access::OAuth2(Box::new(Tokens { settings: settings.clone(), key, current: Mutex::default() })))
    }

    /// Only with client credentials is there something to fetch anew.
    pub(super) fn is_renewable(&self) -> bool {
        matches!(self, Access::OAuth2(_))
    }

    /// The token to send; `refused`: the one that was not accepted. Empty: none.
    pub(super) async fn token(
        &self,
        client: &reqwest::Client,
        now: At,
        refused: Option<&str>,
    ) -> Result<String, Answer> {
        match self {
            Access::Token(token) => Ok(token.expose().to_owned()),
            Access::OAuth2(tokens) => tokens.token(client, now, refused).await,
        }
    }
}

impl Tokens {
    async fn token(&self, client: &reqwest::Client, now: At, refused: Option<&str>) -> Result<String, Answer> {
        let mut current = self.current.lock().await;
        if let Some((token, until)) = current.as_ref()
            && *until > now
            && refused != Some(token)
        {
            return Ok(token.clone());
        }
        *current = None;
        let given = self.fetch(client, now).await?;
        let life = given.expires_in.unwrap_or(USUAL_LIFE);
        *current = Some((given.access_token.clone(), now.plus_seconds((life - MARGIN).max(1))));
        Ok(given.access_token)
    }

    async fn fetch(&self, client: &reqwest::Client, now: At) -> Result<Given, Answer> {
        let OAuth2 { token_url, client_id, client_secret, scope, .. } = &self.settings;
        let mut form = vec![("grant_type", "client_credentials".to_owned())];
        form.extend(scope.iter().map(|scope| ("scope", scope.clone())));
        let mut request = client.post(token_url.clone());
        if let Some(key) = &self.key {
            let assertion =
                key.assertion(client_id, token_url.as_str(), now).map_err(|_| Answer::not_now("no assertion"))?;
            form.push(("client_id", client_id.clone()));
            form.push(("client_assertion_type", JWT_BEARER.to_owned()));
            form.push(("client_assertion", assertion));
        } else if let Some(secret) = client_secret {
            request = request.basic_auth(client_id, Some(secret.expose()));
        }
        let sent = request.form(&form).send().await;
        // Nothing has been delivered yet, whatever becomes of this.
        let response = sent.map_err(|_| Answer::not_now("no access token: no answer"))?;
        let status = response.status();
        if status.is_client_error() && !matches!(status.as_u16(), 408 | 429) {
            return Err(Answer::Configuration {
                status: Some(status.as_u16()),
                note: "no access token is given".into(),
            });
        }
        let retry_after = super::line::retry_after(&response, now);
        let unread = |note: &str| Answer::Transient {
            status: Some(status.as_u16()),
            retry_after,
            unclear: false,
            note: note.to_owned(),
        };
        if !status.is_success() {
            return Err(unread("no access token"));
        }
        let body =
            super::line::limited(response).await.ok_or_else(|| unread("no access token: the answer broke off"))?;
        serde_json::from_slice(&body).map_err(|_| unread("no access token: the answer cannot be read"))
    }
}
