//! Log-out at the broker: of one of its sessions by us (RP-Initiated Logout 1.0), and of ours by it (Back-Channel
//! Logout 1.0). Front-channel log-out is not built: browsers keep third parties' cookies from it.

use super::jws::{Compact, MAX_TOKEN};
use super::who::identifier;
use super::{LoginFault, RawIdToken, RelyingParty};
use crate::vocabulary::At;
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use url::Url;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const SKEW_SECONDS: i64 = 60;
/// Longest life of a log-out token, and how late it may come.
const LIFETIME_SECONDS: i64 = 600;
/// Who logs out is not kept waiting for a broker that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// A broker's word that somebody has logged out there. Prints nothing of whom.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// The broker.
    pub issuer: String,
    /// Its session, as in [`Authenticated::session_id`](super::Authenticated::session_id). This one ends, or with `None`
    /// every one of the subject's.
    pub sid: Option<String>,
    /// Its name for the person.
    pub sub: Option<String>,
    /// To be remembered until [`expires_at`](Self::expires_at): a token counts once.
    pub jti: String,
    /// After this the token would be refused anyway.
    pub expires_at: At,
}

impl fmt::Debug for LogoutToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutToken").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl RelyingParty {
    /// Judges a `logout_token`. That its `jti` is new is the caller's to see to.
    pub async fn verify_logout_token(&self, raw: &str) -> Result<LogoutToken, LoginFault> {
        let judged = self.judge_logout_token(raw).await;
        judged.inspect_err(|fault| {
            tracing::warn!(broker = self.slug(), fault = fault.as_str(), "a log-out token was refused");
        })
    }

    async fn judge_logout_token(&self, raw: &str) -> Result<LogoutToken, LoginFault> {
        let types: &[&str] = if self.config.logout_typ_required { &["logout+jwt"] } else { &["logout+jwt", "JWT"] };
        let token = Compact::parse(raw, &self.config.allowed_algs, types, MAX_TOKEN)?;
        if self.config.logout_typ_required && !token.has_typ {
            return Err(LoginFault::HeaderRefused);
        }
        self.provider.verify(&token).await?;
        token.check_parties(&self.config.issuer, &self.config.client_id)?;
        let read = read(&token).ok_or(LoginFault::LogoutTokenMalformed)?;
        let iat = token.seconds("iat")?.ok_or(LoginFault::LogoutTokenMalformed)?;
        let exp = token.seconds("exp")?.unwrap_or(iat + LIFETIME_SECONDS);
        let now = self.clock.now().seconds();
        if iat > now + SKEW_SECONDS || iat < now - LIFETIME_SECONDS {
            return Err(LoginFault::IssuedAtOutOfBounds);
        }
        if exp <= now - SKEW_SECONDS {
            return Err(LoginFault::Expired);
        }
        if exp < iat || exp - iat > LIFETIME_SECONDS {
            return Err(LoginFault::LifetimeTooLong);
        }
        let (jti, sid, sub) = read;
        let expires_at = At::from_seconds(exp + SKEW_SECONDS);
        Ok(LogoutToken { issuer: self.config.issuer.clone(), sid, sub, jti, expires_at })
    }

    /// Where to send the browser after log-out here, so that the broker ends its session too. `None` when it has no such
    /// address or does not tell in time; log-out here never depends on it.
    pub async fn end_session_url(
        &self,
        id_token_hint: &RawIdToken,
        post_logout_redirect_uri: &str,
        state: &str,
    ) -> Option<Url> {
        let metadata = tokio::time::timeout(PATIENCE, self.provider.metadata()).await.ok()?.ok()?;
        let mut url = metadata.end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token_hint.expose())
            .append_pair("client_id", &self.config.client_id)
            .append_pair("post_logout_redirect_uri", post_logout_redirect_uri)
            .append_pair("state", state);
        Some(url)
    }
}

/// Back-Channel Logout 2.4: the event, no nonce (so that no ID token passes for one), and somebody.
fn read(token: &Compact) -> Option<(String, Option<String>, Option<String>)> {
    let claims = &token.claims;
    if claims.contains_key("nonce") || !claims.get("events")?.get(EVENT).is_some_and(Value::is_object) {
        return None;
    }
    let named = |name: &str| match claims.get(name) {
        None => Some(None),
        Some(_) => identifier(claims, name).map(Some),
    };
    let (sid, sub) = (named("sid")?, named("sub")?);
    if sid.is_none() && sub.is_none() {
        return None;
    }
    Some((identifier(claims, "jti")?, sid, sub))
}
