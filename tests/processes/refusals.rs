//! What is refused, with which exit code, and whether the words help.

use super::installation::{Installation, copy};
use std::path::Path;

#[test]
fn a_database_that_is_behind_is_refused_with_the_command_that_helps() {
    let all = Installation::on_files();
    for name in ["portal", "desk"] {
        let said = all.refused(1, &["serve", name]);
        assert!(said.contains(&format!("kommunportal migrate {name}")), "{said}");
        let said = all.refused(1, &["worker", name]);
        assert!(said.contains(&format!("kommunportal migrate {name}")), "{said}");
    }
    all.migrate();
    // Again: nothing to do, and that is well.
    all.migrate();
}

#[test]
fn a_taken_port_is_named() {
    let all = Installation::on_files();
    all.migrate();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", all.base)).unwrap();
    let said = all.refused(1, &["serve", "portal"]);
    assert!(said.contains(&format!("Port {}", all.base)), "{said}");
    let _taken = std::net::TcpListener::bind(("127.0.0.1", all.base + 3)).unwrap();
    let folder = all.folder.path().join("simulators");
    let base = all.base.to_string();
    let arguments = ["serve", "simulators", "--base-port", &base, "--data-dir", folder.to_str().unwrap()];
    let said = all.refused(1, &arguments);
    assert!(said.contains(&(all.base + 3).to_string()), "{said}");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let all = Installation::on_files();
    all.refused(2, &["demo", "--base-port", "65529"]);
    all.refused(2, &["serve", "simulators", "--base-port", "65529"]);
    all.refused(2, &["serve", "portal", "--base-port", "9000"]);
    all.refused(2, &["serve"]);
    all.refused(2, &["serve", "kitchen"]);
}

#[test]
fn a_key_that_nobody_knows_is_named_as_it_was_written() {
    for (key, value) in [("PORTAL__BNID", "127.0.0.1:1"), ("LIMTS__FORM_BYTES", "1"), ("TARGETS__CASTOR__TOCKEN", "x")]
    {
        let mut all = Installation::on_files();
        all.set(key, value);
        let said = all.refused(1, &["serve", "portal"]);
        assert!(said.contains(&format!("KOMMUNPORTAL__{key}: ")), "{said}");
        assert_eq!(said.matches("KOMMUNPORTAL__").count(), 1, "only that one: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_belongs_to_one_process() {
    let all = Installation::on_files();
    all.migrate();
    let _portal = all.start_portal().await;
    for arguments in [&["serve", "portal"][..], &["worker", "portal"], &["migrate", "portal"]] {
        let said = all.refused(1, arguments);
        assert!(said.contains("portal.db is used by another process"), "{said}");
    }
}

#[test]
fn only_a_demo_s_folder_is_emptied() {
    let all = Installation::on_files();
    let folder = all.folder.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("letter.txt"), "kept").unwrap();
    let said = all.refused(1, &["demo", "--reset", "--data-dir", folder.to_str().unwrap()]);
    assert!(said.contains("mine") && said.contains("--data-dir"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.join("letter.txt")).unwrap(), "kept");
}

#[test]
fn simulators_need_the_secrets_that_portal_and_desk_have() {
    let mut all = Installation::on_files();
    all.environment.remove("KOMMUNPORTAL__STAFF_BROKER__CLIENT_SECRET");
    let (base, folder) = (all.base.to_string(), all.folder.path().join("simulators"));
    let arguments = ["serve", "simulators", "--base-port", &base, "--data-dir", folder.to_str().unwrap()];
    let said = all.refused(1, &arguments);
    assert!(said.contains("staff_broker.client_secret"), "{said}");
}

#[test]
fn check_is_content_with_what_is_shipped_and_tells_every_fault_of_what_is_broken() {
    let all = Installation::on_files();
    all.run_well(&["check"]);

    let mut all = all;
    let config = all.folder.path().join("config");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), &config);
    let change = |file: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(config.join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(config.join(file), text.replacen(from, to, 1)).unwrap();
    };
    change("municipalities/skara/municipality.toml", "code = \"1495\"", "code = \"149\"");
    change("services/synpunkt.toml", "[[step", "[[stepp");
    change("services/felanmalan.toml", "title", "titel");
    change("targets/castor.toml", "=", "==");
    change("desk/case-types.toml", "\n[[", "\n[[[");
    all.set("PORTAL__PUBLIC_URL", "http://portalen.example");
    all.environment.remove("KOMMUNPORTAL__KEYS__LOOKUP");
    let said = all.refused(1, &["--config", config.to_str().unwrap(), "check"]);
    let expected = ["skara/municipality.toml", "synpunkt.toml", "felanmalan.toml", "castor.toml", "case-types.toml"];
    for wanted in expected.into_iter().chain(["keys.lookup", "portal.public_url"]) {
        assert!(said.contains(wanted), "{wanted} is not named:\n{said}");
    }
    // The line itself, what to do, and how much there is; plain, since nobody looks at it on a terminal.
    assert!(said.contains("felanmalan.toml:3:1]") && said.contains("titel ="), "{said}");
    assert!(said.contains("did you mean `title`?") && !said.contains('\u{1b}'), "{said}");
    let last = said.lines().last().unwrap_or_default().to_owned();
    assert!(last.contains(" fel i ") && last.ends_with(" filer."), "{last}");

    let json = all.refused(1, &["--config", config.to_str().unwrap(), "check", "--format", "json"]);
    let list = &json[..json.rfind(']').unwrap() + 1];
    let faults: Vec<serde_json::Value> = serde_json::from_str(list).unwrap();
    let titel = faults.iter().find(|f| f["hint"] == "did you mean `title`?").unwrap();
    assert_eq!((&titel["line"], &titel["column"]), (&3.into(), &1.into()));
    assert!(last.starts_with(&format!("{} fel i ", faults.len())), "{last}");
}
