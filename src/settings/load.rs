//! Reading the settings in their order, with every fault named by its key.

use super::{ConfigTree, Profile, Settings};
use toml::{Table, Value};

/// Why the settings cannot be used: which key or file, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsFault(pub String);

const PREFIX: &str = "KOMMUNPORTAL__";

/// Keys that are lists when they come from the environment.
const LISTS: &[&str] = &["bind", "hosts", "trusted_proxies", "retry_after", "secret_in", "secret_out", "seal"];
/// Keys whose items are numbers when they come from the environment.
const NUMBERS: &[&str] =
    &["retry_after", "drain_seconds", "login_per_minute", "form_bytes", "file_bytes", "draft_files_bytes"];
/// Keys that are yes or no.
const SWITCHES: &[&str] = &["order_includes_protection_flags"];

/// Reads the settings. `made` is laid between the files and the environment: what `demo` decides by itself.
pub fn load(
    tree: &ConfigTree,
    profile: Profile,
    made: Table,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, SettingsFault> {
    let mut merged = Table::new();
    for path in ["default.toml".to_owned(), format!("{}.toml", profile.as_str())] {
        if let Some(text) = tree.get(&path) {
            let table: Table = text.parse().map_err(|e| SettingsFault(format!("{}: {e}", tree.shown(&path))))?;
            merge(&mut merged, table);
        }
    }
    merge(&mut merged, made);
    let (mut names, environment): (Vec<String>, Vec<_>) =
        environment.filter(|(name, _)| name.starts_with(PREFIX)).map(|pair| (pair.0.clone(), pair)).unzip();
    merge(&mut merged, from_environment(environment.into_iter())?);
    let mut settings = Settings::deserialize_from(merged).map_err(|SettingsFault(why)| {
        // The fault quotes the key as it is written in files; whoever wrote it in the environment looks for it there.
        let unknown = why.split_once("unknown field `").and_then(|(_, rest)| rest.split('`').next());
        let is_it = |part: &str| {
            let part = part.to_lowercase();
            unknown.is_some_and(|key| part == key || part.strip_suffix("_file") == Some(key))
        };
        names.retain(|name| name.split("__").any(is_it));
        let from = if names.is_empty() { String::new() } else { format!("{}: ", names.join(", ")) };
        SettingsFault(format!("{from}{why}"))
    })?;
    settings.profile = profile;
    Ok(settings)
}

impl Settings {
    fn deserialize_from(table: Table) -> Result<Self, SettingsFault> {
        table.try_into().map_err(|e: toml::de::Error| {
            SettingsFault(format!(
                "settings: {e}Hint: keys are written section.key in config/*.toml, or KOMMUNPORTAL__SECTION__KEY in the environment."
            ))
        })
    }
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn from_environment(environment: impl Iterator<Item = (String, String)>) -> Result<Table, SettingsFault> {
    let mut table = Table::new();
    for (name, value) in environment {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let mut parts: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        let Some(mut key) = parts.pop() else { continue };
        let mut value = value;
        if let Some(bare) = key.strip_suffix("_file") {
            value = std::fs::read_to_string(&value)
                .map_err(|e| SettingsFault(format!("{name}: the file cannot be read: {e}")))?
                .trim_end()
                .to_owned();
            key = bare.to_owned();
        }
        let value = typed(&name, &key, &value)?;
        let mut place = &mut table;
        for part in parts {
            let next = place.entry(part).or_insert_with(|| Value::Table(Table::new()));
            place = next.as_table_mut().ok_or_else(|| SettingsFault(format!("{name}: not a section")))?;
        }
        place.insert(key, value);
    }
    Ok(table)
}

fn typed(name: &str, key: &str, text: &str) -> Result<Value, SettingsFault> {
    let one = |text: &str| -> Result<Value, SettingsFault> {
        if NUMBERS.contains(&key) {
            text.parse().map(Value::Integer).map_err(|_| SettingsFault(format!("{name}: not a number")))
        } else if SWITCHES.contains(&key) {
            text.parse().map(Value::Boolean).map_err(|_| SettingsFault(format!("{name}: write true or false")))
        } else {
            Ok(Value::String(text.to_owned()))
        }
    };
    if LISTS.contains(&key) {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        Ok(Value::Array(items.map(one).collect::<Result<_, _>>()?))
    } else {
        one(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)]) -> Result<Settings, SettingsFault> {
        let pairs: Vec<(String, String)> = environment.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        load(&ConfigTree::embedded(), Profile::Test, Table::new(), pairs.into_iter())
    }

    #[test]
    fn the_environment_wins_and_lists_are_divided_by_comma() {
        let settings = with(&[
            ("KOMMUNPORTAL__PORTAL__BIND", "127.0.0.1:1, [::1]:2"),
            ("KOMMUNPORTAL__LIMITS__LOGIN_PER_MINUTE", "7"),
            ("PATH", "/usr/bin"),
        ])
        .unwrap();
        assert_eq!(settings.portal.bind.len(), 2);
        assert_eq!(settings.limits.login_per_minute, 7);
    }

    #[test]
    fn an_unknown_key_stops_the_start_by_name() {
        let fault = with(&[("KOMMUNPORTAL__PORTAL__BNID", "127.0.0.1:1")]).unwrap_err().to_string();
        assert!(fault.starts_with("KOMMUNPORTAL__PORTAL__BNID: "), "{fault}");
    }

    #[test]
    fn a_secret_can_come_from_a_file_and_is_never_printed() {
        let path = std::env::temp_dir().join(format!("kp-secret-{}", std::process::id()));
        std::fs::write(&path, "postgres://u:hemligt@db/x\n").unwrap();
        let settings = with(&[("KOMMUNPORTAL__PORTAL__DATABASE_URL_FILE", path.to_str().unwrap())]).unwrap();
        assert_eq!(settings.portal.database_url.expose(), "postgres://u:hemligt@db/x");
        assert!(!format!("{settings:?}").contains("hemligt"));
        std::fs::remove_file(path).unwrap();
    }
}
