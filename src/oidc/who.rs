//! Who logged in, read from verified claims.

use super::numbers::find;
use super::{BrokerConfig, Evidence, Identity, LoginFault, Purpose};
use crate::vocabulary::{At, Organisationsnummer};
use serde_json::{Map, Value};
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

const MAX_NAME: usize = 200;
const MAX_IDENTIFIER: usize = 255;

/// Somebody who has been authenticated just now. Its `Debug` shows no personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// Citizen or staff, as the transaction asked.
    pub who: Who,
    /// The level of assurance, one of those that the transaction accepts.
    pub acr: String,
    /// When the person authenticated, by the broker's clock.
    pub auth_time: At,
    /// The broker's transaction id, for questions to the broker.
    pub txn: Option<String>,
    /// Which e-legitimation was used, as the broker calls it.
    pub method: Option<String>,
    /// The broker.
    pub issuer: String,
    /// The broker's name for the person. Secondary: never the only key to anything.
    pub subject: String,
    /// The broker's session, for back-channel log-out.
    pub session_id: Option<String>,
    /// As received, for log-out at the broker.
    pub id_token: RawIdToken,
    /// The level that `acr` reaches by this broker's settings: 2, 3 or 4.
    pub level: u8,
    /// What proves the signature, when one was asked for.
    pub evidence: Option<Evidence>,
}

/// Who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// A resident. Names are for display, and may be missing.
    Citizen {
        /// The key.
        identity: Identity,
        /// Given names.
        given_name: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// The whole name.
        name: Option<String>,
    },
    /// A member of staff. What they may do is for the application to say.
    Staff {
        /// `<personal-id>@<organisation number>`, whole: the key.
        affiliation: String,
        /// The whole name.
        name: Option<String>,
        /// The organisation's name.
        org_name: Option<String>,
        /// The organisation's number, from the affiliation.
        org_number: Organisationsnummer,
    },
}

/// An ID token as received. Holds personal data; prints nothing.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RawIdToken(String);

impl RawIdToken {
    pub(super) fn new(raw: String) -> Self {
        Self(raw)
    }

    /// For `id_token_hint`; to be stored under seal only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RawIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawIdToken(•••)")
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Who::Citizen { .. } => "Citizen",
            Who::Staff { .. } => "Staff",
        })
    }
}

impl fmt::Debug for Authenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticated")
            .field("who", &self.who)
            .field("acr", &self.acr)
            .field("auth_time", &self.auth_time)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Who {
    pub(super) fn from_claims(
        claims: &Map<String, Value>,
        purpose: Purpose,
        config: &BrokerConfig,
        is_foreign: bool,
        now: At,
    ) -> Result<Self, LoginFault> {
        let names = &config.claims;
        match purpose {
            Purpose::Citizen => Ok(Who::Citizen {
                identity: Identity::from_claims(claims, config, is_foreign, now)?,
                given_name: name(claims, &names.given_name),
                family_name: name(claims, &names.family_name),
                name: name(claims, &names.name),
            }),
            Purpose::Staff => {
                let affiliation = identifier(claims, &names.org_affiliation);
                let affiliation = affiliation.ok_or(LoginFault::AffiliationInvalid)?;
                let org_number = organisation(&affiliation).ok_or(LoginFault::AffiliationInvalid)?;
                let said = find(claims, &names.org_number);
                if said.is_some_and(|said| said.as_str() != Some(org_number.as_str())) {
                    return Err(LoginFault::AffiliationInvalid);
                }
                let org_name = name(claims, &names.org_name);
                Ok(Who::Staff { affiliation, name: name(claims, &names.name), org_name, org_number })
            }
        }
    }
}

fn organisation(affiliation: &str) -> Option<Organisationsnummer> {
    let (person, organisation) = affiliation.rsplit_once('@')?;
    let is_plain = organisation.len() == 10 && organisation.bytes().all(|b| b.is_ascii_digit());
    if person.is_empty() || !is_plain {
        return None;
    }
    Organisationsnummer::parse(organisation).ok()
}

/// A machine's name for something: printable ASCII, or left out.
pub(super) fn identifier(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let text = find(claims, name)?.as_str()?;
    let good = (1..=MAX_IDENTIFIER).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    good.then(|| text.to_owned())
}

/// Two letters of ISO 3166-1 (four of 3166-3), in large.
pub(super) fn upper_country(text: &str) -> Option<String> {
    (matches!(text.len(), 2 | 4) && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

/// A name to show: in composed form (NFC), without control characters and without those that turn or hide text; cut; the Swedish one where a
/// broker sends only names with a language.
fn name(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let text = match find(claims, claim).and_then(Value::as_str) {
        Some(text) => text,
        None => claims.get(&format!("{claim}#sv"))?.as_str()?,
    };
    let composed = text.nfc().filter(|c| !c.is_control() && !is_invisible(*c));
    let visible: String = composed.take(MAX_NAME).collect();
    let visible = visible.trim();
    (!visible.is_empty()).then(|| visible.to_owned())
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
