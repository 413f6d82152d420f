//! Against an OpenID provider on a loopback socket: real HTTP, real signatures, every lie it can tell.

mod altered;
mod broker;
mod deviating;
mod hostile;
mod logout;
mod provider;
mod rotation;
mod signing;

use super::*;
use crate::vocabulary::At;
use broker::{Broker, Draft, NUMBER};
use std::sync::LazyLock;

const REDIRECT: &str = "http://lidkoping.localhost:8080/auth/aterkomst/standard";
const SECRET: &str = "sesam öppna dig";

fn now() -> At {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

fn request(purpose: Purpose) -> Request<'static> {
    static LOA3: LazyLock<[String; 2]> =
        LazyLock::new(|| ["loa3", "loa4"].map(|level| format!("http://id.elegnamnden.se/loa/1.0/{level}")));
    let accepted_acr = LOA3.as_slice();
    Request { redirect_uri: REDIRECT, accepted_acr, purpose, language: "sv", pinned: None, sign: None }
}

fn config(broker: &Broker) -> BrokerConfig {
    let auth = ClientAuth::SecretBasic(ClientSecret::new(SECRET.into()));
    BrokerConfig { allow_http_loopback: true, ..BrokerConfig::new(broker.issuer.clone(), "kommunportal", auth) }
}

/// One log-in: begun, answered with a token that `change` has had its hands on, finished.
async fn log_in(
    party: &RelyingParty,
    broker: &Broker,
    purpose: Purpose,
    change: impl Fn(&mut Draft),
) -> Result<Authenticated, LoginFault> {
    let begun = party.begin(request(purpose)).await?;
    let mut draft = Draft::honest(broker, &begun.url, purpose, party.clock.now());
    change(&mut draft);
    broker.answer_token(draft.reply(broker));
    party.finish(&begun.pending, back(&begun)).await
}

fn back(begun: &Begun) -> CallbackQuery {
    CallbackQuery::parse(&format!("code=c0de-s3cret&state={}", begun.state)).unwrap()
}

async fn party() -> (Broker, RelyingParty, Clock) {
    let broker = Broker::start().await;
    let clock = Clock::standing_at(now());
    let party = RelyingParty::new(config(&broker), clock.clone()).unwrap();
    (broker, party, clock)
}

#[tokio::test]
async fn a_resident_logs_in_and_nothing_about_her_is_printed() {
    let (broker, party, _) = party().await;
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    broker.answer_token(Draft::honest(&broker, &begun.url, Purpose::Citizen, now()).reply(&broker));
    let stored: Pending = serde_json::from_str(&serde_json::to_string(&begun.pending).unwrap()).unwrap();
    let query = back(&begun);
    let printed = format!("{begun:?} {query:?} {party:?}");
    let person = party.finish(&stored, query).await.unwrap();
    let Who::Citizen { identity, given_name, name, .. } = &person.who else { panic!("a citizen") };
    assert_eq!((identity.number().unwrap().expose(), given_name.as_deref()), (NUMBER, Some("Tora")));
    assert_eq!(name.as_deref(), Some("Tora Testlund"));
    assert_eq!((person.acr.as_str(), person.txn.as_deref()), ("http://id.elegnamnden.se/loa/1.0/loa3", Some("txn-1")));
    assert_eq!(person.session_id.as_deref(), Some("sid-1"));
    assert!(person.id_token.expose().starts_with("eyJ"));

    let printed = format!("{printed} {person:?}");
    for secret in [NUMBER, "Testlund", "c0de", "eyJ", SECRET, &begun.state, &stored.nonce, &stored.pkce_verifier] {
        assert!(!printed.contains(secret), "{secret} is printed");
    }
}

#[tokio::test]
async fn the_request_says_what_the_profile_wants_and_the_token_request_proves_it() {
    let (broker, party, _) = party().await;
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    let query: std::collections::HashMap<_, _> = begun.url.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", "kommunportal"),
        ("scope", "openid"),
        ("prompt", "login"),
        ("ui_locales", "sv"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", REDIRECT),
        ("state", &begun.state),
    ];
    for (name, value) in expected {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    let claims: serde_json::Value = serde_json::from_str(&query["claims"]).unwrap();
    assert_eq!(claims["id_token"]["acr"]["essential"], true);
    assert_eq!(claims["id_token"]["https://id.oidc.se/claim/personalIdentityNumber"]["essential"], true);
    assert_eq!(claims["id_token"]["https://id.oidc.se/claim/coordinationNumber"]["essential"], true);
    assert!(claims["id_token"]["txn"].is_null() && claims["id_token"].get("txn").is_some());
    assert!(begun.state.len() == 43 && query["nonce"].len() == 43 && query["nonce"] != begun.state);

    broker.answer_token(Draft::honest(&broker, &begun.url, Purpose::Citizen, now()).reply(&broker));
    party.finish(&begun.pending, back(&begun)).await.unwrap();
    let (head, form) = broker.last_token_request();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!((form["code"].as_str(), form["redirect_uri"].as_str()), ("c0de-s3cret", REDIRECT));
    let challenge = state_digest(&form["code_verifier"]);
    assert_eq!(challenge, query["code_challenge"]);
    // "kommunportal:sesam+%C3%B6ppna+dig"
    assert!(head.contains("Basic a29tbXVucG9ydGFsOnNlc2FtKyVDMyVCNnBwbmErZGln"), "{head}");
}

#[tokio::test]
async fn a_key_of_our_own_signs_a_fresh_assertion_that_our_published_key_verifies() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let broker = Broker::start().await;
    let key = ClientKey::from_pem(&ClientKey::generate_pem().unwrap(), None).unwrap();
    let settings = BrokerConfig { client_auth: ClientAuth::PrivateKeyJwt(key), ..config(&broker) };
    let party = RelyingParty::new(settings, Clock::standing_at(now())).unwrap();
    log_in(&party, &broker, Purpose::Citizen, |_| {}).await.unwrap();
    let (head, form) = broker.last_token_request();
    assert!(!head.to_lowercase().contains("authorization:"));
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

    let published = party.jwks_document();
    let key = &published["keys"][0];
    assert!(key.get("d").is_none());
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        point.extend(URL_SAFE_NO_PAD.decode(key[coordinate].as_str().unwrap()).unwrap());
    }
    let (input, signature) = form["client_assertion"].rsplit_once('.').unwrap();
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, point)
        .verify(input.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let claims = URL_SAFE_NO_PAD.decode(input.split_once('.').unwrap().1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], broker.issuer);
    assert_eq!((&claims["iss"], &claims["sub"]), (&"kommunportal".into(), &"kommunportal".into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
}

#[tokio::test]
async fn staff_are_known_by_their_affiliation() {
    let (broker, party, _) = party().await;
    let person = log_in(&party, &broker, Purpose::Staff, |_| {}).await.unwrap();
    let Who::Staff { affiliation, org_number, .. } = &person.who else { panic!("staff") };
    assert_eq!((affiliation.as_str(), org_number.as_str()), ("hanna01@2120002411", "2120002411"));
    for wrong in ["hanna01", "@2120002411", "hanna01@212000-2411", "hanna01@2120002412", "hanna 01@2120002411"] {
        let person =
            log_in(&party, &broker, Purpose::Staff, |d| d.set("https://id.oidc.se/claim/orgAffiliation", wrong)).await;
        assert_eq!(person, Err(LoginFault::AffiliationInvalid), "{wrong}");
    }
    let other = log_in(&party, &broker, Purpose::Staff, |d| d.set("https://id.oidc.se/claim/orgNumber", "2021005448"));
    assert_eq!(other.await, Err(LoginFault::AffiliationInvalid));
    let citizen = log_in(&party, &broker, Purpose::Staff, |d| d.drop("https://id.oidc.se/claim/orgAffiliation"));
    assert_eq!(citizen.await, Err(LoginFault::AffiliationInvalid));
}

#[tokio::test]
async fn names_are_for_show_and_cannot_do_harm() {
    let (broker, party, _) = party().await;
    let person = log_in(&party, &broker, Purpose::Citizen, |draft| {
        draft.set("name", " <b>Tora\u{202e}\u{0} ".to_owned() + &"x".repeat(10_000));
        draft.set("given_name", "\u{feff}\n");
        draft.drop("family_name");
        draft.set("family_name#sv", "Åkerblom");
    });
    let Who::Citizen { given_name, family_name, name, .. } = person.await.unwrap().who else { panic!("a citizen") };
    assert!(name.as_deref().is_some_and(|n| n.starts_with("<b>Torax") || n.starts_with("<b>Tora ")), "{name:?}");
    assert!(name.is_some_and(|n| n.chars().count() <= 200));
    assert_eq!((given_name, family_name.as_deref()), (None, Some("Åkerblom")));
}

#[test]
fn every_fault_has_its_own_code_and_every_message_its_texts() {
    let texts = [
        include_str!("../../../templates/texts/sv/log-in.ftl"),
        include_str!("../../../templates/texts/en/log-in.ftl"),
    ];
    for text in texts {
        for message in MessageId::ALL {
            for part in ["title", "text", "way-on"] {
                let key = format!("login-{}-{part} = ", message.as_str());
                assert_eq!(text.lines().filter(|line| line.starts_with(&key)).count(), 1, "{key}");
            }
        }
    }
    assert_eq!(LoginFault::CodeRefused.to_string(), "code_refused");
    assert_eq!(LoginFault::CodeRefused.message().status(), 400);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let good = || {
        BrokerConfig::new(
            "https://broker.example",
            "kommunportal",
            ClientAuth::SecretBasic(ClientSecret::new("x".into())),
        )
    };
    let new = |config: BrokerConfig| RelyingParty::new(config, Clock::standing_at(now())).map(|_| ());
    assert_eq!(new(good()), Ok(()));
    let cases = [
        (BrokerConfig { slug: "a/b".into(), ..good() }, InvalidBroker::Slug),
        (BrokerConfig { issuer: "broker".into(), ..good() }, InvalidBroker::Issuer),
        (BrokerConfig { issuer: "http://localhost:8082".into(), ..good() }, InvalidBroker::PlainHttp),
        (
            BrokerConfig { issuer: "http://broker.example".into(), allow_http_loopback: true, ..good() },
            InvalidBroker::PlainHttp,
        ),
        (BrokerConfig { allowed_algs: vec![], ..good() }, InvalidBroker::Algorithms),
        (BrokerConfig { max_token_lifetime_s: 3600, ..good() }, InvalidBroker::Lifetime),
        (BrokerConfig { extra_hosts: vec!["https://x/y".into()], ..good() }, InvalidBroker::ExtraHost),
    ];
    for (config, fault) in cases {
        assert_eq!(new(config), Err(fault));
    }
    assert!("HS256".parse::<SigningAlgorithm>().is_err() && "none".parse::<SigningAlgorithm>().is_err());
    assert!(ClientKey::from_pkcs8(b"not a key", None).is_err());
}
