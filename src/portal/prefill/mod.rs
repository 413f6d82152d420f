//! What the municipality already knows about the resident, from the population register (folkbokföringen) through
//! Skatteverket's Navet. Best effort: a form always works without it, only services that rest on custody stop.
//!
//! [`Prefill::known_about`] is the one question. The applicant alone is looked up at log-in; children and their other
//! guardians only when a service asks for them (data minimisation, GDPR article 5.1 c). Whatever is not a clear "not
//! protected" is treated as protected (offentlighets- och sekretesslagen (2009:400) 21 kap. 3 och 3 a §§, 22 kap. 1 §).

mod address;
mod client;
mod custody;
mod known;
mod lookup;
mod names;
mod protection;
mod record;
mod register;
mod registers;
mod soap;
mod store;
mod values;
mod xml;

pub use client::{InvalidNavetConfig, NavetConfig, NavetSoap};
pub use known::{Block, Child, Known, Need, OtherGuardian, SecondSignature, State};
pub use lookup::{Cache, Prefill, Vault};
pub use record::{
    Deregistration, ForeignAddress, IdentityStatus, Person, RelatedTo, Relation, RelationKind, SwedishAddress,
};
pub use register::{PopulationRegister, Unanswered};
pub use registers::Registers;
pub use soap::{Reply, Unreadable, parse_reply};
pub use store::sweep_registry_cache;

#[cfg(test)]
mod tests;
