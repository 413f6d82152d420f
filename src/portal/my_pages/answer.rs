//! What a resident does in a case of hers: writes, takes it back. Each is one unit of work, from "may she?" to the row that
//! hands it to whoever handles the case; what she is told has happened is durable by then.

use crate::audit;
use crate::contract::{AnsweredItem, DeliveryKind, NoticeKind, Party, SupplementAnswer};
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, AnswerFile, Case, FromResident, Request, RequestKind, Written};
use crate::portal::delivery::{Answers, DeliveryFault, FollowUp, follow_up, note};
use crate::portal::submissions;
use crate::settings::{Keys, sha256_hex};
use crate::vocabulary::{At, MessageId, MunicipalitySlug, PartyId, Reference, RequestId};
use serde_json::json;

/// Most characters of a message.
pub(super) const LONGEST: usize = 10_000;

/// Whose case, and when.
#[derive(Clone)]
pub(super) struct Act {
    pub municipality: MunicipalitySlug,
    pub party: PartyId,
    /// For the audit log: she, and for whom.
    pub actor: String,
    /// She, when the case is somebody's that she acts for.
    pub by: Option<Party>,
    pub reference: Reference,
    pub keys: Keys,
    pub now: At,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is in the case under this id, from now or from before: the same form sent twice is one message.
    There(MessageId),
    /// The case is over, or what it answers is, and takes no more.
    Over,
    /// What she was asked for has changed since she was shown it.
    Changed,
}

impl Act {
    fn case(&self, conn: &mut Conn) -> Result<Option<Case>, DbError> {
        cases::find_for_owner(conn, &self.municipality, &self.party, &self.reference)
    }

    fn record(&self, conn: &mut Conn, action: &str) -> Result<(), DbError> {
        audit::record(conn, &self.municipality, self.now, &self.actor, action, self.reference.as_str(), "")
    }
}

/// Something that she writes in her case.
#[derive(Clone, Debug)]
pub(super) struct Writing {
    /// Made with the form.
    pub id: MessageId,
    pub text: String,
    pub to: To,
}

/// What she answers.
#[derive(Clone, Debug)]
pub(super) enum To {
    /// A message, by its own id; or nothing in particular.
    Message(Option<MessageId>),
    /// What she is asked for; `opening` says which event asked when she was shown the form.
    Request { id: RequestId, opening: String },
    /// A decision, which she appeals.
    Decision(String),
    /// The law: she asks for a decision.
    Delay,
}

/// Writes. `None`: she has no such case, or there is nothing like that to answer in it.
pub(super) fn write(conn: &mut Conn, act: &Act, what: &Writing) -> Result<Option<Sent>, DeliveryFault> {
    let Some(case) = act.case(conn)? else { return Ok(None) };
    let before = cases::messages(conn, &case.id)?;
    let known = before.iter().find(|m| m.id == what.id);
    let id = match known {
        Some(known) if known.text == what.text => return Ok(Some(Sent::There(known.id.clone()))),
        // An old form brought back by the browser, with new words in it: a message of its own.
        Some(_) => MessageId::fresh(),
        None => what.id.clone(),
    };
    let mut new = FromResident {
        id: &id,
        kind: DeliveryKind::Message,
        text: &what.text,
        files: Some(&what.id),
        about: None,
        opening: None,
        conversation: None,
    };
    let requests = cases::requests(conn, &case.id)?;
    let files = cases::answer_files(conn, &case.id, &what.id)?;
    let (mut answers, mut in_reply_to) = (Answers::Nothing, None);
    match &what.to {
        To::Message(to) => {
            new.conversation =
                before.iter().find(|m| Some(&m.id) == to.as_ref()).and_then(|m| m.conversation.as_deref());
            in_reply_to = new.conversation.map(str::to_owned);
        }
        To::Request { id, opening } => {
            let Some(request) = requests.iter().find(|r| r.id == *id && r.may_be_answered()) else {
                return Ok(Some(Sent::Over));
            };
            if *opening != opening_mark(request) {
                return Ok(Some(Sent::Changed));
            }
            new.kind = request.kind.answer();
            (new.about, new.opening) = (Some(request.request_id.as_str()), Some(request.opening.as_str()));
            answers = match request.kind {
                RequestKind::Supplement => Answers::Supplement(supplement(request, &files)),
                RequestKind::Hearing => Answers::Hearing(request.request_id.clone()),
            };
        }
        To::Decision(decision) => {
            (new.kind, new.about) = (DeliveryKind::Appeal, Some(decision.as_str()));
            answers = Answers::Decision(decision.clone());
        }
        To::Delay if before.iter().any(|m| m.kind == DeliveryKind::DecisionRequest) => return Ok(Some(Sent::Over)),
        To::Delay if !case.may_be_hurried(act.now) => return Ok(Some(Sent::Over)),
        To::Delay => new.kind = DeliveryKind::DecisionRequest,
    }
    let kind = new.kind;
    let files = match cases::write_from_resident(conn, &case, new, act.now)? {
        Written::Now(files) => files.into_iter().map(|f| f.id).collect(),
        Written::Before => return Ok(Some(Sent::There(id))),
        Written::Over => return Ok(Some(Sent::Over)),
    };
    let by = act.by.clone();
    let what = FollowUp { kind, message_id: &id, text: &what.text, in_reply_to, files, by, answers };
    follow_up(conn, &act.keys, &case, what, act.now)?;
    act.record(conn, &format!("case.{}", kind.as_str()))?;
    Ok(Some(Sent::There(id)))
}

/// Names the event that asks, in a form.
pub(super) fn opening_mark(request: &Request) -> String {
    sha256_hex(request.opening.as_bytes()).chars().take(16).collect()
}

/// The field of the `n`th wanted thing in the form of an answer.
pub(super) fn item_field(n: usize) -> String {
    format!("fil-{n}")
}

fn supplement(request: &Request, files: &[AnswerFile]) -> SupplementAnswer {
    let of = |n: usize| -> Vec<String> {
        files.iter().filter(|f| f.field == item_field(n)).map(|f| f.id.to_string()).collect()
    };
    let items = request.data.0.items.iter().enumerate();
    let items = items.map(|(n, item)| AnsweredItem { item_id: item.item_id.clone(), document_ids: of(n) });
    SupplementAnswer { supplement_id: Some(request.request_id.clone()), items: items.collect() }
}

/// She says that she has taken part of a decision, in the version that she was shown. False: she had said so.
pub(super) fn confirm(conn: &mut Conn, act: &Act, mark: &str, version: i32) -> Result<Option<bool>, DeliveryFault> {
    let Some(case) = act.case(conn)? else { return Ok(None) };
    let decisions = cases::decisions(conn, &case.id)?;
    let shown = decisions.iter().find(|d| decision_mark(&d.decision_id) == mark && d.version == version);
    let Some(decision) = shown.filter(|d| d.data.0.service.as_ref().is_some_and(|s| s.required)) else {
        return Ok(Some(false));
    };
    if !cases::confirm_decision(conn, &case, &decision.decision_id, version, act.now)? {
        return Ok(Some(false));
    }
    let data = json!({ "decisionId": decision.decision_id, "version": version, "at": act.now });
    note(conn, &case, NoticeKind::DecisionRead, data, act.now)?;
    act.record(conn, "case.decision_confirmed")?;
    Ok(Some(true))
}

/// Names a decision in an address and in a form: the receiver's own id may be any text.
pub(super) fn decision_mark(id: &str) -> String {
    sha256_hex(id.as_bytes()).chars().take(16).collect()
}

/// Takes the case back. `Some(false)`: it is decided or over. `None`: she has no such case.
pub(super) fn withdraw(conn: &mut Conn, act: &Act, text: &str) -> Result<Option<bool>, DeliveryFault> {
    let Some(case) = act.case(conn)? else { return Ok(None) };
    if case.withdrawn_at.is_some() {
        return Ok(Some(true));
    }
    if !cases::withdraw(conn, &case, act.now)? {
        return Ok(Some(false));
    }
    submissions::withdraw_signers(conn, &act.municipality, &case.id, act.now)?;
    let what = FollowUp {
        kind: DeliveryKind::Withdrawal,
        message_id: &MessageId::fresh(),
        text,
        in_reply_to: None,
        files: Vec::new(),
        by: act.by.clone(),
        answers: Answers::Nothing,
    };
    follow_up(conn, &act.keys, &case, what, act.now)?;
    act.record(conn, "case.withdrawn")?;
    Ok(Some(true))
}
