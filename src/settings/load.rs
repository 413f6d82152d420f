//! Reading the settings in their order, with every fault named by its key and the place where it was written.

use super::{ConfigTree, Profile, Settings};
use crate::toml_text::{Fault, Layer, place_of, read_layers};
use crate::vocabulary::MunicipalitySlug;
use std::fmt;
use toml::{Table, Value};

/// Why the settings cannot be used: which key or file, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsFault(pub String);

const PREFIX: &str = "KOMMUNPORTAL__";
/// `targets.castor.url` has two; tables within tables without end would fill the stack.
const MOST_SECTIONS: usize = 4;

/// Keys that are lists when they come from the environment.
const LISTS: &[&str] = &[
    "bind",
    "hosts",
    "trusted_proxies",
    "retry_after",
    "secret_in",
    "secret_out",
    "seal",
    "algorithms",
    "acr_values",
    "assumed_methods",
    "scopes",
    "identity_bindings",
    "loa2",
    "loa3",
    "loa4",
    "eidas_loa2",
    "eidas_loa3",
    "eidas_loa4",
    "receipt",
    "receipt_retired",
    "allowed_addresses",
    "alert_to",
];
/// Keys whose items are numbers when they come from the environment.
const NUMBERS: &[&str] = &[
    "retry_after",
    "drain_seconds",
    "login_per_minute",
    "integration_per_minute",
    "reauthentication_minutes",
    "form_bytes",
    "file_bytes",
    "draft_files_bytes",
    "max_token_lifetime",
    "assumed_level",
    "per_minute",
    "at_once",
    "largest_bytes",
    "timeout_seconds",
    "content_timeout_seconds",
];
/// Keys that are yes or no.
const SWITCHES: &[&str] = &[
    "order_includes_protection_flags",
    "signed_requests",
    "userinfo_signed",
    "logout_typ_required",
    "eidas",
    "idempotent",
    "reserve",
    "read_case",
    "inline_attachments",
    "async_accept",
    "oauth2",
    "mtls",
    "citizen_events",
];
/// Keys whose values are never shown.
pub const SECRET_KEYS: &[&str] = &[
    "client_secret",
    "private_key",
    "next_private_key",
    "previous_private_key",
    "client_certificate",
    "token",
    "secret_out",
    "secret_in",
    "seal",
    "lookup",
    "forms",
    "receipt",
    "database_url",
];

/// A fault of one key, found after the reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedFault {
    /// In whose `municipality.toml`; `None` in the installation's settings.
    pub of: Option<MunicipalitySlug>,
    /// `portal.public_url`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for KeyedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(of) = &self.of {
            write!(f, "{of}: ")?;
        }
        write!(f, "{}: {}", self.key, self.message)?;
        if !self.hint.is_empty() {
            write!(f, ". Hint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// What was written as settings, and where: for faults that are found after the reading.
#[derive(Clone, Debug)]
pub struct Written(Vec<Layer>);

impl Written {
    /// A fault of the key `portal.public_url`, where it was last said, else where its section is.
    pub fn fault(&self, key: &str, message: impl Into<String>, hint: impl Into<String>) -> Fault {
        let says = |layer: &&Layer| layer.text.parse::<Table>().is_ok_and(|table| has(&table, key));
        match self.0.iter().rev().find(says) {
            Some(layer) if layer.is_file => {
                let place = place_of(&layer.text, key).unwrap_or_default();
                Fault::at(&layer.name, &layer.text, place, message, hint)
            }
            Some(layer) => Fault::of(&layer.name, message, hint),
            None => Fault::of("settings", message, hint),
        }
    }
}

fn has(table: &Table, key: &str) -> bool {
    let Some((first, rest)) = key.split_once('.') else { return table.contains_key(key) };
    match table.get(first) {
        Some(Value::Table(inner)) => has(inner, rest),
        // `routing.2.target`: rows are counted from 1.
        Some(Value::Array(rows)) => {
            let (n, rest) = rest.split_once('.').map_or((rest, None), |(n, rest)| (n, Some(rest)));
            let row = n.parse::<usize>().ok().and_then(|n| rows.get(n.checked_sub(1)?));
            row.is_some_and(|row| rest.is_none_or(|rest| row.as_table().is_some_and(|row| has(row, rest))))
        }
        _ => false,
    }
}

/// Reads the settings. `made` is laid between the files and the environment: what `demo` decides by itself.
pub fn load(
    tree: &ConfigTree,
    profile: Profile,
    made: Table,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, SettingsFault> {
    let (settings, faults, _) = read(tree, profile, made, environment);
    let told = || faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    settings.ok_or_else(|| SettingsFault(told()))
}

/// As [`load`], with every fault and its place.
pub fn read(
    tree: &ConfigTree,
    profile: Profile,
    made: Table,
    environment: impl Iterator<Item = (String, String)>,
) -> (Option<Settings>, Vec<Fault>, Written) {
    let (mut layers, mut faults) = (Vec::new(), Vec::new());
    for path in ["default.toml".to_owned(), format!("{}.toml", profile.as_str())] {
        if let Some(text) = tree.get(&path) {
            layers.push(Layer { name: tree.shown(&path), text: text.to_owned(), is_file: true });
        }
    }
    layers.push(Layer { name: "made by the command".to_owned(), text: made.to_string(), is_file: false });
    let mut environment: Vec<(String, String)> = environment.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    // The environment has no order; faults and what wins over what do.
    environment.sort();
    for (name, value) in environment {
        match from_environment(&name, value) {
            Ok(table) => layers.push(Layer { name, text: table.to_string(), is_file: false }),
            Err(fault) => faults.push(fault),
        }
    }
    let (settings, more) = read_layers::<Settings>(&layers, SECRET_KEYS);
    faults.extend(more);
    let settings = settings.filter(|_| faults.is_empty()).map(|settings| Settings { profile, ..settings });
    (settings, faults, Written(layers))
}

/// One variable as the table that a file would have for it.
fn from_environment(name: &str, value: String) -> Result<Table, Fault> {
    let path = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    if path.matches("__").count() > MOST_SECTIONS {
        return Err(Fault::of(name, "no key has so many parts", "write KOMMUNPORTAL__SECTION__KEY"));
    }
    let (parts, key) = path.rsplit_once("__").unwrap_or(("", &path));
    let (key, value) = match key.strip_suffix("_file") {
        None => (key, value),
        Some(bare) => {
            let read = std::fs::read_to_string(&value).map_err(|e| {
                Fault::of(
                    name,
                    format!("the file {value} cannot be read: {e}"),
                    "write the path of a file with the value",
                )
            })?;
            (bare, read.trim_end().to_owned())
        }
    };
    let mut table = Table::from_iter([(key.to_owned(), typed(name, key, &value)?)]);
    for part in parts.rsplit("__").filter(|part| !part.is_empty()) {
        table = Table::from_iter([(part.to_owned(), Value::Table(table))]);
    }
    Ok(table)
}

fn typed(name: &str, key: &str, text: &str) -> Result<Value, Fault> {
    let one = |text: &str| -> Result<Value, Fault> {
        if NUMBERS.contains(&key) {
            let fault = |_| Fault::of(name, "not a number", "write digits only");
            text.parse().map(Value::Integer).map_err(fault)
        } else if SWITCHES.contains(&key) {
            text.parse()
                .map(Value::Boolean)
                .map_err(|_| Fault::of(name, "neither true nor false", "write true or false"))
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
