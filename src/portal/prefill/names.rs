//! Names: which given name is used, and how a whole name is written.

use super::record::{Person, age};
use crate::vocabulary::Day;

/// The name a person goes by (tilltalsnamn). The marking counts parts of the given names, parted at spaces and hyphens,
/// from one: `20` is the second, `12` the first and second. Without a marking, or with one that points outside, all
/// given names are used.
pub(super) fn first_name(given: &str, marking: Option<&str>) -> String {
    marked(given, marking.unwrap_or("00")).unwrap_or_else(|| given.to_owned())
}

fn marked(given: &str, marking: &str) -> Option<String> {
    let mut parts: Vec<(char, &str)> = Vec::new();
    let mut joined_by = ' ';
    for piece in given.split_inclusive([' ', '-']) {
        let name = piece.trim_end_matches([' ', '-']);
        if !name.is_empty() {
            parts.push((joined_by, name));
        }
        joined_by = piece.chars().last().filter(|c| *c == '-').unwrap_or(' ');
    }
    let mut digits = marking.chars().map(|c| c.to_digit(10));
    let (first, second, None) = (digits.next()??, digits.next()??, digits.next()) else { return None };
    let part = |n: u32| parts.get(usize::try_from(n).ok()?.checked_sub(1)?);
    let (_, name) = part(first)?;
    if second == 0 {
        return Some((*name).to_owned());
    }
    let (joint, other) = part(second)?;
    let joint = if second == first + 1 { *joint } else { ' ' };
    Some(format!("{name}{joint}{other}"))
}

/// Middle name and surname as one, which is how people fill in forms.
pub(super) fn surname(person: &Person) -> Option<String> {
    joined([person.middle_name.as_deref(), person.surname.as_deref()])
}

/// The whole name; `None` for someone who has none.
pub(super) fn whole_name(person: &Person) -> Option<String> {
    joined([person.given_names.as_deref(), person.middle_name.as_deref(), person.surname.as_deref()])
}

/// A child's whole name and first name. A newborn is registered before she has been given one.
pub(super) fn child_names(child: &Person, born: Day, today: Day) -> (String, String) {
    let first = child.given_names.as_deref().map(|given| first_name(given, child.first_name_marking.as_deref()));
    match (whole_name(child), first) {
        (Some(whole), Some(first)) => (whole, first),
        // Some people have one name only, registered as a surname. That a baby's surname is one, nobody can tell.
        (Some(whole), None) if age(born, today) >= 1 => (whole.clone(), whole),
        _ => {
            let described = format!("Barn utan förnamn, född {}", swedish_date(born));
            (described.clone(), described)
        }
    }
}

/// `28 oktober 2026`.
fn swedish_date(day: Day) -> String {
    const MONTHS: [&str; 12] = [
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
    let month = usize::from(day.month().unsigned_abs()).checked_sub(1).and_then(|m| MONTHS.get(m)).unwrap_or(&"");
    format!("{} {month} {}", day.day(), day.year())
}

fn joined<const N: usize>(names: [Option<&str>; N]) -> Option<String> {
    let names: Vec<&str> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marking_points_out_the_name_a_person_goes_by() {
        let cases = [
            ("Sofia Maria", Some("20"), "Maria"),
            ("Anna-Karin Elisabet", Some("12"), "Anna-Karin"),
            ("Per Olof Gunnar", Some("12"), "Per Olof"),
            ("Hedvig Britt-Marie", Some("23"), "Britt-Marie"),
            ("Svante Hans-Emil", Some("12"), "Svante Hans"),
            ("Noël Åke-André", Some("23"), "Åke-André"),
            ("Anna Berit Carin", Some("13"), "Anna Carin"),
            ("Tuva", None, "Tuva"),
            ("Ebba Linnéa", Some("00"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("30"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("13"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("02"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("1"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("1x"), "Ebba Linnéa"),
            ("Ebba Linnéa", Some("123"), "Ebba Linnéa"),
            ("", Some("10"), ""),
        ];
        for (given, marking, expected) in cases {
            assert_eq!(first_name(given, marking), expected, "{given} {marking:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_and_marking_give_a_name(given in ".{0,80}", marking in ".{0,4}") {
            first_name(&given, Some(&marking));
        }
    }
}
