//! The API does what its description says: schemathesis reads `openapi.json` and tries calls of every kind, also such that
//! nobody would make, with the target's own token and signatures.

use super::databases::with_conn;
use super::demo::Demo;
use diesel::prelude::*;
use kommunportal::db::schema::{cases, deliveries};
use kommunportal::vocabulary::{CaseId, DeliveryId};
use serde_json::{Value, json};
use std::process::Command;

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance";

/// A secret of the demo's target.
fn secret(demo: &Demo, name: &str) -> String {
    let text = std::fs::read_to_string(demo.data().join("secrets.toml")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} = \""))).expect("a secret");
    line.trim_end_matches('"').to_owned()
}

/// Cases that there are, and files with their deliveries.
async fn known(demo: &Demo, token: &str) -> Value {
    let url = format!("sqlite:{}", demo.data().join("portal.db").display());
    let (cases, deliveries): (Vec<CaseId>, Vec<DeliveryId>) = with_conn(&url, |c| {
        (cases::table.select(cases::id).load(c).unwrap(), deliveries::table.select(deliveries::id).load(c).unwrap())
    });
    let client = kommunportal::web::http_client(std::time::Duration::from_secs(20)).unwrap();
    let mut files = Vec::new();
    for id in &deliveries {
        let address = demo.portal(&format!("/integration/v1/deliveries/{id}"));
        let delivery: Value = client.get(address).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let documents = delivery["documents"].as_array().into_iter().flatten();
        files.extend(documents.map(|d| json!([id, d["documentId"]])));
    }
    assert!(!cases.is_empty() && !files.is_empty(), "the demo has examples: {cases:?} {files:?}");
    json!({ "cases": cases, "documents": files })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_the_integration_api_is_as_its_description_says_whatever_is_asked() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("var/tests/schemathesis/bin/st");
    assert!(program.exists(), "schemathesis is not installed: run scripts/setup-tests");
    let demo = Demo::start_with_examples().await;
    demo.wait_for_room(|state| state["examples"]["state"] == "ready").await;
    let token = secret(&demo, "token");
    let output = Command::new(&program)
        .args(["run", &demo.portal("/integration/v1/openapi.json"), "--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "4", "--seed", "1", "--workers", "2"])
        .args(["--generation-database", "none", "--no-shrink", "--request-timeout", "40", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", "signing")
        .env("PYTHONPATH", root.join("tests/conform/schemathesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("KP_SECRET_IN", secret(&demo, "secret_in"))
        .env("KP_KNOWN", known(&demo, &token).await.to_string())
        .env("KP_TOKEN", token)
        // It leaves a folder where it runs.
        .current_dir(demo.data())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{}", demo.log());
    // Not a run that tried nothing.
    assert!(!said.contains("Authentication failed"), "{said}");
    let tried = said.lines().find(|line| line.contains(" generated, ")).unwrap_or_else(|| panic!("{said}"));
    let calls: u32 = tried.split_whitespace().next().unwrap().parse().unwrap();
    assert!(calls > 500, "{tried}");
    println!("{}", tried.trim());
}
