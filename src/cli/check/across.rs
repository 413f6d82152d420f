//! What is wrong though every file is right by itself: names that lead nowhere, and files that nobody reads.

use crate::desk;
use crate::forms::{Actor, Definition};
use crate::municipalities::{Municipalities, Municipality, Routed, ambiguous, target_for};
use crate::portal::cases::StatusMappings;
use crate::portal::catalogue::Catalogue;
use crate::settings::{ConfigTree, KeyedFault, Settings};
use crate::texts::Texts;
use crate::toml_text::{Fault, did_you_mean, place_of};
use crate::vocabulary::TargetSlug;
use std::collections::BTreeMap;

/// What could be read.
pub(super) struct Read<'a> {
    pub tree: &'a ConfigTree,
    pub municipalities: &'a Municipalities,
    pub catalogue: &'a Catalogue,
    pub mappings: &'a StatusMappings,
}

impl Read<'_> {
    /// Every definition once, with the path of its file and the slugs of the municipalities that offer it.
    fn definitions(&self) -> BTreeMap<String, (std::sync::Arc<Definition>, Vec<String>)> {
        let mut all = BTreeMap::new();
        for m in self.municipalities.iter() {
            for definition in self.catalogue.offered(&m.slug) {
                let own = format!("municipalities/{}/services/{}.toml", m.slug, definition.slug);
                let shared = format!("services/{}.toml", definition.slug);
                let path = if self.tree.get(&own).is_some() { own } else { shared };
                all.entry(path).or_insert_with(|| (definition.clone(), Vec::new())).1.push(m.slug.to_string());
            }
        }
        all
    }

    fn at(&self, path: &str, key: &str, message: String, hint: String) -> Fault {
        let text = self.tree.get(path).unwrap_or_default();
        Fault::at(self.tree.shown(path), text, place_of(text, key).unwrap_or_default(), message, hint)
    }
}

/// Files whose name or folder nobody reads.
pub(super) fn unread(tree: &ConfigTree) -> Vec<Fault> {
    let is_read = |path: &str| {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [file] => ["default.toml", "production.toml", "demo.toml", "test.toml", "categories.toml"].contains(file),
            ["desk", file] => ["case-types.toml", "statuses.toml"].contains(file),
            ["targets" | "services", _] | ["municipalities", _, "services", _] => true,
            ["municipalities", _, file] => *file == "municipality.toml",
            _ => false,
        }
    };
    let hint = "services stand in services/ or municipalities/<name>/services/, a municipality in \
                municipalities/<name>/municipality.toml";
    let idle = tree.files().filter(|(path, _)| !is_read(path));
    idle.map(|(path, _)| Fault::of(tree.shown(path), "nobody reads this file", hint)).collect()
}

/// What a municipality says in a language that has no texts.
pub(super) fn languages(read: &Read<'_>, texts: &Texts) -> Vec<Fault> {
    let of = |m: &Municipality| -> Vec<Fault> {
        let (path, key) = (Municipality::file_of(m.slug.as_str()), "contact.opening_hours");
        texts.unspoken(&m.contact.opening_hours).map(|(message, hint)| read.at(&path, key, message, hint)).collect()
    };
    read.municipalities.iter().flat_map(|m| of(m)).collect()
}

/// Services whose category or target is not there.
pub(super) fn services(read: &Read<'_>, settings: Option<&Settings>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let categories: Vec<&str> = read.catalogue.categories().iter().map(|c| c.slug.as_str()).collect();
    for (path, (service, offered_by)) in read.definitions() {
        if !categories.contains(&service.category.as_str()) {
            let message = format!("there is no category `{}`", service.category);
            faults.push(read.at(&path, "category", message, did_you_mean(&service.category, &categories)));
        }
        let Some(settings) = settings else { continue };
        let needs_register = !service.acting.declared && service.may_act.contains(&Actor::Company);
        let lacks = |m: &&std::sync::Arc<Municipality>| {
            offered_by.contains(&m.slug.to_string())
                && m.company_register.as_ref().or(settings.company_register.as_ref()).is_none()
                && (service.acting.powers.is_empty()
                    || m.powers_of_attorney.as_ref().or(settings.powers_of_attorney.as_ref()).is_none())
        };
        if let Some(m) = read.municipalities.iter().filter(|_| needs_register).find(lacks) {
            let message = format!("nobody in {} could use this for a company: no register says who may", m.slug);
            let hint = "set company_register.url and its token, or declared = true";
            faults.push(read.at(&path, "acting.declared", message, hint.to_owned()));
        }
        let named = &service.routing;
        let target = named.target.parse::<TargetSlug>().ok();
        let what = Routed { service: service.slug.as_str(), unit: &named.unit, case_type: &named.case_type };
        for m in read.municipalities.iter().filter(|m| offered_by.contains(&m.slug.to_string())) {
            if target_for(&m.routing, &settings.routing, what).is_some() {
                // Where that leads is looked at with the tables themselves.
                continue;
            }
            let names = || settings.targets.keys().chain(m.targets.keys());
            if target.as_ref().is_some_and(|target| names().any(|name| name == target)) {
                continue;
            }
            let known: Vec<&str> = names().map(TargetSlug::as_str).collect();
            let message = format!("{} has no target `{}`", m.slug, service.routing.target);
            let near = did_you_mean(&service.routing.target, &known);
            let set = format!("set targets.{}.url and its secrets", service.routing.target);
            faults.push(read.at(&path, "routing.target", message, if near.is_empty() { set } else { near }));
            break;
        }
    }
    faults
}

/// Rows of the routing tables that lead nowhere, or that another row has settled already.
pub(in crate::cli) fn routing(settings: &Settings, municipalities: &Municipalities) -> Vec<KeyedFault> {
    let own = municipalities.iter().map(|m| (Some(m), &m.routing));
    let mut faults = Vec::new();
    for (of, table) in own.chain([(None, &settings.routing)]) {
        let mut say = |key: String, message: String, hint: String| {
            faults.push(KeyedFault { of: of.map(|m| m.slug.clone()), key, message, hint });
        };
        let names = || settings.targets.keys().chain(of.iter().flat_map(|m| m.targets.keys()));
        for (n, row) in (1..).zip(table) {
            // A row for all may lead to a target that every municipality has for itself.
            let has = |m: &std::sync::Arc<Municipality>| m.targets.contains_key(&row.target);
            let leads = names().any(|name| *name == row.target) || of.is_none() && municipalities.iter().all(has);
            if !leads {
                let known: Vec<&str> = names().map(TargetSlug::as_str).collect();
                let message = format!("there is no target `{}`", row.target);
                say(format!("routing.{n}.target"), message, did_you_mean(row.target.as_str(), &known));
            }
        }
        if let Some(n) = ambiguous(table) {
            let hint = "one row for each service, case type and unit".to_owned();
            say(format!("routing.{}", n + 1), "an earlier row is for the same".to_owned(), hint);
        }
    }
    faults
}

/// Rows of the routing tables that fit nothing which is offered where they stand.
pub(super) fn idle_routes(read: &Read<'_>, settings: &Settings) -> Vec<KeyedFault> {
    let own = read.municipalities.iter().map(|m| (Some(m), &m.routing));
    let mut faults = Vec::new();
    for (of, table) in own.chain([(None, &settings.routing)]) {
        let here = read.municipalities.iter().filter(|m| of.is_none_or(|of| of.slug == m.slug));
        let offered: Vec<_> = here.flat_map(|m| read.catalogue.offered(&m.slug)).collect();
        let mut say = |key: String, message: String, hint: String| {
            faults.push(KeyedFault { of: of.map(|m| m.slug.clone()), key, message, hint });
        };
        for (n, row) in (1..).zip(table) {
            let fits = |d: &&std::sync::Arc<Definition>| {
                let routing = &d.routing;
                let what = Routed { service: d.slug.as_str(), unit: &routing.unit, case_type: &routing.case_type };
                target_for(std::slice::from_ref(row), &[], what).is_some()
            };
            if offered.iter().any(fits) {
                continue;
            }
            let services: Vec<&str> = offered.iter().map(|d| d.slug.as_str()).collect();
            let units: Vec<&str> = offered.iter().map(|d| d.routing.unit.as_str()).collect();
            let types: Vec<&str> = offered.iter().map(|d| d.routing.case_type.as_str()).collect();
            let named = [
                ("service", &row.service, services, "no service"),
                ("unit", &row.unit, units, "no service names the unit"),
                ("case_type", &row.case_type, types, "no service names the case type"),
            ];
            let mut unknown = named.iter().filter_map(|(key, word, known, what)| {
                let word = word.as_deref().filter(|word| !known.contains(word))?;
                Some((format!("routing.{n}.{key}"), format!("{what} `{word}`"), did_you_mean(word, known)))
            });
            let (key, message, hint) = unknown.next().unwrap_or_else(|| {
                let hint = "each of its words is known, but no service has them all".to_owned();
                (format!("routing.{n}"), "this row fits nothing that is offered".to_owned(), hint)
            });
            say(key, message, hint);
        }
    }
    faults
}

/// Services and tables of our own desk that name what it does not have.
pub(super) fn desk(read: &Read<'_>, desk: &desk::errands::Catalogue) -> Vec<Fault> {
    let mut faults = Vec::new();
    let types: Vec<&str> = desk.types().iter().map(|t| t.code.as_str()).collect();
    let mut units: Vec<&str> = desk.types().iter().map(|t| t.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    let is_desk = |target: &str| target.parse().is_ok_and(|target| read.mappings.is_desk(&target));
    for (path, (service, _)) in read.definitions().into_iter().filter(|(_, (s, _))| is_desk(&s.routing.target)) {
        let routing = &service.routing;
        for (key, word, known, what) in
            [("case_type", &routing.case_type, &types, "case type"), ("unit", &routing.unit, &units, "unit")]
        {
            if !known.contains(&word.as_str()) {
                let message = format!("the desk has no {what} `{word}`");
                faults.push(read.at(&path, &format!("routing.{key}"), message, did_you_mean(word, known)));
            }
        }
    }
    let statuses: Vec<&str> = desk.statuses().iter().map(|s| s.code.as_str()).collect();
    for target in read.mappings.targets().filter(|target| read.mappings.is_desk(target)) {
        let path = format!("targets/{target}.toml");
        let text = read.tree.get(&path).unwrap_or_default();
        let fault = |word: &str, message: String, hint: String| {
            let at = text.find(&format!("\"{word}\"")).map_or(0, |n| n + 1);
            Fault::at(read.tree.shown(&path), text, at, message, hint)
        };
        let rows = read.mappings.rows(target);
        for row in rows {
            if !statuses.contains(&row.external_code.as_str()) {
                let message = format!("the desk has no status `{}`", row.external_code);
                faults.push(fault(&row.external_code, message, did_you_mean(&row.external_code, &statuses)));
            }
            if let Some(case_type) = row.case_type.as_deref().filter(|t| !types.contains(t)) {
                let message = format!("the desk has no case type `{case_type}`");
                faults.push(fault(case_type, message, did_you_mean(case_type, &types)));
            }
        }
        for status in statuses.iter().filter(|code| !rows.iter().any(|row| row.external_code == **code)) {
            let hint = format!("write [[status]] with external_code = \"{status}\"");
            faults.push(fault("", format!("the desk's status {status} has no row"), hint));
        }
    }
    faults
}
