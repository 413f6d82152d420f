//! What a person has answered, and where each answer comes from.

use crate::vocabulary::{At, Day, EmailAddress, Personnummer, PhoneNumber};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where an answer comes from; the words of the integration contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Typed or chosen by the one who answered.
    Resident,
    /// From the e-legitimation.
    Login,
    /// From the population register.
    Navet,
    /// From the register of companies.
    Register,
    /// From her own settings on Mina sidor.
    Settings,
    /// Reckoned from other answers.
    Computed,
}

/// One answer, in the form that its kind of question has (see [`FieldKind`](super::FieldKind)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Text, number, bool, list or object.
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
    /// When it was saved, or fetched.
    pub source_at: At,
}

/// Answers by the id of their question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    /// The answer to a question.
    pub fn get(&self, id: &str) -> Option<&Answer> {
        self.0.get(id)
    }

    /// The answer when it is a text.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.get(id).and_then(|a| a.value.as_str())
    }

    /// Sets or replaces an answer.
    pub fn set(&mut self, id: &str, answer: Answer) {
        self.0.insert(id.to_owned(), answer);
    }

    /// Takes an answer away.
    pub fn remove(&mut self, id: &str) -> Option<Answer> {
        self.0.remove(id)
    }

    /// True when nothing has been answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The files of a file question; none when there are none.
    pub fn files(&self, id: &str) -> Vec<FileAnswer> {
        self.get(id).and_then(|a| serde_json::from_value(a.value.clone()).ok()).unwrap_or_default()
    }

    /// Whom she named to sign beside her, from the built-in step; `None` where the service asks for nobody.
    pub fn cosigner(&self) -> Option<NamedCosigner> {
        use super::built_in::{COSIGNER_EMAIL, COSIGNER_NAME, COSIGNER_NUMBER};
        Some(NamedCosigner {
            name: self.text(COSIGNER_NAME)?.to_owned(),
            number: Personnummer::from_canonical(self.text(COSIGNER_NUMBER)?).ok()?,
            email: self.text(COSIGNER_EMAIL)?.parse().ok()?,
        })
    }

    /// Where another guardian's invitation goes, if she gave an address.
    pub fn cosigner_email(&self) -> Option<EmailAddress> {
        self.text(super::built_in::COSIGNER_EMAIL)?.parse().ok()
    }

    /// How she wants to be reached, from the built-in last step.
    pub fn contact(&self) -> Contact {
        use super::built_in::{CHANNEL, EMAIL, PHONE};
        Contact {
            email: self.text(EMAIL).and_then(|t| t.parse().ok()),
            phone: self.text(PHONE).and_then(|t| t.parse().ok()),
            channel: match self.text(CHANNEL) {
                Some("mina-sidor") => Some(Channel::MinaSidor),
                Some("brev") => Some(Channel::Letter),
                _ => None,
            },
        }
    }
}

/// Whom she named to sign beside her.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedCosigner {
    /// As she wrote it.
    pub name: String,
    /// Pins who may sign.
    pub number: Personnummer,
    /// Where the invitation goes.
    pub email: EmailAddress,
}

/// How she wants to be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Where receipts and notices go.
    pub email: Option<EmailAddress>,
    /// For the handler's questions.
    pub phone: Option<PhoneNumber>,
    /// How she wants the decision; `None` in an anonymous case, or not asked yet.
    pub channel: Option<Channel>,
}

/// How a decision is made known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// On Mina sidor, with a mail that it is there when we have her address.
    MinaSidor,
    /// By letter.
    #[serde(rename = "brev")]
    Letter,
}

/// One uploaded file as it stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileAnswer {
    /// Its id in the store.
    pub file_id: String,
    /// The name it had with its owner.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// As sniffed, not as claimed.
    pub media_type: String,
    /// Hex.
    pub sha256: String,
}

/// The chosen child as it stands in an answer: never her personnummer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChildAnswer {
    /// [`ChildOption::key`](super::ChildOption::key).
    pub key: String,
    /// First names and family name.
    pub name: String,
    /// The day of birth, where the register has it whole.
    #[serde(default)]
    pub born: Option<Day>,
    /// True when someone else has custody too.
    #[serde(default)]
    pub shared_custody: bool,
}

/// A place as it stands in an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceAnswer {
    /// In the person's own words.
    pub text: String,
    /// WGS 84, degrees north.
    #[serde(default)]
    pub lat: Option<f64>,
    /// WGS 84, degrees east.
    #[serde(default)]
    pub lon: Option<f64>,
}
