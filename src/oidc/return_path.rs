//! Where to go after log-in.

use url::Url;

const MAX_PATH: usize = 2048;

/// The path (with query) that a person is sent back to, or `None` when it could lead off this site: then the caller uses
/// its start page. Accepts one leading `/`; refuses `//`, backslashes, control characters, also percent-encoded, and
/// whatever does not resolve to our own origin. The answer is the normal form of the path.
pub fn safe_return_path(wanted: &str) -> Option<String> {
    let suspicious = wanted.len() > MAX_PATH
        || !wanted.starts_with('/')
        || wanted.starts_with("//")
        || wanted.contains('\\')
        || wanted.chars().any(char::is_control)
        || hides_a_control_character(wanted);
    if suspicious {
        return None;
    }
    let home = Url::parse("https://home.invalid/").ok()?;
    let there = home.join(wanted).ok()?;
    // "/.//elsewhere" is a path here, but its normal form would be read as another host.
    if there.origin() != home.origin() || there.path().starts_with("//") {
        return None;
    }
    Some(match there.query() {
        Some(query) => format!("{}?{query}", there.path()),
        None => there.path().to_owned(),
    })
}

fn hides_a_control_character(text: &str) -> bool {
    text.as_bytes().windows(3).any(|window| {
        let hex = |b: u8| char::from(b).to_digit(16);
        match window {
            [b'%', high, low] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => matches!(high * 16 + low, 0..=0x1f | 0x5c | 0x7f),
                _ => false,
            },
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_site_are_kept() {
        for path in ["/", "/mina-sidor", "/e-tjanster/bygglov/utkast/0190/granska?visa=alla", "/a/b%20c"] {
            assert_eq!(safe_return_path(path).as_deref(), Some(path));
        }
        assert_eq!(safe_return_path("/a/../b#del").as_deref(), Some("/b"));
    }

    #[test]
    fn ways_off_this_site_are_refused() {
        let long = format!("/{}", "a".repeat(MAX_PATH));
        for path in [
            "",
            "mina-sidor",
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "/%0d%0aSet-Cookie:x",
            "/\r\nx",
            "/\t/evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%5Cevil.example",
            "javascript:alert(1)",
            " /a",
            &long,
        ] {
            assert_eq!(safe_return_path(path), None, "{path:.40}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_accepted_stays_on_this_site(
            wanted in proptest::prop_oneof![
                "(?s).{0,60}",
                "/[/\\\\.%a-f0-9@:?#]{0,30}",
                "[/\\\\]{1,3}(evil\\.example|\\.\\.?|%2e|%2f|;|@)?[/\\\\]{0,3}[a-z.]{0,10}",
            ]
        ) {
            if let Some(path) = safe_return_path(&wanted) {
                let home = Url::parse("https://lidkoping.example:8443/logga-in").unwrap();
                let there = home.join(&path).unwrap();
                proptest::prop_assert_eq!(there.origin(), home.origin());
                // The accepted form is stable, and can stand in a header.
                proptest::prop_assert!(path.is_ascii() && !path.chars().any(char::is_control));
                proptest::prop_assert_eq!(safe_return_path(&path), Some(path.clone()));
            }
        }
    }
}
