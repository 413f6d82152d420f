//! One struct for each section of the settings.

use super::Target;
use super::broker::{Broker, LevelSettings};
use crate::vocabulary::TargetSlug;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Where this process runs; decides what is refused and which defaults hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Real people. The default for `serve` and `worker`.
    Production,
    /// Invented people on loopback.
    Demo,
    /// Automated tests.
    Test,
}

impl Profile {
    /// As in `KOMMUNPORTAL_PROFILE` and in the name of the configuration file.
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Production => "production",
            Profile::Demo => "demo",
            Profile::Test => "test",
        }
    }

    /// Simulators, plain http to loopback and the demo strip are for these only.
    pub fn is_play(self) -> bool {
        self != Profile::Production
    }
}

/// A text that never prints itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Set by the loader.
    #[serde(skip, default = "production")]
    pub profile: Profile,
    /// The citizens' side.
    pub portal: Application,
    /// The handlers' side.
    pub desk: Application,
    /// The portal's administration: inner network only.
    pub administration: Listener,
    /// Health and metrics: inner network only.
    pub ops: Ops,
    /// The citizens' e-legitimation.
    #[serde(default)]
    pub broker: Option<Broker>,
    /// More of the citizens', beside it or instead of it, by their names in addresses.
    #[serde(default)]
    pub brokers: BTreeMap<String, Broker>,
    /// The staff's.
    #[serde(default)]
    pub staff_broker: Option<Broker>,
    /// More of the staff's.
    #[serde(default)]
    pub staff_brokers: BTreeMap<String, Broker>,
    /// Which levels of assurance are enough.
    #[serde(default)]
    pub levels: LevelSettings,
    /// Folkbokföringen.
    #[serde(default)]
    pub navet: Option<Navet>,
    /// Who may sign for companies.
    #[serde(default)]
    pub company_register: Option<CompanyRegister>,
    /// Mina ombud.
    #[serde(default)]
    pub powers_of_attorney: Option<PowersOfAttorney>,
    /// Outgoing mail.
    #[serde(default)]
    pub smtp: Option<Smtp>,
    /// Receiving systems.
    #[serde(default)]
    pub targets: BTreeMap<TargetSlug, Target>,
    /// Which of them takes what, where it is not as the service says.
    #[serde(default)]
    pub routing: Vec<Route>,
    /// Secrets of this installation.
    #[serde(default)]
    pub keys: KeySettings,
    /// Network.
    #[serde(default)]
    pub web: Web,
    /// Traces.
    #[serde(default)]
    pub telemetry: Telemetry,
    /// Upper bounds.
    #[serde(default)]
    pub limits: Limits,
    /// Only in the demo: the address of Kontrollrum, for the strip on every page. Set by the command.
    #[serde(skip)]
    pub control_room: Option<String>,
}

impl Settings {
    /// The administration has the portal's host names on a port of its own.
    pub fn administration_url(&self) -> url::Url {
        let mut url = self.portal.public_url.clone();
        if let Some(address) = self.administration.bind.first() {
            // Cannot fail for http and https, which public_url is.
            let _ = url.set_port(Some(address.port()));
        }
        url
    }
}

fn production() -> Profile {
    Profile::Production
}

/// An application that people visit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Addresses to listen on.
    pub bind: Vec<SocketAddr>,
    /// Scheme and port as people see them; the host comes from the municipality.
    pub public_url: url::Url,
    /// `sqlite:PATH` or `postgres://…`. Secret: it may hold a password.
    pub database_url: SecretText,
    /// `file:PATH`.
    pub blobs_url: String,
}

/// A listener on the inner network.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Addresses to listen on.
    pub bind: Vec<SocketAddr>,
}

/// Health and metrics, and how a process leaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ops {
    /// Addresses to listen on.
    pub bind: Vec<SocketAddr>,
    /// So long a process that was asked to stop still serves, not ready any more, until load balancers have seen it.
    #[serde(default = "drain_seconds")]
    pub drain_seconds: u64,
}

fn drain_seconds() -> u64 {
    5
}

/// Navet's `personpostXML` (Skatteverket).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Navet {
    /// The whole address of personpostXML.
    pub url: url::Url,
    /// `16` and ten digits.
    pub organisation_number: String,
    /// `NNNNNNNN-FONN-NNNN`.
    pub order_id: String,
    /// True only when the order includes the terms 01003 and 01020; otherwise nobody's address is shown.
    #[serde(default)]
    pub order_includes_protection_flags: bool,
    /// PEM with certificate and key.
    #[serde(default)]
    pub client_certificate: Option<SecretText>,
}

/// A register of companies that answers who may sign for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyRegister {
    /// The root before `/{kommunkod}/engagements`.
    pub url: url::Url,
    /// Bearer token.
    pub token: SecretText,
}

/// Mina ombud (Bolagsverket), where organisations give powers of attorney towards the municipality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowersOfAttorney {
    /// The root before `/sok/behorigheter`.
    pub url: url::Url,
    /// Where an access token is given for the client's own id and secret.
    pub token_url: url::Url,
    /// Ours there.
    pub client_id: String,
    /// Ours there.
    pub client_secret: SecretText,
    /// `X-Service-Name`: which of the municipality's systems asks.
    #[serde(default = "service_name")]
    pub service_name: String,
    /// Who signs what is said about the person that asks; `client_id` when left out.
    #[serde(default)]
    pub issuer: Option<String>,
    /// For whom that is.
    #[serde(default = "audience")]
    pub audience: String,
    /// The name of the key that signs it.
    #[serde(default)]
    pub key_id: Option<String>,
    /// The key: RSA, PKCS#8 in PEM. May be left out in demo and test.
    #[serde(default)]
    pub private_key: Option<SecretText>,
}

fn service_name() -> String {
    "kommunportal".to_owned()
}

fn audience() -> String {
    "minaombud".to_owned()
}

/// Outgoing mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// As lettre reads it: `smtp://…`, `smtps://…`. May hold a password.
    pub url: SecretText,
    /// `Örkelljunga kommun <svara-inte@…>`.
    pub from: String,
}

/// What goes to another target than its service names. What is left out fits everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The service's code.
    #[serde(default)]
    pub service: Option<String>,
    /// The unit that the service names.
    #[serde(default)]
    pub unit: Option<String>,
    /// The case type that the service names.
    #[serde(default)]
    pub case_type: Option<String>,
    /// Where it goes.
    pub target: TargetSlug,
}

/// Secrets of this installation: 32 bytes each, base64.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// Seals identity numbers and register answers (AEAD). The first seals, all open.
    #[serde(default)]
    pub seal: Vec<SecretText>,
    /// Finds identity numbers without opening them (HMAC).
    #[serde(default)]
    pub lookup: Option<SecretText>,
    /// Ties form tokens to the browser.
    #[serde(default)]
    pub forms: Option<SecretText>,
    /// Seal receipts: EC P-256 in PKCS#8 (PEM), not 32 bytes. The first seals, all check.
    #[serde(default)]
    pub receipt: Vec<SecretText>,
    /// Public halves (PEM) of keys that sealed receipts once and are gone: those receipts can still be checked.
    #[serde(default)]
    pub receipt_retired: Vec<String>,
}

/// Network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Only these may say who the visitor is with `X-Forwarded-*`.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
}

/// What is told about the program's own doing, beside logs and metrics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// Where traces are sent (OTLP over HTTP), for example `https://collector.example/v1/traces`. Without it none are made.
    #[serde(default)]
    pub otlp_url: Option<url::Url>,
}

/// Upper bounds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Log-ins begun from one address in a minute.
    pub login_per_minute: u32,
    /// Calls of one receiving system in a minute, at each portal process.
    pub integration_per_minute: u32,
    /// So long after proving who she is, somebody may change what is sensitive without doing it again.
    pub reauthentication_minutes: u32,
    /// Bytes of one form without files.
    pub form_bytes: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files in one draft.
    pub draft_files_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login_per_minute: 20,
            integration_per_minute: 3000,
            reauthentication_minutes: 15,
            form_bytes: 256 * 1024,
            file_bytes: 25 << 20,
            draft_files_bytes: 100 << 20,
        }
    }
}
