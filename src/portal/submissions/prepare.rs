//! What is known around a draft before a page of it is shown: the register's answer, the log-in, her own settings.

use crate::forms::{Actor, Applicant, ChildOption, Context, Definition, Prefill, PrefillState, PrefilledValue, Source};
use crate::portal::App;
use crate::portal::identity::{self, Authority, AuthoritySource, Citizen};
use crate::portal::prefill::{Child, Known, Need, State};
use crate::texts::Voice;
use crate::vocabulary::{At, DraftId, MunicipalitySlug, Personnummer};
use crate::web::{AppError, Visit};
use std::collections::BTreeMap;

/// A page's surroundings, and the numbers behind them that no page holds.
pub struct Prepared {
    /// What the form's rules may look at.
    pub context: Context,
    /// Who; `None` where the service asks nobody who she is.
    pub citizen: Option<Citizen>,
    /// The register's answer about her.
    pub known: Option<Known>,
    /// Number of each child by the key that stands in answers.
    pub children: BTreeMap<String, Child>,
    /// The snapshot, sealed, for the draft's row.
    pub sealed: Vec<u8>,
}

pub(super) async fn prepare(
    app: &App,
    visit: &Visit,
    definition: &Definition,
    draft: &DraftId,
) -> Result<Prepared, AppError> {
    prepare_for(app, &visit.municipality.slug, identity::citizen_of(visit), visit.voice.clone(), definition, draft)
        .await
}

/// As a page of the draft has it, for whoever is logged in.
pub async fn prepare_for(
    app: &App,
    municipality: &MunicipalitySlug,
    citizen: Option<Citizen>,
    voice: Voice,
    definition: &Definition,
    draft: &DraftId,
) -> Result<Prepared, AppError> {
    let now = app.ground.clock.now();
    let Some(citizen) = citizen.filter(|_| !definition.level.is_anonymous()) else {
        return Ok(Prepared {
            context: Context::anonymous(now, voice),
            citizen: None,
            known: None,
            children: BTreeMap::new(),
            sealed: Vec::new(),
        });
    };
    let number = citizen.number();
    let need = if definition.needs.children { Need::ApplicantAndChildren } else { Need::Applicant };
    let known = match &number {
        Some(number) => Some(app.known_about(municipality, number, need).await),
        None => None,
    };
    let party = citizen.party.clone();
    let reach = app.ground.db.read(move |c| identity::reach_of(c, &party)).await?;

    let mut values = BTreeMap::new();
    let mut put = |name: &str, text: String, source: Source, at: At| {
        if !text.trim().is_empty() {
            values.insert(name.to_owned(), PrefilledValue { text, source, at });
        }
    };
    let own = number.as_ref().map(Personnummer::for_its_owner).unwrap_or_default();
    put("login.personnummer", own, Source::Login, citizen.auth_at);
    put("login.name", citizen.name.clone(), Source::Login, citizen.auth_at);
    if let Some(acting) = &citizen.acting {
        let (source, at) = (source_of(&acting.authority), acting.authority.verified_at);
        put("principal.name", acting.name.clone(), source, at);
        put("principal.number", acting.number()?.shown(), source, at);
        let address = acting.address.clone().unwrap_or_default();
        put("principal.address", address.street, source, at);
        put("principal.postcode", address.postcode, source, at);
        put("principal.city", address.city, source, at);
    }
    let state = match known.as_ref().map(|known| (known.state, known)) {
        Some((State::Fresh { fetched_at }, known)) => {
            from_register(&known.values, |name, text| put(name, text, Source::Navet, fetched_at));
            PrefillState::Fresh
        }
        Some((State::Protected { fetched_at }, known)) => {
            if let Some(name) = known.values.get("navet.name") {
                put("navet.name", name.clone(), Source::Navet, fetched_at);
            }
            PrefillState::Protected
        }
        Some((State::Unavailable, _)) => PrefillState::Unavailable,
        None | Some((State::Unknown | State::Withheld { .. } | State::Blocked(_), _)) => PrefillState::Unknown,
    };
    if let Some(reach) = reach {
        let at = reach.updated_at.unwrap_or(now);
        put("settings.phone", reach.phone_shown(), Source::Settings, at);
        put("settings.email", reach.email.unwrap_or_default(), Source::Settings, at);
        put("settings.channel", reach.channel, Source::Settings, at);
    }
    let hers = known.as_ref().map(|known| known.children.as_slice()).unwrap_or_default();
    let children: BTreeMap<String, Child> =
        hers.iter().map(|child| (child_key(app, draft, &child.number), child.clone())).collect();
    let options = hers.iter().map(|child| ChildOption {
        key: child_key(app, draft, &child.number),
        name: child.name.clone(),
        born: Some(child.born),
        shared_custody: child.shared_custody,
    });
    let prefill = Prefill {
        values,
        children: options.collect(),
        children_hidden: known.as_ref().is_some_and(|known| known.children_hidden),
        children_unavailable: known.as_ref().is_some_and(|known| known.children_unavailable),
        state,
    };
    let age = number.and_then(|number| number.age(now.day())).map(i64::from);
    let acting_for = Some(citizen.acting.as_ref().map_or(Actor::Oneself, |acting| acting.kind));
    let applicant = Applicant { logged_in: true, age, acting_for };
    let sealed = known.as_ref().map(|known| seal_snapshot(app, known)).transpose()?.unwrap_or_default();
    let context = Context { at: now, voice, applicant, prefill };
    Ok(Prepared { context, citizen: Some(citizen), known, children, sealed })
}

/// Who says what is known of the one that is acted for.
fn source_of(authority: &Authority) -> Source {
    match authority.source {
        AuthoritySource::PopulationRegister => Source::Navet,
        AuthoritySource::CompanyRegister | AuthoritySource::MinaOmbud => Source::Register,
        AuthoritySource::SelfDeclared => Source::Resident,
    }
}

/// The register's terms as the forms name them: one line for the street, as it stands on a letter.
fn from_register(values: &BTreeMap<&'static str, String>, mut put: impl FnMut(&str, String)) {
    let get = |name: &str| values.get(name).map(String::as_str).unwrap_or_default().trim();
    let care_of = get("navet.care_of");
    let care_of = if care_of.is_empty() { String::new() } else { format!("c/o {care_of}") };
    let address: Vec<&str> = [care_of.as_str(), get("navet.address_extra"), get("navet.street")]
        .into_iter()
        .filter(|l| !l.is_empty())
        .collect();
    put("navet.address", address.join(", "));
    for name in ["navet.name", "navet.postcode", "navet.city"] {
        put(name, get(name).to_owned());
    }
}

/// Names a child in the pages of one draft: the same every time, telling nothing, different in every draft.
fn child_key(app: &App, draft: &DraftId, number: &Personnummer) -> String {
    app.ground.keys.lookup(&format!("child:{draft}"), number.expose()).chars().take(16).collect()
}

/// What the register said when the answers were saved: the record of what the form rested on.
fn seal_snapshot(app: &App, known: &Known) -> Result<Vec<u8>, AppError> {
    let snapshot = serde_json::json!({
        "values": known.values,
        "changed_at": known.changed_at,
        "correlation": known.correlation.to_string(),
        "protected": known.protected,
        "protection_unchecked": known.protection_unchecked,
    });
    Ok(app.ground.keys.seal("drafts.prefill", &serde_json::to_vec(&snapshot)?)?)
}
