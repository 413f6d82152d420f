//! How brokers differ: one issuer for each way of naming claims and levels that is found in Sweden.

use super::eids::Eid;
use super::subject::{PERSONNUMMER, SAMORDNINGSNUMMER};
use serde_json::json;

/// Which kind of broker an issuer plays. The client's side of them is `oidc::BrokerConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The Swedish OpenID Connect Profile 1.0.
    Strict,
    /// The Profile under the names of its drafts.
    DraftNames,
    /// As Idura, formerly Criipto: `ssn`, and `acr` names the method.
    Ssn,
    /// As Signicat: `nin` from UserInfo, `idp`, tokens that live ten minutes.
    Nin,
}

/// A scope: its name, whether the ID token carries its claims too (UserInfo always does), and the claims.
pub(super) type Scope = (&'static str, bool, &'static [&'static str]);

const NAMES: &[&str] = &["family_name", "given_name", "name", "birthdate"];

const STRICT: &[Scope] = &[
    ("https://id.oidc.se/scope/naturalPersonInfo", false, NAMES),
    ("https://id.oidc.se/scope/naturalPersonNumber", true, &[PERSONNUMMER, SAMORDNINGSNUMMER]),
    ("https://id.oidc.se/scope/naturalPersonOrgId", true, &[super::subject::AFFILIATION]),
    (
        "https://id.oidc.se/scope/naturalPersonOrgId",
        false,
        &["name", super::subject::ORG_NAME, super::subject::ORG_NUMBER],
    ),
    (super::sign::SIGN, true, &[]),
    (super::sign::APPROVAL, true, &[]),
    (
        "https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity",
        true,
        &[super::foreign::PRID, super::foreign::PERSISTENCE],
    ),
    ("https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity", false, &[super::foreign::EIDAS_IDENTIFIER]),
    (
        "https://id.swedenconnect.se/scope/eidasSwedishIdentity",
        false,
        &[super::foreign::MAPPED_PERSONNUMMER, super::foreign::MAPPED_SAMORDNINGSNUMMER, super::foreign::BINDING],
    ),
    ("profile", false, NAMES),
];

const DRAFT_PERSONNUMMER: &str = "https://claims.oidc.se/1.0/personalNumber";
const DRAFT_SAMORDNINGSNUMMER: &str = "https://claims.oidc.se/1.0/coordinationNumber";

const DRAFT: &[Scope] = &[
    ("https://scopes.oidc.se/1.0/naturalPersonPnr", true, &[DRAFT_PERSONNUMMER, DRAFT_SAMORDNINGSNUMMER]),
    ("https://scopes.oidc.se/1.0/naturalPersonName", false, NAMES),
    (super::sign::SIGN, true, &[]),
    ("profile", false, NAMES),
];

const SSN: &[Scope] = &[
    // Everything comes with `openid` alone, in the ID token.
    ("openid", true, &["ssn", "country", "identityscheme", "name", "given_name", "family_name", "birthdate"]),
    ("profile", true, NAMES),
];

const NIN: &[Scope] = &[
    ("openid", true, &["idp"]),
    ("nin", false, &["nin", "nin_type", "nin_issuing_country"]),
    ("profile", false, NAMES),
];

impl Style {
    /// Every style.
    pub const ALL: [Self; 4] = [Self::Strict, Self::DraftNames, Self::Ssn, Self::Nin];

    /// What follows the broker's address in this style's issuer.
    pub fn path(self) -> &'static str {
        match self {
            Self::Strict => "",
            Self::DraftNames => "/draft_names",
            Self::Ssn => "/ssn_style",
            Self::Nin => "/nin_style",
        }
    }

    /// The claims of personnummer and samordningsnummer; the same one where the value tells which it is.
    pub(super) fn number_claims(self) -> [&'static str; 2] {
        match self {
            Self::Strict => [PERSONNUMMER, SAMORDNINGSNUMMER],
            Self::DraftNames => [DRAFT_PERSONNUMMER, DRAFT_SAMORDNINGSNUMMER],
            Self::Ssn => ["ssn"; 2],
            Self::Nin => ["nin"; 2],
        }
    }

    pub(super) fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Strict => STRICT,
            Self::DraftNames => DRAFT,
            Self::Ssn => SSN,
            Self::Nin => NIN,
        }
    }

    /// Whether the `claims` parameter is understood, and so levels asked for by `acr` in it.
    pub(super) fn reads_claims(self) -> bool {
        matches!(self, Self::Strict | Self::DraftNames)
    }

    /// Whether UserInfo is a signed token; else JSON.
    pub(super) fn signs_userinfo(self) -> bool {
        self.reads_claims()
    }

    /// How long an ID token lives: the Profile allows five minutes.
    pub(super) fn id_token_seconds(self) -> i64 {
        if self == Self::Nin { 600 } else { 300 }
    }

    /// What `acr_values_supported` lists.
    pub(super) fn acr_values(self) -> Vec<&'static str> {
        match self {
            Self::Strict | Self::DraftNames => super::eids::given(),
            Self::Ssn => SSN_METHODS.iter().map(|(value, _)| *value).collect(),
            Self::Nin => NIN_METHODS.iter().map(|(value, _)| *value).collect(),
        }
    }

    /// The e-legitimation that `acr_values` names, and the value that named it.
    pub(super) fn method(self, acr_values: &str) -> Option<(Eid, &str)> {
        let methods = match self {
            Self::Strict | Self::DraftNames => return None,
            Self::Ssn => SSN_METHODS,
            Self::Nin => NIN_METHODS,
        };
        let eid = |value: &str| methods.iter().find(|(known, _)| *known == value).map(|(_, eid)| *eid);
        acr_values.split(' ').find_map(|value| Some((eid(value)?, value)))
    }

    /// `acr` of a log-in at this level; what a style leaves out is `None`.
    pub(super) fn acr(self, level: &str, eid: Eid, asked: Option<&str>) -> Option<String> {
        match self {
            Self::Strict | Self::DraftNames => Some(level.to_owned()),
            Self::Ssn => {
                let usual = SSN_METHODS.iter().find(|(_, e)| *e == eid).map(|(value, _)| *value);
                asked.or(usual).map(str::to_owned)
            }
            Self::Nin => None,
        }
    }

    /// Everything known about somebody, under this style's names.
    pub(super) fn dress(self, about: &mut serde_json::Map<String, serde_json::Value>, eid: Eid) {
        let names = self.number_claims();
        for (profile, own) in [PERSONNUMMER, SAMORDNINGSNUMMER].into_iter().zip(names) {
            if let Some(number) = about.remove(profile) {
                about.insert(own.to_owned(), number);
            }
        }
        let freja = eid == Eid::FrejaPlus;
        match self {
            Self::Strict | Self::DraftNames => {}
            Self::Ssn => {
                about.insert("country".into(), json!("SE"));
                about.insert("identityscheme".into(), json!(if freja { "sefrejaid" } else { "sebankid" }));
            }
            Self::Nin => {
                about.insert("nin_type".into(), json!("PERSON"));
                about.insert("nin_issuing_country".into(), json!("SE"));
                about.insert("idp".into(), json!(if freja { "frejaid" } else { "sbid" }));
            }
        }
    }
}

const SSN_METHODS: &[(&str, Eid)] = &[
    ("urn:grn:authn:se:bankid", Eid::BankId),
    ("urn:grn:authn:se:bankid:same-device", Eid::BankId),
    ("urn:grn:authn:se:bankid:another-device:qr", Eid::BankId),
    ("urn:grn:authn:se:bankid:qr", Eid::BankId),
    ("urn:grn:authn:se:frejaid", Eid::FrejaPlus),
];

const NIN_METHODS: &[(&str, Eid)] = &[("idp:sbid", Eid::BankId), ("idp:frejaid", Eid::FrejaPlus)];
