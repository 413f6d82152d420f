//! For whom a citizen acts, as it is sealed in her session. A capacity is a party of its own: whatever she does while she
//! acts hangs on that party and on no other.

use super::Citizen;
use crate::forms::Actor;
use crate::vocabulary::{At, Organisationsnummer, PartyId, Personnummer};
use crate::web::AppError;
use crate::word_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

word_enum! {
    /// What gives somebody the right to act for another.
    AuthorityKind {
        /// Custody of a child.
        Guardian = "guardian",
        /// Signs for the organisation by herself.
        SignatorySole = "signatory_sole",
        /// Signs together with others; alone she may prepare and ask, not decide.
        SignatoryJoint = "signatory_joint",
        /// Holds a power of attorney in Mina ombud.
        MinaOmbud = "mina_ombud",
        /// Says so herself.
        Declared = "declared",
    }
}

word_enum! {
    /// Who says so; the words of the contract.
    AuthoritySource {
        /// Navet.
        PopulationRegister = "population-register",
        /// The register of companies.
        CompanyRegister = "company-register",
        /// Mina ombud.
        MinaOmbud = "mina-ombud",
        /// Herself.
        SelfDeclared = "self-declared",
    }
}

/// A right to act for somebody, as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// What gives it.
    pub kind: AuthorityKind,
    /// Who says so.
    pub source: AuthoritySource,
    /// The source's own name of what it holds; may be empty.
    pub source_ref: String,
    /// Permission codes that let her act; only of a power of attorney, which reaches no further than they do.
    pub powers: BTreeSet<String>,
    /// When it was found.
    pub verified_at: At,
    /// When it ends whatever happens: custody on the eighteenth birthday.
    pub valid_until: Option<At>,
}

impl Authority {
    /// False for a power of attorney that lets her read only.
    pub fn lets_act(&self) -> bool {
        self.kind != AuthorityKind::MinaOmbud || !self.powers.is_empty()
    }
}

/// The number of whoever is acted for. A sole trader's is a person's.
#[derive(Clone, PartialEq, Eq)]
pub enum PrincipalNumber {
    /// A child's, or a sole trader's own.
    Person(Personnummer),
    /// An organisation's.
    Organisation(Organisationsnummer),
}

impl PrincipalNumber {
    /// From the digits as they lie under seal: twelve for a person, ten for an organisation.
    pub fn from_digits(digits: &str) -> Option<Self> {
        if digits.len() == 12 {
            Personnummer::from_canonical(digits).ok().map(Self::Person)
        } else {
            Organisationsnummer::parse(digits).ok().map(Self::Organisation)
        }
    }

    /// Digits only. For storage under seal and for the receiver of a case; never for logs or addresses.
    pub fn expose(&self) -> &str {
        match self {
            Self::Person(number) => number.expose(),
            Self::Organisation(number) => number.as_str(),
        }
    }

    /// With a dash, for the eyes of whoever acts.
    pub fn shown(&self) -> String {
        match self {
            Self::Person(number) => number.for_its_owner(),
            Self::Organisation(number) => number.to_string(),
        }
    }
}

impl fmt::Debug for PrincipalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrincipalNumber(not printed)")
    }
}

/// Where the one that is acted for can be written to, from a register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrincipalAddress {
    /// Street or box.
    pub street: String,
    /// As on a letter.
    pub postcode: String,
    /// Town.
    pub city: String,
}

/// For whom she acts.
#[derive(Clone, Serialize, Deserialize)]
pub struct Acting {
    /// Her own party: who does it.
    pub actor: PartyId,
    /// What the one that is acted for is; never [`Actor::Oneself`].
    pub kind: Actor,
    /// Its name, for the banner of every page.
    pub name: String,
    /// Digits. Sealed with the session; see [`number`](Self::number).
    number: String,
    /// From a register, where it has one.
    pub address: Option<PrincipalAddress>,
    /// By what right.
    pub authority: Authority,
    /// Stands in every form that is made while she acts, so that it is not taken when she acts for another. The party.
    mark: PartyId,
}

impl Acting {
    /// As chosen. `party` is that of the capacity.
    pub fn new(
        actor: PartyId,
        party: PartyId,
        kind: Actor,
        name: String,
        number: &PrincipalNumber,
        address: Option<PrincipalAddress>,
        authority: Authority,
    ) -> Self {
        Self { actor, kind, name, number: number.expose().to_owned(), address, authority, mark: party }
    }

    /// Its number.
    pub fn number(&self) -> Result<PrincipalNumber, AppError> {
        PrincipalNumber::from_digits(&self.number).ok_or_else(|| AppError::internal("a principal without a number"))
    }
}

impl fmt::Debug for Acting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acting({:?}, {}, {})", self.kind, self.mark, self.authority.kind.as_str())
    }
}

impl Citizen {
    /// Her own party, for whomever she acts.
    pub fn person(&self) -> &PartyId {
        self.acting.as_ref().map_or(&self.party, |acting| &acting.actor)
    }

    /// The same person, for somebody else or (with `None`) for herself.
    pub fn acting_as(&self, acting: Option<Acting>) -> Citizen {
        let party = acting.as_ref().map_or_else(|| self.person().clone(), |acting| acting.mark.clone());
        Citizen { party, acting, ..self.clone() }
    }

    /// Who did something, for the audit log: she, and for whom.
    pub fn audited(&self) -> String {
        match &self.acting {
            None => format!("party:{}", self.party),
            Some(acting) => format!("party:{} for party:{}", acting.actor, self.party),
        }
    }
}
