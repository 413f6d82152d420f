//! Which forms an errand's page has, and what they begin with.

use super::errand::{Typed, outcome_choices};
use super::forms::Forms;
use super::view::Words;
use crate::desk::Desk;
use crate::desk::decisions::{AppealMethod, AppealRow, Decision, ServedHow};
use crate::desk::errands::{CaseType, Reading, Request, RequestKind, RequestState};
use crate::vocabulary::At;
use serde_json::{Value, json};

/// Three weeks are given unless the handler says otherwise.
const DAYS_TO_ANSWER: i64 = 21;

/// What the forms are about.
pub struct Around<'a> {
    pub desk: &'a Desk,
    pub reading: &'a Reading,
    pub case_type: &'a CaseType,
    pub decisions: &'a [Decision],
    pub appeals: &'a [AppealRow],
    pub now: At,
}

/// The forms that stand once on the page, by name.
pub fn of_errand(forms: &mut Forms<'_>, words: &Words<'_>, around: &Around<'_>, begun: &str) -> Value {
    let Around { desk, reading, case_type, decisions, .. } = around;
    let answer_by = Some(around.now.plus_days(DAYS_TO_ANSWER).day());
    let statuses = desk.catalogue.statuses().iter().filter(|s| s.choose && s.code != reading.errand.status);
    let colleagues = reading.colleagues.iter().filter(|m| Some(&m.affiliation) != reading.errand.handler.as_ref());
    let decided = decisions.last().map(|d| d.outcome.as_str().to_owned()).unwrap_or_default();
    let types = desk.catalogue.types().iter().filter(|t| t.code != reading.errand.case_type);
    let hint = |key: &str| words.text(key);
    let files = |forms: &Forms<'_>, form: &str, key: &str| {
        let mut input = forms.input(form, "", "files", "file", key).hint(hint("desk-files-hint"));
        input.max_files = 30;
        input
    };
    let message = vec![
        forms
            .input("message", "", "text", "longtext", "desk-message-label")
            .hint(hint("desk-message-hint"))
            .rows(6)
            .value(begun),
        files(forms, "message", "desk-files").optional(),
    ];
    let status = vec![
        forms
            .input("status", "", "status", "choice", "desk-status-label")
            .choices(statuses.map(|s| (s.code.clone(), s.label.clone())), ""),
        forms.input("status", "", "words", "longtext", "desk-status-words").optional().rows(2),
    ];
    let assign = vec![
        forms
            .input("assign", "", "handler", "choice", "desk-assign-label")
            .choices(colleagues.map(|m| (m.affiliation.clone(), format!("{}, {}", m.name, m.title))), ""),
    ];
    let move_to = vec![
        forms
            .input("move", "", "case_type", "choice", "desk-move-label")
            .hint(hint("desk-move-hint"))
            .choices(types.map(|t| (t.code.clone(), t.name.clone())), ""),
    ];
    let close = vec![
        forms
            .input("close", "", "outcome", "choice", "desk-close-outcome")
            .choices(outcome_choices(words, case_type), &decided),
        forms.input("close", "", "words", "longtext", "desk-close-words").hint(hint("desk-close-words-hint")).rows(4),
    ];
    let reopen = vec![forms.input("reopen", "", "reason", "text", "desk-reopen-label").hint(hint("desk-reopen-hint"))];
    let supplement = vec![
        forms
            .input("supplement", "", "text", "longtext", "desk-supplement-text")
            .hint(hint("desk-supplement-text-hint"))
            .rows(4),
        forms
            .input("supplement", "", "required", "longtext", "desk-supplement-required")
            .hint(hint("desk-one-a-line"))
            .optional()
            .rows(3),
        forms
            .input("supplement", "", "optional", "longtext", "desk-supplement-optional")
            .hint(hint("desk-one-a-line"))
            .optional()
            .rows(2),
        forms.input("supplement", "", "due", "date", "desk-answer-by").on(answer_by),
        forms
            .input("supplement", "", "consequence", "longtext", "desk-supplement-consequence")
            .optional()
            .rows(2)
            .value(hint("desk-supplement-consequence-begin")),
    ];
    let hearing = vec![
        forms
            .input("hearing", "", "text", "longtext", "desk-hearing-text")
            .hint(hint("desk-hearing-text-hint"))
            .rows(5),
        files(forms, "hearing", "desk-hearing-files").optional(),
        forms.input("hearing", "", "due", "date", "desk-answer-by").on(answer_by),
    ];
    let due_on = reading.errand.due_on.as_ref().and_then(|day| day.parse().ok());
    let reason =
        forms.input("due", "", "reason", "longtext", "desk-due-reason").hint(hint("desk-due-reason-hint")).rows(2);
    let due = vec![
        forms.input("due", "", "due", "date", "desk-due-label").on(due_on),
        if reading.errand.due_on.is_some() { reason } else { reason.optional() },
    ];
    let documents = vec![
        files(forms, "documents", "desk-files"),
        forms
            .input("documents", "", "title", "text", "desk-documents-title")
            .hint(hint("desk-documents-title-hint"))
            .optional(),
    ];
    let transfer = vec![
        forms.input("transfer", "", "authority", "text", "desk-transfer-authority"),
        forms
            .input("transfer", "", "reason", "longtext", "desk-transfer-reason")
            .hint(hint("desk-reopen-hint"))
            .rows(3),
    ];
    // In the page's order, as the summary of errors is.
    json!({
        "supplement": forms.form("supplement", "", supplement),
        "hearing": forms.form("hearing", "", hearing),
        "message": forms.form("message", "", message),
        "documents": forms.form("documents", "", documents),
        "reopen": forms.form("reopen", "", reopen),
        "due": forms.form("due", "", due),
        "status": forms.form("status", "", status),
        "assign": forms.form("assign", "", assign),
        "move": forms.form("move", "", move_to),
        "transfer": forms.form("transfer", "", transfer),
        "close": forms.form("close", "", close),
    })
}

/// What became of a request that is still alive.
pub fn resolve(forms: &mut Forms<'_>, words: &Words<'_>, request: &Request, now: At) -> Option<Value> {
    let is_live =
        request.kind == RequestKind::Supplement && matches!(request.state, RequestState::Open | RequestState::Answered);
    if !is_live {
        return None;
    }
    let is_answered = request.state == RequestState::Answered;
    let states: &[&str] =
        if is_answered { &["accepted", "insufficient", "cancelled"] } else { &["cancelled", "expired", "accepted"] };
    let states = states.iter().map(|state| ((*state).to_owned(), words.text(&format!("desk-resolve-{state}"))));
    let id = request.id.as_str();
    let mut inputs = vec![
        forms.input("resolve", id, "state", "choice", "desk-resolve-label").choices(states, ""),
        forms
            .input("resolve", id, "text", "longtext", "desk-resolve-text")
            .hint(words.text("desk-resolve-text-hint"))
            .optional()
            .rows(2),
    ];
    if is_answered {
        let later = now.plus_days(DAYS_TO_ANSWER / 3 * 2).day();
        inputs.push(forms.input("resolve", id, "due", "date", "desk-resolve-due").on(Some(later)));
    }
    Some(forms.form("resolve", id, inputs))
}

/// Taking back a file.
pub fn withdraw(forms: &mut Forms<'_>, id: &str) -> Value {
    let inputs = vec![forms.input("withdraw", id, "reason", "text", "desk-withdraw-reason")];
    forms.form("withdraw", id, inputs)
}

/// When the party took part of a decision.
pub fn serve(forms: &mut Forms<'_>, words: &Words<'_>, id: &str, now: At) -> Value {
    let how = ServedHow::ALL.iter().map(|how| {
        let word = how.as_str();
        (word.to_owned(), words.text(&format!("desk-served-{}", word.replace('_', "-"))))
    });
    let inputs = vec![
        forms.input("serve", id, "day", "date", "desk-served-day").on(Some(now.day())),
        forms.input("serve", id, "how", "choice", "desk-served-how").choices(how, ""),
    ];
    forms.form("serve", id, inputs)
}

/// An appeal that came by another way.
pub fn appeal(forms: &mut Forms<'_>, words: &Words<'_>, id: &str, now: At) -> Value {
    let how = AppealMethod::ALL.iter().map(|how| {
        let word = how.as_str();
        (word.to_owned(), words.text(&format!("desk-appeal-by-{word}")))
    });
    let inputs = vec![
        forms.input("appeal", id, "day", "date", "desk-appeal-day-label").on(Some(now.day())),
        forms.input("appeal", id, "method", "choice", "desk-appeal-method").choices(how, ""),
    ];
    forms.form("appeal", id, inputs)
}

/// Whether an appeal came in time, and where it went.
pub fn examine(forms: &mut Forms<'_>, words: &Words<'_>, appeal: &AppealRow, now: At) -> Value {
    let id = appeal.id.as_str();
    let answers = ["yes", "no"].map(|word| (word.to_owned(), words.text(&format!("desk-appeal-timely-{word}"))));
    let inputs = vec![
        forms.input("examine", id, "timely", "choice", "desk-appeal-timely").choices(answers, ""),
        forms
            .input("examine", id, "forwarded", "date", "desk-appeal-forwarded-day")
            .hint(words.text("desk-appeal-forwarded-hint"))
            .on(Some(now.day())),
        forms
            .input("examine", id, "words", "longtext", "desk-status-words")
            .hint(words.text("desk-appeal-words-hint"))
            .rows(3),
    ];
    forms.form("examine", id, inputs)
}

/// The text that the message form begins with.
pub fn begun(case_type: &CaseType, typed: &Typed, reply: Option<usize>) -> String {
    if typed.form == "message" {
        return String::new();
    }
    reply.and_then(|n| case_type.reply.get(n)).map(|r| r.text.clone()).unwrap_or_default()
}
