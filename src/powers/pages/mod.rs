//! `/behorigheter`: who may do what, what waits for an answer, and asking. `/inloggningar`: who is logged in where.

mod logins;

use super::store::{self, GrantFault, NewWish};
use super::{Officer, Person, Power, RoleRule, Staffing, held, held_by_all, rule};
use crate::db::{Conn, DbError};
use crate::forms::{FieldView, OptionView};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{AppError, PostedForm, Visit, end_sessions_of, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const HERE: &str = "/behorigheter";
/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;
/// Characters of a name or an affiliation.
const LONGEST: usize = 200;

type Own = web::Data<Arc<dyn Staffing>>;

/// The pages; the application has `web::Data<Arc<dyn Staffing>>`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(HERE, web::get().to(show))
        .route("/behorigheter/begar", web::post().to(ask))
        .route("/behorigheter/svara", web::post().to(answer))
        .route("/behorigheter/ta-bort", web::post().to(take_away))
        .route("/inloggningar", web::get().to(logins::show))
        .route("/inloggningar/logga-ut", web::post().to(logins::end));
}

#[derive(Deserialize)]
struct Said {
    visa: Option<String>,
}

async fn show(visit: Visit, own: Own, said: web::Query<Said>) -> Result<HttpResponse, AppError> {
    let officer = own.officer(visit, true).await?;
    let notice = said.visa.as_deref().filter(|v| ["begart", "svarat", "borttaget"].contains(v));
    let notice = notice.map(|v| format!("powers-notice-{v}"));
    page(&own, &officer, &Asked::default(), &[], notice.as_deref()).await
}

/// What stands in the form for asking.
#[derive(Default)]
struct Asked {
    person: String,
    name: String,
    power: String,
    why: String,
}

/// What she may do with a role of somebody: ask for it, answer, take it away.
fn may_ask(officer: &Officer, rule: &RoleRule, unit: &str) -> bool {
    rule.per_unit != unit.is_empty() && officer.has_any(rule.asked_by, unit)
}

fn may_answer(officer: &Officer, rule: &RoleRule, unit: &str) -> bool {
    officer.has_any(rule.answered_by, unit)
}

fn may_take(officer: &Officer, rule: &RoleRule, unit: &str) -> bool {
    may_ask(officer, rule, unit) || may_answer(officer, rule, unit)
}

struct Known {
    units: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    held: BTreeMap<String, Vec<Power>>,
    wishes: Vec<store::Wish>,
}

async fn known(own: &Own, officer: &Officer) -> Result<Known, AppError> {
    let ground = &officer.visit.ground;
    let (slug, own, now) = (officer.visit.municipality.slug.clone(), own.clone(), ground.clock.now());
    let read = ground.db.read(move |c| {
        Ok::<_, DbError>(Known {
            units: own.units(c, &slug)?,
            people: own.people(c, &slug)?,
            held: held_by_all(c, &slug)?,
            wishes: store::open_wishes(c, &slug, now)?,
        })
    });
    Ok(read.await?)
}

fn power_name(visit: &Visit, units: &BTreeMap<String, String>, power: &Power) -> String {
    let role = visit.text(&format!("role-{}", power.role));
    match units.get(&power.unit) {
        _ if power.unit.is_empty() => role,
        Some(unit) => format!("{role}, {unit}"),
        None => format!("{role}, {}", power.unit),
    }
}

async fn page(
    own: &Own,
    officer: &Officer,
    asked: &Asked,
    errors: &[(&str, &str)],
    notice: Option<&str>,
) -> Result<HttpResponse, AppError> {
    let visit = &officer.visit;
    let known = known(own, officer).await?;
    let name = |affiliation: &str| known.people.get(affiliation).cloned().unwrap_or_else(|| affiliation.to_owned());
    let rows: Vec<Value> = known
        .people
        .iter()
        .filter_map(|(affiliation, name)| Some((affiliation, name, known.held.get(affiliation)?)))
        .map(|(affiliation, name, held)| {
            let powers: Vec<Value> = held
                .iter()
                .map(|p| {
                    let may = rule(own.rules(), &p.role).is_some_and(|r| may_take(officer, r, &p.unit));
                    json!({ "label": power_name(visit, &known.units, p), "unit": p.unit, "role": p.role, "may_take": may })
                })
                .collect();
            json!({ "affiliation": affiliation, "name": name, "powers": powers })
        })
        .collect();
    let wishes: Vec<Value> = known
        .wishes
        .iter()
        .map(|w| {
            let power = Power { unit: w.unit.clone(), role: w.role.clone() };
            let is_another = officer.affiliation != w.asked_by && officer.affiliation != w.affiliation;
            let may = rule(own.rules(), &w.role).is_some_and(|r| may_answer(officer, r, &w.unit));
            json!({
                "id": w.id, "name": w.name, "affiliation": w.affiliation, "why": w.why,
                "power": power_name(visit, &known.units, &power),
                "asked_by": name(&w.asked_by),
                "asked_at": visit.voice.date_time(w.asked_at),
                "expires_on": visit.voice.date(w.expires_at),
                "may_answer": may && is_another,
            })
        })
        .collect();
    let everywhere = std::iter::once("").chain(known.units.keys().map(String::as_str));
    let choices: Vec<OptionView> = everywhere
        .flat_map(|unit| own.rules().iter().filter(move |r| may_ask(officer, r, unit)).map(move |r| (unit, r)))
        .map(|(unit, r)| {
            let power = Power { unit: unit.to_owned(), role: r.role.to_owned() };
            let value = format!("{}@{unit}", r.role);
            let label = power_name(visit, &known.units, &power);
            OptionView { label, hint: String::new(), selected: value == asked.power, value }
        })
        .collect();
    let may_ask = !choices.is_empty();
    let input = |id: &str, kind: &'static str, value: &str, options: Vec<OptionView>| FieldView {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        label: visit.text(&format!("powers-{id}")),
        hint: visit.text(&format!("powers-{id}-hint")),
        value: value.to_owned(),
        error: errors.iter().find(|(f, _)| *f == id).map(|(_, key)| visit.text(key)).unwrap_or_default(),
        options,
        ..FieldView::default()
    };
    let context = json!({
        "page": {
            "notice": notice.map(|key| visit.text(key)),
            "error_prefix": !errors.is_empty(),
        },
        "errors": errors.iter()
            .map(|(field, key)| json!({ "field_id": field, "href": format!("#{field}"), "message": visit.text(key) }))
            .collect::<Vec<_>>(),
        "rows": rows,
        "wishes": wishes,
        "may_ask": may_ask,
        "inputs": [
            input("person", "text", &asked.person, Vec::new()),
            input("namn", "text", &asked.name, Vec::new()),
            input("behorighet", "choice", &asked.power, choices),
            input("varfor", "longtext", &asked.why, Vec::new()),
        ],
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.page_with_status(status, &format!("{}/powers.html", own.templates()), "powers", context)
}

fn typed(form: &PostedForm, field: &str) -> String {
    form.get(field).unwrap_or_default().trim().to_owned()
}

async fn ask(form: PostedForm, own: Own) -> Result<HttpResponse, AppError> {
    let asked = Asked {
        person: typed(&form, "person"),
        name: typed(&form, "namn"),
        power: typed(&form, "behorighet"),
        why: typed(&form, "varfor"),
    };
    let officer = own.officer(form.visit, false).await?;
    let known = known(&own, &officer).await?;
    let visit = &officer.visit;
    let mut errors = Vec::new();
    let organisation = asked.person.rsplit_once('@').filter(|(who, _)| !who.is_empty()).map(|(_, o)| o.to_owned());
    let is_fine = asked.person.len() <= LONGEST && asked.person.bytes().all(|b| b.is_ascii_graphic());
    if !is_fine || organisation.as_deref() != Some(visit.municipality.organisation_number.as_str()) {
        errors.push(("person", "powers-person-wrong"));
    }
    let name = known.people.get(&asked.person).cloned().unwrap_or_else(|| asked.name.clone());
    if name.is_empty() || name.chars().count() > LONGEST {
        errors.push(("namn", "powers-namn-missing"));
    }
    let wanted = asked.power.split_once('@').map(|(role, unit)| Power { unit: unit.to_owned(), role: role.to_owned() });
    let is_unit = |unit: &str| unit.is_empty() || known.units.contains_key(unit);
    let wanted = wanted
        .filter(|p| is_unit(&p.unit) && rule(own.rules(), &p.role).is_some_and(|r| may_ask(&officer, r, &p.unit)));
    if wanted.is_none() {
        errors.push(("behorighet", "powers-behorighet-missing"));
    }
    if !REASON.contains(&asked.why.chars().count()) {
        errors.push(("varfor", "powers-varfor-missing"));
    }
    let (Some(power), true) = (wanted, errors.is_empty()) else {
        return page(&own, &officer, &asked, &errors, None).await;
    };
    let (slug, now, by) = (visit.municipality.slug.clone(), visit.ground.clock.now(), officer.affiliation.clone());
    let actor = visit.ground.realm.actor(&by);
    let (person, why) = (asked.person.clone(), asked.why.clone());
    let put = visit.ground.db.write(move |c| {
        let who = Person { affiliation: &person, name: &name };
        let new = NewWish { municipality: &slug, who, power: &power, why: &why, asked_by: &by, actor: &actor, now };
        store::ask(c, &new)
    });
    let fault = match put.await {
        Ok(()) => return Ok(see_other(&format!("{HERE}?visa=begart"))),
        Err(GrantFault::Own) => ("person", "powers-own"),
        Err(GrantFault::Held) => ("behorighet", "powers-held"),
        Err(GrantFault::Asked) => ("behorighet", "powers-asked"),
        Err(e) => return Err(refused(e)),
    };
    page(&own, &officer, &asked, &[fault], None).await
}

fn refused(fault: GrantFault) -> AppError {
    match fault {
        GrantFault::Db(e) => e.into(),
        GrantFault::SamePerson => AppError::Forbidden("four-eyes"),
        GrantFault::Own | GrantFault::Held | GrantFault::Asked | GrantFault::Gone => AppError::Conflict("conflict"),
    }
}

/// Her powers are others from now on: what the application keeps follows, and she proves anew who she is.
fn changed(
    c: &mut Conn,
    own: &Own,
    officer: &Officer,
    slug: &MunicipalitySlug,
    who: Person<'_>,
) -> Result<(), DbError> {
    let held = held(c, slug, who.affiliation)?;
    own.changed(c, slug, &who, &held)?;
    end_sessions_of(c, officer.visit.ground.realm, slug, who.affiliation)?;
    Ok(())
}

async fn answer(form: PostedForm, own: Own) -> Result<HttpResponse, AppError> {
    let (id, is_yes) = (typed(&form, "id"), typed(&form, "svar") == "ja");
    let officer = Arc::new(own.officer(form.visit, false).await?);
    let ground = officer.visit.ground.clone();
    let (slug, now, by) = (officer.visit.municipality.slug.clone(), ground.clock.now(), officer.clone());
    let work = move |c: &mut Conn| {
        let wish = store::open_wish(c, &slug, &id, now)?.ok_or(GrantFault::Gone)?;
        // Whoever may not answer learns nothing more than that she may not.
        if !rule(own.rules(), &wish.role).is_some_and(|r| may_answer(&by, r, &wish.unit)) {
            return Err(GrantFault::SamePerson);
        }
        let actor = by.visit.ground.realm.actor(&by.affiliation);
        store::answer(c, &slug, &wish, (&by.affiliation, &actor), is_yes, now)?;
        if is_yes {
            changed(c, &own, &by, &slug, Person { affiliation: &wish.affiliation, name: &wish.name })?;
        }
        Ok(())
    };
    ground.db.write(work).await.map_err(refused)?;
    Ok(see_other(&format!("{HERE}?visa=svarat")))
}

async fn take_away(form: PostedForm, own: Own) -> Result<HttpResponse, AppError> {
    let person = typed(&form, "person");
    let power = Power { unit: typed(&form, "enhet"), role: typed(&form, "roll") };
    let officer = Arc::new(own.officer(form.visit, false).await?);
    if !rule(own.rules(), &power.role).is_some_and(|r| may_take(&officer, r, &power.unit)) {
        return Err(AppError::Forbidden("four-eyes"));
    }
    let ground = officer.visit.ground.clone();
    let (slug, now) = (officer.visit.municipality.slug.clone(), ground.clock.now());
    let done = ground.db.write(move |c| {
        let actor = officer.visit.ground.realm.actor(&officer.affiliation);
        let taken = store::take_away(c, &slug, &person, &power, &actor, now)?;
        if taken {
            let name = own.people(c, &slug)?.remove(&person).unwrap_or_default();
            changed(c, &own, &officer, &slug, Person { affiliation: &person, name: &name })?;
        }
        Ok::<_, DbError>(taken)
    });
    if done.await? { Ok(see_other(&format!("{HERE}?visa=borttaget"))) } else { Err(AppError::Conflict("conflict")) }
}
