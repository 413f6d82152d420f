//! A target that wants to know by its certificate who calls, and that we know by its authority alone.

use super::test_office::{at, named, office, office_at, takes};
use super::test_server::whole;
use super::*;
use crate::portal::testing::databases;
use crate::vocabulary::*;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// An authority with two certificates that it gave: of a server on this machine, and of somebody who calls.
struct Authority(PathBuf);

impl Authority {
    fn new(name: &str) -> Self {
        let all = Self(std::env::temp_dir().join(format!("kp-authority-{}", FileId::fresh())));
        std::fs::create_dir_all(&all.0).unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        let subject = format!("/CN={name}");
        let extensions = "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign";
        all.openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj {subject} {extensions}"));
        for (leaf, extensions) in [
            ("server", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth"),
            ("client", "extendedKeyUsage=clientAuth"),
        ] {
            let extensions = format!("basicConstraints=critical,CA:FALSE\n{extensions}\n");
            std::fs::write(all.0.join("extensions"), extensions).unwrap();
            all.openssl(&format!("req -new {key} -keyout {leaf}.key -out {leaf}.csr -subj /CN={leaf}"));
            let signed = "-CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions";
            all.openssl(&format!("x509 -req -in {leaf}.csr {signed} -out {leaf}.pem"));
        }
        all
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.join(file)).unwrap()
    }

    fn certificate(&self, file: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.read(file).as_bytes()).unwrap()
    }

    /// Settings of a target that is known by this authority.
    fn ca(&self) -> String {
        format!("ca = '''{}'''\n", self.read("ca.pem"))
    }

    /// Settings of somebody who calls with its certificate.
    fn caller(&self) -> String {
        let both = self.read("client.pem") + &self.read("client.key");
        format!("client_certificate = '''{both}'''\n[capabilities]\nmtls = true\n")
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Answers those who have a certificate of the same authority as its own; how many it has let in.
fn serve(authority: &Authority) -> (url::Url, Arc<AtomicUsize>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate("ca.pem")).unwrap();
    let callers = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build().unwrap();
    let key = PrivateKeyDer::from_pem_slice(authority.read("server.key").as_bytes()).unwrap();
    // In 1.3 a caller may have begun to speak before it hears that it is not let in, and then meets a broken line as often as
    // the reason. In 1.2 the reason always comes first.
    let config =
        ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS12]).unwrap();
    let config = config.with_client_cert_verifier(callers);
    let config = Arc::new(config.with_single_cert(vec![authority.certificate("server.pem")], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port()).parse().unwrap();
    let let_in = Arc::new(AtomicUsize::new(0));
    let count = let_in.clone();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (config, count) = (config.clone(), count.clone());
            std::thread::spawn(move || answer(socket, config, &count));
        }
    });
    (url, let_in)
}

fn answer(socket: TcpStream, config: Arc<ServerConfig>, let_in: &AtomicUsize) {
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    let asked = loop {
        match stream.read(&mut part) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&part[..n]),
            // Why has been told. What the other side has sent meanwhile is read, or the system would take the word back.
            _ => {
                let _ = stream.sock.shutdown(Shutdown::Write);
                while stream.sock.read(&mut part).is_ok_and(|n| n > 0) {}
                return;
            }
        }
        if let Some(asked) = whole(&bytes) {
            break asked;
        }
    };
    let_in.fetch_add(1, Ordering::SeqCst);
    let (status, body) = takes(&asked);
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all((head + &body).as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_knows_us_by_our_certificate_takes_no_other_and_no_attempt_is_spent_on_a_wrong_one() {
    let (ours, others) = (Authority::new("ours"), Authority::new("others"));
    let right = ours.ca() + &ours.caller();
    let wrong = [
        ("nobody", ours.ca()),
        ("stranger", ours.ca() + &others.caller()),
        // The server is not the one that it should be.
        ("impostor", others.ca() + &ours.caller()),
    ];
    for db in databases() {
        let (url, let_in) = serve(&ours);
        let mut targets = vec![("castor", at(&url, &right))];
        targets.extend(wrong.iter().map(|(name, settings)| (*name, at(&url, settings))));
        let o = office(&db, targets);
        let known = o.submit("castor", &[]).await;
        let mut refused = Vec::new();
        for (name, _) in &wrong {
            refused.push(o.submit(name, &[]).await);
        }
        o.run_after(0).await;
        assert_eq!(o.row(&known).await.state, DeliveryState::Registered);
        assert_eq!(let_in.load(Ordering::SeqCst), 1, "nobody else has come so far as to say anything");
        let states = o.db.read(|c| target_states(c, None)).await.unwrap();
        for ((name, _), id) in wrong.iter().zip(&refused) {
            let row = o.row(id).await;
            assert_eq!((row.state, row.attempts), (DeliveryState::RetryScheduled, 0), "{name}");
            let state = states.iter().find(|state| state.target == named(name)).unwrap();
            assert_eq!(state.paused, Some(Pause::Configuration), "{name}: {}", state.why);
            assert!(state.why.contains("certificate"), "{name}: {}", state.why);
        }
        // Put right, each goes by itself.
        let targets = wrong.iter().map(|(name, _)| (*name, at(&url, &right))).collect();
        let mended = office_at(&db, targets, o.clock.clone());
        mended.run_after(61).await;
        for id in &refused {
            let row = mended.row(id).await;
            assert_eq!((row.state, row.attempts), (DeliveryState::Registered, 1));
        }
    }
}
