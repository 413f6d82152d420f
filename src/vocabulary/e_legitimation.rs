//! What people call their e-legitimation.

/// An e-legitimation as people know it. A broker names it by an address or a word of its own.
pub fn e_legitimation_name(method: &str) -> &str {
    let word = method.rsplit('/').find(|part| !part.is_empty()).unwrap_or(method);
    let known = [("bankid", "BankID"), ("freja", "Freja"), ("siths", "SITHS"), ("eidas", "eIDAS")];
    let lower = word.to_lowercase();
    known.into_iter().find(|(part, _)| lower.contains(part)).map_or(word, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::e_legitimation_name;

    #[test]
    fn an_e_legitimation_has_the_name_that_people_know() {
        let cases = [
            ("https://broker.example/eid/bankid", "BankID"),
            ("urn:grn:authn:se:frejaid", "Freja"),
            ("https://broker.example/eid/pass/", "pass"),
            ("oidc", "oidc"),
            ("", ""),
        ];
        for (method, name) in cases {
            assert_eq!(e_legitimation_name(method), name, "{method}");
        }
    }
}
