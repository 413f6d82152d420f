//! The forms in which she answers, appeals, or asks for a decision; and what the page of a case says of what is asked.

use super::super::answer::{decision_mark, item_field, opening_mark};
use super::case::{Opened, file_row, href};
use super::decision::paragraphs;
use crate::portal::cases::{AnswerFile, Case, CaseDocument, Decision, Request, RequestKind, RequestState};
use crate::texts::Voice;
use crate::vocabulary::{At, MessageId};
use serde_json::{Value, json};

/// Files for none of the wanted things in particular.
const OTHER: &str = "filer";

/// What a form answers.
pub(in super::super) enum Reply<'a> {
    Request(&'a Request),
    Decision(&'a Decision),
    Delay,
}

/// A form as it is filled in so far.
pub(in super::super) struct Filled {
    pub id: MessageId,
    pub text: String,
    pub files: Vec<AnswerFile>,
    /// Field and what is wrong with it.
    pub errors: Vec<(String, String)>,
}

impl Reply<'_> {
    fn name(&self) -> &'static str {
        match self {
            Reply::Request(r) if r.kind == RequestKind::Supplement => "supplement",
            Reply::Request(_) => "hearing",
            Reply::Decision(_) => "appeal",
            Reply::Delay => "hurry",
        }
    }

    fn items(&self) -> usize {
        match self {
            Reply::Request(r) => r.data.0.items.len(),
            _ => 0,
        }
    }

    /// Where files may be put.
    pub(in super::super) fn takes_files_at(&self, field: &str) -> bool {
        let is_item = (0..self.items()).any(|n| item_field(n) == field);
        is_item || (field == OTHER && !matches!(self, Reply::Delay))
    }

    /// What is wrong, by field. Somebody who cannot send a wanted thing writes why instead.
    pub(in super::super) fn faults(
        &self,
        text: &str,
        files: &[AnswerFile],
        longest: usize,
        voice: &Voice,
    ) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        if text.chars().count() > longest {
            faults.push((
                "text".to_owned(),
                voice.about("message-too-long", "count", voice.number(longest as f64, 0, false)),
            ));
        }
        match self {
            Reply::Request(r) if r.kind == RequestKind::Supplement && text.is_empty() => {
                for (n, item) in r.data.0.items.iter().enumerate().filter(|(_, item)| item.required) {
                    if !files.iter().any(|f| f.field == item_field(n)) {
                        faults.push((item_field(n), voice.about("reply-item-missing", "label", item.label.as_str())));
                    }
                }
                if r.data.0.items.is_empty() && files.is_empty() {
                    faults.push(("text".to_owned(), voice.text("reply-supplement-empty")));
                }
            }
            Reply::Request(r) if r.kind == RequestKind::Hearing && text.is_empty() => {
                faults.push(("text".to_owned(), voice.text("reply-hearing-empty")));
            }
            Reply::Decision(_) if text.is_empty() => {
                faults.push(("text".to_owned(), voice.text("reply-appeal-empty")));
            }
            _ => {}
        }
        faults
    }

    /// What the handler reads when she wrote nothing.
    pub(in super::super) fn bare_words(&self, swedish: &Voice) -> String {
        swedish.text(&format!("reply-{}-bare", self.name()))
    }
}

/// True when the law gives her an appeal here, and no other decision has taken its place.
pub(in super::super) fn can_be_appealed(decision: &Decision, all: &[Decision]) -> bool {
    let is_fl = decision.data.0.appeal.as_ref().is_some_and(|a| a.regime == "fl");
    is_fl && !is_replaced(decision, all)
}

/// Another decision has taken its place.
pub(super) fn is_replaced(decision: &Decision, all: &[Decision]) -> bool {
    all.iter().any(|other| other.data.0.replaces_decision_id.as_ref() == Some(&decision.decision_id))
}

pub(super) fn appeal_href(case: &Case, decision: &Decision) -> String {
    format!("{}/overklaga/{}", href(&case.reference), decision_mark(&decision.decision_id))
}

/// The page of a form.
pub(in super::super) fn reply_page(opened: &Opened, reply: &Reply<'_>, filled: &Filled, voice: &Voice) -> Value {
    let (case, name) = (&opened.case, reply.name());
    let with = |part: &str| voice.text(&format!("reply-{name}-{part}"));
    let error = |field: &str| filled.errors.iter().find(|(f, _)| f == field).map(|(_, why)| why.clone());
    let files = |field: &str| -> Vec<Value> {
        let own = filled.files.iter().filter(|f| f.field == field);
        own.map(|f| json!({ "id": f.id, "name": f.file_name, "size_text": voice.size(f.size.unsigned_abs()) }))
            .collect()
    };
    let input = |field: String, label: String, optional: bool| json!({ "id": field, "label": label, "optional": optional, "files": files(&field), "error": error(&field) });
    let mut inputs = Vec::new();
    if let Reply::Request(r) = reply {
        let items = r.data.0.items.iter().enumerate();
        inputs.extend(items.map(|(n, item)| input(item_field(n), item.label.clone(), !item.required)));
    }
    if !matches!(reply, Reply::Delay) {
        let label = if inputs.is_empty() { "reply-files" } else { "reply-files-other" };
        inputs.push(input(OTHER.to_owned(), voice.text(label), true));
    }
    let (action, opening) = match reply {
        Reply::Request(r) => (format!("{}/svara/{}", href(&case.reference), r.id), opening_mark(r)),
        Reply::Decision(d) => (appeal_href(case, d), String::new()),
        Reply::Delay => (format!("{}/begar-avgorande", href(&case.reference)), String::new()),
    };
    let asked = match reply {
        Reply::Request(r) => Some(asked(r, case, &opened.documents, opened.now, voice)),
        _ => None,
    };
    let text_error = error("text");
    json!({
        "page": { "error_prefix": !filled.errors.is_empty() },
        "heading": with("heading"),
        "lead": lead(reply, opened, voice),
        "title": case.title,
        "reference": case.reference,
        "href": href(&case.reference),
        "action": action,
        "id": filled.id,
        "opening": opening,
        "asked": asked,
        "inputs": inputs,
        "limits_text": voice.text("reply-files-hint"),
        "text_label": with("label"),
        "text_hint": with("hint"),
        "text_optional": matches!(reply, Reply::Delay) || name == "supplement",
        "text": filled.text,
        "error": text_error,
        "button": with("button"),
        "errors": filled.errors.iter()
            .map(|(field, message)| json!({ "field_id": field, "href": format!("#{field}"), "message": message }))
            .collect::<Vec<_>>(),
    })
}

/// What she should know before she writes.
fn lead(reply: &Reply<'_>, opened: &Opened, voice: &Voice) -> Vec<String> {
    match reply {
        Reply::Request(_) => Vec::new(),
        Reply::Decision(d) => {
            let last = d.appeal_by();
            let when = match last {
                Some(day) if opened.now.day() > day => voice.about("reply-appeal-late", "date", voice.day(day)),
                Some(day) => voice.about("reply-appeal-by", "date", voice.day(day)),
                None => voice.text("reply-appeal-unknown"),
            };
            vec![voice.text("reply-appeal-lead"), when]
        }
        Reply::Delay => vec![
            voice.about("reply-hurry-lead", "date", voice.date(opened.case.received_at)),
            voice.text("reply-hurry-once"),
        ],
    }
}

/// A request as her pages show it.
pub(super) fn asked(request: &Request, case: &Case, documents: &[CaseDocument], now: At, voice: &Voice) -> Value {
    let data = &request.data.0;
    // A case that is over waits for nobody.
    let may_be_answered = request.may_be_answered() && case.takes_messages();
    let is_late = request.due_at.is_some_and(|at| at < now) && may_be_answered;
    let is_open = request.state == RequestState::Open && may_be_answered;
    let kind = request.kind.as_str();
    let files: Vec<Value> = documents
        .iter()
        .filter(|d| d.visible && data.documents.contains(&d.id))
        .map(|d| file_row(case, d, voice))
        .collect();
    json!({
        "id": request.id,
        "heading": voice.text(&if is_open { format!("asked-{kind}") } else { format!("asked-{kind}-over") }),
        "text": paragraphs(&data.text),
        "again": paragraphs(data.answer.as_deref().unwrap_or_default()),
        "items": data.items.iter().map(|i| json!({ "label": i.label, "optional": !i.required })).collect::<Vec<_>>(),
        "files": files,
        "due": request.due_at.filter(|_| may_be_answered).map(|at| voice.about("asked-due", "date", voice.date(at))),
        "late": is_late.then(|| voice.text("asked-late")),
        "consequence": data.consequence.as_ref().filter(|_| may_be_answered),
        "is_open": is_open,
        "state": (request.state != RequestState::Open || may_be_answered)
            .then(|| voice.text(&format!("asked-state-{}", request.state.as_str()))),
        "href": may_be_answered
            .then(|| format!("{}/svara/{}", href(&case.reference), request.id)),
        "action": voice.text(&format!("asked-{kind}-answer")),
    })
}
