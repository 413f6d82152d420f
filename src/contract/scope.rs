//! What a receiving system may do with the access it was given.

use crate::word_enum;

word_enum! {
    /// A right of an access token. A static token of the settings has the reading ones; what is written is signed.
    Scope {
        /// See and fetch deliveries and their documents.
        DeliveriesRead = "deliveries:read",
        /// Take a delivery, and say what became of it.
        DeliveriesReceipt = "deliveries:receipt",
        /// Send events and set a status.
        EventsWrite = "events:write",
        /// Read the feed of notices, and say how far.
        OutboxRead = "outbox:read",
        /// Hand in documents.
        DocumentsWrite = "documents:write",
        /// Read the state of a case.
        CasesRead = "cases:read",
        /// Read status codes and case types.
        ConfigRead = "config:read",
    }
}

impl Scope {
    /// What a static token gives.
    pub const READING: &[Scope] = &[Self::DeliveriesRead, Self::OutboxRead, Self::CasesRead, Self::ConfigRead];
}
