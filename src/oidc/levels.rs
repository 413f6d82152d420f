//! Levels of assurance. Exact strings of the Sweden Connect registry; a level is never read out of a URI's spelling.

use super::RelyingParty;
use std::collections::BTreeMap;

const LOA2: &str = "http://id.elegnamnden.se/loa/1.0/loa2";
const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
/// Self-declared provider, or an unreviewed broker in front of a reviewed e-legitimation such as BankID.
const UNCERTIFIED_LOA2: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa2";
const UNCERTIFIED_LOA3: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3";
/// Through the Swedish eIDAS node, from schemes that are notified.
const EIDAS_SUBSTANTIAL: &str = "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub";
const EIDAS_HIGH: &str = "http://id.elegnamnden.se/loa/1.0/eidas-nf-high";
/// The same through a proxy.
const UNCERTIFIED_EIDAS_SUBSTANTIAL: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-eidas-sub";
const UNCERTIFIED_EIDAS_HIGH: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-eidas-high";

/// Stands for `acr` where a broker sends none and settings say which level to assume.
pub(super) const ASSUMED: &str = "urn:kommunportal:acr:assumed";

/// Which `acr` values reach level 2, 3 and 4. Swedish and eIDAS levels correspond only roughly and are not translated:
/// they stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Of e-legitimation with a Swedish number.
    pub swedish: BTreeMap<u8, Vec<String>>,
    /// Of foreign e-legitimation.
    pub foreign: BTreeMap<u8, Vec<String>>,
}

impl Default for Levels {
    fn default() -> Self {
        let owned = |all: &[&str]| all.iter().map(|acr| (*acr).to_owned()).collect::<Vec<_>>();
        let substantial =
            [EIDAS_SUBSTANTIAL, EIDAS_HIGH, UNCERTIFIED_EIDAS_SUBSTANTIAL, UNCERTIFIED_EIDAS_HIGH].as_slice();
        Self {
            swedish: BTreeMap::from([
                (2, owned(&[LOA2, LOA3, LOA4, UNCERTIFIED_LOA2, UNCERTIFIED_LOA3])),
                (3, owned(&[LOA3, LOA4, UNCERTIFIED_LOA3])),
                (4, owned(&[LOA4])),
            ]),
            foreign: BTreeMap::from([(2, owned(substantial)), (3, owned(substantial))]),
        }
    }
}

impl Levels {
    /// From a broker's own values, each with the level it stands for: a higher level is good for the lower ones.
    pub fn mapped(values: &BTreeMap<String, u8>) -> Self {
        let reaching = |level: u8| values.iter().filter(|(_, at)| **at >= level).map(|(acr, _)| acr.clone()).collect();
        Self { swedish: (2..=4).map(|level| (level, reaching(level))).collect(), foreign: BTreeMap::new() }
    }

    /// The highest level that the value reaches, and whether it is a foreign one.
    pub(super) fn reached(&self, acr: &str) -> Option<(u8, bool)> {
        let highest = |levels: &BTreeMap<u8, Vec<String>>| {
            levels.iter().rev().find(|(_, all)| all.iter().any(|one| one == acr)).map(|(level, _)| *level)
        };
        highest(&self.swedish).map(|level| (level, false)).or_else(|| highest(&self.foreign).map(|level| (level, true)))
    }
}

impl RelyingParty {
    /// The `acr` values by which this broker's answers reach a Swedish level of assurance (tillitsnivå 2, 3 or 4). Any
    /// other number gives none, and a log-in that accepts nothing is refused.
    pub fn accepted_acr(&self, level: u8) -> Vec<String> {
        let mut accepted = self.config.levels.swedish.get(&level).cloned().unwrap_or_default();
        if (2..=4).contains(&level) && self.config.assumed_level.is_some_and(|assumed| assumed >= level) {
            accepted.push(ASSUMED.to_owned());
        }
        accepted
    }

    /// The values of foreign e-legitimation beside it, for a service that takes them; none where settings of the broker
    /// do not say `eidas`. A log-in that accepts one may bring somebody without a Swedish number.
    pub fn accepted_foreign_acr(&self, level: u8) -> Vec<String> {
        let foreign = self.config.levels.foreign.get(&level).filter(|_| self.config.eidas);
        foreign.cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_level_is_accepted_where_a_lower_is_asked_for() {
        let levels = Levels::default();
        for level in 2..4 {
            let (lower, higher) = (&levels.swedish[&level], &levels.swedish[&(level + 1)]);
            assert!(higher.iter().all(|acr| lower.contains(acr)));
        }
        assert_eq!(levels.reached(LOA4), Some((4, false)));
        assert_eq!(levels.reached(EIDAS_HIGH), Some((3, true)));
        assert_eq!(levels.reached("http://id.elegnamnden.se/loa/1.0/loa5"), None);
        let own = Levels::mapped(&BTreeMap::from([("urn:a".to_owned(), 3), ("urn:b".to_owned(), 2)]));
        assert_eq!(
            (own.reached("urn:a"), own.reached("urn:b"), own.reached(LOA4)),
            (Some((3, false)), Some((2, false)), None)
        );
    }
}
