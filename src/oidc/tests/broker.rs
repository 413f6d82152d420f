//! The provider: as much of one as a relying party can tell apart from a real one, and then worse.

use super::Purpose;
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub(super) const NUMBER: &str = "199001012385";
pub(super) const PNR: &str = "https://id.oidc.se/claim/personalIdentityNumber";
pub(super) const SAMNR: &str = "https://id.oidc.se/claim/coordinationNumber";
const ACCESS_TOKEN: &str = "acc3ss-t0ken";

/// What a path answers.
#[derive(Clone)]
pub(super) enum Reply {
    Json(u16, String),
    Text(&'static str),
    Jwt(String),
    Redirect,
    /// Two megabytes of spaces before the end of the object.
    Huge,
    /// A head, and then nothing.
    Hang,
    /// Closed without a word.
    Reset,
}

#[derive(Default)]
struct State {
    replies: HashMap<&'static str, Reply>,
    /// Path, head, body.
    requests: Vec<(String, String, String)>,
}

pub(super) struct Broker {
    pub(super) issuer: String,
    pkcs8: Vec<u8>,
    key: EcdsaKeyPair,
    state: Arc<Mutex<State>>,
}

impl Broker {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // A name that no name server knows: browsers and this program do.
        let issuer = format!("http://broker.localhost:{}", listener.local_addr().unwrap().port());
        let state: Arc<Mutex<State>> = Arc::default();
        let pkcs8 = new_key();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new()).unwrap();
        let broker = Self { issuer, pkcs8, key, state: state.clone() };
        broker.change_metadata(|_| {});
        broker.answer("/jwks", Reply::Json(200, json!({ "keys": [broker.jwk("k1")] }).to_string()));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, state.clone()));
            }
        });
        broker
    }

    pub(super) fn change_metadata(&self, change: impl Fn(&mut Value)) {
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": format!("{}/authorize", self.issuer),
            "token_endpoint": format!("{}/token", self.issuer),
            "jwks_uri": format!("{}/jwks", self.issuer),
            "response_types_supported": ["code"],
            "scopes_supported": ["openid"],
            "acr_values_supported": ["http://id.elegnamnden.se/loa/1.0/loa3"],
            "claims_parameter_supported": true,
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "ui_locales_supported": ["sv", "en"],
        });
        change(&mut metadata);
        self.answer("/.well-known/openid-configuration", Reply::Json(200, metadata.to_string()));
    }

    pub(super) fn answer(&self, path: &'static str, reply: Reply) {
        self.state.lock().unwrap().replies.insert(path, reply);
    }

    pub(super) fn answer_token(&self, reply: Reply) {
        self.answer("/token", reply);
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let point = self.key.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig" })
    }

    /// The same broker's RSA key.
    pub(super) fn rsa_jwk(&self, kid: &str) -> Value {
        let key = rsa_key();
        let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(key.public());
        let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
        json!({ "kty": "RSA", "n": n, "e": e, "kid": kid, "use": "sig" })
    }

    fn sign(&self, input: &str, seal: Seal) -> Vec<u8> {
        let random = SystemRandom::new();
        match seal {
            Seal::Key => self.key.sign(&random, input.as_bytes()).unwrap().as_ref().to_vec(),
            Seal::Stranger => {
                let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &new_key(), &random).unwrap();
                key.sign(&random, input.as_bytes()).unwrap().as_ref().to_vec()
            }
            Seal::Der => {
                let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8, &random).unwrap();
                key.sign(&random, input.as_bytes()).unwrap().as_ref().to_vec()
            }
            Seal::PublicKeyAsSecret => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.key.public_key().as_ref());
                ring::hmac::sign(&key, input.as_bytes()).as_ref().to_vec()
            }
            Seal::Rsa => {
                let key = rsa_key();
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&ring::signature::RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).unwrap();
                signature
            }
            Seal::Missing => vec![],
        }
    }

    /// A token with these claims.
    pub(super) fn token(&self, header: &Value, claims: &Value, seal: Seal) -> String {
        let input =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.sign(&input, seal)))
    }

    pub(super) fn calls(&self, path: &str) -> usize {
        self.state.lock().unwrap().requests.iter().filter(|(p, _, _)| p == path).count()
    }

    pub(super) fn last_token_request(&self) -> (String, HashMap<String, String>) {
        self.last_request("/token")
    }

    /// Head and form of what was last sent to this path.
    pub(super) fn last_request(&self, to: &str) -> (String, HashMap<String, String>) {
        let state = self.state.lock().unwrap();
        let (_, head, body) = state.requests.iter().rfind(|(path, _, _)| path == to).unwrap();
        (head.clone(), url::form_urlencoded::parse(body.as_bytes()).into_owned().collect())
    }
}

/// Made for these tests; nothing else trusts it. ring makes no RSA keys.
fn rsa_key() -> ring::signature::RsaKeyPair {
    let text: String = include_str!("rsa_key.txt").split_ascii_whitespace().collect();
    let der = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    ring::signature::RsaKeyPair::from_pkcs8(&der).unwrap()
}

fn new_key() -> Vec<u8> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    pkcs8.as_ref().to_vec()
}

async fn serve(mut socket: TcpStream, state: Arc<Mutex<State>>) {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    let (head, body) = loop {
        let Ok(n @ 1..) = socket.read(&mut chunk).await else { return };
        read.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            break (head.to_owned(), body.to_owned());
        }
    };
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let reply = {
        let mut state = state.lock().unwrap();
        let reply = state.replies.get(path.as_str()).cloned().unwrap_or(Reply::Json(404, "{}".into()));
        state.requests.push((path, head, body));
        reply
    };
    let answer = |status: u16, extra: &str, body: &str| {
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{extra}\r\n\r\n{body}", body.len())
    };
    let json = "content-type: application/json";
    let text = match reply {
        Reply::Json(status, body) => answer(status, json, &body),
        Reply::Jwt(token) => answer(200, "content-type: application/jwt", &token),
        Reply::Text(body) => answer(200, "content-type: text/html", body),
        Reply::Redirect => answer(302, "location: http://169.254.169.254/latest", ""),
        Reply::Huge => answer(200, json, &format!("{{{}}}", " ".repeat(2_000_000))),
        Reply::Hang => format!("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n{json}\r\n\r\n{{"),
        Reply::Reset => return,
    };
    let _ = socket.write_all(text.as_bytes()).await;
    if matches!(text.len(), ..200) && text.ends_with("\r\n\r\n{") {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}

/// How a token is signed.
#[derive(Clone, Copy)]
pub(super) enum Seal {
    Key,
    /// By a key that the broker does not publish.
    Stranger,
    /// With the public key's bytes as shared secret.
    PublicKeyAsSecret,
    /// RS256.
    Rsa,
    /// DER instead of the fixed form.
    Der,
    Missing,
}

/// An ID token and the answer around it, on the way to being spoilt.
pub(super) struct Draft {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) answer: Map<String, Value>,
    pub(super) seal: Seal,
    /// The payload as text, when it is not what `claims` would give.
    pub(super) payload: Option<fn(String) -> String>,
    pub(super) after: Option<fn(String) -> String>,
}

impl Draft {
    pub(super) fn honest(broker: &Broker, request: &Url, purpose: Purpose, now: At) -> Self {
        let nonce = request.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
        Self::with_nonce(broker, nonce, purpose, now)
    }

    pub(super) fn with_nonce(broker: &Broker, nonce: String, purpose: Purpose, now: At) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, ACCESS_TOKEN.as_bytes());
        let mut claims = object(json!({
            "iss": broker.issuer, "sub": "f3c1b9e2-7d10", "aud": "kommunportal", "nonce": nonce,
            "iat": now.seconds(), "exp": now.seconds() + 240, "auth_time": now.seconds() - 1,
            "acr": "http://id.elegnamnden.se/loa/1.0/loa3", "txn": "txn-1", "sid": "sid-1",
            "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]), "name": "Tora Testlund",
        }));
        claims.extend(object(match purpose {
            Purpose::Citizen => json!({ PNR: NUMBER, "given_name": "Tora", "family_name": "Testlund" }),
            Purpose::Staff => json!({
                "https://id.oidc.se/claim/orgAffiliation": "hanna01@2120002411",
                "https://id.oidc.se/claim/orgNumber": "2120002411",
            }),
        }));
        Self {
            header: object(json!({ "alg": "ES256", "kid": "k1", "typ": "JWT" })),
            claims,
            answer: object(json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 60 })),
            seal: Seal::Key,
            payload: None,
            after: None,
        }
    }

    pub(super) fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims.insert(claim.to_owned(), value.into());
    }

    pub(super) fn add(&mut self, claim: &str, seconds: i64) {
        let at = self.claims[claim].as_i64().unwrap();
        self.set(claim, at + seconds);
    }

    pub(super) fn drop(&mut self, claim: &str) {
        self.claims.remove(claim);
    }

    pub(super) fn reply(&self, broker: &Broker) -> Reply {
        let header = Value::Object(self.header.clone()).to_string();
        let payload = Value::Object(self.claims.clone()).to_string();
        let payload = self.payload.map_or(payload.clone(), |change| change(payload));
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = broker.sign(&input, self.seal);
        let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
        let token = self.after.map_or(token.clone(), |change| change(token));
        let mut answer = self.answer.clone();
        answer.entry("id_token").or_insert(token.into());
        Reply::Json(200, Value::Object(answer).to_string())
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
