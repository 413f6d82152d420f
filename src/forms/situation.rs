//! What a definition comes to with certain answers: which fields are shown, what the reckoned values are.

use super::answers::{Answer, Answers, Source};
use super::definition::{Definition, Step};
use super::expression::Facts;
use super::field::{Field, FieldKind};
use super::prefill::{Context, PrefillState};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A definition with certain answers.
pub(super) struct Situation {
    visible: BTreeSet<String>,
    computed: BTreeMap<String, Value>,
    pub facts: Facts,
}

impl Situation {
    /// One pass is enough: a condition looks at earlier questions only.
    pub(super) fn of(definition: &Definition, answers: &Answers, context: &Context) -> Self {
        let mut now = Situation { visible: BTreeSet::new(), computed: BTreeMap::new(), facts: Facts::new(context) };
        for (_, field) in definition.all_fields() {
            let shown = field.show_if.as_ref().is_none_or(|condition| condition.holds(&now.facts));
            if !shown {
                now.facts.set(&field.id, None, false);
                continue;
            }
            now.visible.insert(field.id.clone());
            match &field.kind {
                FieldKind::Computed { value, decimals, .. } => {
                    let reckoned = value.number(&now.facts).and_then(|n| json_number(n, *decimals));
                    now.facts.set(&field.id, reckoned.as_ref(), true);
                    now.computed.extend(reckoned.map(|n| (field.id.clone(), n)));
                }
                _ => {
                    let answer = usable(field, answers, context).map(|a| &a.value);
                    now.facts.set(&field.id, answer, has_fractions(&field.kind));
                }
            }
        }
        now
    }

    /// True when the field is to be shown.
    pub(super) fn shows(&self, field: &Field) -> bool {
        self.visible.contains(&field.id)
    }

    /// True when the step has anything to show but reckoned values and texts that depend on other answers.
    pub(super) fn shows_step(&self, step: &Step) -> bool {
        step.fields.is_empty() || step.fields.iter().any(|f| self.shows(f))
    }

    /// The reckoned value.
    pub(super) fn computed(&self, id: &str) -> Option<&Value> {
        self.computed.get(id)
    }

    /// The answer as it counts now: of a shown field, reckoned where it is reckoned, and without what may not be kept.
    pub(super) fn answer(&self, field: &Field, answers: &Answers, context: &Context) -> Option<Answer> {
        if !self.shows(field) {
            return None;
        }
        match self.computed(&field.id) {
            Some(value) => Some(Answer { value: value.clone(), source: Source::Computed, source_at: context.at }),
            None => usable(field, answers, context).cloned(),
        }
    }
}

/// The answer unless it is a register address of someone who has become protected since it was fetched.
fn usable<'a>(field: &Field, answers: &'a Answers, context: &Context) -> Option<&'a Answer> {
    let answer = answers.get(&field.id).filter(|_| field.kind.is_question())?;
    let from_register = answer.source == Source::Navet && field.prefill.as_ref().is_some_and(|p| is_address(&p.name));
    (!(from_register && context.prefill.state == PrefillState::Protected)).then_some(answer)
}

/// The values that say where someone lives.
pub(super) fn is_address(prefill_name: &str) -> bool {
    matches!(prefill_name, "navet.address" | "navet.postcode" | "navet.city")
}

fn has_fractions(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Number { decimals, .. } => *decimals > 0,
        FieldKind::Money { whole, .. } => !whole,
        FieldKind::Group { fields, .. } => fields.iter().any(|f| has_fractions(&f.kind)),
        _ => false,
    }
}

/// A number as JSON: whole where it is whole, never more decimals than asked for.
pub(super) fn json_number(number: f64, decimals: usize) -> Option<Value> {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    let rounded = (number * scale).round() / scale;
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        Some(Value::from(rounded as i64))
    } else {
        serde_json::Number::from_f64(rounded).map(Value::Number)
    }
}
