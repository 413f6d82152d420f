//! The answer to "what do we know about her", as plain values that a form can take.

use crate::vocabulary::{At, Day, Personnummer};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// How much a service asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The person who fills in the form.
    Applicant,
    /// Also the children she has custody of and who shares it.
    ApplicantAndChildren,
}

/// What is known about a person. `Debug` prints the state and nothing else.
#[derive(Clone, PartialEq)]
pub struct Known {
    pub state: State,
    /// Prefill sources by name:
    /// `navet.given_names`, `navet.first_name` (tilltalsnamn), `navet.surname`, `navet.name`;
    /// `navet.care_of`, `navet.address_extra`, `navet.street`, `navet.postcode`, `navet.city` (registered address, else
    /// special postal address); the same five as `navet.postal_…` (where mail goes); `navet.foreign_address` (lines),
    /// `navet.country`; `navet.municipality_code`, `navet.property`, `navet.apartment`, `navet.civil_status`.
    /// A missing key is not known, or not to be shown.
    pub values: BTreeMap<&'static str, String>,
    /// Children she has custody of, in order of age, eldest first. Empty unless asked for.
    pub children: Vec<Child>,
    /// At least one child may not be shown here. How many must not be told.
    pub children_hidden: bool,
    /// Children were asked for, but not everyone could be looked up: the list is empty, and a service that rests on
    /// custody must stop with "try again later".
    pub children_unavailable: bool,
    /// She has protected personal data.
    pub protected: bool,
    /// Nobody could say whether she has: treat her as protected and mark the case "skyddsstatus ej kontrollerad".
    pub protection_unchecked: bool,
    /// Her number has changed: this is the new one.
    pub new_number: Option<Personnummer>,
    /// `YYYYMMDDhhmmss` of the register's last change, for the snapshot in a case.
    pub changed_at: Option<String>,
    /// Ties this answer to the log and the audit trail.
    pub correlation: Uuid,
}

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The register answered at this time; not more than an hour ago.
    Fresh { fetched_at: At },
    /// The register did not answer: empty, editable fields.
    Unavailable,
    /// Nobody by that number, which may mean protected. Neutral empty form; never say that she does not exist.
    Unknown,
    /// Protected: name only.
    Protected { fetched_at: At },
    /// In the register, but missing, deregistered or of doubtful identity: nothing is prefilled.
    Withheld { fetched_at: At },
    /// May not act here: end the session, log a security event.
    Blocked(Block),
}

/// Why a person may not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Registered as dead.
    Deceased,
    /// Registered under a false identity.
    FalseIdentity,
}

/// A child that the applicant has custody of and may see here.
#[derive(Clone, PartialEq, Eq)]
pub struct Child {
    pub number: Personnummer,
    /// `Ebba Linnéa Åkesson`; a newborn without a given name is described by her birth date.
    pub name: String,
    /// Tilltalsnamn.
    pub first_name: String,
    pub born: Day,
    /// For the service's own decisions. Not for pages: one guardian must not learn where the other lives.
    pub municipality_code: Option<String>,
    /// Someone else has custody too.
    pub shared_custody: bool,
    /// Whether those others can sign.
    pub second_signature: SecondSignature,
    /// The others who can sign with e-legitimation. Those who are protected or out of reach are never here.
    pub other_guardians: Vec<OtherGuardian>,
    /// False when another guardian has protected personal data, or may have: then nobody acts for the child here.
    pub may_be_represented: bool,
    /// Every other guardian lives at the applicant's registered address and nobody of them is protected: a service may
    /// let this stand for the second signature.
    pub same_address: bool,
}

/// Someone else with custody, who is not protected and can sign.
#[derive(Clone, PartialEq, Eq)]
pub struct OtherGuardian {
    /// For the invitation to sign; not for pages.
    pub number: Personnummer,
    pub name: String,
}

/// Whether a second guardian must sign, and can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondSignature {
    /// Sole custody.
    NotNeeded,
    /// All others can sign with e-legitimation.
    Possible,
    /// At least one other cannot be asked here (protected, never registered, missing): staff take it by hand.
    Manual,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("state", &self.state)
            .field("correlation", &self.correlation)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Child(not printed)")
    }
}

impl fmt::Debug for OtherGuardian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherGuardian(not printed)")
    }
}
