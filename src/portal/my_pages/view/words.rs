//! Statuses, outcomes and what has happened, in plain words.

use crate::contract::{Outcome, PortalStatus};
use crate::portal::cases::{EventKind, TimelineEvent};
use crate::texts::Voice;
use serde_json::{Value, json};

fn key(status: PortalStatus) -> String {
    format!("status-{}", status.as_str().replace('_', "-"))
}

/// One sentence of what a status means, and one of what happens next.
pub(super) fn meaning(status: PortalStatus, voice: &Voice) -> (String, String) {
    let key = key(status);
    (voice.text(&format!("{key}-text")), voice.text(&format!("{key}-next")))
}

/// How a case ended.
pub(super) fn outcome(outcome: Outcome, voice: &Voice) -> String {
    voice.text(&format!("case-outcome-{}", outcome.as_str().replace('_', "-")))
}

/// What happened.
pub(super) fn title(event: &TimelineEvent, voice: &Voice) -> String {
    let data = &event.data.0;
    let own = |name: &str| voice.text(&format!("case-event-{name}"));
    let status = data.status.map(|s| voice.text(&key(s)));
    match event.kind {
        EventKind::Status => data.label.clone().or(status).unwrap_or_default(),
        EventKind::Closed => status.unwrap_or_else(|| own("closed")),
        EventKind::Transferred => match &data.about {
            Some(who) => voice.about("case-event-transferred-to", "who", who.as_str()),
            None => own("transferred"),
        },
        EventKind::DueDate => match data.day {
            Some(day) => voice.about("case-due", "date", voice.day(day)),
            None => own("due-date"),
        },
        kind => own(&kind.as_str().replace('_', "-")),
    }
}

/// A row for the component `timeline`.
pub(super) fn row(event: &TimelineEvent, voice: &Voice) -> Value {
    let data = &event.data.0;
    let ended = data.outcome.map(|o| outcome(o, voice));
    let text = match (&data.text, event.kind) {
        (Some(number), EventKind::Registered) => voice.about("case-event-registered-text", "number", number.as_str()),
        (text, EventKind::Supplement | EventKind::Hearing | EventKind::SupplementInsufficient) => {
            let due = data.day.map(|day| voice.about("asked-due", "date", voice.day(day)));
            [text.clone(), due].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        (Some(text), _) => ended.map_or_else(|| text.clone(), |o| format!("{o}. {text}")),
        (None, _) => ended.unwrap_or_default(),
    };
    let kind = match event.kind {
        EventKind::Decision => "decision",
        EventKind::Message => "message",
        kind if kind.is_own() => "sent",
        EventKind::Supplement | EventKind::SupplementInsufficient | EventKind::Hearing => "you",
        EventKind::Status if data.status == Some(PortalStatus::SupplementNeeded) => "you",
        _ => "done",
    };
    json!({
        "title": title(event, voice),
        "text": text,
        "when": if data.day_only { voice.date(event.at) } else { voice.date_time(event.at) },
        "datetime": event.at.rfc3339(),
        "kind": kind,
    })
}
