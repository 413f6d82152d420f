//! What can be wrong although every table of a definition is right: names that lead nowhere, answers that can never be.

use super::definition::{Actor, Cosign, Definition};
use super::expression::Expression;
use super::field::{Field, FieldKind};
use super::parse::Offsets;
use crate::toml_text::{Faults, did_you_mean};

/// Looks over the whole.
pub(super) fn check(definition: &Definition, offsets: &Offsets, faults: &mut Faults<'_>) {
    let fields: Vec<&Field> = definition.all_fields().map(|(_, f)| f).collect();
    signing(definition, offsets, faults);
    for (place, field) in fields.iter().enumerate() {
        let earlier = fields.get(..place).unwrap_or_default();
        let with_own = fields.get(..=place).unwrap_or_default();
        if let Some(condition) = &field.show_if {
            expression(condition, earlier, &fields, faults);
        }
        if let FieldKind::Computed { value, .. } = &field.kind {
            expression(value, earlier, &fields, faults);
        }
        for check in &field.checks {
            expression(&check.that, with_own, &fields, faults);
        }
        let at = offsets.get(&format!("field:{}", field.id)).copied().unwrap_or(0);
        by_kind(definition, field, at, faults);
    }
}

/// A signature is somebody's, and whoever else signs must be known.
fn signing(definition: &Definition, offsets: &Offsets, faults: &mut Faults<'_>) {
    let at = |key: &str| offsets.get(key).copied().unwrap_or(0);
    if definition.signing && definition.level.is_anonymous() {
        faults.add(
            at("signing"),
            "an anonymous service cannot be signed",
            "take signing away, or set level = 2 or more",
        );
    }
    match definition.cosign {
        Some(_) if !definition.signing => {
            faults.add(at("cosign"), "others sign what the first has not signed", "write signing = true");
        }
        Some(Cosign::Guardians) if !definition.asks_for_a_child() => {
            faults.add(
                at("cosign"),
                "there is no child whose guardians could sign",
                "add a field with type = \"child\"",
            );
        }
        Some(Cosign::Guardians) if !definition.needs.guardians => {
            faults.add(at("cosign"), "the other guardians are not fetched", "add \"navet.guardians\" to needs");
        }
        _ => {}
    }
}

/// An expression may look at `before` only: then one pass from the first question to the last settles what is shown.
fn expression(expression: &Expression, before: &[&Field], all: &[&Field], faults: &mut Faults<'_>) {
    for (id, at) in &expression.named_at {
        if before.iter().any(|f| f.id == *id && !matches!(f.kind, FieldKind::Notice { .. })) {
            continue;
        }
        match all.iter().find(|f| f.id == *id) {
            Some(f) if matches!(f.kind, FieldKind::Notice { .. }) => {
                faults.add(*at, format!("`{id}` is a notice and has no answer"), "look at a question instead");
            }
            Some(_) => faults.add(
                *at,
                format!("`{id}` is asked later than it is looked at here"),
                "a condition can look at earlier questions only; move the question up",
            ),
            None => {
                let known: Vec<&str> = before.iter().map(|f| f.id.as_str()).collect();
                faults.add(*at, format!("there is no question `{id}`"), did_you_mean(id, &known));
            }
        }
    }
    for (id, text, at) in &expression.compared {
        match before.iter().find(|f| f.id == *id).map(|f| &f.kind) {
            Some(FieldKind::Choice { options } | FieldKind::Choices { options, .. })
                if !options.iter().any(|o| o.value == *text) =>
            {
                let known: Vec<&str> = options.iter().map(|o| o.value.as_str()).collect();
                faults.add(*at, format!("`{id}` can never be `{text}`"), did_you_mean(text, &known));
            }
            Some(FieldKind::YesNo) => faults.add(
                *at,
                format!("`{id}` is answered with yes or no, never with the text `{text}`"),
                format!("write answers.{id} == true or answers.{id} == false"),
            ),
            Some(FieldKind::Number { .. } | FieldKind::Money { .. } | FieldKind::Computed { .. }) => {
                faults.add(
                    *at,
                    format!("`{id}` is a number, never the text `{text}`"),
                    "write the number without quotes",
                );
            }
            _ => {}
        }
    }
}

fn by_kind(definition: &Definition, field: &Field, at: usize, faults: &mut Faults<'_>) {
    let id = &field.id;
    if matches!(field.kind, FieldKind::Child) {
        if definition.level.is_anonymous() {
            faults.add(at, format!("`{id}` asks for a child in an anonymous service"), "set level = 2 or more");
        } else if !definition.needs.children {
            faults.add(at, format!("`{id}` asks for a child that is not fetched"), "add needs = [\"navet.children\"]");
        }
    }
    if let Some(prefill) = &field.prefill {
        if definition.level.is_anonymous() {
            faults.add(
                at,
                format!("`{id}` is prefilled in an anonymous service"),
                "take prefill away, or set level = 2 or more",
            );
        }
        let textual = matches!(
            field.kind,
            FieldKind::Text { .. }
                | FieldKind::Email
                | FieldKind::Phone
                | FieldKind::Personnummer
                | FieldKind::Organisationsnummer
        );
        if prefill.name.starts_with("principal.") && definition.may_act.iter().all(|a| *a == Actor::Oneself) {
            faults.add(
                at,
                format!("`{id}` is prefilled from {}, but nobody acts for another here", prefill.name),
                "add child, company or association to may_act",
            );
        }
        // How she wants the decision is a choice, and the only one that her settings hold.
        let chosen = prefill.name == "settings.channel" && matches!(field.kind, FieldKind::Choice { .. });
        if !(textual || chosen) {
            faults.add(
                at,
                format!("`{id}` cannot be prefilled from {}", prefill.name),
                "only text, email, phone, personnummer and organisationsnummer can",
            );
        }
    }
}
