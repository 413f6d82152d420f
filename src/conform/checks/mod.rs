//! C01–C26: what an adapter must do. Where a number is about the portal's own behaviour, the kit brings the situation
//! about on its side and looks at what the adapter does.

mod dialogue;
mod documents;
mod events;
mod faults;
mod feed;
mod receiving;
mod repeats;
mod trust;

use super::kit::Kit;
use super::report::{CheckResult, Verdict};
use futures_util::future::{BoxFuture, FutureExt};

/// Why a check did not pass.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The adapter does something else than the contract says.
    Failed { expected: String, got: String },
    /// It cannot be tried here.
    Skipped(String),
    /// It is nothing that this adapter has to do.
    NotApplicable(String),
}

/// What was seen, when it is worth telling.
pub type Outcome = Result<Option<String>, Stop>;

pub fn failed(expected: impl Into<String>, got: impl Into<String>) -> Stop {
    Stop::Failed { expected: expected.into(), got: got.into() }
}

/// Fails unless `holds`.
pub fn must(holds: bool, expected: impl Into<String>, got: impl Into<String>) -> Result<(), Stop> {
    if holds { Ok(()) } else { Err(failed(expected, got)) }
}

/// One check.
pub struct Check {
    pub id: &'static str,
    pub title: &'static str,
    pub run: for<'a> fn(&'a Kit) -> BoxFuture<'a, Outcome>,
}

impl Check {
    pub fn result(&self, outcome: Outcome) -> CheckResult {
        let (verdict, note, expected, got) = match outcome {
            Ok(note) => (Verdict::Passed, note, None, None),
            Err(Stop::Failed { expected, got }) => (Verdict::Failed, None, Some(expected), Some(got)),
            Err(Stop::Skipped(why)) => (Verdict::Skipped, Some(why), None, None),
            Err(Stop::NotApplicable(why)) => (Verdict::NotApplicable, Some(why), None, None),
        };
        let see = format!("docs/integration.md#{}", self.id.to_ascii_lowercase());
        CheckResult { id: self.id, title: self.title, verdict, note, expected, got, see }
    }
}

macro_rules! checks {
    ($($id:literal $title:literal $place:path;)+) => {
        /// All of them, in their order.
        pub const ALL: &[Check] = &[$(Check { id: $id, title: $title, run: |kit| $place(kit).boxed() }),+];
    };
}

checks! {
    "C01" "A first delivery is registered and its documents are fetched" receiving::c01;
    "C02" "The same delivery again gets the first answer, and no second case" repeats::c02;
    "C03" "The same key with another body is refused" repeats::c03;
    "C04" "The same delivery at the same moment makes one case" repeats::c04;
    "C05" "A lost answer is found again by asking" repeats::c05;
    "C06" "What is accepted is registered later, with an event" receiving::c06;
    "C07" "A portal that fails twice is tried again" faults::c07;
    "C08" "Retry-After is kept" faults::c08;
    "C09" "A refused signature loses no event" faults::c09;
    "C10" "What the contract forbids is refused and not sent for ever" faults::c10;
    "C11" "A broken transfer of 25 MB goes on where it stopped" documents::c11;
    "C12" "The day of receipt is the portal's" receiving::c12;
    "C13" "Signatures are checked and made" trust::c13;
    "C14" "An event whose answer was lost comes again as it was" events::c14;
    "C15" "Events that come late carry the order in which they happened" events::c15;
    "C16" "An event that overtakes the receipt is parked, and that is well" events::c16;
    "C17" "A closed case says so, and opens again by saying so" events::c17;
    "C18" "A status without a mapping is no fault of the sender" events::c18;
    "C19" "A supplement is asked for and taken in with its own day of receipt" dialogue::c19;
    "C20" "A decision says how it is appealed" dialogue::c20;
    "C21" "A notice that comes again does no harm" feed::c21;
    "C22" "A lease that ran out loses nothing and makes nothing twice" feed::c22;
    "C23" "Nothing personal stands in ids, addresses and faults" trust::c23;
    "C24" "An archive export follows its schema" dialogue::c24;
    "C25" "The trace of a call is carried on" trust::c25;
    "C26" "A clock four minutes wrong is forgiven, six are not" trust::c26;
}
