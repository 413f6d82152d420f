//! Signing: what is asked for, what is accepted, and that the evidence proves it alone.

use super::broker::{Broker, Draft, NUMBER, PNR, Reply};
use super::*;
use crate::hostile::{cases_in, spoiled};
use crate::oidc::sign::{AUTHN_EVIDENCE, SCOPE_APPROVAL, SCOPE_SIGN, USER_SIGNATURE};
use crate::vocabulary::Personnummer;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const TBS: &[u8] = br#"{"v":1,"sha256":"abc"}"#;
const SIGN_REQUEST: &str = "https://id.oidc.se/param/signRequest";
const USER_MESSAGE: &str = "https://id.oidc.se/param/userMessage";

fn wish() -> SignRequest {
    SignRequest { tbs_data: TBS.to_vec(), message_sv: "Jag skriver under".into(), message_en: "I sign".into() }
}

fn signer() -> Pinned {
    Pinned::Number(Personnummer::from_canonical(NUMBER).unwrap())
}

/// A broker with these scopes, and a client with a key of its own.
async fn party_with(scopes: &[&str], change: impl Fn(&mut Value)) -> (Broker, RelyingParty) {
    let broker = Broker::start().await;
    broker.change_metadata(|m| {
        m["scopes_supported"] = json!(scopes);
        change(m);
    });
    let key = ClientKey::from_pem(&ClientKey::generate_pem().unwrap(), None).unwrap();
    let settings = BrokerConfig { client_auth: ClientAuth::PrivateKeyJwt(key), ..config(&broker) };
    let party = RelyingParty::new(settings, Clock::standing_at(now())).unwrap();
    (broker, party)
}

async fn begin(party: &RelyingParty, wish: &SignRequest, signer: &Pinned) -> Result<Begun, LoginFault> {
    party.begin(Request { pinned: Some(signer), sign: Some(wish), ..request(Purpose::Citizen) }).await
}

fn parameter(url: &url::Url, wanted: &str) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

fn members(jwt: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// The answer of a broker that let the pinned person sign.
fn signed(broker: &Broker, nonce: &str) -> Draft {
    let mut draft = Draft::with_nonce(broker, nonce.to_owned(), Purpose::Citizen, now());
    draft.set(USER_SIGNATURE, STANDARD.encode("<Signature/>"));
    draft.set(AUTHN_EVIDENCE, STANDARD.encode("ocsp"));
    draft
}

async fn sign(party: &RelyingParty, broker: &Broker, change: impl Fn(&mut Draft)) -> Result<Authenticated, LoginFault> {
    let begun = begin(party, &wish(), &signer()).await?;
    let mut draft = signed(broker, &begun.pending.nonce);
    change(&mut draft);
    broker.answer_token(draft.reply(broker));
    party.finish(&begun.pending, back(&begun)).await
}

#[tokio::test]
async fn a_signature_is_asked_for_in_a_request_that_we_signed() {
    let (_, party) = party_with(&["openid", SCOPE_SIGN], |_| {}).await;
    assert_eq!(party.signature_class().await, Ok(SignatureClass::Signature));
    let begun = begin(&party, &wish(), &signer()).await.unwrap();
    let outer: Vec<String> = begun.url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    let mut sorted = outer.clone();
    sorted.sort();
    assert_eq!(sorted, ["client_id", "request", "response_type", "scope"], "nothing about the person in the address");
    let jwt = parameter(&begun.url, "request").unwrap();
    let object = members(&jwt);
    for name in ["client_id", "response_type", "scope"] {
        assert_eq!(object[name], parameter(&begun.url, name).unwrap(), "{name}");
    }
    assert_eq!(object["scope"], format!("openid {SCOPE_SIGN}"));
    assert_eq!((object["prompt"].as_str(), object["ui_locales"].as_str()), (Some("login consent"), Some("sv")));
    assert_eq!((object["iss"].as_str(), object["aud"].as_str()), (Some("kommunportal"), Some(party.issuer())));
    assert_eq!(object["state"], begun.state);
    assert_eq!(object["exp"].as_i64().unwrap() - object["iat"].as_i64().unwrap(), 300);
    let claims = &object["claims"]["id_token"];
    assert_eq!(claims[PNR], json!({ "essential": true, "value": NUMBER }));
    assert_eq!(claims[USER_SIGNATURE], json!({ "essential": true }));
    assert!(claims.get("https://id.oidc.se/claim/coordinationNumber").is_none() && claims.get("name").is_none());
    let asked = &object[SIGN_REQUEST];
    assert_eq!(asked["tbs_data"], STANDARD.encode(TBS));
    assert_eq!(asked["sign_message"]["message#sv"], STANDARD.encode("Jag skriver under"));
    assert_eq!(asked["sign_message"]["message#en"], STANDARD.encode("I sign"));
    assert_eq!(asked["sign_message"]["mime_type"], "text/plain");
    assert!(begun.url.as_str().len() < 8192, "fits in an address");
    assert_eq!(begun.pending.expires_at(), now().plus_seconds(1200));

    let kept = format!("{begun:?} {:?} {:?} {:?}", wish(), signer(), begun.pending);
    assert!(!kept.contains(NUMBER) && !kept.contains("eyJ") && !kept.contains("skriver"), "{kept}");
}

#[tokio::test]
async fn a_signature_proves_itself_years_later_and_nothing_else() {
    let (broker, party) = party_with(&["openid", SCOPE_SIGN], |_| {}).await;
    let person = sign(&party, &broker, |_| {}).await.unwrap();
    let evidence = person.evidence.unwrap();
    assert_eq!(evidence.class, SignatureClass::Signature);
    assert_eq!(evidence.user_signature, Some(STANDARD.encode("<Signature/>")));
    assert!(!format!("{evidence:?}").contains(NUMBER));
    let stored = serde_json::to_string(&evidence).unwrap();
    let evidence: Evidence = serde_json::from_str(&stored).unwrap();
    assert_eq!(evidence.verify(TBS, &signer()), Ok(()));

    assert_eq!(evidence.verify(b"something else", &signer()), Err(EvidenceFault::Nonce));
    let other = Pinned::Number(Personnummer::from_canonical("199008252398").unwrap());
    assert_eq!(evidence.verify(TBS, &other), Err(EvidenceFault::Signer));
    assert_eq!(evidence.verify(TBS, &Pinned::Prid("DE:1234567890".into())), Err(EvidenceFault::Signer));
    let with = |change: fn(&mut Evidence)| {
        let mut changed = evidence.clone();
        change(&mut changed);
        changed.verify(TBS, &signer())
    };
    assert_eq!(with(|e| e.issuer.push('/')), Err(EvidenceFault::Parties));
    assert_eq!(with(|e| e.client_id = "evil".into()), Err(EvidenceFault::Parties));
    assert_eq!(with(|e| e.nonce_salt = "AAAA".into()), Err(EvidenceFault::Nonce));
    assert_eq!(with(|e| e.tbs_data_sha256 = "AAAA".into()), Err(EvidenceFault::Nonce));
    assert_eq!(with(|e| e.user_signature = Some("QQ==".into())), Err(EvidenceFault::UserSignature));
    assert_eq!(with(|e| e.user_signature = None), Err(EvidenceFault::UserSignature));
    assert_eq!(with(|e| e.request_object = None), Err(EvidenceFault::Request));
    assert_eq!(with(|e| e.request_jwk = Some(e.jwk.clone())), Err(EvidenceFault::Request));
    assert_eq!(with(|e| e.jwk = e.request_jwk.clone().unwrap()), Err(EvidenceFault::Token));
    assert_eq!(with(|e| e.jwk = Value::Null), Err(EvidenceFault::Malformed));
}

#[tokio::test]
async fn altered_evidence_proves_nothing() {
    let (broker, party) = party_with(&["openid", SCOPE_SIGN], |_| {}).await;
    let evidence = sign(&party, &broker, |_| {}).await.unwrap().evidence.unwrap();
    let (token, object) = (evidence.id_token.expose().to_owned(), evidence.request_object.clone().unwrap());
    let parts = (spoiled(vec![token.clone().into_bytes()]), spoiled(vec![object.clone().into_bytes()]));
    TestRunner::new(cases_in(file!(), 128))
        .run(&parts, |(new_token, new_object)| {
            let texts = String::from_utf8(new_token).ok().zip(String::from_utf8(new_object).ok());
            let Some((new_token, new_object)) = texts else { return Ok(()) };
            let mut stored = serde_json::to_value(&evidence).unwrap();
            stored["id_token"] = new_token.clone().into();
            let changed: Evidence = serde_json::from_value(stored.clone()).unwrap();
            prop_assert!(changed.verify(TBS, &signer()).is_err() || new_token == token);
            stored["id_token"] = token.clone().into();
            stored["request_object"] = new_object.clone().into();
            let changed: Evidence = serde_json::from_value(stored).unwrap();
            prop_assert!(changed.verify(TBS, &signer()).is_err() || new_object == object);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn an_answer_that_is_no_signature_by_the_right_person_is_refused() {
    let (broker, party) = party_with(&["openid", SCOPE_SIGN], |_| {}).await;
    type Spoil = fn(&mut Draft);
    let cases: [(&str, Spoil, LoginFault); 9] = [
        ("another person", |d| d.set(PNR, "199008252398"), LoginFault::OtherPerson),
        ("nobody", |d| d.drop(PNR), LoginFault::NumberMissing),
        ("no signature", |d| d.drop(USER_SIGNATURE), LoginFault::UserSignatureInvalid),
        ("an empty one", |d| d.set(USER_SIGNATURE, ""), LoginFault::UserSignatureInvalid),
        ("not Base64", |d| d.set(USER_SIGNATURE, "-_-"), LoginFault::UserSignatureInvalid),
        ("not a text", |d| d.set(USER_SIGNATURE, 1), LoginFault::UserSignatureInvalid),
        (
            "too long",
            |d| d.set(USER_SIGNATURE, STANDARD.encode(vec![0; 512 * 1024 + 1])),
            LoginFault::UserSignatureInvalid,
        ),
        (
            "another scope",
            |d| {
                d.answer.insert("scope".into(), "openid".into());
            },
            LoginFault::ScopeReduced,
        ),
        ("another log-in's", |d| d.set("nonce", "n"), LoginFault::NonceMismatch),
    ];
    for (what, spoil, fault) in cases {
        assert_eq!(sign(&party, &broker, spoil).await, Err(fault), "{what}");
    }
    let largest = |d: &mut Draft| d.set(USER_SIGNATURE, STANDARD.encode(vec![7; 512 * 1024]));
    let evidence = sign(&party, &broker, largest).await.unwrap().evidence.unwrap();
    assert_eq!(evidence.verify(TBS, &signer()), Ok(()), "half a megabyte is a signature");
    let unpinned = Request { sign: Some(&wish()), ..request(Purpose::Citizen) };
    assert_eq!(party.begin(unpinned).await.err(), Some(LoginFault::Internal), "somebody must be meant");
}

#[tokio::test]
async fn a_weaker_broker_gives_a_weaker_class_and_still_testifies_the_bytes() {
    let (broker, party) = party_with(&["openid", SCOPE_APPROVAL], |_| {}).await;
    assert_eq!(party.signature_class().await, Ok(SignatureClass::Approval));
    let begun = begin(&party, &wish(), &signer()).await.unwrap();
    let object = members(&parameter(&begun.url, "request").unwrap());
    assert!(object[SIGN_REQUEST].get("tbs_data").is_none() && object[SIGN_REQUEST].get("sign_message").is_some());
    broker
        .answer_token(Draft::with_nonce(&broker, begun.pending.nonce.clone(), Purpose::Citizen, now()).reply(&broker));
    let evidence = party.finish(&begun.pending, back(&begun)).await.unwrap().evidence.unwrap();
    assert_eq!((evidence.class, evidence.verify(TBS, &signer())), (SignatureClass::Approval, Ok(())));

    for (scopes, param) in [(["openid", "x"], true), (["openid", SCOPE_SIGN], false)] {
        let (broker, party) = party_with(&scopes, |m| {
            m["request_parameter_supported"] = param.into();
            m["https://id.oidc.se/disco/userMessageSupported"] = true.into();
        })
        .await;
        assert_eq!(party.signature_class().await, Ok(SignatureClass::Reauthentication));
        let begun = begin(&party, &wish(), &signer()).await.unwrap();
        assert_eq!(parameter(&begun.url, "prompt").as_deref(), Some("login consent"));
        assert!(parameter(&begun.url, USER_MESSAGE).unwrap().contains(&STANDARD.encode("Jag skriver under")));
        assert_eq!(parameter(&begun.url, SIGN_REQUEST), None);
        broker.answer_token(Draft::honest(&broker, &begun.url, Purpose::Citizen, now()).reply(&broker));
        let evidence = party.finish(&begun.pending, back(&begun)).await.unwrap().evidence.unwrap();
        assert_eq!(evidence.class, SignatureClass::Reauthentication);
        assert_eq!(evidence.verify(TBS, &signer()), Ok(()));
        assert_eq!(evidence.verify(b"other", &signer()), Err(EvidenceFault::Nonce), "the token names the bytes");
    }
    let (broker, secret, _) = super::party().await;
    broker.change_metadata(|m| m["scopes_supported"] = json!(["openid", SCOPE_SIGN]));
    assert_eq!(secret.signature_class().await, Ok(SignatureClass::Reauthentication), "no key, no signed request");
    assert!(SignatureClass::Signature < SignatureClass::Approval, "strongest first");
}

#[tokio::test]
async fn a_long_request_is_pushed_and_only_its_name_is_in_the_address() {
    let (broker, party) = party_with(&["openid", SCOPE_SIGN], |m| {
        m["pushed_authorization_request_endpoint"] = format!("{}/par", m["issuer"].as_str().unwrap()).into();
    })
    .await;
    let pushed = |status, body: Value| broker.answer("/par", Reply::Json(status, body.to_string()));
    pushed(201, json!({ "request_uri": "urn:x:1", "expires_in": 90 }));
    let begun = begin(&party, &wish(), &signer()).await.unwrap();
    let query: Vec<(String, String)> = begun.url.query_pairs().into_owned().collect();
    let expected = [("client_id", "kommunportal"), ("request_uri", "urn:x:1")];
    assert_eq!(query, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    let (_, form) = broker.last_request("/par");
    let object = members(&form["request"]);
    assert_eq!(
        (object["scope"].as_str(), form["scope"].as_str()),
        (Some(&*form["scope"]), &*format!("openid {SCOPE_SIGN}"))
    );
    assert!(form.contains_key("client_assertion") && !form.contains_key("state"), "the request stands in the object");
    broker.answer_token(signed(&broker, &begun.pending.nonce).reply(&broker));
    assert!(party.finish(&begun.pending, back(&begun)).await.unwrap().evidence.is_some());

    let log_in = party.begin(request(Purpose::Citizen)).await.unwrap();
    assert!(parameter(&log_in.url, "claims").is_some(), "a log-in is pushed only where the broker wants it");
    for (status, body, fault) in [
        (201, json!({ "request_uri": "a b", "expires_in": 90 }), LoginFault::AnswerMalformed),
        (201, json!({ "request_uri": "urn:x:1", "expires_in": 0 }), LoginFault::AnswerMalformed),
        (201, json!({ "expires_in": 90 }), LoginFault::AnswerMalformed),
        (400, json!({ "error": "invalid_request_object" }), LoginFault::TokenRefused),
        (401, json!({ "error": "invalid_client" }), LoginFault::ClientRefused),
        (500, json!({}), LoginFault::BrokerFailing),
    ] {
        pushed(status, body);
        assert_eq!(begin(&party, &wish(), &signer()).await.err(), Some(fault));
    }
}

#[tokio::test]
async fn a_broker_that_wants_log_ins_pushed_or_signed_gets_them_so() {
    let (broker, party, _) = party().await;
    broker.change_metadata(|m| {
        m["pushed_authorization_request_endpoint"] = format!("{}/par", m["issuer"].as_str().unwrap()).into();
        m["require_pushed_authorization_requests"] = true.into();
    });
    broker.answer("/par", Reply::Json(201, json!({ "request_uri": "urn:x:1", "expires_in": 90 }).to_string()));
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    let (head, form) = broker.last_request("/par");
    assert!(head.contains("Basic ") && form["client_id"] == "kommunportal" && form["state"] == begun.state);
    assert_eq!(parameter(&begun.url, "state"), None);

    let (broker, _) = party_with(&["openid"], |_| {}).await;
    let key = ClientKey::from_pem(&ClientKey::generate_pem().unwrap(), None).unwrap();
    let settings =
        BrokerConfig { client_auth: ClientAuth::PrivateKeyJwt(key), signed_requests: true, ..config(&broker) };
    let party = RelyingParty::new(settings, Clock::standing_at(now())).unwrap();
    let begun = party.begin(request(Purpose::Citizen)).await.unwrap();
    let object = members(&parameter(&begun.url, "request").unwrap());
    assert_eq!(object["claims"]["id_token"]["acr"]["essential"], true);
    assert_eq!(parameter(&begun.url, "claims"), None);
}

#[tokio::test]
async fn a_step_up_by_another_person_is_told_apart() {
    let (broker, party, _) = party().await;
    let (signer, other) = (signer(), Personnummer::from_canonical("199008252398").unwrap());
    for (pinned, verdict) in [(signer, Ok(())), (Pinned::Number(other), Err(LoginFault::OtherPerson))] {
        let begun = party.begin(Request { pinned: Some(&pinned), ..request(Purpose::Citizen) }).await.unwrap();
        broker.answer_token(Draft::honest(&broker, &begun.url, Purpose::Citizen, now()).reply(&broker));
        let stored: Pending = serde_json::from_str(&serde_json::to_string(&begun.pending).unwrap()).unwrap();
        assert_eq!(party.finish(&stored, back(&begun)).await.map(|_| ()), verdict);
    }
}

proptest! {
    #[test]
    fn any_answer_to_a_pushed_request_is_a_name_or_a_fault(body in prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..80),
        spoiled(vec![br#"{"request_uri":"urn:ietf:params:oauth:request_uri:x","expires_in":60}"#.to_vec()]),
    ]) {
        if let Ok(uri) = super::super::asking::read_pushed(&body) {
            prop_assert!(uri.bytes().all(|b| b.is_ascii_graphic()) && (1..=1024).contains(&uri.len()));
        }
    }
}
