//! How the back office can be told to behave.

use super::super::control::Steering;
use serde::{Deserialize, Serialize};

/// The state at `/_control`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BackOfficeState {
    pub(super) fault: Option<Fault>,
    pub(super) times: Option<u32>,
    pub(super) delay_ms: u64,
    /// True: it fetches from the portal instead of being called.
    pub(super) pull: bool,
    /// Between attempts at what failed.
    pub(super) retry_ms: u64,
}

impl Default for BackOfficeState {
    fn default() -> Self {
        Self { fault: None, times: None, delay_ms: 0, pull: false, retry_ms: 300 }
    }
}

impl Steering for BackOfficeState {
    type Fault = Fault;
    fn fault(&mut self) -> (&mut Option<Fault>, &mut Option<u32>) {
        (&mut self.fault, &mut self.times)
    }
    fn delay_ms(&self) -> u64 {
        self.delay_ms
    }
}

/// One way to be a bad adapter, or a good one on a bad day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    // Taking in: what is answered instead.
    Status401,
    Status410,
    Status422,
    Status500,
    /// 503 with `Retry-After: 2`.
    RetryAfter,
    /// 200 with a page.
    Html,
    // Taking in: what is done.
    /// Registered, and the connection breaks before the answer.
    DropAfterCommit,
    /// 202 now, registered a little later.
    AcceptLater,
    /// The receipt names another delivery.
    WrongReceiptId,
    /// Each time a new errand.
    NoDedupe,
    /// The first answer, whatever stands in the body the second time.
    BodyIgnored,
    /// Signatures are not looked at.
    AnySignature,
    /// Timestamps are not looked at.
    AnyClock,
    /// The import's own time instead of the portal's `receivedAt`.
    OwnTime,
    /// It does not know what it has taken in when it is asked.
    Forgetful,
    /// The trace is not given back.
    NoTrace,
    /// The applicant's name becomes a part of the id.
    NameInId,
    // Documents.
    /// Given up half-way.
    DocumentHalf,
    /// Begun anew after every break.
    DocumentFromStart,
    /// Tried once.
    DocumentOnce,
    // Events.
    /// Tried once.
    EventOnce,
    /// Another id for each attempt.
    EventNewId,
    /// `Retry-After` is not looked at.
    EventHasty,
    /// Sent again although it was answered.
    EventStubborn,
    /// Sent twice, as it was: allowed.
    EventDuplicate,
    /// The newest first: allowed.
    EventReverse,
    /// Two ids for what happened once.
    EventTwins,
    EventWrongSignature,
    EventOldTimestamp,
    /// Never sent.
    EventNever,
    /// Sequences go down.
    EventBackwards,
    /// A decision says nothing of appeal.
    NoAppeal,
    /// Opening again is not told.
    SilentReopening,
    // Fetching.
    ReceiptNever,
    /// Twice the same: allowed.
    ReceiptTwice,
    /// A lost lease makes a second errand.
    LeaseAnew,
    AcknowledgeNever,
}
