//! A body of the contract as those who run the system may read it: what names, counts, dates and hashes is shown; what
//! somebody wrote or answered, who she is and how she is reached is not. Pure. What is not in the list is masked, so that
//! whatever the contract gets later is hidden until somebody has decided.

use serde_json::Value;

/// Members that are shown wherever they stand, or (`parent.member`) right within another; of a list, within its items.
const SHOWN: &[&str] = &[
    // Of a delivery.
    "deliveryId",
    "schemaVersion",
    "kind",
    "municipality.code",
    "municipality.organisationNumber",
    "case.id",
    "case.reference",
    "externalCaseId",
    "service.code",
    "service.title",
    "formVersion",
    "caseType",
    "routing.unit",
    "appealRegime",
    "receivedAt",
    "receivedDate",
    "sensitivity",
    "role",
    "identifier.type",
    "preferredChannel",
    "authentication.method",
    "assuranceLevel",
    "authentication.at",
    "mandate.type",
    "mandate.source",
    "verifiedAt",
    "protectedIdentity",
    "protectionUnchecked",
    "signatures.at",
    "signatures.method",
    "signatures.class",
    "missingSignatures.reason",
    "section",
    "answers.items",
    "items.id",
    "items.label",
    "items.source",
    "items.sourceAt",
    "items.itemId",
    "items.required",
    "messageId",
    "inReplyTo",
    "supplementId",
    "hearingId",
    "decisionId",
    "documentIds",
    "documentId",
    "mediaType",
    "size",
    "sha256",
    "scan",
    "crs",
    // Of an event.
    "externalCode",
    "diaryNumber",
    "registeredAt",
    "unit.code",
    "unit.name",
    "toUnit.code",
    "toUnit.name",
    "showToCitizen",
    "dueDate",
    "dueAt",
    "conversationId",
    "classification",
    "allowReply",
    "version",
    "state",
    "direction",
    "publishedAt",
    "outcome",
    "decidedAt",
    "legalBasis.sfs",
    "legalBasis.provision",
    "appeal.regime",
    "appeal.weeks",
    "instructionDocumentId",
    "replacesDecisionId",
    "closedAt",
    "archiveBy",
];
/// Nothing within these is shown, whatever it is called: the names are those of the service's own fields.
const CLOSED: &[&str] = &["values", "locations"];

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// `parties[1].role`.
    pub path: String,
    /// `None`: masked.
    pub value: Option<String>,
}

/// Every member that holds something, in the order of the body.
pub(super) fn members(body: &Value) -> Vec<Member> {
    let mut found = Vec::new();
    walk(body, "", "", "", false, &mut found);
    found
}

fn walk(value: &Value, path: &str, parent: &str, name: &str, closed: bool, found: &mut Vec<Member>) {
    match value {
        Value::Null => {}
        Value::Object(all) => {
            for (member, value) in all {
                let inner = if path.is_empty() { member.clone() } else { format!("{path}.{member}") };
                walk(value, &inner, name, member, closed || CLOSED.contains(&member.as_str()), found);
            }
        }
        Value::Array(all) => {
            for (n, value) in all.iter().enumerate() {
                walk(value, &format!("{path}[{}]", n + 1), parent, name, closed, found);
            }
        }
        Value::String(text) if text.is_empty() => {}
        plain => {
            let is_listed = SHOWN.contains(&name) || SHOWN.contains(&format!("{parent}.{name}").as_str());
            let value = (is_listed && !closed).then(|| match plain {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            found.push(Member { path: path.to_owned(), value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_she_is_and_what_she_wrote_is_masked_and_names_and_hashes_are_shown() {
        let body = json!({
            "deliveryId": "d-1", "title": "Anna vill ha en plats", "case": { "id": "c", "reference": "EK-1", "externalCaseId": null },
            "parties": [{ "role": "applicant", "name": "Anna Åkesson", "identifier": { "type": "personalNumber", "value": "197905142381" },
                "contact": { "email": "anna@example.se", "phone": "070", "preferredChannel": "portal" },
                "mandate": { "type": "guardian", "reference": "197905142381" } }],
            "signatures": [{ "by": "197905142381", "name": "Anna", "class": "signature" }],
            "answers": [{ "section": "Barn", "items": [{ "id": "barn", "label": "Vilket barn?", "text": "Saga", "source": "navet" }] }],
            "values": { "id": "197905142381", "kind": "hemlig", "timmar": 35 },
            "message": { "messageId": "m", "text": "Hej" },
            "documents": [{ "documentId": "f", "fileName": "annas intyg.pdf", "sha256": "ab", "size": 3 }],
            "somethingNew": "Anna", "reason": "Anna är sjuk",
        });
        let all = members(&body);
        let shown = |path: &str| all.iter().find(|m| m.path == path).unwrap_or_else(|| panic!("{path}")).value.clone();
        for (path, value) in [
            ("deliveryId", "d-1"),
            ("case.reference", "EK-1"),
            ("parties[1].role", "applicant"),
            ("parties[1].identifier.type", "personalNumber"),
            ("parties[1].contact.preferredChannel", "portal"),
            ("answers[1].items[1].label", "Vilket barn?"),
            ("documents[1].sha256", "ab"),
            ("documents[1].size", "3"),
        ] {
            assert_eq!(shown(path).as_deref(), Some(value), "{path}");
        }
        let told: Vec<String> = all.iter().filter_map(|m| m.value.clone()).collect();
        for secret in ["1979", "Anna", "anna", "070", "Saga", "Hej", "hemlig", "35"] {
            assert!(!told.iter().any(|t| t.contains(secret)), "{secret} in {told:?}");
        }
        assert!(shown("somethingNew").is_none() && shown("values.kind").is_none());
        assert!(!all.iter().any(|m| m.path == "case.externalCaseId"), "what holds nothing is left out");
    }
}
