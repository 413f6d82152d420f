//! The document against what Digg's REST API-profil 1.2.0 says of it.

use super::openapi::whole;
use serde_json::Value;

fn document() -> Value {
    whole("https://e.skara.example", "Skara kommun", "it@skara.example")
}

/// Every operation, with its path and method.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    assert!(all.len() > 10, "{}", all.len());
    all
}

/// Every schema that has members, with its place in the document.
fn members(at: &str, value: &Value, found: &mut Vec<(String, String)>) {
    if let Some(own) = value.get("properties").and_then(Value::as_object) {
        found.extend(own.keys().map(|name| (at.to_owned(), name.clone())));
    }
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| members(&format!("{at}/{key}"), value, found)),
        Value::Array(all) => all.iter().for_each(|value| members(at, value, found)),
        _ => {}
    }
}

#[test]
fn an_address_is_of_lower_case_words_with_hyphens() {
    let document = document();
    for (path, ..) in operations(&document) {
        for part in path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')) {
            let is_fine = part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
            assert!(is_fine, "UFN.07–09, RES.06: {path}");
        }
    }
    assert_eq!(document["servers"][0]["url"], "https://e.skara.example/integration/v1", "UFN.01, VER.05");
}

#[test]
fn members_are_named_in_camel_case_unless_another_standard_names_them() {
    let document = document();
    let mut found = Vec::new();
    members("", &document, &mut found);
    assert!(found.len() > 150, "{}", found.len());
    for (at, name) in found {
        let is_oauth = at.contains("AccessToken") || at.contains("TokenRefusal") || at.contains("/token/");
        let is_camel =
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
        assert!(is_camel || is_oauth, "AME.04–07: {at} {name}");
    }
}

#[test]
fn a_list_is_paged_with_twenty_unless_asked() {
    let document = document();
    let mut lists = 0;
    for (path, _, operation) in operations(&document) {
        let parameter = |name: &str| {
            let all = operation["parameters"].as_array().unwrap().iter();
            all.filter(|p| p["in"] == "query").find(|p| p["name"] == name).cloned()
        };
        let Some(limit) = parameter("limit") else { continue };
        lists += 1;
        assert_eq!(limit["schema"]["default"], 20, "FNS.09: {path}");
        assert!(parameter("offset").is_some(), "FNS.07: {path}");
        let of = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str().unwrap();
        let of = document.pointer(of.trim_start_matches('#')).unwrap();
        assert!(of["required"].as_array().unwrap().iter().any(|name| name == "page"), "{path}");
    }
    assert_eq!(lists, 3, "deliveries, feed, cases");
}

#[test]
fn every_operation_and_answer_is_described_and_a_question_has_no_body() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let what = format!("{method} {path}");
        let told = operation["description"].as_str().unwrap();
        assert!(told.split("\n\n").filter(|text| !text.is_empty()).count() == 2, "DOK.06, both languages: {what}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "DOK.19: {what}");
        assert!(method != "get" || operation.get("requestBody").is_none(), "FOR.02: {what}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = match response["$ref"].as_str() {
                Some(of) => document.pointer(of.trim_start_matches('#')).unwrap(),
                None => response,
            };
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "DOK.20: {what} {status}");
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                assert!(header["description"].as_str().is_some_and(|text| !text.is_empty()), "{what} {name}");
            }
            let is_fault = status.starts_with(['4', '5']) && !path.ends_with("/token") && status != "416";
            let is_problem = response["content"].get("application/problem+json").is_some();
            assert!(!is_fault || is_problem, "FEL.02: {what} {status}");
        }
    }
    let info = &document["info"];
    for member in ["/title", "/version", "/contact/name", "/contact/email", "/license/name"] {
        assert!(info.pointer(member).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "DOK.03: {member}");
    }
}

#[test]
fn a_problem_has_the_members_of_the_standard_and_every_code_an_example() {
    let document = document();
    let problem = document["components"]["schemas"]["Problem"]["properties"].as_object().unwrap();
    for member in ["type", "title", "status", "detail", "instance"] {
        assert!(problem.contains_key(member), "FEL.01: {member}");
    }
    let examples: usize = document["components"]["responses"]
        .as_object()
        .unwrap()
        .values()
        .map(|response| response["content"]["application/problem+json"]["examples"].as_object().unwrap().len())
        .sum();
    assert_eq!(examples, crate::contract::ProblemCode::ALL.len());
}

#[test]
fn nobody_proves_herself_by_basic_and_no_secret_stands_in_an_address() {
    let document = document();
    for (name, scheme) in document["components"]["securitySchemes"].as_object().unwrap() {
        let basic = ["basic", "digest"].iter().any(|word| scheme["scheme"] == *word);
        assert!(!basic && scheme["in"] != "query", "SAK.10, SAK.16: {name}");
    }
    for (path, _, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let is_header = parameter["in"] == "header";
            let tells = ["token", "secret", "key", "personnummer", "personalnumber"];
            assert!(is_header || !tells.iter().any(|word| name.to_lowercase().contains(word)), "RES.02: {path} {name}");
        }
    }
}
