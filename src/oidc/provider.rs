//! What a broker publishes about itself, kept: metadata a day, keys an hour, the last good copy longer when the broker
//! does not answer.

use super::jws::KeySet;
pub(super) use super::metadata::Metadata;
use super::metadata::read_metadata;
use super::outbound::{Answer, Outbound};
use super::{BrokerConfig, InvalidBroker, LoginFault};
use crate::vocabulary::{At, Clock};
use reqwest::header::HeaderValue;
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

const METADATA_SECONDS: i64 = 24 * 3600;
const KEYS_SECONDS: i64 = 3600;
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

    /// The metadata, fetched when older than a day.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, LoginFault> {
        let fresh = |known: &Known, now: At| {
            known.metadata.as_ref().filter(|kept| now < kept.fresh_until).map(|kept| kept.value.clone())
        };
        let _turn = match self.fresh_or_turn(fresh).await? {
            Turn::Fresh(metadata) => return Ok(metadata),
            Turn::Mine(turn) => turn,
        };
        let fetched = self.fetch_metadata().await;
        let now = self.clock.now();
        self.write(|known| {
            known.end_fetch(fetched.as_ref().err());
            match (fetched, &mut known.metadata) {
                (Ok(metadata), slot) => {
                    let kept = slot.insert(Kept::new(metadata, now, METADATA_SECONDS));
                    Ok(kept.value.clone())
                }
                (Err(fault), Some(last_good)) => {
                    fault.log(&self.config.slug);
                    last_good.fresh_until = now.plus_seconds(RETRY_SECONDS);
                    Ok(last_good.value.clone())
                }
                (Err(fault), None) => Err(fault),
            }
        })
    }

    /// The keys, fetched when older than an hour.
    pub(super) async fn keys(&self) -> Result<Arc<KeySet>, LoginFault> {
        let metadata = self.metadata().await?;
        let fresh = |known: &Known, now: At| {
            known.keys.as_ref().filter(|kept| now < kept.fresh_until).map(|kept| kept.value.clone())
        };
        let _turn = match self.fresh_or_turn(fresh).await? {
            Turn::Fresh(keys) => return Ok(keys),
            Turn::Mine(turn) => turn,
        };
        let fetched = self.fetch_keys(&metadata).await;
        self.keep_keys(fetched)
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

    fn keep_keys(&self, fetched: Result<KeySet, LoginFault>) -> Result<Arc<KeySet>, LoginFault> {
        let now = self.clock.now();
        self.write(|known| {
            known.end_fetch(fetched.as_ref().err());
            match (fetched, &mut known.keys) {
                (Ok(keys), slot) => Ok(slot.insert(Kept::new(keys, now, KEYS_SECONDS)).value.clone()),
                (Err(fault), Some(good)) if now < good.fetched_at.plus_seconds(KEYS_AT_MOST_SECONDS) => {
                    fault.log(&self.config.slug);
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

    async fn fresh_or_turn<T>(&self, fresh: impl Fn(&Known, At) -> Option<T>) -> Result<Turn<'_, T>, LoginFault> {
        let (found, fetches) = self.read(|known| (fresh(known, self.clock.now()), known.fetches));
        if let Some(value) = found {
            return Ok(Turn::Fresh(value));
        }
        let turn = self.fetching.lock().await;
        let now = self.clock.now();
        self.read(|known| match (fresh(known, now), known.last_fault) {
            (Some(value), _) => Ok(Turn::Fresh(value)),
            (None, Some(fault)) if known.fetches != fetches => Err(fault),
            (None, _) => Ok(Turn::Mine(turn)),
        })
    }

    async fn fetch_metadata(&self) -> Result<Metadata, LoginFault> {
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let url = Url::parse(&address).map_err(|_| LoginFault::Internal)?;
        let metadata = read_metadata(&self.outbound.get_json(&url).await?, &self.config, &self.outbound)?;
        let warnings = metadata.warnings(&self.config);
        if !warnings.is_empty() {
            tracing::warn!(broker = self.config.slug, ?warnings, "the broker's metadata deviate from the Profile");
        }
        Ok(metadata)
    }

    async fn fetch_keys(&self, metadata: &Metadata) -> Result<KeySet, LoginFault> {
        KeySet::read(&self.outbound.get_json(metadata.jwks_uri.url()).await?, &self.config.allowed_algs)
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

enum Turn<'a, T> {
    Fresh(T),
    Mine(tokio::sync::MutexGuard<'a, ()>),
}
