//! What a stored file may be called when it is shown and downloaded.

use super::FileKind;
use unicode_normalization::UnicodeNormalization;

const LIMIT: usize = 120;

/// A name that cannot lead anywhere else, cannot look like something it is not, and ends as its kind does: no folders,
/// control or direction characters, no leading dots, at most 120 characters. What is left of nothing is `fil.pdf`.
pub fn safe_file_name(typed: &str, kind: FileKind) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.nfc().map(|c| if is_unwanted(c) { ' ' } else { c }).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, end)) => (stem, kind.extensions().iter().find(|e| e.eq_ignore_ascii_case(end)).copied()),
        None => (clean.as_str(), None),
    };
    // One that does not fit the kind stays as part of the name: `faktura.exe` that is a PDF is `faktura.exe.pdf`.
    let stem = if extension.is_some() { stem } else { clean.as_str() };
    let extension = extension.unwrap_or(kind.extension());
    let room = LIMIT - extension.chars().count() - 1;
    let stem: String = stem.trim_start_matches(['.', ' ', '~', '-']).chars().take(room).collect();
    let stem = stem.trim_end_matches(['.', ' ']);
    format!("{}.{extension}", if stem.is_empty() { "fil" } else { stem })
}

/// Not for a file name on any system (Windows reserves the punctuation), or not to be seen (Unicode UAX 9 and UTS 39).
fn is_unwanted(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{fffd}')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_as_people_have_them() {
        for (typed, kind, kept) in [
            ("Intyg från läkare.PDF", FileKind::Pdf, "Intyg från läkare.pdf"),
            ("C:\\Users\\Åsa\\foto.jpeg", FileKind::Jpeg, "foto.jpeg"),
            ("../../etc/passwd", FileKind::Text, "passwd.txt"),
            ("faktura.pdf.exe", FileKind::Pdf, "faktura.pdf.exe.pdf"),
            ("gpj.\u{202e}exe", FileKind::Png, "gpj. exe.png"),
            ("..bashrc", FileKind::Text, "bashrc.txt"),
            ("A\u{30a}sa.txt", FileKind::Text, "Åsa.txt"),
            ("", FileKind::Docx, "fil.docx"),
            (".pdf", FileKind::Pdf, "fil.pdf"),
            ("rad\r\nbrytning.csv", FileKind::Csv, "rad brytning.csv"),
        ] {
            assert_eq!(safe_file_name(typed, kind), kept);
        }
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_safe_one(typed in prop_oneof![any::<String>(), "[./\\\\ a\u{202e}]{0,200}"], n in 0usize..13) {
            let kind = FileKind::ALL[n];
            let name = safe_file_name(&typed, kind);
            prop_assert!(name.chars().count() <= LIMIT && !name.starts_with('.'));
            let leads_astray = name.contains(['/', '\\', '"', '\0', '\n', '\u{202e}']);
            prop_assert!(!leads_astray, "{}", name);
            let fits = kind.extensions().iter().any(|e| name.ends_with(&format!(".{e}")));
            prop_assert!(fits, "{}", name);
            prop_assert_eq!(safe_file_name(&name, kind), name.clone());
        }
    }
}
