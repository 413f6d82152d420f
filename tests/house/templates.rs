//! Templates and texts: every key there is in Swedish and in English, every key that is used is there, nothing inline.

use kommunportal::contract::{Outcome, PortalStatus};
use kommunportal::vocabulary::Lang;
use kommunportal::web::Renderer;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
            found.push((shown, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn pages() -> Vec<(String, String)> {
    let mut pages = files(&root("templates"), "html");
    pages.extend(files(&root("templates"), "txt"));
    pages
}

/// Messages of one language by key, with the names of the values they take.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in files(&root(&format!("templates/texts/{language}")), "ftl") {
        let mut key = None;
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_alphabetic())
                && let Some((name, _)) = line.split_once('=')
            {
                let name = name.trim().to_owned();
                assert!(found.insert(name.clone(), BTreeSet::new()).is_none(), "{file}: {name} stands twice");
                key = Some(name);
            }
            if let Some(key) = &key {
                let values = found.entry(key.clone()).or_default();
                for part in line.split('$').skip(1) {
                    let end = part.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(part.len());
                    values.insert(part[..end].to_owned());
                }
            }
        }
    }
    found
}

/// The folders of texts.
fn languages() -> Vec<String> {
    let folders = std::fs::read_dir(root("templates/texts")).unwrap();
    folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn swedish_and_english_have_the_same_texts_and_no_language_has_others() {
    let (sv, en) = (messages("sv"), messages("en"));
    assert!(sv.len() > 300, "only {} texts were found", sv.len());
    let mut faults: Vec<String> = sv
        .iter()
        .filter(|(key, values)| en.get(*key) != Some(values))
        .map(|(key, values)| format!("{key}: Swedish takes {values:?}, English {:?}", en.get(key)))
        .collect();
    // A language may have fewer texts: it borrows the rest from Swedish.
    for language in languages() {
        let strange = messages(&language).into_iter().filter(|(key, values)| sv.get(key) != Some(values));
        faults.extend(strange.map(|(key, values)| format!("{language}: {key} with {values:?} is not so in Swedish")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_text_that_a_template_shows_exists_and_every_template_can_be_read() {
    let renderer = Renderer::new().unwrap();
    let mut faults = Vec::new();
    for (file, text) in pages() {
        let calls = text.split("t(key=\"").skip(1).chain(text.split("t(key='").skip(1));
        for call in calls {
            let key = call.split(['"', '\'']).next().unwrap_or_default();
            // `t(key="status-" ~ word)`: only the beginning is known here.
            let is_whole = call[key.len() + 1..].trim_start().starts_with([',', ')']);
            for lang in ["sv", "en"].map(|tag| tag.parse::<Lang>().unwrap()) {
                if is_whole && !renderer.texts().has(lang, key) {
                    faults.push(format!("{file}: {key} is missing in {lang:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_status_outcome_and_family_of_texts_that_the_code_puts_together_exists() {
    let known = messages("sv");
    let word = |word: &str| word.replace('_', "-");
    let statuses = PortalStatus::ALL.iter().map(|s| word(s.as_str()));
    let mut wanted: Vec<String> = statuses
        .flat_map(|s| [format!("status-{s}"), format!("status-{s}-text"), format!("status-{s}-next")])
        .collect();
    wanted.extend(Outcome::ALL.iter().map(|o| format!("case-outcome-{}", word(o.as_str()))));
    let mut faults: Vec<String> = wanted.into_iter().filter(|key| !known.contains_key(key)).collect();
    // `format!("desk-outcome-{}", …)`: somebody must be of that family.
    let families = known.keys().filter_map(|k| k.split_once('-')).map(|(f, _)| f).collect::<BTreeSet<_>>();
    for (file, text) in files(&root("src"), "rs").into_iter().filter(|(file, _)| !file.contains("test")) {
        for literal in text.split('"').filter_map(|part| part.split_once("-{").map(|(head, _)| head)) {
            let is_key = literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && literal.contains('-');
            let of_texts = literal.split('-').next().is_some_and(|family| families.contains(family));
            if is_key && of_texts && !known.keys().any(|key| key.starts_with(&format!("{literal}-"))) {
                faults.push(format!("{file}: {literal}-…"));
            }
        }
    }
    assert!(faults.is_empty(), "missing:\n{}", faults.join("\n"));
}

#[test]
fn every_text_is_shown_by_somebody() {
    let mut used: String = pages().into_iter().map(|(_, text)| text).collect();
    for folder in ["src", "config", "templates/texts/sv"] {
        for extension in ["rs", "toml"] {
            used.extend(files(&root(folder), extension).into_iter().map(|(_, text)| text));
        }
    }
    // Keys that are put together: `status-` and a word, `service-` and a word.
    let beginnings: BTreeSet<&str> = used
        .split(['"', '\'', '`'])
        .filter(|part| {
            part.len() > 2 && part.ends_with('-') && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        })
        .chain(used.split(['"', '\'']).filter_map(|part| part.split_once("-{").map(|(head, _)| head)))
        .collect();
    let words: BTreeSet<&str> = used.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').collect();
    let idle: Vec<String> = messages("sv")
        .into_keys()
        .filter(|key| !words.contains(key.as_str()) && !beginnings.iter().any(|b| key.starts_with(b)))
        .collect();
    assert!(idle.is_empty(), "texts that nothing names:\n{}", idle.join("\n"));
}

#[test]
fn no_page_has_inline_script_or_style() {
    let mut faults = Vec::new();
    for (file, text) in pages() {
        // A mail is no page of ours: mail programs want their looks inline.
        if file.starts_with("templates/mail/") {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let low = line.to_ascii_lowercase();
            let inline_script = low.contains("<script") && !low.contains("src=");
            let handler = low.split([' ', '\t']).any(|word| {
                word.strip_prefix("on")
                    .is_some_and(|w| w.contains("=\"") && w.starts_with(|c: char| c.is_ascii_lowercase()))
            });
            if inline_script
                || handler
                || low.contains("<style")
                || low.contains(" style=")
                || low.contains("javascript:")
            {
                faults.push(format!("{file}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "the Content-Security-Policy allows nothing inline:\n{}", faults.join("\n"));
}

#[test]
fn every_form_that_is_posted_has_a_token() {
    let mut faults = Vec::new();
    for (file, text) in pages() {
        if file.starts_with("templates/simulators/") {
            continue;
        }
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let head = form.split('>').next().unwrap_or_default().to_ascii_lowercase();
            if head.contains("method=\"post\"") && !form.contains("_csrf") && !form.contains("csrf") {
                faults.push(format!("{file}: <form{}>", head.trim_end()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_text_shouts() {
    let mut faults = Vec::new();
    for (file, text) in files(&root("templates/texts"), "ftl") {
        let loud = text.lines().filter(|line| !line.starts_with('#') && line.contains('!'));
        faults.extend(loud.map(|line| format!("{file}: {line}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
