//! What every call of a system gets: how much it may still ask for, and the trace that it is part of.

use crate::vocabulary::{MunicipalitySlug, TargetSlug};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;

type Key = (MunicipalitySlug, TargetSlug);

/// How often one system may call in a minute; each process counts for itself.
pub struct SystemLimit {
    per_minute: NonZeroU32,
    limiter: RateLimiter<Key, DefaultKeyedStateStore<Key>, DefaultClock, StateInformationMiddleware>,
}

/// What a system may still ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    per_minute: u32,
    /// Calls at once; `None`: it has asked too often.
    pub left: Option<u32>,
    /// Seconds until there is more.
    pub wait: u64,
}

impl SystemLimit {
    /// So many in a minute, all of them at once if need be.
    pub fn per_minute(n: u32) -> Self {
        let per_minute = NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware();
        Self { per_minute, limiter }
    }

    pub(super) fn take(&self, municipality: &MunicipalitySlug, target: &TargetSlug) -> Allowance {
        let per_minute = self.per_minute.get();
        match self.limiter.check_key(&(municipality.clone(), target.clone())) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                Allowance {
                    per_minute,
                    left: Some(left),
                    wait: u64::from((per_minute - left.min(per_minute)) * 60 / per_minute),
                }
            }
            Err(early) => {
                let wait = early.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                Allowance { per_minute, left: None, wait }
            }
        }
    }
}

/// Puts what the caller may still ask for on the answer (draft-ietf-httpapi-ratelimit-headers), and gives its trace back.
pub(super) async fn told<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let trace = request.headers().get("traceparent").filter(|v| is_traceparent(v.as_bytes())).cloned();
    let mut response = next.call(request).await?;
    let allowance = response.request().extensions().get::<Allowance>().copied();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    if let Some(a) = allowance {
        put("ratelimit-policy", format!("\"default\";q={};w=60", a.per_minute));
        put("ratelimit", format!("\"default\";r={};t={}", a.left.unwrap_or(0), a.wait));
        if a.left.is_none() {
            put("retry-after", a.wait.to_string());
        }
    }
    if let Some(trace) = trace {
        headers.insert(HeaderName::from_static("traceparent"), trace);
    }
    Ok(response)
}

/// W3C Trace Context 3.2: `00-` 32 hex `-` 16 hex `-` 2 hex.
fn is_traceparent(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|b| *b == b'-').collect();
    let hex = |part: &[u8], n: usize| part.len() == n && part.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    matches!(parts.as_slice(), [version, trace, span, flags]
        if hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_asks_too_often_is_told_when_to_come_back_and_does_not_cost_another() {
        let limit = SystemLimit::per_minute(2);
        let (m, a, b) = ("skara".parse().unwrap(), "castor".parse().unwrap(), "treserva".parse().unwrap());
        assert_eq!((limit.take(&m, &a).left, limit.take(&m, &a).left), (Some(1), Some(0)));
        let over = limit.take(&m, &a);
        assert!(over.left.is_none() && (1..=31).contains(&over.wait), "{over:?}");
        assert_eq!(limit.take(&m, &b).left, Some(1));
    }

    #[test]
    fn only_a_trace_as_the_standard_has_it_is_given_back() {
        assert!(is_traceparent(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_traceparent(b"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
        assert!(!is_traceparent(b"00-1-2-01"));
    }
}
