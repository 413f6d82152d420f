//! What a citizen is known by: a Swedish number, or a foreign e-legitimation's provisional identity.

use super::numbers::{find, number};
use super::who::{identifier, upper_country};
use super::{BrokerConfig, LoginFault, NumberClaim};
use crate::vocabulary::{At, Personnummer};
use serde_json::{Map, Value};

/// What a citizen is known by.
#[derive(Clone, PartialEq, Eq)]
pub enum Identity {
    /// A Swedish number.
    Number {
        /// Personnummer or samordningsnummer: the key.
        number: Personnummer,
        /// Of a samordningsnummer, when the broker tells; it may have changed since.
        level: Option<CoordinationLevel>,
        /// The samordningsnummer that the person had before this number.
        previous: Option<Personnummer>,
    },
    /// A foreign e-legitimation through the eIDAS node.
    Foreign {
        /// Provisional identity, in lower case after the country: the key.
        prid: String,
        /// How long it lasts.
        persistence: Persistence,
        /// ISO 3166-1, of the e-legitimation.
        country: String,
        /// The Swedish number that is bound to it, with the bindings that settings accept. Without such a binding the
        /// number is not taken over.
        mapped: Option<(Personnummer, Vec<String>)>,
    },
}

/// How well the identity behind a samordningsnummer is established (lag 2022:1697).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoordinationLevel {
    /// Styrkt.
    Confirmed,
    /// Sannolik.
    Probable,
    /// Osäker.
    Uncertain,
}

/// How long a provisional identity names the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Persistence {
    /// As long as a personnummer.
    A,
    /// Until name or address changes.
    B,
    /// Until the e-legitimation changes: nothing may be tied to it for good.
    C,
}

/// Prefix of the claims of Sweden Connect.
pub(super) const SWEDEN_CONNECT: &str = "https://id.swedenconnect.se/claim/";

impl Identity {
    /// The person's Swedish number, her own or a mapped one whose binding is accepted.
    pub fn number(&self) -> Option<&Personnummer> {
        match self {
            Identity::Number { number, .. } => Some(number),
            Identity::Foreign { mapped, .. } => mapped.as_ref().map(|(number, _)| number),
        }
    }

    /// As the level says which: a foreign level must come with a foreign identity, a Swedish one with a number.
    pub(super) fn from_claims(
        claims: &Map<String, Value>,
        config: &BrokerConfig,
        is_foreign: bool,
        now: At,
    ) -> Result<Self, LoginFault> {
        if is_foreign {
            return foreign(claims, config, now);
        }
        let (number, _) = number(&config.numbers, claims, now)?;
        let level = claims.get(config.claims.coordination_number_level.as_str()).and_then(Value::as_str);
        let level = match level {
            Some("confirmed") => Some(CoordinationLevel::Confirmed),
            Some("probable") => Some(CoordinationLevel::Probable),
            Some("uncertain") => Some(CoordinationLevel::Uncertain),
            _ => None,
        };
        let previous = NumberClaim::new(&config.claims.previous_coordination_number, super::NumberKind::Samnr);
        Ok(Identity::Number { number, level, previous: previous.read(claims, now)? })
    }
}

fn foreign(claims: &Map<String, Value>, config: &BrokerConfig, now: At) -> Result<Identity, LoginFault> {
    let text = |suffix: &str| claims.get(&format!("{SWEDEN_CONNECT}{suffix}")).and_then(Value::as_str);
    // A Swedish number beside a foreign level: one of them is somebody else's.
    match number(&config.numbers, claims, now) {
        Err(LoginFault::NumberMissing) => {}
        _ => return Err(LoginFault::NumberAmbiguous),
    }
    let prid = text("prid").and_then(read_prid).ok_or(LoginFault::PridInvalid)?;
    let persistence = match text("pridPersistence") {
        Some("A") => Persistence::A,
        Some("B") => Persistence::B,
        Some("C") => Persistence::C,
        _ => return Err(LoginFault::PridInvalid),
    };
    let own_country = prid.get(..2).unwrap_or_default().to_owned();
    let country = identifier(claims, &format!("{SWEDEN_CONNECT}eidasCountry"));
    let country = country.and_then(|c| upper_country(&c)).unwrap_or(own_country);
    Ok(Identity::Foreign { prid, persistence, country, mapped: mapped(claims, config, now)? })
}

/// `XX:` and 10–30 characters. Letters count alike in both cases; kept with the country's large and the rest small.
fn read_prid(text: &str) -> Option<String> {
    let (country, rest) = text.split_once(':')?;
    let country = upper_country(country).filter(|_| country.len() == 2)?;
    let rest = rest.to_ascii_lowercase();
    let of = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let (first, last) = (rest.bytes().next()?, rest.bytes().last()?);
    let good = (10..=30).contains(&rest.len()) && of(first) && of(last) && rest.bytes().all(|b| of(b) || b == b'-');
    good.then(|| format!("{country}:{rest}"))
}

/// A mapped number without an accepted binding is as good as none; two mapped numbers are two persons.
fn mapped(
    claims: &Map<String, Value>,
    config: &BrokerConfig,
    now: At,
) -> Result<Option<(Personnummer, Vec<String>)>, LoginFault> {
    let bindings =
        find(claims, &format!("{SWEDEN_CONNECT}identityBinding")).and_then(Value::as_str).unwrap_or_default();
    let accepted: Vec<String> = bindings
        .split(';')
        .map(str::trim)
        .filter(|uri| config.identity_bindings.iter().any(|good| good == uri))
        .map(str::to_owned)
        .collect();
    if accepted.is_empty() {
        return Ok(None);
    }
    let places = [
        NumberClaim::new(format!("{SWEDEN_CONNECT}mappedPersonalIdentityNumber"), super::NumberKind::Pnr),
        NumberClaim::new(format!("{SWEDEN_CONNECT}mappedCoordinationNumber"), super::NumberKind::Samnr),
    ];
    match number(&places, claims, now) {
        Ok((number, _)) => Ok(Some((number, accepted))),
        Err(LoginFault::NumberMissing) => Ok(None),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provisional_identity_has_one_spelling_and_nothing_else_is_one() {
        for good in ["DE:1234567890", "de:1234567890", "NO:05068907693", "EE:a2345-78901234567890123456789b"] {
            assert!(read_prid(good).is_some(), "{good}");
        }
        assert_eq!(read_prid("de:ABCDEFGHIJ"), read_prid("DE:abcdefghij"));
        for bad in [
            "",
            "DE",
            "DE:123456789",
            "D3:1234567890",
            "DE:-234567890",
            "DE:123456789-",
            "DE:12345 7890",
            "DEU:1234567890",
        ] {
            assert_eq!(read_prid(bad), None, "{bad}");
        }
        assert_eq!(read_prid(&format!("DE:{}", "1".repeat(31))), None);
    }
}
