//! The days that are not working days in Sweden, and the last day of a time that law counts in weeks.

use super::Day;
use jiff::ToSpan;
use jiff::civil::{Weekday, date};

/// Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i16) -> Day {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    // Always 22 March to 25 April.
    Day::new(year, i8::try_from(days / 31).unwrap_or(3), i8::try_from(days % 31 + 1).unwrap_or(31))
        .unwrap_or(Day::constant(year, 3, 31))
}

/// Saturdays, Sundays, public holidays (lag 1989:253), and the eves that count as Sundays: midsummer's, Christmas and New
/// Year's (lag 1930:173, 2 §).
pub fn is_free(day: Day) -> bool {
    let from_easter = (day - easter(day.year())).get_days();
    match (day.weekday(), day.month(), day.day()) {
        (Weekday::Saturday | Weekday::Sunday, ..) => true,
        (_, 1, 1 | 6) | (_, 5, 1) | (_, 6, 6) | (_, 12, 24..=26 | 31) => true,
        // Midsummer day is a Saturday, as All Saints' Day.
        (Weekday::Friday, 6, 19..=25) => true,
        // Good Friday, Easter Monday, Ascension Day; Whit Sunday is a Sunday.
        _ => matches!(from_easter, -2 | 1 | 39),
    }
}

/// The last day of a time of so many weeks that began on `from`: the day of the same name, or the first working day after
/// it where that is none (lag 1930:173, 1 and 2 §§).
pub fn last_day(from: Day, weeks: u32) -> Day {
    let mut day = from.saturating_add(i64::from(weeks.min(520)).weeks());
    while is_free(day) && day < date(9999, 12, 25) {
        day = day.saturating_add(1.day());
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_on_the_sunday_that_the_almanac_says() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)] {
            assert_eq!(easter(year), date(year, month, day));
        }
    }

    #[test]
    fn the_days_that_move_are_free_and_an_ordinary_weekday_is_not() {
        let free = ["2026-04-03", "2026-04-06", "2026-05-14", "2026-06-19", "2026-10-31", "2026-12-24", "2026-12-31"];
        for day in free {
            assert!(is_free(day.parse().unwrap()), "{day}");
        }
        for day in ["2026-04-02", "2026-05-15", "2026-06-18", "2026-12-23", "2026-12-30", "2026-02-18"] {
            assert!(!is_free(day.parse().unwrap()), "{day}");
        }
    }

    #[test]
    fn a_time_that_ends_on_a_free_day_ends_on_the_next_working_day() {
        let last = |from: &str| last_day(from.parse().unwrap(), 3).to_string();
        assert_eq!(last("2026-02-02"), "2026-02-23");
        // A Friday three weeks later is Good Friday; the Monday after it is free too.
        assert_eq!(last("2026-03-13"), "2026-04-07");
        // Christmas Eve, Christmas Day, Boxing Day and a Sunday.
        assert_eq!(last("2026-12-03"), "2026-12-28");
        assert_eq!(last("2026-05-29"), "2026-06-22");
    }
}
