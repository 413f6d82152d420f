//! What settings say about a broker.

use super::{
    AcrMode, AssertionAudience, ClientKey, Levels, NumberClaim, NumberKind, SignatureClass, SigningAlgorithm, Userinfo,
};
use crate::vocabulary::Lang;
use openidconnect::ClientSecret;
use std::collections::BTreeMap;
use std::fmt;
use url::{Host, Url};

/// How we reach a broker, how it knows us and what it calls things. Prints no secret.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    /// Name in our addresses: lower-case letters, digits and hyphens.
    pub slug: String,
    /// Verbatim: a slash more or less is another issuer.
    pub issuer: String,
    /// Hosts besides the issuer's own that its endpoints may be on: `host`, or `host:port` when not the scheme's default.
    pub extra_hosts: Vec<String>,
    /// As registered with the broker.
    pub client_id: String,
    /// How we prove who we are at the token endpoint.
    pub client_auth: ClientAuth,
    /// Published beside the key that signs: the next one before it is used, the last one after.
    pub other_keys: Vec<ClientKey>,
    /// Plain http to loopback; for profiles demo and test only.
    pub allow_http_loopback: bool,
    /// Algorithms an ID token may be signed with.
    pub allowed_algs: Vec<SigningAlgorithm>,
    /// Longest `exp − iat`. The Profile says 300; up to 900 for brokers known to deviate.
    pub max_token_lifetime_s: i64,
    /// Names of the claims, for brokers with names of their own.
    pub claims: ClaimNames,
    /// Where a Swedish number may stand.
    pub numbers: Vec<NumberClaim>,
    /// What people are shown when they can choose between brokers, by language.
    pub titles: BTreeMap<Lang, String>,
    /// Which `acr` values reach which level.
    pub levels: Levels,
    /// The level of a token without `acr`, for a broker that never sends one; its method claim must then be there.
    pub assumed_level: Option<u8>,
    /// The methods for which it is assumed; every one when none is named.
    pub assumed_methods: Vec<String>,
    /// How a level is asked for.
    pub acr_mode: AcrMode,
    /// Sent as `acr_values` instead of the accepted ones, where a broker calls what is asked for by other names than
    /// what it answers.
    pub acr_values: Vec<String>,
    /// Scopes beside `openid`.
    pub scopes: Vec<String>,
    /// The strongest way of signing to use with this broker; what it announces may be weaker.
    pub signing: SignatureClass,
    /// Whether log-ins, too, are asked for with a signed request object.
    pub signed_requests: bool,
    /// Who is to read a client assertion.
    pub assertion_audience: AssertionAudience,
    /// When userinfo is asked.
    pub userinfo: Userinfo,
    /// Whether userinfo must be signed, as the Profile says.
    pub userinfo_signed: bool,
    /// Whether a log-out token must say that it is one, as the standard advises.
    pub logout_typ_required: bool,
    /// The e-legitimation to go straight to, as the broker calls it.
    pub authn_provider: Option<String>,
    /// Whether foreign e-legitimation can be accepted through this broker.
    pub eidas: bool,
    /// Bindings between a foreign identity and a Swedish number that are good enough to use the number.
    pub identity_bindings: Vec<String>,
}

impl BrokerConfig {
    /// A broker that keeps to the Profile, called `standard`.
    pub fn new(issuer: impl Into<String>, client_id: impl Into<String>, client_auth: ClientAuth) -> Self {
        Self {
            slug: "standard".into(),
            issuer: issuer.into(),
            extra_hosts: vec![],
            client_id: client_id.into(),
            client_auth,
            other_keys: vec![],
            allow_http_loopback: false,
            allowed_algs: vec![SigningAlgorithm::Es256, SigningAlgorithm::Rs256],
            max_token_lifetime_s: 300,
            numbers: ClaimNames::numbers(),
            claims: ClaimNames::default(),
            titles: BTreeMap::new(),
            levels: Levels::default(),
            assumed_level: None,
            assumed_methods: vec![],
            acr_mode: AcrMode::Claims,
            acr_values: vec![],
            scopes: vec![],
            signing: SignatureClass::Signature,
            signed_requests: false,
            assertion_audience: AssertionAudience::Issuer,
            userinfo: Userinfo::IfMissing,
            userinfo_signed: true,
            logout_typ_required: true,
            authn_provider: None,
            eidas: false,
            identity_bindings: ["populationregister", "swedish-eid"]
                .map(|process| format!("http://id.swedenconnect.se/id-binding/process/{process}"))
                .to_vec(),
        }
    }

    pub(super) fn check(&self) -> Result<(), InvalidBroker> {
        let slug_is_good = (1..=32).contains(&self.slug.len())
            && self.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !slug_is_good {
            return Err(InvalidBroker::Slug);
        }
        let issuer = Url::parse(&self.issuer).map_err(|_| InvalidBroker::Issuer)?;
        if issuer.query().is_some() || issuer.fragment().is_some() || !issuer.username().is_empty() {
            return Err(InvalidBroker::Issuer);
        }
        if !may_be_called(&issuer, self.allow_http_loopback) {
            return Err(InvalidBroker::PlainHttp);
        }
        if self.client_id.is_empty() {
            return Err(InvalidBroker::ClientId);
        }
        if self.allowed_algs.is_empty() {
            return Err(InvalidBroker::Algorithms);
        }
        if !(1..=900).contains(&self.max_token_lifetime_s) {
            return Err(InvalidBroker::Lifetime);
        }
        if self.numbers.is_empty() {
            return Err(InvalidBroker::Numbers);
        }
        if self.assumed_level.is_some_and(|level| !(2..=4).contains(&level)) {
            return Err(InvalidBroker::AssumedLevel);
        }
        let has_level = |levels: &BTreeMap<u8, Vec<String>>| levels.values().any(|all| !all.is_empty());
        if self.assumed_level.is_none() && !has_level(&self.levels.swedish) && !has_level(&self.levels.foreign) {
            return Err(InvalidBroker::Levels);
        }
        if self.signed_requests && !matches!(self.client_auth, ClientAuth::PrivateKeyJwt(_)) {
            return Err(InvalidBroker::SignedRequests);
        }
        Ok(())
    }
}

/// https, or http to this machine where that is allowed.
pub(super) fn may_be_called(url: &Url, allow_http_loopback: bool) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => allow_http_loopback && is_loopback(url),
        _ => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_localhost(name),
        None => false,
    }
}

/// `localhost` and names under it are this machine, whatever a name server says (RFC 6761 6.3).
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// How we prove who we are at the token endpoint.
#[derive(Clone)]
pub enum ClientAuth {
    /// `client_secret_basic`: a fallback for brokers without `private_key_jwt`.
    SecretBasic(ClientSecret),
    /// `private_key_jwt` with ES256 (RFC 7523).
    PrivateKeyJwt(ClientKey),
}

impl fmt::Debug for ClientAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientAuth::SecretBasic(_) => f.write_str("SecretBasic(•••)"),
            ClientAuth::PrivateKeyJwt(key) => f.debug_tuple("PrivateKeyJwt").field(key).finish(),
        }
    }
}

/// What the broker calls the claims that have no standard name in OpenID Connect Core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNames {
    /// `confirmed`, `probable` or `uncertain`.
    pub coordination_number_level: String,
    /// The samordningsnummer before the personnummer.
    pub previous_coordination_number: String,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The whole name.
    pub name: String,
    /// `<personal-id>@<organisation number>`: the key of a member of staff.
    pub org_affiliation: String,
    /// The organisation's name.
    pub org_name: String,
    /// The organisation's number, ten digits.
    pub org_number: String,
    /// Which e-legitimation was used.
    pub authn_provider: String,
}

impl Default for ClaimNames {
    /// The Swedish Claims and Scopes Specification 1.0.
    fn default() -> Self {
        let claim = |suffix: &str| format!("https://id.oidc.se/claim/{suffix}");
        Self {
            coordination_number_level: claim("coordinationNumberLevel"),
            previous_coordination_number: claim("previousCoordinationNumber"),
            given_name: "given_name".into(),
            family_name: "family_name".into(),
            name: "name".into(),
            org_affiliation: claim("orgAffiliation"),
            org_name: claim("orgName"),
            org_number: claim("orgNumber"),
            authn_provider: claim("authnProvider"),
        }
    }
}

impl ClaimNames {
    /// Where the specification puts the numbers.
    pub(super) fn numbers() -> Vec<NumberClaim> {
        vec![
            NumberClaim::new("https://id.oidc.se/claim/personalIdentityNumber", NumberKind::Pnr),
            NumberClaim::new("https://id.oidc.se/claim/coordinationNumber", NumberKind::Samnr),
        ]
    }
}

/// Why settings for a broker are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBroker {
    /// The slug cannot stand in an address.
    #[error("a broker's slug is 1–32 lower-case letters, digits and hyphens")]
    Slug,
    /// The issuer is not a whole address.
    #[error("the issuer must be an https address without query or fragment")]
    Issuer,
    /// Plain http where it is not allowed.
    #[error("the issuer must use https; plain http is for loopback in profiles demo and test only")]
    PlainHttp,
    /// No client id.
    #[error("the client id is empty")]
    ClientId,
    /// No algorithm left.
    #[error("no signing algorithm is allowed")]
    Algorithms,
    /// A token lifetime that no broker needs.
    #[error("the longest token lifetime must be 1–900 seconds")]
    Lifetime,
    /// Nowhere to look for a number.
    #[error("no claim may hold a number")]
    Numbers,
    /// A level that does not exist.
    #[error("the assumed level must be 2, 3 or 4")]
    AssumedLevel,
    /// No answer could ever be accepted.
    #[error("no acr value reaches any level")]
    Levels,
    /// Nothing to sign requests with.
    #[error("signed requests need a private key")]
    SignedRequests,
    /// An extra host that cannot be read.
    #[error("an extra host must be written host or host:port")]
    ExtraHost,
    /// The HTTP client cannot be made (no certificates on this machine, for instance).
    #[error("the HTTP client could not be made")]
    HttpClient,
}
