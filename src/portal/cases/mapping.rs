//! What a receiver's own status codes mean to a resident: `config/targets/<target>.toml`, one `[[status]]` for each code.

use crate::contract::PortalStatus;
use crate::settings::ConfigTree;
use crate::toml_text::{self, Fault};
use crate::vocabulary::{At, Day, TargetSlug};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingRow {
    /// The receiver's code, compared as it is.
    pub external_code: String,
    /// What the resident is shown.
    pub portal_code: PortalStatus,
    /// Only for this case type of the receiver.
    #[serde(default)]
    pub case_type: Option<String>,
    /// Own words instead of the status's.
    #[serde(default)]
    pub label_override: Option<String>,
    /// She is told that something is new.
    pub notify: bool,
    /// It stands in the timeline.
    pub visible: bool,
    /// The first day that it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub valid_from: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The target is our own desk: its case types, units and statuses stand in `desk/`.
    #[serde(default)]
    is_desk: bool,
    #[serde(default)]
    status: Vec<toml::Spanned<MappingRow>>,
}

/// The tables of every target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct StatusMappings {
    rows: Arc<BTreeMap<TargetSlug, Vec<MappingRow>>>,
    desks: Arc<BTreeSet<TargetSlug>>,
}

impl StatusMappings {
    /// Reads every file of `targets/`; all faults at once, each with its place.
    pub fn load(tree: &ConfigTree) -> Result<Self, Vec<Fault>> {
        let (all, faults) = Self::read(tree);
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    /// As [`load`](Self::load), but the tables that can be read are there beside the faults of the others.
    pub fn read(tree: &ConfigTree) -> (Self, Vec<Fault>) {
        let (mut all, mut desks, mut faults) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        for (path, stem, text) in tree.toml_files("targets") {
            let shown = tree.shown(path);
            let Ok(target) = stem.parse::<TargetSlug>() else {
                faults.push(Fault::of(shown, "the file's name cannot be a target's", "use a–z, digits and hyphens"));
                continue;
            };
            let (file, more) = toml_text::read::<File>(&shown, text, &[]);
            faults.extend(more);
            let Some(file) = file else { continue };
            if file.is_desk {
                desks.insert(target.clone());
            }
            let (rows, more) = rows(&shown, text, file.status);
            faults.extend(more);
            all.insert(target, rows);
        }
        (Self { rows: Arc::new(all), desks: Arc::new(desks) }, faults)
    }

    /// True when the target is our own desk, whose case types, units and statuses are known.
    pub fn is_desk(&self, target: &TargetSlug) -> bool {
        self.desks.contains(target)
    }

    /// Every row of a target.
    pub fn rows(&self, target: &TargetSlug) -> &[MappingRow] {
        self.rows.get(target).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every target that has a table.
    pub fn targets(&self) -> impl Iterator<Item = &TargetSlug> {
        self.rows.keys()
    }

    /// From rows at hand.
    pub fn of(target: TargetSlug, rows: Vec<MappingRow>) -> Self {
        Self { rows: Arc::new(BTreeMap::from([(target, rows)])), desks: Arc::default() }
    }

    /// The row for a code at a moment: one with the case type before one without, then the latest that holds.
    pub fn find(&self, target: &TargetSlug, case_type: &str, code: &str, at: At) -> Option<&MappingRow> {
        let day = at.day();
        self.rows
            .get(target)?
            .iter()
            .filter(|r| r.external_code == code)
            .filter(|r| r.case_type.as_deref().is_none_or(|t| t == case_type))
            .filter(|r| r.valid_from.is_none_or(|from| from <= day))
            .max_by_key(|r| (r.case_type.is_some(), r.valid_from))
    }
}

fn rows(shown: &str, text: &str, written: Vec<toml::Spanned<MappingRow>>) -> (Vec<MappingRow>, Vec<Fault>) {
    let (mut kept, mut faults) = (Vec::<MappingRow>::new(), Vec::new());
    for row in written {
        let start = row.span().start;
        let row = row.into_inner();
        let key = |r: &MappingRow| (r.external_code.clone(), r.case_type.clone(), r.valid_from);
        if row.external_code.trim().is_empty() {
            let hint = "write the receiver's code as it sends it";
            faults.push(Fault::at(shown, text, start, "`external_code` is empty", hint));
        } else if kept.iter().any(|k| key(k) == key(&row)) {
            let message = format!("{} stands twice for the same case type and day", row.external_code);
            faults.push(Fault::at(shown, text, start, message, "keep one of them"));
        }
        kept.push(row);
    }
    (kept, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "[[status]]\nexternal_code = 'A'\nportal_code = 'in_progress'\nnotify = true\nvisible = true\n\
        [[status]]\nexternal_code = 'A'\nportal_code = 'paused'\ncase_type = 'BYGG'\nnotify = false\nvisible = true\n";

    fn one_file(text: &str) -> Result<StatusMappings, Vec<Fault>> {
        StatusMappings::load(&ConfigTree::of("config", [("targets/castor.toml".to_owned(), text.to_owned())].into()))
    }

    #[test]
    fn the_row_with_the_case_type_wins() {
        let castor: TargetSlug = "castor".parse().unwrap();
        let mappings = one_file(TWO).unwrap();
        let status = |case_type: &str| mappings.find(&castor, case_type, "A", At::EPOCH).map(|r| r.portal_code);
        assert_eq!(status("BYGG"), Some(PortalStatus::Paused));
        assert_eq!(status("GATA"), Some(PortalStatus::InProgress));
        assert_eq!(mappings.find(&castor, "GATA", "B", At::EPOCH), None);
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        let told =
            |text: &str| one_file(text).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let unknown = told(&TWO.replace("paused", "pausad"));
        assert!(unknown.starts_with("config/targets/castor.toml:8:15: ") && unknown.contains("pausad"), "{unknown}");
        let twice = told(&TWO.replace("case_type = 'BYGG'\n", ""));
        assert!(twice.starts_with("config/targets/castor.toml:6:1: "), "{twice}");
    }

    #[test]
    fn the_tables_that_we_ship_can_be_read() {
        let all = StatusMappings::load(&ConfigTree::embedded()).unwrap();
        let castor: TargetSlug = "castor".parse().unwrap();
        let find = |code: &str| all.find(&castor, "", code, At::EPOCH).unwrap();
        assert!(find("HANDLAGGS").notify);
        assert!(!find("KOMP").notify, "she is told of the request that it comes with, and one letter is enough");
    }
}
