//! Receiving systems: where they are, how we prove ourselves, what they can do and how much they stand.

use super::{AddressRange, Reach, SecretText};
use crate::vocabulary::TargetSlug;
use serde::Deserialize;
use std::path::PathBuf;
use url::Url;

/// How a receiving system is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// The published contract over HTTP: deliveries are pushed.
    Contract,
    /// The published contract, fetched by the receiver itself: nothing is ever sent.
    Polled,
    /// A folder for each delivery; an answer is put there.
    Folder,
    /// A letter to a registrator with a link; she registers by hand.
    Email,
    /// A foreign REST model, translated: the pattern for adapters of one's own.
    RestExample,
}

impl TargetKind {
    /// As in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::Contract => "contract",
            TargetKind::Polled => "polled",
            TargetKind::Folder => "folder",
            TargetKind::Email => "email",
            TargetKind::RestExample => "rest-example",
        }
    }
}

/// A receiving system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// How it is spoken to.
    pub kind: TargetKind,
    /// What people call it: `Castor`.
    #[serde(default)]
    pub name: Option<String>,
    /// The root before `/v1/deliveries`; of a folder `file:///…`, of a registrator `mailto:…`; none of what is polled.
    #[serde(default)]
    pub url: Option<Url>,
    /// Bearer token of GETs, either way. Empty: none.
    #[serde(default = "nothing")]
    pub token: SecretText,
    /// Signs portal → target; two while changing, the first signs.
    #[serde(default)]
    pub secret_out: Vec<SecretText>,
    /// Signs target → portal.
    #[serde(default)]
    pub secret_in: Vec<SecretText>,
    /// Where an access token is given, in place of `token`.
    #[serde(default)]
    pub oauth2: Option<OAuth2>,
    /// PEM with certificate chain and key: we prove ourselves in TLS.
    #[serde(default)]
    pub client_certificate: Option<SecretText>,
    /// PEM: the only authorities that its certificate may come from.
    #[serde(default)]
    pub ca: Option<String>,
    /// What it can.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Seconds before the second, third, … attempt; after the last the delivery is dead.
    #[serde(default = "retry_after")]
    pub retry_after: Vec<u32>,
    /// Calls in a minute at most.
    #[serde(default)]
    pub per_minute: Option<u32>,
    /// Deliveries at once at most.
    #[serde(default = "at_once")]
    pub at_once: u32,
    /// Bytes of one delivery with its files at most.
    #[serde(default)]
    pub largest_bytes: Option<u64>,
    /// For a whole call.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u32,
    /// For a call that carries files.
    #[serde(default = "content_timeout_seconds")]
    pub content_timeout_seconds: u32,
    /// Its name must lead to one of these. In production the inner network is called only when it is named here.
    #[serde(default)]
    pub allowed_addresses: Vec<AddressRange>,
    /// Who is told when deliveries wait too long; the municipality's contact when empty.
    #[serde(default)]
    pub alert_to: Vec<String>,
}

/// Client credentials (RFC 6749 4.4).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// Where an access token is given.
    pub token_url: Url,
    /// Ours there.
    pub client_id: String,
    /// For `client_secret_basic`; demo and test only.
    #[serde(default)]
    pub client_secret: Option<SecretText>,
    /// For `private_key_jwt`: P-256, PKCS#8 in PEM.
    #[serde(default)]
    pub private_key: Option<SecretText>,
    /// What the token is to be good for.
    #[serde(default)]
    pub scope: Option<String>,
}

/// What a receiver can; what is left out is as most are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Capabilities {
    /// The same thing twice is one thing there. Without it nothing unclear is ever sent again by itself.
    pub idempotent: bool,
    /// It gives numbers in advance. Not used: the resident's reference is the portal's own.
    pub reserve: bool,
    /// It answers `GET /v1/cases/{externalCaseId}`.
    pub read_case: bool,
    /// It wants small files within the delivery.
    pub inline_attachments: bool,
    /// It may answer 202 and register later.
    pub async_accept: bool,
    /// `oauth2` in place of `token`.
    pub oauth2: bool,
    /// `client_certificate` beneath.
    pub mtls: bool,
    /// It takes notices at `POST /v1/citizen-events`.
    pub citizen_events: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            idempotent: true,
            reserve: false,
            read_case: true,
            inline_attachments: false,
            async_accept: true,
            oauth2: false,
            mtls: false,
            citizen_events: true,
        }
    }
}

fn nothing() -> SecretText {
    SecretText::new("")
}

/// 12 attempts over about 76 hours.
fn retry_after() -> Vec<u32> {
    vec![30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400]
}

fn at_once() -> u32 {
    4
}

fn timeout_seconds() -> u32 {
    30
}

fn content_timeout_seconds() -> u32 {
    300
}

/// A fault: key within the target, what is wrong, what to do.
pub type TargetFault = (&'static str, String, &'static str);

impl Target {
    /// What people call it.
    pub fn display_name(&self, slug: &TargetSlug) -> String {
        self.name.clone().unwrap_or_else(|| {
            let mut letters = slug.as_str().chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        })
    }

    /// Where calls may go. `is_play`: in demo or test.
    pub fn reach(&self, is_play: bool) -> Reach {
        Reach { only: self.allowed_addresses.clone(), is_play }
    }

    /// Whether what was sent to another root of this target before may still be asked for there.
    pub fn may_ask(&self, root: &str, is_play: bool) -> bool {
        let root = Url::parse(root).ok();
        root.is_some_and(|root| literal(&root).is_none_or(|ip| self.reach(is_play).allows(ip)))
    }

    /// Of the kind `folder`.
    pub fn folder(&self) -> Option<PathBuf> {
        self.url.as_ref().filter(|url| url.scheme() == "file")?.to_file_path().ok()
    }

    /// Of the kind `email`.
    pub fn mailbox(&self) -> Option<&str> {
        self.url.as_ref().filter(|url| url.scheme() == "mailto").map(Url::path).filter(|to| is_mailbox(to))
    }

    /// What is wrong though every key can be read; certificates and keys are read by whoever uses them.
    pub fn faults(&self, is_play: bool) -> Vec<TargetFault> {
        let mut faults = self.faults_of_kind();
        let mut say = |key, message: &str, hint| faults.push((key, message.to_owned(), hint));
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > 60) {
            say("name", "the name is empty or longer than 60 characters", "write what people call it: Castor");
        }
        for (key, number, most) in [
            ("per_minute", self.per_minute.unwrap_or(1), 100_000),
            ("at_once", self.at_once, 64),
            ("timeout_seconds", self.timeout_seconds, 600),
            ("content_timeout_seconds", self.content_timeout_seconds, 3600),
        ] {
            if !(1..=most).contains(&number) {
                say(key, &format!("{number} is not between 1 and {most}"), "leave it out for the default");
            }
        }
        if self.largest_bytes.is_some_and(|bytes| bytes < 1024) {
            say(
                "largest_bytes",
                "no delivery is so small",
                "bytes of a delivery with its files; leave it out for no limit",
            );
        }
        if self.alert_to.iter().any(|to| !is_mailbox(to)) {
            say("alert_to", "not an e-mail address", "write it alone, without a name: drift@kommunen.se");
        }
        if self.capabilities.reserve {
            let hint = "take it away: the resident's reference is the portal's own";
            say("capabilities.reserve", "numbers are not reserved in advance", hint);
        }
        if self.capabilities.mtls != self.client_certificate.is_some() {
            let hint = "capabilities.mtls and client_certificate belong together";
            say("capabilities.mtls", "mTLS needs a certificate, and a certificate mTLS", hint);
        }
        // Whoever fetches gets its tokens from the portal.
        if self.kind != TargetKind::Polled && self.capabilities.oauth2 != self.oauth2.is_some() {
            let hint = "capabilities.oauth2 and oauth2.token_url belong together";
            say("capabilities.oauth2", "access tokens must come from somewhere, and be wanted", hint);
        }
        if let Some(oauth2) = &self.oauth2 {
            if oauth2.client_secret.is_some() == oauth2.private_key.is_some() {
                say("oauth2.private_key", "one proof is needed, and only one", "set private_key or client_secret");
            }
            if !is_play && oauth2.client_secret.is_some() {
                let hint = "client_secret is for demo and test; in production set private_key";
                say("oauth2.client_secret", "a shared secret is not enough", hint);
            }
        }
        if let Some(ip) = self.url.as_ref().and_then(literal)
            && !self.reach(is_play).allows(ip)
        {
            let hint = "in production the inner network is called only when allowed_addresses names it";
            say("allowed_addresses", &format!("{ip} may not be called"), hint);
        }
        faults
    }

    fn faults_of_kind(&self) -> Vec<TargetFault> {
        let mut faults = Vec::new();
        let mut need = |is_there: bool, key, message: &str, hint| {
            if !is_there {
                faults.push((key, format!("{message} (kind {})", self.kind.as_str()), hint));
            }
        };
        let is_web = self.url.as_ref().is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let has_token = !self.token.expose().is_empty() || self.capabilities.oauth2;
        let bytes = "whsec_ and 24 to 64 random bytes in base64";
        match self.kind {
            TargetKind::Contract => {
                need(is_web, "url", "an address is needed", "write https://…, the root before /v1/deliveries");
                need(has_token, "token", "a token is needed", "set token, or oauth2 and capabilities.oauth2");
                need(!self.secret_out.is_empty(), "secret_out", "a secret is needed", bytes);
            }
            TargetKind::Polled => {
                need(
                    self.url.is_none(),
                    "url",
                    "it is never called",
                    "take the address away, or write kind = \"contract\"",
                );
            }
            TargetKind::Folder => {
                let hint = "write file:///srv/leveranser";
                need(self.folder().is_some(), "url", "a folder is needed", hint);
            }
            TargetKind::Email => {
                let hint = "write mailto:registrator@kommunen.se";
                need(self.mailbox().is_some(), "url", "an e-mail address is needed", hint);
            }
            TargetKind::RestExample => {
                need(is_web, "url", "an address is needed", "write https://…, the root before /cases");
                need(has_token, "token", "a token is needed", "set token, or oauth2 and capabilities.oauth2");
            }
        }
        faults
    }
}

fn literal(url: &Url) -> Option<std::net::IpAddr> {
    match url.host()? {
        url::Host::Ipv4(ip) => Some(ip.into()),
        url::Host::Ipv6(ip) => Some(ip.into()),
        url::Host::Domain(_) => None,
    }
}

fn is_mailbox(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(['@', ' ', '<', '>', ',', '\r', '\n']);
    text.split_once('@').is_some_and(|(name, host)| plain(name) && plain(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str, is_play: bool) -> Vec<&'static str> {
        toml::from_str::<Target>(text).unwrap().faults(is_play).into_iter().map(|(key, ..)| key).collect()
    }

    #[test]
    fn what_each_kind_needs_is_told_by_its_key() {
        let whole = "url = \"https://castor.example\"\ntoken = \"t\"\nsecret_out = [\"s\"]\n";
        assert!(keys(&format!("kind = \"contract\"\n{whole}"), false).is_empty());
        assert_eq!(keys("kind = \"contract\"", false), ["url", "token", "secret_out"]);
        assert_eq!(keys("kind = \"polled\"\nurl = \"https://x\"", false), ["url"]);
        assert_eq!(keys("kind = \"folder\"\nurl = \"https://x\"", false), ["url"]);
        assert!(keys("kind = \"folder\"\nurl = \"file:///srv/ut\"", false).is_empty());
        assert_eq!(keys("kind = \"email\"\nurl = \"mailto:\"", false), ["url"]);
        assert!(keys("kind = \"email\"\nurl = \"mailto:registrator@kommunen.se\"", false).is_empty());
        assert_eq!(keys("kind = \"rest-example\"\nurl = \"https://x\"", false), ["token"]);
    }

    #[test]
    fn what_contradicts_itself_or_is_too_weak_is_told() {
        let all = "kind = \"contract\"\nurl = \"https://10.0.0.7/x\"\nsecret_out = [\"s\"]\nat_once = 0\nper_minute = 0\n\
            largest_bytes = 7\nalert_to = [\"Drift <d@x>\"]\n[capabilities]\noauth2 = true\nmtls = true\nreserve = true\n\
            [oauth2]\ntoken_url = \"https://x\"\nclient_id = \"k\"\nclient_secret = \"h\"\n";
        let expected = [
            "per_minute",
            "at_once",
            "largest_bytes",
            "alert_to",
            "capabilities.reserve",
            "capabilities.mtls",
            "oauth2.client_secret",
            "allowed_addresses",
        ];
        assert_eq!(keys(all, false), expected);
        let named = "kind = \"contract\"\nurl = \"https://10.0.0.7/x\"\ntoken = \"t\"\nsecret_out = [\"s\"]\n";
        assert!(keys(&format!("{named}allowed_addresses = [\"10.0.0.0/24\"]"), false).is_empty());
        assert!(keys(named, true).is_empty());
    }

    #[test]
    fn a_target_without_a_name_is_called_by_its_slug() {
        let target: Target = toml::from_str("kind = \"polled\"").unwrap();
        assert_eq!(target.display_name(&"ecos".parse().unwrap()), "Ecos");
    }
}
