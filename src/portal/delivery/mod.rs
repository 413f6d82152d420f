//! Handing what a resident sent to the system that handles it. One durable row for each thing and target; the body is made
//! once and sent byte for byte the same on every attempt, until the receiver has it or a person has looked at it. The
//! resident never sees any of this: what she sent was received when she was told so.

mod content;
mod contract_http;
pub mod feed;
mod feed_store;
pub mod pull;
mod pull_store;
mod pump;
mod receiver;
mod resolve;
mod schedule;
mod store;
mod target_store;
mod trail_store;
#[cfg(test)]
mod test_backlog;
#[cfg(test)]
mod tests;

pub(crate) use content::body_of;
#[cfg(test)]
pub(in crate::portal) use content::sealed_body;
pub use content::{Answers, Attached, DeliveryFault, FollowUp, NewDelivery, enqueue, follow_up, release};
pub use contract_http::ContractHttp;
pub use feed::note;
pub use pump::{Pump, Receivers, target_of};
pub use receiver::{Answer, Found, Receiver};
pub use resolve::{Resolution, note_registered, registered_elsewhere, resolve_manually, retry_dead};
pub use store::{Attempt, DeliveryRow, DeliveryState, attempts, by_state, counts_by_state, find, free_leases, waiting};
pub use target_store::{Balance, TargetState, balance, probe_now, target_states};
pub use trail_store::{Handed, Trail, trail};
