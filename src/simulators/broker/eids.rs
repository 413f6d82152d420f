//! The e-legitimations that can be chosen, and the levels that each gives. Registry for identifiers 1.8.

use super::styles::Style;

/// What the person identifies herself with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eid {
    BankId,
    FrejaPlus,
    SvenskaPass,
    Foreign,
}

const LOA2: &str = "http://id.elegnamnden.se/loa/1.0/loa2";
const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
const UNCERTIFIED2: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa2";
const UNCERTIFIED3: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3";

/// Levels below what any of them gives, or that nobody should accept: for the page's "another level".
const BEYOND: &[&str] = &[
    "http://id.elegnamnden.se/loa/1.0/loa1",
    "http://id.swedenconnect.se/loa/1.0/loa2-nonresident",
    "http://id.swedenconnect.se/loa/1.0/loa3-nonresident",
];

impl Eid {
    pub(super) const ALL: [Self; 4] = [Self::BankId, Self::FrejaPlus, Self::SvenskaPass, Self::Foreign];

    /// Its name in forms, in `authnProvider`, and after `broker-eid-` in the texts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BankId => "bankid",
            Self::FrejaPlus => "freja",
            Self::SvenskaPass => "pass",
            Self::Foreign => "eidas",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|eid| eid.name() == name)
    }

    /// The levels it can give, its usual one first.
    pub(super) fn levels(self) -> &'static [&'static str] {
        match self {
            Self::BankId => &[LOA3, UNCERTIFIED3],
            Self::FrejaPlus => &[LOA3, UNCERTIFIED3, LOA2, UNCERTIFIED2],
            Self::SvenskaPass => &[LOA4, LOA3],
            Self::Foreign => &[
                "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub",
                "http://id.elegnamnden.se/loa/1.0/eidas-nf-high",
                "http://id.elegnamnden.se/loa/1.0/eidas-nf-low",
                "http://id.elegnamnden.se/loa/1.0/eidas-sub",
                "http://id.elegnamnden.se/loa/1.0/eidas-high",
                "http://id.swedenconnect.se/loa/1.0/uncertified-eidas-sub",
                "http://id.swedenconnect.se/loa/1.0/uncertified-eidas-high",
            ],
        }
    }

    /// The level of a log-in: the usual one when it will do, else the first that will; `None` when none does.
    pub(super) fn level_for(self, wanted: &[&str]) -> Option<&'static str> {
        self.levels().iter().copied().find(|level| wanted.is_empty() || wanted.contains(level))
    }

    /// Whether a broker of this style offers it.
    pub(super) fn is_offered(self, style: Style) -> bool {
        style.reads_claims() || matches!(self, Self::BankId | Self::FrejaPlus)
    }
}

/// Every level that anything here gives: for discovery.
pub(super) fn given() -> Vec<&'static str> {
    let mut all = Vec::new();
    for level in Eid::ALL.iter().flat_map(|eid| eid.levels()) {
        if !all.contains(level) {
            all.push(*level);
        }
    }
    all
}

/// Every level that can be lied about.
pub(super) fn known() -> Vec<&'static str> {
    given().into_iter().chain(BEYOND.iter().copied()).collect()
}
