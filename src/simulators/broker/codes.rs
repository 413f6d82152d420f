//! Codes and access tokens that have been given out. Kept in memory: a restart ends every log-in under way, as it would
//! at a real broker.

use super::claims::Claims;
use crate::vocabulary::At;
use ring::digest;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a code may wait to be used.
const CODE_SECONDS: i64 = 60;
/// How long an access token opens UserInfo.
pub(super) const ACCESS_SECONDS: i64 = 300;

/// A log-in that the person has completed and the client has not yet fetched.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) nonce: Option<String>,
    /// `None` at brokers that do not tell.
    pub(super) acr: Option<String>,
    pub(super) subject: String,
    pub(super) txn: String,
    pub(super) auth_time: At,
    pub(super) claims: Claims,
    pub(super) scopes: Vec<String>,
    /// A signature or an approval, which is no log-in.
    pub(super) is_signing: bool,
    /// The nonce of the log-in before this one: for a broker that mixes them up.
    pub(super) nonce_before: Option<String>,
}

struct Code {
    grant: Option<Grant>,
    made: At,
    /// The access token it gave, by digest: withdrawn when the code is shown again (RFC 6749 4.1.2).
    access: Option<Vec<u8>>,
}

/// What an access token opens.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) client_id: String,
    pub(super) subject: String,
    pub(super) claims: serde_json::Map<String, serde_json::Value>,
    made: At,
}

#[derive(Default)]
struct Kept {
    nonce: Option<String>,
    codes: HashMap<Vec<u8>, Code>,
    access: HashMap<Vec<u8>, Access>,
}

#[derive(Default)]
pub(super) struct Issued(Mutex<Kept>);

impl Issued {
    fn kept(&self, now: At) -> MutexGuard<'_, Kept> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.codes.retain(|_, c| now < c.made.plus_seconds(ACCESS_SECONDS));
        kept.access.retain(|_, a| now < a.made.plus_seconds(ACCESS_SECONDS));
        kept
    }

    pub(super) fn keep_code(&self, code: &str, mut grant: Grant, now: At) {
        let mut kept = self.kept(now);
        grant.nonce_before = std::mem::replace(&mut kept.nonce, grant.nonce.clone());
        kept.codes.insert(digest_of(code), Code { grant: Some(grant), made: now, access: None });
    }

    /// Uses the code up, whatever comes of it. `None` when it is unknown, old, another client's or used before.
    pub(super) fn take_code(&self, code: &str, client_id: &str, now: At) -> Option<Grant> {
        let mut kept = self.kept(now);
        let code = kept.codes.get_mut(&digest_of(code))?;
        match code.grant.take() {
            Some(grant) => {
                (grant.client_id == client_id && now < code.made.plus_seconds(CODE_SECONDS)).then_some(grant)
            }
            None => {
                if let Some(access) = code.access.take() {
                    kept.access.remove(&access);
                }
                None
            }
        }
    }

    pub(super) fn keep_access(&self, token: &str, code: &str, grant: &Grant, now: At) {
        let mut kept = self.kept(now);
        let access = Access {
            client_id: grant.client_id.clone(),
            subject: grant.subject.clone(),
            claims: grant.claims.userinfo.clone(),
            made: now,
        };
        kept.access.insert(digest_of(token), access);
        if let Some(code) = kept.codes.get_mut(&digest_of(code)) {
            code.access = Some(digest_of(token));
        }
    }

    pub(super) fn access(&self, token: &str, now: At) -> Option<Access> {
        self.kept(now).access.get(&digest_of(token)).cloned()
    }
}

fn digest_of(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}
