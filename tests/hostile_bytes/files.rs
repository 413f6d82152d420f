//! Files that people send.

use super::hostile::{cases, spoiled};
use kommunportal::files::{FileKind, Sniffer, safe_file_name, sniff};
use proptest::prelude::*;

/// A zip file with stored entries and a central directory, as office programs write them.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let offset = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        bytes.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        bytes.extend(length);
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        directory.extend(length);
        directory.extend([0; 12]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(names.len()).unwrap().to_le_bytes();
    let (start, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(size.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn examples() -> Vec<Vec<u8>> {
    vec![
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF".to_vec(),
        b"%PDF-1.4\ntrailer\n<< /Size 9 /Encrypt 8 0 R >>\n%%EOF".to_vec(),
        zip(&["[Content_Types].xml", "word/document.xml"]),
        zip(&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]),
        zip(&["mimetype", "content.xml"]),
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9".to_vec(),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec(),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat".to_vec(),
        vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0],
        "Hej, jag heter Åsa.\r\n\tHälsningar".as_bytes().to_vec(),
        b"namn;ort\nHanna;G\xf6tene\n".to_vec(),
        b"<!doctype html><script>alert(1)</script>".to_vec(),
    ]
}

#[test]
fn the_examples_are_what_they_should_be() {
    let found: Vec<_> = examples().iter().map(|e| sniff(e, "x").ok()).collect();
    assert_eq!(found[0], Some(FileKind::Pdf));
    assert_eq!((found[1], found[2], found[3]), (None, Some(FileKind::Docx), None));
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_file_is_the_same_however_it_is_cut(bytes in spoiled(examples()), sizes in prop::collection::vec(1usize..5_000, 1..8)) {
        let whole = sniff(&bytes, "x.txt");
        let (mut sniffer, mut rest, mut turn) = (Sniffer::default(), bytes.as_slice(), 0);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(sizes[turn % sizes.len()].min(rest.len()));
            sniffer.push(piece);
            if let Some(refusal) = sniffer.early_refusal() {
                prop_assert!(whole.is_err(), "refused early with {:?}, and then taken as {:?}", refusal, whole);
            }
            (rest, turn) = (after, turn + 1);
        }
        prop_assert_eq!(sniffer.finish("x.txt"), whole);
    }

    #[test]
    fn what_a_browser_could_run_is_never_taken_as_text(bytes in spoiled(examples())) {
        if let Ok(FileKind::Text | FileKind::Csv) = sniff(&bytes, "x.csv") {
            let low = bytes.to_ascii_lowercase();
            let head = &low[..low.len().min(60_000)];
            prop_assert!(!head.windows(7).any(|w| w == b"<script"), "a script as text");
            prop_assert!(!bytes.contains(&0));
        }
    }

    #[test]
    fn a_file_s_name_is_one_line_without_a_path(name in "(?s).{0,80}", more in prop::sample::select(vec!["../../etc/passwd", "C:\\x.pdf", "a\r\nb.pdf", "\u{202e}fdp.exe", "."])) {
        for typed in [&name, more, &format!("{name}{more}")] {
            let safe = safe_file_name(typed, FileKind::Pdf);
            prop_assert!(!safe.contains(['/', '\\', '\r', '\n', '\0', '\u{202e}']), "{:?}", safe);
            prop_assert!(!safe.is_empty() && safe != "." && safe != "..");
            prop_assert!(safe.chars().count() <= 120, "{:?}", safe);
            prop_assert_eq!(&safe_file_name(&safe, FileKind::Pdf), &safe);
        }
    }
}
