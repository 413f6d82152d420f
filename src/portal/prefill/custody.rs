//! Whom a person may act for: the custody rules, as pure functions over posts already looked up.
//!
//! Custody is `VF` on the guardian's post and `V` on the child's (föräldrabalken 6 kap. 2 och 3 §§). Being a parent
//! alone gives no right. Custody ends on the eighteenth birthday and with death.

use super::known::{Child, OtherGuardian, SecondSignature};
use super::names::{child_names, whole_name};
use super::protection::{self, Protection};
use super::record::*;
use crate::vocabulary::{Day, Personnummer};

pub(super) const OF_AGE: i16 = 18;

/// What a look-up of one child led to.
pub(super) enum Assessed {
    Child(Box<Candidate>),
    /// Protected, or nobody would say.
    Hidden,
    /// No custody after all.
    Not,
}

/// A child that may be shown, with those whose posts decide about the second signature.
pub(super) struct Candidate {
    number: Personnummer,
    child: Person,
    born: Day,
    /// To be looked up.
    pub(super) others: Vec<Personnummer>,
    /// Someone else has custody who cannot be looked up at all.
    unreachable_other: bool,
}

/// The numbers to look up: whom the guardian has custody of, each once.
pub(super) fn in_custody_of(guardian: &Person, today: Day) -> Vec<Personnummer> {
    let mut found: Vec<Personnummer> = Vec::new();
    for relation in &guardian.relations {
        if let (RelationKind::GuardianFor, RelatedTo::Number(number)) = (relation.kind, &relation.to)
            && relation.is_surely_in_force(today)
            && !relation.deceased
            && number.age(today).is_none_or(|age| age < OF_AGE)
            && !found.contains(number)
        {
            found.push(number.clone());
        }
    }
    found
}

/// Whether the child may be shown to the guardian.
pub(super) fn assess(
    guardian: &Person,
    number: Personnummer,
    child: Option<Person>,
    order_tells: bool,
    today: Day,
) -> Assessed {
    // An order without protected people answers "nobody" about them.
    let Some(child) = child else { return Assessed::Hidden };
    let Some(born) = child.birth_date() else { return Assessed::Not };
    let gone = matches!(
        child.deregistration,
        Some(
            Deregistration::Deceased
                | Deregistration::OldNumber
                | Deregistration::Technical
                | Deregistration::FalseIdentity
        )
    );
    if age(born, today) >= OF_AGE || gone || child.identity == IdentityStatus::Deceased {
        return Assessed::Not;
    }
    if protection::of(&child, order_tells) != Protection::None {
        return Assessed::Hidden;
    }
    let is_guardian = |to: &RelatedTo| matches!(to, RelatedTo::Number(number) if guardian.is_known_by(number));
    let guardians = || child.relations.iter().filter(|r| r.kind == RelationKind::Guardian);
    if !guardians().any(|r| is_guardian(&r.to) && r.is_surely_in_force(today)) {
        tracing::warn!("a guardian's post and a child's disagree about custody; the child is not shown");
        return Assessed::Not;
    }
    let (mut others, mut unreachable_other) = (Vec::new(), false);
    for relation in guardians().filter(|r| !is_guardian(&r.to) && !r.has_surely_ended(today) && !r.deceased) {
        match &relation.to {
            RelatedTo::Number(number) if !others.contains(number) => others.push(number.clone()),
            RelatedTo::Number(_) => {}
            RelatedTo::Unreachable => unreachable_other = true,
        }
    }
    Assessed::Child(Box::new(Candidate { number, child, born, others, unreachable_other }))
}

/// The child as the guardian may see her. `look` gives the post of another guardian, `None` when there is none.
pub(super) fn shown<'a>(
    candidate: Candidate,
    guardian: &Person,
    look: impl Fn(&Personnummer) -> Option<&'a Person>,
    order_tells: bool,
    today: Day,
) -> Child {
    let Candidate { number, child, born, others, unreachable_other } = candidate;
    let (mut by_hand, mut same_address) = (unreachable_other, !unreachable_other);
    let mut other_guardians = Vec::new();
    let mut may_be_represented = true;
    for number in others {
        let post = look(&number);
        // Nobody under the number may mean that she is protected.
        may_be_represented &= post.is_some_and(|p| protection::of(p, order_tells) == Protection::None);
        if post.is_some_and(is_dead) {
            continue;
        }
        match post.filter(|post| can_sign(post, order_tells)).and_then(whole_name) {
            Some(name) => {
                let key = post.and_then(|post| post.address_key.as_ref());
                same_address &= key.is_some() && key == guardian.address_key.as_ref();
                other_guardians.push(OtherGuardian { number, name });
            }
            None => (by_hand, same_address) = (true, false),
        }
    }
    let shared_custody = by_hand || !other_guardians.is_empty();
    let (name, first_name) = child_names(&child, born, today);
    Child {
        number,
        name,
        first_name,
        born,
        municipality_code: child.municipality_code,
        shared_custody,
        second_signature: match (by_hand, shared_custody) {
            (true, _) => SecondSignature::Manual,
            (false, true) => SecondSignature::Possible,
            (false, false) => SecondSignature::NotNeeded,
        },
        other_guardians,
        may_be_represented,
        same_address: same_address && shared_custody,
    }
}

fn is_dead(post: &Person) -> bool {
    post.deregistration == Some(Deregistration::Deceased) || post.identity == IdentityStatus::Deceased
}

/// Someone who has emigrated can still sign with e-legitimation.
fn can_sign(post: &Person, order_tells: bool) -> bool {
    protection::of(post, order_tells) == Protection::None
        && post.identity == IdentityStatus::Usable
        && matches!(post.deregistration, None | Some(Deregistration::Emigrated))
}
