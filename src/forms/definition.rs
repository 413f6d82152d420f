//! One version of one e-service.

use super::field::{Field, FieldKind};
use crate::texts::Words;
use crate::vocabulary::ServiceSlug;
use serde::{Deserialize, Serialize};

/// An e-service as its municipality wrote it, whole and without faults. Made by [`Definition::parse`] only.
#[derive(Debug)]
pub struct Definition {
    /// The name of its file.
    pub slug: ServiceSlug,
    /// SHA-256 in hex of the text: two texts are the same version exactly when this is equal.
    pub version: String,
    /// The text, with `\n` line ends and no byte-order mark: kept for ever with what was sent in, and parsed again.
    pub source: String,
    /// What it is called, from the resident's goal.
    pub title: Words,
    /// In one line.
    pub summary: Words,
    /// Slug of the group it stands under: `barn-och-utbildning`.
    pub category: String,
    /// Other words that people search with.
    pub keywords: Vec<String>,
    /// Who it is for.
    pub for_whom: Words,
    /// What one needs at hand.
    pub you_need: Vec<Words>,
    /// How long it takes.
    pub minutes: i64,
    /// What happens after it is sent in, and when.
    pub what_happens_next: Words,
    /// Which law it rests on.
    pub law: Words,
    /// What is done with personal data.
    pub personal_data: Words,
    /// What the last button says: `Skicka in ansökan om plats i förskola`.
    pub send_label: Words,
    /// How sure we must be of who it is.
    pub level: Level,
    /// True when it works for somebody with a foreign e-legitimation and no Swedish number.
    pub accept_eidas: bool,
    /// On whose behalf it may be used.
    pub may_act: Vec<Actor>,
    /// What is accepted as a right to act for an organisation.
    pub acting: Acting,
    /// Who handles it.
    pub routing: Routing,
    /// Which rules an appeal follows.
    pub appeal: AppealRegime,
    /// How careful the receiver must be.
    pub sensitivity: Sensitivity,
    /// How long things are kept.
    pub retention: Retention,
    /// What must be fetched beside the person herself.
    pub needs: Needs,
    /// True when it is signed with e-legitimation before it is sent.
    pub signing: bool,
    /// Who else must sign; `None` when one signature is enough.
    pub cosign: Option<Cosign>,
    /// Within so many days; then it goes to the handler without.
    pub cosign_days: i64,
    pub(super) steps: Vec<Step>,
}

/// How sure we must be of who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nobody is asked who she is.
    None,
    /// Level of assurance 2.
    Two,
    /// Level of assurance 3.
    Three,
    /// Level of assurance 4.
    Four,
}

impl Level {
    /// True when no log-in is needed.
    pub fn is_anonymous(self) -> bool {
        self == Level::None
    }

    /// 2, 3 or 4; 0 when nobody is asked who she is.
    pub fn number(self) -> u8 {
        match self {
            Level::None => 0,
            Level::Two => 2,
            Level::Three => 3,
            Level::Four => 4,
        }
    }
}

/// On whose behalf someone acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// Her own.
    #[serde(rename = "self")]
    Oneself,
    /// A child she has custody of.
    Child,
    /// A company.
    Company,
    /// An association.
    Association,
}

impl Actor {
    /// The word in definitions, conditions and the contract.
    pub fn word(self) -> &'static str {
        match self {
            Actor::Oneself => "self",
            Actor::Child => "child",
            Actor::Company => "company",
            Actor::Association => "association",
        }
    }
}

/// What is accepted as a right to act for an organisation. A sole signatory in the register always is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Also what she says herself, and one of several who sign together: the handler looks into it.
    pub declared: bool,
    /// Permission codes of Mina ombud that open this service.
    pub powers: Vec<String>,
}

/// Who handles it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// Which receiving system, by its name in the settings.
    pub target: String,
    /// The case type there.
    pub case_type: String,
    /// The unit there.
    pub unit: String,
    /// The class in the classification structure, used when the receiver has none of its own.
    pub classification: String,
}

/// Which rules an appeal of the decision follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppealRegime {
    /// Förvaltningslagen (2017:900): förvaltningsbesvär, three weeks from when she got it.
    Fl,
    /// Kommunallagen (2017:725) chapter 13: laglighetsprövning, three weeks from the notice of the minutes.
    Kl,
    /// No decision that can be appealed.
    None,
}

/// How careful the receiver must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// As any case.
    Normal,
    /// Few may see it, and notices say nothing of what it is about.
    Strict,
}

/// How long things are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A draft is deleted after this many days without a change.
    pub draft_days: i64,
    /// What becomes of the case, in words.
    pub case: Words,
}

/// What must be fetched beside the person herself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// `navet.children`: the children she has custody of.
    pub children: bool,
    /// `navet.guardians`: the other guardians of a chosen child.
    pub guardians: bool,
}

/// Who must sign beside the one who sends it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cosign {
    /// Everyone else who has custody of the children that the answers name.
    Guardians,
    /// Somebody whom she names herself, as joint signatories of an association.
    Named,
}

/// A detail of the applicant that the built-in first step shows or asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicantDetail {
    /// Her number, from the log-in.
    Personnummer,
    /// Her name.
    Name,
    /// Street address, postcode and town.
    Address,
}

/// One page of questions.
#[derive(Debug)]
pub struct Step {
    /// Last part of its address.
    pub id: String,
    /// The page's heading.
    pub title: Words,
    /// Under the heading; may be empty.
    pub intro: Words,
    /// Its questions, in order.
    pub fields: Vec<Field>,
    /// Written in the definition, or built in.
    pub kind: StepKind,
}

/// Where a step comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// *Dina uppgifter*, first.
    Applicant,
    /// From the definition.
    Own,
    /// *Vem mer ska skriva under?*, before the last, where somebody is named.
    Cosigner,
    /// *Så når vi dig*, last.
    Contact,
}

impl Definition {
    /// Every step in order, the built-in ones too, whether or not they are to be shown now.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// The question of that id, and its step. Questions within repeated groups are not found here.
    pub fn field(&self, id: &str) -> Option<(&Step, &Field)> {
        self.steps.iter().find_map(|s| s.fields.iter().find(|f| f.id == id).map(|f| (s, f)))
    }

    /// Every question in order, with its step.
    pub(super) fn all_fields(&self) -> impl Iterator<Item = (&Step, &Field)> {
        self.steps.iter().flat_map(|s| s.fields.iter().map(move |f| (s, f)))
    }

    /// True when a child's custody must be known before anything can be answered.
    pub fn asks_for_a_child(&self) -> bool {
        self.all_fields().any(|(_, f)| matches!(f.kind, FieldKind::Child))
    }
}
