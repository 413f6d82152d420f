//! The closed set of statuses that a resident can see, and how a case ends.

use crate::word_enum;

word_enum! {
    /// Where a case stands. Every code of a receiving system is mapped to one of these by a table; a code without a row
    /// is kept and shown to staff, never dropped.
    PortalStatus {
        /// Inkommen.
        Received = "received",
        /// Registrerad: it has a diary number.
        Registered = "registered",
        /// Handläggare utsedd.
        Assigned = "assigned",
        /// Under handläggning.
        InProgress = "in_progress",
        /// Komplettering behövs: the resident has the next move.
        SupplementNeeded = "supplement_needed",
        /// Komplettering inkommen.
        SupplementReceived = "supplement_received",
        /// Väntar på beslut.
        AwaitingDecision = "awaiting_decision",
        /// Beslut finns.
        Decided = "decided",
        /// Överklagat.
        Appealed = "appealed",
        /// Beslutet verkställt.
        Enforced = "enforced",
        /// Vilande.
        Paused = "paused",
        /// Överlämnat till annan enhet eller myndighet.
        Transferred = "transferred",
        /// Återkallat.
        Withdrawn = "withdrawn",
        /// Avvisat.
        RejectedFormally = "rejected_formally",
        /// Avslutat.
        Closed = "closed",
    }
}

impl PortalStatus {
    /// Left only by `case.reopened` with a higher sequence.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn | Self::Transferred | Self::RejectedFormally)
    }

    /// True when the table of statuses has `next` after this one. Another is applied too, with the warning
    /// `transition-unexpected`; only out of a terminal status nothing leads but `case.reopened`.
    pub fn allows(self, next: PortalStatus) -> bool {
        match self {
            _ if self == next => true,
            Self::Decided => matches!(next, Self::Appealed | Self::Enforced | Self::Closed),
            Self::Appealed => matches!(next, Self::Decided | Self::Closed),
            Self::Enforced => next == Self::Closed,
            _ => !self.is_terminal(),
        }
    }
}

word_enum! {
    /// How a case ended; apart from its status.
    Outcome {
        /// Bifall.
        Approved = "approved",
        /// Delvis bifall.
        PartlyApproved = "partly_approved",
        /// Avslag.
        Rejected = "rejected",
        /// Avvisning.
        Dismissed = "dismissed",
        /// Avskrivning.
        WrittenOff = "written_off",
        /// Åtgärdat or besvarat, for cases without a decision.
        Answered = "answered",
    }
}

word_enum! {
    /// Who has to do something now.
    NextMove {
        /// The municipality.
        Municipality = "municipality",
        /// The resident.
        Resident = "resident",
        /// Nobody: it is over.
        Nobody = "nobody",
    }
}
