//! What is wrong with templates and texts, with its place: what cannot be read, and what would show itself only when
//! somebody opens the page: a text that nobody has written, or that lacks a value. A language may have fewer texts than
//! Swedish, which stands in, but no others.

use crate::texts::Texts;
use crate::toml_text::{Fault, did_you_mean};
use crate::vocabulary::Lang;
use std::collections::{BTreeMap, BTreeSet};
use tera::{ErrorKind, Kwargs, State, Tera};

/// Where the texts stand below `templates/`, a folder for each language.
pub(super) const TEXTS: &str = "texts/";

/// A text: where it stands and which values it takes.
struct Message {
    file: usize,
    offset: usize,
    values: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;

/// Every fault of the files, `(path below templates/, text)`; in the order of the files.
pub fn template_faults(files: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let texts = files.iter().filter(|(path, _)| path.ends_with(".ftl"));
    let texts = texts.filter_map(|(path, text)| Some((path.strip_prefix(TEXTS)?.to_owned(), text.clone())));
    faults.extend(Texts::read(texts).1);
    let swedish = messages(files, Lang::SWEDISH.tag());
    let folders = files.iter().filter_map(|(path, _)| path.strip_prefix(TEXTS)?.split_once('/'));
    for language in folders.map(|(folder, _)| folder).collect::<BTreeSet<_>>() {
        strange(files, language, &swedish, &mut faults);
    }
    let pages: Vec<&(String, String)> =
        files.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".txt")).collect();
    for (path, text) in &pages {
        calls(path, text, &swedish, &mut faults);
    }
    faults.extend(unreadable(&pages));
    faults.sort();
    faults.dedup();
    faults
}

fn shown(path: &str) -> String {
    format!("templates/{path}")
}

/// The texts of one language. One that stands twice, which is told elsewhere, is the last.
fn messages(files: &[(String, String)], language: &str) -> Messages {
    let folder = format!("{TEXTS}{language}/");
    let mut found = Messages::new();
    for (file, (_, text)) in files.iter().enumerate().filter(|(_, (path, _))| path.starts_with(&folder)) {
        let (mut offset, mut key) = (0, None::<String>);
        for line in text.split_inclusive('\n') {
            if line.starts_with(|c: char| c.is_ascii_alphabetic())
                && let Some((name, _)) = line.split_once('=')
            {
                let name = name.trim().to_owned();
                found.insert(name.clone(), Message { file, offset, values: BTreeSet::new() });
                key = Some(name);
            }
            if let Some(message) = key.as_ref().and_then(|key| found.get_mut(key)).filter(|_| !line.starts_with('#')) {
                let word = |part: &str| part.split(|c: char| !is_of_a_name(c)).next().unwrap_or_default().to_owned();
                message.values.extend(line.split('$').skip(1).map(word));
            }
            offset += line.len();
        }
    }
    found
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Texts of a language that Swedish does not have, or whose values are not those of the Swedish.
fn strange(files: &[(String, String)], language: &str, swedish: &Messages, faults: &mut Vec<Fault>) {
    let list = |values: &BTreeSet<String>| match values.is_empty() {
        true => "none".to_owned(),
        false => values.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    for (key, message) in messages(files, language) {
        let (what, hint) = match swedish.get(&key) {
            Some(source) if source.values == message.values => continue,
            Some(source) => {
                let (own, source) = (list(&message.values), list(&source.values));
                let what =
                    format!("the text `{key}` takes other values in {language} ({own}) than in Swedish ({source})");
                (what, "use the same values in both")
            }
            None => (format!("the text `{key}` is missing in Swedish"), "write it in templates/texts/sv"),
        };
        if let Some((path, text)) = files.get(message.file) {
            faults.push(Fault::at(shown(path), text, message.offset, what, hint));
        }
    }
}

/// Each `t(key="…", name=…)` of a page: the text is there and gets its values.
fn calls(path: &str, page: &str, swedish: &Messages, faults: &mut Vec<Fault>) {
    for (at, _) in page.match_indices("t(key=") {
        if page.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_of_a_name) {
            continue;
        }
        let begin = at + "t(key=".len();
        let rest = page.get(begin..).unwrap_or_default();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some((key, after)) = rest.get(1..).and_then(|r| r.split_once(quote)) else { continue };
        let mut fault =
            |message: String, hint: String| faults.push(Fault::at(shown(path), page, begin + 1, message, hint));
        if after.trim_start().starts_with('~') {
            // Put together with what the page knows: only its beginning is known here.
            if !swedish.keys().any(|known| known.starts_with(key)) {
                fault(format!("no text begins with `{key}`"), "write it in templates/texts/sv".to_owned());
            }
            continue;
        }
        let Some(message) = swedish.get(key) else {
            let known: Vec<&str> = swedish.keys().map(String::as_str).collect();
            let near = Some(did_you_mean(key, &known)).filter(|hint| hint.starts_with("did you"));
            let hint = near.unwrap_or_else(|| "write it in templates/texts/sv".to_owned());
            fault(format!("there is no text `{key}`"), hint);
            continue;
        };
        let given = given(after);
        for value in message.values.iter().filter(|value| !given.contains(value.as_str())) {
            let hint = format!("write t(key=\"{key}\", {value}=…)");
            fault(format!("the text `{key}` needs the value `{value}`, which is not given"), hint);
        }
    }
}

/// The names that a call gives values to; `rest` begins after its key.
fn given(rest: &str) -> BTreeSet<&str> {
    let (mut names, mut depth, mut quote, mut begin) = (BTreeSet::new(), 0usize, None, 0);
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => break,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => begin = at + 1,
            (None, '=') if depth == 0 => {
                names.extend(rest.get(begin..at).map(str::trim).filter(|n| !n.is_empty()));
            }
            _ => {}
        }
    }
    names
}

/// What Tera cannot read, template for template; when all can be read, names that lead nowhere.
fn unreadable(pages: &[&(String, String)]) -> Vec<Fault> {
    let environment = || {
        let mut tera = Tera::default();
        tera.register_function("t", |_: Kwargs, _: &State| -> tera::TeraResult<String> { Ok(String::new()) });
        tera
    };
    let mut faults: Vec<Fault> = pages
        .iter()
        .filter_map(|(path, text)| match environment().add_raw_template(path, text).err()?.kind() {
            ErrorKind::SyntaxError(report) => Some(Fault::at(
                shown(path),
                text,
                report.span().range.start,
                format!("the template cannot be read: {}", report.message()),
                "{{ value }}, {% if … %}…{% endif %}, {{<component name={value} />}}",
            )),
            _ => None,
        })
        .collect();
    if faults.is_empty()
        && let Err(error) =
            environment().add_raw_templates(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    {
        faults.extend(match error.kind() {
            ErrorKind::MissingParent { current, parent } => {
                let text = pages.iter().find(|(path, _)| path == current).map_or("", |(_, text)| text);
                let at = text.find(parent.as_str()).unwrap_or_default();
                let known: Vec<&str> =
                    pages.iter().map(|(path, _)| path.as_str()).filter(|p| p.starts_with("layouts/")).collect();
                let message = format!("there is no template `{parent}` to extend");
                vec![Fault::at(shown(current), text, at, message, did_you_mean(parent, &known))]
            }
            _ => reports(&error.to_string()),
        });
    }
    faults
}

/// Tera tells several names that lead nowhere as one text: `error: …` and, on the next line, `--> file:line:column`.
fn reports(text: &str) -> Vec<Fault> {
    let mut found = Vec::new();
    for report in text.split("error: ").filter(|part| !part.trim().is_empty()) {
        let message = report.lines().next().unwrap_or_default();
        let place = report.lines().nth(1).and_then(|line| line.split_once("--> ")).map(|(_, place)| place.trim());
        let mut parts = place.into_iter().flat_map(|place| place.rsplitn(3, ':'));
        let column = parts.next().and_then(|n| n.parse().ok());
        let line = parts.next().and_then(|n| n.parse().ok());
        found.push(match (parts.next(), line, column) {
            (Some(file), Some(line), Some(column)) => Fault {
                file: shown(file),
                line,
                column,
                message: message.to_owned(),
                hint: "components stand in templates/components, layouts in templates/layouts".to_owned(),
            },
            _ => Fault::of("templates", message, ""),
        });
    }
    found
}
