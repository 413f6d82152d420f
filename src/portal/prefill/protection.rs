//! Protected personal data: sekretessmarkering and skyddad folkbokföring. Every doubt falls on the side of protection.

use super::record::Person;

/// What is known of a person's protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// The register says no, and would have said yes.
    None,
    /// The register says yes.
    Protected,
    /// The order does not include the flags: their absence says nothing.
    Unknown,
}

/// True for every value of a flag but a clear no.
pub(super) fn flag_is_set(value: &str) -> bool {
    !matches!(value.trim(), "" | "N")
}

/// A person's protection, given whether the order includes the flags (terms 01003 and 01020).
pub(super) fn of(person: &Person, order_tells: bool) -> Protection {
    match (person.protected, order_tells) {
        (true, _) => Protection::Protected,
        (false, true) => Protection::None,
        (false, false) => Protection::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_no_is_a_no() {
        assert!(!flag_is_set("N") && !flag_is_set("") && !flag_is_set(" \n"));
        for value in ["J", "j", "n", "Ja", "0", "?", "NN"] {
            assert!(flag_is_set(value), "{value}");
        }
    }

    #[test]
    fn silence_counts_only_when_the_order_would_have_spoken() {
        let flagged = Person { protected: true, ..Person::default() };
        assert_eq!(of(&flagged, true), Protection::Protected);
        assert_eq!(of(&flagged, false), Protection::Protected);
        assert_eq!(of(&Person::default(), true), Protection::None);
        assert_eq!(of(&Person::default(), false), Protection::Unknown);
    }
}
