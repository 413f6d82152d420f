//! Holds what residents were told against what the databases, the files and the mailbox have.

use super::databases::with_conn;
use super::load::Told;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kommunportal::settings::sha256_hex;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Where one installation keeps everything.
pub struct Places {
    pub portal: String,
    pub desk: String,
    pub portal_files: PathBuf,
    pub desk_files: PathBuf,
    /// The mailbox's pages.
    pub mailbox: String,
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = Text)]
    a: String,
    #[diesel(sql_type = Text)]
    b: String,
}

/// Two columns, `a` and `b`. On a thread of its own, as PostgreSQL's connection needs.
pub fn pairs(url: &str, sql: &'static str) -> Vec<(String, String)> {
    let rows: Vec<Pair> =
        with_conn(url, move |c| kommunportal::on_each!(c, c => diesel::sql_query(sql).load(c)).unwrap());
    rows.into_iter().map(|Pair { a, b }| (a, b)).collect()
}

/// What may not be there when everything is done.
const UNDONE: [(&str, bool, &str); 5] = [
    ("jobs of the portal", true, "SELECT kind AS a, state || ' ' || COALESCE(last_error, '') AS b FROM jobs"),
    (
        "deliveries",
        true,
        "SELECT state AS a, COALESCE(last_error, '') AS b FROM deliveries WHERE state <> 'registered'",
    ),
    ("letters", true, "SELECT event_key AS a, state AS b FROM notifications WHERE state <> 'sent'"),
    (
        "events of the desk",
        false,
        "SELECT kind AS a, state || ' ' || COALESCE(last_error, '') AS b FROM outgoing_events WHERE state <> 'accepted'",
    ),
    (
        "files of the desk",
        false,
        "SELECT state AS a, COALESCE(last_error, '') AS b FROM errand_documents WHERE state <> 'stored'",
    ),
];

impl Places {
    /// Waits until nothing is left to do; however long it takes, it must go forward.
    pub async fn drained(&self) {
        self.done(|_| true).await;
    }

    /// As [`drained`](Self::drained), where somebody else than our desk receives.
    pub async fn portal_drained(&self) {
        self.done(|at_portal| at_portal).await;
    }

    async fn done(&self, is_ours: impl Fn(bool) -> bool) {
        let begun = Instant::now();
        for (what, at_portal, sql) in UNDONE.into_iter().filter(|(_, at_portal, _)| is_ours(*at_portal)) {
            let (mut fewest, mut moved) = (usize::MAX, Instant::now());
            loop {
                let left = pairs(if at_portal { &self.portal } else { &self.desk }, sql);
                if left.is_empty() {
                    break;
                }
                if left.len() < fewest {
                    (fewest, moved) = (left.len(), Instant::now());
                }
                assert!(moved.elapsed() < Duration::from_secs(60), "{what} that are not done: {left:?}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        println!("everything was done {:.1} s after the last kill and submission", begun.elapsed().as_secs_f32());
    }

    /// Every acknowledged reference once at the portal and once at the desk, under one number, with a receipt and a letter.
    pub async fn check(&self, told: &[Told]) {
        let wanted: BTreeSet<&str> = told.iter().map(|t| t.reference.as_str()).collect();
        assert_eq!(wanted.len(), told.len(), "a reference was given twice");
        let cases =
            pairs(&self.portal, "SELECT reference AS a, COALESCE(diary_number, '') AS b FROM cases ORDER BY 1, 2");
        let errands = pairs(&self.desk, "SELECT reference AS a, diary_number AS b FROM errands ORDER BY 1, 2");
        let known: Vec<&str> = cases.iter().map(|(reference, _)| reference.as_str()).collect();
        assert_eq!(known, wanted.iter().copied().collect::<Vec<_>>(), "what was acknowledged, once each, and no more");
        assert_eq!(cases, errands, "the desk has each of them once, under the number that the portal knows");
        self.numbers_have_no_gaps(&errands);
        let waiting = pairs(&self.portal, "SELECT reference AS a, status AS b FROM cases WHERE status = 'received'");
        assert_eq!(waiting, [], "the desk's status has reached the portal");
        let events = pairs(&self.desk, "SELECT id AS a, '' AS b FROM outgoing_events ORDER BY 1");
        self.events_came(&events);
        self.drafts_are_sent();
        self.receipts_are_whole(&wanted);
        self.letters_came(told).await;
    }

    /// Each event once at the portal, and applied; `stale`: a newer one of the case had come before it.
    pub fn events_came(&self, told: &[(String, String)]) {
        // Those that the portal makes of receipts and of what it asks for are not told by anybody.
        let sql = "SELECT event_id AS a, '' AS b FROM inbound_events WHERE source NOT LIKE 'urn:kommunportal:delivery:%' \
                   AND source NOT LIKE 'urn:kommunportal:asked:%' ORDER BY 1";
        let came = pairs(&self.portal, sql);
        assert_eq!(came, told, "every event once, and no other");
        let sql = "SELECT event_id AS a, outcome AS b FROM inbound_events WHERE outcome NOT IN ('applied', 'stale')";
        assert_eq!(pairs(&self.portal, sql), [], "every event is applied");
    }

    /// Every submission has its draft, which cannot be sent again.
    pub fn drafts_are_sent(&self) {
        let drafts = pairs(
            &self.portal,
            "SELECT s.id AS a, s.draft_id AS b FROM submissions s \
             LEFT JOIN drafts d ON d.id = s.draft_id AND d.stage = 'submitted' WHERE d.id IS NULL",
        );
        assert_eq!(drafts, [], "every submission has its draft, which cannot be sent again");
    }

    fn numbers_have_no_gaps(&self, errands: &[(String, String)]) {
        let mut series: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (_, number) in errands {
            let (diary, n) = number.rsplit_once('/').unwrap();
            series.entry(diary).or_default().push(n.parse().unwrap());
        }
        for (diary, numbers) in &mut series {
            numbers.sort_unstable();
            let all: Vec<u32> = (1..=u32::try_from(numbers.len()).unwrap()).collect();
            assert_eq!(*numbers, all, "{diary} has each number once, without gaps");
        }
    }

    /// One at the portal and the same at the desk; each file is what its row says, and a receipt names its case.
    fn receipts_are_whole(&self, wanted: &BTreeSet<&str>) {
        let sql = "SELECT c.reference AS a, d.blob_key || ' ' || d.sha256 AS b FROM case_documents d \
                   JOIN cases c ON c.id = d.case_id WHERE d.kind = 'receipt' ORDER BY 1";
        let made = pairs(&self.portal, sql);
        let of: Vec<&str> = made.iter().map(|(reference, _)| reference.as_str()).collect();
        assert_eq!(of, wanted.iter().copied().collect::<Vec<_>>(), "one receipt each");
        let sql = "SELECT e.reference AS a, d.blob_key || ' ' || d.sha256 AS b FROM errand_documents d \
                   JOIN errands e ON e.id = d.errand_id WHERE d.kind = 'submission_pdf' ORDER BY 1";
        let fetched = pairs(&self.desk, sql);
        assert_eq!(fetched.iter().map(|(reference, _)| reference.as_str()).collect::<Vec<_>>(), of);
        for (n, ((reference, here), (_, there))) in made.iter().zip(&fetched).enumerate() {
            for (row, files) in [(here, &self.portal_files), (there, &self.desk_files)] {
                let (key, digest) = row.split_once(' ').unwrap();
                let bytes = std::fs::read(files.join(&key[..2]).join(key)).unwrap();
                assert_eq!(sha256_hex(&bytes), digest, "{reference}");
                assert!(bytes.starts_with(b"%PDF-"), "{reference}");
                // A program each: some of them are enough.
                if n % 20 == 0 {
                    assert_receipt(&bytes, reference);
                }
            }
        }
    }

    pub async fn letters_came(&self, told: &[Told]) {
        let client = super::installation::client();
        for one in told {
            let address = [("till", one.mail.as_str())];
            let address = reqwest::Url::parse_with_params(&format!("{}/api/brev", self.mailbox), address).unwrap();
            let letters: Vec<serde_json::Value> = client.get(address).send().await.unwrap().json().await.unwrap();
            let names = |l: &serde_json::Value| l["text"].as_str().is_some_and(|text| text.contains(&one.reference));
            assert!(letters.iter().any(names), "no letter about {} to {}: {letters:?}", one.reference, one.mail);
        }
    }
}

/// A PDF that another program reads, with its reference.
pub fn assert_receipt(pdf: &[u8], reference: &str) {
    let mut reader = Command::new("pdftotext");
    let mut child = reader.args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let read = child.wait_with_output().unwrap();
    assert!(read.status.success(), "the receipt of {reference} is no PDF");
    assert!(
        String::from_utf8_lossy(&read.stdout).contains(reference),
        "the receipt is of another case than {reference}"
    );
}
