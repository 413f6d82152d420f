//! The answers in the resident's order and words: the page where she checks them, the receipt, and what is handed on.

use super::answers::{Answers, ChildAnswer, FileAnswer, PlaceAnswer, Source};
use super::definition::{Definition, Step, StepKind};
use super::field::{Field, FieldKind};
use super::form_data::FormData;
use super::prefill::Context;
use super::read::{FieldError, StepError, failing_check, known_value, read_checked};
use super::read_value::as_typed;
use super::show;
use super::situation::Situation;
use crate::vocabulary::At;
use serde::{Deserialize, Serialize};

/// One step of the review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// The step's heading.
    pub title: String,
    /// The step's id, for the link back to it.
    pub step: String,
    /// Its answers.
    pub items: Vec<ReviewItem>,
}

/// One answer of the review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewItem {
    /// The question's id.
    pub id: String,
    /// The question, or its shorter name.
    pub label: String,
    /// The answer in words, lines and rows apart by line breaks.
    pub text: String,
    /// The same line by line.
    pub lines: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// When it was saved or fetched.
    pub source_at: At,
}

/// A place of the answers, for the contract's `locations`.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// The question's id.
    pub id: String,
    /// Words and position.
    pub place: PlaceAnswer,
}

impl Definition {
    /// The steps that are to be walked, with these answers.
    pub fn visible_steps<'d>(&'d self, answers: &Answers, context: &Context) -> Vec<&'d Step> {
        let now = Situation::of(self, answers, context);
        self.steps.iter().filter(|s| now.shows_step(s)).collect()
    }

    /// The step to go to after `step`; `None` when the review comes next.
    pub fn next_step<'d>(&'d self, step: &str, answers: &Answers, context: &Context) -> Option<&'d Step> {
        self.visible_steps(answers, context).into_iter().skip_while(|s| s.id != step).nth(1)
    }

    /// The step before `step`; `None` for the first.
    pub fn previous_step<'d>(&'d self, step: &str, answers: &Answers, context: &Context) -> Option<&'d Step> {
        self.visible_steps(answers, context).into_iter().take_while(|s| s.id != step).last()
    }

    /// Whether the one who answers decides this answer, now: not what is locked to the register or reckoned.
    pub fn is_hers_to_change(&self, id: &str, context: &Context) -> bool {
        self.field(id).is_some_and(|(_, field)| {
            let is_locked = known_value(field, context).is_some_and(|(locked, _)| locked);
            !is_locked && !matches!(field.kind, FieldKind::Computed { .. })
        })
    }

    /// Everything that is wrong or missing, in the order of the steps: the check before anything is sent. Questions that
    /// are hidden are not asked for.
    pub fn check_all(&self, answers: &Answers, context: &Context) -> Vec<StepError> {
        let now = Situation::of(self, answers, context);
        let mut errors = Vec::new();
        for (step, field) in self.all_fields().filter(|(_, f)| now.shows(f) && f.kind.is_question()) {
            let found = wrong_with(field, &now, answers, context);
            errors.extend(found.into_iter().map(|error| StepError { step: step.id.clone(), error }));
        }
        errors
    }

    /// The answers as they are frozen when they are sent in: of shown questions only, with what is reckoned from them.
    pub fn settle(&self, answers: &Answers, context: &Context) -> Answers {
        let now = Situation::of(self, answers, context);
        let counted = |f: &Field| now.answer(f, answers, context).map(|a| (f.id.clone(), a));
        Answers(self.all_fields().filter_map(|(_, f)| counted(f)).collect())
    }

    /// The answers in the resident's order and words: what she checks before she sends, what the receipt holds, and the
    /// contract's `answers`. Questions that are hidden or not answered are left out.
    pub fn review(&self, answers: &Answers, context: &Context) -> Vec<Section> {
        let now = Situation::of(self, answers, context);
        let item = |field: &Field| {
            let answer = now.answer(field, answers, context)?;
            let lines = show::lines(field, &answer.value, &context.voice);
            let label = if field.review_label.is_empty() { &field.label } else { &field.review_label };
            (!lines.is_empty()).then(|| ReviewItem {
                id: field.id.clone(),
                label: label.get(&context.voice).into_owned(),
                text: lines.join("\n"),
                lines,
                source: answer.source,
                source_at: answer.source_at,
            })
        };
        let section = |step: &Step| Section {
            title: step.title.get(&context.voice).into_owned(),
            step: step.id.clone(),
            items: step.fields.iter().filter_map(item).collect(),
        };
        self.steps.iter().map(section).filter(|s| !s.items.is_empty()).collect()
    }

    /// What somebody else may read who signs the same: no address, telephone number, e-mail or identity number of whoever
    /// answered, and nothing of how to reach her. One guardian may be hiding from the other.
    pub fn for_another(&self, review: Vec<Section>) -> Vec<Section> {
        let may_be_read = |id: &str| {
            let Some((step, field)) = self.field(id) else { return false };
            let from_register =
                field.prefill.as_ref().is_some_and(|p| p.name != "navet.name" && p.name != "login.name");
            let is_hers = matches!(step.kind, StepKind::Contact | StepKind::Cosigner)
                || matches!(
                    field.kind,
                    FieldKind::Email | FieldKind::Phone | FieldKind::Personnummer | FieldKind::Place
                );
            !from_register && !is_hers
        };
        let shown = review.into_iter().map(|mut section| {
            section.items.retain(|item| may_be_read(&item.id));
            section
        });
        shown.filter(|section| !section.items.is_empty()).collect()
    }

    /// The answers for machines, by question: the contract's `values`.
    pub fn values(&self, answers: &Answers, context: &Context) -> serde_json::Map<String, serde_json::Value> {
        self.settle(answers, context).0.into_iter().map(|(id, answer)| (id, answer.value)).collect()
    }

    /// Every file that counts, in order.
    pub fn files(&self, answers: &Answers, context: &Context) -> Vec<FileAnswer> {
        let settled = self.settle(answers, context);
        let of_files = self.all_fields().filter(|(_, f)| matches!(f.kind, FieldKind::File(_)));
        of_files.flat_map(|(_, f)| settled.files(&f.id)).collect()
    }

    /// Every place that counts, in order.
    pub fn locations(&self, answers: &Answers, context: &Context) -> Vec<Location> {
        self.of_kind(answers, context, |k| matches!(k, FieldKind::Place))
            .into_iter()
            .map(|(id, place)| Location { id, place })
            .collect()
    }

    /// Every child that the answers name, in order.
    pub fn children(&self, answers: &Answers, context: &Context) -> Vec<ChildAnswer> {
        self.of_kind(answers, context, |k| matches!(k, FieldKind::Child)).into_iter().map(|(_, child)| child).collect()
    }

    fn of_kind<T: serde::de::DeserializeOwned>(
        &self,
        answers: &Answers,
        context: &Context,
        wanted: impl Fn(&FieldKind) -> bool,
    ) -> Vec<(String, T)> {
        let settled = self.settle(answers, context);
        let value = |f: &Field| settled.get(&f.id).and_then(|a| serde_json::from_value(a.value.clone()).ok());
        self.all_fields()
            .filter(|(_, f)| wanted(&f.kind))
            .filter_map(|(_, f)| Some((f.id.clone(), value(f)?)))
            .collect()
    }
}

/// What is wrong with one answer now. What a register or the log-in said is not judged again.
fn wrong_with(field: &Field, now: &Situation, answers: &Answers, context: &Context) -> Vec<FieldError> {
    let answer = now.answer(field, answers, context);
    if let Some(answer) = &answer
        && matches!(answer.source, Source::Navet | Source::Register | Source::Login)
    {
        return Vec::new();
    }
    let mut form = FormData::default();
    if let Some(answer) = &answer {
        as_typed(field, &field.id, &answer.value, context, &mut form);
    }
    if let Err(errors) = read_checked(field, &form, answer.as_ref(), context) {
        return errors;
    }
    let failed = answer.and_then(|_| failing_check(field, now, context));
    failed.into_iter().map(|message| FieldError::new(field.id.clone(), message)).collect()
}
