//! A case in words, for whichever page shows it.

use super::{Case, EventKind, Handler, TimelineEvent};
use crate::contract::{Outcome, PortalStatus};
use crate::vocabulary::Lang;
use crate::web::{Arg, Renderer, format};
use serde::Serialize;

/// The status of a case in plain words.
#[derive(Clone, Debug, Serialize)]
pub struct StatusWords {
    /// The portal's code, for the component `status_tag`.
    pub code: PortalStatus,
    /// `Under handläggning`.
    pub label: String,
    /// One sentence of what it means.
    pub text: String,
    /// One sentence of what happens next.
    pub next: String,
}

fn key(status: PortalStatus) -> String {
    format!("status-{}", status.as_str().replace('_', "-"))
}

/// A status in words.
pub fn status_words(renderer: &Renderer, lang: Lang, status: PortalStatus) -> StatusWords {
    let key = key(status);
    StatusWords {
        code: status,
        label: renderer.text(lang, &key, []),
        text: renderer.text(lang, &format!("{key}-text"), []),
        next: renderer.text(lang, &format!("{key}-next"), []),
    }
}

/// How a case ended, in words.
pub fn outcome_words(renderer: &Renderer, lang: Lang, outcome: Outcome) -> String {
    renderer.text(lang, &format!("case-outcome-{}", outcome.as_str().replace('_', "-")), [])
}

/// Who has the case, as the resident may see her.
pub fn handler_words(renderer: &Renderer, lang: Lang, case: &Case) -> String {
    match case.handler.as_ref().map(|h| &h.0) {
        Some(Handler { name: Some(name), .. }) => name.clone(),
        Some(_) => renderer.text(lang, "case-handler-unnamed", []),
        None => renderer.text(lang, "case-handler-none", []),
    }
}

/// A row for the component `timeline`.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineItem {
    /// What happened.
    pub title: String,
    /// The municipality's words, or a number.
    pub text: String,
    /// For people.
    pub when: String,
    /// For machines.
    pub datetime: String,
    /// `done`, `now`, `you`, `decision` or `message`.
    pub kind: &'static str,
}

/// The timeline in words; the newest first, as it came.
pub fn timeline_items(renderer: &Renderer, lang: Lang, events: &[TimelineEvent]) -> Vec<TimelineItem> {
    let item = |(place, event): (usize, &TimelineEvent)| {
        let data = &event.data.0;
        let own = |name: &str| renderer.text(lang, &format!("case-event-{name}"), []);
        let status = data.status.map(|s| renderer.text(lang, &key(s), []));
        let title = match event.kind {
            EventKind::Status => data.label.clone().or(status).unwrap_or_default(),
            EventKind::Closed => status.unwrap_or_else(|| own("closed")),
            kind => own(&kind.as_str().replace('_', "-")),
        };
        let outcome = data.outcome.map(|o| outcome_words(renderer, lang, o));
        let text = match (&data.text, event.kind) {
            (Some(number), EventKind::Registered) => {
                renderer.text(lang, "case-event-registered-text", [("number", Arg::from(number.clone()))])
            }
            (Some(text), _) => outcome.map_or_else(|| text.clone(), |o| format!("{o}. {text}")),
            (None, _) => outcome.unwrap_or_default(),
        };
        let kind = match event.kind {
            EventKind::Decision => "decision",
            EventKind::Message => "message",
            EventKind::OwnMessage | EventKind::Withdrawn => "you",
            EventKind::Status if data.status == Some(PortalStatus::SupplementNeeded) => "you",
            _ if place == 0 => "now",
            _ => "done",
        };
        TimelineItem { title, text, when: format::date_time(event.at, lang), datetime: event.at.rfc3339(), kind }
    };
    events.iter().enumerate().map(item).collect()
}
