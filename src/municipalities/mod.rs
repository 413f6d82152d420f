//! Whom we serve: municipalities by host name, with their looks, contacts and own connections. One installation serves
//! several; nothing of one is ever seen in another.

mod routing;

pub use routing::{Routed, ambiguous, target_for};

use crate::settings::{
    Broker, CompanyRegister, ConfigTree, LevelSettings, Navet, PowersOfAttorney, Route, SECRET_KEYS, Target,
};
use crate::texts::Words;
use crate::toml_text::{self, Fault, place_of};
use crate::vocabulary::{MunicipalitySlug, Organisationsnummer, TargetSlug};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A municipality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// The name of its folder.
    #[serde(skip, default = "no_slug")]
    pub slug: MunicipalitySlug,
    /// `Lidköping`.
    pub name: String,
    /// `Lidköpings kommun`.
    pub full_name: String,
    /// Kommunkod, four digits.
    pub code: String,
    /// Ten digits.
    pub organisation_number: String,
    /// The first is its address; a GET on another is redirected there.
    pub hosts: Vec<String>,
    /// How it is reached.
    pub contact: Contact,
    /// Its colours.
    pub look: Look,
    /// Where its decisions are appealed and who answers for personal data.
    pub law: Law,
    /// How long things are kept.
    pub retention: Retention,
    /// Its own e-legitimation instead of the installation's.
    #[serde(default)]
    pub broker: Option<Broker>,
    /// More of them, by their names in addresses.
    #[serde(default)]
    pub brokers: BTreeMap<String, Broker>,
    /// Its staff's log-in instead of the installation's.
    #[serde(default)]
    pub staff_broker: Option<Broker>,
    /// More of them.
    #[serde(default)]
    pub staff_brokers: BTreeMap<String, Broker>,
    /// Which levels of assurance are enough for it, where it is not as in the installation.
    #[serde(default)]
    pub levels: LevelSettings,
    /// Its own order at Navet instead of the installation's.
    #[serde(default)]
    pub navet: Option<Navet>,
    /// Its own register of companies instead of the installation's.
    #[serde(default)]
    pub company_register: Option<CompanyRegister>,
    /// Its own agreement with Mina ombud instead of the installation's.
    #[serde(default)]
    pub powers_of_attorney: Option<PowersOfAttorney>,
    /// Its own sender of mail.
    #[serde(default)]
    pub smtp: Option<Sender>,
    /// Its own receiving systems beside or instead of the installation's.
    #[serde(default)]
    pub targets: BTreeMap<TargetSlug, Target>,
    /// Which of them takes what, where it is not as the service or the installation says.
    #[serde(default)]
    pub routing: Vec<Route>,
}

fn no_slug() -> MunicipalitySlug {
    // Replaced by the folder's name directly after reading; a literal that is a valid slug.
    "x".parse().unwrap_or_else(|_| unreachable!())
}

/// How a municipality is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Switchboard.
    pub phone: String,
    /// Official mailbox.
    pub email: String,
    /// Postal address in one line.
    pub address: String,
    /// May be given in several languages.
    pub opening_hours: Words,
}

/// Colours, `#rrggbb`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Buttons, links, header.
    pub primary: String,
    /// Light surface of the same hue.
    pub tint: String,
}

/// Law that differs by place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// The administrative court of the county.
    pub administrative_court: String,
    /// E-mail of the data protection officer.
    pub data_protection_officer: String,
}

/// How long things are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days that an unsent draft is kept after the last answer.
    pub draft_days: u32,
}

/// A sender of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// `Skara kommun <svara-inte@skara.se>`.
    pub from: String,
}

/// What a host name means.
#[derive(Clone, Debug)]
pub enum Host {
    /// A municipality's own address.
    Home(Arc<Municipality>),
    /// Another name for it: redirect to the first.
    Alias(Arc<Municipality>),
    /// Nobody's: 421.
    Unknown,
}

/// Every municipality of the installation.
#[derive(Clone, Debug)]
pub struct Municipalities {
    all: Arc<Vec<Arc<Municipality>>>,
    /// Loopback addresses stand for the first municipality in demo and test.
    loopback_is_first: bool,
}

impl Municipalities {
    /// Reads every folder of `municipalities/`; all faults at once, each with its place.
    pub fn load(tree: &ConfigTree, loopback_is_first: bool) -> Result<Self, Vec<Fault>> {
        let (all, faults) = Self::read(tree, loopback_is_first);
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    /// As [`load`](Self::load), but those that can be read are there beside the faults of the others: for `check`, which
    /// goes on to their services.
    pub fn read(tree: &ConfigTree, loopback_is_first: bool) -> (Self, Vec<Fault>) {
        let (mut all, mut faults) = (Vec::<Arc<Municipality>>::new(), Vec::new());
        for folder in tree.folders("municipalities") {
            let path = Municipality::file_of(folder);
            let shown = tree.shown(&path);
            let Some(text) = tree.get(&path) else {
                faults.push(Fault::of(
                    shown,
                    "the file is missing",
                    "every folder of municipalities is a municipality",
                ));
                continue;
            };
            let (read, more) = toml_text::read::<Municipality>(&shown, text, SECRET_KEYS);
            faults.extend(more);
            let Some(mut m) = read else { continue };
            match folder.parse() {
                Ok(slug) => m.slug = slug,
                Err(_) => {
                    let hint = "use a–z, digits and hyphens: orkelljunga";
                    faults.push(Fault::of(shown, format!("the folder's name {folder} cannot be a name"), hint));
                    continue;
                }
            }
            let at = |key: &str, message: String, hint: &str| {
                Fault::at(&shown, text, place_of(text, key).unwrap_or_default(), message, hint)
            };
            faults.extend(m.faults().into_iter().map(|(key, message, hint)| at(key, message, hint)));
            for other in &all {
                if let Some(host) = m.hosts.iter().find(|h| other.hosts.contains(h)) {
                    let message = format!("the host {host} belongs to {} already", other.slug);
                    faults.push(at(
                        "hosts",
                        message,
                        "a host name leads to one municipality; take it away from one of them",
                    ));
                }
                if m.code == other.code {
                    let message = format!("the kommunkod {} belongs to {} already", m.code, other.slug);
                    faults.push(at("code", message, "every municipality has a code of its own"));
                }
            }
            all.push(Arc::new(m));
        }
        if all.is_empty() && faults.is_empty() {
            let hint = "write municipalities/<name>/municipality.toml";
            faults.push(Fault::of(tree.shown("municipalities"), "there is no municipality", hint));
        }
        // The one at `localhost` first, whatever its name: it is the one that a bare address shows.
        all.sort_by_key(|m| !m.hosts.iter().any(|h| h == "localhost"));
        (Self { all: Arc::new(all), loopback_is_first }, faults)
    }

    /// Every one.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Municipality>> {
        self.all.iter()
    }

    /// By slug.
    pub fn find(&self, slug: &MunicipalitySlug) -> Option<&Arc<Municipality>> {
        self.all.iter().find(|m| m.slug == *slug)
    }

    /// By kommunkod.
    pub fn find_by_code(&self, code: &str) -> Option<&Arc<Municipality>> {
        self.all.iter().find(|m| m.code == code)
    }

    /// By the `Host` header, with or without a port.
    pub fn by_host(&self, header: &str) -> Host {
        let host = match header.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => header,
        };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        for m in self.all.iter() {
            if m.hosts.first() == Some(&host) {
                return Host::Home(m.clone());
            }
            if m.hosts.contains(&host) {
                return Host::Alias(m.clone());
            }
        }
        let loopback = matches!(host.as_str(), "127.0.0.1" | "[::1]");
        match self.all.first() {
            Some(first) if loopback && self.loopback_is_first => Host::Alias(first.clone()),
            _ => Host::Unknown,
        }
    }
}

impl Municipality {
    /// Its file within the configuration.
    pub fn file_of(folder: &str) -> String {
        format!("municipalities/{folder}/municipality.toml")
    }

    /// What is wrong though every key is there: key, what, what to do.
    fn faults(&self) -> Vec<(&'static str, String, &'static str)> {
        let mut faults = Vec::new();
        if self.code.len() != 4 || !self.code.bytes().all(|b| b.is_ascii_digit()) {
            faults.push(("code", format!("`{}` is no kommunkod", self.code), "four digits: 1257"));
        }
        if let Err(e) = Organisationsnummer::parse(&self.organisation_number) {
            faults.push(("organisation_number", e.to_string(), "ten digits, of which the last is a check digit"));
        }
        if self.hosts.is_empty() {
            faults.push(("hosts", "there is no host name".to_owned(), "write hosts = [\"etjanster.kommun.se\"]"));
        }
        if let Some(host) = self.hosts.iter().find(|h| !is_host(h)) {
            let hint = "a name alone, in lower case: no scheme, port or path";
            faults.push(("hosts", format!("`{host}` is no host name"), hint));
        }
        for (key, colour) in [("look.primary", &self.look.primary), ("look.tint", &self.look.tint)] {
            let digits = colour.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                faults.push((key, format!("`{colour}` is no colour"), "a colour is written #rrggbb"));
            }
        }
        faults
    }

    /// Its address as people see it: its first host with scheme and port of `public_url`. No slash at the end.
    pub fn address(&self, public_url: &url::Url) -> String {
        let host = self.hosts.first().map(String::as_str).unwrap_or_default();
        match public_url.port() {
            Some(port) => format!("{}://{host}:{port}", public_url.scheme()),
            None => format!("{}://{host}", public_url.scheme()),
        }
    }
}

/// As browsers send it in `Host`, without the port.
fn is_host(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_leads_to_its_municipality_and_to_no_other() {
        let all = Municipalities::load(&ConfigTree::embedded(), true).unwrap();
        assert!(matches!(all.by_host("localhost:8080"), Host::Home(m) if m.code == "1257"));
        assert!(matches!(all.by_host("LIDKOPING.localhost"), Host::Home(m) if m.code == "1494"));
        assert!(matches!(all.by_host("orkelljunga.localhost:1"), Host::Alias(m) if m.code == "1257"));
        assert!(matches!(all.by_host("127.0.0.1:8080"), Host::Alias(_)));
        assert!(matches!(all.by_host("example.org"), Host::Unknown));
        let production = Municipalities::load(&ConfigTree::embedded(), false).unwrap();
        assert!(matches!(production.by_host("127.0.0.1"), Host::Unknown));
    }
}
