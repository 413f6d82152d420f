//! What is sent in, frozen: everything that the submission, the case and the delivery are made of, and the one text that
//! its hash and every signature stand for.

use super::draft::Draft;
use super::submit::{Sending, SubmitFault, parties};
use crate::contract::{Location, Party};
use crate::forms::{Answers, Context, Cosign, Definition, FileAnswer, Section};
use crate::portal::identity::{Authority, Citizen};
use crate::portal::prefill::SecondSignature;
use crate::settings::sha256_hex;
use crate::vocabulary::{CaseId, MunicipalitySlug, Reference, SubmissionId, canonical_json};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Kept sealed while somebody is at the broker to sign it.
#[derive(Serialize, Deserialize)]
pub(super) struct Frozen {
    pub submission: SubmissionId,
    pub case: CaseId,
    /// Drawn already where the signed message names it.
    pub reference: Option<Reference>,
    pub settled: Answers,
    pub review: Vec<Section>,
    pub parties: Vec<Party>,
    pub files: Vec<FileAnswer>,
    pub locations: Vec<Location>,
    pub cosigners: Vec<Cosigner>,
    /// By what right she sends it in for another.
    pub authority: Option<Authority>,
    pub protected: bool,
    pub title: String,
    /// The canonical text (RFC 8785).
    pub content: String,
}

/// Somebody else who is to sign. Without a person she cannot be asked here, and who she is stays untold.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Cosigner {
    pub person: Option<(String, String)>,
    pub email: Option<String>,
}

impl Frozen {
    pub fn of(definition: &Definition, draft: &Draft, sending: &Sending) -> Result<Self, SubmitFault> {
        // The desk and the archive read Swedish, whatever language the form was filled in with.
        let context = sending.prepared.context.clone();
        let swedish = Context { voice: context.voice.in_swedish(), ..context };
        let known = sending.prepared.known.as_ref();
        let protected = known.is_some_and(|k| k.protected);
        let unchecked = known.is_some_and(|k| k.protection_unchecked);
        let settled = definition.settle(&draft.answers, &swedish);
        let mut frozen = Self {
            submission: SubmissionId::fresh(),
            case: CaseId::fresh(),
            reference: None,
            review: definition.review(&draft.answers, &swedish),
            parties: parties(sending, &settled, definition, protected, unchecked),
            files: definition.files(&settled, &swedish),
            locations: locations(definition, &settled, &swedish),
            cosigners: cosigners(definition, &settled, sending),
            authority: sending.authority.clone(),
            settled,
            protected,
            title: definition.title.get(&swedish.voice).into_owned(),
            content: String::new(),
        };
        frozen.content = frozen.canonical(definition, &sending.municipality.slug)?;
        Ok(frozen)
    }

    /// What is frozen: which form, by whom and for whom, what was answered and shown, which files.
    fn canonical(&self, definition: &Definition, municipality: &MunicipalitySlug) -> Result<String, serde_json::Error> {
        let files = self.files.iter().map(|f| json!({ "name": f.name, "size": f.size, "sha256": f.sha256 }));
        Ok(canonical_json(&json!({
            "v": 1,
            "municipality": municipality,
            "service": definition.slug,
            "definitionVersion": definition.version,
            "submission": self.submission,
            "parties": serde_json::to_value(&self.parties)?,
            "answers": serde_json::to_value(&self.settled)?,
            "review": serde_json::to_value(&self.review)?,
            "attachments": files.collect::<Vec<_>>(),
        })))
    }

    /// What the receipt shows and signatures stand for.
    pub fn sha256(&self) -> String {
        sha256_hex(self.content.as_bytes())
    }
}

fn locations(definition: &Definition, settled: &Answers, context: &Context) -> Vec<Location> {
    let found = definition.locations(settled, context).into_iter().map(|l| Location {
        description: l.place.text,
        geometry: l.place.lat.zip(l.place.lon).map(|(lat, lon)| json!({ "type": "Point", "coordinates": [lon, lat] })),
        crs: "EPSG:4326".into(),
    });
    found.collect()
}

/// Who else is to sign. A guardian whom the register does not show, or a child that it does not, makes it a matter for the
/// handler.
fn cosigners(definition: &Definition, settled: &Answers, sending: &Sending) -> Vec<Cosigner> {
    let by_hand = Cosigner { person: None, email: None };
    match definition.cosign {
        None => Vec::new(),
        Some(Cosign::Named) => {
            let own = sending.prepared.citizen.as_ref().and_then(Citizen::number);
            match settled.cosigner().filter(|named| Some(&named.number) != own.as_ref()) {
                Some(named) => vec![Cosigner {
                    person: Some((named.number.expose().to_owned(), named.name)),
                    email: Some(named.email.as_str().to_owned()),
                }],
                None => vec![by_hand],
            }
        }
        Some(Cosign::Guardians) => {
            let email = settled.cosigner_email().map(|e| e.as_str().to_owned());
            let (mut all, mut is_by_hand) = (Vec::<Cosigner>::new(), false);
            for chosen in definition.children(settled, &sending.prepared.context) {
                let Some(child) = sending.prepared.children.get(&chosen.key) else {
                    is_by_hand = true;
                    continue;
                };
                is_by_hand |= child.second_signature == SecondSignature::Manual;
                for other in &child.other_guardians {
                    let person = Some((other.number.expose().to_owned(), other.name.clone()));
                    if !all.iter().any(|known| known.person == person) {
                        all.push(Cosigner { person, email: email.clone() });
                    }
                }
            }
            all.extend(is_by_hand.then_some(by_hand));
            all
        }
    }
}
