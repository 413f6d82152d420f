//! A broker that is not ours: the certified `oidc-provider`, in Node, with one person. What our own simulator gets wrong
//! together with the portal shows here.

use super::attempt::ANNA;
use super::browser::Browser;
use super::demo::{Demo, free_block};
use kommunportal::oidc::ClientKey;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const HINT: &str = "run scripts/setup-tests, which installs Node and what it needs from npm";

/// Ends when the test does: its standard input is closed then. What it writes must not run into a closed pipe.
struct Broker {
    process: Child,
    _said: ChildStdout,
}

impl Broker {
    fn start(issuer: &str, client: Value) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let modules = root.join("var/tests/oidc-provider/node_modules");
        assert!(modules.join("oidc-provider").exists(), "there is no {}: {HINT}", modules.display());
        let settings = json!({ "modules": modules, "issuer": issuer, "clients": [client] });
        let mut command = Command::new("node");
        command.arg(root.join("tests/e_legitimation/oidc-provider/broker.mjs")).env("BROKER", settings.to_string());
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.unwrap_or_else(|why| panic!("node does not start ({why}): {HINT}"));
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let ready = said.by_ref().lines().any(|line| line.is_ok_and(|line| line == "ready"));
        let broker = Broker { process, _said: said.into_inner() };
        assert!(ready, "the broker did not start");
        broker
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// What the broker registers of a client, beside what all have.
fn client(demo: &Demo, more: &Value) -> Value {
    let mut client = json!({
        "client_id": "kommunportal", "response_types": ["code"], "grant_types": ["authorization_code"],
        "redirect_uris": [demo.portal("/auth/aterkomst/standard")],
        "post_logout_redirect_uris": [demo.portal("/utloggad")],
        "backchannel_logout_uri": demo.portal("/auth/utloggning/standard"),
        "backchannel_logout_session_required": true,
        "require_auth_time": true,
    });
    client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client
}

/// Opens her pages, which leads to the broker, and says there who she is.
async fn log_in(anna: &mut Browser, issuer: &str, demo: &Demo) {
    anna.open(&demo.portal("/mina-sidor")).await;
    assert!(anna.url().as_str().starts_with(&format!("{issuer}/person/")), "{}: {}", anna.url(), anna.text());
    let form = anna.form_with("Legitimera");
    anna.submit(form, "Legitimera").await;
    assert_eq!(anna.url().as_str(), demo.portal("/mina-sidor"), "{}", anna.text());
    anna.see("Åkesson");
    anna.do_not_see(ANNA);
}

/// In here and out there, each way round.
async fn anna_comes_and_goes(issuer: &str, demo: &Demo) {
    let mut anna = Browser::new();
    log_in(&mut anna, issuer, demo).await;
    // Out of the portal, which leads over the broker: it knows who is meant, and where she goes then.
    let form = anna.form("/logga-ut");
    anna.submit(form, "Logga ut").await;
    assert!(anna.url().as_str().starts_with(&format!("{issuer}/session/end")), "{}: {}", anna.url(), anna.text());
    let form = anna.form_with("Lämna");
    anna.submit(form, "Lämna").await;
    assert_eq!((anna.url().origin(), anna.path()), (anna.url().join(&demo.portal("/")).unwrap().origin(), "/utloggad"));
    anna.see("Du är utloggad");
    log_in(&mut anna, issuer, demo).await;
    // Out of the broker, which tells the portal by itself.
    anna.open(&format!("{issuer}/session/end")).await;
    let form = anna.form_with("Lämna");
    anna.submit(form, "Lämna").await;
    anna.see("Du har lämnat");
    anna.open(&demo.portal("/mina-sidor")).await;
    assert!(anna.url().as_str().starts_with(&format!("{issuer}/person/")), "she is out here as well: {}", anna.url());
    super::logs::assert_clean(&demo.log(), &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_log_in_through_a_certified_broker_that_knows_the_portal_by_its_secret() {
    let (issuer, secret) = (format!("http://localhost:{}", free_block()), "0123456789abcdef0123456789abcdef");
    let demo = Demo::start_with(&[
        ("KOMMUNPORTAL__BROKER__ISSUER", &issuer),
        ("KOMMUNPORTAL__BROKER__CLIENT_ID", "kommunportal"),
        ("KOMMUNPORTAL__BROKER__CLIENT_SECRET", secret),
    ])
    .await;
    let more = json!({
        "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic", "id_token_signed_response_alg": "RS256",
    });
    let _broker = Broker::start(&issuer, client(&demo, &more));
    anna_comes_and_goes(&issuer, &demo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_log_in_through_a_certified_broker_that_knows_the_portal_by_its_key() {
    let issuer = format!("http://localhost:{}", free_block());
    let demo = Demo::start_with(&[
        ("KOMMUNPORTAL__BROKER__ISSUER", &issuer),
        ("KOMMUNPORTAL__BROKER__CLIENT_ID", "kommunportal"),
        ("KOMMUNPORTAL__BROKER__PRIVATE_KEY", &ClientKey::generate_pem().unwrap()),
    ])
    .await;
    let more = json!({
        "jwks_uri": demo.portal("/.well-known/jwks.json"), "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256", "id_token_signed_response_alg": "ES256",
    });
    let _broker = Broker::start(&issuer, client(&demo, &more));
    anna_comes_and_goes(&issuer, &demo).await;
}
