//! What the templates of Mina sidor see: plain values and ready words.

mod case;
mod decision;
mod words;

pub(super) use case::{Opened, card, case_page, href, news};
