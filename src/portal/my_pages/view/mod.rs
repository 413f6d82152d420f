//! What the templates of Mina sidor see: plain values and ready words.

mod case;
mod decision;
mod timeline;

pub(super) use case::{Opened, card, case_page, href, status_words};
pub(super) use timeline::news;
