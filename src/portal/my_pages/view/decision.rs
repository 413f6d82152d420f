//! A decision: what, why, who, when, and how to appeal.

use super::super::answer::decision_mark;
use super::case::{Opened, file_row, href};
use super::{reply, words};
use crate::contract::{Appeal, DeliveryKind, Outcome};
use crate::portal::cases::{Case, Decision};
use crate::texts::Arg;
use crate::texts::Voice;
use crate::vocabulary::last_day;
use serde_json::{Value, json};

/// The newest decision first.
pub(super) fn all(decisions: &[Decision], opened: &Opened, voice: &Voice) -> Vec<Value> {
    decisions.iter().map(|d| one(d, opened, voice)).collect()
}

/// The newest gives her less than she asked for, and she can appeal.
pub(super) fn goes_against(decisions: &[Decision], case: &Case) -> bool {
    let newest = decisions.first().map(|d| &d.data.0);
    newest.is_some_and(|d| d.outcome != Outcome::Approved && d.appeal.is_some()) && case.appeal_regime != "none"
}

fn one(kept: &Decision, opened: &Opened, voice: &Voice) -> Value {
    let (decision, case) = (&kept.data.0, &opened.case);
    let is_replaced = reply::is_replaced(kept, &opened.decisions);
    let has_appeal = decision.appeal.as_ref().filter(|_| case.appeal_regime != "none" && !is_replaced);
    let instructions = has_appeal.and_then(|a| a.instruction_document_id.as_ref());
    let instructions = opened.documents.iter().find(|d| d.visible && Some(&d.id.to_string()) == instructions);
    let can_appeal = reply::can_be_appealed(kept, &opened.decisions) && case.appeal_regime == "fl";
    let appeals = opened.trail.handed.iter().filter(|h| h.kind == DeliveryKind::Appeal);
    let appealed = appeals.map(|h| h.received_at).rfind(|at| can_appeal && *at >= decision.decided_at);
    let by = &decision.decided_by;
    let decider = match (by.kind.as_str(), by.title.as_deref().filter(|t| !t.is_empty())) {
        ("automated", _) => voice.text("decision-automated"),
        (_, Some(title)) => format!("{}, {title}", by.name),
        _ => by.name.clone(),
    };
    let law: Vec<String> = decision.legal_basis.iter().map(|l| format!("{} (SFS {})", l.provision, l.sfs)).collect();
    json!({
        "id": decision.decision_id,
        "outcome": words::outcome(decision.outcome, voice),
        "text": paragraphs(&decision.text),
        "reasons": paragraphs(decision.reasons.as_deref().unwrap_or_default()),
        "law": law,
        "decided_by": decider,
        "decided_on": voice.date(decision.decided_at),
        "version": (decision.version > 1).then_some(decision.version),
        "replaced": is_replaced,
        "appeal": has_appeal.map(|a| appeal(a, kept, voice)),
        "instruction_file": instructions.map(|d| vec![file_row(case, d, voice)]),
        "appealed": appealed.map(|at| voice.about("decision-appealed", "time", voice.date_time(at))),
        "appeal_label": voice.text(if appealed.is_some() { "appeal-link-more" } else { "appeal-link" }),
        "appeal_href": can_appeal.then(|| reply::appeal_href(case, kept)),
        "served": kept.known_to_her().map(|at| voice.about("decision-served", "date", voice.date(at))),
        "confirm": kept.awaits_confirmation().then(|| json!({
            "action": format!("{}/del-av-beslut", href(&case.reference)),
            "mark": decision_mark(&kept.decision_id),
            "version": kept.version,
        })),
    })
}

/// Förvaltningslagen 43–44 §§: to the authority that decided, within the weeks from the day when she was given part of the
/// decision. That day is not known here, but it is never before the decision: whoever counts from there is in time.
/// Kommunallagen 13 kap. 5 §: from the day when the notice of the minutes was put on the notice board, not known either.
fn appeal(appeal: &Appeal, decision: &Decision, voice: &Voice) -> Value {
    let weeks = i64::from(appeal.weeks);
    let known = decision.appeal_by();
    let in_time = known.unwrap_or_else(|| last_day(decision.decided_at.day(), appeal.weeks));
    let safe = if known.is_some() { "appeal-fl-last" } else { "appeal-fl-safe" };
    let number = Arg::from(weeks);
    let with = |key: &str| voice.about(key, "weeks", number.clone());
    let is_kl = appeal.regime == "kl";
    json!({
        "how": voice.about(if is_kl { "appeal-kl-how" } else { "appeal-fl-how" }, "court", appeal.to.as_str()),
        "when": with(if is_kl { "appeal-kl-when" } else { "appeal-fl-when" }),
        "safe": (!is_kl).then(|| voice.about(safe, "date", voice.day(in_time))),
        "served": (!is_kl && known.is_none()).then(|| voice.text("appeal-fl-served")),
        "instructions": paragraphs(appeal.instructions.as_deref().unwrap_or_default()),
    })
}

/// As it was written: `{lines}` that belong together, `{items}` of a list where lines begin with a dash.
pub(super) fn paragraphs(text: &str) -> Vec<Value> {
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut last = "";
    for line in text.lines().map(str::trim) {
        let (kind, words) = match line.strip_prefix("- ") {
            Some(item) => ("items", item),
            None if line.is_empty() => ("", line),
            None => ("lines", line),
        };
        match blocks.last_mut() {
            Some((_, block)) if kind == last && !kind.is_empty() => block.push(words),
            _ if kind.is_empty() => {}
            _ => blocks.push((kind, vec![words])),
        }
        last = kind;
    }
    blocks.into_iter().map(|(kind, block)| json!({ kind: block })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::DecisionMade;
    use crate::db::types::Doc;
    use crate::vocabulary::Lang;
    use crate::web::Renderer;

    fn decision(regime: &str) -> Decision {
        let made: DecisionMade = serde_json::from_value(json!({
            "decisionId": "B-1", "version": 1, "outcome": "rejected", "decidedAt": "2026-11-20T09:00:00Z",
            "decidedBy": { "kind": "delegation", "name": "Eva Ek", "title": "handläggare" },
            "text": "Ansökan avslås.\n\nDu får ingen plats.",
            "appeal": { "regime": regime, "to": "Förvaltningsrätten i Malmö", "weeks": 3 }
        }))
        .unwrap();
        let (decision_id, decided_at) = (made.decision_id.clone(), made.decided_at);
        Decision { decision_id, version: 1, data: Doc(made), decided_at, served_at: None, confirmed_at: None }
    }

    #[test]
    fn what_was_written_keeps_its_lines_and_lists() {
        let shown = paragraphs("Nämnden\nBox 1\n\nSkriv\n- vad\n - varför\n\n\nSlut.\n");
        let wanted = [
            json!({ "lines": ["Nämnden", "Box 1"] }),
            json!({ "lines": ["Skriv"] }),
            json!({ "items": ["vad", "varför"] }),
            json!({ "lines": ["Slut."] }),
        ];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn a_date_is_promised_only_where_the_law_makes_it_sure() {
        let renderer = Renderer::new().unwrap();
        let voice = &renderer.voice(Lang::SWEDISH);
        let shown = |regime: &str| {
            let decision = decision(regime);
            decision.data.0.appeal.as_ref().map(|a| appeal(a, &decision, voice)).unwrap()
        };
        assert!(shown("fl")["safe"].as_str().unwrap().contains("11 december 2026"));
        assert!(shown("kl")["safe"].is_null());
        assert!(shown("fl")["how"].as_str().unwrap().contains("Förvaltningsrätten i Malmö"));
    }
}
