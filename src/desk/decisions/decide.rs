//! Making a decision.

use super::Ground;
use super::appeal::WEEKS;
use super::store::{self, Decision};
use crate::audit;
use crate::contract::{Appeal, DecidedBy, DecisionMade, EventData, LegalBasis, Outcome, Service};
use crate::db::Conn;
use crate::db::types::Doc;
use crate::desk::errands::{self, Act, AppealRegime, CaseType, ErrandFault, FieldFault, Patch};
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link::{self, About, NewFile};
use crate::vocabulary::DecisionId;
use serde_json::json;

/// Characters in each text of a decision.
const LONGEST: usize = 30_000;

/// What a handler wrote.
pub struct DecisionDraft<'a> {
    /// Given with the form.
    pub id: &'a DecisionId,
    /// How it ends; empty choice is no outcome.
    pub outcome: Option<Outcome>,
    /// What is decided.
    pub text: &'a str,
    /// Why (förvaltningslagen 32 §).
    pub reasons: &'a str,
    /// On what law: a line for each provision, `2010:800, 8 kap. 12 §`.
    pub legal_basis: &'a str,
    /// How it is appealed.
    pub instructions: &'a str,
    /// The court of the municipality.
    pub court: &'a str,
    /// How the party is to take part of it: `notification`, `ordinary` or `simplified`.
    pub service: &'a str,
    /// Files that belong to it.
    pub files: &'a [NewFile],
    /// Of a further version: which, and on what ground.
    pub further: Option<Further>,
}

/// What makes a decision a further version of itself.
#[derive(Clone, Copy, Debug)]
pub struct Further {
    /// From 2.
    pub version: i32,
    /// Why it is made.
    pub ground: Option<Ground>,
}

/// Makes a decision: whole, or not at all. A decision without words is refused, one against somebody without reasons, and
/// one that can be appealed without saying how (förvaltningslagen 31–33 §§). A further version (36–38 §§) is made like a
/// first, also when the errand is closed; the status stays.
pub fn decide(c: &mut Conn, act: &Act<'_>, draft: &DecisionDraft<'_>) -> Result<(), ErrandFault> {
    let errand = errands::open(c, act.by, act.errand, act.now)?;
    let known = store::latest(c, &errand.id, draft.id)?;
    let version = match (draft.further, &known) {
        (None, None) => 1,
        (Some(further), Some(known)) if known.version + 1 == further.version => further.version,
        // The same form once more is done already; another's version is before it.
        (Some(further), Some(known)) if known.version == further.version && known.text == draft.text.trim() => {
            return Ok(());
        }
        (None, Some(_)) => return Ok(()),
        (Some(_), _) => return Err(ErrandFault::Changed),
    };
    if errand.closed_at.is_some() && draft.further.is_none() {
        return Err(ErrandFault::NotAllowed("desk-errand-closed"));
    }
    let case_type = act.catalogue.of(&errand.case_type);
    let Checked { outcome, text, reasons, legal_basis, appeal, service } =
        check(draft, case_type).map_err(ErrandFault::Incomplete)?;
    let ground = draft.further.and_then(|f| f.ground);
    let by = (act.by.name.as_str(), act.now);
    let files = portal_link::keep_files(c, &errand.municipality, &errand.id, &errand.diary_number, draft.files, by)?;
    // What was served stays served when only a slip of the pen is put right.
    let served = known.filter(|_| ground == Some(Ground::Correction));
    let decision = Decision {
        errand_id: errand.id.clone(),
        id: draft.id.clone(),
        version,
        municipality: errand.municipality.clone(),
        outcome,
        text,
        reasons,
        legal_basis: Doc(legal_basis),
        appeal: Doc(appeal),
        decided_by: format!("{}, {}", act.by.name, act.by.title),
        decided_at: act.now,
        files: Doc(files.clone()),
        service: Doc(Some(service)),
        ground,
        served_at: served.as_ref().and_then(|d| d.served_at),
        served_how: served.and_then(|d| d.served_how),
    };
    if !store::insert(c, &decision)? {
        return Err(ErrandFault::Changed);
    }
    let decided = errands::DECIDED;
    let is_first = version == 1;
    let patch =
        Patch { status: is_first.then(|| decided.to_owned()), outcome: Some(Some(outcome)), ..Patch::default() };
    let advanced = errands::advance(c, &errand, Some(act.version), patch, 1 + i64::from(is_first), act.now)?;
    let about = About { municipality: &errand.municipality, errand: &errand.id, case: &errand.case_id };
    let data = event(act, &errand.unit, decision);
    portal_link::announce_with(c, &about, advanced.first, &data, &files, act.now)?;
    if is_first {
        errands::tell_status(c, act, &errand, advanced.first + 1, decided)?;
    }
    let (kind, detail) = match ground {
        Some(ground) => (Happening::Corrected, json!({ "outcome": outcome, "ground": ground })),
        None => (Happening::Decision, json!({ "outcome": outcome })),
    };
    journal::note(c, &errand.municipality, &errand.id, act.now, &act.by.name, kind, detail)?;
    audit::record(c, &errand.municipality, act.now, &act.by.affiliation, "errand.decision", errand.id.as_str(), "")?;
    Ok(())
}

fn event(act: &Act<'_>, unit: &str, decision: Decision) -> EventData {
    EventData::DecisionMade(DecisionMade {
        // The same decision in a further version: its id and version say so.
        replaces_decision_id: None,
        service: decision.service.0,
        decision_id: decision.id.to_string(),
        version: decision.version.unsigned_abs(),
        outcome: decision.outcome,
        decided_at: decision.decided_at,
        decided_by: DecidedBy {
            kind: "delegation".to_owned(),
            name: act.by.name.clone(),
            title: Some(act.by.title.clone()),
            unit: Some(unit.to_owned()),
        },
        text: decision.text,
        reasons: Some(decision.reasons).filter(|r| !r.is_empty()),
        legal_basis: decision.legal_basis.0,
        appeal: decision.appeal.0,
        document_ids: decision.files.0.iter().map(ToString::to_string).collect(),
    })
}

/// A draft without faults.
struct Checked {
    outcome: Outcome,
    text: String,
    reasons: String,
    legal_basis: Vec<LegalBasis>,
    appeal: Option<Appeal>,
    service: Service,
}

/// Everything that is wrong with a draft at once, in the form's order.
fn check(draft: &DecisionDraft<'_>, case_type: &CaseType) -> Result<Checked, Vec<FieldFault>> {
    let outcome = draft.outcome.filter(|o| case_type.outcomes.contains(o));
    let is_against = matches!(outcome, Some(Outcome::PartlyApproved | Outcome::Rejected | Outcome::Dismissed));
    let must_reason = is_against && case_type.appeal == AppealRegime::Administrative;
    let can_be_appealed = case_type.appeal != AppealRegime::None;
    let basis = legal_basis(draft.legal_basis);
    let service = match draft.service {
        method @ ("notification" | "ordinary" | "simplified") => {
            Some(Service { required: method == "ordinary", method: method.to_owned() })
        }
        _ => None,
    };
    let ground_missing = draft.further.is_some_and(|f| f.ground.is_none());
    let faults = [
        ground_missing.then_some(("ground", "desk-decision-ground")),
        outcome.is_none().then_some(("outcome", "desk-outcome-unknown")),
        wording("text", draft.text, Some("desk-decision-empty")),
        wording("reasons", draft.reasons, must_reason.then_some("desk-decision-reasons")),
        basis.is_none().then_some(("legal_basis", "desk-decision-law")),
        wording("instructions", draft.instructions, can_be_appealed.then_some("desk-decision-appeal")),
        service.is_none().then_some(("service", "desk-decision-service")),
    ];
    let faults: Vec<FieldFault> = faults.into_iter().flatten().collect();
    match (outcome, basis, service) {
        (Some(outcome), Some(legal_basis), Some(service)) if faults.is_empty() => Ok(Checked {
            outcome,
            text: draft.text.trim().to_owned(),
            reasons: draft.reasons.trim().to_owned(),
            legal_basis,
            appeal: can_be_appealed.then(|| Appeal {
                instruction_document_id: None,
                regime: case_type.appeal.as_str().to_owned(),
                to: draft.court.to_owned(),
                weeks: WEEKS,
                instructions: Some(draft.instructions.trim().to_owned()),
            }),
            service,
        }),
        _ => Err(faults),
    }
}

/// What is wrong with one text: too long, or empty where it says what an empty one is told.
fn wording(field: &'static str, text: &str, when_empty: Option<&'static str>) -> Option<FieldFault> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Some((field, "desk-text-long-30000"));
    }
    when_empty.filter(|_| text.is_empty()).map(|told| (field, told))
}

/// The provisions in a text of one a line: the statute's number, a comma, the provision. `None` when a line is another.
pub fn legal_basis(text: &str) -> Option<Vec<LegalBasis>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (sfs, provision) = line.split_once(',')?;
            let sfs = sfs.trim().trim_start_matches("SFS ").to_owned();
            let (year, number) = sfs.split_once(':')?;
            let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
            let provision = provision.trim().to_owned();
            let fits = year.len() == 4 && digits(year) && digits(number) && !provision.is_empty();
            fits.then_some(LegalBasis { sfs, provision })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::legal_basis;

    #[test]
    fn provisions_are_written_one_a_line() {
        let basis = legal_basis("2010:800, 8 kap. 12 §\n\nSFS 2017:900, 32 §").unwrap();
        assert_eq!((basis[0].sfs.as_str(), basis[0].provision.as_str()), ("2010:800", "8 kap. 12 §"));
        assert_eq!(basis[1].sfs, "2017:900");
        assert_eq!(legal_basis("").map(|b| b.len()), Some(0));
        assert_eq!(legal_basis("skollagen 8 kap."), None);
    }
}
