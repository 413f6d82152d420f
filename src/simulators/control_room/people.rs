//! Whom one can be with one press, and where one lands.

/// Somebody worth being. The texts `room-person-<key>` say why.
pub(super) struct Choice {
    pub(super) key: &'static str,
    /// Who it is at the broker: by key in the population, or by affiliation.
    pub(super) who: Who,
}

pub(super) enum Who {
    Resident(&'static str),
    Handler(&'static str),
}

/// Five: three residents who are treated differently, two handlers who have something to do.
pub(super) const CHOICES: [Choice; 5] = [
    Choice { key: "anna", who: Who::Resident("anna") },
    Choice { key: "camilla", who: Who::Resident("camilla") },
    Choice { key: "olena", who: Who::Resident("olena") },
    Choice { key: "karin", who: Who::Handler("kaso01@2120009911") },
    Choice { key: "eva", who: Who::Handler("evha01@2120009911") },
];

/// Where one can land. The first of its side is where one lands unless told otherwise.
const RESIDENTS_GOALS: [(&str, &str); 2] =
    [("mina-sidor", "/mina-sidor"), ("forskoleplats", "/e-tjanster/forskoleplats/fyll-i")];
const HANDLERS_GOALS: [(&str, &str); 1] = [("inkorg", "/inkorg")];

impl Who {
    /// The path of a goal by its name; an unknown name is the first goal.
    pub(super) fn goal(&self, name: &str) -> &'static str {
        let goals: &[(&str, &'static str)] = match self {
            Who::Resident(_) => &RESIDENTS_GOALS,
            Who::Handler(_) => &HANDLERS_GOALS,
        };
        goals.iter().find(|(known, _)| *known == name).or(goals.first()).map_or("/", |(_, path)| path)
    }
}
