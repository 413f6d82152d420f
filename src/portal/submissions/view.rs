//! What the pages of a draft show.

use super::draft::{Draft, DraftCard};
use crate::forms::{Answers, Context, Definition, Section, Step, StepView};
use crate::texts::Voice;
use crate::vocabulary::DraftId;
use serde_json::{Value, json};

/// A draft in a list.
pub(super) fn card(card: &DraftCard, voice: &Voice) -> Value {
    json!({
        "id": card.id,
        "service": card.service,
        "title": card.title,
        "href": format!("/e-tjanster/{}/utkast/{}/{}", card.service, card.id, card.step),
        "saved_at": voice.date_time(card.updated_at),
        "deleted_on": voice.date(card.delete_at),
    })
}

/// The draft bar and the way about, the same on every page of a draft.
pub(super) fn frame(definition: &Definition, draft: Option<&Draft>, voice: &Voice) -> Value {
    json!({
        "service": { "slug": definition.slug, "title": definition.title.get(voice) },
        "anonymous": definition.level.is_anonymous(),
        "saved_at": draft.map(|d| voice.time(d.updated_at)),
        "deleted_on": draft.map(|d| voice.date(d.delete_at)),
    })
}

/// One step.
pub(super) struct StepPage<'a> {
    pub definition: &'a Definition,
    pub draft: Option<&'a Draft>,
    pub draft_id: &'a DraftId,
    pub step: &'a Step,
    pub view: StepView,
    pub answers: &'a Answers,
    pub context: &'a Context,
    /// She came from the page where she checks her answers, and goes back there.
    pub changing: bool,
    pub notices: Vec<String>,
}

impl StepPage<'_> {
    pub(super) fn context(self) -> Value {
        let (definition, voice) = (self.definition, &self.context.voice);
        let steps = definition.visible_steps(self.answers, self.context);
        let place = steps.iter().position(|s| s.id == self.step.id).unwrap_or_default();
        let base = format!("/e-tjanster/{}", definition.slug);
        let at = |step: &str| format!("{base}/utkast/{}/{step}", self.draft_id);
        let back = match place.checked_sub(1).and_then(|p| steps.get(p)) {
            _ if self.changing => at("granska"),
            Some(previous) if self.draft.is_some() => at(&previous.id),
            _ => base.clone(),
        };
        let action = match self.draft {
            Some(_) if self.changing => format!("{}?andra=1", at(&self.step.id)),
            Some(_) => at(&self.step.id),
            None => format!("{base}/fyll-i"),
        };
        json!({
            "page": { "error_prefix": !self.view.errors.is_empty() },
            "frame": frame(definition, self.draft, voice),
            "draft_id": self.draft_id,
            "step": self.view,
            "current": place + 1,
            "total": steps.len() + 1,
            "back": back,
            "action": action,
            "changing": self.changing,
            "notices": self.notices,
        })
    }
}

/// The page where she checks her answers.
pub(super) fn review(
    definition: &Definition,
    draft: &Draft,
    sections: &[Section],
    errors: &[Value],
    context: &Context,
    stopped: Option<Value>,
) -> Value {
    let voice = &context.voice;
    let base = format!("/e-tjanster/{}/utkast/{}", definition.slug, draft.id);
    let send_label = match definition.signing {
        true => voice.text("review-sign"),
        false => definition.send_label.get(voice).into_owned(),
    };
    let sections: Vec<Value> = sections
        .iter()
        .map(|s| {
            let change = format!("{base}/{}?andra=1", s.step);
            let items: Vec<Value> = s
                .items
                .iter()
                .map(|i| {
                    let href = definition.is_hers_to_change(&i.id, context).then(|| format!("{change}#{}", i.id));
                    json!({ "id": i.id, "label": i.label, "text": i.text, "lines": i.lines, "href": href })
                })
                .collect();
            json!({ "title": s.title, "step": s.step, "href": change, "items": items })
        })
        .collect();
    json!({
        "page": { "error_prefix": !errors.is_empty() },
        "frame": frame(definition, Some(draft), voice),
        "sections": sections,
        "errors": errors,
        "action": format!("{base}/skicka-in"),
        "send_label": send_label,
        "signing": definition.signing,
        "stopped": stopped,
        "back": sections_back(&base, sections.last()),
        "personal_data": definition.personal_data.get(voice),
    })
}

fn sections_back(base: &str, last: Option<&Value>) -> String {
    let step = last.and_then(|s| s.get("step")).and_then(Value::as_str).unwrap_or_default();
    format!("{base}/{step}")
}
