//! Appeals that have come, whether in time (förvaltningslagen 45 §), and on to the court (46 §).

use super::serve::last_day;
use super::store::{self, AppealRow};
use crate::audit;
use crate::contract::{AppealReceived, Delivery, EventData};
use crate::db::Conn;
use crate::desk::errands::{self, APPEALED, Act, Catalogue, Errand, ErrandFault, Patch};
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link::{self, About};
use crate::vocabulary::{At, Day, DecisionId, MessageId, SWEDEN};
use crate::word_enum;
use serde_json::json;

word_enum! {
    /// How an appeal came, when not by the portal.
    AppealMethod {
        /// By post.
        Letter = "letter",
        /// By e-mail.
        Email = "e-mail",
        /// Handed over in the reception.
        Visit = "visit",
    }
}

/// An appeal that came as a delivery: noted, announced, and the errand's status follows.
pub fn came(c: &mut Conn, catalogue: &Catalogue, errand: &Errand, d: &Delivery, now: At) -> Result<(), ErrandFault> {
    let named = d.decision_id.clone();
    // Without a name it is the latest decision that is meant.
    let decision = match named {
        Some(id) => Some(id),
        None => store::of_errand(c, &errand.id)?.last().map(|decision| decision.id.to_string()),
    };
    let row = AppealRow {
        errand_id: errand.id.clone(),
        id: d.delivery_id.to_string(),
        municipality: errand.municipality.clone(),
        decision_id: decision.unwrap_or_default(),
        method: "portal".to_owned(),
        received_at: d.received_at,
        timely: None,
        forwarded_on: None,
        author: String::new(),
    };
    if store::insert_appeal(c, &row)? {
        tell(c, catalogue, errand, &row, None, now)?;
    }
    Ok(())
}

/// `appeal_received`, and the status that follows from it where the errand is open.
fn tell(
    c: &mut Conn,
    catalogue: &Catalogue,
    errand: &Errand,
    row: &AppealRow,
    version: Option<i32>,
    now: At,
) -> Result<(), ErrandFault> {
    let is_new = errand.status != APPEALED && errand.closed_at.is_none();
    let patch = Patch { status: is_new.then(|| APPEALED.to_owned()), ..Patch::default() };
    let advanced = errands::advance(c, errand, version, patch, 1 + i64::from(is_new), now)?;
    let about = About { municipality: &errand.municipality, errand: &errand.id, case: &errand.case_id };
    let data = EventData::AppealReceived(AppealReceived {
        decision_id: row.decision_id.clone(),
        at: row.received_at,
        method: Some(row.method.clone()),
    });
    portal_link::announce(c, &about, advanced.first, &data, now)?;
    if is_new {
        let data = errands::status_snapshot(errand, APPEALED, catalogue.label(APPEALED), None);
        portal_link::announce(c, &about, advanced.first + 1, &data, now)?;
    }
    Ok(())
}

/// An appeal that came by another way.
pub struct AppealNote<'a> {
    /// Given with the form: the same form sent twice is one appeal.
    pub id: &'a MessageId,
    /// Against which decision.
    pub decision: &'a DecisionId,
    /// `YYYY-MM-DD`.
    pub day: &'a str,
    /// How it came.
    pub method: AppealMethod,
}

/// Notes an appeal that came by post, e-mail or by hand.
pub fn note(c: &mut Conn, act: &Act<'_>, noted: &AppealNote<'_>) -> Result<(), ErrandFault> {
    let errand = errands::open(c, act.by, act.errand, act.now)?;
    let decision = store::latest(c, &errand.id, noted.decision)?.ok_or(ErrandFault::NotFound)?;
    let at = moment(noted.day, decision.decided_at, act.now).ok_or(ErrandFault::Invalid("day", "desk-appeal-day"))?;
    let row = AppealRow {
        errand_id: errand.id.clone(),
        id: noted.id.to_string(),
        municipality: errand.municipality.clone(),
        decision_id: decision.id.to_string(),
        method: noted.method.as_str().to_owned(),
        received_at: at,
        timely: None,
        forwarded_on: None,
        author: act.by.name.clone(),
    };
    if !store::insert_appeal(c, &row)? {
        return Ok(());
    }
    tell(c, act.catalogue, &errand, &row, Some(act.version), act.now)?;
    logged(c, act, &errand, Happening::AppealNoted, json!({ "day": at.day().to_string() }))
}

/// A day that is not ahead of us and not before the decision; noon stands for it.
fn moment(day: &str, decided: At, now: At) -> Option<At> {
    let day: Day = day.trim().parse().ok()?;
    let fits = day <= now.day() && day >= decided.day();
    let noon = day.at(12, 0, 0, 0).to_zoned(SWEDEN.clone()).ok().filter(|_| fits)?;
    Some(At::from_seconds(noon.timestamp().as_second()).min(now).max(decided))
}

/// What a handler found of an appeal: in time, and then when it went to the court. The resident is told.
pub fn examine(
    c: &mut Conn,
    act: &Act<'_>,
    id: &str,
    timely: bool,
    (forwarded, words): (&str, &str),
) -> Result<(), ErrandFault> {
    let errand = errands::open(c, act.by, act.errand, act.now)?;
    let appeals = store::appeals(c, &errand.id)?;
    let appeal = appeals.iter().find(|a| a.id == id).ok_or(ErrandFault::NotFound)?;
    let words = words.trim();
    if words.is_empty() {
        return Err(ErrandFault::Invalid("words", "desk-appeal-words"));
    }
    if words.chars().count() > 1000 {
        return Err(ErrandFault::Invalid("words", "desk-text-long-1000"));
    }
    let day: Option<Day> = forwarded.trim().parse().ok();
    let day = day.filter(|day| *day <= act.now.day() && *day >= appeal.received_at.day());
    if timely && day.is_none() {
        return Err(ErrandFault::Invalid("forwarded", "desk-appeal-forwarded"));
    }
    let day = day.filter(|_| timely).map(|day| day.to_string());
    store::examined(c, &errand.id, id, timely, day.as_deref())?;
    let is_open = errand.closed_at.is_none();
    let patch = Patch { status: is_open.then(|| APPEALED.to_owned()), attention: Some(None), ..Patch::default() };
    let advanced = errands::advance(c, &errand, Some(act.version), patch, i64::from(is_open), act.now)?;
    if is_open {
        let about = About { municipality: &errand.municipality, errand: &errand.id, case: &errand.case_id };
        let label = act.catalogue.label(APPEALED);
        let data = errands::status_snapshot(&errand, APPEALED, label, Some(words.to_owned()));
        portal_link::announce(c, &about, advanced.first, &data, act.now)?;
    }
    logged(c, act, &errand, Happening::AppealExamined, json!({ "timely": if timely { "yes" } else { "no" } }))
}

fn logged(
    c: &mut Conn,
    act: &Act<'_>,
    errand: &Errand,
    kind: Happening,
    detail: serde_json::Value,
) -> Result<(), ErrandFault> {
    journal::note(c, &errand.municipality, &errand.id, act.now, &act.by.name, kind, detail)?;
    let action = format!("errand.{}", kind.as_str());
    audit::record(c, &errand.municipality, act.now, &act.by.affiliation, &action, errand.id.as_str(), "")?;
    Ok(())
}

word_enum! {
    /// What the days say of an appeal.
    Timeliness {
        /// Within three weeks of service.
        InTime = "in_time",
        /// After them.
        Late = "late",
        /// It is not noted when the party took part of the decision.
        NotServed = "not_served",
        /// Counted by the court from the notice on the notice board.
        ByCourt = "by_court",
    }
}

/// What the days say; the authority decides.
pub fn timeliness(appeal: &AppealRow, decisions: &[store::Decision]) -> Timeliness {
    // The last version of the decision: a change after 37 or 38 § is served anew.
    let decision = decisions.iter().rev().find(|d| d.id.as_str() == appeal.decision_id);
    let is_kl = decision.and_then(|d| d.appeal.0.as_ref()).is_some_and(|a| a.regime == "kl");
    match decision.and_then(last_day) {
        _ if is_kl => Timeliness::ByCourt,
        Some(last) if appeal.received_at.day() <= last => Timeliness::InTime,
        Some(_) => Timeliness::Late,
        None => Timeliness::NotServed,
    }
}
