//! Words and values for the templates.

use crate::contract::{AnswerSection, Delivery, Outcome, Party, SignatureStrength, WhyMissing};
use crate::desk::errands::{Attention, Catalogue, Direction, Errand, Message, Reading};
use crate::desk::journal::{Happening, Line};
use crate::desk::portal_link::{Document, DocumentState};
use crate::texts::Arg;
use crate::vocabulary::{At, Day, PhoneNumber, e_legitimation_name};
use crate::web::Visit;
use serde_json::{Value, json};

/// Texts in the handler's language and names from the configuration.
pub struct Words<'a> {
    visit: &'a Visit,
    catalogue: &'a Catalogue,
}

impl<'a> Words<'a> {
    pub fn of(visit: &'a Visit, catalogue: &'a Catalogue) -> Self {
        Self { visit, catalogue }
    }

    pub fn text(&self, key: &str) -> String {
        self.visit.text(key)
    }

    pub fn text_with<'b>(&self, key: &str, args: impl IntoIterator<Item = (&'b str, Arg)>) -> String {
        self.visit.voice.text_with(key, args)
    }

    pub fn status(&self, code: &str) -> String {
        self.catalogue.label(code).to_owned()
    }

    pub fn case_type(&self, code: &str) -> String {
        self.catalogue.find(code).map_or_else(|| code.to_owned(), |t| t.name.clone())
    }

    pub fn attention(&self, why: Attention) -> String {
        self.text(&format!("desk-attention-{}", why.as_str().replace('_', "-")))
    }

    pub fn outcome(&self, outcome: Outcome) -> String {
        self.text(&format!("desk-outcome-{}", outcome.as_str().replace('_', "-")))
    }

    pub fn date(&self, at: At) -> String {
        self.visit.voice.date(at)
    }

    pub fn day(&self, day: Day) -> String {
        self.visit.voice.day(day)
    }

    pub fn size(&self, bytes: i64) -> String {
        self.visit.voice.size(u64::try_from(bytes).unwrap_or_default())
    }

    pub fn date_time(&self, at: At) -> String {
        self.visit.voice.date_time(at)
    }

    /// A text for one of several known words, and the word itself where there is no text for it.
    fn known(&self, prefix: &str, word: &str, known: &[&str]) -> String {
        if known.contains(&word) { self.text(&format!("{prefix}-{}", word.replace('_', "-"))) } else { word.to_owned() }
    }

    /// The head of an errand's page.
    pub fn errand(&self, reading: &Reading, is_mine: bool) -> Value {
        let e: &Errand = &reading.errand;
        json!({
            "id": e.id,
            "reference": e.reference,
            "diary_number": e.diary_number,
            "title": e.title,
            "case_type": self.case_type(&e.case_type),
            "unit": reading.unit.as_ref().map_or(e.unit.as_str(), |u| u.name.as_str()),
            "strict": reading.unit.as_ref().is_none_or(|u| u.strict),
            "protected": e.protected,
            "status": self.status(&e.status),
            "handler": e.handler.as_ref().map(|h| reading.names.get(h).cloned().unwrap_or_else(|| self.text("desk-gone"))),
            "is_mine": is_mine,
            "is_closed": e.closed_at.is_some(),
            "is_withdrawn": e.status == crate::desk::errands::WITHDRAWN,
            "outcome": e.outcome.map(|o| self.outcome(o)),
            "attention": e.attention.map(|a| json!({ "label": self.attention(a), "kind": attention_kind(a) })),
            "version": e.version,
            "facts": self.facts(e),
            "undelivered": reading.undelivered.0,
            "undelivered_why": reading.undelivered.1,
        })
    }

    fn facts(&self, e: &Errand) -> Vec<Value> {
        let due = e.due_on.as_ref().and_then(|day| day.parse().ok()).map(|day| self.day(day));
        let facts = [
            ("desk-fact-number", Some(e.diary_number.clone())),
            ("desk-fact-reference", Some(e.reference.to_string())),
            ("desk-fact-received", Some(self.date_time(e.received_at))),
            ("desk-fact-registered", Some(self.date_time(e.registered_at))),
            ("desk-fact-due", due),
        ];
        let shown = facts.into_iter().filter_map(|(key, text)| Some(json!({ "label": self.text(key), "text": text? })));
        shown.collect()
    }

    /// What the resident saw when she checked and sent.
    pub fn answers(&self, sections: &[AnswerSection]) -> Vec<Value> {
        let sources = ["login", "navet", "register", "settings", "computed"];
        sections
            .iter()
            .map(|s| {
                let items: Vec<Value> = s
                    .items
                    .iter()
                    .map(|i| {
                        let is_hers = i.source == "resident" || i.source.is_empty();
                        json!({
                            "label": i.label,
                            "text": i.text,
                            "lines": i.text.lines().collect::<Vec<_>>(),
                            "source": if is_hers { String::new() } else { self.known("desk-source", &i.source, &sources) },
                            "source_at": if is_hers { String::new() } else { self.date(i.source_at) },
                        })
                    })
                    .collect();
                json!({ "title": s.section, "items": items })
            })
            .collect()
    }

    /// Who is involved.
    pub fn parties(&self, delivery: &Delivery) -> Vec<Value> {
        delivery.parties.iter().map(|p| self.party(p)).collect()
    }

    fn party(&self, p: &Party) -> Value {
        let roles = ["applicant", "child", "contact", "representative", "guardian"];
        let kinds = ["personalNumber", "coordinationNumber", "organisationNumber"];
        let mut items = vec![
            json!({ "label": self.text("desk-party-name"), "text": p.name.clone().unwrap_or_else(|| self.text("desk-anonymous")) }),
        ];
        let mut add = |key: &str, text: String| items.push(json!({ "label": self.text(key), "text": text }));
        if let Some(id) = &p.identifier {
            let key = match id.kind.as_str() {
                kind if kind == kinds[1] => "desk-party-coordination-number",
                kind if kind == kinds[2] => "desk-party-organisation-number",
                "provisionalId" => "desk-party-provisional-id",
                _ => "desk-party-personal-number",
            };
            let shown = if key == "desk-party-provisional-id" { id.value.clone() } else { dashed(&id.value) };
            add(key, shown);
        }
        if let Some(contact) = &p.contact {
            if let Some(email) = &contact.email {
                add("desk-party-email", email.clone());
            }
            if let Some(phone) = &contact.phone {
                let shown = phone.parse::<PhoneNumber>().map_or_else(|_| phone.clone(), |p| p.shown());
                add("desk-party-phone", shown);
            }
            let channel =
                self.known("desk-channel", &contact.preferred_channel, &["portal", "letter", "email", "phone", "none"]);
            add("desk-party-channel", channel);
        }
        if let Some(a) = &p.authentication {
            let how = [("method", e_legitimation_name(&a.method).into()), ("at", self.date_time(a.at).into())];
            add("desk-party-login", self.text_with("desk-party-login-text", how));
        }
        if let Some(mandate) = &p.mandate {
            let kinds = ["guardian", "signatory_sole", "signatory_joint", "mina_ombud", "declared"];
            let sources = ["population-register", "company-register", "mina-ombud", "self-declared"];
            add("desk-party-mandate", self.known("desk-mandate", &mandate.kind, &kinds));
            let said = [
                ("source", self.known("desk-mandate-source", &mandate.source, &sources).into()),
                ("at", self.date_time(mandate.verified_at).into()),
            ];
            add("desk-party-mandate-said", self.text_with("desk-party-mandate-said-text", said));
        }
        json!({
            "role": self.known("desk-role", &p.role, &roles),
            "protected": p.protected_identity,
            "unchecked": p.protection_unchecked,
            // Whatever is not a register's word that she may decide alone is for the handler to look into.
            "mandate_open": p.mandate.as_ref().is_some_and(|m| {
                !["guardian", "signatory_sole", "mina_ombud"].contains(&m.kind.as_str())
            }),
            "items": items,
        })
    }

    /// The files that can be read, and where the others are.
    pub fn documents(&self, reading: &Reading) -> Vec<Value> {
        reading.documents.iter().map(|d| self.document(&reading.errand, d)).collect()
    }

    pub fn document(&self, errand: &Errand, d: &Document) -> Value {
        let state = match (d.state, &d.last_error) {
            (DocumentState::Stored, _) => d.number.clone(),
            (DocumentState::Waiting, None) => self.text("desk-file-waiting"),
            (DocumentState::Waiting, Some(why)) => self.text_with("desk-file-trying", [("why", why.as_str().into())]),
            (DocumentState::Refused, why) => {
                self.text_with("desk-file-refused", [("why", why.clone().unwrap_or_default().into())])
            }
        };
        let is_readable = d.state == DocumentState::Stored && d.scan != "infected";
        json!({
            "name": d.file_name,
            "href": if is_readable { format!("/arenden/{}/filer/{}", errand.id, d.id) } else { String::new() },
            "size_text": self.size(d.size),
            "kind_text": match d.scan.as_str() {
                "infected" => self.text("desk-file-infected"),
                _ => self.known("desk-file-kind", &d.kind, &["submission_pdf", "attachment"]),
            },
            "when": state,
        })
    }

    /// A message with the files that came with it.
    pub fn message(&self, reading: &Reading, m: &Message) -> Value {
        let is_ours = m.direction == Direction::ToResident;
        let came_with = |d: &&Document| m.delivery_id.as_deref() == Some(d.delivery_id.as_str());
        let files: Vec<Value> =
            reading.documents.iter().filter(came_with).map(|d| self.document(&reading.errand, d)).collect();
        json!({
            "id": m.id,
            "from": if is_ours { m.author.clone() } else { self.text("desk-resident") },
            "mine": is_ours,
            "when": self.date_time(m.at),
            "datetime": m.at,
            "text": m.text,
            "files": files,
            "state": self.message_state(m),
        })
    }

    /// Who signed and how, and whose signature is missing; nothing for what is not signed.
    pub fn signatures(&self, delivery: &Delivery) -> Vec<Value> {
        let signed = delivery.signatures.iter().map(|s| {
            let how = self.text(match s.class {
                SignatureStrength::Signature => "desk-signature-signature",
                SignatureStrength::Approval => "desk-signature-approval",
                SignatureStrength::Reauthentication => "desk-signature-reauthentication",
            });
            let name = s.name.clone().unwrap_or_else(|| dashed(&s.by));
            json!({ "label": name, "text": format!("{how}, {}", self.date_time(s.at)), "missing": false })
        });
        let missing = delivery.missing_signatures.iter().map(|m| {
            let why = self.text(match m.reason {
                WhyMissing::Declined => "desk-signature-declined",
                WhyMissing::Unanswered => "desk-signature-unanswered",
                WhyMissing::ByHand => "desk-signature-by-hand",
                WhyMissing::Withdrawn => "desk-signature-withdrawn",
            });
            let name = m.name.clone().unwrap_or_else(|| self.text("desk-signature-unnamed"));
            json!({ "label": name, "text": why, "missing": true })
        });
        signed.chain(missing).collect()
    }

    /// Why nobody reads what is written to whoever sent the errand in, and how she wants to be reached instead; none when
    /// she has Mina sidor.
    pub fn unreachable(&self, delivery: &Delivery) -> Option<String> {
        let applicant = delivery.parties.iter().find(|p| p.role == "applicant" && p.kind == "anonymous")?;
        let channel = applicant.contact.as_ref().map_or("none", |contact| contact.preferred_channel.as_str());
        Some(self.text(match channel {
            "email" => "desk-no-my-pages-email",
            "phone" => "desk-no-my-pages-phone",
            _ => "desk-no-my-pages-none",
        }))
    }

    /// What happened, newest first.
    pub fn journal(&self, lines: &[Line]) -> Vec<Value> {
        lines.iter().map(|line| self.line(line)).collect()
    }

    fn line(&self, line: &Line) -> Value {
        let args: Vec<(&str, Arg)> = line
            .detail
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                let arg = match (name.as_str(), value) {
                    ("outcome", Value::String(word)) => {
                        word.parse().map(|o| self.outcome(o)).unwrap_or_default().into()
                    }
                    ("day", Value::String(day)) => day.parse().map_or_else(|_| day.clone(), |day| self.day(day)).into(),
                    (_, Value::String(text)) => text.as_str().into(),
                    (_, value) => value.as_i64().unwrap_or_default().into(),
                };
                (name.as_str(), arg)
            })
            .collect();
        let own_words = match line.kind {
            Happening::Closed => line.detail.get("words"),
            Happening::Reopened | Happening::Transferred | Happening::DocumentWithdrawn => line.detail.get("reason"),
            _ => None,
        };
        let when = self.date_time(line.at);
        json!({
            "title": self.text_with(&format!("desk-journal-{}", line.kind.as_str()), args),
            "text": own_words.and_then(Value::as_str).unwrap_or_default(),
            "when": if line.actor.is_empty() { when } else { format!("{when} · {}", line.actor) },
            "datetime": line.at,
            "kind": match line.kind {
                Happening::MessageOut => "message",
                Happening::MessageIn | Happening::Supplement | Happening::Withdrawal => "you",
                Happening::Decision | Happening::Corrected => "decision",
                _ => "done",
            },
        })
    }
}

/// The tone of a mark.
pub fn attention_kind(why: Attention) -> &'static str {
    match why {
        Attention::New => "info",
        Attention::Message | Attention::Supplement | Attention::Hearing => "action",
        Attention::Withdrawn | Attention::DecisionRequest | Attention::Appeal => "danger",
    }
}

/// `YYYYMMDD-NNNN`, `NNNNNN-NNNN`: as people read it.
fn dashed(digits: &str) -> String {
    match digits.len().checked_sub(4).and_then(|n| digits.split_at_checked(n)) {
        Some((first, last)) if matches!(digits.len(), 10 | 12) => format!("{first}-{last}"),
        _ => digits.to_owned(),
    }
}
