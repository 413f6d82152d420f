//! What a receiver's own status codes mean to a resident: `config/targets/<target>.toml`, one `[[status]]` for each code.

use crate::contract::PortalStatus;
use crate::settings::ConfigTree;
use crate::vocabulary::{At, Day, TargetSlug};
use serde::Deserialize;
use std::collections::BTreeMap;
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
    #[serde(default)]
    status: Vec<toml::Spanned<MappingRow>>,
}

/// The tables of every target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct StatusMappings(Arc<BTreeMap<TargetSlug, Vec<MappingRow>>>);

impl StatusMappings {
    /// Reads every file of `targets/`; all faults at once, each with file and line.
    pub fn load(tree: &ConfigTree) -> Result<Self, Vec<String>> {
        let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
        for (path, stem, text) in tree.toml_files("targets") {
            let shown = tree.shown(path);
            let Ok(target) = stem.parse::<TargetSlug>() else {
                faults.push(format!("{shown}: the file's name is not a–z, 0–9 and hyphens"));
                continue;
            };
            match rows(text) {
                Ok(rows) => {
                    all.insert(target, rows);
                }
                Err(found) => faults.extend(found.into_iter().map(|f| format!("{shown}: {f}"))),
            }
        }
        if faults.is_empty() { Ok(Self(Arc::new(all))) } else { Err(faults) }
    }

    /// From rows at hand.
    pub fn of(target: TargetSlug, rows: Vec<MappingRow>) -> Self {
        Self(Arc::new(BTreeMap::from([(target, rows)])))
    }

    /// The row for a code at a moment: one with the case type before one without, then the latest that holds.
    pub fn find(&self, target: &TargetSlug, case_type: &str, code: &str, at: At) -> Option<&MappingRow> {
        let day = at.day();
        self.0
            .get(target)?
            .iter()
            .filter(|r| r.external_code == code)
            .filter(|r| r.case_type.as_deref().is_none_or(|t| t == case_type))
            .filter(|r| r.valid_from.is_none_or(|from| from <= day))
            .max_by_key(|r| (r.case_type.is_some(), r.valid_from))
    }
}

fn rows(text: &str) -> Result<Vec<MappingRow>, Vec<String>> {
    // The parser's own message bears line and column.
    let file: File = toml::from_str(text).map_err(|e| vec![e.to_string()])?;
    let mut faults = Vec::new();
    let mut kept: Vec<MappingRow> = Vec::new();
    for row in file.status {
        let line = text.get(..row.span().start).map_or(0, |before| before.matches('\n').count()) + 1;
        let row = row.into_inner();
        let key = |r: &MappingRow| (r.external_code.clone(), r.case_type.clone(), r.valid_from);
        if row.external_code.trim().is_empty() {
            faults.push(format!("line {line}: external_code is empty. Hint: write the receiver's code as it sends it"));
        } else if kept.iter().any(|k| key(k) == key(&row)) {
            faults.push(format!(
                "line {line}: {} stands twice for the same case type and day. Hint: keep one of them",
                row.external_code
            ));
        }
        kept.push(row);
    }
    if faults.is_empty() { Ok(kept) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "[[status]]\nexternal_code = 'A'\nportal_code = 'in_progress'\nnotify = true\nvisible = true\n\
        [[status]]\nexternal_code = 'A'\nportal_code = 'paused'\ncase_type = 'BYGG'\nnotify = false\nvisible = true\n";

    #[test]
    fn the_row_with_the_case_type_wins() {
        let castor: TargetSlug = "castor".parse().unwrap();
        let mappings = StatusMappings::of(castor.clone(), rows(TWO).unwrap());
        let status = |case_type: &str| mappings.find(&castor, case_type, "A", At::EPOCH).map(|r| r.portal_code);
        assert_eq!(status("BYGG"), Some(PortalStatus::Paused));
        assert_eq!(status("GATA"), Some(PortalStatus::InProgress));
        assert_eq!(mappings.find(&castor, "GATA", "B", At::EPOCH), None);
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        let unknown = rows(&TWO.replace("paused", "pausad")).unwrap_err().join("\n");
        assert!(unknown.contains("pausad") && unknown.contains("line"), "{unknown}");
        let twice = rows(&TWO.replace("case_type = 'BYGG'\n", "")).unwrap_err().join("\n");
        assert!(twice.starts_with("line 6:"), "{twice}");
    }

    #[test]
    fn the_tables_that_we_ship_can_be_read() {
        let all = StatusMappings::load(&ConfigTree::embedded()).unwrap();
        let castor: TargetSlug = "castor".parse().unwrap();
        assert!(all.find(&castor, "", "KOMP", At::EPOCH).is_some_and(|r| r.notify));
    }
}
