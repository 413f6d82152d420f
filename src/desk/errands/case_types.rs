//! What the configuration says of case types and statuses: `desk/case-types.toml` and `desk/statuses.toml`.

use crate::contract::Outcome;
use crate::settings::ConfigTree;
use crate::word_enum;
use serde::Deserialize;
use serde::de::DeserializeOwned;

word_enum! {
    /// How a decision of a case type is appealed.
    AppealRegime {
        /// Förvaltningslagen 40–46 §§.
        Administrative = "fl",
        /// Laglighetsprövning, kommunallagen 13 kap.
        Legality = "kl",
        /// Not at all.
        None = "none",
    }
}

/// Where an errand lands and how it may end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseType {
    /// `BUN-FORSKOLA`.
    pub code: String,
    /// For handlers.
    pub name: String,
    /// Code of the unit that handles it.
    pub unit: String,
    /// How a decision is appealed.
    pub appeal: AppealRegime,
    /// How it may end.
    pub outcomes: Vec<Outcome>,
    /// Texts offered when a handler writes.
    #[serde(default)]
    pub reply: Vec<Reply>,
}

/// A text offered when a handler writes.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// In the list.
    pub name: String,
    /// What is put into the box.
    pub text: String,
}

/// One of the desk's own statuses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// `HANDLAGGS`; what the portal maps.
    pub code: String,
    /// For handlers, and for the portal's staff when the code is not mapped.
    pub label: String,
    /// May be set by hand.
    pub choose: bool,
}

/// Statuses that follow from what is done. The configuration must know each.
pub mod code {
    /// As registered.
    pub const REGISTERED: &str = "REG";
    /// Somebody has it.
    pub const ASSIGNED: &str = "TILLDELAD";
    /// Being worked on.
    pub const IN_PROGRESS: &str = "HANDLAGGS";
    /// The resident has the next move.
    pub const SUPPLEMENT_NEEDED: &str = "KOMP";
    /// She has made it.
    pub const SUPPLEMENT_RECEIVED: &str = "KOMPL";
    /// Decided.
    pub const DECIDED: &str = "BESLUTAD";
    /// Taken back by her.
    pub const WITHDRAWN: &str = "ATERKALLAD";
    /// Over.
    pub const CLOSED: &str = "AVSLUTAD";

    pub(super) const ALL: [&str; 8] =
        [REGISTERED, ASSIGNED, IN_PROGRESS, SUPPLEMENT_NEEDED, SUPPLEMENT_RECEIVED, DECIDED, WITHDRAWN, CLOSED];
}

/// Every case type and status.
#[derive(Clone, Debug)]
pub struct Catalogue {
    types: Vec<CaseType>,
    fallback: CaseType,
    statuses: Vec<Status>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypesFile {
    fallback: String,
    case_type: Vec<CaseType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusesFile {
    status: Vec<Status>,
}

impl Catalogue {
    /// Reads both files; all faults at once, each with its file.
    pub fn load(tree: &ConfigTree) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let types: Option<TypesFile> = read(tree, "desk/case-types.toml", &mut faults);
        let statuses: Option<StatusesFile> = read(tree, "desk/statuses.toml", &mut faults);
        let (Some(types), Some(statuses)) = (types, statuses) else { return Err(faults) };
        let place = tree.shown("desk/case-types.toml");
        for (n, one) in types.case_type.iter().enumerate() {
            if types.case_type.iter().take(n).any(|other| other.code == one.code) {
                faults.push(format!("{place}: the case type {} is there twice. Hint: give one another code", one.code));
            }
            if one.outcomes.is_empty() {
                faults.push(format!("{place}: the case type {} cannot end. Hint: outcomes = [\"answered\"]", one.code));
            }
        }
        for wanted in code::ALL {
            if !statuses.status.iter().any(|s| s.code == wanted) {
                let place = tree.shown("desk/statuses.toml");
                faults.push(format!("{place}: the status {wanted} is missing. Hint: the desk sets it by itself"));
            }
        }
        let fallback = types.case_type.iter().find(|t| t.code == types.fallback).cloned();
        if fallback.is_none() {
            faults.push(format!("{place}: fallback = \"{}\" is not one of the case types", types.fallback));
        }
        match fallback {
            Some(fallback) if faults.is_empty() => {
                Ok(Self { types: types.case_type, fallback, statuses: statuses.status })
            }
            _ => Err(faults),
        }
    }

    /// A case type, if it is known.
    pub fn find(&self, code: &str) -> Option<&CaseType> {
        self.types.iter().find(|t| t.code == code)
    }

    /// The type of an errand: one that has gone from the configuration is handled as the fallback.
    pub fn of(&self, code: &str) -> &CaseType {
        self.find(code).unwrap_or(&self.fallback)
    }

    /// What nobody knows where to put.
    pub fn fallback(&self) -> &CaseType {
        &self.fallback
    }

    /// Every type, in order of the file.
    pub fn types(&self) -> &[CaseType] {
        &self.types
    }

    /// Every status, in order of the file.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// The handlers' word for a status; its code when it has gone from the configuration.
    pub fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.statuses.iter().find(|s| s.code == code).map_or(code, |s| &s.label)
    }
}

fn read<T: DeserializeOwned>(tree: &ConfigTree, path: &str, faults: &mut Vec<String>) -> Option<T> {
    let Some(text) = tree.get(path) else {
        faults.push(format!("{}: the file is missing", tree.shown(path)));
        return None;
    };
    toml::from_str(text).map_err(|e| faults.push(format!("{}: {e}", tree.shown(path)))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_types_and_statuses_of_the_product_can_be_read_and_agree_with_the_portals_table() {
        let tree = ConfigTree::embedded();
        let catalogue = Catalogue::load(&tree).unwrap();
        assert_eq!(catalogue.fallback().unit, "KANSLI");
        assert_eq!(catalogue.of("NO-SUCH-TYPE").code, catalogue.fallback().code);
        let mapped = tree.get("targets/castor.toml").unwrap();
        for status in catalogue.statuses() {
            assert!(mapped.contains(&format!("external_code = \"{}\"", status.code)), "{}", status.code);
        }
    }
}
