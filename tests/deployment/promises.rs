//! What the files promise, read and not run.

use super::compose::{self, Service, env_file, root, service, services};

/// With what both env files have in common replaced by the given one's.
fn files() -> [serde_json::Value; 2] {
    ["deploy/demo.env", "deploy/production.env"].map(|name| compose::read(&env_file(name)))
}

fn every(check: impl Fn(&Service<'_>)) {
    for file in files() {
        let all = services(&file);
        assert!(all.len() >= 9, "only {} services", all.len());
        all.iter().for_each(&check);
    }
}

#[test]
fn every_service_runs_without_root_on_a_root_it_cannot_write_and_without_privileges() {
    every(|s| {
        let user = s.value["user"].as_str().unwrap_or_default();
        assert!(!user.is_empty() && !user.starts_with('0') && user != "root", "{}: user {user}", s.name);
        assert_eq!(s.value["read_only"], true, "{}", s.name);
        assert_eq!(s.list("cap_drop"), ["ALL"], "{}", s.name);
        assert_eq!(s.list("security_opt"), ["no-new-privileges:true"], "{}", s.name);
        assert!(s.list("tmpfs").iter().any(|t| t.starts_with("/tmp:")), "{}: nowhere to put files down", s.name);
        assert!(s.value["privileged"].is_null() && s.value["cap_add"].is_null(), "{}", s.name);
    });
}

#[test]
fn whatever_stays_up_has_a_health_check_and_time_to_stop() {
    every(|s| {
        if s.runs_once() {
            return;
        }
        assert!(!s.health_check().is_empty(), "{}", s.name);
        assert_eq!(s.value["restart"], "unless-stopped", "{}", s.name);
        assert_eq!(s.value["stop_grace_period"], "60s", "{}", s.name);
        // Ours stop on SIGTERM, which is the engine's own.
        assert!(!s.is_ours() || s.value["stop_signal"].is_null(), "{}", s.name);
    });
}

#[test]
fn no_secret_is_written_in_the_files() {
    for file in files() {
        let known = file["secrets"].as_object().unwrap();
        for (name, secret) in known {
            assert_eq!(secret["file"], format!("./deploy/secrets/{name}"), "{name}");
            assert!(services(&file).iter().any(|s| s.list("secrets").contains(&name.as_str())), "{name} is for nobody");
        }
        for s in services(&file) {
            for (key, value) in s.environment() {
                let is_secret = ["SECRET", "PASSWORD", "TOKEN", "KEYS__", "DATABASE_URL", "SMTP__URL", "CERTIFICATE"]
                    .iter()
                    .any(|w| key.contains(w));
                if is_secret {
                    let name = value.strip_prefix("/run/secrets/");
                    let name = name.unwrap_or_else(|| panic!("{}: {key} is written in the file", s.name));
                    assert!(s.list("secrets").contains(&name), "{}: {key} is not given to it", s.name);
                    assert!(!s.is_ours() || key.ends_with("_FILE"), "{}: {key}", s.name);
                }
            }
        }
    }
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|l| l == "/deploy/secrets"));
    let image = std::fs::read_to_string(root().join(".dockerignore")).unwrap();
    let sent: Vec<&str> = image.lines().filter_map(|l| l.strip_prefix('!')).collect();
    assert!(image.lines().any(|l| l == "*") && !sent.contains(&"deploy"), "secrets stay out of the image: {sent:?}");
}

#[test]
fn the_database_is_reached_by_those_alone_who_ask_it_and_simulators_only_in_the_demo() {
    for file in files() {
        assert_eq!(file["networks"]["data"]["internal"], true);
        assert_eq!(service(&file, "postgres").list("networks"), ["data"]);
        assert!(service(&file, "proxy").value["networks"]["data"].is_null(), "the proxy has no business there");
        assert_eq!(service(&file, "simulators").list("networks"), ["inner"]);
        for s in services(&file) {
            let open = !s.value["ports"].is_null();
            assert_eq!(open, s.name == "proxy", "{}: only the proxy is reached from outside", s.name);
            let plays = ["simulators", "staff-portal", "staff-desk"].contains(&s.name);
            assert_eq!(s.list("profiles"), if plays { vec!["demo"] } else { vec![] }, "{}", s.name);
        }
        let proxy = service(&file, "proxy").value["networks"]["inner"]["ipv4_address"].clone();
        for name in ["portal-1", "portal-2", "worker", "desk"] {
            let s = service(&file, name);
            let environment = s.environment();
            let trusted = environment.iter().find(|(k, _)| *k == "KOMMUNPORTAL__WEB__TRUSTED_PROXIES");
            assert_eq!(trusted.map(|(_, v)| *v), proxy.as_str(), "{name}: the proxy and nobody else");
        }
    }
    let [_, production] = files();
    assert_eq!(service(&production, "portal-1").value["environment"]["KOMMUNPORTAL_PROFILE"], "production");
}

#[test]
fn the_image_is_built_in_stages_and_holds_neither_shell_nor_root() {
    let text = std::fs::read_to_string(root().join("Dockerfile")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
    let froms: Vec<&str> = lines.iter().filter_map(|l| l.strip_prefix("FROM ")).collect();
    assert_eq!(froms.len(), 2, "{froms:?}");
    let rust = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = rust.lines().find_map(|l| l.strip_prefix("rust-version = \"")).unwrap().trim_end_matches('"');
    assert_eq!(froms[0], format!("rust:{version}-bookworm AS build"), "the compiler that Cargo.toml asks for");
    assert!(froms[1].contains("distroless") && froms[1].ends_with("debian12:nonroot"), "the same C library: {froms:?}");
    let last = lines.iter().rposition(|l| l.starts_with("FROM ")).unwrap();
    assert!(lines[last..].contains(&"USER 10001:10001"));
    assert!(!lines[last..].iter().any(|l| l.starts_with("RUN")), "nothing runs in an image without shell");
    for copied in lines[last..].iter().filter(|l| l.starts_with("COPY")) {
        assert!(copied.contains("--from=build"), "{copied}");
    }
    assert!(text.contains("--locked") && text.contains("--profile dist"));
}
