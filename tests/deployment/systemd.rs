//! The systemd unit, as systemd itself reads it.

use super::compose::root;
use super::databases::Folder;
use std::process::Command;

#[test]
fn systemd_finds_no_fault_in_the_unit_and_it_gives_the_process_nothing_it_does_not_need() {
    let text = std::fs::read_to_string(root().join("deploy/systemd/kommunportal@.service")).unwrap();
    let folder = Folder::new();
    // The only file that it asks for now: the program.
    let here = text.replace("/usr/local/bin/kommunportal", env!("CARGO_BIN_EXE_kommunportal"));
    let unit = folder.path().join("kommunportal@portal-1.service");
    std::fs::write(&unit, here).unwrap();
    let output =
        Command::new("systemd-analyze").args(["verify", "--man=no", "--recursive-errors=no"]).arg(&unit).output();
    let output = output.expect("systemd-analyze is missing: run scripts/setup-tests");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !said.contains("kommunportal@"), "{said}");

    let has = |line: &str| assert!(text.lines().any(|l| l == line), "{line}");
    for line in ["User=kommunportal", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="] {
        has(line);
    }
    has("KillSignal=SIGTERM");
    // Longer than the drain, the requests under way and a job.
    has("TimeoutStopSec=60");
    for line in text.lines().filter(|l| l.starts_with("Environment=") && !l.contains("PROFILE")) {
        assert!(line.contains("_FILE=%d/secrets_"), "a secret comes from a credential: {line}");
    }
}
