//! The conversation with the mail server. Each step has a limit; a connection that was left in the middle of a
//! conversation is never used again, since the answer to one letter could be taken for the answer to the next.

use super::Letter;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;
use url::Url;

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a connection, with greeting, encryption and log-in each.
    pub connect: Duration,
    /// For the server to take a letter.
    pub send: Duration,
    /// How long a connection is kept for the next letter.
    pub keep: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        // A letter is three commands and its text, at ten seconds each.
        Limits { connect: seconds(10), send: seconds(40), keep: seconds(20) }
    }
}

/// Why a letter was not taken. The texts name no address.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It will never be taken: code (0 when the server was not asked) and what the server said.
    #[error("mail refused ({0}): {1}")]
    Permanent(u16, String),
    /// Worth trying again later.
    #[error("mail not sent: {0}")]
    Transient(String),
    /// `smtp.url` is wrong.
    #[error("smtp.url: {0}")]
    Url(String),
}

#[derive(Clone)]
enum Encryption {
    None,
    WhenOffered(TlsParameters),
    Required(TlsParameters),
    FromTheStart(TlsParameters),
}

/// Hands letters to one mail server.
pub struct Mailer {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    hello: ClientId,
    limits: Limits,
    idle: Mutex<Option<(AsyncSmtpConnection, Instant)>>,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Mailer {
    /// For `smtp://host:port`, `smtp://user:pass@host?tls=required` (or `opportunistic`, `none`) or `smtps://user:pass@host`;
    /// a path names us in EHLO. User and password are percent-encoded. Does not connect.
    pub fn new(url: &str, limits: Limits) -> Result<Self, MailError> {
        let wrong = |what: &str| MailError::Url(what.to_owned());
        let url = Url::parse(url).map_err(|e| MailError::Url(e.to_string()))?;
        let host = url.host_str().filter(|h| !h.is_empty()).ok_or_else(|| wrong("names no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let parameters = || TlsParameters::new(host.clone()).map_err(|e| MailError::Url(e.to_string()));
        let (encryption, usual_port) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None | Some("none")) => (Encryption::None, 25),
            ("smtp", Some("opportunistic")) => (Encryption::WhenOffered(parameters()?), 587),
            ("smtp", Some("required")) => (Encryption::Required(parameters()?), 587),
            ("smtps", _) => (Encryption::FromTheStart(parameters()?), 465),
            _ => {
                return Err(wrong(
                    "is neither smtp: nor smtps:, or its tls is none of required, opportunistic and none",
                ));
            }
        };
        let decoded = |text: &str| {
            percent_decoded(text).ok_or_else(|| wrong("has a user or password that is not percent-encoded UTF-8"))
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let port = url.port().unwrap_or(usual_port);
        Ok(Mailer { host, port, encryption, credentials, hello, limits, idle: Mutex::new(None) })
    }

    /// Hands over one letter; `Ok` when the server has taken responsibility for it (RFC 5321 6.1).
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = letter.message()?;
        let mut connection = match self.kept().await {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let sending = connection.send(message.envelope(), &message.formatted()).await_within(self.limits.send).await?;
        sending.map_err(|e| refusal(&e))?;
        *self.idle.lock().await = Some((connection, Instant::now()));
        Ok(())
    }

    /// The connection of the letter before, if it is fresh and the server still answers on it.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        let (mut connection, since) = self.idle.lock().await.take()?;
        let alive = since.elapsed() < self.limits.keep
            && timeout(self.limits.connect, connection.test_connected()).await.unwrap_or(false);
        alive.then_some(connection)
    }

    /// Until a letter is on its way no answer is about the letter: all that goes wrong here can be put right.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let limit = self.limits.connect;
        let failed = |e: SmtpError| MailError::Transient(without_addresses(&e.to_string()));
        let from_the_start = match &self.encryption {
            Encryption::FromTheStart(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(server, Some(limit), &self.hello, from_the_start, None);
        let mut connection = connecting.await_within(limit).await?.map_err(failed)?;
        let upgrade = match &self.encryption {
            Encryption::Required(parameters) => Some(parameters),
            Encryption::WhenOffered(parameters) if connection.can_starttls() => Some(parameters),
            _ => None,
        };
        if let Some(parameters) = upgrade {
            connection.starttls(parameters.clone(), &self.hello).await_within(limit).await?.map_err(failed)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await_within(limit).await?.map_err(failed)?;
        }
        Ok(connection)
    }
}

trait AwaitWithin: Future + Sized {
    async fn await_within(self, limit: Duration) -> Result<Self::Output, MailError> {
        timeout(limit, self).await.map_err(|_| MailError::Transient("the mail server did not answer in time".into()))
    }
}
impl<F: Future> AwaitWithin for F {}

/// What the server's refusal of a letter means for the letter.
fn refusal(error: &SmtpError) -> MailError {
    let text = without_addresses(&error.to_string());
    let code = error.status().map_or(0, u16::from);
    // RFC 4954 6: these are about how we log in, not about the letter.
    let about_us = matches!(code, 530 | 534 | 535 | 538);
    // Raised before anything is sent: the address needs SMTPUTF8 and the server does not know it.
    if (error.is_permanent() && !about_us) || error.is_client() {
        MailError::Permanent(code, text)
    } else {
        MailError::Transient(text)
    }
}

/// Servers like to repeat the address in their answer; ours must not land in a log.
fn without_addresses(text: &str) -> String {
    let hidden = |word: &str| if word.contains('@') { "•••".to_owned() } else { word.to_owned() };
    let words: Vec<String> = text.split_whitespace().map(hidden).collect();
    words.join(" ").chars().take(300).collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |b: u8| char::from(b).to_digit(16);
                let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
                u8::try_from(value).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}
