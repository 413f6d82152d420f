//! Who logged in, read from verified claims.

use super::{BrokerConfig, LoginFault, Purpose};
use crate::vocabulary::{At, Organisationsnummer, Personnummer, PersonnummerKind};
use serde_json::{Map, Value};
use std::fmt;

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
}

/// Who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// A resident. Names are for display, and may be missing.
    Citizen {
        /// Personnummer or samordningsnummer.
        number: Personnummer,
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
#[derive(Clone, PartialEq, Eq)]
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
        now: At,
    ) -> Result<Self, LoginFault> {
        match purpose {
            Purpose::Citizen => Ok(Who::Citizen {
                number: number(claims, config, now)?,
                given_name: name(claims, "given_name"),
                family_name: name(claims, "family_name"),
                name: name(claims, "name"),
            }),
            Purpose::Staff => {
                let affiliation = identifier(claims, &config.claims.org_affiliation);
                let affiliation = affiliation.ok_or(LoginFault::AffiliationInvalid)?;
                let org_number = organisation(&affiliation).ok_or(LoginFault::AffiliationInvalid)?;
                let said = present(claims, &config.claims.org_number);
                if said.is_some_and(|said| said.as_str() != Some(org_number.as_str())) {
                    return Err(LoginFault::AffiliationInvalid);
                }
                let org_name = name(claims, &config.claims.org_name);
                Ok(Who::Staff { affiliation, name: name(claims, "name"), org_name, org_number })
            }
        }
    }
}

/// Exactly one number, in the claim of its own kind. A text that only looks like a number is an error: whoever delivers
/// it does not know what it delivers.
fn number(claims: &Map<String, Value>, config: &BrokerConfig, now: At) -> Result<Personnummer, LoginFault> {
    let personal = present(claims, &config.claims.personal_identity_number);
    let coordination = present(claims, &config.claims.coordination_number);
    let (value, kind) = match (personal, coordination) {
        (Some(_), Some(_)) => return Err(LoginFault::NumberAmbiguous),
        (Some(value), None) => (value, PersonnummerKind::Personnummer),
        (None, Some(value)) => (value, PersonnummerKind::Samordningsnummer),
        (None, None) => return Err(LoginFault::NumberMissing),
    };
    let text = value.as_str().ok_or(LoginFault::NumberInvalid)?;
    let number = Personnummer::from_canonical(text).map_err(|_| LoginFault::NumberInvalid)?;
    if number.kind() != kind {
        return Err(LoginFault::NumberInWrongClaim);
    }
    if number.birth_date().is_some_and(|born| born > now.day()) {
        return Err(LoginFault::NumberInvalid);
    }
    Ok(number)
}

fn organisation(affiliation: &str) -> Option<Organisationsnummer> {
    let (person, organisation) = affiliation.rsplit_once('@')?;
    let is_plain = organisation.len() == 10 && organisation.bytes().all(|b| b.is_ascii_digit());
    if person.is_empty() || !is_plain {
        return None;
    }
    Organisationsnummer::parse(organisation).ok()
}

fn present<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    claims.get(name).filter(|value| !value.is_null())
}

/// A machine's name for something: printable ASCII, or left out.
pub(super) fn identifier(claims: &Map<String, Value>, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?;
    let good = (1..=MAX_IDENTIFIER).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    good.then(|| text.to_owned())
}

/// A name to show: without control characters and without those that turn or hide text; cut; the Swedish one where a
/// broker sends only names with a language.
fn name(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let text = match claims.get(claim).and_then(Value::as_str) {
        Some(text) => text,
        None => claims.get(&format!("{claim}#sv"))?.as_str()?,
    };
    let visible: String = text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(MAX_NAME).collect();
    let visible = visible.trim();
    (!visible.is_empty()).then(|| visible.to_owned())
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
