//! What the engine itself says where it takes more than a key: which text for which question, and what stands in it. The
//! texts say what is wrong and what to do, never "invalid value".

use super::field::{Field, FieldKind, FileRules};
use crate::texts::Voice;
use crate::vocabulary::{At, Day, InvalidBankgiro, InvalidOrganisationsnummer, InvalidPersonnummer};

/// A required question was left out.
pub(super) fn missing(field: &Field, voice: &Voice) -> String {
    if !field.error_missing.is_empty() {
        return field.error_missing.get(voice).into_owned();
    }
    let key = match &field.kind {
        FieldKind::Choice { .. } | FieldKind::YesNo => "form-missing-choice",
        FieldKind::Choices { .. } => "form-missing-choices",
        FieldKind::Child => "form-missing-child",
        FieldKind::File(_) => "form-missing-file",
        FieldKind::Date { .. } => "form-missing-date",
        FieldKind::Number { .. } => "form-missing-number",
        FieldKind::Money { .. } => "form-missing-money",
        FieldKind::Place => "form-missing-place",
        FieldKind::Email => "form-missing-email",
        FieldKind::Phone => "form-missing-phone",
        _ => "form-missing-text",
    };
    voice.about(key, "label", &*field.label.get(voice))
}

/// More characters than fit.
pub(super) fn too_long(is: usize, most: usize, voice: &Voice) -> String {
    voice.text_with("form-too-long", [("most", most.into()), ("over", is.saturating_sub(most).into())])
}

/// Before the first possible day.
pub(super) fn date_early(first: Day, today: Day, voice: &Voice) -> String {
    match first == today {
        true => voice.text("form-date-passed"),
        false => voice.about("form-date-early", "day", voice.day(first)),
    }
}

/// After the last possible day.
pub(super) fn date_late(last: Day, today: Day, voice: &Voice) -> String {
    match last == today {
        true => voice.text("form-date-future"),
        false => voice.about("form-date-late", "day", voice.day(last)),
    }
}

/// What was typed is not a number.
pub(super) fn number(decimals: usize, voice: &Voice) -> String {
    match decimals {
        0 => voice.text("form-number-whole"),
        _ => voice.about("form-number-decimals", "decimals", decimals),
    }
}

/// What was typed is not a personnummer.
pub(super) fn personnummer(why: InvalidPersonnummer, voice: &Voice) -> String {
    voice.text(match why {
        InvalidPersonnummer::Form => "form-personnummer-form",
        InvalidPersonnummer::Date => "form-personnummer-date",
        InvalidPersonnummer::CheckDigit => "form-personnummer-digit",
    })
}

/// What was typed is not an organisationsnummer.
pub(super) fn organisationsnummer(why: InvalidOrganisationsnummer, voice: &Voice) -> String {
    voice.text(match why {
        InvalidOrganisationsnummer::Form => "form-organisation-form",
        InvalidOrganisationsnummer::Person => "form-organisation-person",
        InvalidOrganisationsnummer::CheckDigit => "form-organisation-digit",
    })
}

/// What was typed is not a number in Bankgirot.
pub(super) fn bankgiro(why: InvalidBankgiro, voice: &Voice) -> String {
    voice.text(match why {
        InvalidBankgiro::Form => "form-bankgiro-form",
        InvalidBankgiro::CheckDigit => "form-bankgiro-digit",
    })
}

/// A file that is too large.
pub(super) fn file_too_large(name: &str, rules: &FileRules, voice: &Voice) -> String {
    voice.text_with("form-file-too-large", [("name", name.into()), ("mb", rules.max_mb.into())])
}

/// A file of a kind that is not taken.
pub(super) fn file_kind(name: &str, rules: &FileRules, voice: &Voice) -> String {
    voice.text_with("form-file-kind", [("name", name.into()), ("kinds", kinds(rules, voice).into())])
}

/// Said before the button.
pub(super) fn file_limits(rules: &FileRules, voice: &Voice) -> String {
    let args = [("most", rules.max_files.into()), ("mb", rules.max_mb.into()), ("kinds", kinds(rules, voice).into())];
    voice.text_with("form-files-limits", args)
}

fn kinds(rules: &FileRules, voice: &Voice) -> String {
    let names: Vec<&str> = rules.accept.iter().map(|k| k.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => {
            voice.text_with("form-kinds", [("first", first.join(", ").into()), ("last", (*last).into())])
        }
        None => String::new(),
    }
}

/// Where a shown value comes from.
pub(super) fn source(source: super::Source, at: At, voice: &Voice) -> String {
    use super::Source::*;
    match source {
        Navet => voice.about("form-source-navet", "day", voice.short_day(at.day())),
        Register => voice.about("form-source-register", "day", voice.short_day(at.day())),
        Login => voice.text("form-source-login"),
        Settings => voice.text("form-source-settings"),
        Computed => voice.text("form-source-computed"),
        Resident => String::new(),
    }
}

/// Above *Dina uppgifter* when the register gave nothing.
pub(super) fn prefill_notice(state: super::PrefillState, voice: &Voice) -> String {
    use super::PrefillState::*;
    match state {
        Fresh => String::new(),
        Unavailable => voice.text("form-register-unavailable"),
        Unknown => voice.text("form-register-unknown"),
        Protected => voice.text("form-register-protected"),
    }
}
