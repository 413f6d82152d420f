mod flow;
mod lies;
mod log_out;
mod requests;
mod signing;
mod styles;

use super::super::keys::{self, SigningKey};
use super::*;
use crate::vocabulary::At;
use actix_web::http::header;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use url::Url;

const BACK: &str = "http://localhost:8080/auth/aterkomst/standard";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk-and-more";
const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
const PNR: &str = "https://id.oidc.se/claim/personalIdentityNumber";
const SAMNR: &str = "https://id.oidc.se/claim/coordinationNumber";

fn client(client_id: &str, staff: bool) -> Client {
    Client {
        client_id: client_id.to_owned(),
        client_name: "Örkelljunga <kommun>".to_owned(),
        names_at: Vec::new(),
        client_secret: Some("s3cret with:colon".to_owned()),
        jwks_uri: None,
        redirect_uris: vec![BACK.to_owned()],
        post_logout_redirect_uris: vec!["http://localhost:8080/utloggad".to_owned()],
        backchannel_logout_uris: Vec::new(),
        id_token_signed_response_alg: SigningAlg::Es256,
        may_sign: true,
        staff,
    }
}

struct Tried {
    broker: Broker,
    clock: Clock,
    http: reqwest::Client,
}

fn tried(name: &str) -> Tried {
    let clock = Clock::standing_at("2026-11-21T12:00:00Z".parse().unwrap_or(At::EPOCH));
    let broker = start(BrokerConfig {
        bind: vec![([127, 0, 0, 1], 0).into()],
        issuer: None,
        data_dir: std::env::temp_dir().join(format!("kp-broker-{name}-{}", uuid::Uuid::now_v7())),
        clock: clock.clone(),
        clients: vec![client("kommunportal", false), client("kommunportal-desk", true)],
        sides: None,
    })
    .unwrap();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    Tried { broker, clock, http }
}

type Query = HashMap<String, String>;

impl Tried {
    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.broker.running().port())
    }

    /// A proper request, with some parameters changed (to nothing: left out).
    fn authorize(&self, changes: &[(&str, &str)]) -> Url {
        let claims = json!({"id_token": {
            "acr": {"essential": true, "values": [LOA3]}, PNR: {"essential": true}, SAMNR: {"essential": true},
            "given_name": null, "https://id.oidc.se/claim/authnProvider": null,
        }});
        let challenge = keys::b64(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()).as_ref());
        let mut parameters: Vec<(String, String)> = [
            ("client_id", "kommunportal"),
            ("response_type", "code"),
            ("scope", "openid"),
            ("redirect_uri", BACK),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("claims", &claims.to_string()),
            ("prompt", "login"),
        ]
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
        for (name, value) in changes {
            parameters.retain(|(n, _)| n != name);
            parameters.push(((*name).to_owned(), (*value).to_owned()));
        }
        Url::parse_with_params(&self.url("/authorize"), parameters).unwrap()
    }

    async fn log_in(&self, person: &str, changes: &[(&str, &str)]) -> Query {
        let request =
            self.http.get(self.authorize(changes)).header(header::COOKIE.as_str(), format!("kp_person={person}"));
        returned(request.send().await.unwrap())
    }

    async fn exchange(&self, changes: &[(&str, &str)], secret: Option<&str>) -> (u16, Value) {
        let mut form: HashMap<&str, &str> =
            HashMap::from([("grant_type", "authorization_code"), ("redirect_uri", BACK), ("code_verifier", VERIFIER)]);
        form.extend(changes.iter().copied());
        let mut request = self.http.post(self.url("/token")).form(&form);
        if let Some(secret) = secret {
            request = request.basic_auth("kommunportal", Some(secret));
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// The tokens of a code, and what the ID token says when its signature holds against the published keys.
    async fn tokens(&self, code: &str) -> (Value, Option<Value>) {
        let (status, answer) = self.exchange(&[("code", code)], Some(SECRET)).await;
        assert_eq!(status, 200, "{answer}");
        let jwks: Value = self.http.get(self.url("/jwks")).send().await.unwrap().json().await.unwrap();
        let claims = keys::verified_claims(answer["id_token"].as_str().unwrap_or_default(), &jwks);
        (answer, claims)
    }

    async fn control(&self, state: Value) {
        assert_eq!(self.http.post(self.url("/_control")).json(&state).send().await.unwrap().status(), 200);
    }
}

impl Tried {
    fn jwks(&self) -> Value {
        self.broker.provider.keys.jwks(self.clock.now())
    }

    /// The client has a key of its own from now on, and no secret.
    fn with_key(&self) -> SigningKey {
        let key = SigningKey::passing().unwrap();
        let document = json!({"keys": [key.jwk()]}).to_string();
        let (address, _) = heard("200 OK", document);
        let jwks_uri = Some(format!("{address}/jwks.json"));
        self.broker.register(Client { jwks_uri, client_secret: None, ..client("kommunportal", false) });
        key
    }

    fn assertion(&self, key: &SigningKey, jti: &str, aud: &str, exp: i64) -> String {
        let now = self.clock.now().seconds();
        let id = "kommunportal";
        key.sign(&json!({"iss": id, "sub": id, "aud": aud, "jti": jti, "iat": now, "exp": now + exp})).unwrap()
    }
}

const ASSERTION_TYPE: (&str, &str) =
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

/// A small server that answers the same to everybody, and what it is sent.
fn heard(status: &'static str, body: String) -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
            let content = loop {
                let text = String::from_utf8_lossy(&read).into_owned();
                if let Some((head, content)) = text.split_once("\r\n\r\n") {
                    let length = |l: &str| l.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
                    if content.len() >= head.lines().find_map(length).unwrap_or(0) {
                        break content.to_owned();
                    }
                }
                match socket.read(&mut chunk).unwrap() {
                    0 => break String::new(),
                    n => read.extend_from_slice(&chunk[..n]),
                }
            };
            let _ = send.send(content);
            let head = "content-type: application/json\r\nconnection: close";
            let _ = write!(socket, "HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
    });
    (address, receive)
}

/// Form-encoded as RFC 6749 wants it inside Basic.
const SECRET: &str = "s3cret+with%3Acolon";

fn returned(answer: reqwest::Response) -> Query {
    assert_eq!(answer.status(), 303);
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(BACK));
    location.query_pairs().into_owned().collect()
}
