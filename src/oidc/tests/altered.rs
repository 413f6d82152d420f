//! Tokens, keys and metadata with something changed: an altered token never logs anybody in.

use super::super::id_token::Unverified;
use super::super::jws::{KeySet, MAX_TOKEN};
use super::super::metadata::read_metadata;
use super::super::outbound::Outbound;
use super::broker::Reply;
use super::*;
use crate::hostile::{cases, cases_in, spoiled, spoiled_text};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::{JsonWebKey as _, core::CoreJsonWebKey};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

/// An honest log-in, taken apart just before the token is believed.
struct Honest {
    token: String,
    access_token: String,
    keys: Arc<KeySet>,
    pending: Pending,
    config: BrokerConfig,
}

impl Honest {
    async fn new() -> Self {
        let (broker, party, _) = party().await;
        let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
        let Reply::Json(_, answer) = Draft::honest(&broker, &begun.url, Purpose::Citizen, now()).reply(&broker) else {
            panic!("a token")
        };
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        let keys = party.provider.keys().await.unwrap();
        let honest = Self {
            token: text("id_token"),
            access_token: text("access_token"),
            keys,
            pending: begun.pending,
            config: party.config.clone(),
        };
        honest.believe(&honest.token).unwrap();
        honest
    }

    /// By the crate and by our own reading of the signature: what one believes, the other does.
    fn believe(&self, token: &str) -> Result<(), LoginFault> {
        let read = Unverified::parse(token, &self.config.allowed_algs, MAX_TOKEN)?;
        let verified = read.verify(&self.keys, &self.pending, &self.config, &self.access_token, now())?;
        verified.token.verify(verified.key)?;
        Who::from_claims(&verified.token.claims, Purpose::Citizen, &self.config, false, now()).map(|_| ())
    }
}

#[tokio::test]
async fn an_altered_token_is_never_believed_and_never_repeated() {
    let honest = Honest::new().await;
    TestRunner::new(cases_in(file!(), 256))
        .run(&spoiled(vec![honest.token.clone().into_bytes()]), |bytes| {
            let Ok(token) = String::from_utf8(bytes) else { return Ok(()) };
            match honest.believe(&token) {
                Ok(_) => prop_assert_eq!(&token, &honest.token, "an altered token was believed"),
                Err(fault) => {
                    let told = format!("{fault} {fault:?}");
                    prop_assert!(!told.contains(NUMBER) && told.len() < 200, "{}", told);
                }
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_token_whose_contents_are_altered_and_written_anew_is_never_believed() {
    let honest = Honest::new().await;
    let parts: Vec<Vec<u8>> = honest.token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let (header, payload, signature) =
        (spoiled(vec![parts[0].clone()]), spoiled(vec![parts[1].clone()]), spoiled(vec![parts[2].clone()]));
    TestRunner::new(cases_in(file!(), 256))
        .run(&(header, payload, signature), |(header, payload, signature)| {
            let [header, payload, signature] = [header, payload, signature].map(|part| URL_SAFE_NO_PAD.encode(part));
            let token = format!("{header}.{payload}.{signature}");
            if honest.believe(&token).is_ok() {
                prop_assert_eq!(&token, &honest.token, "an altered token was believed");
            }
            // Each part alone, beside two honest ones.
            for at in 0..3 {
                let mut own: Vec<&str> = honest.token.split('.').collect();
                own[at] = [&header, &payload, &signature][at];
                let token = own.join(".");
                if honest.believe(&token).is_ok() {
                    prop_assert_eq!(&token, &honest.token, "an altered token was believed");
                }
            }
            Ok(())
        })
        .unwrap();
}

const KEYS: &str = r#"{"keys":[
{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"k1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
{"kty":"RSA","use":"sig","alg":"RS256","kid":"k2","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"},
{"kty":"oct","k":"c2VjcmV0","kid":"k3"},{"kty":"EC","crv":"P-521","kid":"k4"}]}"#;

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn keys_altered_in_any_way_are_usable_or_refused(body in spoiled(vec![KEYS.as_bytes().to_vec()])) {
        let allowed = [SigningAlgorithm::Es256, SigningAlgorithm::Rs256];
        if let Ok(keys) = KeySet::read(&body, &allowed) {
            let keys = keys.for_crate;
            prop_assert!(!keys.keys().is_empty());
            for key in keys.keys() {
                let key: &CoreJsonWebKey = key;
                let kind = key.key_type();
                prop_assert!(kind != &openidconnect::core::CoreJsonWebKeyType::Symmetric, "a shared secret as a public key");
            }
            // Keys that were read are kept alike when they are read again.
            let again = serde_json::to_vec(&keys).unwrap();
            prop_assert_eq!(KeySet::read(&again, &allowed).map(|k| k.for_crate.keys().len()), Ok(keys.keys().len()));
        }
    }

    #[test]
    fn a_callback_altered_in_any_way_prints_no_code(query in spoiled_text(&CALLBACKS)) {
        match CallbackQuery::parse(&query) {
            Ok(read) => {
                prop_assert!((1..=512).contains(&read.state().len()));
                let printed = format!("{read:?}");
                prop_assert!(!printed.contains("c0de"), "{}", printed);
            }
            Err(fault) => prop_assert_eq!(fault, LoginFault::CallbackMalformed),
        }
    }

    #[test]
    fn a_way_back_altered_in_any_way_stays_on_the_site(path in spoiled_text(&PATHS)) {
        let Some(back) = safe_return_path(&path) else { return Ok(()) };
        let base = url::Url::parse("https://portal.example/").unwrap();
        let lands = base.join(&back).unwrap();
        prop_assert_eq!(lands.origin(), base.origin(), "{:?} leads away", back);
        prop_assert!(!back.contains(['\r', '\n']));
    }
}

#[test]
fn a_discovery_document_altered_in_any_way_leads_to_no_other_host() {
    let auth = ClientAuth::SecretBasic(ClientSecret::new(SECRET.into()));
    let config = BrokerConfig::new("https://broker.example", "kommunportal", auth);
    let outbound = Outbound::new(&config, Clock::standing_at(now())).unwrap();
    assert!(read_metadata(METADATA.as_bytes(), &config, &outbound).is_ok());
    TestRunner::new(cases_in(file!(), 256))
        .run(&spoiled(vec![METADATA.as_bytes().to_vec()]), |body| {
            if let Ok(metadata) = read_metadata(&body, &config, &outbound) {
                for url in [metadata.authorization_endpoint.url(), metadata.token_endpoint.url()] {
                    let lands = (url.scheme(), url.host_str(), url.port_or_known_default());
                    prop_assert_eq!(lands, ("https", Some("broker.example"), Some(443)));
                }
            }
            Ok(())
        })
        .unwrap();
}

const METADATA: &str = r#"{"issuer":"https://broker.example","authorization_endpoint":"https://broker.example/authorize","token_endpoint":"https://broker.example/token","jwks_uri":"https://broker.example/jwks","response_types_supported":["code"],"scopes_supported":["openid"],"code_challenge_methods_supported":["S256"],"id_token_signing_alg_values_supported":["ES256"]}"#;

const CALLBACKS: [&str; 3] = [
    "code=c0de-s3cret&state=abc&iss=https%3A%2F%2Fbroker.example",
    "error=access_denied&error_description=199001012385&state=abc",
    "state=abc&code=c0de&code=c0de",
];

const PATHS: [&str; 6] = [
    "/mina-sidor",
    "/e-tjanster/synpunkt/fyll-i?x=1#y",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "/%2f%2fevil.example",
];
