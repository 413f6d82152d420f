use super::*;
use proptest::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Kvitto på din ansökan".into(),
        language: "sv".into(),
        author: "Örkelljunga kommun".into(),
        created: "2026-03-01T12:00:00Z".parse().unwrap(),
        header: "Örkelljunga kommun".into(),
        footer: "EK-2026-7Q4M2XKC".into(),
        page_label: "Sida {page} av {pages}".into(),
        keywords: String::new(),
        blocks,
    }
}

/// What a poppler tool says about `pdf`.
fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(tool)
        .args(arguments)
        .args(if tool == "pdftotext" { ["-", "-"].as_slice() } else { ["-"].as_slice() })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{tool} is needed to check documents; install poppler-utils ({e})"));
    let mut stdin = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().ok();
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    // Some versions of poppler mistake a right value of /MarkInfo for a wrong one.
    let complaints = String::from_utf8_lossy(&output.stderr).replace("Suspects object is wrong type (boolean)", "");
    let complaints = complaints.replace("Syntax Error:", "");
    assert!(complaints.trim().is_empty(), "{tool}: {complaints}");
    // The titles of headings are printed as the UTF-16 that they are.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn text_of(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-enc", "UTF-8"], pdf)
}

fn assert_in_order(text: &str, wanted: &[&str]) {
    let mut rest = text;
    for part in wanted {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} is not where it should be in:\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

fn receipt() -> Document {
    document(vec![
        Block::Paragraph("Vi har tagit emot din ansökan om plats i förskola.".into()),
        Block::Heading { level: 2, text: "Barnet".into() },
        Block::KeyValues(vec![
            ("Namn".into(), vec!["Åsa Öberg".into()]),
            ("Önskade förskolor".into(), vec!["Kastanjen".into(), "Äppelgården".into()]),
        ]),
        Block::Heading { level: 4, text: "Det här händer nu".into() },
        Block::List(vec!["Vi läser din ansökan.".into(), "Du får besked – senast på fredag.".into()]),
        Block::Spacer,
        Block::Table {
            head: vec!["Fil".into(), "Storlek".into()],
            rows: vec![vec!["intyg.pdf".into(), "12 kB".into()], vec!["foto.jpg".into()]],
        },
        Block::Rule,
    ])
}

#[test]
fn a_receipt_is_tagged_and_says_what_it_is() {
    let pdf = render(&receipt()).unwrap();
    let info = poppler("pdfinfo", &[], &pdf);
    for line in
        ["Tagged:          yes", "Title:           Kvitto på din ansökan", "Author:          Örkelljunga kommun"]
    {
        assert!(info.contains(line), "{info}");
    }
    assert!(info.contains("A4"), "{info}");
    let metadata = poppler("pdfinfo", &["-meta"], &pdf);
    for part in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<rdf:li>sv</rdf:li>",
    ] {
        assert!(metadata.contains(part), "{part}: {metadata}");
    }
    assert!(String::from_utf8_lossy(&pdf).contains("/Lang(sv)"), "the catalogue names the language");
    assert!(poppler("pdfinfo", &["-isodates"], &pdf).contains("2026-03-01T13:00:00+01"), "the date it was given");
}

#[test]
fn what_each_part_is_can_be_heard() {
    let pdf = render(&receipt()).unwrap();
    let structure = poppler("pdfinfo", &["-struct-text"], &pdf);
    assert_in_order(
        &structure,
        &[
            "H1",
            "Kvitto på din ansökan",
            "P (block)",
            "H2",
            "Barnet",
            "L (block)",
            "LI",
            "Lbl",
            "Namn",
            "LBody",
            "Åsa Öberg",
            "H3",
            "Det här händer nu",
            "L (block)",
            "•",
            "Vi läser din ansökan.",
            "Table",
            "THead",
            "TH",
            "Fil",
            "TBody",
            "TD",
            "intyg.pdf",
        ],
    );
    assert!(!structure.contains("Sida 1"), "the page number is not read between paragraphs");
}

#[test]
fn the_text_can_be_copied_in_the_order_it_is_read() {
    assert_in_order(
        &text_of(&render(&receipt()).unwrap()),
        &[
            "Kvitto på din ansökan",
            "förskola",
            "Barnet",
            "Namn",
            "Åsa Öberg",
            "Kastanjen",
            "Äppelgården",
            "fredag.",
            "intyg.pdf",
            "12 kB",
            "foto.jpg",
            "EK-2026-7Q4M2XKC",
            "Sida 1 av 1",
        ],
    );
}

#[test]
fn a_word_of_ten_thousand_characters_goes_on_over_lines_and_pages() {
    let word: String = "https://example.se/åäö".chars().chain("x".repeat(9_978).chars()).collect();
    let pdf = render(&document(vec![Block::Paragraph(word.clone())])).unwrap();
    let text = text_of(&pdf);
    assert!(text.matches('x').count() >= 9_978, "nothing of it is lost");
    assert!(poppler("pdfinfo", &[], &pdf).contains("Pages:           3"));
}

#[test]
fn two_hundred_rows_go_over_pages_and_the_head_comes_along() {
    let rows = (1..=200).map(|n| vec![format!("Rad {n}"), "Ett längre svar som bryts. ".repeat(8)]).collect();
    let pdf = render(&document(vec![Block::Table { head: vec!["Nummer".into(), "Svar".into()], rows }])).unwrap();
    let text = text_of(&pdf);
    let rows: Vec<String> = (1..=200).map(|n| format!("Rad {n}")).collect();
    assert_in_order(&text, &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let pages = text.matches('\u{c}').count();
    assert!(pages > 5 && text.matches("Nummer").count() == pages, "{pages} pages");
    assert!(text.contains(&format!("Sida {pages} av {pages}")));
    assert_eq!(poppler("pdfinfo", &["-struct-text"], &pdf).matches("Nummer").count(), 1);
}

#[test]
fn a_heading_stays_with_what_it_is_the_heading_of() {
    for lines in 25..50 {
        let mut blocks: Vec<Block> = (0..lines).map(|_| Block::Paragraph("En rad.".into())).collect();
        blocks.push(Block::Heading { level: 2, text: "Rubriken".into() });
        blocks.push(Block::Paragraph("Det som hör till.".into()));
        let text = text_of(&render(&document(blocks)).unwrap());
        let page = text.split('\u{c}').find(|page| page.contains("Rubriken")).unwrap();
        assert!(page.contains("Det som hör till."), "{lines} lines before it");
    }
}

#[test]
fn a_cell_taller_than_a_page_and_more_columns_than_fit_are_survived() {
    let tall = vec![vec!["rad ".repeat(3_000), "kort".into()]];
    let wide = vec![(0..60).map(|n| format!("Kolumn {n}")).collect::<Vec<_>>(); 3];
    let blocks = vec![
        Block::Table { head: vec!["Lång ".repeat(2_000)], rows: tall },
        Block::Table { head: vec![], rows: wide },
        Block::Table { head: vec![], rows: vec![] },
        Block::KeyValues(vec![]),
        Block::List(vec![]),
    ];
    assert_eq!(text_of(&render(&document(blocks)).unwrap()).matches("rad").count(), 3_000);
}

#[test]
fn the_same_document_is_the_same_file() {
    assert_eq!(render(&receipt()).unwrap(), render(&receipt()).unwrap());
}

#[test]
fn what_the_font_lacks_is_seen_as_missing_but_kept_for_copying() {
    let pdf =
        render(&document(vec![Block::Paragraph("Namn: 王小明 😀 Ełżbieta Γιώργος Žižek Юлия ß".into())])).unwrap();
    let text = text_of(&pdf);
    assert_in_order(&text, &["王小明", "😀", "Ełżbieta", "Γιώργος", "Žižek", "Юлия", "ß"]);
}

#[test]
fn a_receipt_is_small() {
    let size = render(&receipt()).unwrap().len();
    assert!(size < 60_000, "{size} bytes");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), prop::collection::vec(any::<char>(), 0..80).prop_map(String::from_iter)]
}

fn any_block() -> impl Strategy<Value = Block> {
    let texts = || prop::collection::vec(any_text(), 0..4);
    prop_oneof![
        (any::<u8>(), any_text()).prop_map(|(level, text)| Block::Heading { level, text }),
        any_text().prop_map(Block::Paragraph),
        prop::collection::vec((any_text(), texts()), 0..4).prop_map(Block::KeyValues),
        texts().prop_map(Block::List),
        (texts(), prop::collection::vec(texts(), 0..4)).prop_map(|(head, rows)| Block::Table { head, rows }),
        Just(Block::Rule),
        Just(Block::Spacer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_at_all_becomes_a_conforming_document(
        title in any_text(), header in any_text(), micros in any::<i64>(),
        blocks in prop::collection::vec(any_block(), 0..8),
    ) {
        let made = render(&Document { title, header, created: At::from_micros(micros), ..document(blocks) });
        prop_assert!(made.is_ok(), "{:?}", made.err());
    }
}
