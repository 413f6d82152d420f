//! When the party took part of a decision (delgivning): from then the time for an appeal is counted.

use super::store::{self, Decision};
use crate::audit;
use crate::contract::{DecisionServed, EventData};
use crate::db::{Conn, DbError};
use crate::desk::errands::{self, Act, Errand, ErrandFault, Patch};
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link::{self, About};
use crate::vocabulary::{At, Day, DecisionId, SWEDEN};
use crate::word_enum;
use serde_json::json;

word_enum! {
    /// How a handler can note that a decision was served; her own confirmation at the portal comes as a notice.
    ServedHow {
        /// Ordinary service by letter, with her receipt.
        Letter = "letter",
        /// Simplified service: two weeks after it was sent.
        Simplified = "simplified",
        /// A process server.
        ProcessServer = "process_server",
        /// By the notice on the municipal notice board.
        Notice = "notice",
    }
}

/// Notes that the party has taken part of a decision, on a day that is not ahead of us and not before the decision.
pub fn serve(c: &mut Conn, act: &Act<'_>, id: &DecisionId, day: &str, how: ServedHow) -> Result<(), ErrandFault> {
    let errand = errands::open(c, act.by, act.errand, act.now)?;
    let decision = store::latest(c, &errand.id, id)?.ok_or(ErrandFault::NotFound)?;
    let invalid = ErrandFault::Invalid("day", "desk-served-invalid");
    let Ok(day) = day.trim().parse::<Day>() else { return Err(invalid) };
    if day > act.now.day() || day < decision.decided_at.day() {
        return Err(invalid);
    }
    // Only the day is known: noon stands for it, never ahead of us or before the decision.
    let noon = day.at(12, 0, 0, 0).to_zoned(SWEDEN.clone()).map_err(|_| invalid)?;
    let at = At::from_seconds(noon.timestamp().as_second()).min(act.now).max(decision.decided_at);
    if !store::served(c, &decision, at, how.as_str())? {
        return Err(ErrandFault::Changed);
    }
    let advanced = errands::advance(c, &errand, Some(act.version), Patch::default(), 1, act.now)?;
    let about = About { municipality: &errand.municipality, errand: &errand.id, case: &errand.case_id };
    let data = EventData::DecisionServed(DecisionServed {
        decision_id: decision.id.to_string(),
        at,
        method: Some(how.as_str().to_owned()),
    });
    portal_link::announce(c, &about, advanced.first, &data, act.now)?;
    let detail = json!({ "day": day.to_string(), "how": how });
    journal::note(c, &errand.municipality, &errand.id, act.now, &act.by.name, Happening::Served, detail)?;
    audit::record(c, &errand.municipality, act.now, &act.by.affiliation, "errand.served", errand.id.as_str(), "")?;
    Ok(())
}

/// She has confirmed at the portal that she has the decision. The portal knows; nothing goes back.
pub fn confirmed(c: &mut Conn, errand: &Errand, id: &DecisionId, at: At, now: At) -> Result<(), DbError> {
    let Some(decision) = store::latest(c, &errand.id, id)? else { return Ok(()) };
    if store::served(c, &decision, at, "portal")? {
        let detail = json!({ "day": at.day().to_string(), "how": "portal" });
        journal::note(c, &errand.municipality, &errand.id, now, "", Happening::Served, detail)?;
    }
    Ok(())
}

/// The last day for an appeal, when the party has taken part of the decision and it can be appealed.
pub fn last_day(decision: &Decision) -> Option<Day> {
    let weeks = decision.appeal.0.as_ref()?.weeks;
    Some(crate::vocabulary::last_day(decision.served_at?.day(), weeks))
}
