//! A PostgreSQL that speaks TLS only, with the demo's own certificate.

use super::compose::root;
use super::databases::{Folder, with_conn};
use super::server::Server;
use diesel::connection::SimpleConnection;
use std::process::Command;

/// What connecting to this address says: nothing when it is well.
fn fault(url: &str) -> Option<String> {
    let url = url.to_owned();
    let opening = move || match kommunportal::db::open(&url, false) {
        Ok(mut c) => c
            .batch_execute("SELECT 1 / (SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid())")
            .err()
            .map(|e| e.to_string()),
        Err(e) => Some(e.to_string()),
    };
    std::thread::spawn(opening).join().unwrap()
}

#[test]
fn a_database_is_spoken_to_with_tls_and_only_under_the_name_in_its_certificate() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (server, folder) = (Server::start(), Folder::new());
    let mut making = Command::new("deploy/prepare");
    let output =
        making.args(["--demo", "--host", "localhost"]).arg(folder.path()).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let certificate = std::fs::read_to_string(folder.path().join("certificate")).unwrap();
    with_conn(server.url(), move |c| {
        let put = |name: &str, text: &str| {
            format!("COPY (SELECT unnest(string_to_array('{text}', E'\\n'))) TO PROGRAM 'umask 077; cat > {name}'")
        };
        for sql in [put("server.crt", &certificate), put("server.key", &certificate)] {
            c.batch_execute(&sql).unwrap();
        }
        c.batch_execute("ALTER SYSTEM SET ssl = on").unwrap();
        c.batch_execute(&put("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust"))
            .unwrap();
        c.batch_execute("SELECT pg_reload_conf()").unwrap();
    });
    let by_name = server.url().replace("127.0.0.1", "localhost");
    let authorities = format!("sslrootcert={}", folder.path().join("authorities/own.pem").display());
    let begun = std::time::Instant::now();
    while let Some(why) = fault(&format!("{by_name}?sslmode=verify-full&{authorities}")) {
        assert!(begun.elapsed().as_secs() < 20, "{why}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let refused = |url: String, wanted: &str| {
        let said = fault(&url).unwrap_or_else(|| panic!("{url} was let in"));
        assert!(said.to_lowercase().contains(wanted), "{url}: {said}");
    };
    refused(format!("{}?sslmode=verify-full&{authorities}", server.url()), "not valid for name");
    refused(format!("{by_name}?sslmode=verify-full"), "certificate");
    refused(format!("{by_name}?sslmode=disable"), "no encryption");
    refused(format!("{by_name}?sslmode=prefer"), "hint: verify-full");
    refused(format!("{by_name}?sslmode=verify-full&sslrootcert=/nowhere"), "/nowhere");
}
