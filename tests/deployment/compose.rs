//! docker-compose.yml as the engine reads it: anchors, merges (`<<`), variables from an env file.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use yaml_rust2::{Yaml, YamlLoader};

pub type Variables = BTreeMap<String, String>;

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An env file: `NAME=value` in each line.
pub fn env_file(path: &str) -> Variables {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    lines
        .map(|l| l.split_once('=').unwrap_or_else(|| panic!("{path}: {l}")))
        .map(|(k, v)| (k.into(), v.into()))
        .collect()
}

/// The file with its variables filled in. A required one that is missing stops the test, as it stops the engine.
pub fn read(variables: &Variables) -> Value {
    let text = std::fs::read_to_string(root().join("docker-compose.yml")).unwrap();
    let mut file = as_json(&YamlLoader::load_from_str(&text).unwrap()[0]);
    fill_in(&mut file, variables);
    file
}

/// With what is merged put in; a key's own value wins over a merged one, the first of several over the later.
fn as_json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => text.as_str().into(),
        Yaml::Boolean(is) => (*is).into(),
        Yaml::Integer(number) => (*number).into(),
        Yaml::Null => Value::Null,
        Yaml::Array(items) => items.iter().map(as_json).collect(),
        Yaml::Hash(entries) => {
            let mut map = Map::new();
            let mut merged = Vec::new();
            for (key, value) in entries {
                match (key.as_str().unwrap(), as_json(value)) {
                    ("<<", Value::Array(several)) => merged.extend(several),
                    ("<<", one) => merged.push(one),
                    (key, value) => drop(map.insert(key.to_owned(), value)),
                }
            }
            for (key, value) in merged.iter().flat_map(|m| m.as_object().unwrap()) {
                map.entry(key).or_insert_with(|| value.clone());
            }
            map.into()
        }
        other => panic!("{other:?}"),
    }
}

fn fill_in(value: &mut Value, variables: &Variables) {
    match value {
        Value::String(text) => *text = filled_in(text, variables),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_in(item, variables)),
        Value::Object(map) => map.values_mut().for_each(|item| fill_in(item, variables)),
        _ => {}
    }
}

fn filled_in(text: &str, variables: &Variables) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, after) = after.split_once('}').unwrap_or_else(|| panic!("{text}: not closed"));
        let (name, default) = match (inside.split_once(":-"), inside.split_once(":?")) {
            (Some((name, default)), _) => (name, Some(default)),
            (None, Some((name, _))) => (name, None),
            (None, None) => panic!("{text}: says neither a default nor that it is required"),
        };
        let set = variables.get(name).map(String::as_str).filter(|v| !v.is_empty());
        out.push_str(before);
        out.push_str(set.or(default).unwrap_or_else(|| panic!("{name} is required and not set")));
        rest = after;
    }
    out + rest
}

/// One service of the file.
pub struct Service<'a> {
    pub name: &'a str,
    pub value: &'a Value,
}

pub fn services(file: &Value) -> Vec<Service<'_>> {
    file["services"].as_object().unwrap().iter().map(|(name, value)| Service { name, value }).collect()
}

pub fn service<'a>(file: &'a Value, name: &'a str) -> Service<'a> {
    let value = &file["services"][name];
    assert!(value.is_object(), "no service {name}");
    Service { name, value }
}

impl Service<'_> {
    /// A list of texts; empty when the key is not there.
    pub fn list(&self, key: &str) -> Vec<&str> {
        let items = self.value[key].as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| item.as_str().unwrap_or_else(|| panic!("{}: {key}", self.name))).collect()
    }

    pub fn environment(&self) -> Vec<(&str, &str)> {
        let Some(map) = self.value["environment"].as_object() else { return Vec::new() };
        let text = |v: &Value, key: &str| assert!(v.is_string(), "{}: {key} is {v} and must be a text", self.name);
        map.iter().for_each(|(key, v)| text(v, key));
        map.iter().filter_map(|(key, v)| Some((key.as_str(), v.as_str()?))).collect()
    }

    /// Which services come first, and what must be true of them.
    pub fn needs(&self) -> Vec<(&str, &str)> {
        let Some(map) = self.value["depends_on"].as_object() else { return Vec::new() };
        map.iter().map(|(name, v)| (name.as_str(), v["condition"].as_str().unwrap())).collect()
    }

    /// What its health check runs; empty without one.
    pub fn health_check(&self) -> Vec<&str> {
        let Some(words) = self.value["healthcheck"]["test"].as_array() else { return Vec::new() };
        let words: Vec<&str> = words.iter().map(|w| w.as_str().unwrap()).collect();
        assert_eq!(words.first(), Some(&"CMD"), "{}: there is no shell", self.name);
        words[1..].to_vec()
    }

    pub fn is_ours(&self) -> bool {
        self.value["image"].as_str().is_some_and(|image| image.starts_with("kommunportal:"))
    }

    /// Ends by itself.
    pub fn runs_once(&self) -> bool {
        self.value["restart"] == "no"
    }
}
