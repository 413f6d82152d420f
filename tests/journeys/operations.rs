//! What operators rely on: health, exit codes, one process for each file.

use super::browser::Browser;
use super::databases::Folder;
use super::demo::{Demo, fault};
use std::process::{Command, Output};

fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kommunportal"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("KOMMUNPORTAL_PROFILE").output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_of_our_own_parts_and_not_of_those_of_others() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    for (simulator, name) in [(2, "discovery_down"), (3, "reset"), (4, "down")] {
        demo.control(simulator, fault(name)).await;
    }
    for path in ["/health/live", "/health/ready", "/metrics"] {
        browser.open(&format!("{}{path}", demo.at(7))).await;
        browser.expect_status(200);
    }
    assert!(browser.source().contains("jobs_waiting"), "{}", browser.source());
    // They are for the inner network: the citizens' port has none of it.
    for path in ["/health/ready", "/metrics", "/_control"] {
        browser.open(&demo.portal(path)).await;
        browser.expect_status(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_carries_the_headers_that_keep_it_safe() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    for address in [demo.portal("/"), demo.portal("/e-tjanster"), demo.portal("/finns-inte"), demo.desk("/finns-inte")]
    {
        browser.open(&address).await;
        let policy = browser.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") || policy.contains("default-src 'self'"), "{address}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{address}: {policy}");
        assert_eq!(browser.header("x-content-type-options"), "nosniff", "{address}");
    }
    browser.open(&demo.portal("/finns-inte")).await;
    browser.expect_status(404);
    browser.see("Sidan finns inte");
}

#[test]
fn wrong_usage_is_exit_code_2_and_a_fault_in_what_was_asked_is_1() {
    assert_eq!(program(&["demo", "--base-port", "65529"]).status.code(), Some(2));
    assert_eq!(program(&["dance"]).status.code(), Some(2));
    assert_eq!(program(&["--help"]).status.code(), Some(0));
    // Production without keys and addresses does not start.
    assert_eq!(program(&["serve", "portal"]).status.code(), Some(1));
}

#[test]
fn the_configuration_that_comes_along_has_no_fault() {
    let folder = Folder::new();
    let output = Command::new(env!("CARGO_BIN_EXE_kommunportal"))
        .arg("check")
        .env("KOMMUNPORTAL_PROFILE", "demo")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    drop(folder);
    // The demo makes its keys when it starts; everything else must be right as it lies.
    let faults: Vec<&str> =
        said.lines().filter(|l| l.contains(".toml:") || l.contains(".html") || l.contains(".ftl")).collect();
    assert!(faults.is_empty(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_and_a_folder_in_use_is_left_alone() {
    let demo = Demo::start().await;
    let folder = Folder::new();
    let output =
        program(&["demo", "--base-port", &demo.base.to_string(), "--data-dir", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!((0..9).any(|n| said.contains(&(demo.base + n).to_string())), "{said}");
    // A folder that is not a demo's is never emptied.
    std::fs::write(folder.path().join(".keep"), "mine").unwrap();
    std::fs::remove_file(folder.path().join(".kommunportal-demo")).ok();
    let output = program(&["demo", "--reset", "--data-dir", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(folder.path().join(".keep").exists());
}
