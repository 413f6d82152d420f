//! One language: its texts, and dates, times and numbers as it writes them.

use super::{Arg, Texts};
use crate::vocabulary::{At, Day, Lang};
use std::fmt;
use std::sync::Arc;

/// Says things in one language. Cheap to clone.
#[derive(Clone)]
pub struct Voice {
    texts: Arc<Texts>,
    lang: Lang,
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Voice({})", self.lang)
    }
}

impl Voice {
    pub(super) fn new(texts: Arc<Texts>, lang: Lang) -> Self {
        Self { texts, lang }
    }

    /// Which language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The same texts in Swedish, for what the archive and the desk read.
    pub fn in_swedish(&self) -> Voice {
        Voice::new(self.texts.clone(), Lang::SWEDISH)
    }

    /// A text without values.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, [])
    }

    /// A text with one value.
    pub fn about(&self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        self.text_with(key, [(name, value.into())])
    }

    /// A text with its values.
    pub fn text_with<'a>(&self, key: &str, args: impl IntoIterator<Item = (&'a str, Arg)>) -> String {
        self.texts.get(self.lang, key, args)
    }

    /// `21 november 2026`.
    pub fn day(&self, day: Day) -> String {
        self.with_month(day, self.text(&format!("month-{}", day.month())))
    }

    /// `21 nov 2026`.
    pub fn short_day(&self, day: Day) -> String {
        self.with_month(day, self.text(&format!("month-short-{}", day.month())))
    }

    fn with_month(&self, day: Day, month: String) -> String {
        let args = [("day", day.day().to_string()), ("month", month), ("year", day.year().to_string())];
        self.text_with("date", args.map(|(name, value)| (name, value.into())))
    }

    /// The day of a moment in Sweden.
    pub fn date(&self, at: At) -> String {
        self.day(at.day())
    }

    /// The time of day in Sweden.
    pub fn time(&self, at: At) -> String {
        let clock = at.in_sweden();
        let args = [("hour", format!("{:02}", clock.hour())), ("minute", format!("{:02}", clock.minute()))];
        self.text_with("time", args.map(|(name, value)| (name, value.into())))
    }

    /// `21 november 2026 kl. 14.32`.
    pub fn date_time(&self, at: At) -> String {
        self.text_with("date-time", [("date", self.date(at).into()), ("time", self.time(at).into())])
    }

    /// `830 byte`, `1,2 kB`, `3,4 MB`: powers of 1 000, as on a receipt.
    pub fn size(&self, bytes: u64) -> String {
        match bytes {
            0..1_000 => self.about("size-bytes", "count", bytes),
            1_000..1_000_000 => format!("{}\u{a0}kB", self.number(bytes as f64 / 1e3, 1, false)),
            _ => format!("{}\u{a0}MB", self.number(bytes as f64 / 1e6, 1, false)),
        }
    }

    /// `15 000` or `15 000,50`: thousands apart by a no-break space, at most so many decimals, and those all (`pad`) or
    /// none.
    pub fn number(&self, value: f64, decimals: usize, pad: bool) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = whole.len();
        let mut out = String::new();
        if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            out.push('\u{2212}');
        }
        for (n, c) in whole.chars().enumerate() {
            if n > 0 && (digits - n).is_multiple_of(3) {
                out.push('\u{a0}');
            }
            out.push(c);
        }
        let trimmed = fraction.trim_end_matches('0');
        let shown = if trimmed.is_empty() {
            ""
        } else if pad {
            fraction
        } else {
            trimmed
        };
        if !shown.is_empty() {
            out.push_str(&self.text("decimal-mark"));
            out.push_str(shown);
        }
        out
    }

    /// `15 000 kr`.
    pub fn money(&self, value: f64) -> String {
        format!("{}\u{a0}kr", self.number(value, 2, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_on_the_clock_in_sweden() {
        let at: At = "2026-11-21T13:32:00Z".parse().unwrap();
        let texts = Arc::new(Texts::new(Texts::files()).unwrap());
        let (sv, en) = (texts.voice(Lang::SWEDISH), texts.voice("en".parse().unwrap()));
        assert_eq!(sv.date_time(at), "21 november 2026 kl. 14.32");
        assert_eq!(en.date_time(at), "21 November 2026 at 14:32");
        assert_eq!((sv.short_day(at.day()), en.short_day(at.day())), ("21 nov 2026".into(), "21 Nov 2026".into()));
        assert_eq!((sv.size(830), sv.size(48_000)), ("830\u{a0}byte".into(), "48\u{a0}kB".into()));
        assert_eq!((sv.size(1_234_567), en.size(1_234_567)), ("1,2\u{a0}MB".into(), "1.2\u{a0}MB".into()));
        assert_eq!((sv.money(1234.5), en.money(-0.001)), ("1\u{a0}234,50\u{a0}kr".into(), "0\u{a0}kr".into()));
    }
}
