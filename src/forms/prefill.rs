//! What is known around the answers: the moment, the language, who applies, and what the municipality already knows.

use super::answers::Source;
use crate::texts::Voice;
use crate::vocabulary::{At, Day};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that is not in the answers.
#[derive(Clone, Debug)]
pub struct Context {
    /// Now.
    pub at: At,
    /// Speaks the language of the page.
    pub voice: Voice,
    /// Who applies.
    pub applicant: Applicant,
    /// What is already known of her.
    pub prefill: Prefill,
}

impl Context {
    /// True when the register shows no children because it cannot or may not: then the child is named by hand, and the
    /// handler looks up the custody. A register that answers in the open is believed.
    pub fn children_by_hand(&self) -> bool {
        let silent = self.prefill.state != PrefillState::Fresh || self.prefill.children_unavailable;
        self.applicant.logged_in && self.prefill.children.is_empty() && silent
    }

    /// Nobody logged in, nothing known: for anonymous services, for looking through a form, for tests.
    pub fn anonymous(at: At, voice: Voice) -> Self {
        Context { at, voice, applicant: Applicant::default(), prefill: Prefill::default() }
    }
}

/// Who applies: `applicant.logged_in`, `applicant.age` and `applicant.acting_for` in a definition's conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// False in an anonymous case.
    pub logged_in: bool,
    /// Whole years of whoever is logged in, also when she acts for another; where it is known.
    pub age: Option<i64>,
    /// On whose behalf; `None` when nobody is logged in.
    pub acting_for: Option<super::Actor>,
}

/// Values known before anyone answers, by their source's name: `navet.name`, `navet.address`, `navet.postcode`,
/// `navet.city`, `login.personnummer`, `login.name`, `settings.email`, `settings.phone`; while she acts for a child or an organisation,
/// `principal.name` and `principal.number` of that one, for an organisation with a register also `principal.address`,
/// `principal.postcode` and `principal.city`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prefill {
    /// By name, as above.
    pub values: BTreeMap<String, PrefilledValue>,
    /// The children she has custody of and who may be shown to her.
    pub children: Vec<ChildOption>,
    /// True when some child may not be shown: one neutral sentence stands on the page, never how many.
    pub children_hidden: bool,
    /// True when the children were asked for and not all could be looked up.
    pub children_unavailable: bool,
    /// How the population register answered.
    pub state: PrefillState,
}

/// One known value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefilledValue {
    /// As it is shown.
    pub text: String,
    /// Who says so.
    pub source: Source,
    /// When it was fetched.
    pub at: At,
}

/// A child that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildOption {
    /// Names the child in the page and in the answer. Opaque and made for this draft; the same child must get the same
    /// key each time the draft is opened. Never a personnummer, which would stand in the page.
    pub key: String,
    /// First names and family name.
    pub name: String,
    /// The day of birth, where the register has it whole.
    pub born: Option<Day>,
    /// True when someone else has custody too.
    pub shared_custody: bool,
}

/// How the population register answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrefillState {
    /// It answered; what it said is in the values.
    Fresh,
    /// It could not be reached: everything is open for typing by hand.
    #[default]
    Unavailable,
    /// Her identity is protected: no register address is shown or kept, and she need not give one.
    Protected,
    /// It does not know her, which may itself mean that she is protected: never said on the page.
    Unknown,
}
