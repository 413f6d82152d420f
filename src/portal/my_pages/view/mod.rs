//! What the templates of Mina sidor see: plain values and ready words.

mod case;
mod decision;
mod reply;
mod words;

pub(super) use case::{Opened, answer_by, card, case_page, href, news};
pub(super) use reply::{Filled, Reply, can_be_appealed, reply_page};
