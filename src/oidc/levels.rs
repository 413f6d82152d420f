//! Levels of assurance. Exact strings of the Sweden Connect registry; a level is never read out of a URI's spelling.

const LOA2: &str = "http://id.elegnamnden.se/loa/1.0/loa2";
const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
/// Self-declared provider, or an unreviewed broker in front of a reviewed e-legitimation such as BankID.
const UNCERTIFIED_LOA2: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa2";
const UNCERTIFIED_LOA3: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3";

/// The `acr` values that by default reach a Swedish level of assurance (tillitsnivå 2, 3 or 4). Any other number gives
/// none, and a log-in that accepts nothing is refused.
pub fn accepted_acr(level: u8) -> Vec<&'static str> {
    match level {
        2 => vec![LOA2, LOA3, LOA4, UNCERTIFIED_LOA2, UNCERTIFIED_LOA3],
        3 => vec![LOA3, LOA4, UNCERTIFIED_LOA3],
        4 => vec![LOA4],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_level_is_accepted_where_a_lower_is_asked_for() {
        for level in 2..4 {
            let (lower, higher) = (accepted_acr(level), accepted_acr(level + 1));
            assert!(higher.iter().all(|acr| lower.contains(acr)));
        }
        assert!(accepted_acr(0).is_empty() && accepted_acr(5).is_empty());
    }
}
