//! From the text of a definition to the definition, or to everything that is wrong with it.

use super::built_in;
use super::check_definition;
use super::definition::{
    Acting, Actor, AppealRegime, ApplicantDetail, Cosign, Definition, Level, Needs, Retention, Routing, Sensitivity,
    Step, StepKind,
};
use super::field::FieldKind;
use super::parse_field::parse_fields;
use super::toml_reader::{TableReader, lang};
use crate::texts::{Language, Words};
use crate::toml_text::{Fault, Faults, did_you_mean};
use crate::vocabulary::ServiceSlug;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How long the others have to sign when the definition does not say.
const COSIGN_DAYS: i64 = 30;

/// What a field of a definition was written as, for the checks that look over the whole.
pub(super) type Offsets = std::collections::BTreeMap<String, usize>;

impl Definition {
    /// Reads a definition. `file_name` may have folders before it; its last part without `.toml` is the slug.
    pub fn parse(file_name: &str, text: &str) -> Result<Definition, Vec<Fault>> {
        Self::parse_spoken(file_name, text, None)
    }

    /// As [`parse`](Self::parse) for a definition that is to be used from now on: it may not have texts in a language that
    /// is not `spoken`. An earlier version of it may, since languages come and go.
    pub fn parse_new(file_name: &str, text: &str, spoken: &[Language]) -> Result<Definition, Vec<Fault>> {
        Self::parse_spoken(file_name, text, Some(spoken))
    }

    fn parse_spoken(file_name: &str, text: &str, spoken: Option<&[Language]>) -> Result<Definition, Vec<Fault>> {
        let source = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let mut faults = Faults::new(file_name, &source);
        let (root, errors) = DeTable::parse_recoverable(&source);
        for error in &errors {
            faults.add(
                error.span().map_or(0, |s| s.start),
                format!("this is not TOML: {}", error.message()),
                "texts stand in quotes; a text of several lines stands within \"\"\"",
            );
        }
        if !errors.is_empty() {
            return Err(faults.into_sorted());
        }
        if let Some(spoken) = spoken {
            unspoken(&root, spoken, &mut faults);
        }
        let slug = slug(file_name, &mut faults);
        let mut offsets = Offsets::new();
        let definition = service(&root, slug, &mut offsets, &mut faults);
        if let Some(definition) = &definition {
            check_definition::check(definition, &offsets, &mut faults);
        }
        let Some(definition) = definition.filter(|_| faults.is_empty()) else {
            return Err(faults.into_sorted());
        };
        let version = hex(ring::digest::digest(&ring::digest::SHA256, source.as_bytes()).as_ref());
        Ok(Definition { version, source: source.clone(), ..definition })
    }
}

/// Texts that nobody would ever see: a tag that is written wrong, or a language that has no folder.
fn unspoken(table: &Spanned<DeTable<'_>>, spoken: &[Language], faults: &mut Faults<'_>) {
    let mut waiting = vec![table.get_ref()];
    while let Some(table) = waiting.pop() {
        for (key, value) in table.iter() {
            if let (Some(lang), DeValue::Table(_)) = (lang(key.get_ref()), value.get_ref())
                && !spoken.iter().any(|known| known.lang == lang)
            {
                let known: Vec<&str> = spoken.iter().map(|known| known.lang.tag()).collect();
                let hint = format!("there are texts in {}", known.join(", "));
                faults.add(key.span().start, format!("`{lang}` is not a language that is spoken here"), hint);
            }
            match value.get_ref() {
                DeValue::Table(inner) => waiting.push(inner),
                DeValue::Array(items) => waiting.extend(items.iter().filter_map(|item| item.get_ref().as_table())),
                _ => {}
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn slug(file_name: &str, faults: &mut Faults<'_>) -> Option<ServiceSlug> {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let slug = last.strip_suffix(".toml").unwrap_or(last).parse().ok();
    if slug.is_none() {
        faults.add(
            0,
            format!("the file name `{last}` cannot be an address"),
            "use a–z, digits and hyphens: bygglov.toml",
        );
    }
    slug
}

fn service(
    root: &Spanned<DeTable<'_>>,
    slug: Option<ServiceSlug>,
    offsets: &mut Offsets,
    faults: &mut Faults<'_>,
) -> Option<Definition> {
    let mut t = TableReader::new(root.get_ref(), 0..0, "the service");
    let title = t.needed_words("title", "what the resident wants done: Plats i förskola", faults);
    let summary = t.needed_words("summary", "one line for the list of services", faults);
    if summary.written().contains('\n') {
        faults.add(t.place("summary"), "`summary` has more than one line", "move the rest to for_whom or the steps");
    }
    let category = t.needed_text("category", "for example barn-och-utbildning", faults);
    let keywords = t.texts("keywords", faults).into_iter().map(|k| k.text).collect();
    let for_whom = t.needed_words("for_whom", "who may use the service", faults);
    let you_need = t.words_list("you_need", faults);
    let minutes = t.whole("minutes", 1..=240, faults);
    if !t.has("minutes") {
        faults.add(0, "the service has no `minutes`", "how long it takes to fill in: minutes = 5");
    }
    let what_happens_next = t.needed_words("what_happens_next", "what happens and when, after it is sent in", faults);
    let law = t.needed_words("law", "which law the service rests on", faults);
    let personal_data = t.needed_words("personal_data", "what is done with personal data, and why", faults);
    let send_label = t.words("send_label", faults);
    let level = level(&mut t, faults);
    let accept_eidas = t.flag("accept_eidas", faults);
    let may_act = may_act(&mut t, faults);
    let acting = acting(&mut t, &may_act, faults);
    let routing = routing(&mut t, faults);
    let appeal = t.one_of(
        "appeal_regime",
        &[("fl", AppealRegime::Fl), ("kl", AppealRegime::Kl), ("none", AppealRegime::None)],
        faults,
    );
    if !t.has("appeal_regime") {
        faults.add(0, "the service has no `appeal_regime`", "fl (förvaltningsbesvär), kl (laglighetsprövning) or none");
    }
    let sensitivity =
        t.one_of("sensitivity", &[("normal", Sensitivity::Normal), ("strict", Sensitivity::Strict)], faults);
    let retention = retention(&mut t, faults);
    let needs = needs(&mut t, faults);
    let signing = t.flag("signing", faults);
    let cosign = t.one_of("cosign", &[("guardians", Cosign::Guardians), ("named", Cosign::Named)], faults);
    let cosign_days = t.whole("cosign_days", 1..=180, faults).unwrap_or(COSIGN_DAYS);
    for key in ["signing", "cosign", "cosign_days"] {
        offsets.insert(key.to_owned(), t.place(key));
    }
    if t.has("cosign_days") && !t.has("cosign") {
        faults.add(t.place("cosign_days"), "nobody else signs here", "write cosign = \"guardians\" or \"named\"");
    }
    let (ask, correct) = applicant(&mut t, level, faults);
    let mut steps: Vec<Step> = Vec::new();
    let written = t.tables("steps", faults);
    if written.is_empty() {
        faults.add(0, "the service has no steps", "write [[steps]] with id, title and [[steps.fields]]");
    }
    for (table, span) in written {
        steps.push(step(TableReader::new(table, span, "a step"), offsets, faults));
    }
    t.finish(faults);
    let anonymous = level.is_anonymous();
    if !anonymous && !ask.is_empty() {
        steps.insert(0, built_in::applicant_step(&ask, &correct));
    }
    let child = steps.iter().flat_map(|s| &s.fields).find(|f| matches!(f.kind, FieldKind::Child));
    match (cosign, child.map(|f| f.id.clone())) {
        (Some(Cosign::Named), _) => steps.push(built_in::cosigner_step()),
        (Some(Cosign::Guardians), Some(child)) => steps.push(built_in::guardian_step(&child)),
        _ => {}
    }
    steps.push(if anonymous { built_in::anonymous_contact_step() } else { built_in::contact_step() });
    let send_label = if send_label.is_empty() { Words::text("form-send") } else { send_label };
    Some(Definition {
        slug: slug?,
        version: String::new(),
        source: String::new(),
        title,
        summary,
        category,
        keywords,
        for_whom,
        you_need,
        minutes: minutes.unwrap_or(5),
        what_happens_next,
        law,
        personal_data,
        send_label,
        level,
        accept_eidas,
        may_act,
        acting,
        routing,
        appeal: appeal.unwrap_or(AppealRegime::None),
        sensitivity: sensitivity.unwrap_or(Sensitivity::Normal),
        retention,
        needs,
        signing,
        cosign,
        cosign_days,
        steps,
    })
}

fn level(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Level {
    let hint = "how sure we must be of who it is: \"none\" (anonymous), 2, 3 or 4";
    if t.value("level").is_some_and(|v| v.get_ref().as_str().is_some()) {
        return t.one_of("level", &[("none", Level::None)], faults).unwrap_or(Level::Three);
    }
    if !t.has("level") {
        faults.add(0, "the service has no `level`", hint);
    }
    match t.whole("level", 2..=4, faults) {
        Some(2) => Level::Two,
        Some(4) => Level::Four,
        _ => Level::Three,
    }
}

fn may_act(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Vec<Actor> {
    let known = [Actor::Oneself, Actor::Child, Actor::Company, Actor::Association];
    let mut actors = Vec::new();
    for written in t.texts("may_act", faults) {
        match known.iter().find(|a| a.word() == written.text) {
            Some(actor) => actors.push(*actor),
            None => faults.add(
                written.offset,
                format!("`may_act` cannot have `{}`", written.text),
                did_you_mean(&written.text, &known.map(Actor::word)),
            ),
        }
    }
    if actors.is_empty() { vec![Actor::Oneself] } else { actors }
}

/// A permission code of Mina ombud.
fn is_power(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// What is accepted as a right to act for an organisation.
fn acting(t: &mut TableReader<'_>, may_act: &[Actor], faults: &mut Faults<'_>) -> Acting {
    let place = t.place("acting");
    let Some(mut a) = t.table("acting", "acting", faults) else {
        return Acting { declared: true, powers: Vec::new() };
    };
    let declared = !a.has("declared") || a.flag("declared", faults);
    let declared_at = a.place("declared");
    let mut powers = Vec::new();
    for written in a.texts("powers", faults) {
        if !is_power(&written.text) {
            let message = format!("`{}` cannot be a permission code", written.text);
            faults.add(written.offset, message, "a–z, digits, full stop, underscore and hyphen: foreningsbidrag");
        }
        powers.push(written.text);
    }
    a.finish(faults);
    let has = |actor| may_act.contains(&actor);
    if !has(Actor::Company) && !has(Actor::Association) {
        let hint = "take [acting] away, or add company or association to may_act";
        faults.add(place, "`acting` is about organisations, and none may act here", hint);
    } else if !declared && powers.is_empty() && !has(Actor::Company) {
        let hint = "no register says who signs for an association: name powers, or set declared = true";
        faults.add(declared_at, "nobody could use this service", hint);
    }
    Acting { declared, powers }
}

fn routing(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Routing {
    let Some(mut r) = t.table("routing", "routing", faults) else {
        if !t.has("routing") {
            faults.add(0, "the service has no `[routing]`", "write target, case_type, unit and classification");
        }
        return Routing {
            target: String::new(),
            case_type: String::new(),
            unit: String::new(),
            classification: String::new(),
        };
    };
    let routing = Routing {
        target: r.needed_text("target", "the receiving system's name in the settings: castor", faults),
        case_type: r.needed_text("case_type", "the case type there: KFN-BIDRAG", faults),
        unit: r.needed_text("unit", "the unit there: FRITID", faults),
        classification: r.needed_text("classification", "the class when the receiver has none: 3.4.2", faults),
    };
    r.finish(faults);
    routing
}

fn retention(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Retention {
    let Some(mut r) = t.table("retention", "retention", faults) else {
        if !t.has("retention") {
            faults.add(0, "the service has no `[retention]`", "write case = \"how long the case is kept\"");
        }
        return Retention { draft_days: 30, case: Words::default() };
    };
    let draft_days = r.whole("draft_days", 1..=365, faults).unwrap_or(30);
    let case = r.needed_words("case", "how long the case is kept, in words", faults);
    r.finish(faults);
    Retention { draft_days, case }
}

fn needs(t: &mut TableReader<'_>, faults: &mut Faults<'_>) -> Needs {
    let mut needs = Needs::default();
    for written in t.texts("needs", faults) {
        match written.text.as_str() {
            "navet.children" => needs.children = true,
            "navet.guardians" => needs.guardians = true,
            other => faults.add(
                written.offset,
                format!("`needs` cannot have `{other}`"),
                did_you_mean(other, &["navet.children", "navet.guardians"]),
            ),
        }
    }
    needs
}

/// What the built-in first step asks, and what of it the resident may correct.
fn applicant(
    t: &mut TableReader<'_>,
    level: Level,
    faults: &mut Faults<'_>,
) -> (Vec<ApplicantDetail>, Vec<ApplicantDetail>) {
    let place = t.place("applicant");
    let Some(mut a) = t.table("applicant", "applicant", faults) else {
        return (vec![ApplicantDetail::Name, ApplicantDetail::Address], Vec::new());
    };
    let known = [
        ("personnummer", ApplicantDetail::Personnummer),
        ("name", ApplicantDetail::Name),
        ("address", ApplicantDetail::Address),
    ];
    let words = known.map(|(word, _)| word);
    let mut list = |key: &'static str, faults: &mut Faults<'_>| {
        let mut details = Vec::new();
        for written in a.texts(key, faults) {
            match known.iter().find(|(word, _)| *word == written.text) {
                Some((_, detail)) => details.push(*detail),
                None => faults.add(
                    written.offset,
                    format!("`{key}` of applicant cannot have `{}`", written.text),
                    did_you_mean(&written.text, &words),
                ),
            }
        }
        details
    };
    let (ask, correct) = (list("ask", faults), list("may_correct", faults));
    a.finish(faults);
    if level.is_anonymous() {
        faults.add(
            place,
            "an anonymous service cannot ask who the applicant is",
            "take [applicant] away, or set level = 2 or more",
        );
    }
    (ask, correct)
}

fn step(mut t: TableReader<'_>, offsets: &mut Offsets, faults: &mut Faults<'_>) -> Step {
    let start = t.start;
    let id = t.needed_text("id", "the last part of the page's address: barnet", faults);
    t.call_it(format!("the step {id}"));
    let fine = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fine && !id.is_empty() {
        faults.add(
            t.place("id") + 1,
            format!("the step id `{id}` cannot be an address"),
            "use a–z, digits and hyphens",
        );
    }
    let place = if t.has("id") { t.place("id") + 1 } else { start };
    if offsets.insert(format!("step:{id}"), place).is_some() {
        faults.add(place, format!("there are two steps with the id `{id}`"), "give each step an id of its own");
    }
    if built_in::STEP_IDS.contains(&id.as_str()) {
        faults.add(place, format!("the step id `{id}` is built in"), "choose another id");
    }
    let title = t.needed_words("title", "the heading of the page", faults);
    let intro = t.words("intro", faults);
    let tables = t.tables("fields", faults);
    if tables.is_empty() && !t.has("fields") {
        faults.add(start, format!("the step {id} has no fields"), "write [[steps.fields]] with id, type and label");
    }
    let fields = parse_fields(tables, None, offsets, faults);
    t.finish(faults);
    Step { id, title, intro, fields, kind: StepKind::Own }
}
