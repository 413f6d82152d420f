//! How a right to act is told to whoever receives a case.

use crate::contract::{Authentication, Identifier, Mandate, Party};
use crate::portal::identity::{Authority, Citizen, PrincipalNumber};
use crate::vocabulary::PersonnummerKind;

/// An identity number in the words of the contract.
pub fn identifier(number: &PrincipalNumber) -> Identifier {
    let kind = match number {
        PrincipalNumber::Organisation(_) => "organisationNumber",
        PrincipalNumber::Person(number) => match number.kind() {
            PersonnummerKind::Personnummer => "personalNumber",
            PersonnummerKind::Samordningsnummer => "coordinationNumber",
        },
    };
    Identifier { kind: kind.to_owned(), value: number.expose().to_owned() }
}

/// What somebody who is logged in is known by; a provisional identity when she has no Swedish number.
pub fn own_identifier(citizen: &Citizen) -> Option<Identifier> {
    let own = citizen.number().map(|number| identifier(&PrincipalNumber::Person(number)));
    let foreign = || citizen.foreign.as_ref();
    own.or_else(|| foreign().map(|f| Identifier { kind: "provisionalId".to_owned(), value: f.prid.clone() }))
}

/// Who acts, as the representative of whoever she acts for. Whether she is protected is for the caller to say.
pub fn representative(citizen: &Citizen, authority: &Authority) -> Party {
    Party {
        role: "representative".to_owned(),
        kind: "person".to_owned(),
        name: Some(citizen.name.clone()),
        identifier: own_identifier(citizen),
        contact: None,
        authentication: Some(Authentication {
            method: citizen.method.clone(),
            assurance_level: citizen.acr.clone(),
            at: citizen.auth_at,
        }),
        mandate: Some(Mandate {
            kind: authority.kind.as_str().to_owned(),
            source: authority.source.as_str().to_owned(),
            reference: Some(authority.source_ref.clone()).filter(|r| !r.is_empty()),
            verified_at: authority.verified_at,
        }),
        protected_identity: false,
        protection_unchecked: false,
    }
}
