//! Sending in: one transaction from "still a draft?" to everything that must follow. What the resident has been shown as
//! received is durable, and the moment of receipt is this commit's, whoever delivers it when (förvaltningslagen 22 §).

use super::draft::Owner;
use super::frozen::Frozen;
use super::prepare::Prepared;
use super::receipt::receipt_job;
use super::store::{self, NewSubmission};
use crate::audit;
use crate::contract::{
    AnswerItem, AnswerSection, Authentication, CaseRef, Contact, Delivery, DeliveryKind, Identifier, Links,
    MunicipalityRef, Party, Routing, ServiceRef,
};
use crate::db::{Conn, DbError};
use crate::forms::{Actor, Answers, AppealRegime, Channel, Definition, Section, Sensitivity, StepError};
use crate::jobs;
use crate::municipalities::{Municipality, Routed, target_for};
use crate::portal::catalogue::Catalogue;
use crate::portal::identity::{Acting, Authority, Citizen, PrincipalNumber, Reach, set_reach};
use crate::portal::prefill::Child;
use crate::portal::{attachments, cases, delivery, notifications, representation};
use crate::settings::{KeyFault, Keys, Route, Settings};
use crate::vocabulary::{At, DeliveryId, DraftId, Lang, Personnummer, TargetSlug};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What came of it.
#[derive(Debug)]
pub enum Sent {
    /// Sent now.
    Now,
    /// It had been sent before: a double click, another tab. The same case.
    Before,
    /// There is no such draft, or not hers.
    Nowhere,
}

/// Why nothing was sent in; the transaction is undone.
#[derive(Debug, thiserror::Error)]
pub enum SubmitFault {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing.
    #[error(transparent)]
    Keys(#[from] KeyFault),
    /// The case.
    #[error("the case could not be opened: {0}")]
    Case(#[from] cases::OpenFault),
    /// The delivery.
    #[error("the delivery could not be enqueued: {0}")]
    Delivery(#[from] delivery::DeliveryFault),
    /// The version that the draft was begun with.
    #[error(transparent)]
    Definition(#[from] crate::portal::catalogue::Unreadable),
    /// Something could not be written as JSON.
    #[error("json")]
    Json(#[from] serde_json::Error),
    /// Carries the faults out of a transaction that is to be undone.
    #[error("not complete")]
    Incomplete(Vec<StepError>),
}

impl From<diesel::result::Error> for SubmitFault {
    fn from(e: diesel::result::Error) -> Self {
        SubmitFault::Db(e.into())
    }
}

/// Everything that the transaction needs, gathered before it begins.
pub struct Sending {
    /// Versions of services.
    pub catalogue: Arc<Catalogue>,
    /// Seals what is kept.
    pub keys: Keys,
    /// Which target takes what.
    pub settings: Arc<Settings>,
    /// Who receives it.
    pub municipality: Arc<Municipality>,
    /// The municipality's address, for links.
    pub address: String,
    /// Whose draft.
    pub owner: Owner,
    /// Which draft.
    pub draft: DraftId,
    /// What is known around it.
    pub prepared: Prepared,
    /// In which language it was filled in.
    pub lang: Lang,
    /// The moment of receipt.
    pub now: At,
    /// By what right she sends it in for another, as it was found just now; `None`: for herself.
    pub authority: Option<Authority>,
}

/// Runs as one unit of work.
pub fn run(conn: &mut Conn, sending: &Sending) -> Result<Sent, SubmitFault> {
    let slug = &sending.municipality.slug;
    let Some(draft) = store::mark_submitted(conn, slug, &sending.owner, &sending.draft, sending.now)? else {
        let before = store::case_of_draft(conn, slug, &sending.owner, &sending.draft)?;
        return Ok(if before.is_some() { Sent::Before } else { Sent::Nowhere });
    };
    let definition = sending.catalogue.version(conn, slug, &draft.service, &draft.definition_version)?;
    let context = &sending.prepared.context;
    let errors = definition.check_all(&draft.answers, context);
    if !errors.is_empty() {
        return Err(SubmitFault::Incomplete(errors));
    }
    let frozen = Frozen::of(&definition, &draft, sending)?;
    receive(conn, &Receiving::of(sending), &definition, &frozen)?;
    Ok(Sent::Now)
}

/// Around what is frozen: who sends it in, when, with which keys.
pub(super) struct Receiving<'a> {
    pub keys: &'a Keys,
    pub routing: &'a [Route],
    pub municipality: &'a Municipality,
    pub address: &'a str,
    pub owner: &'a Owner,
    pub draft: &'a DraftId,
    pub lang: Lang,
    pub now: At,
    pub citizen: Option<&'a Citizen>,
}

impl<'a> Receiving<'a> {
    fn of(sending: &'a Sending) -> Self {
        Self {
            keys: &sending.keys,
            routing: &sending.settings.routing,
            municipality: &sending.municipality,
            address: &sending.address,
            owner: &sending.owner,
            draft: &sending.draft,
            lang: sending.lang,
            now: sending.now,
            citizen: sending.prepared.citizen.as_ref(),
        }
    }
}

/// It is received: from the frozen submission to everything that must follow.
pub(super) fn receive(
    conn: &mut Conn,
    receiving: &Receiving<'_>,
    definition: &Definition,
    frozen: &Frozen,
) -> Result<(), SubmitFault> {
    freeze(conn, receiving, definition, frozen)?;
    open_case(conn, receiving, definition, frozen)
}

pub(super) fn parties(
    sending: &Sending,
    settled: &Answers,
    definition: &Definition,
    protected: bool,
    unchecked: bool,
) -> Vec<Party> {
    let contact = settled.contact();
    let (has_email, has_phone) = (contact.email.is_some(), contact.phone.is_some());
    let contact = Contact {
        email: contact.email.map(|e| e.as_str().to_owned()),
        phone: contact.phone.map(|p| p.as_str().to_owned()),
        preferred_channel: match &sending.prepared.citizen {
            Some(citizen) if !citizen.is_fleeting() => channel_word(contact.channel).to_owned(),
            // Nobody to show Mina sidor to: by what she gave, or not at all.
            _ if has_email => "email".to_owned(),
            _ if has_phone => "phone".to_owned(),
            _ => "none".to_owned(),
        },
    };
    let Some(citizen) = &sending.prepared.citizen else {
        return vec![Party {
            role: "applicant".into(),
            kind: "anonymous".into(),
            name: None,
            identifier: None,
            contact: Some(contact),
            authentication: None,
            mandate: None,
            protected_identity: false,
            protection_unchecked: false,
        }];
    };
    let person = Party {
        role: "applicant".into(),
        kind: "person".into(),
        name: Some(applicant_name(sending, citizen)),
        identifier: representation::own_identifier(citizen),
        contact: Some(contact),
        authentication: Some(Authentication {
            method: citizen.method.clone(),
            assurance_level: citizen.acr.clone(),
            at: citizen.auth_at,
        }),
        mandate: None,
        protected_identity: protected,
        protection_unchecked: unchecked,
    };
    let applicant = match (&citizen.acting, &sending.authority) {
        (Some(acting), Some(authority)) => on_behalf(person, citizen, acting, authority),
        _ => vec![person],
    };
    let chosen = definition.children(settled, &sending.prepared.context);
    let child = |key: &str, children: &BTreeMap<String, Child>| children.get(key).cloned();
    let children = chosen.into_iter().map(|c| Party {
        role: "child".into(),
        kind: "person".into(),
        identifier: child(&c.key, &sending.prepared.children).map(|found| identifier(&found.number)),
        name: Some(c.name),
        contact: None,
        authentication: None,
        mandate: None,
        protected_identity: false,
        protection_unchecked: false,
    });
    applicant.into_iter().chain(children).collect()
}

/// The one that she acts for is the applicant, and is reached as she said; she is the one who did it.
fn on_behalf(person: Party, citizen: &Citizen, acting: &Acting, authority: &Authority) -> Vec<Party> {
    let principal = Party {
        role: "applicant".into(),
        kind: if acting.kind == Actor::Child { "person" } else { "organisation" }.into(),
        name: Some(acting.name.clone()),
        identifier: acting.number().ok().map(|number| representation::identifier(&number)),
        contact: person.contact.clone(),
        authentication: None,
        mandate: None,
        protected_identity: false,
        protection_unchecked: false,
    };
    let representative = Party {
        name: person.name,
        protected_identity: person.protected_identity,
        protection_unchecked: person.protection_unchecked,
        ..representation::representative(citizen, authority)
    };
    vec![principal, representative]
}

fn applicant_name(sending: &Sending, citizen: &Citizen) -> String {
    let in_register = sending.prepared.known.as_ref().and_then(|k| k.values.get("navet.name").cloned());
    in_register.unwrap_or_else(|| citizen.name.clone())
}

fn identifier(number: &Personnummer) -> Identifier {
    representation::identifier(&PrincipalNumber::Person(number.clone()))
}

/// As the contract spells it.
fn channel_word(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Letter) => "letter",
        Some(Channel::MinaSidor) | None => "portal",
    }
}

fn freeze(
    conn: &mut Conn,
    receiving: &Receiving<'_>,
    definition: &Definition,
    frozen: &Frozen,
) -> Result<(), SubmitFault> {
    let keys = receiving.keys;
    let content = match definition.signing {
        true => Some(keys.seal("submissions.content", frozen.content.as_bytes())?),
        false => None,
    };
    store::insert_submission(
        conn,
        NewSubmission {
            id: frozen.submission.clone(),
            municipality: receiving.municipality.slug.clone(),
            draft_id: receiving.draft.clone(),
            case_id: frozen.case.clone(),
            service: definition.slug.clone(),
            definition_version: definition.version.clone(),
            party_id: receiving.owner.columns().0,
            answers: serde_json::to_string(&frozen.settled)?,
            review: serde_json::to_string(&frozen.review)?,
            parties_sealed: keys.seal("submissions.parties", &serde_json::to_vec(&frozen.parties)?)?,
            sha256: frozen.sha256(),
            received_at: receiving.now,
            content_sealed: content,
        },
    )?;
    Ok(())
}

fn target(definition: &Definition, receiving: &Receiving<'_>) -> Result<TargetSlug, DbError> {
    let named = &definition.routing;
    let what = Routed { service: definition.slug.as_str(), unit: &named.unit, case_type: &named.case_type };
    match target_for(&receiving.municipality.routing, receiving.routing, what) {
        Some(target) => Ok(target.clone()),
        None => named.target.parse().map_err(|_| DbError::Diesel(diesel::result::Error::NotFound)),
    }
}

fn open_case(
    conn: &mut Conn,
    receiving: &Receiving<'_>,
    definition: &Definition,
    frozen: &Frozen,
) -> Result<(), SubmitFault> {
    let (slug, now) = (&receiving.municipality.slug, receiving.now);
    let contact = frozen.settled.contact();
    let channel = channel_word(contact.channel);
    let (email, phone) = (contact.email.map(|e| e.as_str().to_owned()), contact.phone.map(|p| p.as_str().to_owned()));
    let (party, browser) = receiving.owner.columns();
    let target_name = target(definition, receiving)?;
    let appeal_regime = match definition.appeal {
        AppealRegime::Fl => "fl",
        AppealRegime::Kl => "kl",
        AppealRegime::None => "none",
    };
    let sensitivity = match definition.sensitivity {
        Sensitivity::Normal => "normal",
        Sensitivity::Strict => "sensitive",
    };
    let new = cases::NewCase {
        id: frozen.case.clone(),
        municipality: slug.clone(),
        party_id: party.clone(),
        browser_hash: browser,
        submission_id: frozen.submission.clone(),
        service: definition.slug.clone(),
        title: frozen.title.clone(),
        target: target_name.clone(),
        case_type: definition.routing.case_type.clone(),
        appeal_regime: appeal_regime.to_owned(),
        sensitivity: sensitivity.to_owned(),
        protected: frozen.protected,
        unit: String::new(),
        email: email.clone(),
        phone: phone.clone(),
        channel: channel.to_owned(),
        language: receiving.lang.tag().to_owned(),
        received_at: now,
    };
    let opened = match &frozen.reference {
        Some(drawn) => cases::open_as(conn, &new, drawn)?,
        None => cases::open(conn, &new)?,
    };
    attachments::freeze(conn, slug, receiving.draft, &frozen.submission, &frozen.case, &frozen.files, now)?;
    let content = Delivery {
        decision_id: None,
        hearing_id: None,
        supplement: None,
        delivery_id: DeliveryId::fresh(),
        kind: DeliveryKind::Submission,
        schema_version: "1.0".into(),
        municipality: MunicipalityRef {
            code: receiving.municipality.code.clone(),
            organisation_number: receiving.municipality.organisation_number.clone(),
        },
        case: CaseRef { id: frozen.case.clone(), reference: opened.reference.clone(), external_case_id: None },
        service: ServiceRef {
            code: definition.slug.to_string(),
            title: frozen.title.clone(),
            form_version: definition.version.clone(),
        },
        routing: Routing {
            case_type: definition.routing.case_type.clone(),
            unit: definition.routing.unit.clone(),
            appeal_regime: appeal_regime.to_owned(),
        },
        received_at: now,
        received_date: now.day().to_string(),
        title: frozen.title.clone(),
        sensitivity: sensitivity.to_owned(),
        parties: frozen.parties.clone(),
        signatures: Vec::new(),
        missing_signatures: Vec::new(),
        answers: frozen.review.iter().map(answer_section).collect(),
        values: frozen.settled.0.iter().map(|(id, a)| (id.clone(), a.value.clone())).collect(),
        message: None,
        locations: frozen.locations.clone(),
        documents: Vec::new(),
        links: Links { citizen_view: format!("{}/mina-sidor/arenden/{}", receiving.address, opened.reference) },
    };
    let files = frozen.files.iter().filter_map(|f| f.file_id.parse().ok()).collect();
    let attached = delivery::Attached { files, receipt: true };
    let new = delivery::NewDelivery { target: target_name, body: content, attached };
    delivery::enqueue(conn, receiving.keys, slug, new, now)?;
    jobs::enqueue(conn, receipt_job(slug, &frozen.submission, now)?, now)?;
    notifications::notify(conn, slug, &frozen.case, "received", notifications::News::Received, now)?;
    if let Some(party) = &party {
        let channel = if channel == "letter" { "brev" } else { "mina-sidor" };
        let reach = Reach { email, phone, channel: channel.to_owned(), ..Reach::default() };
        set_reach(conn, slug, party, &reach, now)?;
    }
    let citizen = receiving.citizen;
    if let (Some(citizen), Some(authority)) = (citizen, &frozen.authority) {
        let moment = (representation::Moment::Submitted, Some(&frozen.case));
        representation::record(conn, slug, (citizen.person(), &citizen.party), authority, moment, now)?;
    }
    let actor = citizen.map_or_else(|| "anonymous".to_owned(), Citizen::audited);
    audit::record(conn, slug, now, &actor, "submission.sent", opened.reference.as_str(), &definition.version)?;
    Ok(())
}

fn answer_section(section: &Section) -> AnswerSection {
    let items = section.items.iter().map(|item| AnswerItem {
        id: item.id.clone(),
        label: item.label.clone(),
        text: item.text.clone(),
        source: serde_json::to_value(item.source).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        source_at: item.source_at,
    });
    AnswerSection { section: section.title.clone(), items: items.collect() }
}
