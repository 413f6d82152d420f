//! A letter to a registrator, who registers by hand: it says that something has come and where to read it, and nothing of
//! what it is or whose. She opens the page, fetches the papers and types the diary number; until then it is accepted.

use super::letters::STAFF_MAIL;
use super::parcel::{Parcel, Question, accepted};
use super::receiver::{Answer, Found, Receiver};
use futures_util::future::{BoxFuture, FutureExt};
use serde_json::json;

/// One registrator's mailbox.
pub struct Email {
    to: String,
}

impl Email {
    /// To this address.
    pub fn new(to: impl Into<String>) -> Self {
        Self { to: to.into() }
    }
}

impl Receiver for Email {
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer> {
        async {
            let payload = json!({ "to": [self.to], "about": "delivery", "id": parcel.id, "at": parcel.now });
            match parcel.around.letter(STAFF_MAIL, payload, parcel.now).await {
                Ok(()) => Answer::Receipt(Box::new(accepted(&parcel.id)), 202),
                Err(e) => Answer::not_now(e),
            }
        }
        .boxed()
    }

    fn find<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Found> {
        // The letter goes by the queue; what she has done is written in the portal itself.
        async { Found::Known(Box::new(accepted(&question.id)), 202) }.boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async { true }.boxed()
    }
}
