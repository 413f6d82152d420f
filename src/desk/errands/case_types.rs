//! What the configuration says of case types and statuses: `desk/case-types.toml` and `desk/statuses.toml`.

use crate::contract::Outcome;
use crate::settings::ConfigTree;
use crate::toml_text::{self, Fault, did_you_mean};
use crate::word_enum;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

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

    /// Another authority has it.
    pub const TRANSFERRED: &str = "OVERLAMNAD";
    /// A decision is appealed.
    pub const APPEALED: &str = "OVERKLAGAD";

    pub(super) const ALL: [&str; 10] = [
        REGISTERED,
        ASSIGNED,
        IN_PROGRESS,
        SUPPLEMENT_NEEDED,
        SUPPLEMENT_RECEIVED,
        DECIDED,
        WITHDRAWN,
        CLOSED,
        TRANSFERRED,
        APPEALED,
    ];
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
    fallback: Spanned<String>,
    case_type: Vec<Spanned<CaseType>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusesFile {
    status: Vec<Spanned<Status>>,
}

impl Catalogue {
    /// Reads both files; all faults at once, each with its place.
    pub fn load(tree: &ConfigTree) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let types: Option<TypesFile> = read(tree, TYPES, &mut faults);
        let statuses: Option<StatusesFile> = read(tree, STATUSES, &mut faults);
        let fallback = types.and_then(|types| check_types(types, tree, &mut faults));
        let statuses = statuses.map(|statuses| check_statuses(statuses, tree, &mut faults));
        match (fallback, statuses) {
            (Some((types, fallback)), Some(statuses)) if faults.is_empty() => Ok(Self { types, fallback, statuses }),
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

const TYPES: &str = "desk/case-types.toml";
const STATUSES: &str = "desk/statuses.toml";

fn read<T: DeserializeOwned>(tree: &ConfigTree, path: &str, faults: &mut Vec<Fault>) -> Option<T> {
    let Some(text) = tree.get(path) else {
        faults.push(Fault::of(tree.shown(path), "the file is missing", "the desk needs it"));
        return None;
    };
    let (read, more) = toml_text::read(&tree.shown(path), text, &[]);
    faults.extend(more);
    read
}

fn check_types(types: TypesFile, tree: &ConfigTree, faults: &mut Vec<Fault>) -> Option<(Vec<CaseType>, CaseType)> {
    let (shown, text) = (tree.shown(TYPES), tree.get(TYPES).unwrap_or_default());
    let mut all: Vec<CaseType> = Vec::new();
    for one in types.case_type {
        let (start, one) = (one.span().start, one.into_inner());
        let mut fault = |message: String, hint: &str| faults.push(Fault::at(&shown, text, start, message, hint));
        if all.iter().any(|other| other.code == one.code) {
            fault(format!("the case type {} is there twice", one.code), "give one of them another code");
        }
        if one.outcomes.is_empty() {
            fault(format!("the case type {} cannot end", one.code), "write outcomes = [\"answered\"]");
        }
        all.push(one);
    }
    let fallback = all.iter().find(|t| t.code == *types.fallback.get_ref()).cloned();
    if fallback.is_none() {
        let known: Vec<&str> = all.iter().map(|t| t.code.as_str()).collect();
        let message = format!("the fallback {} is not one of the case types", types.fallback.get_ref());
        let hint = did_you_mean(types.fallback.get_ref(), &known);
        faults.push(Fault::at(&shown, text, types.fallback.span().start, message, hint));
    }
    fallback.map(|fallback| (all, fallback))
}

fn check_statuses(statuses: StatusesFile, tree: &ConfigTree, faults: &mut Vec<Fault>) -> Vec<Status> {
    let (shown, text) = (tree.shown(STATUSES), tree.get(STATUSES).unwrap_or_default());
    let mut all: Vec<Status> = Vec::new();
    for one in statuses.status {
        let (start, one) = (one.span().start, one.into_inner());
        if all.iter().any(|other| other.code == one.code) {
            let message = format!("the status {} is there twice", one.code);
            faults.push(Fault::at(&shown, text, start, message, "give one of them another code"));
        }
        all.push(one);
    }
    for wanted in code::ALL {
        if !all.iter().any(|s| s.code == wanted) {
            let hint = "the desk sets it by itself: write [[status]] with this code";
            faults.push(Fault::of(&shown, format!("the status {wanted} is missing"), hint));
        }
    }
    all
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
