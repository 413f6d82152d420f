//! What settings say about a broker.

use super::ClientKey;
use openidconnect::ClientSecret;
use openidconnect::core::CoreJwsSigningAlgorithm;
use std::fmt;
use std::str::FromStr;
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
    /// Plain http to loopback; for profiles demo and test only.
    pub allow_http_loopback: bool,
    /// Algorithms an ID token may be signed with.
    pub allowed_algs: Vec<SigningAlgorithm>,
    /// Longest `exp − iat`. The Profile says 300; up to 900 for brokers known to deviate.
    pub max_token_lifetime_s: i64,
    /// Names of the claims, for brokers with names of their own.
    pub claims: ClaimNames,
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
            allow_http_loopback: false,
            allowed_algs: vec![SigningAlgorithm::Es256, SigningAlgorithm::Rs256],
            max_token_lifetime_s: 300,
            claims: ClaimNames::default(),
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
    /// Twelve digits; a personnummer.
    pub personal_identity_number: String,
    /// Twelve digits; a samordningsnummer.
    pub coordination_number: String,
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
            personal_identity_number: claim("personalIdentityNumber"),
            coordination_number: claim("coordinationNumber"),
            org_affiliation: claim("orgAffiliation"),
            org_name: claim("orgName"),
            org_number: claim("orgNumber"),
            authn_provider: claim("authnProvider"),
        }
    }
}

/// Algorithms that can be allowed for ID tokens. `none` and `HS*` cannot be spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

/// Not an algorithm that can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("allowed algorithms are ES256, ES384, RS256, RS384 and RS512")]
pub struct UnknownAlgorithm;

impl SigningAlgorithm {
    /// As in a JOSE header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    pub(super) fn for_crate(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::Es384 => CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::Rs384 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
            Self::Rs512 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
        }
    }

    /// The hash whose left half is `at_hash` (OpenID Connect Core 3.1.3.6).
    pub(super) fn digest(self) -> &'static ring::digest::Algorithm {
        match self {
            Self::Es256 | Self::Rs256 => &ring::digest::SHA256,
            Self::Es384 | Self::Rs384 => &ring::digest::SHA384,
            Self::Rs512 => &ring::digest::SHA512,
        }
    }
}

impl FromStr for SigningAlgorithm {
    type Err = UnknownAlgorithm;
    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        [Self::Es256, Self::Es384, Self::Rs256, Self::Rs384, Self::Rs512]
            .into_iter()
            .find(|alg| alg.as_str() == text)
            .ok_or(UnknownAlgorithm)
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
    /// An extra host that cannot be read.
    #[error("an extra host must be written host or host:port")]
    ExtraHost,
    /// The HTTP client cannot be made (no certificates on this machine, for instance).
    #[error("the HTTP client could not be made")]
    HttpClient,
}
