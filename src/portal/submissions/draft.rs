//! A draft and whose it is.

use crate::forms::{Answers, Definition};
use crate::portal::identity::citizen_of;
use crate::vocabulary::{At, DraftId, PartyId, ServiceSlug};
use crate::web::Visit;

/// Whose draft: a person's, or a browser's when the service asks nobody who she is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A logged-in person.
    Party(PartyId),
    /// A browser, by the hash of its token.
    Browser(String),
}

impl Owner {
    /// Who owns drafts of this service in this visit; `None` when log-in is needed first. An anonymous service stays
    /// anonymous also for somebody who is logged in.
    pub fn of(visit: &Visit, definition: &Definition) -> Option<Owner> {
        if definition.level.is_anonymous() {
            return Some(Owner::Browser(visit.browser_hash.clone()));
        }
        citizen_of(visit).map(|c| Owner::Party(c.party))
    }

    /// Everything that this visit owns.
    pub fn all_of(visit: &Visit) -> Vec<Owner> {
        let party = citizen_of(visit).map(|c| Owner::Party(c.party));
        party.into_iter().chain([Owner::Browser(visit.browser_hash.clone())]).collect()
    }

    /// The columns `party_id` and `browser_hash`.
    pub fn columns(&self) -> (Option<PartyId>, Option<String>) {
        match self {
            Owner::Party(id) => (Some(id.clone()), None),
            Owner::Browser(hash) => (None, Some(hash.clone())),
        }
    }
}

/// A draft as it is worked on.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub id: DraftId,
    pub service: ServiceSlug,
    pub definition_version: String,
    pub answers: Answers,
    pub updated_at: At,
    pub delete_at: At,
}

/// A draft in a list.
#[derive(Clone, Debug)]
pub struct DraftCard {
    /// Its id.
    pub id: DraftId,
    /// Which service.
    pub service: ServiceSlug,
    /// The service's title when it was begun.
    pub title: String,
    /// The step that was saved last.
    pub step: String,
    /// When.
    pub updated_at: At,
    /// When it is deleted if nothing more is answered.
    pub delete_at: At,
}
