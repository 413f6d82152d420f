//! What the broker publishes: what is refused, what is kept, and how often it is asked.

use super::broker::Reply;
use super::*;
use serde_json::{Value, json};

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn begin(party: &RelyingParty) -> Result<(), LoginFault> {
    party.begin(request(Purpose::Citizen)).await.map(|_| ())
}

#[tokio::test]
async fn metadata_that_are_not_this_brokers_or_lack_something_are_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, LoginFault); 9] = [
        (|m| m["issuer"] = format!("{}/", m["issuer"].as_str().unwrap()).into(), LoginFault::MetadataIssuer),
        (|m| m["token_endpoint"] = "http://evil.localhost:1/token".into(), LoginFault::AddressRefused),
        (|m| m["jwks_uri"] = "http://10.0.0.1/jwks".into(), LoginFault::AddressRefused),
        (|m| m["authorization_endpoint"] = "javascript:alert(1)".into(), LoginFault::AddressRefused),
        (|m| m["code_challenge_methods_supported"] = json!(["plain"]), LoginFault::MetadataUnfit),
        (|m| m["response_types_supported"] = json!(["id_token"]), LoginFault::MetadataUnfit),
        (|m| m["id_token_signing_alg_values_supported"] = json!(["HS256"]), LoginFault::MetadataUnfit),
        (|m| m["token_endpoint"] = Value::Null, LoginFault::AnswerMalformed),
        (|m| m["acr_values_supported"] = json!(["http://id.elegnamnden.se/loa/1.0/loa2"]), LoginFault::LevelUnmet),
    ];
    for (change, fault) in cases {
        let (broker, party, _) = party().await;
        broker.change_metadata(change);
        assert_eq!(begin(&party).await, Err(fault));
    }
    for (reply, fault) in [
        (Reply::Redirect, LoginFault::RedirectRefused),
        (Reply::Huge, LoginFault::AnswerTooLarge),
        (Reply::Text("<html>"), LoginFault::AnswerMalformed),
        (Reply::Json(404, "{}".into()), LoginFault::BrokerFailing),
        (Reply::Json(200, r#"{"issuer":"a","issuer":"b"}"#.into()), LoginFault::AnswerMalformed),
    ] {
        let (broker, party, _) = party().await;
        broker.answer(DISCOVERY, reply);
        assert_eq!(begin(&party).await, Err(fault));
    }
}

#[tokio::test]
async fn deviations_are_told_to_the_administration() {
    let (broker, party, _) = party().await;
    broker.change_metadata(|m| {
        m["claims_parameter_supported"] = false.into();
        m["code_challenge_methods_supported"] = json!(["S256", "plain"]);
    });
    let warnings = party.check_broker().await.unwrap();
    use BrokerWarning::*;
    assert_eq!(warnings, [NoClaimsParameter, PlainPkceOffered, NoIssuerInAnswer]);
}

#[tokio::test]
async fn keys_that_cannot_be_trusted_are_left_out() {
    let short = "A".repeat(171);
    let unusable = [
        json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "k1" }),
        json!({ "kty": "RSA", "n": short, "e": "AQAB", "kid": "k1" }),
        json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "k1" }),
    ];
    for key in unusable {
        let (broker, party, _) = party().await;
        broker.answer("/jwks", Reply::Json(200, json!({ "keys": [key] }).to_string()));
        assert_eq!(log_in(&party, &broker, Purpose::Citizen, |_| {}).await, Err(LoginFault::KeysUnfit));
    }
    let (broker, party, _) = party().await;
    let mut key = broker.jwk("k1");
    key["use"] = "enc".into();
    broker.answer("/jwks", Reply::Json(200, json!({ "keys": [key] }).to_string()));
    assert_eq!(log_in(&party, &broker, Purpose::Citizen, |_| {}).await, Err(LoginFault::KeysUnfit));
}

#[tokio::test]
async fn metadata_live_a_day_and_keys_an_hour_and_the_last_good_ones_longer() {
    let (broker, party, clock) = party().await;
    let log_in = || log_in(&party, &broker, Purpose::Citizen, |_| {});
    for _ in 0..3 {
        log_in().await.unwrap();
    }
    assert_eq!((broker.calls(DISCOVERY), broker.calls("/jwks")), (1, 1));
    clock.advance(3600);
    log_in().await.unwrap();
    assert_eq!((broker.calls(DISCOVERY), broker.calls("/jwks")), (1, 2));
    broker.answer("/jwks", Reply::Json(500, "{}".into()));
    broker.answer(DISCOVERY, Reply::Json(200, json!({ "issuer": "https://evil.example" }).to_string()));
    clock.advance(20 * 3600);
    log_in().await.unwrap();
    clock.advance(4 * 3600);
    assert_eq!(begin(&party).await, Ok(()), "the last good metadata still serve");
    assert_eq!(log_in().await, Err(LoginFault::BrokerFailing), "keys that nobody confirmed for a day do not");
}

#[tokio::test]
async fn a_slow_broker_keeps_nobody_waiting_where_an_older_copy_serves() {
    let (broker, party, clock) = party().await;
    let log_in = || log_in(&party, &broker, Purpose::Citizen, |_| {});
    log_in().await.unwrap();
    broker.answer("/jwks", Reply::Hang);
    broker.answer(DISCOVERY, Reply::Hang);
    clock.advance(24 * 3600 - 1);
    let both = futures_util::future::join_all([begin(&party), begin(&party)]).await;
    assert_eq!(both, [Ok(()), Ok(())]);
    log_in().await.unwrap();
    assert_eq!((broker.calls(DISCOVERY), broker.calls("/jwks")), (1, 2));
    clock.advance(1);
    log_in().await.unwrap();
    assert_eq!(broker.calls(DISCOVERY), 2, "asked, and not waited for");
}

#[tokio::test]
async fn a_broker_that_points_elsewhere_is_not_followed() {
    let (broker, party, clock) = party().await;
    begin(&party).await.unwrap();
    broker.change_metadata(|m| m["token_endpoint"] = "http://evil.localhost:1/token".into());
    clock.advance(24 * 3600);
    log_in(&party, &broker, Purpose::Citizen, |_| {}).await.unwrap();
    assert_eq!((broker.calls(DISCOVERY), broker.calls("/token")), (2, 1), "the last good address serves");
    let (broker, fresh, _) = super::party().await;
    broker.change_metadata(|m| m["userinfo_endpoint"] = "http://10.0.0.1/userinfo".into());
    assert_eq!(begin(&fresh).await, Err(LoginFault::AddressRefused));
}

#[tokio::test]
async fn many_at_once_ask_once() {
    let (broker, party, _) = party().await;
    let answers = futures_util::future::join_all((0..20).map(|_| begin(&party))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(broker.calls(DISCOVERY), 1);
}

#[tokio::test]
async fn a_dead_broker_is_soon_not_asked_and_comes_back_by_itself() {
    let (broker, party, clock) = party().await;
    broker.answer(DISCOVERY, Reply::Reset);
    for _ in 0..5 {
        assert_eq!(begin(&party).await, Err(LoginFault::Unreachable));
    }
    assert_eq!(begin(&party).await, Err(LoginFault::BreakerOpen));
    broker.change_metadata(|_| {});
    clock.advance(15);
    assert_eq!(begin(&party).await, Ok(()));
}

#[tokio::test]
async fn nobody_listening_is_an_unavailable_broker() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    drop(listener);
    let auth = ClientAuth::SecretBasic(ClientSecret::new(SECRET.into()));
    let config = BrokerConfig { allow_http_loopback: true, ..BrokerConfig::new(issuer, "kommunportal", auth) };
    let party = RelyingParty::new(config, Clock::standing_at(now())).unwrap();
    let fault = begin(&party).await.unwrap_err();
    assert_eq!((fault, fault.message()), (LoginFault::Unreachable, MessageId::Unavailable));
}
