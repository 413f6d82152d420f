//! Which target takes what: the most specific row decides, a municipality's own before the installation's, and without a
//! row the service itself.

use crate::settings::Route;
use crate::vocabulary::TargetSlug;

/// What is to be delivered somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Routed<'a> {
    /// The service's code.
    pub service: &'a str,
    /// The unit that it names.
    pub unit: &'a str,
    /// The case type that it names.
    pub case_type: &'a str,
}

/// The target of the most specific row that fits, in the first table that has one as specific.
pub fn target_for<'a>(own: &'a [Route], common: &'a [Route], what: Routed<'_>) -> Option<&'a TargetSlug> {
    let mut best: Option<&Route> = None;
    for route in own.iter().chain(common).filter(|route| fits(route, what)) {
        if best.is_none_or(|b| weight(route) > weight(b)) {
            best = Some(route);
        }
    }
    best.map(|route| &route.target)
}

/// The place of the first row of a table that an earlier one has settled already: equally specific for the same thing, so
/// that it could never decide or nobody could tell which of them does.
pub fn ambiguous(table: &[Route]) -> Option<usize> {
    (1..table.len()).find(|&n| {
        let (before, rest) = table.split_at(n);
        rest.first().is_some_and(|row| before.iter().any(|b| key(b) == key(row)))
    })
}

fn key(route: &Route) -> (&Option<String>, &Option<String>, &Option<String>) {
    (&route.service, &route.case_type, &route.unit)
}

fn fits(route: &Route, what: Routed<'_>) -> bool {
    let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
    same(&route.service, what.service) && same(&route.unit, what.unit) && same(&route.case_type, what.case_type)
}

/// A service says more than a case type, that more than a unit, and either more than the ones below it together.
fn weight(route: &Route) -> u8 {
    u8::from(route.service.is_some()) * 4 + u8::from(route.case_type.is_some()) * 2 + u8::from(route.unit.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str, &str, &str)]) -> Vec<Route> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let route = |(service, unit, case_type, target): &(&str, &str, &str, &str)| Route {
            service: some(service),
            unit: some(unit),
            case_type: some(case_type),
            target: target.parse().unwrap(),
        };
        rows.iter().map(route).collect()
    }

    #[test]
    fn the_most_specific_row_decides_and_a_municipalitys_own_before_the_installations() {
        let own = table(&[("", "miljo", "", "ecos"), ("bygglov", "", "", "byggr")]);
        let common = table(&[("", "", "", "castor"), ("", "miljo", "", "annat"), ("bygglov", "miljo", "", "bada")]);
        let to = |service, unit| {
            let what = Routed { service, unit, case_type: "X" };
            target_for(&own, &common, what).map(|t| t.to_string())
        };
        assert_eq!(to("varmepump", "miljo").as_deref(), Some("ecos"));
        assert_eq!(to("bygglov", "bygg").as_deref(), Some("byggr"));
        assert_eq!(to("bygglov", "miljo").as_deref(), Some("bada"));
        assert_eq!(to("lokal", "fritid").as_deref(), Some("castor"));
        assert_eq!(target_for(&[], &[], Routed { service: "a", unit: "b", case_type: "c" }), None);
    }

    #[test]
    fn two_rows_for_the_same_thing_are_one_too_many() {
        assert_eq!(ambiguous(&table(&[("a", "", "", "x"), ("", "a", "", "x"), ("a", "", "", "y")])), Some(2));
        assert_eq!(ambiguous(&table(&[("a", "", "", "x"), ("", "", "", "y")])), None);
    }
}
