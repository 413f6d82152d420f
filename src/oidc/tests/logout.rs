//! Log-out at the broker's wish, and at ours.

use super::broker::{Broker, NUMBER, Seal};
use super::*;
use crate::hostile::{cases_in, spoiled};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn claims(broker: &Broker) -> Value {
    let at = now().seconds();
    json!({
        "iss": broker.issuer, "aud": "kommunportal", "iat": at, "exp": at + 120, "jti": "j-1",
        "sub": "f3c1b9e2-7d10", "sid": "sid-1", "events": { EVENT: {} },
    })
}

fn header(typ: &str) -> Value {
    json!({ "alg": "ES256", "kid": "k1", "typ": typ })
}

#[tokio::test]
async fn a_log_out_token_names_the_session_that_ends() {
    let (broker, party, _) = party().await;
    let token = broker.token(&header("logout+jwt"), &claims(&broker), Seal::Key);
    let read = party.verify_logout_token(&token).await.unwrap();
    assert_eq!(
        (read.sid.as_deref(), read.sub.as_deref(), read.jti.as_str()),
        (Some("sid-1"), Some("f3c1b9e2-7d10"), "j-1")
    );
    assert_eq!((read.issuer.as_str(), read.expires_at), (party.issuer(), now().plus_seconds(180)));
    assert!(!format!("{read:?}").contains("f3c1b9e2"));
}

#[tokio::test]
async fn what_is_no_log_out_token_ends_nothing() {
    let (broker, party, _) = party().await;
    type Spoil = fn(&mut Value);
    let cases: [(&str, Spoil, LoginFault); 19] = [
        ("a nonce", |c| c["nonce"] = "n".into(), LoginFault::LogoutTokenMalformed),
        ("a nonce of nothing", |c| c["nonce"] = Value::Null, LoginFault::LogoutTokenMalformed),
        ("no events", |c| c["events"] = json!({}), LoginFault::LogoutTokenMalformed),
        ("another event", |c| c["events"] = json!({ "urn:x": {} }), LoginFault::LogoutTokenMalformed),
        ("an event that is a text", |c| c["events"] = json!({ EVENT: "x" }), LoginFault::LogoutTokenMalformed),
        ("events in a list", |c| c["events"] = json!([EVENT]), LoginFault::LogoutTokenMalformed),
        ("no jti", |c| c["jti"] = Value::Null, LoginFault::LogoutTokenMalformed),
        ("an empty sid", |c| c["sid"] = "".into(), LoginFault::LogoutTokenMalformed),
        ("a sub that is a number", |c| c["sub"] = 1.into(), LoginFault::LogoutTokenMalformed),
        (
            "nobody",
            |c| {
                let claims = c.as_object_mut().unwrap();
                claims.remove("sid");
                claims.remove("sub");
            },
            LoginFault::LogoutTokenMalformed,
        ),
        ("another client", |c| c["aud"] = "kommunportal-desk".into(), LoginFault::AudienceMismatch),
        ("no audience", |c| c["aud"] = json!([]), LoginFault::AudienceMismatch),
        ("a second audience", |c| c["aud"] = json!(["kommunportal", "evil"]), LoginFault::AudienceMismatch),
        ("another issuer", |c| c["iss"] = "https://evil.example".into(), LoginFault::IssuerMismatch),
        ("an old one", |c| c["iat"] = (now().seconds() - 601).into(), LoginFault::IssuedAtOutOfBounds),
        ("one from tomorrow", |c| c["iat"] = (now().seconds() + 61).into(), LoginFault::IssuedAtOutOfBounds),
        ("over", |c| c["exp"] = (now().seconds() - 60).into(), LoginFault::Expired),
        ("a year long", |c| c["exp"] = (now().seconds() + 31_536_000).into(), LoginFault::LifetimeTooLong),
        ("exp as a text", |c| c["exp"] = "soon".into(), LoginFault::IdTokenMalformed),
    ];
    for (what, spoil, fault) in cases {
        let mut claims = claims(&broker);
        spoil(&mut claims);
        let token = broker.token(&header("logout+jwt"), &claims, Seal::Key);
        assert_eq!(party.verify_logout_token(&token).await, Err(fault), "{what}");
    }
    let honest = claims(&broker);
    for (what, token, fault) in [
        ("an ID token's type", broker.token(&header("JWT"), &honest, Seal::Key), LoginFault::HeaderRefused),
        (
            "no type",
            broker.token(&json!({ "alg": "ES256", "kid": "k1" }), &honest, Seal::Key),
            LoginFault::HeaderRefused,
        ),
        ("a stranger's", broker.token(&header("logout+jwt"), &honest, Seal::Stranger), LoginFault::SignatureInvalid),
        ("unsigned", broker.token(&json!({ "alg": "none" }), &honest, Seal::Missing), LoginFault::AlgorithmRefused),
        ("not a token", "logout".into(), LoginFault::IdTokenMalformed),
    ] {
        assert_eq!(party.verify_logout_token(&token).await, Err(fault), "{what}");
    }
    let lenient = BrokerConfig { logout_typ_required: false, ..config(&broker) };
    let lenient = RelyingParty::new(lenient, Clock::standing_at(now())).unwrap();
    let token = broker.token(&json!({ "alg": "ES256", "kid": "k1" }), &honest, Seal::Key);
    assert!(lenient.verify_logout_token(&token).await.is_ok(), "where settings say so");
    let id_token = person(&party, &broker).await.id_token;
    let taken = lenient.verify_logout_token(id_token.expose()).await;
    assert_eq!(taken, Err(LoginFault::LogoutTokenMalformed), "an ID token never passes for one");
}

async fn person(party: &RelyingParty, broker: &Broker) -> Authenticated {
    log_in(party, broker, Purpose::Citizen, |_| {}).await.unwrap()
}

#[tokio::test]
async fn a_log_out_token_altered_in_any_way_is_refused() {
    let (broker, party, _) = party().await;
    let token = broker.token(&header("logout+jwt"), &claims(&broker), Seal::Key);
    party.verify_logout_token(&token).await.unwrap();
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        TestRunner::new(cases_in(file!(), 128))
            .run(&spoiled(vec![token.clone().into_bytes()]), |bytes| {
                let Ok(altered) = String::from_utf8(bytes) else { return Ok(()) };
                match runtime.block_on(party.verify_logout_token(&altered)) {
                    Ok(_) => prop_assert_eq!(&altered, &token),
                    Err(fault) => prop_assert_ne!(fault, LoginFault::Internal),
                }
                Ok(())
            })
            .unwrap();
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_broker_is_told_of_a_log_out_where_it_wants_to_know() {
    let (broker, party, _) = party().await;
    let id_token = person(&party, &broker).await.id_token;
    assert_eq!(party.end_session_url(&id_token, "https://x.example/utloggad", "s").await, None);
    let (broker, party, _) = super::party().await;
    broker.change_metadata(|m| m["end_session_endpoint"] = format!("{}/bye?a=1", m["issuer"].as_str().unwrap()).into());
    let id_token = person(&party, &broker).await.id_token;
    let url = party.end_session_url(&id_token, "https://x.example/utloggad", "s").await.unwrap();
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!((query["a"].as_str(), query["state"].as_str()), ("1", "s"));
    assert_eq!(query["post_logout_redirect_uri"], "https://x.example/utloggad");
    assert_eq!((query["client_id"].as_str(), query["id_token_hint"].as_str()), ("kommunportal", id_token.expose()));
    assert!(!url.as_str().contains(NUMBER));
}
