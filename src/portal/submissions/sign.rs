//! Signing what is sent in. What she has checked is frozen and kept, she signs its hash at the broker, and when she comes
//! back one transaction sends in exactly what was frozen, with the evidence, or nothing at all.

use super::draft::{Draft, Owner};
use super::frozen::Frozen;
use super::signing_store::{self, Signing};
use super::store;
use super::submit::{Receiving, Sending, Sent, SubmitFault, receive};
use crate::db::{Conn, DbError};
use crate::forms::{Definition, Sensitivity};
use crate::municipalities::Municipality;
use crate::oidc::{Evidence, Pinned, SignRequest};
use crate::portal::catalogue::Catalogue;
use crate::portal::identity::Citizen;
use crate::portal::signatures::{self, Asked, NewSignature, NewSigner, Person, SignatureFault, ToBeSigned};
use crate::portal::{cases, notifications};
use crate::settings::{Keys, Settings, sha256_hex};
use crate::texts::{Arg, Voice};
use crate::vocabulary::{At, DraftId, Lang, PartyId, Personnummer, Reference, SigningId, canonical_json};
use std::sync::Arc;

const TBS: &str = "signings.tbs";
const CONTENT: &str = "signings.content";
/// As long as the trip to the broker may take, and a little more.
const OPEN_SECONDS: i64 = 1500;

/// She may go and sign.
pub(super) struct Begun {
    pub id: SigningId,
    pub tbs_data: Vec<u8>,
    pub named: Named,
}

/// What the message at the broker names. Nothing that tells what a sensitive case is about.
pub(super) struct Named {
    pub title: Option<String>,
    pub municipality: String,
    pub reference: Reference,
    pub principal: Option<String>,
    pub sha256: String,
}

impl Named {
    /// In Swedish and English.
    pub fn request(&self, tbs_data: Vec<u8>, swedish: &Voice, english: &Voice) -> SignRequest {
        SignRequest { tbs_data, message_sv: self.message(swedish), message_en: self.message(english) }
    }

    fn message(&self, voice: &Voice) -> String {
        let what = match &self.title {
            Some(title) => title.clone(),
            None => voice.text("sign-message-untitled"),
        };
        let begun = voice.text_with(
            "sign-message",
            [
                ("title", Arg::from(what)),
                ("municipality", Arg::from(self.municipality.clone())),
                ("reference", Arg::from(self.reference.to_string())),
                ("code", Arg::from(self.sha256.get(..16).unwrap_or_default().to_owned())),
            ],
        );
        match &self.principal {
            Some(name) => format!("{begun} {}", voice.about("sign-message-for", "name", name.as_str())),
            None => begun,
        }
    }
}

/// What came of wanting to sign.
pub(super) enum Wish {
    Begun(Begun),
    /// It had been sent in before.
    Before,
    Nowhere,
}

fn answers_sha256(draft: &Draft) -> Result<String, serde_json::Error> {
    Ok(sha256_hex(canonical_json(&serde_json::to_value(&draft.answers)?).as_bytes()))
}

/// Checks everything as for sending in, freezes it, and draws the reference that the message names.
pub(super) fn begin(conn: &mut Conn, sending: &Sending) -> Result<Wish, SubmitFault> {
    let (slug, now) = (&sending.municipality.slug, sending.now);
    let Some(draft) = store::find(conn, slug, &sending.owner, &sending.draft)? else {
        let before = store::case_of_draft(conn, slug, &sending.owner, &sending.draft)?;
        return Ok(if before.is_some() { Wish::Before } else { Wish::Nowhere });
    };
    let (Some(party), _) = sending.owner.columns() else { return Ok(Wish::Nowhere) };
    let definition = sending.catalogue.version(conn, slug, &draft.service, &draft.definition_version)?;
    let errors = definition.check_all(&draft.answers, &sending.prepared.context);
    if !errors.is_empty() {
        return Err(SubmitFault::Incomplete(errors));
    }
    let mut frozen = Frozen::of(&definition, &draft, sending)?;
    let reference = cases::draw_reference(conn, slug, now)?;
    frozen.reference = Some(reference.clone());
    let tbs = to_be_signed(&sending.municipality, &definition, &frozen, &reference, now).bytes()?;
    let id = SigningId::fresh();
    let signing = Signing {
        id: id.clone(),
        municipality: slug.clone(),
        party_id: party,
        draft_id: Some(draft.id.clone()),
        signer_id: None,
        reference: reference.clone(),
        answers_sha256: answers_sha256(&draft)?,
        sha256: frozen.sha256(),
        tbs_sealed: sending.keys.seal(TBS, &tbs)?,
        content_sealed: sending.keys.seal(CONTENT, &serde_json::to_vec(&frozen)?)?,
        created_at: now,
        expires_at: now.plus_seconds(OPEN_SECONDS),
    };
    signing_store::insert(conn, &signing)?;
    let named = Named {
        title: (definition.sensitivity == Sensitivity::Normal).then(|| frozen.title.clone()),
        municipality: sending.municipality.name.clone(),
        reference,
        principal: organisation(&frozen).and_then(|party| party.name.clone()),
        sha256: signing.sha256,
    };
    Ok(Wish::Begun(Begun { id, tbs_data: tbs, named }))
}

/// The organisation that it is sent in for, if any.
fn organisation(frozen: &Frozen) -> Option<&crate::contract::Party> {
    frozen.parties.iter().find(|party| party.role == "applicant" && party.kind == "organisation")
}

fn to_be_signed(
    municipality: &Municipality,
    definition: &Definition,
    frozen: &Frozen,
    reference: &Reference,
    now: At,
) -> ToBeSigned {
    ToBeSigned {
        v: 1,
        organisation_number: municipality.organisation_number.clone(),
        service: definition.slug.clone(),
        definition_version: definition.version.clone(),
        submission: frozen.submission.clone(),
        reference: reference.clone(),
        sha256: frozen.sha256(),
        principal: organisation(frozen).and_then(|party| party.identifier.as_ref()).map(|i| i.value.clone()),
        at: now,
    }
}

/// Another person's signature on what was sent in: the same hash.
pub(super) fn begin_for_signer(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &Municipality,
    party: &PartyId,
    signer: &signatures::Signer,
    now: At,
) -> Result<Option<Begun>, SubmitFault> {
    let slug = &municipality.slug;
    let Some(frozen) = store::frozen(conn, &signer.submission)? else { return Ok(None) };
    let Some(case) = cases::find(conn, slug, &signer.case)? else { return Ok(None) };
    let tbs = ToBeSigned {
        v: 1,
        organisation_number: municipality.organisation_number.clone(),
        service: frozen.service,
        definition_version: frozen.definition_version,
        submission: signer.submission.clone(),
        reference: case.reference.clone(),
        sha256: frozen.sha256.clone(),
        principal: None,
        at: now,
    };
    let tbs = tbs.bytes()?;
    let id = SigningId::fresh();
    let signing = Signing {
        id: id.clone(),
        municipality: slug.clone(),
        party_id: party.clone(),
        draft_id: None,
        signer_id: Some(signer.id.clone()),
        reference: case.reference.clone(),
        answers_sha256: String::new(),
        sha256: frozen.sha256.clone(),
        tbs_sealed: keys.seal(TBS, &tbs)?,
        content_sealed: Vec::new(),
        created_at: now,
        expires_at: now.plus_seconds(OPEN_SECONDS),
    };
    signing_store::insert(conn, &signing)?;
    let named = Named {
        title: (case.sensitivity == "normal").then(|| case.title.clone()),
        municipality: municipality.name.clone(),
        reference: case.reference,
        principal: None,
        sha256: frozen.sha256,
    };
    Ok(Some(Begun { id, tbs_data: tbs, named }))
}

/// She has come back with a signature.
pub(super) struct Returned {
    pub catalogue: Arc<Catalogue>,
    pub keys: Keys,
    pub settings: Arc<Settings>,
    pub municipality: Arc<Municipality>,
    pub address: String,
    pub lang: Lang,
    pub now: At,
    pub id: SigningId,
    pub citizen: Citizen,
    pub pinned: Pinned,
    pub evidence: Evidence,
}

/// Why nothing came of a signature; the transaction is undone.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignFault {
    /// It took too long, has been used, or what was signed has changed since.
    #[error("the signature is not about what is there now")]
    Over,
    #[error(transparent)]
    Submit(#[from] SubmitFault),
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

impl From<DbError> for SignFault {
    fn from(e: DbError) -> Self {
        SignFault::Submit(e.into())
    }
}

/// Runs as one unit of work: sends in what was signed, or notes what another person has signed.
pub(super) fn finish(conn: &mut Conn, returned: &Returned) -> Result<Sent, SignFault> {
    let (slug, now) = (&returned.municipality.slug, returned.now);
    let signing =
        signing_store::take(conn, slug, &returned.citizen.party, &returned.id, now)?.ok_or(SignFault::Over)?;
    let tbs = returned.keys.open(TBS, &signing.tbs_sealed).map_err(SubmitFault::from)?;
    match (&signing.draft_id, &signing.signer_id) {
        (Some(draft), _) => send_in(conn, returned, draft, &signing, &tbs),
        (None, Some(signer)) => super::cosign::signed(conn, returned, signer, &signing.sha256, &tbs),
        (None, None) => Err(SignFault::Over),
    }
}

impl Returned {
    pub fn person(&self) -> Person {
        let name = &self.citizen.name;
        Person { pinned: self.pinned.clone(), name: Some(name.clone()).filter(|name| !name.is_empty()) }
    }
}

fn send_in(
    conn: &mut Conn,
    returned: &Returned,
    draft_id: &DraftId,
    signing: &Signing,
    tbs: &[u8],
) -> Result<Sent, SignFault> {
    let (slug, now) = (&returned.municipality.slug, returned.now);
    let owner = Owner::Party(returned.citizen.party.clone());
    let Some(draft) = store::mark_submitted(conn, slug, &owner, draft_id, now)? else {
        let before = store::case_of_draft(conn, slug, &owner, draft_id)?;
        return if before.is_some() { Ok(Sent::Before) } else { Err(SignFault::Over) };
    };
    let frozen = returned.keys.open(CONTENT, &signing.content_sealed).map_err(SubmitFault::from)?;
    let frozen: Frozen = serde_json::from_slice(&frozen).map_err(SubmitFault::from)?;
    let definition =
        returned.catalogue.version(conn, slug, &draft.service, &draft.definition_version).map_err(SubmitFault::from)?;
    let is_same = answers_sha256(&draft).map_err(SubmitFault::from)? == signing.answers_sha256;
    if !is_same || frozen.sha256() != signing.sha256 {
        return Err(SignFault::Over);
    }
    let receiving = Receiving {
        keys: &returned.keys,
        routing: &returned.settings.routing,
        municipality: &returned.municipality,
        address: &returned.address,
        owner: &owner,
        draft: draft_id,
        lang: returned.lang,
        now,
        citizen: Some(&returned.citizen),
    };
    receive(conn, &receiving, &definition, &frozen)?;
    let signature = NewSignature {
        municipality: slug,
        submission: &frozen.submission,
        case: &frozen.case,
        party: returned.citizen.person(),
        signer: None,
        person: returned.person(),
        tbs_data: tbs,
        evidence: &returned.evidence,
    };
    signatures::keep(conn, &returned.keys, signature, now)?;
    ask_others(conn, returned, &definition, &frozen)?;
    Ok(Sent::Now)
}

/// The others are asked; those with an address are written to.
fn ask_others(conn: &mut Conn, returned: &Returned, definition: &Definition, frozen: &Frozen) -> Result<(), SignFault> {
    let (slug, now) = (&returned.municipality.slug, returned.now);
    let asked = Asked {
        municipality: slug,
        submission: &frozen.submission,
        case: &frozen.case,
        language: returned.lang.tag(),
        answer_by: now.plus_days(definition.cosign_days),
    };
    let mut others = Vec::new();
    for other in &frozen.cosigners {
        let person = match &other.person {
            Some((number, name)) => {
                let number = Personnummer::from_canonical(number).map_err(|_| SignFault::Over)?;
                Some(Person { pinned: Pinned::Number(number), name: Some(name.clone()) })
            }
            None => None,
        };
        others.push(NewSigner { person, email: other.email.clone() });
    }
    for signer in signatures::add_signers(conn, &returned.keys, asked, &others, now)? {
        notifications::invite(conn, slug, &frozen.case, &signer, now)?;
    }
    Ok(())
}

/// Removes what nobody came back with.
pub fn sweep_signings(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    signing_store::sweep(conn, now)
}
