//! Tokens and answers that must not be believed, each with its own reason.

use super::broker::{Broker, Draft, NUMBER, PNR, Reply, SAMNR, Seal};
use super::*;

type Spoil = fn(&mut Draft);

const TOKENS: &[(&str, Spoil, LoginFault)] = &[
    ("another issuer", |d| d.set("iss", "https://evil.example"), LoginFault::IssuerMismatch),
    ("a slash more", |d| d.set("iss", format!("{}/", d.claims["iss"].as_str().unwrap())), LoginFault::IssuerMismatch),
    ("another client", |d| d.set("aud", "somebody-else"), LoginFault::AudienceMismatch),
    ("a second audience", |d| d.set("aud", vec!["kommunportal", "evil"]), LoginFault::AudienceMismatch),
    ("several audiences without azp", |d| d.set("aud", vec!["kommunportal"; 2]), LoginFault::AuthorizedPartyMismatch),
    ("no audience", |d| d.drop("aud"), LoginFault::AudienceMismatch),
    ("azp of another", |d| d.set("azp", "evil"), LoginFault::AuthorizedPartyMismatch),
    ("azp null", |d| d.set("azp", serde_json::Value::Null), LoginFault::AuthorizedPartyMismatch),
    ("no nonce", |d| d.drop("nonce"), LoginFault::NonceMismatch),
    ("another nonce", |d| d.set("nonce", "n"), LoginFault::NonceMismatch),
    ("expired", |d| d.add("exp", -240 - 60), LoginFault::Expired),
    ("no exp", |d| d.drop("exp"), LoginFault::IdTokenMalformed),
    ("exp as text", |d| d.set("exp", "1796110240"), LoginFault::IdTokenMalformed),
    ("exp beyond all years", |d| d.set("exp", i64::MAX), LoginFault::IdTokenMalformed),
    ("ten years", |d| d.add("exp", 315_360_000), LoginFault::LifetimeTooLong),
    ("301 seconds", |d| d.add("exp", 61), LoginFault::LifetimeTooLong),
    (
        "iat ahead",
        |d| {
            d.add("iat", 61);
            d.add("exp", 61)
        },
        LoginFault::IssuedAtOutOfBounds,
    ),
    (
        "iat as a float ahead",
        |d| {
            d.add("exp", 99);
            d.set("iat", 1_796_126_400.0 + 90.5)
        },
        LoginFault::IssuedAtOutOfBounds,
    ),
    (
        "nbf ahead",
        |d| {
            let iat = d.claims["iat"].as_i64().unwrap();
            d.set("nbf", iat + 61)
        },
        LoginFault::NotYetValid,
    ),
    ("no auth_time", |d| d.drop("auth_time"), LoginFault::AuthTimeOutOfBounds),
    ("auth_time before", |d| d.add("auth_time", -60), LoginFault::AuthTimeOutOfBounds),
    ("auth_time ahead", |d| d.add("auth_time", 62), LoginFault::AuthTimeOutOfBounds),
    ("no acr", |d| d.drop("acr"), LoginFault::AcrMissing),
    ("low acr", |d| d.set("acr", "http://id.elegnamnden.se/loa/1.0/loa2"), LoginFault::AcrRefused),
    ("acr with https", |d| d.set("acr", "https://id.elegnamnden.se/loa/1.0/loa3"), LoginFault::AcrRefused),
    ("acr with a space", |d| d.set("acr", "http://id.elegnamnden.se/loa/1.0/loa3 "), LoginFault::AcrRefused),
    ("a level that does not exist", |d| d.set("acr", "http://id.elegnamnden.se/loa/1.0/loa5"), LoginFault::AcrRefused),
    ("at_hash of another", |d| d.set("at_hash", "c2ln"), LoginFault::AccessTokenHashMismatch),
    ("no subject", |d| d.drop("sub"), LoginFault::IdTokenMalformed),
    (
        "alg none",
        |d| {
            d.header.insert("alg".into(), "none".into());
            d.seal = Seal::Missing
        },
        LoginFault::AlgorithmRefused,
    ),
    (
        "alg nOnE",
        |d| {
            d.header.insert("alg".into(), "nOnE".into());
            d.seal = Seal::Missing
        },
        LoginFault::AlgorithmRefused,
    ),
    ("no signature", |d| d.seal = Seal::Missing, LoginFault::SignatureInvalid),
    (
        "HS256 with the public key",
        |d| {
            d.header.insert("alg".into(), "HS256".into());
            d.seal = Seal::PublicKeyAsSecret
        },
        LoginFault::AlgorithmRefused,
    ),
    (
        "ES512",
        |d| {
            d.header.insert("alg".into(), "ES512".into());
        },
        LoginFault::AlgorithmRefused,
    ),
    ("a stranger's key", |d| d.seal = Seal::Stranger, LoginFault::SignatureInvalid),
    ("a DER signature", |d| d.seal = Seal::Der, LoginFault::SignatureInvalid),
    (
        "a stranger's key in the header",
        |d| {
            d.seal = Seal::Stranger;
            d.header.insert("jku".into(), "https://evil.example/jwks".into());
        },
        LoginFault::SignatureInvalid,
    ),
    ("padded base64", |d| d.after = Some(|t| t + "="), LoginFault::IdTokenMalformed),
    ("altered payload", |d| d.payload = Some(|p| p), LoginFault::SignatureInvalid),
    ("not a JWT", |d| d.after = Some(|_| "abc".into()), LoginFault::IdTokenMalformed),
    ("encrypted", |d| d.after = Some(|t| t + ".a.b"), LoginFault::HeaderRefused),
    (
        "crit",
        |d| {
            d.header.insert("crit".into(), vec!["exp"].into());
        },
        LoginFault::HeaderRefused,
    ),
    (
        "an access token",
        |d| {
            d.header.insert("typ".into(), "at+jwt".into());
        },
        LoginFault::HeaderRefused,
    ),
    (
        "a log-out token",
        |d| {
            d.header.insert("typ".into(), "logout+jwt".into());
        },
        LoginFault::HeaderRefused,
    ),
    (
        "nested",
        |d| {
            d.header.insert("cty".into(), "JWT".into());
        },
        LoginFault::HeaderRefused,
    ),
    ("doubled member", |d| d.payload = Some(|p| p.replacen('{', r#"{"sub":"x","#, 1)), LoginFault::DuplicateMember),
    (
        "deep payload",
        |d| d.payload = Some(|p| p.replacen('{', &format!(r#"{{"x":{}{},"#, "[".repeat(999), "]".repeat(999)), 1)),
        LoginFault::IdTokenMalformed,
    ),
    ("a huge token", |d| d.set("x", "x".repeat(70_000)), LoginFault::IdTokenMalformed),
    ("both numbers", |d| d.set(SAMNR, "198502862397"), LoginFault::NumberAmbiguous),
    ("no number", |d| d.drop(PNR), LoginFault::NumberMissing),
    ("number null", |d| d.set(PNR, serde_json::Value::Null), LoginFault::NumberMissing),
    ("number empty", |d| d.set(PNR, ""), LoginFault::NumberInvalid),
    ("a JSON number", |d| d.set(PNR, 199_001_012_385_u64), LoginFault::NumberInvalid),
    ("numbers in a list", |d| d.set(PNR, vec![NUMBER]), LoginFault::NumberInvalid),
    ("wrong check digit", |d| d.set(PNR, "199001012386"), LoginFault::NumberInvalid),
    ("hyphen", |d| d.set(PNR, "19900101-2385"), LoginFault::NumberInvalid),
    ("ten digits", |d| d.set(PNR, "9001012385"), LoginFault::NumberInvalid),
    ("newline", |d| d.set(PNR, "199001012385\n"), LoginFault::NumberInvalid),
    ("not born yet", |d| d.set(PNR, "209001012385"), LoginFault::NumberInvalid),
    ("samordningsnummer as personnummer", |d| d.set(PNR, "198502862397"), LoginFault::NumberInWrongClaim),
    (
        "personnummer as samordningsnummer",
        |d| {
            d.drop(PNR);
            d.set(SAMNR, NUMBER)
        },
        LoginFault::NumberInWrongClaim,
    ),
    (
        "no id_token",
        |d| {
            d.answer.insert("id_token".into(), serde_json::Value::Null);
        },
        LoginFault::TokenMalformed,
    ),
    (
        "an empty id_token",
        |d| {
            d.answer.insert("id_token".into(), "".into());
        },
        LoginFault::TokenMalformed,
    ),
    (
        "not Bearer",
        |d| {
            d.answer.insert("token_type".into(), "mac".into());
        },
        LoginFault::TokenMalformed,
    ),
    (
        "no access token",
        |d| {
            d.answer.remove("access_token");
        },
        LoginFault::TokenMalformed,
    ),
];

#[tokio::test]
async fn every_bad_token_is_refused_for_its_own_reason() {
    let (broker, party, _) = party().await;
    for (what, spoil, fault) in TOKENS {
        let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
        let mut draft = Draft::honest(&broker, &begun.url, Purpose::Citizen, now());
        spoil(&mut draft);
        let mut reply = draft.reply(&broker);
        if *what == "altered payload" {
            // Another signed token's payload under this one's signature.
            draft.set("sub", "another");
            reply = splice(&reply, &draft.reply(&broker));
        }
        broker.answer_token(reply);
        let verdict = party.finish(&begun.pending, back(&begun)).await;
        assert_eq!(verdict, Err(*fault), "{what}");
        let told = format!("{verdict:?} {fault} {}", fault.message().as_str());
        assert!(!told.contains(NUMBER) && !told.contains("c0de") && !told.contains("eyJ"), "{told}");
    }
    assert_eq!(broker.calls("/jwks"), 1, "a bad signature with a known key id asks for no keys");
}

fn splice(one: &Reply, other: &Reply) -> Reply {
    let token = |reply: &Reply| {
        let Reply::Json(_, body) = reply else { panic!("JSON") };
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["id_token"].as_str().unwrap().split('.').map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, other) = (token(one), token(other));
    let token = format!("{}.{}.{}", one[0], other[1], one[2]);
    let body = serde_json::json!({ "access_token": "x", "token_type": "Bearer", "id_token": token });
    Reply::Json(200, body.to_string())
}

#[tokio::test]
async fn what_deviates_within_bounds_is_accepted() {
    let accepted: &[(&str, Spoil)] = &[
        ("no at_hash", |d| d.drop("at_hash")),
        ("no typ", |d| {
            d.header.remove("typ");
        }),
        ("no kid with one key", |d| {
            d.header.remove("kid");
        }),
        ("audience in a list", |d| d.set("aud", vec!["kommunportal"])),
        ("azp is us", |d| d.set("azp", "kommunportal")),
        ("a clock a minute ahead", |d| {
            d.add("iat", 60);
            d.add("exp", 60);
            d.add("auth_time", 61)
        }),
        ("a clock a minute behind", |d| {
            d.add("iat", -60);
            d.add("exp", -299);
            d.add("auth_time", -59)
        }),
        ("a samordningsnummer without a date", |d| {
            d.drop(PNR);
            d.set(SAMNR, "198000602394")
        }),
        ("no names", |d| {
            d.drop("name");
            d.drop("given_name");
            d.drop("family_name")
        }),
    ];
    let (broker, party, _) = party().await;
    for (what, change) in accepted {
        let verdict = log_in(&party, &broker, Purpose::Citizen, change).await;
        assert!(verdict.is_ok(), "{what}: {verdict:?}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_once_a_minute() {
    let (broker, party, clock) = party().await;
    let new_key = |d: &mut Draft| {
        d.header.insert("kid".into(), "k2".into());
    };
    assert_eq!(log_in(&party, &broker, Purpose::Citizen, new_key).await, Err(LoginFault::KeyUnknown));
    assert_eq!(broker.calls("/jwks"), 2);
    for _ in 0..3 {
        assert_eq!(log_in(&party, &broker, Purpose::Citizen, new_key).await, Err(LoginFault::KeyUnknown));
    }
    assert_eq!(broker.calls("/jwks"), 2, "made-up key ids cause one more request, not many");
    let keys = serde_json::json!({ "keys": [broker.jwk("k1"), broker.jwk("k2")] });
    broker.answer("/jwks", Reply::Json(200, keys.to_string()));
    clock.advance(60);
    assert!(log_in(&party, &broker, Purpose::Citizen, new_key).await.is_ok(), "the rotated key is found");
    assert_eq!(broker.calls("/jwks"), 3);
    let no_kid = |d: &mut Draft| {
        d.header.remove("kid");
    };
    assert_eq!(log_in(&party, &broker, Purpose::Citizen, no_kid).await, Err(LoginFault::KeyAmbiguous));
}

#[tokio::test]
async fn the_transaction_fits_its_answer_or_nothing_is_sent() {
    let (broker, party, clock) = party().await;
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    let state = &begun.state;
    let finish = async |raw: String| party.finish(&begun.pending, CallbackQuery::parse(&raw).unwrap()).await.err();
    let issuer = &broker.issuer;
    for (raw, fault) in [
        (format!("state={state}x&code=a"), LoginFault::StateMismatch),
        (format!("state={state}&code=a&iss={issuer}/"), LoginFault::CallbackIssuer),
        (format!("state={state}&error=access_denied"), LoginFault::Cancelled),
        (format!("state={state}&error=access_denied&iss=https://evil.example"), LoginFault::CallbackIssuer),
        (format!("state={state}"), LoginFault::CallbackMalformed),
    ] {
        assert_eq!(finish(raw.clone()).await, Some(fault), "{raw}");
    }
    let other = Pending { issuer: "https://other.example".into(), ..begun.pending.clone() };
    assert_eq!(party.finish(&other, back(&begun)).await, Err(LoginFault::OtherBroker));
    clock.advance(601);
    assert_eq!(party.finish(&begun.pending, back(&begun)).await, Err(LoginFault::TransactionExpired));
    assert_eq!(broker.calls("/token"), 0);
}

#[tokio::test]
async fn an_announced_issuer_must_come() {
    let (broker, party, _) = party().await;
    broker.change_metadata(|m| m["authorization_response_iss_parameter_supported"] = true.into());
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    assert_eq!(party.finish(&begun.pending, back(&begun)).await, Err(LoginFault::CallbackIssuer));
}

#[tokio::test]
async fn bad_answers_from_the_token_endpoint_are_told_apart() {
    let refuse = |status, error: &str| Reply::Json(status, format!(r#"{{"error":"{error}"}}"#));
    let cases = [
        (refuse(400, "invalid_grant"), LoginFault::CodeRefused),
        (refuse(401, "invalid_client"), LoginFault::ClientRefused),
        (refuse(400, "invalid_request"), LoginFault::TokenRefused),
        (Reply::Json(400, "x".into()), LoginFault::TokenRefused),
        (refuse(500, "server_error"), LoginFault::BrokerFailing),
        (refuse(503, "x"), LoginFault::BrokerFailing),
        (refuse(429, "x"), LoginFault::BrokerFailing),
        (Reply::Redirect, LoginFault::RedirectRefused),
        (Reply::Huge, LoginFault::AnswerTooLarge),
        (Reply::Text("<html>"), LoginFault::AnswerMalformed),
        (Reply::Json(200, "not JSON".into()), LoginFault::AnswerMalformed),
        (Reply::Json(200, r#"{"id_token":"a","id_token":"b"}"#.into()), LoginFault::DuplicateMember),
        (Reply::Reset, LoginFault::Unreachable),
    ];
    for (reply, fault) in cases {
        let (broker, party, _) = party().await;
        let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
        broker.answer_token(reply);
        assert_eq!(party.finish(&begun.pending, back(&begun)).await, Err(fault));
        assert_eq!(broker.calls("/token"), 1, "a code is offered once: {fault}");
    }
}

#[tokio::test]
async fn a_broker_that_never_ends_its_answer_is_left_in_time() {
    let broker: Broker = Broker::start().await;
    let party = RelyingParty::new(config(&broker), Clock::standing_at(now())).unwrap();
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    broker.answer_token(Reply::Hang);
    assert_eq!(party.finish(&begun.pending, back(&begun)).await, Err(LoginFault::TimedOut));
}
