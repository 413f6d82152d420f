//! A case, as a card in a list and as its own page.

use super::{decision, reply, words};
use crate::contract::{DeliveryKind, NextMove, PortalStatus};
use crate::forms::Section;
use crate::portal::cases::{
    Case, CaseDocument, Decision, Direction, DocumentKind, EventKind, Message, Request, RequestState, TimelineEvent,
};
use crate::portal::delivery::Trail;
use crate::portal::representation::SentBy;
use crate::portal::signatures::{Signer, SignerState, Verified};
use crate::portal::submissions;
use crate::texts::Voice;
use crate::vocabulary::{At, Reference};
use serde_json::{Value, json};

/// Everything that the page of one case shows.
pub(in super::super) struct Opened {
    pub case: Case,
    /// Who handles it, as people call that system.
    pub receiver: String,
    pub events: Vec<TimelineEvent>,
    pub messages: Vec<Message>,
    pub decisions: Vec<Decision>,
    pub documents: Vec<CaseDocument>,
    /// What she is asked for, the newest first.
    pub requests: Vec<Request>,
    /// Where what she sent is.
    pub trail: Trail,
    /// When this was read.
    pub now: At,
    /// What she sent, as it was frozen.
    pub sent: Vec<Section>,
    /// Who sent it, when it was for another.
    pub sent_by: Option<SentBy>,
    /// Others who sign.
    pub signers: Vec<Signer>,
    /// Each proved once more; `None` when one does not hold.
    pub signatures: Option<Vec<Verified>>,
}

impl Opened {
    /// Something here is not marked as seen.
    pub(in super::super) fn is_unseen(&self) -> bool {
        self.case.is_news() || self.messages.iter().any(is_unread)
    }

    /// She may ask for a decision, and has not.
    pub(in super::super) fn may_be_hurried(&self) -> bool {
        let has_asked = self.messages.iter().any(|m| m.kind == DeliveryKind::DecisionRequest);
        self.case.may_be_hurried(self.now) && !has_asked
    }
}

fn is_unread(message: &Message) -> bool {
    message.direction == Direction::ToResident && message.read_at.is_none()
}

/// The page of a case.
pub(in super::super) fn href(reference: &Reference) -> String {
    format!("/mina-sidor/arenden/{reference}")
}

/// Why a case is marked as news: what happened last of what she has not seen and did not do herself.
pub(in super::super) fn news(case: &Case, events: &[TimelineEvent], voice: &Voice) -> String {
    let by_others = |e: &&TimelineEvent| !e.kind.is_own();
    let unseen = events.iter().filter(by_others).find(|e| e.recorded_at > case.seen_at);
    unseen.map_or_else(|| voice.text("my-pages-news-changed"), |e| words::title(e, voice))
}

/// Who has the next move, as the component names it.
fn turn(case: &Case) -> &'static str {
    match case.next_move {
        NextMove::Resident => "you",
        NextMove::Municipality => "municipality",
        NextMove::Nobody => "none",
    }
}

/// A case in a list. `news`: why it is marked as new, `""` when it is not.
pub(in super::super) fn card(case: &Case, news: &str, voice: &Voice) -> Value {
    json!({
        "title": case.title,
        "href": href(&case.reference),
        "reference": case.reference,
        "diary_number": case.diary_number,
        "status": case.status,
        "own_status": is_answered(case).then(|| voice.text("case-answered")),
        "turn": turn(case),
        "turn_text": voice.text(&format!("next-move-{}", turn(case))),
        "updated": voice.date(case.updated_at),
        "due": answer_by(case, voice),
        "outcome": case.outcome.map(|o| words::outcome(o, voice)),
        "news": news,
    })
}

/// The page of a case. `answer` is the form for a message.
pub(in super::super) fn case_page(opened: &Opened, answer: Value, voice: &Voice) -> Value {
    let Opened { case, events, messages, decisions, documents, requests, sent, sent_by, signers, signatures, .. } =
        opened;
    let own_words = events
        .iter()
        .find(|e| e.kind == EventKind::Status && e.data.0.status == Some(case.status))
        .and_then(|e| e.data.0.label.clone());
    let file = |d: &CaseDocument| file_row(case, d, voice);
    let of = |kind: DocumentKind| -> Vec<Value> {
        documents.iter().filter(|d| d.visible && d.kind == kind).map(file).collect()
    };
    let own_words = if is_answered(case) { Some(voice.text("case-answered")) } else { own_words };
    let (status_text, turn_text) = meaning(case, decisions, voice);
    let asked: Vec<Value> = requests.iter().map(|r| reply::asked(r, case, documents, opened.now, voice)).collect();
    json!({
        "title": case.title,
        "reference": case.reference,
        "href": href(&case.reference),
        "status": case.status,
        "own_status": own_words,
        "status_text": status_text,
        "outcome": case.outcome.map(|o| words::outcome(o, voice)),
        "turn": turn(case),
        "turn_text": turn_text,
        "turn_due": answer_by(case, voice),
        "turn_href": turn_href(opened),
        "facts": facts(case, sent_by.as_ref(), voice),
        "trail": trail(opened, voice),
        "events": told(events).map(|e| words::row(e, voice)).collect::<Vec<_>>(),
        "messages": messages.iter().map(|m| letter(m, case, documents, voice)).collect::<Vec<_>>(),
        "takes_messages": case.takes_messages(),
        "answer": answer,
        "threads": threads(messages, voice),
        "decisions": decision::all(decisions, opened, voice),
        "asked_waits": asked.iter().any(|one| one["is_open"] == true),
        "asked": asked,
        "due": due(case, voice),
        "hurry_href": opened.may_be_hurried().then(|| format!("{}/begar-avgorande", href(&case.reference))),
        "receipt": of(DocumentKind::Receipt),
        "own_files": of(DocumentKind::Attachment),
        "given_files": of(DocumentKind::FromMunicipality),
        "sections": sent,
        "signers": submissions::signers_shown(signers, voice),
        "is_waiting": signers.iter().any(|s| s.state == SignerState::Waiting),
        "signatures": signatures.iter().flatten().map(|v| signature(v, voice)).collect::<Vec<_>>(),
        "signatures_fail": signatures.is_none(),
        "withdraw_href": case.can_be_withdrawn().then(|| format!("{}/aterkalla", href(&case.reference))),
        "closed_on": case.closed_at.map(|at| voice.date(at)),
    })
}

/// By when she is to answer, while it is her move.
pub(in super::super) fn answer_by(case: &Case, voice: &Voice) -> Option<String> {
    let at = case.answer_by.filter(|_| case.next_move == NextMove::Resident)?;
    Some(voice.about("asked-due", "date", voice.date(at)))
}

/// Where her next move is made: what is asked, the decision to confirm, or a message.
fn turn_href(opened: &Opened) -> &'static str {
    let asks = opened.requests.iter().any(|r| r.state == RequestState::Open);
    match opened.case.next_move {
        NextMove::Resident if asks => "#fragor",
        NextMove::Resident if opened.decisions.iter().any(Decision::awaits_confirmation) => "#beslut",
        NextMove::Resident if opened.case.takes_messages() => "#skriv",
        _ => "",
    }
}

/// When a decision is to be expected, and why then.
fn due(case: &Case, voice: &Voice) -> Option<Value> {
    let due = case.due.as_ref().map(|due| &due.0).filter(|_| case.outcome.is_none() && !case.status.is_terminal())?;
    Some(json!({ "text": voice.about("case-due", "date", voice.day(due.day)), "reason": due.reason }))
}

/// A signature that holds: how and when, and whose.
fn signature(signed: &Verified, voice: &Voice) -> Value {
    let how = voice.text(&format!("signature-class-{}", signed.strength.as_str()));
    let name = signed.person.name.clone().unwrap_or_else(|| voice.text("signer-unnamed"));
    json!({ "label": name, "text": format!("{how}, {}", voice.date_time(signed.at)) })
}

/// The timeline without a status that says only what the registration or the decision beside it says.
fn told(events: &[TimelineEvent]) -> impl Iterator<Item = &TimelineEvent> {
    events.iter().filter(|e| {
        let data = &e.data.0;
        let same = match data.status {
            Some(PortalStatus::Registered) => EventKind::Registered,
            Some(PortalStatus::Decided) => EventKind::Decision,
            _ => return true,
        };
        let is_bare = e.kind == EventKind::Status && data.text.is_none() && data.label.is_none();
        !(is_bare && events.iter().any(|other| other.kind == same))
    })
}

/// She was asked for more and has written since; the handler has not said yet whether that is enough.
fn is_answered(case: &Case) -> bool {
    (case.next_move, case.status) == (NextMove::Municipality, PortalStatus::SupplementNeeded)
}

/// What the status means, and what happens next. A request that she has answered asks for nothing more; a case that is
/// closed with something that she can appeal is not all over for her.
fn meaning(case: &Case, decisions: &[Decision], voice: &Voice) -> (String, String) {
    let (text, next) = words::meaning(case.status, voice);
    match (case.next_move, case.status) {
        (NextMove::Resident, _) if decisions.iter().any(Decision::awaits_confirmation) => {
            (text, voice.text("turn-confirm"))
        }
        (NextMove::Resident, _) if case.answer_by.is_some() => (text, voice.text("turn-asked")),
        (NextMove::Resident, PortalStatus::SupplementNeeded) => (text, voice.text("turn-supplement")),
        (NextMove::Resident, _) => (text, voice.text("turn-you")),
        _ if is_answered(case) => (voice.text("case-supplement-answered"), voice.text("turn-municipality")),
        (NextMove::Nobody, PortalStatus::Closed) if decision::goes_against(decisions, case) => {
            (text, words::meaning(PortalStatus::Decided, voice).1)
        }
        _ => (text, next),
    }
}

fn facts(case: &Case, sent_by: Option<&SentBy>, voice: &Voice) -> Vec<Value> {
    let fact = |key: &str, text: String| json!({ "label": voice.text(key), "text": text });
    let unit = if case.unit.is_empty() { voice.text("case-unit-unknown") } else { case.unit.clone() };
    let number = case.diary_number.clone().unwrap_or_else(|| voice.text("case-diary-none"));
    let mut facts = vec![
        fact("case-reference", case.reference.to_string()),
        fact("case-diary", number),
        fact("case-received", voice.date_time(case.received_at)),
        fact("case-unit", unit),
    ];
    if let Some(by) = sent_by {
        facts.push(fact("acting-sent-by", by.name.clone()));
        facts.push(fact("acting-right", voice.text(&format!("acting-right-{}", by.kind.as_str().replace('_', "-")))));
    }
    let Some(handler) = case.handler.as_ref().map(|h| &h.0) else {
        facts.push(fact("case-handler", voice.text("case-handler-none")));
        return facts;
    };
    facts.push(fact("case-handler", handler.name.clone().unwrap_or_else(|| voice.text("case-handler-unnamed"))));
    if let Some(email) = &handler.email {
        facts.push(
            json!({ "label": voice.text("case-handler-email"), "text": email, "href": format!("mailto:{email}") }),
        );
    }
    if let Some(phone) = &handler.phone {
        let dialled: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        facts.push(
            json!({ "label": voice.text("case-handler-phone"), "text": phone, "href": format!("tel:{dialled}") }),
        );
    }
    facts
}

/// Where what she sent is, thing by thing: with us, and with whoever handles it. What is late is so for no fault of hers.
fn trail(opened: &Opened, voice: &Voice) -> Value {
    let Opened { case, events, trail, .. } = opened;
    let registered = events.iter().find(|e| e.kind == EventKind::Registered).map(|e| e.at);
    let mut lines = Vec::new();
    for one in &trail.handed {
        let is_first = one.kind == DeliveryKind::Submission;
        let at = if is_first { registered.or(one.registered_at) } else { one.registered_at };
        let number = case.diary_number.as_deref().filter(|_| is_first);
        let what = voice.text(&format!("trail-{}", one.kind.as_str().replace('_', "-")));
        let received = json!({ "when": voice.date_time(one.received_at), "text": voice.text("trail-received") });
        let then = match at {
            Some(at) => {
                let line = voice.about("trail-registered", "receiver", opened.receiver.as_str());
                let line = number.map_or(line.clone(), |number| format!("{line}, {}", number.replace(' ', "\u{a0}")));
                json!({ "when": voice.date_time(at), "text": line })
            }
            None if one.is_late => json!({ "text": voice.text("trail-late") }),
            None => json!({ "text": voice.text("trail-waiting") }),
        };
        lines.push(json!({ "what": what, "steps": [received, then] }));
    }
    let late = trail.handed.iter().find(|one| one.is_late && one.registered_at.is_none());
    let late = late.map(|one| voice.about("trail-down", "date", voice.date(one.received_at)));
    json!({ "lines": lines, "late": late })
}

/// What a message of hers may go on with, the newest first: each thread by its last message.
fn threads(messages: &[Message], voice: &Voice) -> Vec<Value> {
    let mut seen: Vec<&str> = Vec::new();
    let mut threads = Vec::new();
    for message in messages.iter().rev().filter(|m| m.direction == Direction::ToResident) {
        let Some(thread) = message.conversation.as_deref().filter(|thread| !seen.contains(thread)) else { continue };
        let glimpse: String = message.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        let label = format!("{}: {glimpse}", voice.date(message.at));
        threads.push(json!({ "id": message.id, "label": label, "selected": seen.is_empty() }));
        seen.push(thread);
    }
    if threads.len() > 1 {
        threads.push(json!({ "id": "", "label": voice.text("message-thread-new"), "selected": false }));
    }
    threads
}

/// A message in its thread.
fn letter(message: &Message, case: &Case, documents: &[CaseDocument], voice: &Voice) -> Value {
    let is_mine = message.direction == Direction::FromResident;
    let from = match (is_mine, message.author.is_empty(), case.unit.is_empty()) {
        (true, ..) => voice.text("message-from-you"),
        (false, false, _) => message.author.clone(),
        (false, true, false) => case.unit.clone(),
        (false, true, true) => voice.text("message-from-municipality"),
    };
    let files: Vec<Value> = documents
        .iter()
        .filter(|d| d.visible && message.documents.0.contains(&d.id))
        .map(|d| file_row(case, d, voice))
        .collect();
    json!({
        "id": message.id,
        "from": from,
        "mine": is_mine,
        "when": if message.day_only { voice.date(message.at) } else { voice.date_time(message.at) },
        "datetime": message.at.rfc3339(),
        "text": message.text,
        "about": (message.kind != DeliveryKind::Message)
            .then(|| voice.text(&format!("trail-{}", message.kind.as_str().replace('_', "-")))),
        "files": files,
        "unread": is_unread(message),
        "state": (!is_mine && !message.allow_reply).then(|| voice.text("message-no-reply")),
    })
}

pub(super) fn file_row(case: &Case, document: &CaseDocument, voice: &Voice) -> Value {
    let kind = document.file_name.rsplit_once('.').map(|(_, end)| end.to_uppercase()).unwrap_or_default();
    let name = if document.title.is_empty() { &document.file_name } else { &document.title };
    json!({
        "name": name,
        "href": format!("{}/dokument/{}", href(&case.reference), document.id),
        "size_text": voice.size(document.size.unsigned_abs()),
        "kind_text": kind,
        "when": voice.date(document.created_at),
    })
}
