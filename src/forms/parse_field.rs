//! From the table of a question to the question.

use super::built_in;
use super::expression::Expression;
use super::field::{
    Check, Choice, DayRule, Field, FieldKind, FieldPrefill, FileKind, FileRules, PREFILL_NAMES, TextFormat, Tone,
};
use super::parse::Offsets;
use super::toml_reader::TableReader;
use crate::toml_text::{Faults, did_you_mean};
use std::ops::Range;
use toml::de::DeTable;

const TYPES: &[&str] = &[
    "text",
    "longtext",
    "email",
    "phone",
    "date",
    "number",
    "money",
    "personnummer",
    "organisationsnummer",
    "bankgiro",
    "choice",
    "choices",
    "yesno",
    "child",
    "file",
    "group",
    "place",
    "notice",
    "computed",
];
/// What may stand in a repeated group: kinds that always post something, so that a row is never lost.
const TYPES_IN_GROUP: &[&str] = &["text", "longtext", "email", "phone", "date", "number", "money", "choice"];
/// The longest text that any question takes.
const LONGEST_TEXT: i64 = 10_000;

/// The questions of a step, or of the group named.
pub(super) fn parse_fields(
    tables: Vec<(&DeTable<'_>, Range<usize>)>,
    group: Option<&str>,
    offsets: &mut Offsets,
    faults: &mut Faults<'_>,
) -> Vec<Field> {
    tables
        .into_iter()
        .filter_map(|(table, span)| field(TableReader::new(table, span, "a field"), group, offsets, faults))
        .collect()
}

fn field(mut t: TableReader<'_>, group: Option<&str>, offsets: &mut Offsets, faults: &mut Faults<'_>) -> Option<Field> {
    let start = t.start;
    let id = t.needed_text("id", "names the answer in conditions: barnets_namn", faults);
    t.call_it(format!("the field {id}"));
    let id_place = if t.has("id") { t.place("id") + 1 } else { start };
    check_id(&id, id_place, group, offsets, faults);
    let word = t.placed("type", faults);
    let Some(word) = word else {
        if !t.has("type") {
            faults.add(start, format!("the field {id} has no `type`"), format!("one of {}", TYPES.join(", ")));
        }
        return None;
    };
    let allowed = if group.is_some() { TYPES_IN_GROUP } else { TYPES };
    if !allowed.contains(&word.text.as_str()) {
        let message = if TYPES.contains(&word.text.as_str()) {
            format!("a field within a group cannot have the type `{}`", word.text)
        } else {
            format!("there is no type `{}`", word.text)
        };
        faults.add(word.offset, message, did_you_mean(&word.text, allowed));
        return None;
    }
    let label = match word.text.as_str() {
        "notice" => t.words("label", faults),
        _ => t.needed_words("label", "the question, as the resident reads it", faults),
    };
    let hint = t.words("hint", faults);
    let review_label = t.words("review_label", faults);
    let show_if = expression("show_if", &mut t, faults);
    if let (Some(condition), Some(_)) = (&show_if, group) {
        faults.add(condition.offset, "a field within a group cannot have `show_if`", "put the condition on the group");
    }
    let kind = kind(&word.text, &id, &mut t, offsets, faults)?;
    let optional = kind.is_question() && t.flag("optional", faults);
    let (mut error_missing, mut error_invalid, mut prefill) = Default::default();
    let mut checks = Vec::new();
    if kind.is_question() {
        error_missing = t.words("error_missing", faults);
        error_invalid = t.words("error_invalid", faults);
        checks = self::checks(&mut t, group, faults);
        prefill = self::prefill(&mut t, faults);
    }
    t.finish(faults);
    Some(Field {
        id,
        kind,
        label,
        hint,
        review_label,
        optional,
        error_missing,
        error_invalid,
        show_if,
        checks,
        prefill,
    })
}

fn check_id(id: &str, place: usize, group: Option<&str>, offsets: &mut Offsets, faults: &mut Faults<'_>) {
    let fine = id.len() <= 40
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !fine && !id.is_empty() {
        let hint = "use a–z, digits and underscore, at most 40, beginning with a letter: barnets_namn";
        faults.add(place, format!("the field id `{id}` cannot be used in conditions"), hint);
    }
    let key = group.map_or(format!("field:{id}"), |g| format!("field:{g}.{id}"));
    if offsets.insert(key, place).is_some() && !id.is_empty() {
        faults.add(place, format!("there are two fields with the id `{id}`"), "give each field an id of its own");
    }
    if built_in::FIELD_IDS.contains(&id) {
        faults.add(place, format!("the field id `{id}` is built in"), "choose another id");
    }
}

fn expression(key: &'static str, t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Option<Expression> {
    let written = t.placed(key, faults)?;
    Expression::compile(&written.text, written.offset, faults)
}

fn kind(
    word: &str,
    id: &str,
    t: &mut TableReader<'_>,
    offsets: &mut Offsets,
    faults: &mut Faults<'_>,
) -> Option<FieldKind> {
    Some(match word {
        "text" => {
            let formats = [("free", TextFormat::Free), ("postcode", TextFormat::Postcode)];
            let format = t.one_of("format", &formats, faults).unwrap_or_default();
            let (min_length, max_length) = lengths(t, 200, faults);
            FieldKind::Text { min_length, max_length, format }
        }
        "longtext" => {
            let (min_length, max_length) = lengths(t, 4_000, faults);
            FieldKind::LongText { min_length, max_length, rows: t.count("rows", 40, faults).unwrap_or(6).max(2) }
        }
        "email" => FieldKind::Email,
        "phone" => FieldKind::Phone,
        "date" => FieldKind::Date { earliest: day_rule("earliest", t, faults), latest: day_rule("latest", t, faults) },
        "number" => {
            let (min, max) = (t.number("min", faults), t.number("max", faults));
            ordered(min, max, ("min", "max"), t, faults);
            let decimals = t.count("decimals", 6, faults).unwrap_or(0);
            FieldKind::Number { min, max, decimals, suffix: t.words("suffix", faults) }
        }
        "money" => {
            let (min, max) = (t.number("min", faults), t.number("max", faults));
            ordered(min, max, ("min", "max"), t, faults);
            FieldKind::Money { min, max, whole: t.flag("whole", faults) }
        }
        "personnummer" => FieldKind::Personnummer,
        "organisationsnummer" => FieldKind::Organisationsnummer,
        "bankgiro" => FieldKind::Bankgiro,
        "choice" => FieldKind::Choice { options: options(t, id, faults) },
        "choices" => {
            let options = options(t, id, faults);
            let (min, max) = (t.count("min", 100, faults), t.count("max", 100, faults));
            ordered(min, max, ("min", "max"), t, faults);
            if let Some(min) = min.filter(|m| *m > options.len()) {
                let hint = "lower min or add options";
                faults.add(t.place("min"), format!("`min` is {min} but there are {} options", options.len()), hint);
            }
            let max = max.unwrap_or(options.len());
            FieldKind::Choices { options, min: min.unwrap_or(1), max }
        }
        "yesno" => FieldKind::YesNo,
        "child" => FieldKind::Child,
        "file" => FieldKind::File(file_rules(t, id, faults)),
        "group" => {
            let (min, max) = (t.count("min", 50, faults).unwrap_or(1), t.count("max", 50, faults).unwrap_or(20));
            ordered(Some(min), Some(max), ("min", "max"), t, faults);
            let item_label = t.needed_words("item_label", "what one row is called: Kostnad", faults);
            let tables = t.tables("fields", faults);
            if tables.is_empty() && !t.has("fields") {
                faults.add(t.start, format!("the group {id} has no fields"), "write [[steps.fields.fields]]");
            }
            FieldKind::Group { min, max, item_label, fields: parse_fields(tables, Some(id), offsets, faults) }
        }
        "place" => FieldKind::Place,
        "notice" => {
            let tone =
                t.one_of("tone", &[("info", Tone::Info), ("warning", Tone::Warning)], faults).unwrap_or(Tone::Info);
            FieldKind::Notice { tone, body: t.needed_words("text", "what the notice says", faults) }
        }
        "computed" => {
            if !t.has("value") {
                faults.add(
                    t.start,
                    format!("the field {id} has no `value`"),
                    "write value = \"sum(answers.rows.map(r, r.amount))\"",
                );
            }
            let value = expression("value", t, faults);
            let money = t.flag("money", faults);
            let decimals = t.count("decimals", 6, faults).unwrap_or(if money { 2 } else { 0 });
            FieldKind::Computed { value: value?, money, decimals, suffix: t.words("suffix", faults) }
        }
        _ => return None,
    })
}

fn ordered<T: PartialOrd + std::fmt::Display>(
    min: Option<T>,
    max: Option<T>,
    (low, high): (&str, &str),
    t: &TableReader<'_>,
    faults: &mut Faults<'_>,
) {
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        faults.add(
            t.place(high),
            format!("`{high}` ({max}) is below `{low}` ({min})"),
            "no answer would fit; swap them?",
        );
    }
}

fn lengths(t: &mut TableReader<'_>, usual: usize, faults: &mut Faults<'_>) -> (usize, usize) {
    let (min, max) = (t.count("min_length", LONGEST_TEXT, faults), t.count("max_length", LONGEST_TEXT, faults));
    let bounds = (min.unwrap_or(0), max.unwrap_or(usual));
    ordered(Some(bounds.0), Some(bounds.1), ("min_length", "max_length"), t, faults);
    bounds
}

/// `2026-11-21`, `today`, `today+30d`, `today-18y`, `today+2m`.
fn day_rule(key: &'static str, t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Option<DayRule> {
    let written = t.placed(key, faults)?;
    let rule = parse_day_rule(written.text.trim());
    if rule.is_none() {
        faults.add(
            written.offset,
            format!("`{key}` cannot be `{}`", written.text),
            "write a day (2026-11-21) or today, today+30d, today+2m, today-18y",
        );
    }
    rule
}

fn parse_day_rule(text: &str) -> Option<DayRule> {
    let Some(rest) = text.strip_prefix("today") else { return text.parse().ok().map(DayRule::Fixed) };
    let none = DayRule::FromToday { years: 0, months: 0, days: 0 };
    if rest.is_empty() {
        return Some(none);
    }
    let unit = rest.chars().last()?;
    let number: i16 = rest.strip_suffix(unit)?.parse().ok()?;
    if !rest.starts_with(['+', '-']) || number.unsigned_abs() > 2_000 {
        return None;
    }
    match unit {
        'd' => Some(DayRule::FromToday { years: 0, months: 0, days: i32::from(number) }),
        'm' => Some(DayRule::FromToday { years: 0, months: i32::from(number), days: 0 }),
        'y' => Some(DayRule::FromToday { years: number.clamp(-200, 200), months: 0, days: 0 }),
        _ => None,
    }
}

fn options(t: &mut TableReader<'_>, id: &str, faults: &mut Faults<'_>) -> Vec<Choice> {
    let tables = t.tables("options", faults);
    let mut options: Vec<Choice> = Vec::new();
    for (table, span) in &tables {
        let mut o = TableReader::new(table, span.clone(), format!("an option of {id}"));
        let value = o.needed_text("value", "the answer in conditions and for the receiver", faults);
        let label = o.needed_words("label", "the answer in words", faults);
        let hint = o.words("hint", faults);
        if options.iter().any(|known| known.value == value) && !value.is_empty() {
            let place = o.place("value") + 1;
            faults.add(
                place,
                format!("the field {id} has two options with the value `{value}`"),
                "give each a value of its own",
            );
        }
        o.finish(faults);
        options.push(Choice { value, label, hint });
    }
    if options.len() < 2 {
        let hint = "write options = [{ value = \"a\", label = \"A\" }, { value = \"b\", label = \"B\" }]";
        faults.add(t.place("options"), format!("the field {id} has fewer than two options"), hint);
    }
    options
}

fn file_rules(t: &mut TableReader<'_>, id: &str, faults: &mut Faults<'_>) -> FileRules {
    let max_files = t.whole("max_files", 1..=50, faults).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    let max_mb = t.whole("max_mb", 1..=100, faults).and_then(|n| u64::try_from(n).ok()).unwrap_or(10);
    let mut accept = Vec::new();
    for written in t.texts("accept", faults) {
        match FileKind::from_word(&written.text) {
            Some(kind) if !accept.contains(&kind) => accept.push(kind),
            Some(_) => {
                faults.add(written.offset, format!("`{}` stands twice in `accept`", written.text), "take one away")
            }
            None => faults.add(
                written.offset,
                format!("`accept` cannot have `{}`", written.text),
                did_you_mean(&written.text, FileKind::WORDS),
            ),
        }
    }
    if accept.is_empty() && !t.has("accept") {
        let hint = format!("write accept = [\"pdf\", \"jpeg\"]; there are {}", FileKind::WORDS.join(", "));
        faults.add(t.start, format!("the field {id} does not say which files it takes"), hint);
    }
    FileRules { max_files, max_mb, accept }
}

fn checks(t: &mut TableReader<'_>, group: Option<&str>, faults: &mut Faults<'_>) -> Vec<Check> {
    let tables = t.tables("checks", faults);
    if let (Some(_), false) = (group, tables.is_empty()) {
        faults.add(t.place("checks"), "a field within a group cannot have `checks`", "put them on the group");
    }
    let mut checks = Vec::new();
    for (table, span) in tables {
        let mut c = TableReader::new(table, span, "a check");
        if !c.has("that") {
            faults.add(c.start, "a check has no `that`", "write what must hold: that = \"answers.a <= answers.b\"");
        }
        let that = expression("that", &mut c, faults);
        let message = c.needed_words("message", "what is wrong and what to do", faults);
        c.finish(faults);
        checks.extend(that.map(|that| Check { that, message }));
    }
    checks
}

fn prefill(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Option<FieldPrefill> {
    let written = t.placed("prefill", faults);
    let locked = t.flag("locked", faults);
    let Some(written) = written else {
        if t.has("locked") && !t.has("prefill") {
            faults.add(t.place("locked"), "`locked` says nothing without `prefill`", "add prefill or take locked away");
        }
        return None;
    };
    if !PREFILL_NAMES.contains(&written.text.as_str()) {
        faults.add(
            written.offset,
            format!("nothing can be prefilled from `{}`", written.text),
            did_you_mean(&written.text, PREFILL_NAMES),
        );
    }
    Some(FieldPrefill { name: written.text, locked })
}
