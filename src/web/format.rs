//! Dates, times and sizes as people write them.

use crate::vocabulary::{At, Day, Lang};

const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `21 november 2026`, `21 November 2026`.
pub fn day(day: Day, lang: Lang) -> String {
    let names = match lang {
        Lang::Sv => MONTHS_SV,
        Lang::En => MONTHS_EN,
    };
    let month = usize::try_from(day.month() - 1).ok().and_then(|n| names.get(n)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// The day of a moment in Sweden.
pub fn date(at: At, lang: Lang) -> String {
    day(at.day(), lang)
}

/// `14.32` in Swedish, `14:32` in English.
pub fn time(at: At, lang: Lang) -> String {
    let clock = at.in_sweden();
    let sign = match lang {
        Lang::Sv => '.',
        Lang::En => ':',
    };
    format!("{:02}{sign}{:02}", clock.hour(), clock.minute())
}

/// `21 november 2026 kl. 14.32`, `21 November 2026 at 14:32`.
pub fn date_time(at: At, lang: Lang) -> String {
    let between = match lang {
        Lang::Sv => "kl.",
        Lang::En => "at",
    };
    format!("{} {between} {}", date(at, lang), time(at, lang))
}

/// `830 byte`, `1,2 kB`, `3,4 MB` (powers of 1 000, as on a receipt); decimal point in English.
pub fn size(bytes: u64, lang: Lang) -> String {
    let text = match bytes {
        0..1_000 => return format!("{bytes} byte"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    };
    match lang {
        Lang::Sv => text.replace('.', ","),
        Lang::En => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_on_the_clock_in_sweden() {
        let at: At = "2026-11-21T13:32:00Z".parse().unwrap();
        assert_eq!(date_time(at, Lang::Sv), "21 november 2026 kl. 14.32");
        assert_eq!(date_time(at, Lang::En), "21 November 2026 at 14:32");
        assert_eq!(size(1_234_567, Lang::Sv), "1,2 MB");
    }
}
