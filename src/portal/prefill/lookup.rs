//! The question and its answer: look up, remember under seal for a while, and say only what may be said.

use super::custody::{self, Assessed};
use super::known::{Block, Child, Known, Need, State};
use super::protection::{self, Protection};
use super::record::{Deregistration, IdentityStatus, Person};
use super::register::{PopulationRegister, Unanswered};
use super::soap::Unreadable;
use super::values::{self, Values};
use crate::vocabulary::{At, Clock, Personnummer};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

const APPLICANT: Duration = Duration::from_secs(5);
const CHILDREN: Duration = Duration::from_secs(8);
const AT_ONCE: usize = 4;
const KEEP_SECONDS: i64 = 60 * 60;
const KEEP_NOBODY_SECONDS: i64 = 5 * 60;

/// Where answers are remembered for a while, by municipality and keyed digest of the number. It never sees an answer in
/// the clear, and a failure of its own is a miss, not an error.
pub trait Cache: Send + Sync {
    /// What was put under the key, if it is still there.
    fn get(&self, municipality: &str, number_lookup: &[u8]) -> impl Future<Output = Option<Vec<u8>>> + Send;

    /// Puts in the place of what was there.
    fn put(
        &self,
        municipality: &str,
        number_lookup: &[u8],
        sealed: Vec<u8>,
        fetched_at: At,
        expires_at: At,
    ) -> impl Future<Output = ()> + Send;
}

/// The keys that answers are found and sealed with. `bound_to` is the place a seal belongs in: it opens nowhere else.
pub trait Vault: Send + Sync {
    /// HMAC over municipality and number.
    fn number_lookup(&self, municipality: &str, number: &Personnummer) -> Vec<u8>;
    fn seal(&self, plain: &[u8], bound_to: &[u8]) -> Option<Vec<u8>>;
    fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>>;
}

/// What one municipality can know about people.
pub struct Prefill<R, C, V> {
    /// The municipality's slug.
    pub municipality: String,
    pub register: R,
    pub cache: C,
    pub vault: V,
    pub clock: Clock,
}

/// As it lies under the seal. The times are inside too, so that whoever can write to the cache cannot stretch them.
#[derive(Serialize, Deserialize)]
struct Remembered {
    fetched_at: At,
    expires_at: At,
    person: Option<Person>,
}

#[derive(Clone, Copy)]
struct Asking {
    deadline: Instant,
    correlation: Uuid,
    afresh: bool,
}

struct Applicant {
    person: Option<Person>,
    fetched_at: At,
    new_number: Option<Personnummer>,
}

struct Children {
    shown: Vec<Child>,
    hidden: bool,
}

impl<R: PopulationRegister, C: Cache, V: Vault> Prefill<R, C, V> {
    /// What is known about the holder of `number`, who must have logged in with it. Takes at most five seconds, with
    /// children thirteen; never fails.
    pub async fn known_about(&self, number: &Personnummer, need: Need) -> Known {
        self.known(number, need, false).await
    }

    /// The same, past the cache: for "hämta på nytt".
    pub async fn known_afresh(&self, number: &Personnummer, need: Need) -> Known {
        self.known(number, need, true).await
    }

    async fn known(&self, number: &Personnummer, need: Need, afresh: bool) -> Known {
        let correlation = Uuid::now_v7();
        let asking = Asking { deadline: Instant::now() + APPLICANT, correlation, afresh };
        let mut known = Known {
            state: State::Unavailable,
            values: BTreeMap::new(),
            children: Vec::new(),
            children_hidden: false,
            children_unavailable: false,
            protected: false,
            protection_unchecked: true,
            new_number: None,
            changed_at: None,
            correlation,
        };
        let Ok(applicant) = self.applicant(number, asking).await else {
            known.children_unavailable = need == Need::ApplicantAndChildren;
            return known;
        };
        let Some(person) = applicant.person else {
            known.state = State::Unknown;
            return known;
        };
        let protection = protection::of(&person, self.register.tells_protection());
        let (state, values) = standing(&person, protection, applicant.fetched_at);
        known.state = state;
        known.values = values;
        known.protected = protection == Protection::Protected;
        known.protection_unchecked = protection == Protection::Unknown;
        known.new_number = applicant.new_number;
        known.changed_at = person.changed_at.clone();
        if let State::Blocked(block) = known.state {
            tracing::warn!(%correlation, ?block, "security: log-in by a person the register says cannot act");
        }
        if need == Need::ApplicantAndChildren && matches!(known.state, State::Fresh { .. }) {
            match self.children(&person, asking).await {
                Ok(children) => (known.children, known.children_hidden) = (children.shown, children.hidden),
                Err(_) => known.children_unavailable = true,
            }
        }
        known
    }

    /// The applicant's post, through one change of number if need be.
    async fn applicant(&self, number: &Personnummer, asking: Asking) -> Result<Applicant, Unanswered> {
        let old = self.look_up(number, asking).await?;
        let moved_to = old.person.as_ref().filter(|p| p.deregistration == Some(Deregistration::OldNumber));
        let Some(new_number) = moved_to.and_then(|p| p.references.iter().find(|n| *n != number).cloned()) else {
            return Ok(Applicant { person: old.person, fetched_at: old.fetched_at, new_number: None });
        };
        let mut new = self.look_up(&new_number, asking).await?;
        if let Some(person) = &mut new.person {
            // A flag on either post counts, and relations may still name the old number.
            person.protected |= old.person.is_some_and(|old| old.protected);
            if !person.is_known_by(number) {
                person.references.push(number.clone());
            }
        }
        let fetched_at = old.fetched_at.min(new.fetched_at);
        Ok(Applicant { person: new.person, fetched_at, new_number: Some(new_number) })
    }

    async fn children(&self, guardian: &Person, asking: Asking) -> Result<Children, Unanswered> {
        let today = self.clock.now().day();
        let order_tells = self.register.tells_protection();
        let asking = Asking { deadline: Instant::now() + CHILDREN, ..asking };
        let mut children = Children { shown: Vec::new(), hidden: false };
        if !guardian.is_at_least(custody::OF_AGE, today) {
            return Ok(children);
        }
        let numbers = custody::in_custody_of(guardian, today);
        if !order_tells {
            children.hidden = !numbers.is_empty();
            return Ok(children);
        }
        let mut candidates = Vec::new();
        for (number, post) in self.look_up_all(numbers, asking).await? {
            match custody::assess(guardian, number, post, order_tells, today) {
                Assessed::Child(candidate) => candidates.push(*candidate),
                Assessed::Hidden => children.hidden = true,
                Assessed::Not => {}
            }
        }
        let others: std::collections::BTreeSet<_> = candidates.iter().flat_map(|c| c.others.clone()).collect();
        let others: BTreeMap<_, _> = self.look_up_all(others, asking).await?.into_iter().collect();
        let look = |number: &Personnummer| others.get(number).and_then(Option::as_ref);
        children.shown =
            candidates.into_iter().map(|c| custody::shown(c, guardian, look, order_tells, today)).collect();
        children.shown.sort_by_key(|child| child.born);
        Ok(children)
    }

    /// Everyone, or the first reason why not.
    async fn look_up_all(
        &self,
        numbers: impl IntoIterator<Item = Personnummer>,
        asking: Asking,
    ) -> Result<Vec<(Personnummer, Option<Person>)>, Unanswered> {
        let questions = numbers.into_iter().map(|number| async move {
            let found = self.look_up(&number, asking).await;
            found.map(|found| (number, found.person))
        });
        let mut answers = stream::iter(questions.collect::<Vec<_>>()).buffered(AT_ONCE);
        let mut found = Vec::new();
        while let Some(answer) = answers.next().await {
            found.push(answer?);
        }
        Ok(found)
    }

    /// One post, from the cache if it is there.
    async fn look_up(&self, number: &Personnummer, asking: Asking) -> Result<Remembered, Unanswered> {
        let lookup = self.vault.number_lookup(&self.municipality, number);
        let now = self.clock.now();
        if !asking.afresh
            && let Some(sealed) = self.cache.get(&self.municipality, &lookup).await
            && let Some(plain) = self.vault.open(&sealed, &lookup)
            && let Ok(remembered) = serde_json::from_slice::<Remembered>(&plain)
            && remembered.expires_at > now
        {
            metrics::counter!("navet_answers_total", "outcome" => "remembered").increment(1);
            return Ok(remembered);
        }
        let person = self.register.look_up(number, asking.deadline, asking.correlation).await?;
        if person.as_ref().is_some_and(|p| p.number.is_some() && !p.is_known_by(number)) {
            return Err(Unreadable::SomebodyElse.into());
        }
        let keep = if person.is_some() { KEEP_SECONDS } else { KEEP_NOBODY_SECONDS };
        let remembered = Remembered { fetched_at: now, expires_at: now.plus_seconds(keep), person };
        if let Some(sealed) = serde_json::to_vec(&remembered).ok().and_then(|plain| self.vault.seal(&plain, &lookup)) {
            self.cache.put(&self.municipality, &lookup, sealed, now, remembered.expires_at).await;
        }
        Ok(remembered)
    }
}

/// What a post allows to be said to its own person.
fn standing(person: &Person, protection: Protection, fetched_at: At) -> (State, Values) {
    match (person.deregistration, person.identity, protection) {
        (Some(Deregistration::Deceased), _, _) | (_, IdentityStatus::Deceased, _) => {
            (State::Blocked(Block::Deceased), Values::new())
        }
        (Some(Deregistration::FalseIdentity), _, _) => (State::Blocked(Block::FalseIdentity), Values::new()),
        (None | Some(Deregistration::Emigrated), IdentityStatus::Usable, Protection::Protected) => {
            (State::Protected { fetched_at }, values::names(person))
        }
        (None | Some(Deregistration::Emigrated), IdentityStatus::Usable, Protection::Unknown) => {
            (State::Fresh { fetched_at }, values::names(person))
        }
        (None | Some(Deregistration::Emigrated), IdentityStatus::Usable, Protection::None) => {
            (State::Fresh { fetched_at }, values::everything(person))
        }
        _ => (State::Withheld { fetched_at }, Values::new()),
    }
}
