//! What happened, in plain words.

use super::super::say::Say;
use crate::contract::PortalStatus;
use crate::portal::cases::{Case, EventKind, TimelineEvent};
use serde_json::{Value, json};

/// Rows for the component, newest first as they come.
pub(super) fn rows(events: &[TimelineEvent], say: Say<'_>) -> Vec<Value> {
    events
        .iter()
        .map(|event| {
            json!({
                "title": title(event, say),
                "text": text(event, say),
                "when": say.moment(event.at),
                "datetime": event.at.rfc3339(),
                "kind": kind(event),
            })
        })
        .collect()
}

/// Why a case is marked as news: what happened last of what she has not seen.
pub(in super::super) fn news(case: &Case, events: &[TimelineEvent], say: Say<'_>) -> String {
    events
        .iter()
        .filter(|e| e.kind != EventKind::OwnMessage && e.kind != EventKind::Withdrawn)
        .find(|e| e.recorded_at > case.seen_at)
        .map_or_else(|| say.text("my-pages-news-changed"), |e| title(e, say))
}

fn title(event: &TimelineEvent, say: Say<'_>) -> String {
    let data = &event.data.0;
    match (event.kind, data.status) {
        (EventKind::Status, Some(status)) => data.label.clone().unwrap_or_else(|| super::status_words(status, say)),
        (EventKind::Closed, Some(status)) if status != PortalStatus::Closed => super::status_words(status, say),
        (kind, _) => say.text(&format!("event-{}", kind.as_str().replace('_', "-"))),
    }
}

fn text(event: &TimelineEvent, say: Say<'_>) -> String {
    let data = &event.data.0;
    let words = data.text.clone().unwrap_or_default();
    let outcome = data.outcome.map(|o| say.text(&format!("outcome-{}", o.as_str().replace('_', "-"))));
    match (event.kind, outcome) {
        (EventKind::Registered, _) if !words.is_empty() => say.about("event-registered-number", "number", words),
        (_, Some(outcome)) if words.is_empty() => outcome,
        (_, Some(outcome)) => format!("{outcome}. {words}"),
        _ => words,
    }
}

fn kind(event: &TimelineEvent) -> &'static str {
    match event.kind {
        EventKind::Message => "message",
        EventKind::OwnMessage | EventKind::Withdrawn => "sent",
        EventKind::Decision | EventKind::Document => "decision",
        EventKind::Status if event.data.0.status == Some(PortalStatus::SupplementNeeded) => "you",
        _ => "done",
    }
}
