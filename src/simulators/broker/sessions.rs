//! Who is logged in where, so that a log-out can be told to the clients (OpenID Connect Back-Channel Logout 1.0).

use super::Provider;
use super::clients::Client;
use super::faults::Lie;
use crate::simulators::StartError;
use crate::simulators::keys::{self, SigningKey};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use url::Url;

/// Log-ins that are remembered.
const MOST: usize = 1000;
const TOKEN_SECONDS: i64 = 120;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// One log-in.
#[derive(Clone)]
pub(super) struct LoggedIn {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) subject: String,
    pub(super) sid: String,
}

#[derive(Default)]
struct Kept {
    sessions: VecDeque<LoggedIn>,
    /// The last `jti` that a client has accepted.
    told: HashMap<String, String>,
}

#[derive(Default)]
pub(super) struct Sessions(Mutex<Kept>);

impl Sessions {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, session: LoggedIn) {
        let mut kept = self.kept();
        if kept.sessions.len() >= MOST {
            kept.sessions.pop_front();
        }
        kept.sessions.push_back(session);
    }

    /// Those of a broker that fit.
    pub(super) fn of(&self, issuer: &str, fits: impl Fn(&LoggedIn) -> bool) -> Vec<LoggedIn> {
        self.kept().sessions.iter().filter(|s| s.issuer == issuer && fits(s)).cloned().collect()
    }

    fn forget(&self, sid: &str) {
        self.kept().sessions.retain(|s| s.sid != sid);
    }
}

impl Provider {
    /// Tells a client that somebody is logged out, properly or not, and notes what it answered.
    pub(super) async fn tell_logged_out(&self, session: &LoggedIn, lie: Lie) {
        let Some(client) = self.clients.find(&session.client_id) else { return };
        let Some(address) = address_for(&client, &session.redirect_uri) else { return };
        let mut used = self.logged_in.kept().told.get(&client.client_id).cloned();
        if lie == Lie::LogoutReplayedJti && used.is_none() {
            // A token about nobody uses it up.
            let nobody = LoggedIn { sid: "nobodys".into(), subject: "nobody".into(), ..session.clone() };
            self.send(&client, address, &nobody, Lie::LogoutProper, None).await;
            used = self.logged_in.kept().told.get(&client.client_id).cloned();
        }
        self.send(&client, address, session, lie, used.as_deref()).await;
    }

    async fn send(&self, client: &Client, address: &str, session: &LoggedIn, lie: Lie, used: Option<&str>) {
        let made = keys::random_token().and_then(|jti| Ok((self.logout_token(session, lie, used, &jti)?, jti)));
        let Ok((token, jti)) = made else { return };
        let status = self.clients.post(address, &[("logout_token", &token)]).await;
        self.control.note(json!({
            "event": "logout_token", "client": client.client_id, "kind": lie, "status": status,
        }));
        if lie == Lie::LogoutProper && status.is_some_and(|status| (200..300).contains(&status)) {
            self.logged_in.kept().told.insert(client.client_id.clone(), jti);
            self.logged_in.forget(&session.sid);
        }
    }

    fn logout_token(&self, session: &LoggedIn, lie: Lie, used: Option<&str>, jti: &str) -> Result<String, StartError> {
        let now = self.clock.now().seconds();
        let mut claims = serde_json::Map::new();
        let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        say("iss", json!(self.issuer));
        say("aud", json!(session.client_id));
        say("iat", json!(now));
        say("exp", json!(now + TOKEN_SECONDS));
        say("jti", json!(jti));
        say("events", json!({EVENT: {}}));
        say("sub", json!(session.subject));
        say("sid", json!(session.sid));
        match lie {
            Lie::LogoutWithNonce => say("nonce", json!("a-nonce")),
            Lie::LogoutNoEvents => drop(claims.remove("events")),
            Lie::LogoutWrongEvents => say("events", json!({"http://schemas.openid.net/event/other": {}})),
            Lie::LogoutReplayedJti => say("jti", json!(used.unwrap_or(jti))),
            Lie::LogoutNoJti => drop(claims.remove("jti")),
            Lie::LogoutOtherAud => say("aud", json!("another-client")),
            Lie::LogoutOtherIss => say("iss", json!("https://another-broker.example")),
            Lie::LogoutExpired => {
                say("iat", json!(now - 3600));
                say("exp", json!(now - 3600 + TOKEN_SECONDS));
            }
            Lie::LogoutNobody => {
                claims.remove("sub");
                claims.remove("sid");
            }
            Lie::LogoutIdToken => {
                // As the one that was given at the log-in.
                claims.remove("events");
                claims.remove("jti");
                claims.insert("auth_time".into(), json!(now));
                claims.insert("nonce".into(), json!("of-the-log-in"));
            }
            _ => {}
        }
        let claims = Value::Object(claims);
        let alg = self.clients.find(&session.client_id).map(|c| c.id_token_signed_response_alg).unwrap_or_default();
        match lie {
            Lie::LogoutIdToken => self.keys.sign(alg, "JWT", &claims),
            Lie::LogoutUnsigned => Ok(format!("{}.", keys::signing_input(&json!({"alg": "none"}), &claims))),
            Lie::LogoutOtherKey => {
                let header = json!({"alg": "ES256", "kid": self.keys.current().kid(), "typ": "logout+jwt"});
                SigningKey::passing()?.sign_with(&header, &claims)
            }
            _ => self.keys.sign(alg, "logout+jwt", &claims),
        }
    }
}

/// The client's address for the municipality that was logged in at, at best for the same broker's name.
fn address_for<'a>(client: &'a Client, redirect_uri: &str) -> Option<&'a str> {
    let login = Url::parse(redirect_uri).ok()?;
    let same = |uri: &&String| Url::parse(uri).is_ok_and(|uri| uri.origin() == login.origin());
    let last = |uri: &str| uri.rsplit('/').next().map(str::to_owned);
    let here = || client.backchannel_logout_uris.iter().filter(same);
    here().find(|uri| last(uri) == last(redirect_uri)).or_else(|| here().next()).map(String::as_str)
}
