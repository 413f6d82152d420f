//! On whose behalf (företräda): herself, a child in her custody, a company or an association.
//!
//! She is the *actor*, whoever she acts for the *principal*, and an [`Authority`](crate::portal::identity::Authority) says
//! by what right. A capacity is a party: drafts, cases, messages and settings of it hang on a party of their own, so that
//! nothing of one can be seen as another. For a child, and for an organisation on her own word or by a power of attorney,
//! there is one party for each actor and principal; for an organisation that she signs for alone, one that all its sole
//! signatories share.
//!
//! The right is looked up when she chooses, when she sends in and when she signs ([`still_holds`]): custody in Navet both
//! ways, firmatecknare in a [`CompanyRegister`], powers of attorney in Mina ombud ([`PowersOfAttorney`]). A register that
//! is silent gives no right; for an organisation she may then say herself that she has it, where the service takes that.

mod asking;
mod company_register;
mod delivered;
mod detached_jws;
mod find;
mod fit;
mod hold;
mod id_token;
mod mandates;
mod pages;
mod powers;
mod store;
mod view;

pub use asking::Unanswered;
pub use company_register::{CompanyRegister, Engagement, Organisation, OrganisationAddress, Signs, Standing};
pub use delivered::{identifier, own_identifier, representative};
pub use fit::{demand, fits};
pub use hold::{Lost, still_holds};
pub use mandates::Mandates;
pub use pages::{lost, routes};
pub use powers::{Power, PowersOfAttorney};
pub use store::{Capacity, Moment, SentBy, capacities_of, record, sent_by};

#[cfg(test)]
mod tests;
