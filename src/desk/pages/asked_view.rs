//! Words and values for what was asked, sent, decided and appealed.

use super::errand_forms::{self, Around};
use super::forms::Forms;
use super::view::Words;
use crate::desk::decisions::{self, AppealRow, Decision, Timeliness};
use crate::desk::errands::{Direction, Message, Reading, Request, RequestKind, RequestState};
use crate::desk::portal_link::SentFile;
use crate::vocabulary::{Day, last_day};
use serde_json::{Value, json};

/// The weeks in which a request for a decision is to be answered (förvaltningslagen 12 §).
const WEEKS_TO_DECIDE: u32 = 4;

impl Words<'_> {
    fn day_of(&self, text: &str) -> String {
        text.parse::<Day>().map_or_else(|_| text.to_owned(), |day| self.day(day))
    }

    /// What she has been asked, newest first, each with its answers and their files.
    pub fn requests(&self, forms: &mut Forms<'_>, around: &Around<'_>) -> Vec<Value> {
        around.reading.requests.iter().rev().map(|r| self.request(forms, around, r)).collect()
    }

    fn request(&self, forms: &mut Forms<'_>, around: &Around<'_>, r: &Request) -> Value {
        let reading = around.reading;
        let is_late = r.state == RequestState::Open
            && r.due_on.as_ref().and_then(|d| d.parse::<Day>().ok()).is_some_and(|d| d < around.now.day());
        let state = if is_late { "late" } else { r.state.as_str() };
        let tone = match (is_late, r.state) {
            (true, _) => "danger",
            (_, RequestState::Open) => "progress",
            (_, RequestState::Answered) => "action",
            (_, RequestState::Accepted) => "success",
            (_, RequestState::Expired | RequestState::Cancelled) => "neutral",
        };
        let answers: Vec<&Message> = reading
            .messages
            .iter()
            .filter(|m| m.direction == Direction::FromResident && m.about.as_deref() == Some(r.id.as_str()))
            .collect();
        let came_with = |d: &crate::desk::portal_link::Document| {
            answers.iter().any(|m| m.delivery_id.as_deref() == Some(d.delivery_id.as_str()))
        };
        let files: Vec<_> = reading.documents.iter().filter(|d| came_with(d)).collect();
        let items: Vec<Value> = r
            .items
            .0
            .iter()
            .map(|item| {
                let own: Vec<Value> = files
                    .iter()
                    .filter(|d| d.item_id.as_deref() == Some(item.item_id.as_str()))
                    .map(|d| self.document(&reading.errand, d))
                    .collect();
                json!({ "label": item.label, "required": item.required, "files": own })
            })
            .collect();
        let is_known = |item: &Option<String>| item.as_ref().is_some_and(|i| r.items.0.iter().any(|k| k.item_id == *i));
        let others: Vec<Value> =
            files.iter().filter(|d| !is_known(&d.item_id)).map(|d| self.document(&reading.errand, d)).collect();
        let sent = reading.sent.iter().filter(|f| r.files.0.contains(&f.id));
        json!({
            "id": r.id,
            "heading": self.text(match r.kind {
                RequestKind::Supplement => "desk-request-supplement",
                RequestKind::Hearing => "desk-request-hearing",
            }),
            "state": { "label": self.text(&format!("desk-request-{state}")), "kind": tone },
            "by": format!("{} · {}", self.date_time(r.at), r.author),
            "due": r.due_on.as_ref().map(|day| self.text_with("desk-request-due", [("day", self.day_of(day).into())])),
            "text": r.text,
            "consequence": r.consequence,
            "items": items,
            "read": sent.map(|f| self.sent_file(reading, f)).collect::<Vec<_>>(),
            "answers": answers.iter().map(|m| json!({ "when": self.date_time(m.at), "text": m.text })).collect::<Vec<_>>(),
            "files": others,
            "form": if reading.errand.closed_at.is_none() { errand_forms::resolve(forms, self, r, around.now) } else { None },
        })
    }

    /// What went to the resident, with the form that takes it back.
    pub fn sent(&self, forms: &mut Forms<'_>, reading: &Reading) -> Vec<Value> {
        reading
            .sent
            .iter()
            .map(|file| {
                let form = file.withdrawn_at.is_none().then(|| errand_forms::withdraw(forms, file.id.as_str()));
                json!({ "file": self.sent_file(reading, file), "title": file.title, "form": form })
            })
            .collect()
    }

    fn sent_file(&self, reading: &Reading, file: &SentFile) -> Value {
        let state = match (file.withdrawn_at, &file.portal_id) {
            (Some(at), _) => self.text_with("desk-sent-withdrawn", [("day", self.date(at).into())]),
            (None, Some(_)) => format!("{} · {}", file.number, self.date_time(file.at)),
            (None, None) => self.text("desk-sent-waiting"),
        };
        json!({
            "name": if file.title == file.file_name { file.file_name.clone() } else { format!("{} ({})", file.title, file.file_name) },
            "href": format!("/arenden/{}/skickat/{}", reading.errand.id, file.id),
            "size_text": self.size(file.size),
            "kind_text": self.text("desk-sent-kind"),
            "when": state,
        })
    }

    /// Messages by thread, in the order in which the threads began; oldest first in each.
    pub fn threads(&self, reading: &Reading, current: &str) -> Vec<Value> {
        let thread_of =
            |m: &Message| if m.conversation_id.is_empty() { m.id.clone() } else { m.conversation_id.clone() };
        let mut order: Vec<String> = Vec::new();
        for thread in reading.messages.iter().map(thread_of) {
            if !order.contains(&thread) {
                order.push(thread);
            }
        }
        order
            .iter()
            .map(|thread| {
                let own: Vec<&Message> = reading.messages.iter().filter(|m| thread_of(m) == *thread).collect();
                let can_be_answered = own.iter().any(|m| m.direction == Direction::FromResident);
                json!({
                    "id": thread,
                    "messages": own.iter().map(|m| self.message(reading, m)).collect::<Vec<_>>(),
                    "answer_href": if can_be_answered && thread != current { format!("?trad={thread}#skriv") } else { String::new() },
                    "current": thread == current,
                })
            })
            .collect()
    }

    /// What is said beside a message: its kind, and until when a request for a decision is to be answered.
    pub fn message_state(&self, m: &Message) -> String {
        let kinds = ["supplement", "withdrawal", "hearing_reply", "decision_request", "appeal"];
        if !kinds.contains(&m.kind.as_str()) {
            return String::new();
        }
        let name = self.text(&format!("desk-message-kind-{}", m.kind.replace('_', "-")));
        if m.kind != "decision_request" {
            return name;
        }
        let by = last_day(m.at.day(), WEEKS_TO_DECIDE);
        format!("{name}. {}", self.text_with("desk-decide-by", [("day", self.day(by).into())]))
    }

    /// Each whole, the version that holds first, with what follows it.
    pub fn decisions(&self, forms: &mut Forms<'_>, around: &Around<'_>) -> Vec<Value> {
        let mut latest: Vec<&Decision> = Vec::new();
        for d in around.decisions {
            latest.retain(|known| known.id != d.id);
            latest.push(d);
        }
        latest.iter().rev().map(|d| self.decision(forms, around, d)).collect()
    }

    fn decision(&self, forms: &mut Forms<'_>, around: &Around<'_>, d: &Decision) -> Value {
        let reading = around.reading;
        let law: Vec<String> = d.legal_basis.0.iter().map(|b| format!("{}, {}", b.sfs, b.provision)).collect();
        let earlier = around.decisions.iter().filter(|e| e.id == d.id && e.version < d.version).map(|e| {
            json!({ "heading": self.text_with("desk-decision-version", [("n", i64::from(e.version).into())]), "when": self.date_time(e.decided_at), "outcome": self.outcome(e.outcome), "text": e.text })
        });
        let files = reading.sent.iter().filter(|f| d.files.0.contains(&f.id));
        let id = d.id.as_str();
        let service = d.service.0.as_ref().map(|s| self.text(&format!("desk-service-{}", s.method)));
        let served = d.served_at.map(|at| {
            let how = d.served_how.as_deref().unwrap_or_default().replace('_', "-");
            let args = [("day", self.date(at).into()), ("how", self.text(&format!("desk-served-{how}")).into())];
            self.text_with("desk-decision-served", args)
        });
        let last =
            decisions::last_day(d).map(|day| self.text_with("desk-decision-last-day", [("day", self.day(day).into())]));
        let appeals: Vec<Value> =
            around.appeals.iter().filter(|a| a.decision_id == id).map(|a| self.appeal(forms, around, a)).collect();
        json!({
            "outcome": self.outcome(d.outcome),
            "version": if d.version > 1 { self.text_with("desk-decision-version", [("n", i64::from(d.version).into())]) } else { String::new() },
            "ground": d.ground.map(|g| self.text(&format!("desk-ground-{}", g.as_str()))),
            "by": d.decided_by,
            "when": self.date_time(d.decided_at),
            "text": d.text,
            "reasons": d.reasons,
            "law": law,
            "appeal": d.appeal.0.as_ref().and_then(|a| a.instructions.clone()),
            "files": files.map(|f| self.sent_file(reading, f)).collect::<Vec<_>>(),
            "earlier": earlier.collect::<Vec<_>>(),
            "service": service,
            "served": served,
            "last_day": last,
            "further_href": format!("/arenden/{}/beslut/{id}", reading.errand.id),
            "appeals": appeals,
            "serve_form": d.served_at.is_none().then(|| errand_forms::serve(forms, self, id, around.now)),
            "appeal_form": d.appeal.0.is_some().then(|| errand_forms::appeal(forms, self, id, around.now)),
        })
    }

    fn appeal(&self, forms: &mut Forms<'_>, around: &Around<'_>, a: &AppealRow) -> Value {
        let (key, tone) = match (a.timely, decisions::timeliness(a, around.decisions)) {
            (Some(true), _) => ("desk-appeal-found-yes", "success"),
            (Some(false), _) => ("desk-appeal-found-no", "neutral"),
            (None, Timeliness::InTime) => ("desk-appeal-in-time", "action"),
            (None, Timeliness::Late) => ("desk-appeal-late", "danger"),
            (None, Timeliness::NotServed) => ("desk-appeal-not-served", "action"),
            (None, Timeliness::ByCourt) => ("desk-appeal-by-court", "action"),
        };
        let method = if a.method == "portal" {
            "desk-appeal-by-portal".to_owned()
        } else {
            format!("desk-appeal-by-{}", a.method)
        };
        let args = [("day", self.date_time(a.received_at).into()), ("how", self.text(&method).into())];
        json!({
            "came": self.text_with("desk-appeal-came", args),
            "state": { "label": self.text(key), "kind": tone },
            "forwarded": a.forwarded_on.as_ref().map(|day| self.text_with("desk-appeal-went", [("day", self.day_of(day).into())])),
            "id": a.id,
            "form": a.timely.is_none().then(|| errand_forms::examine(forms, self, a, around.now)),
        })
    }
}
