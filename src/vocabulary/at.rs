//! Moments and days. Time is a parameter: only [`Clock`] reads the machine's clock.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

/// Europe/Stockholm, in which every date and time is shown and every legal day is counted.
pub static SWEDEN: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));

/// A day in Sweden.
pub type Day = jiff::civil::Date;

/// A moment, UTC, cut to microseconds: what both databases store and give back unchanged.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = crate::db::types::AtSql)]
pub struct At(Timestamp);

impl At {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: At = At(Timestamp::UNIX_EPOCH);

    /// From microseconds since 1970; out of range becomes the nearest possible moment.
    pub fn from_micros(us: i64) -> Self {
        let limit = if us < 0 { Timestamp::MIN } else { Timestamp::MAX };
        At(Timestamp::from_microsecond(us).unwrap_or(limit))
    }

    /// From whole seconds since 1970.
    pub fn from_seconds(s: i64) -> Self {
        Self::from_micros(s.saturating_mul(1_000_000))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.as_second()
    }

    /// This moment and `seconds` more (fewer when negative).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This moment and `days` times 24 hours more.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// On the clock in Sweden.
    pub fn in_sweden(self) -> jiff::Zoned {
        self.0.to_zoned(SWEDEN.clone())
    }

    /// The day in Sweden.
    pub fn day(self) -> Day {
        self.in_sweden().date()
    }

    /// RFC 3339 with `Z`, as the contract wants it. Whole seconds when there is no fraction.
    pub fn rfc3339(self) -> String {
        self.0.to_string()
    }
}

impl FromStr for At {
    type Err = jiff::Error;
    fn from_str(s: &str) -> Result<Self, jiff::Error> {
        s.parse::<Timestamp>().map(|t| At::from_micros(t.as_microsecond()))
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl serde::Serialize for At {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for At {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where "now" comes from: the machine, or in tests a hand that is moved.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Clock(None)
    }

    /// A clock that stands still until it is [advanced](Self::advance). For tests.
    pub fn standing_at(at: At) -> Self {
        Clock(Some(Arc::new(AtomicI64::new(at.micros()))))
    }

    /// Moves a standing clock; the machine's own cannot be moved.
    pub fn advance(&self, seconds: i64) {
        if let Some(hand) = &self.0 {
            hand.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// This moment.
    pub fn now(&self) -> At {
        match &self.0 {
            Some(hand) => At::from_micros(hand.load(Ordering::SeqCst)),
            None => At::from_micros(Timestamp::now().as_microsecond()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_late_in_the_evening_is_the_next_day_in_sweden() {
        let at: At = "2026-07-01T22:30:00Z".parse().unwrap_or(At::EPOCH);
        assert_eq!(at.day().to_string(), "2026-07-02");
        assert_eq!(at.rfc3339(), "2026-07-01T22:30:00Z");
    }
}
