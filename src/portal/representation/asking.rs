//! One way to ask a register over HTTP: with an end to time, size and patience, no redirects, and at no other address than
//! the one that the settings name. Neither log nor metrics ever hold whom the question was about.

use crate::vocabulary::Clock;
use crate::web::{Breaker, http_client};
use reqwest::{Client, RequestBuilder, StatusCode};
use std::time::{Duration, Instant};

/// A page waits for it.
const WHOLE: Duration = Duration::from_secs(5);
/// Nobody has so many engagements.
const GREATEST: usize = 512 * 1024;
/// How long a failing register is left alone.
const PAUSE_SECONDS: i64 = 30;

/// Why there was no answer, or none that can be believed: nobody may act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No connection, or it broke.
    #[error("the register could not be reached")]
    Unreachable,
    /// Too slow.
    #[error("the register did not answer in time")]
    TimedOut,
    /// Another status than one that carries an answer.
    #[error("the register answered HTTP {0}")]
    Status(u16),
    /// More than anybody's engagements.
    #[error("the register's answer was too large")]
    TooLarge,
    /// Not what was agreed.
    #[error("the register's answer could not be read")]
    Unreadable,
    /// Signed by nobody that we trust, old, or about somebody else.
    #[error("the register's answer could not be believed")]
    Unbelievable,
    /// Failed too often a little ago: not asked at all.
    #[error("the register is left alone after repeated failures")]
    LeftAlone,
}

impl Unanswered {
    fn label(self) -> &'static str {
        match self {
            Unanswered::Unreachable => "unreachable",
            Unanswered::TimedOut => "timed_out",
            Unanswered::Status(_) => "status",
            Unanswered::TooLarge => "too_large",
            Unanswered::Unreadable => "unreadable",
            Unanswered::Unbelievable => "unbelievable",
            Unanswered::LeftAlone => "left_alone",
        }
    }
}

/// One register's line.
pub(super) struct Line {
    pub(super) client: Client,
    pub(super) clock: Clock,
    register: &'static str,
    breaker: Breaker,
}

impl Line {
    pub(super) fn new(register: &'static str, clock: Clock) -> Result<Self, reqwest::Error> {
        Ok(Self { client: http_client(WHOLE)?, clock, register, breaker: Breaker::pausing(PAUSE_SECONDS) })
    }

    /// Sends one question; the body of a 200. `reads` makes sense of it, and what it cannot counts as no answer.
    pub(super) async fn ask<T>(
        &self,
        question: RequestBuilder,
        reads: impl FnOnce(&[u8]) -> Result<T, Unanswered>,
    ) -> Result<T, Unanswered> {
        let begun = Instant::now();
        let answer = if self.breaker.lets_through(self.clock.now()) {
            let answer = body(question).await.and_then(|body| reads(&body));
            match &answer {
                Ok(_) => self.breaker.answered(),
                Err(_) => self.breaker.failed(self.clock.now()),
            }
            answer
        } else {
            Err(Unanswered::LeftAlone)
        };
        let outcome = answer.as_ref().map_or_else(|why| why.label(), |_| "answered");
        metrics::counter!("register_answers_total", "register" => self.register, "outcome" => outcome).increment(1);
        metrics::histogram!("register_seconds", "register" => self.register).record(begun.elapsed().as_secs_f64());
        if let Err(why) = &answer {
            tracing::warn!(register = self.register, outcome, %why, "a register gave no answer that can be used");
        }
        answer
    }
}

async fn body(question: RequestBuilder) -> Result<Vec<u8>, Unanswered> {
    let mut response = question.send().await.map_err(|e| unanswered(&e))?;
    if response.status() != StatusCode::OK {
        return Err(Unanswered::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| unanswered(&e))? {
        if body.len() + piece.len() > GREATEST {
            return Err(Unanswered::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn unanswered(e: &reqwest::Error) -> Unanswered {
    if e.is_timeout() { Unanswered::TimedOut } else { Unanswered::Unreachable }
}
