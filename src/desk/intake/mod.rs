//! What the portal hands over comes in here: `POST /integration/v1/deliveries`, its notices, and the questions about them.
//!
//! A delivery is registered before it is answered, number and errand and stored answer in one unit of work. The same
//! delivery again gets the same answer, however late; files are fetched afterwards.

mod api;
mod check;
mod notices;
mod receive;
mod register;
mod senders;
mod store;

pub use api::routes;
pub use check::Fault;
pub use notices::take as take_notice;
pub use receive::{Received, Refused, receive};
pub use register::Intake;
pub use senders::Senders;

use register::registering;
