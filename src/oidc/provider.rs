//! What a broker publishes about itself, kept: metadata a day, keys an hour, the last good copy longer when the broker
//! does not answer.

use super::jws::{Compact, KeySet};
pub(super) use super::metadata::Metadata;
use super::metadata::read_metadata;
use super::outbound::{Answer, Outbound};
use super::{BrokerConfig, InvalidBroker, LoginFault};
use crate::vocabulary::{At, Clock};
use reqwest::header::HeaderValue;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use url::Url;

const METADATA_SECONDS: i64 = 24 * 3600;
const KEYS_SECONDS: i64 = 3600;
/// However short the broker's `max-age` is.
const KEYS_AT_LEAST_SECONDS: i64 = 300;
/// How long a log-in waits for something newer than what serves.
const PATIENCE: Duration = Duration::from_secs(1);
/// Keys that nobody has confirmed for this long are no longer believed.
const KEYS_AT_MOST_SECONDS: i64 = 24 * 3600;
/// After a failed refresh the last good copy serves this long before the next try.
const RETRY_SECONDS: i64 = 60;
/// An unknown key id makes us ask for the keys again at most this often: anyone can make up key ids.
const UNKNOWN_KEY_SECONDS: i64 = 60;

/// Something fetched, and when it should be and may be used.
#[derive(Debug)]
struct Kept<T> {
    value: Arc<T>,
    fetched_at: At,
    fresh_until: At,
}

impl<T> Kept<T> {
    fn new(value: T, now: At, seconds: i64) -> Self {
        Self { value: Arc::new(value), fetched_at: now, fresh_until: now.plus_seconds(seconds) }
    }

    /// As a set of keys: whether somebody confirmed it not too long ago.
    fn is_believed(&self, now: At) -> bool {
        now < self.fetched_at.plus_seconds(KEYS_AT_MOST_SECONDS)
    }
}

#[derive(Debug, Default)]
struct Known {
    metadata: Option<Kept<Metadata>>,
    keys: Option<Kept<KeySet>>,
    unknown_key_asked_at: Option<At>,
    /// Fetches that have ended, and how the last one failed: who waited for it shares its answer.
    fetches: u64,
    last_fault: Option<LoginFault>,
}

/// One broker's metadata and keys. At most one fetch runs at a time.
#[derive(Debug)]
pub(super) struct Provider {
    config: BrokerConfig,
    clock: Clock,
    outbound: Outbound,
    known: RwLock<Known>,
    fetching: tokio::sync::Mutex<()>,
}

impl Provider {
    pub(super) fn new(config: &BrokerConfig, clock: Clock) -> Result<Self, InvalidBroker> {
        let outbound = Outbound::new(config, clock.clone())?;
        Ok(Self {
            config: config.clone(),
            clock,
            outbound,
            known: RwLock::default(),
            fetching: tokio::sync::Mutex::default(),
        })
    }

    /// The metadata, fetched when older than a day. The last good ones serve as long as there are no better.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, LoginFault> {
        let _turn = match self.kept_or_turn(|known| known.metadata.as_ref(), |_| true).await? {
            Turn::Kept(metadata) => return Ok(metadata),
            Turn::Mine(turn) => turn,
        };
        let has_old = self.read(|known| known.metadata.is_some());
        let fetched = soon(has_old, self.fetch_metadata()).await;
        let now = self.clock.now();
        self.write(|known| {
            known.end_fetch(fetched.as_ref().err());
            match (fetched, &mut known.metadata) {
                (Ok(metadata), slot) => {
                    if slot.as_ref().is_some_and(|old| old.value.hosts() != metadata.hosts()) {
                        self.alert("hosts_changed");
                    }
                    Ok(slot.insert(Kept::new(metadata, now, METADATA_SECONDS)).value.clone())
                }
                (Err(fault), Some(last_good)) => {
                    self.kept_instead(fault);
                    last_good.fresh_until = now.plus_seconds(RETRY_SECONDS);
                    Ok(last_good.value.clone())
                }
                (Err(fault), None) => Err(fault),
            }
        })
    }

    /// The keys, fetched when older than an hour, or than the broker says.
    pub(super) async fn keys(&self) -> Result<Arc<KeySet>, LoginFault> {
        let metadata = self.metadata().await?;
        let now = self.clock.now();
        let _turn = match self.kept_or_turn(|known| known.keys.as_ref(), |kept| kept.is_believed(now)).await? {
            Turn::Kept(keys) => return Ok(keys),
            Turn::Mine(turn) => turn,
        };
        let has_old = self.read(|known| known.keys.as_ref().is_some_and(|kept| kept.is_believed(now)));
        let fetched = soon(has_old, self.fetch_keys(&metadata)).await;
        self.keep_keys(fetched)
    }

    /// Whether the broker signed this token; a key that is not known is asked for as in [`keys_beyond`](Self::keys_beyond).
    pub(super) async fn verify(&self, token: &Compact) -> Result<(), LoginFault> {
        let keys = self.keys().await?;
        match keys.key_of(token) {
            Ok(key) => token.verify(key),
            Err(fault) => {
                let newer = self.keys_beyond(&keys).await?.ok_or(fault)?;
                token.verify(newer.key_of(token)?)
            }
        }
    }

    /// The keys after a token whose key is not among `seen`: asked for again, unless someone just did or that was
    /// less than a minute ago.
    pub(super) async fn keys_beyond(&self, seen: &Arc<KeySet>) -> Result<Option<Arc<KeySet>>, LoginFault> {
        let metadata = self.metadata().await?;
        let _turn = self.fetching.lock().await;
        let now = self.clock.now();
        let newer = self.read(|known| {
            known.keys.as_ref().filter(|kept| !Arc::ptr_eq(&kept.value, seen)).map(|kept| kept.value.clone())
        });
        if newer.is_some() {
            return Ok(newer);
        }
        let may_ask = self.write(|known| {
            let may = known.unknown_key_asked_at.is_none_or(|at| now >= at.plus_seconds(UNKNOWN_KEY_SECONDS));
            if may {
                known.unknown_key_asked_at = Some(now);
            }
            may
        });
        if !may_ask {
            return Ok(None);
        }
        let fetched = self.fetch_keys(&metadata).await;
        self.keep_keys(fetched).map(Some)
    }

    fn keep_keys(&self, fetched: Result<(KeySet, i64), LoginFault>) -> Result<Arc<KeySet>, LoginFault> {
        let now = self.clock.now();
        self.write(|known| {
            known.end_fetch(fetched.as_ref().err());
            match (fetched, &mut known.keys) {
                (Ok((keys, seconds)), slot) => Ok(slot.insert(Kept::new(keys, now, seconds)).value.clone()),
                (Err(fault), Some(good)) if good.is_believed(now) => {
                    self.kept_instead(fault);
                    good.fresh_until = good.fresh_until.max(now.plus_seconds(RETRY_SECONDS));
                    Ok(good.value.clone())
                }
                (Err(fault), _) => Err(fault),
            }
        })
    }

    /// A form for one of the broker's addresses.
    pub(super) async fn post(
        &self,
        url: &Url,
        form: &[(String, String)],
        authorization: Option<HeaderValue>,
        max_body: usize,
    ) -> Result<Answer, LoginFault> {
        self.outbound.post_form(url, form, authorization, max_body).await
    }

    /// Userinfo.
    pub(super) async fn get_userinfo(&self, url: &Url, access_token: &str) -> Result<Answer, LoginFault> {
        self.outbound.get_userinfo(url, access_token).await
    }

    /// What is kept, when it is fresh, or when it still serves and somebody else is asking already; else the turn to ask.
    async fn kept_or_turn<T>(
        &self,
        kept: impl Fn(&Known) -> Option<&Kept<T>>,
        serves: impl Fn(&Kept<T>) -> bool,
    ) -> Result<Turn<'_, T>, LoginFault> {
        let fresh = |known: &Known| {
            let now = self.clock.now();
            kept(known).filter(|kept| now < kept.fresh_until).map(|kept| kept.value.clone())
        };
        let (found, fetches) = self.read(|known| (fresh(known), known.fetches));
        if let Some(value) = found {
            return Ok(Turn::Kept(value));
        }
        let turn = match self.fetching.try_lock() {
            Ok(turn) => turn,
            Err(_) => match self.read(|known| kept(known).filter(|kept| serves(kept)).map(|kept| kept.value.clone())) {
                Some(value) => return Ok(Turn::Kept(value)),
                None => self.fetching.lock().await,
            },
        };
        self.read(|known| match (fresh(known), known.last_fault) {
            (Some(value), _) => Ok(Turn::Kept(value)),
            (None, Some(fault)) if known.fetches != fetches => Err(fault),
            (None, _) => Ok(Turn::Mine(turn)),
        })
    }

    /// The last good copy serves on; whether somebody must look at the broker depends on why.
    fn kept_instead(&self, fault: LoginFault) {
        match fault {
            LoginFault::MetadataIssuer
            | LoginFault::AddressRefused
            | LoginFault::MetadataUnfit
            | LoginFault::KeysUnfit => self.alert(fault.as_str()),
            _ => fault.log(&self.config.slug),
        }
    }

    /// For somebody to look at today: log-in works, but the broker is not what it was.
    fn alert(&self, what: &'static str) {
        metrics::counter!("broker_alerts_total", "broker" => self.config.slug.clone(), "what" => what).increment(1);
        tracing::error!(broker = self.config.slug, what, "what the broker publishes has changed in a way to look at");
    }

    async fn fetch_metadata(&self) -> Result<Metadata, LoginFault> {
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let url = Url::parse(&address).map_err(|_| LoginFault::Internal)?;
        let metadata = read_metadata(&self.outbound.get_json(&url).await?.body, &self.config, &self.outbound)?;
        let warnings = metadata.warnings(&self.config);
        if !warnings.is_empty() {
            tracing::warn!(broker = self.config.slug, ?warnings, "the broker's metadata deviate from the Profile");
        }
        Ok(metadata)
    }

    /// With how long they are to be kept.
    async fn fetch_keys(&self, metadata: &Metadata) -> Result<(KeySet, i64), LoginFault> {
        let answer = self.outbound.get_json(metadata.jwks_uri.url()).await?;
        let seconds = answer.max_age.map_or(KEYS_SECONDS, |age| age.clamp(KEYS_AT_LEAST_SECONDS, KEYS_AT_MOST_SECONDS));
        Ok((KeySet::read(&answer.body, &self.config.allowed_algs)?, seconds))
    }

    fn read<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn end_fetch(&mut self, fault: Option<&LoginFault>) {
        self.fetches = self.fetches.wrapping_add(1);
        self.last_fault = fault.copied();
    }
}

/// Where an older copy would do, the broker has a second: somebody waits to log in.
async fn soon<T>(has_old: bool, fetch: impl Future<Output = Result<T, LoginFault>>) -> Result<T, LoginFault> {
    match has_old {
        true => tokio::time::timeout(PATIENCE, fetch).await.unwrap_or(Err(LoginFault::TimedOut)),
        false => fetch.await,
    }
}

enum Turn<'a, T> {
    Kept(Arc<T>),
    Mine(tokio::sync::MutexGuard<'a, ()>),
}
