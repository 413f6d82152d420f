//! What a broker publishes about itself, kept: metadata a day, keys an hour, the last good copy longer when the broker
//! does not answer.

use super::outbound::{Answer, Outbound};
use super::{BrokerConfig, ClientAuth, InvalidBroker, LoginFault, SigningAlgorithm, json};
use crate::vocabulary::{At, Clock};
use base64::Engine as _;
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::{AuthUrl, JsonWebKeySetUrl, TokenUrl};
use reqwest::header::HeaderValue;
use serde_json::{Map, Value};
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

/// OpenID Connect Discovery 1.0 and RFC 8414, as far as we use it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: AuthUrl,
    pub(super) token_endpoint: TokenUrl,
    jwks_uri: JsonWebKeySetUrl,
    response_types_supported: Vec<String>,
    scopes_supported: Option<Vec<String>>,
    acr_values_supported: Option<Vec<String>>,
    claims_parameter_supported: Option<bool>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    ui_locales_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// Where a broker's metadata deviate from the Profile without stopping log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerWarning {
    /// `scopes_supported` lacks `openid`.
    NoOpenidScope,
    /// `acr_values_supported` is missing: whether a level can be reached shows only at log-in.
    LevelsUnknown,
    /// `claims_parameter_supported` is not true: level and identity may not be delivered.
    NoClaimsParameter,
    /// `code_challenge_methods_supported` offers `plain`.
    PlainPkceOffered,
    /// Our way of proving who we are is not listed.
    ClientAuthNotListed,
    /// `ui_locales_supported` lacks Swedish.
    NoSwedish,
    /// The broker does not name itself in its answers (RFC 9207).
    NoIssuerInAnswer,
}

impl Metadata {
    fn check(&self, config: &BrokerConfig, outbound: &Outbound) -> Result<(), LoginFault> {
        if self.issuer != config.issuer {
            return Err(LoginFault::MetadataIssuer);
        }
        let endpoints = [self.authorization_endpoint.url(), self.token_endpoint.url(), self.jwks_uri.url()];
        if !endpoints.into_iter().all(|url| outbound.may_call(url)) {
            return Err(LoginFault::AddressRefused);
        }
        let algorithms = self.id_token_signing_alg_values_supported.as_deref();
        let fits = lists(Some(&self.response_types_supported), "code")
            && lists(self.code_challenge_methods_supported.as_deref(), "S256")
            && (algorithms.is_none() || config.allowed_algs.iter().any(|alg| lists(algorithms, alg.as_str())));
        if fits { Ok(()) } else { Err(LoginFault::MetadataUnfit) }
    }

    /// Whether the broker can give any of these levels, as far as it tells.
    pub(super) fn can_reach(&self, accepted_acr: &[&str]) -> bool {
        match &self.acr_values_supported {
            Some(supported) => accepted_acr.iter().any(|acr| supported.iter().any(|s| s == acr)),
            None => !accepted_acr.is_empty(),
        }
    }

    pub(super) fn warnings(&self, config: &BrokerConfig) -> Vec<BrokerWarning> {
        let client_auth = match config.client_auth {
            ClientAuth::SecretBasic(_) => "client_secret_basic",
            ClientAuth::PrivateKeyJwt(_) => "private_key_jwt",
        };
        let checks = [
            (lists(self.scopes_supported.as_deref(), "openid"), BrokerWarning::NoOpenidScope),
            (self.acr_values_supported.is_some(), BrokerWarning::LevelsUnknown),
            (self.claims_parameter_supported == Some(true), BrokerWarning::NoClaimsParameter),
            (!lists(self.code_challenge_methods_supported.as_deref(), "plain"), BrokerWarning::PlainPkceOffered),
            (
                lists(self.token_endpoint_auth_methods_supported.as_deref(), client_auth),
                BrokerWarning::ClientAuthNotListed,
            ),
            (lists(self.ui_locales_supported.as_deref(), "sv"), BrokerWarning::NoSwedish),
            (self.authorization_response_iss_parameter_supported, BrokerWarning::NoIssuerInAnswer),
        ];
        checks.into_iter().filter(|(good, _)| !good).map(|(_, warning)| warning).collect()
    }
}

fn lists(list: Option<&[String]>, wanted: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|item| item == wanted))
}

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
    keys: Option<Kept<CoreJsonWebKeySet>>,
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
    pub(super) async fn keys(&self) -> Result<Arc<CoreJsonWebKeySet>, LoginFault> {
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
    pub(super) async fn keys_beyond(
        &self,
        seen: &Arc<CoreJsonWebKeySet>,
    ) -> Result<Option<Arc<CoreJsonWebKeySet>>, LoginFault> {
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

    fn keep_keys(&self, fetched: Result<CoreJsonWebKeySet, LoginFault>) -> Result<Arc<CoreJsonWebKeySet>, LoginFault> {
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

    /// The token request.
    pub(super) async fn post_token(
        &self,
        metadata: &Metadata,
        form: &[(&str, &str)],
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, LoginFault> {
        self.outbound.post_form(metadata.token_endpoint.url(), form, authorization).await
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

    async fn fetch_keys(&self, metadata: &Metadata) -> Result<CoreJsonWebKeySet, LoginFault> {
        read_keys(&self.outbound.get_json(metadata.jwks_uri.url()).await?, &self.config.allowed_algs)
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

/// A discovery document that fits the settings.
pub(super) fn read_metadata(body: &[u8], config: &BrokerConfig, outbound: &Outbound) -> Result<Metadata, LoginFault> {
    let members = json::object(body).map_err(|_| LoginFault::AnswerMalformed)?;
    let metadata: Metadata = serde_json::from_value(Value::Object(members)).map_err(|_| LoginFault::AnswerMalformed)?;
    metadata.check(config, outbound)?;
    Ok(metadata)
}

/// The keys of a JWK set that may be used; at least one.
pub(super) fn read_keys(body: &[u8], allowed: &[SigningAlgorithm]) -> Result<CoreJsonWebKeySet, LoginFault> {
    let mut members = json::object(body).map_err(|_| LoginFault::AnswerMalformed)?;
    let Some(Value::Array(keys)) = members.remove("keys") else { return Err(LoginFault::AnswerMalformed) };
    let usable: Vec<Value> =
        keys.into_iter().filter(|key| key.as_object().is_some_and(|k| is_usable(k, allowed))).collect();
    let usable = serde_json::json!({ "keys": usable });
    // Keys that the crate cannot read are left out by it.
    let keys: CoreJsonWebKeySet = serde_json::from_value(usable).map_err(|_| LoginFault::AnswerMalformed)?;
    if keys.keys().is_empty() { Err(LoginFault::KeysUnfit) } else { Ok(keys) }
}

/// A public key for signatures by an allowed algorithm, of a length that is still safe.
fn is_usable(key: &Map<String, Value>, allowed: &[SigningAlgorithm]) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let fits = |alg: SigningAlgorithm| match alg {
        SigningAlgorithm::Es256 => text("kty") == Some("EC") && text("crv") == Some("P-256"),
        SigningAlgorithm::Es384 => text("kty") == Some("EC") && text("crv") == Some("P-384"),
        SigningAlgorithm::Rs256 | SigningAlgorithm::Rs384 | SigningAlgorithm::Rs512 => {
            text("kty") == Some("RSA") && text("n").is_some_and(has_2048_bits)
        }
    };
    let is_for = |alg: SigningAlgorithm| text("alg").is_none_or(|named| named == alg.as_str());
    (!key.contains_key("use") || text("use") == Some("sig")) && allowed.iter().any(|alg| fits(*alg) && is_for(*alg))
}

fn has_2048_bits(modulus: &str) -> bool {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(modulus).unwrap_or_default();
    let leading_zeros = bytes.iter().take_while(|b| **b == 0).count();
    bytes.len() - leading_zeros >= 256
}
