//! The kit as a command: exit codes and formats that a CI can rely on.

use super::office::{Pair, secret};
use kommunportal::conform::Mode;
use std::process::{Command, Output};

fn kit(arguments: &[&str], secrets: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kommunportal"));
    for name in ["CONFORM_TOKEN", "CONFORM_SECRET_OUT", "CONFORM_SECRET_IN", "CONFORM_SECRET_OUT_NEXT"] {
        command.env_remove(name);
    }
    command.arg("conform").args(arguments).envs(secrets.iter().copied()).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_and_formats_say_how_it_went() {
    let (out, back) = (secret(), secret());
    let secrets = [("CONFORM_TOKEN", "a-token"), ("CONFORM_SECRET_OUT", out.as_str()), ("CONFORM_SECRET_IN", &back)];
    // Nobody answers here.
    let pair = Pair::new(Mode::Push).await;
    let url = pair.office.url();
    let usual = [url.as_str(), "--listen", "127.0.0.1:0", "--patience", "1", "--settle", "0.2"];
    let with = |more: &[&'static str]| -> Vec<&str> { usual.iter().copied().chain(more.iter().copied()).collect() };

    let wrong = kit(&with(&["--only", "C99"]), &secrets);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    let no_secret = kit(&with(&[]), &secrets[..2]);
    assert_eq!(no_secret.status.code(), Some(2), "{}", said(&no_secret));
    assert!(said(&no_secret).contains("CONFORM_SECRET_IN"), "{}", said(&no_secret));
    assert_eq!(kit(&["--listen", "127.0.0.1:0"], &secrets).status.code(), Some(2));

    // The adapter has other secrets.
    let refused = kit(&with(&["--only", "c01,c24"]), &secrets);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("C01  failed"), "{}", said(&refused));
    assert!(said(&refused).contains("401 signature-invalid"), "{}", said(&refused));
    assert!(!said(&refused).contains(&out), "a secret is printed");

    let json = kit(&with(&["--only", "C01,C24", "--format", "json"]), &secrets);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((report["failed"].as_u64(), report["notApplicable"].as_u64()), (Some(1), Some(1)), "{report}");
    let junit = kit(&with(&["--only", "C24", "--format", "junit"]), &secrets);
    assert_eq!(junit.status.code(), Some(0), "nothing failed: {}", said(&junit));
    assert!(said(&junit).contains("<testsuite") && said(&junit).contains("<skipped message=\"not applicable"));
}
