//! Profile production: what it refuses, and what it puts on every answer.

use super::installation::Installation;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An installation as real people meet it, behind a proxy that ends TLS.
fn real() -> Installation {
    let mut all = Installation::on_files();
    all.environment.insert("KOMMUNPORTAL_PROFILE".into(), "production".into());
    for (key, value) in [
        ("PORTAL__PUBLIC_URL", "https://localhost"),
        ("DESK__PUBLIC_URL", "https://localhost:444"),
        // Nothing listens there: what needs it says so.
        ("BROKER__ISSUER", "https://localhost:9"),
        ("STAFF_BROKER__ISSUER", "https://localhost:9"),
        ("NAVET__URL", "https://localhost:9/personpostXML"),
        ("TARGETS__CASTOR__URL", "https://localhost:9/integration"),
        ("LIMITS__LOGIN_PER_MINUTE", "2"),
    ] {
        all.set(key, value);
    }
    all
}

/// One request through a plain socket; the answer as it came.
fn get(all: &Installation, path: &str, headers: &[(&str, &str)]) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", all.base)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut request = format!("GET {path} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    socket.write_all(format!("{request}\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn header<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.lines().filter_map(|l| l.split_once(": "));
    lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

#[test]
fn production_has_no_simulators_and_no_address_without_tls() {
    let all = real();
    let said = all.refused(1, &["serve", "simulators"]);
    assert!(said.contains("demo and test only"), "{said}");
    let keys = ["BROKER__ISSUER", "NAVET__URL", "TARGETS__CASTOR__URL", "PORTAL__PUBLIC_URL", "DESK__PUBLIC_URL"];
    for key in keys {
        let mut all = real();
        all.migrate();
        all.set(key, "http://localhost:8082");
        let said = all.refused(1, &["serve", "portal"]);
        let name = key.to_lowercase().replace("__", ".");
        assert!(said.contains("https") && said.contains(name.split('.').next().unwrap()), "{key}: {said}");
    }
    for (url, is_refused) in [
        ("smtp://relay.example", true),
        ("smtp://relay.example:25", true),
        ("smtp://relay.example?tls=none", false),
        ("smtp://relay.example?tls=required", false),
        ("smtps://relay.example", false),
        ("smtp://127.0.0.1:25", false),
    ] {
        let mut all = real();
        all.set("SMTP__URL", url);
        let said = all.run(&["check"]);
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.contains("smtp.url: letters would go unencrypted"), is_refused, "{url}: {said}");
    }
    let all = real();
    assert_eq!(all.run(&["demo"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_and_headers_hold_a_browser_to_https() {
    let all = real();
    all.migrate();
    let portal = all.start_portal().await;
    let answer = get(&all, "/", &[("host", "localhost")]);
    assert_eq!(status(&answer), "200", "{answer}");
    let cookies = header(&answer, "set-cookie");
    assert!(!cookies.is_empty(), "{answer}");
    for cookie in &cookies {
        assert!(cookie.starts_with("__Host-kp_session="), "{cookie}");
        for attribute in ["Secure", "HttpOnly", "Path=/"] {
            assert!(cookie.split("; ").any(|a| a == attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(header(&answer, "strict-transport-security").iter().any(|v| v.contains("max-age=63072000")), "{answer}");
    assert!(!answer.contains("påhittade"), "nothing of a demo");

    // Nobody who is not a proxy of ours says what host was asked for, or from where.
    let forwarded = [("host", "portalen.example"), ("x-forwarded-host", "localhost")];
    assert_eq!(status(&get(&all, "/", &forwarded)), "421");
    let log_in = |from: &'static str| get(&all, "/logga-in", &[("host", "localhost"), ("x-forwarded-for", from)]);
    let answers: Vec<String> = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(log_in).into();
    assert_eq!(status(&answers[2]), "429", "the same visitor, whatever it says: {}", answers[2]);
    portal.terminate();
    assert_eq!(portal.ended().await.code(), Some(0));
    let log = all.log();
    let documented = std::fs::read_to_string("docs/operations.md").unwrap();
    let (_, documented) = documented.split_once("\n## Log\n").unwrap();
    all.assert_clean_logs(&cookies.iter().map(|c| c[18..40].to_owned()).collect::<Vec<_>>());
    for line in log.lines().filter(|l| !l.starts_with("---")) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string() && line["message"].is_string(), "{line}");
        let span = line["span"].as_object().into_iter().flatten().map(|(key, _)| format!("span.{key}"));
        for field in line.as_object().unwrap().keys().filter(|k| *k != "span").cloned().chain(span) {
            assert!(documented.contains(&format!("`{field}`")), "{field} is not in docs/operations.md: {line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_trusted_says_which_host_and_from_where() {
    let mut all = real();
    all.set("WEB__TRUSTED_PROXIES", "127.0.0.1");
    all.migrate();
    let _portal = all.start_portal().await;
    let forwarded = [("host", "127.0.0.1"), ("x-forwarded-host", "localhost"), ("x-forwarded-proto", "https")];
    let answer = get(&all, "/", &forwarded);
    assert_eq!(status(&answer), "200", "{answer}");
    // Each visitor has a limit of her own; what she herself put before the proxy's entry counts for nothing.
    let log_in = |from: &str| {
        let answer = get(&all, "/logga-in", &[("host", "localhost"), ("x-forwarded-for", from)]);
        status(&answer).to_owned()
    };
    for from in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
        assert_ne!(log_in(from), "429");
    }
    let answers = ["10.0.0.1, 192.0.2.9", "10.0.0.2, 192.0.2.9", "10.0.0.3, 192.0.2.9"].map(log_in);
    assert_eq!(answers[2], "429", "{answers:?}");
}
