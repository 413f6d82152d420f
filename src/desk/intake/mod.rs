//! What the portal hands over comes in here: `POST /integration/v1/deliveries` and the questions about it.
//!
//! A delivery is registered before it is answered, number and errand and stored answer in one unit of work. The same
//! delivery again gets the same answer, however late; files are fetched afterwards.

mod api;
mod check;
mod receive;
mod senders;

pub use api::routes;
pub use receive::{Received, Refused, receive};
pub use senders::Senders;
