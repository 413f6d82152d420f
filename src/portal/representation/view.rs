//! What the page shows where one chooses for whom to act.

use super::find::{Children, Organisations, Principal};
use super::fit::{Misfit, is_too_foreign, misfit, misfit_of};
use super::store::Capacity;
use crate::forms::{Actor, Definition, FieldError, FieldView, OptionView};
use crate::oidc::safe_return_path;
use crate::portal::identity::{AuthorityKind, Citizen};
use crate::texts::Voice;
use serde_json::{Value, json};

/// What stands in the form for an organisation that no register gave.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub number: String,
    pub name: String,
    pub kind: String,
}

/// Everything that can be chosen from, and what is to be said about it.
pub(super) struct Choices<'a> {
    pub citizen: &'a Citizen,
    /// The service that she is on her way to.
    pub service: Option<&'a Definition>,
    pub children: &'a Children,
    pub organisations: &'a Organisations,
    /// What she has declared before.
    pub before: &'a [Capacity],
    pub key: &'a dyn Fn(&Principal) -> String,
    pub voice: &'a Voice,
    /// Her log-in is strong enough for what registers say about her.
    pub is_strong: bool,
}

impl Choices<'_> {
    pub(super) fn page(&self, return_to: &str, news: Option<&str>, typed: &Typed, errors: &[FieldError]) -> Value {
        let voice = self.voice;
        let (mut options, mut unfit) = (Vec::new(), Vec::new());
        let mut offer = |value: String, label: &str, hint: String, fits: Option<Misfit>, current: bool| match fits {
            None if !current => options.push(json!({ "value": value, "label": label, "hint": hint })),
            None | Some(Misfit::Party) => {}
            Some(why) => unfit.push(voice.about(unfit_key(why), "name", label)),
        };
        let is_too_foreign = self.service.is_some_and(|service| is_too_foreign(service, self.citizen));
        let fit = |kind, authority| self.service.and_then(|service| misfit(service, kind, authority));
        let is_self = self.citizen.acting.is_none();
        offer(
            "sjalv".to_owned(),
            &self.citizen.name,
            voice.text("acting-as-yourself"),
            fit(Actor::Oneself, None),
            is_self,
        );
        for principal in self.children.offered.iter().chain(&self.organisations.offered) {
            let fits = fit(principal.kind, Some(&principal.authority));
            let label = &principal.name;
            offer((self.key)(principal), label, self.hint(principal), fits, self.is_current(principal));
        }
        let declared = self.service.is_none_or(|service| service.acting.declared);
        for capacity in self.before.iter().filter(|_| declared) {
            let fits = self.service.filter(|s| !s.may_act.contains(&capacity.kind)).map(|_| Misfit::Party);
            let hint = voice.about("acting-hint-declared", "number", capacity.number.to_string());
            let current = self.citizen.party == capacity.party;
            offer(format!("tidigare.{}", capacity.party), &capacity.name, hint, fits, current);
        }
        let may_declare = self.service.is_none_or(|s| {
            s.acting.declared && [Actor::Company, Actor::Association].iter().any(|kind| s.may_act.contains(kind))
        });
        if is_too_foreign {
            options.clear();
        }
        json!({
            "page": { "error_prefix": !errors.is_empty() },
            "service": self.service.map(|s| json!({ "title": s.title.get(voice), "slug": s.slug })),
            "why": self.service.and_then(|s| self.why(s)),
            "may_act": self.service.map(|s| s.may_act.iter().map(|a| a.word()).collect::<Vec<_>>()),
            "news": news,
            "options": options,
            "notes": self.notes(unfit),
            "foreign": is_too_foreign,
            "fields": if may_declare && !is_too_foreign { self.fields(typed, errors) } else { Vec::new() },
            "errors": errors,
            "return_to": return_to,
            "back": safe_return_path(return_to).filter(|_| news.is_some() && self.citizen.acting.is_some()),
        })
    }

    fn is_current(&self, principal: &Principal) -> bool {
        let acting = self.citizen.acting.as_ref();
        acting.is_some_and(|a| {
            a.number().is_ok_and(|number| number == principal.number) && a.authority.kind == principal.authority.kind
        })
    }

    /// Why she was sent here, when it is because the service is for others than whoever she is now.
    fn why(&self, service: &Definition) -> Option<String> {
        let key = match misfit_of(service, self.citizen)? {
            Misfit::Party if self.citizen.acting.is_none() => "acting-why-not-self",
            Misfit::Party => "acting-why-not-party",
            Misfit::NeedsRegister => "acting-why-needs-register",
            Misfit::Power => "acting-why-power",
            Misfit::Foreign => "acting-why-foreign",
        };
        let name = self.citizen.acting.as_ref().map_or(&self.citizen.name, |acting| &acting.name);
        Some(self.voice.about(key, "name", name.as_str()))
    }

    fn hint(&self, principal: &Principal) -> String {
        let number = principal.number.shown();
        let key = match principal.authority.kind {
            AuthorityKind::Guardian => "acting-hint-guardian",
            AuthorityKind::SignatorySole => "acting-hint-sole",
            AuthorityKind::SignatoryJoint => "acting-hint-joint",
            AuthorityKind::MinaOmbud if principal.authority.lets_act() => "acting-hint-ombud",
            AuthorityKind::MinaOmbud => "acting-hint-ombud-read",
            AuthorityKind::Declared => "acting-hint-declared",
        };
        self.voice.about(key, "number", number)
    }

    fn notes(&self, unfit: Vec<String>) -> Vec<String> {
        let voice = self.voice;
        let wants = |kind: Actor| self.service.is_none_or(|s| s.may_act.contains(&kind));
        let mut notes = unfit;
        if !self.is_strong {
            notes.push(voice.text("acting-level"));
        }
        if wants(Actor::Child) {
            if self.children.is_silent {
                notes.push(voice.text("acting-navet-silent"));
            } else if self.children.some_hidden {
                notes.push(voice.text("acting-children-hidden"));
            }
        }
        if self.organisations.is_silent && (wants(Actor::Company) || wants(Actor::Association)) {
            notes.push(voice.text("acting-register-silent"));
        }
        if wants(Actor::Company) {
            let about = |key: &str, name: &String| voice.about(key, "name", name.as_str());
            notes.extend(self.organisations.unsigned.iter().map(|name| about("acting-may-not-sign", name)));
            notes.extend(self.organisations.ended.iter().map(|name| about("acting-company-ended", name)));
        }
        notes
    }

    fn fields(&self, typed: &Typed, errors: &[FieldError]) -> Vec<FieldView> {
        let voice = self.voice;
        let error = |id: &str| errors.iter().find(|e| e.field_id == id).map(|e| e.message.clone()).unwrap_or_default();
        let text = |id: &str, label: &str, value: &str| FieldView {
            id: id.to_owned(),
            name: id.to_owned(),
            kind: "text",
            label: voice.text(label),
            value: value.to_owned(),
            error: error(id),
            ..FieldView::default()
        };
        let kinds = [Actor::Company, Actor::Association];
        let kinds: Vec<Actor> =
            kinds.into_iter().filter(|kind| self.service.is_none_or(|s| s.may_act.contains(kind))).collect();
        let only = if kinds.len() == 1 { kinds.first() } else { None };
        let options = kinds.iter().map(|kind| OptionView {
            value: kind.word().to_owned(),
            label: voice.text(&format!("acting-kind-{}", kind.word())),
            hint: String::new(),
            selected: typed.kind == kind.word() || only == Some(kind),
        });
        vec![
            FieldView {
                hint: voice.text("acting-number-hint"),
                inputmode: "numeric",
                width: "medium",
                ..text("nummer", "acting-number", &typed.number)
            },
            FieldView { maxlength: 120, width: "full", ..text("namn", "acting-name", &typed.name) },
            FieldView {
                id: "slag".to_owned(),
                name: "slag".to_owned(),
                kind: "choice",
                label: voice.text("acting-kind"),
                options: options.collect(),
                error: error("slag"),
                ..FieldView::default()
            },
        ]
    }
}

fn unfit_key(why: Misfit) -> &'static str {
    match why {
        Misfit::Party | Misfit::Foreign | Misfit::NeedsRegister => "acting-unfit-needs-register",
        Misfit::Power => "acting-unfit-power",
    }
}
