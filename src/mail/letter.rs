//! What a letter is made of, and its form on the wire.

use super::MailError;
use crate::vocabulary::{At, EmailAddress};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// Whom a letter comes from, as `Örkelljunga kommun <no-reply@orkelljunga.se>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender(pub(super) Mailbox);

/// Not a sender's name and address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address, alone or as: Name <name@example.se>")]
pub struct InvalidSender;

impl FromStr for Sender {
    type Err = InvalidSender;
    fn from_str(text: &str) -> Result<Self, InvalidSender> {
        text.trim().parse().map(Sender).map_err(|_| InvalidSender)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Subject and both bodies, in one language.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Renders `mail/<name>/subject.txt`, `body.txt` and `body.html` with whatever `render` renders templates with.
pub fn compose<E>(name: &str, mut render: impl FnMut(&str) -> Result<String, E>) -> Result<Content, E> {
    let subject = render(&format!("mail/{name}/subject.txt"))?;
    Ok(Content {
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: render(&format!("mail/{name}/body.txt"))?.trim().to_owned() + "\n",
        html: render(&format!("mail/{name}/body.html"))?,
    })
}

/// One letter to one person.
#[derive(Clone)]
pub struct Letter {
    pub from: Sender,
    pub to: EmailAddress,
    pub content: Content,
    /// `something@host`, without brackets. The same on every attempt, so that a letter that went twice can be seen to be
    /// one (RFC 5322 3.6.4).
    pub message_id: String,
    /// The message id that every letter about the same matter refers to: mail programs gather them under it.
    pub thread: Option<String>,
    /// BCP 47, as `sv`.
    pub language: String,
    /// The `Date`; the same on every attempt too.
    pub written: At,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

impl Letter {
    /// As sent. Says that nobody wrote it, so that answering machines stay silent (RFC 3834 5).
    pub(super) fn message(&self) -> Result<Message, MailError> {
        let written = Duration::from_secs(u64::try_from(self.written.seconds()).unwrap_or(0));
        let subject: String = self.content.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut message = Message::builder()
            .from(self.from.0.clone())
            .to(recipient(&self.to)?)
            .subject(subject)
            .message_id(Some(bracketed(&self.message_id)?))
            .date(SystemTime::UNIX_EPOCH + written)
            .multipart(MultiPart::alternative_plain_html(self.content.text.clone(), self.content.html.clone()))
            .map_err(|e| MailError::Permanent(0, e.to_string()))?;
        let headers = message.headers_mut();
        let mut put = |name, value: String| headers.insert_raw(HeaderValue::new(name, value));
        put(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        // Exchange's own way to ask for the same.
        put(HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All".to_owned());
        put(HeaderName::new_from_ascii_str("Content-Language"), token(&self.language));
        if let Some(thread) = &self.thread {
            put(HeaderName::new_from_ascii_str("In-Reply-To"), bracketed(thread)?);
            put(HeaderName::new_from_ascii_str("References"), bracketed(thread)?);
        }
        Ok(message)
    }
}

/// The domain in ASCII (RFC 5890); a name before the @ with other letters needs a server with SMTPUTF8.
fn recipient(to: &EmailAddress) -> Result<Mailbox, MailError> {
    let wrong = || MailError::Permanent(553, "the address cannot be used".to_owned());
    let (local, domain) = to.as_str().rsplit_once('@').ok_or_else(wrong)?;
    let domain = url::Host::parse(domain).map_err(|_| wrong())?;
    let address = lettre::Address::new(local, domain.to_string()).map_err(|_| wrong())?;
    Ok(Mailbox::new(None, address))
}

fn bracketed(id: &str) -> Result<String, MailError> {
    if id.contains('@') && id.chars().all(|c| c.is_ascii_graphic() && !"<>".contains(c)) {
        Ok(format!("<{id}>"))
    } else {
        Err(MailError::Permanent(0, "the message id is not something@host".to_owned()))
    }
}

fn token(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}
