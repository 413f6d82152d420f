//! From a step and its answers to what its page shows.

use super::answers::{Answer, Answers};
use super::built_in;
use super::definition::{Definition, Step, StepKind};
use super::field::{Choice, Field, FieldKind, TextFormat, Tone};
use super::form_data::{FormData, Typed};
use super::prefill::{Context, PrefillState};
use super::read::{FieldError, is_optional, known_value};
use super::read_value::as_typed;
use super::situation::{Situation, is_address};
use super::view::{FieldView, FileView, OptionView, StepView};
use super::{group, phrases, show};
use std::collections::BTreeSet;

impl Definition {
    /// One step as its page shows it. `errors` and `typed` from the [`StepOutcome`](super::StepOutcome) when the page is
    /// shown again; none and `None` otherwise.
    pub fn step_view(
        &self,
        step: &Step,
        answers: &Answers,
        errors: &[FieldError],
        typed: Option<&Typed>,
        context: &Context,
    ) -> StepView {
        let now = Situation::of(self, answers, context);
        let typed = typed.map(Typed::form);
        let page = Page { step, answers, errors, typed, now, context };
        let fields: Vec<FieldView> = step.fields.iter().filter(|f| page.now.shows(f)).map(|f| page.field(f)).collect();
        let shown: Vec<&str> = step.fields.iter().filter(|f| page.now.shows(f)).map(|f| f.id.as_str()).collect();
        let notice = match step.kind {
            StepKind::Applicant => phrases::prefill_notice(context.prefill.state, &context.voice),
            _ => String::new(),
        };
        StepView {
            id: step.id.clone(),
            title: step.title.get(&context.voice).into_owned(),
            intro: step.intro.get(&context.voice).into_owned(),
            notice,
            errors: errors.to_vec(),
            depends: step.fields.iter().any(|f| page.depends(f)),
            shown: shown.join(","),
            multipart: fields.iter().any(|f| f.kind == "file"),
            fields,
        }
    }
}

struct Page<'a> {
    step: &'a Step,
    answers: &'a Answers,
    errors: &'a [FieldError],
    typed: Option<FormData>,
    now: Situation,
    context: &'a Context,
}

impl Page<'_> {
    /// True when another answer on the same page changes it.
    fn depends(&self, field: &Field) -> bool {
        let here = |ids: &BTreeSet<String>| self.step.fields.iter().any(|f| f.id != field.id && ids.contains(&f.id));
        let reckoned = matches!(&field.kind, FieldKind::Computed { value, .. } if here(&value.answers));
        reckoned || field.show_if.as_ref().is_some_and(|c| here(&c.answers))
    }

    /// The other way round: its answer changes another on the same page.
    fn opens(&self, field: &Field) -> bool {
        let reads = |ids: &BTreeSet<String>| ids.contains(&field.id);
        self.step.fields.iter().filter(|other| other.id != field.id).any(|other| {
            let reckoned = matches!(&other.kind, FieldKind::Computed { value, .. } if reads(&value.answers));
            reckoned || other.show_if.as_ref().is_some_and(|c| reads(&c.answers))
        })
    }

    /// What was typed, when the field was on the page that is shown again.
    fn was_typed(&self, field: &Field) -> Option<&FormData> {
        let typed = self.typed.as_ref()?;
        let shown = typed.first("_shown").is_none_or(|ids| ids.split(',').any(|id| id == field.id));
        shown.then_some(typed)
    }

    fn field(&self, field: &Field) -> FieldView {
        let voice = &self.context.voice;
        let known = known_value(field, self.context);
        let locked = known.as_ref().is_some_and(|(locked, _)| *locked);
        let answer: Option<Answer> = match known {
            Some((true, known)) => Some(known),
            Some((false, known)) => self.now.answer(field, self.answers, self.context).or(Some(known)),
            None => self.now.answer(field, self.answers, self.context),
        };
        let mut form = FormData::default();
        let mut from_typed = false;
        match (self.was_typed(field), &answer) {
            (Some(typed), _) if !locked => {
                form = typed.clone();
                from_typed = true;
            }
            (_, Some(answer)) => as_typed(field, &field.id, &answer.value, self.context, &mut form),
            _ => {}
        }
        let mut view = self.plain(field, &field.id, &form);
        view.readonly = locked;
        view.depends = self.depends(field);
        view.opens = self.opens(field);
        if let Some(answer) = answer.filter(|_| !from_typed || matches!(field.kind, FieldKind::Computed { .. })) {
            view.source = phrases::source(answer.source, answer.source_at, voice);
            if locked || matches!(field.kind, FieldKind::Computed { .. }) {
                view.readonly = true;
                view.value = show::short(field, &answer.value, voice);
                view.suffix = String::new();
            }
        }
        let mut addresses = self.step.fields.iter().filter(|f| f.prefill.as_ref().is_some_and(|p| is_address(&p.name)));
        let first_of_address = addresses.next().is_some_and(|first| first.id == field.id);
        if first_of_address && self.context.prefill.state == PrefillState::Protected && view.hint.is_empty() {
            view.hint = voice.text("form-protected-address");
        }
        view
    }

    /// A field as `form` fills it in.
    fn plain(&self, field: &Field, name: &str, form: &FormData) -> FieldView {
        let voice = &self.context.voice;
        let part = |part: &str| form.first(&format!("{name}.{part}")).unwrap_or_default().to_owned();
        let value = form.first(name).unwrap_or_default().to_owned();
        let mut view = FieldView {
            id: name.to_owned(),
            name: name.to_owned(),
            label: field.label.get(voice).into_owned(),
            hint: field.hint.get(voice).into_owned(),
            optional: is_optional(field, self.context),
            error: self.errors.iter().find(|e| e.field_id == name).map(|e| e.message.clone()).unwrap_or_default(),
            autocomplete: autocomplete(field),
            width: "full",
            value,
            ..FieldView::default()
        };
        let choose = |options: &[Choice], chosen: &[String]| {
            let option = |o: &Choice| OptionView {
                value: o.value.clone(),
                label: o.label.get(voice).into_owned(),
                hint: o.hint.get(voice).into_owned(),
                selected: chosen.contains(&o.value),
            };
            options.iter().map(option).collect::<Vec<_>>()
        };
        match &field.kind {
            FieldKind::Text { max_length, format, .. } => {
                (view.kind, view.maxlength) = ("text", *max_length);
                view.width = match max_length {
                    0..=12 => "short",
                    13..=60 => "medium",
                    _ => "full",
                };
                if *format == TextFormat::Postcode {
                    (view.inputmode, view.width, view.maxlength) = ("numeric", "short", 0);
                }
            }
            FieldKind::LongText { max_length, rows, .. } => {
                (view.kind, view.maxlength, view.rows) = ("longtext", *max_length, *rows);
            }
            FieldKind::Email => (view.kind, view.inputmode) = ("email", "email"),
            FieldKind::Phone => (view.kind, view.inputmode, view.width) = ("phone", "tel", "medium"),
            FieldKind::Date { .. } => {
                (view.kind, view.inputmode) = ("date", "numeric");
                (view.year, view.month, view.day) = (part("year"), part("month"), part("day"));
            }
            FieldKind::Number { decimals, suffix, .. } => {
                view.kind = "number";
                (view.inputmode, view.width) = (if *decimals == 0 { "numeric" } else { "decimal" }, "short");
                view.suffix = suffix.get(voice).into_owned();
            }
            FieldKind::Money { whole, .. } => {
                view.kind = "money";
                (view.inputmode, view.width) = (if *whole { "numeric" } else { "decimal" }, "short");
                view.suffix = "kr".to_owned();
            }
            FieldKind::Computed { money, .. } => {
                (view.kind, view.width) = (if *money { "money" } else { "number" }, "short");
                view.readonly = true;
            }
            FieldKind::Personnummer => (view.kind, view.inputmode, view.width) = ("personnummer", "numeric", "medium"),
            FieldKind::Organisationsnummer => {
                (view.kind, view.inputmode, view.width) = ("organisationsnummer", "numeric", "medium");
            }
            FieldKind::Bankgiro => (view.kind, view.inputmode, view.width) = ("bankgiro", "numeric", "medium"),
            FieldKind::Choice { options } => {
                view.kind = "choice";
                view.options = choose(options, std::slice::from_ref(&view.value));
            }
            FieldKind::Choices { options, .. } => {
                view.kind = "choices";
                view.values = form.all(name).map(str::to_owned).collect();
                view.options = choose(options, &view.values);
            }
            FieldKind::YesNo => {
                view.kind = "yesno";
                view.options = [("ja", voice.text("form-yes")), ("nej", voice.text("form-no"))]
                    .into_iter()
                    .map(|(v, label)| OptionView {
                        selected: view.value == v,
                        value: v.to_owned(),
                        label,
                        hint: String::new(),
                    })
                    .collect();
            }
            FieldKind::Child => self.child(&mut view),
            FieldKind::File(rules) => {
                (view.kind, view.max_files) = ("file", rules.max_files);
                (view.accept, view.limits_text) = (rules.accept_attribute(), rules.in_words(voice));
                let file =
                    |f: super::FileAnswer| FileView { id: f.file_id, name: f.name, size_text: voice.size(f.size) };
                view.files = self.answers.files(&field.id).into_iter().map(file).collect();
            }
            FieldKind::Group { min, max, item_label, fields } => {
                (view.kind, view.min, view.max) = ("group", *min, *max);
                view.item_label = item_label.get(voice).into_owned();
                let rows = group::count(name, form).clamp((*min).max(1), (*max).max(1));
                let row =
                    |n: usize| fields.iter().map(|f| self.plain(f, &format!("{name}.{n}.{}", f.id), form)).collect();
                view.items = (0..rows).map(row).collect();
            }
            FieldKind::Place => {
                view.kind = "place";
                (view.lat, view.lon) = (part("lat"), part("lon"));
            }
            FieldKind::Notice { tone, body } => {
                view.kind = "notice";
                view.note = body.get(voice).into_owned();
                view.tone = if *tone == Tone::Warning { "warning" } else { "info" };
            }
        }
        view
    }

    fn child(&self, view: &mut FieldView) {
        let (voice, prefill) = (&self.context.voice, &self.context.prefill);
        if self.context.children_by_hand() {
            (view.kind, view.maxlength) = ("text", super::read_value::CHILD_NAME);
            view.hint = voice.text("form-child-by-hand");
            view.note = voice.text("form-children-unavailable");
            return;
        }
        view.kind = "child";
        view.options = prefill
            .children
            .iter()
            .map(|c| {
                let custody = c.shared_custody.then(|| voice.text("form-shared-custody-beside"));
                let hint: Vec<String> = c.born.map(|d| show::born(d, voice)).into_iter().chain(custody).collect();
                OptionView {
                    selected: view.value == c.key,
                    value: c.key.clone(),
                    label: c.name.clone(),
                    hint: hint.join(", "),
                }
            })
            .collect();
        view.note = match prefill.state {
            // Somebody who only looks through the questions.
            _ if !self.context.applicant.logged_in => String::new(),
            _ if prefill.children_hidden => voice.text("form-children-hidden"),
            _ if !prefill.children.is_empty() => String::new(),
            _ => voice.text("form-no-children"),
        };
    }
}

/// What the browser may fill in (WCAG 2.2, 1.3.5): only what is about the person herself.
fn autocomplete(field: &Field) -> &'static str {
    match field.id.as_str() {
        built_in::EMAIL => return "email",
        built_in::PHONE => return "tel",
        _ => {}
    }
    match field.prefill.as_ref().map(|p| p.name.as_str()) {
        Some("navet.name" | "login.name") => "name",
        Some("navet.address") => "street-address",
        Some("navet.postcode") => "postal-code",
        Some("navet.city") => "address-level2",
        Some("settings.email") => "email",
        Some("settings.phone") => "tel",
        _ => "",
    }
}
