//! Userinfo (OpenID Connect Core 5.3): asked only when the ID token does not say who it is, or when settings say so.

use super::identity::SWEDEN_CONNECT;
use super::jws::{Compact, MAX_SIGNED_TOKEN};
use super::metadata::Metadata;
use super::numbers::find;
use super::{BrokerConfig, LoginFault, Purpose, RelyingParty, Userinfo, Who, json};
use serde_json::{Map, Value};

impl RelyingParty {
    /// Who the ID token's claims name, with userinfo's where those are needed. An answer for a signature stands alone:
    /// what is kept as evidence must say itself who signed.
    pub(super) async fn who(
        &self,
        claims: &Map<String, Value>,
        purpose: Purpose,
        is_foreign: bool,
        userinfo: Option<(&Metadata, &str)>,
    ) -> Result<Who, LoginFault> {
        let read =
            |claims: &Map<String, Value>| Who::from_claims(claims, purpose, &self.config, is_foreign, self.clock.now());
        let named = read(claims);
        let is_missing = match purpose {
            Purpose::Citizen if is_foreign => claims.get(&format!("{SWEDEN_CONNECT}prid")).is_none(),
            Purpose::Citizen => matches!(named, Err(LoginFault::NumberMissing)),
            Purpose::Staff => find(claims, &self.config.claims.org_affiliation).is_none(),
        };
        let is_asked = match self.config.userinfo {
            Userinfo::Never => false,
            Userinfo::IfMissing => is_missing,
            Userinfo::Always => true,
        };
        let Some((metadata, access_token)) = userinfo.filter(|_| is_asked) else { return named };
        let Some(endpoint) = &metadata.userinfo_endpoint else { return named };
        let answer = self.provider.get_userinfo(endpoint, access_token).await?;
        let more = match (answer.is_jwt, answer.is_json && !self.config.userinfo_signed) {
            (true, _) => self.signed(&answer.body).await?,
            (false, true) => json::object(&answer.body).map_err(|_| LoginFault::UserinfoMalformed)?,
            (false, false) => return Err(LoginFault::UserinfoMalformed),
        };
        read(&together(claims, more, &self.config)?)
    }

    /// Signed by the broker, for us. Times are not asked for by the standard; those that are there must hold.
    async fn signed(&self, body: &[u8]) -> Result<Map<String, Value>, LoginFault> {
        let raw = std::str::from_utf8(body).map_err(|_| LoginFault::UserinfoMalformed)?;
        let token = Compact::parse(raw.trim_ascii(), &self.config.allowed_algs, &["JWT"], MAX_SIGNED_TOKEN)?;
        self.provider.verify(&token).await?;
        token.check_parties(&self.config.issuer, &self.config.client_id)?;
        let now = self.clock.now().seconds();
        if token.seconds("exp")?.is_some_and(|exp| exp <= now - 60) {
            return Err(LoginFault::Expired);
        }
        if token.seconds("nbf")?.is_some_and(|nbf| nbf > now + 60) {
            return Err(LoginFault::NotYetValid);
        }
        Ok(token.claims)
    }
}

/// The ID token's claims, and userinfo's where it has none. Both must be about the same subject, and what names the person
/// must be the same where both say it.
pub(super) fn together(
    claims: &Map<String, Value>,
    more: Map<String, Value>,
    config: &BrokerConfig,
) -> Result<Map<String, Value>, LoginFault> {
    let prid = format!("{SWEDEN_CONNECT}prid");
    let subject = more.get("sub").and_then(Value::as_str);
    if subject.is_none() || subject != claims.get("sub").and_then(Value::as_str) {
        return Err(LoginFault::UserinfoMismatch);
    }
    let names = config.numbers.iter().map(|place| place.claim.as_str());
    for name in names.chain([config.claims.org_affiliation.as_str(), prid.as_str()]) {
        if find(claims, name).zip(find(&more, name)).is_some_and(|(one, other)| one != other) {
            return Err(LoginFault::UserinfoMismatch);
        }
    }
    let mut all = more;
    all.extend(claims.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())));
    Ok(all)
}
