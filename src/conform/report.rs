//! What came of the checks, for people, for programs and for a CI that reads JUnit.

use super::Mode;
use quick_xml::escape::escape;
use serde::Serialize;
use serde_json::json;
use std::fmt::Write;

/// What came of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The adapter does it.
    Passed,
    /// It does not.
    Failed,
    /// It could not be tried here; why stands beside it.
    Skipped,
    /// It is nothing that this adapter has to do.
    NotApplicable,
}

impl Verdict {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Skipped => "skipped",
            Verdict::NotApplicable => "not applicable",
        }
    }
}

/// One check and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// `C01` to `C26`.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// What was seen, or why it was not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Of a failure: what the contract wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Of a failure: what the adapter did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// Where the contract says so.
    pub see: String,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which way deliveries went.
    pub mode: Mode,
    /// In their order.
    pub results: Vec<CheckResult>,
}

impl CheckResult {
    /// As lines for people.
    pub fn lines(&self) -> String {
        let mut text = format!("{}  {:<15} {}\n", self.id, self.verdict.as_str(), self.title);
        let more = [("", &self.note), ("expected: ", &self.expected), ("got: ", &self.got)];
        for (name, value) in more {
            if let Some(value) = value {
                // A String takes everything.
                let _ = writeln!(text, "     {name}{value}");
            }
        }
        if self.verdict == Verdict::Failed {
            let _ = writeln!(text, "     see {}", self.see);
        }
        text
    }
}

impl Report {
    /// True when nothing failed.
    pub fn is_good(&self) -> bool {
        self.count(Verdict::Failed) == 0
    }

    /// How many came to this.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.results.iter().filter(|r| r.verdict == verdict).count()
    }

    /// The last line for people.
    pub fn summary(&self) -> String {
        let all = [Verdict::Passed, Verdict::Failed, Verdict::Skipped, Verdict::NotApplicable];
        let parts: Vec<String> = all.iter().map(|v| format!("{} {}", self.count(*v), v.as_str())).collect();
        format!("{} ({})", parts.join(", "), self.mode.as_str())
    }

    /// As one JSON object.
    pub fn json(&self) -> String {
        let all = json!({
            "mode": self.mode.as_str(),
            "passed": self.count(Verdict::Passed),
            "failed": self.count(Verdict::Failed),
            "skipped": self.count(Verdict::Skipped),
            "notApplicable": self.count(Verdict::NotApplicable),
            "results": self.results,
        });
        format!("{all:#}")
    }

    /// As a JUnit test suite; what is not applicable counts as skipped there.
    pub fn junit(&self) -> String {
        let left_out = self.count(Verdict::Skipped) + self.count(Verdict::NotApplicable);
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"kommunportal conform ({})\" tests=\"{}\" failures=\"{}\" skipped=\"{left_out}\">\n",
            self.mode.as_str(),
            self.results.len(),
            self.count(Verdict::Failed),
        );
        for result in &self.results {
            let name = escape(format!("{} {}", result.id, result.title)).into_owned();
            let _ = write!(text, "  <testcase classname=\"conform\" name=\"{name}\">");
            let note = escape(result.note.as_deref().unwrap_or_default()).into_owned();
            let _ = match result.verdict {
                Verdict::Passed => write!(text, "<system-out>{note}</system-out>"),
                Verdict::Failed => {
                    let said = [&result.expected, &result.got].map(|s| s.as_deref().unwrap_or_default());
                    let said = format!("expected: {}\ngot: {}\nsee {}", said[0], said[1], result.see);
                    write!(text, "<failure>{}</failure>", escape(said))
                }
                Verdict::Skipped | Verdict::NotApplicable => {
                    write!(text, "<skipped message=\"{}: {note}\"/>", result.verdict.as_str())
                }
            };
            text.push_str("</testcase>\n");
        }
        text.push_str("</testsuite>\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_with_what_was_wanted_what_came_and_where_it_is_written() {
        let failed = CheckResult {
            id: "C03",
            title: "The same key with another body is refused",
            verdict: Verdict::Failed,
            note: None,
            expected: Some("422 <idempotency-key-reused>".into()),
            got: Some("201".into()),
            see: "docs/integration.md#c03".into(),
        };
        let lines = failed.lines();
        for told in ["C03  failed", "expected: 422", "got: 201", "docs/integration.md#c03"] {
            assert!(lines.contains(told), "{lines}");
        }
        let report = Report { mode: Mode::Push, results: vec![failed] };
        assert!(!report.is_good());
        assert!(report.junit().contains("422 &lt;idempotency-key-reused&gt;"), "{}", report.junit());
        let read: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!((&read["failed"], &read["results"][0]["verdict"]), (&json!(1), &json!("failed")));
    }
}
