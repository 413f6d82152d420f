//! When the municipality is at work: 8 to 17 in Sweden on the days that are not free.

use super::{At, SWEDEN, is_free};

const OPENS: i8 = 8;
const CLOSES: i8 = 17;
/// When what was left yesterday is looked at.
const MORNING: i8 = 9;

/// True within office hours.
pub fn is_office_hours(now: At) -> bool {
    let here = now.in_sweden();
    !is_free(here.date()) && (OPENS..CLOSES).contains(&here.hour())
}

/// Nine o'clock on the first working day after that of `at`.
pub fn next_working_morning(at: At) -> At {
    let mut day = at.day();
    while let Ok(next) = day.tomorrow() {
        day = next;
        if !is_free(day) {
            break;
        }
    }
    let morning = day.at(MORNING, 0, 0, 0).to_zoned(SWEDEN.clone());
    morning.map_or(at, |zoned| At::from_seconds(zoned.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_office_is_open_by_swedish_time_and_the_next_morning_skips_what_is_closed() {
        let at = |text: &str| text.parse::<At>().unwrap();
        assert!(is_office_hours(at("2026-03-02T07:00:00Z")) && !is_office_hours(at("2026-03-02T06:59:59Z")));
        assert!(is_office_hours(at("2026-07-01T14:59:59Z")) && !is_office_hours(at("2026-07-01T15:00:00Z")));
        assert!(!is_office_hours(at("2026-04-03T10:00:00Z")), "Good Friday");
        assert_eq!(next_working_morning(at("2026-04-02T15:00:00Z")), at("2026-04-07T07:00:00Z"), "over Easter");
        assert_eq!(next_working_morning(at("2026-03-02T06:00:00Z")), at("2026-03-03T08:00:00Z"));
    }
}
