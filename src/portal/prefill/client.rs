//! Asks Navet over SOAP, with patience that has an end: limits on time, size and pace, one retry where a retry can
//! help, and a breaker. Neither log nor metrics ever hold a number, a name or an address.

use super::record::Person;
use super::register::{PopulationRegister, Unanswered};
use super::soap::{self, Reply, Unreadable, parse_reply};
use super::xml::GREATEST_SIZE;
use crate::vocabulary::{Clock, Personnummer};
use crate::web::{Breaker, Loopback};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, redirect};
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use url::{Host, Url};
use uuid::Uuid;

const CONNECT: Duration = Duration::from_secs(2);
/// How long a failing register is left alone: a form can be filled in without it.
const PAUSE_SECONDS: i64 = 30;
const PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// How one municipality reaches Navet.
#[derive(Clone)]
pub struct NavetConfig {
    /// The whole address of personpostXML. `https`, or `http` to loopback.
    pub url: Url,
    /// Ten digits, or twelve beginning with `16`; a dash is allowed.
    pub organisation_number: String,
    /// The order (beställning): `NNNNNNNN-FONN-NNNN`.
    pub order_id: String,
    /// The order includes terms 01003 and 01020. Without them no address is shown to anyone.
    pub order_includes_protection_flags: bool,
    /// PEM with the organisation's certificate chain and private key.
    pub client_certificate: Option<Vec<u8>>,
}

/// Why [`NavetSoap`] cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNavetConfig {
    #[error("navet.url must be https, or http to loopback")]
    Url,
    #[error("navet.organisation_number must be ten digits, or twelve beginning with 16")]
    OrganisationNumber,
    #[error("navet.order_id must look like 00000236-FO01-0002")]
    OrderId,
    #[error("navet.client_certificate must be PEM with a certificate chain and a private key")]
    ClientCertificate,
    #[error("the TLS client could not be set up; are there root certificates on this machine?")]
    Tls,
}

/// Navet over SOAP for one municipality. Share it: the breaker and the pace are its own.
pub struct NavetSoap {
    client: Client,
    url: Url,
    organisation: String,
    order: String,
    tells_protection: bool,
    breaker: Breaker,
    pace: DefaultDirectRateLimiter,
}

impl NavetSoap {
    /// Checks the settings; connects to nothing.
    pub fn new(config: NavetConfig) -> Result<Self, InvalidNavetConfig> {
        let secure = config.url.scheme() == "https";
        let allowed = secure || (config.url.scheme() == "http" && is_loopback(&config.url));
        if !allowed {
            return Err(InvalidNavetConfig::Url);
        }
        let digits = config.organisation_number.replace('-', "");
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        let organisation = match digits.len() {
            10 if all_digits => format!("16{digits}"),
            12 if all_digits && digits.starts_with("16") => digits,
            _ => return Err(InvalidNavetConfig::OrganisationNumber),
        };
        if !is_order_id(&config.order_id) {
            return Err(InvalidNavetConfig::OrderId);
        }
        // Another part of the program may have chosen the provider already; it is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("Kommunportal")
            .dns_resolver(Loopback);
        if !secure {
            // No TLS will be spoken: do not read the machine's root certificates.
            client = client.tls_certs_only([]);
        }
        if let Some(pem) = &config.client_certificate {
            let identity = reqwest::Identity::from_pem(pem).map_err(|_| InvalidNavetConfig::ClientCertificate)?;
            client = client.identity(identity);
        }
        Ok(Self {
            client: client.build().map_err(|_| InvalidNavetConfig::Tls)?,
            url: config.url,
            organisation,
            order: config.order_id,
            tells_protection: config.order_includes_protection_flags,
            breaker: Breaker::pausing(PAUSE_SECONDS),
            pace: RateLimiter::direct(Quota::per_second(PER_SECOND)),
        })
    }

    async fn ask(&self, number: &Personnummer, deadline: Instant) -> Result<Option<Person>, Unanswered> {
        if timeout_at(deadline, self.wait_for_a_turn()).await.is_err()
            || !self.breaker.lets_through(Clock::system().now())
        {
            return Err(Unanswered::LeftAlone);
        }
        let question = soap::question(&self.organisation, &self.order, number);
        let answer = timeout_at(deadline, self.twice_at_most(question)).await.unwrap_or(Err(Unanswered::TimedOut));
        match answer {
            // A refusal is an answer: one odd question must not shut out everyone else.
            Ok(_) | Err(Unanswered::Refused { .. }) => self.breaker.answered(),
            Err(_) => self.breaker.failed(Clock::system().now()),
        }
        answer
    }

    /// A second try only when the first surely or probably never reached anyone.
    async fn twice_at_most(&self, question: String) -> Result<Option<Person>, Unanswered> {
        match self.once(question.clone()).await {
            Err(Unanswered::Unreachable | Unanswered::Status(502..=504)) => {
                sleep(jitter()).await;
                self.wait_for_a_turn().await;
                self.once(question).await
            }
            answer => answer,
        }
    }

    async fn once(&self, question: String) -> Result<Option<Person>, Unanswered> {
        let mut response = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"))
            .header(HeaderName::from_static("soapaction"), HeaderValue::from_static("\"\""))
            .body(question)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        let status = response.status();
        // Only these two carry SOAP; anything else may be a maintenance page.
        if status != StatusCode::OK && status != StatusCode::INTERNAL_SERVER_ERROR {
            return Err(Unanswered::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| Unanswered::Unusable(Unreadable::NotXml))? {
            if body.len() + piece.len() > GREATEST_SIZE {
                return Err(Unreadable::TooLarge.into());
            }
            body.extend_from_slice(&piece);
        }
        match (parse_reply(&body), status) {
            (Ok(Reply::Fault { refused: true, code }), _) => Err(Unanswered::Refused { code }),
            (Ok(Reply::Fault { refused: false, code }), _) => Err(Unanswered::Failed { code }),
            (_, StatusCode::INTERNAL_SERVER_ERROR) => Err(Unanswered::Status(500)),
            (Ok(Reply::Person(person)), _) => Ok(Some(*person)),
            (Ok(Reply::Nobody), _) => Ok(None),
            (Err(unreadable), _) => Err(unreadable.into()),
        }
    }

    async fn wait_for_a_turn(&self) {
        while let Err(not_yet) = self.pace.check() {
            sleep(not_yet.wait_time_from(DefaultClock::default().now())).await;
        }
    }
}

impl PopulationRegister for NavetSoap {
    async fn look_up(
        &self,
        number: &Personnummer,
        deadline: Instant,
        correlation: Uuid,
    ) -> Result<Option<Person>, Unanswered> {
        let started = Instant::now();
        let answer = self.ask(number, deadline).await;
        let took = started.elapsed();
        let outcome = match &answer {
            Ok(Some(_)) => "found",
            Ok(None) => "nobody",
            Err(unanswered) => unanswered.label(),
        };
        metrics::counter!("navet_answers_total", "outcome" => outcome).increment(1);
        metrics::histogram!("navet_seconds").record(took.as_secs_f64());
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        match &answer {
            Ok(_) => tracing::info!(%correlation, outcome, millis, "navet answered"),
            Err(reason) => tracing::warn!(%correlation, outcome, millis, %reason, "navet gave no answer"),
        }
        answer
    }

    fn tells_protection(&self) -> bool {
        self.tells_protection
    }
}

fn unanswered(error: &reqwest::Error) -> Unanswered {
    match error {
        e if e.is_connect() => Unanswered::Unreachable,
        e if e.is_timeout() => Unanswered::TimedOut,
        // Cut off between question and answer: not a place for a second try.
        _ => Unanswered::Unusable(Unreadable::NotXml),
    }
}

/// 50 to 305 milliseconds.
fn jitter() -> Duration {
    let mut byte = [0u8; 1];
    let random = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut byte);
    Duration::from_millis(50 + random.map_or(0, |()| u64::from(u8::from_be_bytes(byte))))
}

/// `NNNNNNNN-FONN-NNNN`.
fn is_order_id(text: &str) -> bool {
    let shape = "00000000-FO00-0000";
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_name(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// RFC 6761 section 6.3: these names are this machine, whatever its resolver says.
fn is_loopback_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}
