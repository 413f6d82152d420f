//! Handing what a resident sent to the system that handles it. One durable row for each thing and target; the body is made
//! once and sent byte for byte the same on every attempt, until the receiver has it or a person has looked at it. The
//! resident never sees any of this: what she sent was received when she was told so.

mod access;
mod alert_store;
mod alerts;
mod attempt;
mod content;
mod contract_http;
mod email;
pub mod feed;
mod feed_store;
#[cfg(test)]
mod feed_tests;
mod folder;
mod folder_xml;
mod lanes;
mod letters;
mod line;
mod load_store;
mod notices;
mod parcel;
pub mod pull;
mod pull_store;
mod pump;
mod receiver;
mod refresh;
mod refresh_store;
mod resolve;
mod rest_example;
mod schedule;
mod store;
mod target_store;
mod targets;
#[cfg(test)]
mod test_backlog;
#[cfg(test)]
mod test_office;
#[cfg(test)]
mod test_overtaken;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod test_targets;
#[cfg(test)]
mod test_tls;
#[cfg(test)]
mod test_waiting;
#[cfg(test)]
mod tests;
mod trail_store;

pub use alert_store::{dead, oldest, targets_paused};
pub use alerts::Watch;
pub(crate) use content::body_of;
#[cfg(test)]
pub(in crate::portal) use content::sealed_body;
pub use content::{Answers, Attached, DeliveryFault, FollowUp, NewDelivery, enqueue, follow_up, release};
pub use contract_http::ContractHttp;
pub use email::Email;
pub use feed::note;
pub use folder::Folder;
pub use lanes::Lanes;
pub use letters::{STAFF_MAIL, StaffLetters};
pub use load_store::{Load, load};
pub use notices::Noticed;
pub use parcel::{Around, Parcel, Question, Snapshot};
pub use pull::{Lease, Puller, Taken};
#[cfg(test)]
pub(in crate::portal) use pull_store::set_lease_for_test;
pub use pump::Pump;
pub use receiver::{Answer, Found, Receiver};
pub use resolve::{Resolution, cancel, note_registered, registered_elsewhere, resolve_manually, retry_dead};
pub use rest_example::RestExample;
pub use store::{Attempt, DeliveryRow, DeliveryState, attempts, by_state, counts_by_state, find, free_leases, waiting};
pub use target_store::{Balance, Pause, TargetState, balance, probe_now, set_paused, target_states};
pub use targets::{Receivers, receivers, target_of};
pub use trail_store::{Handed, Trail, trail};
