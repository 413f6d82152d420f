//! From what was posted to answers, errors and what to do next.

use super::answers::{Answer, Answers, FileAnswer, Source};
use super::definition::{Definition, Step};
use super::field::{Field, FieldKind, FileRules, Tone};
use super::form_data::{FormData, Typed};
use super::prefill::{Context, PrefillState};
use super::read_value::{Reading, read};
use super::situation::{Situation, is_address};
use super::{group, phrases};
use crate::texts::Voice;
use crate::vocabulary::At;
use serde::Serialize;

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The id of the input, `group.0.field` within a group.
    pub field_id: String,
    /// Link to the input.
    pub href: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// About the input of that id.
    pub fn new(field_id: impl Into<String>, message: impl Into<String>) -> Self {
        let field_id = field_id.into();
        FieldError { href: format!("#{field_id}"), field_id, message: message.into() }
    }
}

/// What is wrong with one answer, and on which page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepError {
    /// The step's id.
    pub step: String,
    /// What is wrong.
    #[serde(flatten)]
    pub error: FieldError,
}

/// What came of a posted step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOutcome {
    /// Everything that is answered now, to be saved whatever comes next: what could be understood is set, what could not
    /// is taken away.
    pub answers: Answers,
    /// What is wrong; empty unless `next` is [`Next::Correct`].
    pub errors: Vec<FieldError>,
    /// What stood in the form, to be shown again unless `next` is [`Next::Continue`].
    pub typed: Typed,
    /// What to do now.
    pub next: Next,
    /// What she should know although nothing is wrong: for the next page's top.
    pub notices: Vec<String>,
}

/// What to do after a posted step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on to the next visible step.
    Continue,
    /// Show the page again with the errors.
    Correct,
    /// Show the page again: she added or took away a row, asked for it, or an answer brought up new questions.
    Again,
    /// As [`Next::Again`]; she took this file away, so it can be deleted from the store.
    FileRemoved {
        /// Its id in the store.
        file_id: String,
    },
}

/// What the pressed button asks for.
enum Action<'a> {
    Continue,
    Refresh,
    Add(&'a str),
    Remove(&'a str, usize),
    RemoveFile(&'a str, &'a str),
}

impl<'a> Action<'a> {
    fn of(form: &'a FormData) -> Self {
        let mut parts = form.first("_action").unwrap_or_default().split(':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("refresh"), ..) => Action::Refresh,
            (Some("add"), Some(group), _) => Action::Add(group),
            (Some("remove"), Some(group), Some(row)) => {
                row.parse().map_or(Action::Refresh, |n| Action::Remove(group, n))
            }
            (Some("remove-file"), Some(field), Some(file)) => Action::RemoveFile(field, file),
            _ => Action::Continue,
        }
    }
}

impl Definition {
    /// Reads one posted step into the answers there were.
    ///
    /// A known value that is locked is taken from the prefill whatever was posted. A question that came up because of
    /// what was just answered, and was not on the page (`_shown`), is shown before it is demanded.
    pub fn read_step(&self, step: &Step, form: &FormData, answers: &Answers, context: &Context) -> StepOutcome {
        let action = Action::of(form);
        let mut form = form.clone();
        for field in &step.fields {
            if let FieldKind::Group { fields, max, .. } = &field.kind {
                let remove = match action {
                    Action::Remove(group, row) if group == field.id => Some(row),
                    _ => None,
                };
                let add =
                    matches!(action, Action::Add(group) if group == field.id) && group::count(&field.id, &form) < *max;
                form = group::rearrange(&field.id, fields, &form, remove, add);
            }
        }
        let mut reader = Reader {
            definition: self,
            context,
            shown: form.first("_shown").map(|ids| ids.split(',').map(str::to_owned).collect()),
            answers: answers.clone(),
            errors: Vec::new(),
            came_up: false,
            notices: Vec::new(),
        };
        let mut next = Next::Continue;
        if let Action::RemoveFile(field, file) = action
            && step.fields.iter().any(|f| f.id == field && matches!(f.kind, FieldKind::File(_)))
            && let Some(fewer) = without_file(answers, field, file, context.at)
        {
            reader.answers = fewer;
            next = Next::FileRemoved { file_id: file.to_owned() };
        }
        reader.step(step, &form);
        let typed = typed(step, &form);
        let Reader { answers, mut errors, came_up, mut notices, .. } = reader;
        if next == Next::Continue {
            next = match action {
                Action::Continue if !errors.is_empty() => Next::Correct,
                Action::Continue if !came_up => Next::Continue,
                _ => Next::Again,
            };
        }
        if next != Next::Correct {
            errors.clear();
        }
        if next != Next::Continue {
            notices.clear();
        }
        StepOutcome { answers, errors, typed, next, notices }
    }

    /// Puts an uploaded file to its question, or says why it cannot be taken.
    pub fn add_file(
        &self,
        field_id: &str,
        file: FileAnswer,
        answers: &Answers,
        context: &Context,
    ) -> Result<Answers, FieldError> {
        let refuse = |message: String| Err(FieldError::new(field_id, message));
        let Some((_, Field { kind: FieldKind::File(rules), .. })) = self.field(field_id) else {
            return refuse(context.voice.text("form-not-an-option"));
        };
        let mut files = answers.files(field_id);
        if files.len() >= rules.max_files {
            return refuse(context.voice.about("form-files-too-many", "most", rules.max_files));
        }
        if let Err(message) = rules.check(&file.name, file.size, &file.media_type, &context.voice) {
            return refuse(message);
        }
        files.retain(|f| f.file_id != file.file_id);
        files.push(file);
        let mut answers = answers.clone();
        if let Ok(value) = serde_json::to_value(files) {
            answers.set(field_id, Answer { value, source: Source::Resident, source_at: context.at });
        }
        Ok(answers)
    }
}

impl FileRules {
    /// Whether a file may be handed in; else why not, in words. `media_type` as sniffed.
    pub fn check(&self, name: &str, size: u64, media_type: &str, voice: &Voice) -> Result<(), String> {
        if size == 0 {
            Err(voice.about("form-file-empty", "name", name))
        } else if size > self.max_bytes() {
            Err(phrases::file_too_large(name, self, voice))
        } else if !self.takes(media_type) {
            Err(phrases::file_kind(name, self, voice))
        } else {
            Ok(())
        }
    }
}

fn without_file(answers: &Answers, field: &str, file: &str, at: At) -> Option<Answers> {
    let mut files = answers.files(field);
    let before = files.len();
    files.retain(|f| f.file_id != file);
    if files.len() == before {
        return None;
    }
    let mut answers = answers.clone();
    match serde_json::to_value(&files) {
        Ok(value) if !files.is_empty() => answers.set(field, Answer { value, source: Source::Resident, source_at: at }),
        _ => drop(answers.remove(field)),
    }
    Some(answers)
}

/// What belongs to this step's fields, and which of them were on the page.
fn typed(step: &Step, form: &FormData) -> Typed {
    let ours = |name: &str| {
        name == "_shown"
            || step
                .fields
                .iter()
                .any(|f| name.strip_prefix(f.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    Typed::new(form.pairs().filter(|(name, _)| ours(name)).map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
}

struct Reader<'a> {
    definition: &'a Definition,
    context: &'a Context,
    shown: Option<Vec<String>>,
    answers: Answers,
    errors: Vec<FieldError>,
    came_up: bool,
    notices: Vec<String>,
}

impl Reader<'_> {
    fn step(&mut self, step: &Step, form: &FormData) {
        let mut now = Situation::of(self.definition, &self.answers, self.context);
        for field in &step.fields {
            if field.show_if.is_some() {
                now = Situation::of(self.definition, &self.answers, self.context);
            }
            if !now.shows(field) {
                continue;
            }
            let was_shown = self.shown.as_ref().is_none_or(|ids| ids.contains(&field.id));
            match &field.kind {
                FieldKind::Notice { tone: Tone::Warning, .. } => self.came_up |= !was_shown,
                FieldKind::Notice { body, .. } if !was_shown => {
                    self.notices.push(body.get(&self.context.voice).into_owned())
                }
                FieldKind::Notice { .. } | FieldKind::Computed { .. } => {}
                _ if was_shown => self.field(field, form),
                _ if self.answers.get(&field.id).is_none() => self.came_up = true,
                _ => {}
            }
        }
        let now = Situation::of(self.definition, &self.answers, self.context);
        let answered = step.fields.iter().filter(|f| now.shows(f) && self.answers.get(&f.id).is_some());
        let failed =
            answered.filter_map(|f| Some(FieldError::new(f.id.clone(), failing_check(f, &now, self.context)?)));
        self.errors.extend(failed);
    }

    fn field(&mut self, field: &Field, form: &FormData) {
        let known = known_value(field, self.context);
        if let Some((_, known)) = known.clone().filter(|(locked, _)| *locked) {
            self.answers.set(&field.id, known);
            return;
        }
        let before = self.answers.remove(&field.id);
        let value = match read_checked(field, form, before.as_ref(), self.context) {
            Ok(value) => value,
            Err(errors) => {
                self.errors.extend(errors);
                return;
            }
        };
        let Some(value) = value else { return };
        let fresh = Answer { value, source: Source::Resident, source_at: self.context.at };
        let same = |a: &Answer| a.value == fresh.value;
        let answer = known.map(|(_, k)| k).filter(same).or(before.filter(same)).unwrap_or(fresh);
        self.answers.set(&field.id, answer);
    }
}

/// The value of a field in a form: nothing where nothing need be; errors where something is missing or wrong.
pub(super) fn read_checked(
    field: &Field,
    form: &FormData,
    before: Option<&Answer>,
    context: &Context,
) -> Result<Option<serde_json::Value>, Vec<FieldError>> {
    if let FieldKind::Group { fields, min, max, .. } = &field.kind {
        let (value, errors) = group::read_rows(field, fields, (*min, *max), form, context);
        return if errors.is_empty() { Ok(value) } else { Err(errors) };
    }
    let refused = |message: String| Err(vec![FieldError::new(field.id.clone(), message)]);
    match read(field, &field.id, form, before, context) {
        Reading::Value(value) => Ok(Some(value)),
        Reading::Refused(why) => refused(why),
        Reading::Missing if is_optional(field, context) => Ok(None),
        Reading::Missing => refused(phrases::missing(field, &context.voice)),
    }
}

/// A protected person need not give an address, whatever the definition says.
pub(super) fn is_optional(field: &Field, context: &Context) -> bool {
    let protected = context.prefill.state == PrefillState::Protected;
    field.optional || protected && field.prefill.as_ref().is_some_and(|p| is_address(&p.name))
}

/// What is known for a field, and whether it is locked. A protected person's register address is never known here, even
/// if someone passes it in.
pub(super) fn known_value(field: &Field, context: &Context) -> Option<(bool, Answer)> {
    let prefill = field.prefill.as_ref()?;
    if context.prefill.state == PrefillState::Protected && is_address(&prefill.name) {
        return None;
    }
    let values = &context.prefill.values;
    let own_name = || values.get("login.name").filter(|_| prefill.name == "navet.name");
    let known = values.get(&prefill.name).or_else(own_name).filter(|v| !v.text.trim().is_empty())?;
    let form = FormData::new([(field.id.clone(), known.text.clone())]);
    let value = match read(field, &field.id, &form, None, context) {
        Reading::Value(value) => value,
        // The register may write what we would not take from a person, as a postcode abroad. It stands as it is.
        _ => serde_json::Value::String(known.text.clone()),
    };
    Some((prefill.locked, Answer { value, source: known.source, source_at: known.at }))
}

/// The message of the first check that does not hold.
pub(super) fn failing_check(field: &Field, now: &Situation, context: &Context) -> Option<String> {
    field.checks.iter().find(|c| c.that.fails(&now.facts)).map(|c| c.message.get(&context.voice).into_owned())
}
