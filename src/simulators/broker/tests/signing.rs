//! Signing and approving (Signature Extension 1.1).

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const SIGN: &str = "openid https://id.oidc.se/scope/sign";
const APPROVE: &str = "openid https://id.oidc.se/scope/signApproval";
const SIGNATURE: &str = "https://id.oidc.se/claim/userSignature";

fn request(t: &Tried, scope: &str, prompt: &str, sign: &Value) -> serde_json::Map<String, Value> {
    let mut members: serde_json::Map<String, Value> =
        t.authorize(&[]).query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
    let claims = json!({"id_token": {PNR: {"essential": true, "value": "197905142381"},
        "https://id.oidc.se/claim/authnEvidence": null}});
    for (name, value) in [
        ("iss", json!("kommunportal")),
        ("aud", json!(t.broker.issuer())),
        ("exp", json!(t.clock.now().seconds() + 300)),
        ("scope", json!(scope)),
        ("prompt", json!(prompt)),
        ("claims", claims),
    ] {
        members.insert(name.to_owned(), value);
    }
    if !sign.is_null() {
        members.insert("https://id.oidc.se/param/signRequest".into(), sign.clone());
    }
    members
}

fn address(t: &Tried, key: &SigningKey, members: &serde_json::Map<String, Value>) -> Url {
    let object = key.sign(&Value::Object(members.clone())).unwrap();
    let scope = members["scope"].as_str().unwrap();
    let outer = [
        ("client_id", "kommunportal"),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("request", &object),
    ];
    Url::parse_with_params(&t.url("/authorize"), outer).unwrap()
}

fn good() -> Value {
    json!({"tbs_data": STANDARD.encode("{\"ärende\":1}"), "sign_message": {"message#sv": STANDARD.encode("Jag skriver <under>")}})
}

#[actix_web::test]
async fn the_person_whom_the_client_named_signs_what_it_sent() {
    let t = tried("sign");
    let key = t.with_key();
    let url = address(&t, &key, &request(&t, SIGN, "login consent", &good()));
    let page = t.http.get(url.clone()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("begär din underskrift") && page.contains("Jag skriver &lt;under&gt;"));
    assert!(page.contains("Skriv under</button>") && page.contains("readonly"));
    let digest = ring::digest::digest(&ring::digest::SHA256, "{\"ärende\":1}".as_bytes());
    let hash: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    assert!(page.contains(&hash), "what is signed can be held against what the client says");
    assert!(!page.contains("197709022391"), "nobody else is offered");

    let as_person = async |person: &str| {
        let request = t.http.get(url.clone()).header("cookie", format!("kp_person={person}"));
        returned(request.send().await.unwrap())
    };
    assert_eq!(as_person("197709022391").await["error"], "access_denied");
    let back = as_person("197905142381").await;
    let assertion = t.assertion(&key, "sign", t.broker.issuer(), 60);
    let proof = [("code", back["code"].as_str()), ASSERTION_TYPE, ("client_assertion", &assertion)];
    let (status, answer) = t.exchange(&proof, None).await;
    assert_eq!((status, answer["scope"].as_str()), (200, Some(SIGN)));
    let said = keys::verified_claims(answer["id_token"].as_str().unwrap(), &t.jwks()).unwrap();
    assert!(said[PNR] == "197905142381" && said.get("sid").is_none(), "a signature is no log-in");
    let jws = String::from_utf8(STANDARD.decode(said[SIGNATURE].as_str().unwrap()).unwrap()).unwrap();
    let own = keys::header(&jws).unwrap();
    let signed = keys::verified_claims(&jws, &json!({"keys": [own["jwk"]]})).unwrap();
    assert_eq!(signed["tbs_data"], good()["tbs_data"]);
    assert!(signed["mock"].is_string() && said["https://id.oidc.se/claim/authnEvidence"].is_string());
    t.broker.stop().await;
}

#[actix_web::test]
async fn what_is_not_a_whole_request_to_sign_is_refused() {
    let t = tried("sign-refused");
    let key = t.with_key();
    let error = async |members: &serde_json::Map<String, Value>| {
        let request = t.http.get(address(&t, &key, members)).header("cookie", "kp_person=197905142381");
        returned(request.send().await.unwrap()).get("error").cloned()
    };
    let without = |name: &str| {
        let mut sign = good();
        sign.as_object_mut().unwrap().remove(name);
        sign
    };
    let changed = |name: &str, value: Value| {
        let mut sign = good();
        sign[name] = value;
        sign
    };
    let approval = without("tbs_data");
    let cases = [
        ("no signRequest", SIGN, "login consent", Value::Null),
        ("no consent", SIGN, "login", good()),
        ("no login", SIGN, "consent", good()),
        ("nothing to sign", SIGN, "login consent", approval.clone()),
        ("no message", SIGN, "login consent", without("sign_message")),
        ("not Base64", SIGN, "login consent", changed("tbs_data", json!("å"))),
        ("a message in Markdown", SIGN, "login consent", {
            changed("sign_message", json!({"message": "eA==", "mime_type": "text/markdown"}))
        }),
        ("camel case", SIGN, "login consent", json!({"tbsData": "eA==", "signMessage": {"message": "eA=="}})),
        ("data to approve", APPROVE, "login consent", good()),
        ("no scope", "openid", "login consent", good()),
    ];
    for (what, scope, prompt, sign) in cases {
        let refused = error(&request(&t, scope, prompt, &sign)).await;
        assert_eq!(refused.as_deref(), Some("invalid_request"), "{what}");
    }
    assert_eq!(error(&request(&t, APPROVE, "login consent", &approval)).await, None, "an approval");
    assert_eq!(error(&request(&t, SIGN, "login consent", &good())).await, None);

    // Outside a signed request it is nobody's word.
    let sign = good().to_string();
    let loose = [("scope", SIGN), ("prompt", "login consent"), ("https://id.oidc.se/param/signRequest", sign.as_str())];
    assert_eq!(t.log_in("197905142381", &loose).await["error"], "invalid_request");
    let document = json!({"keys": [key.jwk()]}).to_string();
    let jwks_uri = Some(format!("{}/jwks.json", heard("200 OK", document).0));
    t.broker.register(Client { jwks_uri, may_sign: false, ..client("kommunportal", false) });
    let refused = error(&request(&t, SIGN, "login consent", &good())).await;
    assert_eq!(refused.as_deref(), Some("unauthorized_client"));
    t.broker.stop().await;
}
