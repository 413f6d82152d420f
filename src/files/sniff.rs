//! What a file is, by its content.

use super::FileKind;

/// Enough for every signature, and to see that a text is none.
const HEAD: usize = 64 * 1024;
/// Enough for the table of contents of an office document (about 900 parts).
const TAIL: usize = 64 * 1024;

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the file is empty")]
    Empty,
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// It cannot be read by whoever handles the case.
    #[error("the file is locked with a password")]
    PasswordProtected,
    /// `found` is a media type when it is known, for the log.
    #[error("files of this kind are not taken ({found})")]
    Kind { found: String },
}

fn kind_refused(found: &str) -> Refusal {
    Refusal::Kind { found: found.to_owned() }
}

/// What these bytes are. `file_name` decides only between text and CSV.
pub fn sniff(bytes: &[u8], file_name: &str) -> Result<FileKind, Refusal> {
    let mut sniffer = Sniffer::default();
    sniffer.push(bytes);
    sniffer.finish(file_name)
}

/// Looks at a file that goes by in pieces, keeping only its two ends.
#[derive(Default)]
pub struct Sniffer {
    head: Vec<u8>,
    tail: Vec<u8>,
    size: u64,
    text: TextCheck,
    /// What the head says, from the moment it is full.
    says: Option<Says>,
    is_encrypted_pdf: bool,
}

/// What the beginning of a file says that it is.
#[derive(Clone, Copy)]
enum Says {
    Pdf,
    Zip,
    Ole,
    Image(FileKind),
    Markup,
    /// Something else with a signature. Some are two letters only, which a text may begin with too.
    Other(&'static str),
    Nothing,
}

impl Sniffer {
    /// The next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        let (first, _) = piece.split_at(piece.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        self.text.push(piece);
        if self.head.starts_with(b"%PDF-") && !self.is_encrypted_pdf {
            // With the end of the piece before, in case the words lie across.
            let before = self.tail.split_at(self.tail.len().saturating_sub(64)).1;
            let (start, _) = piece.split_at(piece.len().min(64));
            self.is_encrypted_pdf = is_encrypted_pdf(&[before, start].concat()) || is_encrypted_pdf(piece);
        }
        let (_, last) = piece.split_at(piece.len().saturating_sub(TAIL));
        self.tail.extend_from_slice(last);
        // Cut in large steps, so that small pieces do not move the whole tail each time.
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        if self.says.is_none() && self.head.len() == HEAD {
            self.says = Some(what_it_says(&self.head));
        }
    }

    /// What can be said before the end: a file that cannot become anything that is taken.
    pub fn early_refusal(&self) -> Option<Refusal> {
        match self.says? {
            Says::Markup => Some(kind_refused("text/html")),
            Says::Other(found) => self.text.refusal(found),
            Says::Nothing => self.text.refusal("application/octet-stream"),
            Says::Pdf | Says::Zip | Says::Ole | Says::Image(_) => None,
        }
    }

    /// What it was. `file_name` decides only between text and CSV.
    pub fn finish(&self, file_name: &str) -> Result<FileKind, Refusal> {
        if self.size == 0 {
            return Err(Refusal::Empty);
        }
        let foreign = match self.says.unwrap_or_else(|| what_it_says(&self.head)) {
            Says::Pdf if self.is_encrypted_pdf => return Err(Refusal::PasswordProtected),
            Says::Pdf => return Ok(FileKind::Pdf),
            Says::Image(kind) => return Ok(kind),
            Says::Zip => return office_kind(&self.head, &self.tail),
            Says::Ole => return Err(self.ole_refusal()),
            Says::Markup => return Err(kind_refused("text/html")),
            Says::Other(found) => found,
            Says::Nothing => "application/octet-stream",
        };
        match self.text.at_end().refusal(foreign) {
            Some(refusal) => Err(refusal),
            None if file_name.to_lowercase().ends_with(".csv") => Ok(FileKind::Csv),
            None => Ok(FileKind::Text),
        }
    }

    /// An encrypted Office document is an OLE container with a part of this name (MS-OFFCRYPTO 2.3) in UTF-16; any other
    /// is an old Office document, whose macros cannot be told from outside.
    fn ole_refusal(&self) -> Refusal {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if contains(&self.head, &name) || contains(&self.tail, &name) {
            Refusal::PasswordProtected
        } else {
            kind_refused("application/x-ole-storage")
        }
    }
}

fn what_it_says(head: &[u8]) -> Says {
    if head.starts_with(b"PK\x03\x04") {
        return Says::Zip;
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Says::Ole;
    }
    match infer::get(head).map(|t| t.mime_type()) {
        Some("application/pdf") => Says::Pdf,
        Some("image/jpeg") => Says::Image(FileKind::Jpeg),
        Some("image/png") => Says::Image(FileKind::Png),
        Some("image/gif") => Says::Image(FileKind::Gif),
        Some("image/webp") => Says::Image(FileKind::Webp),
        Some("image/heif") => Says::Image(FileKind::Heic),
        Some(found) if found.starts_with("text/") => Says::Markup,
        _ if looks_like_markup(head) => Says::Markup,
        Some(found) => Says::Other(found),
        None => Says::Nothing,
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    positions(bytes, wanted).next().is_some()
}

fn positions<'a>(bytes: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(wanted.len().max(1)).enumerate().filter(move |(_, w)| *w == wanted).map(|(at, _)| at)
}

/// HTML, SVG and other XML, PHP and scripts: text that a browser or a system could run. A letter that merely quotes
/// such a tag is refused too; that is the safe mistake.
fn looks_like_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_ascii_start();
    let begins = [b"<?".as_slice(), b"<!doctype", b"<!--", b"<html", b"<svg", b"<math", b"#!", b"{\\rtf", b"%!ps"];
    let anywhere = [b"<script".as_slice(), b"<svg", b"<html", b"<iframe", b"<body", b"<object", b"<embed", b"<?php"];
    begins.iter().any(|b| start.starts_with(b)) || anywhere.iter().any(|tag| contains(&lower, tag))
}

/// `/Encrypt` with a reference or a dictionary, in the trailer or the cross-reference stream (ISO 32000-1, 7.6.1).
fn is_encrypted_pdf(part: &[u8]) -> bool {
    positions(part, b"/Encrypt").any(|at| {
        let after = part.get(at + 8..).unwrap_or_default();
        let value = after.trim_ascii_start();
        let is_name_end = after.first().is_some_and(|b| b.is_ascii_whitespace() || *b == b'<');
        is_name_end && (value.starts_with(b"<<") || value.first().is_some_and(u8::is_ascii_digit))
    })
}

/// Which office document a zip file is: OpenDocument says so in its first entry, Office Open XML by the names of its
/// parts, which the central directory at the end lists.
fn office_kind(head: &[u8], tail: &[u8]) -> Result<FileKind, Refusal> {
    match infer::get(head).map(|t| t.mime_type()) {
        Some("application/vnd.oasis.opendocument.text") => return Ok(FileKind::Odt),
        Some("application/vnd.oasis.opendocument.spreadsheet") => return Ok(FileKind::Ods),
        _ => {}
    }
    let names = central_directory(tail);
    let has = |name: &[u8]| names.contains(&name);
    let kinds = [
        (b"word/document.xml".as_slice(), FileKind::Docx),
        (b"xl/workbook.xml", FileKind::Xlsx),
        (b"ppt/presentation.xml", FileKind::Pptx),
    ];
    // A document with macros has this part, whatever its extension says.
    let has_macros = names.iter().any(|n| n.ends_with(b"vbaProject.bin"));
    let found = kinds.iter().find(|(part, _)| has(part)).map(|(_, kind)| *kind);
    match found {
        Some(kind) if has(b"[Content_Types].xml") && !has_macros => Ok(kind),
        Some(_) => Err(kind_refused("application/vnd.ms-office.macro-enabled")),
        None => Err(kind_refused("application/zip")),
    }
}

/// Names in the central directory's headers (PKWARE APPNOTE 4.3.12), as far as they lie in `tail`.
fn central_directory(tail: &[u8]) -> Vec<&[u8]> {
    let number = |at: usize| Some(usize::from(u16::from_le_bytes([*tail.get(at)?, *tail.get(at + 1)?])));
    positions(tail, b"PK\x01\x02").filter_map(|at| tail.get(at + 46..at + 46 + number(at + 28)?)).collect()
}

/// Whether all of it is text: UTF-8, or failing that Windows-1252, in both without control characters.
struct TextCheck {
    has_control: bool,
    is_utf8: bool,
    is_western: bool,
    /// The first bytes of a character whose rest is in the next piece.
    begun: Vec<u8>,
}

impl Default for TextCheck {
    fn default() -> Self {
        TextCheck { has_control: false, is_utf8: true, is_western: true, begun: Vec::new() }
    }
}

impl TextCheck {
    fn push(&mut self, piece: &[u8]) {
        if self.has_control {
            return;
        }
        let is_control = |b: &u8| (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)) || *b == 0x7f;
        self.has_control = piece.iter().any(is_control);
        // The five bytes that Windows-1252 leaves undefined.
        self.is_western &= !piece.iter().any(|b| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
        if self.is_utf8 {
            self.begun.extend_from_slice(piece);
            match std::str::from_utf8(&self.begun) {
                Ok(_) => self.begun.clear(),
                Err(e) if e.error_len().is_none() => drop(self.begun.drain(..e.valid_up_to())),
                Err(_) => {
                    self.is_utf8 = false;
                    self.begun = Vec::new();
                }
            }
        }
    }

    /// With a character whose rest never came counted as what it is: not UTF-8.
    fn at_end(&self) -> TextCheck {
        TextCheck { is_utf8: self.is_utf8 && self.begun.is_empty(), begun: Vec::new(), ..*self }
    }

    /// `found` is what it is said to be when it is no text.
    fn refusal(&self, found: &str) -> Option<Refusal> {
        let is_text = !self.has_control && (self.is_utf8 || self.is_western);
        (!is_text).then(|| kind_refused(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A zip file with empty parts of these names.
    fn zip(names: &[&str], first: &[u8]) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for (i, name) in names.iter().enumerate() {
            let body = if i == 0 { first } else { b"" };
            let (size, length) = ((body.len() as u32).to_le_bytes(), (name.len() as u16).to_le_bytes());
            let offset = (file.len() as u32).to_le_bytes();
            let common =
                [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0u8; 4].as_slice(), &size, &size, &length, &[0, 0]].concat();
            file.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), body].concat());
            directory.extend([b"PK\x01\x02\x14\0", common.as_slice(), &[0; 10], &offset, name.as_bytes()].concat());
        }
        let end = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
        [file, directory, end].concat()
    }

    fn office(part: &str) -> Vec<u8> {
        zip(&["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", part], b"<Types/>")
    }

    fn found(bytes: &[u8]) -> Result<FileKind, Refusal> {
        sniff(bytes, "namn.pdf")
    }

    #[test]
    fn each_kind_is_known_by_its_content() {
        let odf =
            |of: &str| zip(&["mimetype", "content.xml"], format!("application/vnd.oasis.opendocument.{of}").as_bytes());
        let samples = [
            (b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF".to_vec(), FileKind::Pdf),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9".to_vec(), FileKind::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec(), FileKind::Png),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), FileKind::Gif),
            (b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0".to_vec(), FileKind::Webp),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat".to_vec(), FileKind::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\x08mdat".to_vec(), FileKind::Heic),
            (office("word/document.xml"), FileKind::Docx),
            (office("xl/workbook.xml"), FileKind::Xlsx),
            (office("ppt/presentation.xml"), FileKind::Pptx),
            (odf("text"), FileKind::Odt),
            (odf("spreadsheet"), FileKind::Ods),
            ("Hej, jag heter Åsa.\r\n\tHälsningar".as_bytes().to_vec(), FileKind::Text),
            (b"Hej, jag heter \xc5sa.".to_vec(), FileKind::Text),
            (b"BMW 240, r\xc3\xb6d".to_vec(), FileKind::Text),
        ];
        for (bytes, kind) in samples {
            assert_eq!(found(&bytes), Ok(kind));
        }
        assert_eq!(sniff(b"namn;ort\n", "Lista.CSV"), Ok(FileKind::Csv));
    }

    #[test]
    fn what_could_run_is_refused_whatever_it_is_called() {
        let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], b"");
        let samples: [&[u8]; 14] = [
            b"<!DOCTYPE html><p>hej",
            b"\xef\xbb\xbf  <HTML><body>",
            b"Hej <script>alert(1)</script>",
            b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<svg onload=alert(1)>",
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff",
            b"\x7fELF\x02\x01\x01\0",
            b"#!/bin/sh\nrm -rf ~\n",
            b"{\\rtf1 hej}",
            b"%!PS-Adobe-3.0",
            b"PK\x03\x04\x14\0\0\0\0\0",
            b"hej\0hej",
            &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0],
            &macros,
        ];
        for bytes in samples {
            assert!(matches!(found(bytes), Err(Refusal::Kind { .. })), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(found(b""), Err(Refusal::Empty));
    }

    #[test]
    fn a_locked_file_is_told_apart() {
        let classic = b"%PDF-1.4\n\ntrailer\n<< /Size 9 /Root 1 0 R /Encrypt 8 0 R >>\nstartxref\n9\n%%EOF";
        let stream = b"%PDF-1.7\n7 0 obj<</Type/XRef/Encrypt<</Filter/Standard>>>>stream\nendstream startxref 9 %%EOF";
        let talks_about_it = b"%PDF-1.7\n(/Encrypted and /EncryptMetadata true)\ntrailer<</Root 1 0 R>>";
        assert_eq!(found(classic), Err(Refusal::PasswordProtected));
        assert_eq!(found(stream), Err(Refusal::PasswordProtected));
        assert_eq!(found(talks_about_it), Ok(FileKind::Pdf));
        let mut office = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        office.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(found(&office), Err(Refusal::PasswordProtected));
    }

    #[test]
    fn a_large_file_in_small_pieces_is_the_same_file() {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.resize(1_000_000, b' ');
        pdf.extend_from_slice(b"trailer<</Encrypt 8 0 R>>");
        let mut sniffer = Sniffer::default();
        pdf.chunks(1_000).for_each(|piece| sniffer.push(piece));
        assert_eq!(sniffer.early_refusal(), None);
        assert_eq!(sniffer.finish("a.pdf"), Err(Refusal::PasswordProtected));
        let mut noise = Sniffer::default();
        noise.push(&[1; HEAD]);
        assert!(noise.early_refusal().is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_text_however_it_is_cut(text in "[a-zåäö€ ]{1,200}", cut in 1usize..7) {
            let mut sniffer = Sniffer::default();
            text.as_bytes().chunks(cut).for_each(|piece| sniffer.push(piece));
            prop_assert_eq!(sniffer.finish("a.txt"), Ok(FileKind::Text));
        }

        #[test]
        fn any_bytes_are_survived(start in 0usize..5, rest in prop::collection::vec(any::<u8>(), 0..400)) {
            let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", b"%PDF-", b"\0\0\0\x18ftyp", b"RIFF"];
            sniff(&[starts[start], &rest].concat(), "x").ok();
        }
    }
}
