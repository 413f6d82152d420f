//! The broker's keys. ES256 is there at once; RSA takes seconds to make, so it is made beside and offered when it is there.

use crate::simulators::StartError;
use crate::simulators::keys::SigningKey;
use crate::simulators::rsa_key::RsaKey;
use crate::vocabulary::At;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::Duration;

const KEY_FILE: &str = "broker-es256.pkcs8";
const RSA_FILE: &str = "broker-rsa.pkcs8";
const USER_FILE: &str = "broker-user-es256.pkcs8";
/// How long the making of the RSA key waits when nobody has asked for it: a start is busy enough.
const UNASKED: Duration = Duration::from_secs(30);
/// How long a key that a fault published stays among the others.
const PLANTED_SECONDS: i64 = 60;

/// What ID tokens and UserInfo are signed with, as a client registers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningAlg {
    /// ECDSA over P-256.
    #[default]
    Es256,
    /// RSASSA-PKCS1-v1_5, as soon as the key is there.
    Rs256,
}

pub(super) struct KeyRing {
    folder: PathBuf,
    kept: Mutex<Kept>,
    /// Stands for every person's own key when something is signed.
    user: SigningKey,
    /// Makes the RSA key, when there was none.
    maker: OnceLock<Thread>,
}

struct Kept {
    current: Arc<SigningKey>,
    previous: Option<Arc<SigningKey>>,
    rsa: Option<Arc<RsaKey>>,
    planted: Vec<(Value, At)>,
}

impl KeyRing {
    pub(super) fn open(folder: PathBuf) -> Result<Arc<Self>, StartError> {
        let current = Arc::new(SigningKey::kept(&folder.join(KEY_FILE))?);
        let rsa = RsaKey::found(&folder.join(RSA_FILE)).map(Arc::new);
        let is_missing = rsa.is_none();
        let kept = Mutex::new(Kept { current, previous: None, rsa, planted: Vec::new() });
        let user = SigningKey::kept(&folder.join(USER_FILE))?;
        let ring = Arc::new(Self { folder, kept, user, maker: OnceLock::new() });
        if is_missing {
            let (later, path) = (Arc::downgrade(&ring), ring.folder.join(RSA_FILE));
            let maker = std::thread::spawn(move || {
                std::thread::park_timeout(UNASKED);
                if later.strong_count() == 0 {
                    return;
                }
                match RsaKey::made(&path) {
                    Ok(key) => {
                        if let Some(ring) = later.upgrade() {
                            ring.kept().rsa = Some(Arc::new(key));
                        }
                    }
                    Err(e) => tracing::warn!(error = %e, "no RSA key: the broker offers ES256 only"),
                }
            });
            let _ = ring.maker.set(maker.thread().clone());
        }
        Ok(ring)
    }

    #[cfg(test)]
    pub(super) fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Somebody is going to use RS256: the key is made now, if it is not there.
    pub(super) fn want_rsa(&self) {
        if let Some(maker) = self.maker.get() {
            maker.unpark();
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn current(&self) -> Arc<SigningKey> {
        self.kept().current.clone()
    }

    pub(super) fn rsa(&self) -> Option<Arc<RsaKey>> {
        self.kept().rsa.clone()
    }

    pub(super) fn user(&self) -> &SigningKey {
        &self.user
    }

    /// The public keys: the one that signs, the one before it, RSA, and what faults have put among them.
    pub(super) fn jwks(&self, now: At) -> Value {
        let mut kept = self.kept();
        kept.planted.retain(|(_, until)| now < *until);
        let own =
            [Some(kept.current.jwk()), kept.previous.as_ref().map(|k| k.jwk()), kept.rsa.as_ref().map(|k| k.jwk())];
        let keys: Vec<Value> =
            own.into_iter().flatten().chain(kept.planted.iter().map(|(jwk, _)| jwk.clone())).collect();
        json!({"keys": keys})
    }

    /// A new key signs from now on; the old one stays published.
    pub(super) fn rotate(&self) -> Result<(), StartError> {
        let next = Arc::new(SigningKey::replaced(&self.folder.join(KEY_FILE))?);
        let mut kept = self.kept();
        kept.previous = Some(std::mem::replace(&mut kept.current, next));
        Ok(())
    }

    /// Publishes a key beside the proper ones, for a minute.
    pub(super) fn plant(&self, jwk: Value, now: At) {
        self.kept().planted.push((jwk, now.plus_seconds(PLANTED_SECONDS)));
    }

    /// The algorithms that can be signed with now.
    pub(super) fn offered(&self) -> Vec<&'static str> {
        if self.rsa().is_some() { vec!["ES256", "RS256"] } else { vec!["ES256"] }
    }

    /// `claims` as a compact JWS by the key of this algorithm.
    pub(super) fn sign(&self, alg: SigningAlg, typ: &str, claims: &Value) -> Result<String, StartError> {
        match alg {
            SigningAlg::Es256 => {
                let key = self.current();
                key.sign_with(&json!({"alg": "ES256", "kid": key.kid(), "typ": typ}), claims)
            }
            SigningAlg::Rs256 => {
                use crate::simulators::keys::{b64, signing_input};
                let key = self.rsa().ok_or(StartError::Key)?;
                let input = signing_input(&json!({"alg": "RS256", "kid": key.kid(), "typ": typ}), claims);
                Ok(format!("{input}.{}", b64(&key.signature(&input)?)))
            }
        }
    }
}
