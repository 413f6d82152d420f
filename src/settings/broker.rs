//! Brokers of e-legitimation: how we reach them, and where they leave the Swedish OpenID Connect Profile.

use super::SecretText;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An OpenID Connect broker for e-legitimation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// Compared character for character.
    pub issuer: String,
    /// Further hosts that its metadata may point to.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Ours at the broker.
    pub client_id: String,
    /// Of `staff_broker`: the administration's own client.
    #[serde(default = "administration_client_id")]
    pub administration_client_id: String,
    /// For `client_secret_basic`.
    #[serde(default)]
    pub client_secret: Option<SecretText>,
    /// For `private_key_jwt` and signed requests: P-256, PKCS#8 in PEM.
    #[serde(default)]
    pub private_key: Option<SecretText>,
    /// The key that will sign: published a day before.
    #[serde(default)]
    pub next_private_key: Option<SecretText>,
    /// The key that signed: published a day after.
    #[serde(default)]
    pub previous_private_key: Option<SecretText>,
    /// What people are shown when they can choose between brokers.
    #[serde(default)]
    pub title: Option<Title>,
    /// What the broker is like; the keys below change single things of it.
    #[serde(default)]
    pub style: BrokerStyle,
    /// Algorithms that its tokens may be signed with.
    #[serde(default)]
    pub algorithms: Option<Vec<String>>,
    /// Longest life of an ID token, in seconds.
    #[serde(default)]
    pub max_token_lifetime: Option<i64>,
    /// Where a Swedish number may stand.
    #[serde(default)]
    pub numbers: Option<Vec<NumberClaim>>,
    /// Names of other claims.
    #[serde(default)]
    pub claims: ClaimNameSettings,
    /// How a level is asked for.
    #[serde(default)]
    pub acr_mode: Option<AcrMode>,
    /// Sent as `acr_values`, where that is not what is answered.
    #[serde(default)]
    pub acr_values: Option<Vec<String>>,
    /// The broker's own `acr` values, each with the level that it stands for.
    #[serde(default)]
    pub acr_map: BTreeMap<String, u8>,
    /// The level of an answer without `acr`.
    #[serde(default)]
    pub assumed_level: Option<u8>,
    /// The e-legitimations for which that level is assumed, as the broker's method claim names them.
    #[serde(default)]
    pub assumed_methods: Option<Vec<String>>,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The strongest way of signing to use.
    #[serde(default)]
    pub signing: Option<SignatureClass>,
    /// Whether log-ins, too, are asked for with a signed request.
    #[serde(default)]
    pub signed_requests: Option<bool>,
    /// Who is to read a client assertion.
    #[serde(default)]
    pub assertion_audience: Option<AssertionAudience>,
    /// When userinfo is asked.
    #[serde(default)]
    pub userinfo: Option<Userinfo>,
    /// Whether userinfo must be signed.
    #[serde(default)]
    pub userinfo_signed: Option<bool>,
    /// Whether a log-out token must say that it is one.
    #[serde(default)]
    pub logout_typ_required: Option<bool>,
    /// The e-legitimation to go straight to.
    #[serde(default)]
    pub authn_provider: Option<String>,
    /// Whether foreign e-legitimation can be accepted through it.
    #[serde(default)]
    pub eidas: bool,
    /// Bindings between a foreign identity and a Swedish number that are good enough to use the number.
    #[serde(default)]
    pub identity_bindings: Option<Vec<String>>,
}

fn administration_client_id() -> String {
    "kommunportal-administration".to_owned()
}

/// A title in Swedish, or in several languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Title {
    /// In Swedish; shown in every language.
    One(String),
    /// By language.
    Each(BTreeMap<String, String>),
}

/// What a broker is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokerStyle {
    /// Keeps to the Profile 1.0.
    #[default]
    Profile,
    /// The Profile under the names of its drafts.
    DraftNames,
    /// Idura, formerly Criipto.
    Idura,
    /// Signicat.
    Signicat,
}

/// Names of claims that a broker calls otherwise; what is left out keeps its name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNameSettings {
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// The whole name.
    pub name: Option<String>,
    /// Which e-legitimation was used.
    pub method: Option<String>,
    /// How well the identity behind a samordningsnummer is established.
    pub coordination_number_level: Option<String>,
    /// The samordningsnummer before the personnummer.
    pub previous_coordination_number: Option<String>,
    /// The key of a member of staff.
    pub org_affiliation: Option<String>,
    /// The organisation's name.
    pub org_name: Option<String>,
    /// The organisation's number.
    pub org_number: Option<String>,
}

/// Which `acr` values reach which level, where it is not as the product has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LevelSettings {
    /// Tillitsnivå 2 and higher.
    pub loa2: Option<Vec<String>>,
    /// Tillitsnivå 3 and higher.
    pub loa3: Option<Vec<String>>,
    /// Tillitsnivå 4.
    pub loa4: Option<Vec<String>>,
    /// Foreign e-legitimation beside level 2.
    pub eidas_loa2: Option<Vec<String>>,
    /// Foreign e-legitimation beside level 3.
    pub eidas_loa3: Option<Vec<String>>,
    /// Foreign e-legitimation beside level 4.
    pub eidas_loa4: Option<Vec<String>>,
}

/// How a level is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcrMode {
    /// As an essential claim: the broker must keep to it or say no.
    Claims,
    /// As `acr_values`, a wish, and without the `claims` parameter; for brokers that do not know it.
    AcrValues,
}

/// `aud` of a client assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The form that cannot be replayed at another server, whatever address its metadata name as token endpoint.
    Issuer,
    /// For brokers that insist.
    TokenEndpoint,
}

/// When userinfo is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Userinfo {
    /// Not at all.
    Never,
    /// When the ID token does not say who it is.
    IfMissing,
    /// At every log-in.
    Always,
}

/// A claim that may hold a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberClaim {
    /// The claim's name, or its JSON Pointer (RFC 6901) when it is within another: `/identity/ssn`.
    pub claim: String,
    /// What it may hold.
    #[serde(default)]
    pub kind: NumberKind,
    /// How it is written.
    #[serde(default)]
    pub format: NumberFormat,
    /// Another claim that must say something for this one to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
}

/// What a claim may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// Personnummer only.
    Pnr,
    /// Samordningsnummer only.
    Samnr,
    /// Either; the number itself says which.
    #[default]
    ByValue,
}

/// How a number is written; nothing else is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `YYYYMMDDNNNC`.
    #[default]
    D12,
    /// `YYYYMMDD-NNNC`.
    D12dash,
    /// `YYMMDDNNNC`, or with `-` or `+` before the last four.
    D10,
}

/// A claim that must equal a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// Name or JSON Pointer.
    pub claim: String,
    /// The text.
    pub equals: String,
}

/// What stands behind a signature, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureClass {
    /// The e-legitimation signed the bytes.
    Signature,
    /// The broker says that the person approved the message; what was approved stands in our signed request.
    Approval,
    /// The person proved once more who she is, by a token that names the hash of the bytes.
    Reauthentication,
}
