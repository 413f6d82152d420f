use super::keys::SigningKey;
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
        client_secret: Some("s3cret with:colon".to_owned()),
        jwks_uri: None,
        redirect_uris: vec![BACK.to_owned()],
        post_logout_redirect_uris: vec!["http://localhost:8080/utloggad".to_owned()],
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
        let challenge = super::keys::b64(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()).as_ref());
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
        let claims = super::keys::verified_claims(answer["id_token"].as_str().unwrap_or_default(), &jwks);
        (answer, claims)
    }

    async fn control(&self, state: Value) {
        assert_eq!(self.http.post(self.url("/_control")).json(&state).send().await.unwrap().status(), 200);
    }
}

/// Form-encoded as RFC 6749 wants it inside Basic.
const SECRET: &str = "s3cret+with%3Acolon";

fn returned(answer: reqwest::Response) -> Query {
    assert_eq!(answer.status(), 303);
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(BACK));
    location.query_pairs().into_owned().collect()
}

#[actix_web::test]
async fn a_person_logs_in_and_the_client_is_told_what_it_asked_for_and_no_more() {
    let t = tried("flow");
    let back = t.log_in("197905142381", &[]).await;
    assert_eq!((back["state"].as_str(), back["iss"].as_str()), ("the-state", t.broker.issuer()));
    let (answer, claims) = t.tokens(&back["code"]).await;
    let claims = claims.unwrap();
    assert_eq!(claims[PNR], "197905142381");
    assert_eq!(claims["given_name"], "Anna-Karin Elisabet");
    assert_eq!(
        (&claims["nonce"], &claims["acr"], &claims["aud"]),
        (&json!("the-nonce"), &json!(LOA3), &json!("kommunportal"))
    );
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 300);
    assert_eq!(claims["auth_time"], json!(t.clock.now().seconds()));
    assert!(claims.get("family_name").is_none() && claims.get("birthdate").is_none() && claims.get(SAMNR).is_none());
    assert!(claims["txn"].is_string() && !claims["sub"].as_str().unwrap().contains("1979"));
    assert!(claims["https://id.oidc.se/claim/authnProvider"].is_string());
    let half = ring::digest::digest(&ring::digest::SHA256, answer["access_token"].as_str().unwrap().as_bytes());
    assert_eq!(claims["at_hash"], json!(super::keys::b64(&half.as_ref()[..16])));

    let info =
        t.http.get(t.url("/userinfo")).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(info.headers()["content-type"], "application/jwt");
    let info = super::keys::verified_claims(&info.text().await.unwrap(), &t.broker.provider.jwks()).unwrap();
    assert_eq!(info["sub"], claims["sub"]);
    assert!(info.get(PNR).is_none());

    let log = t.http.get(t.url("/_control")).send().await.unwrap().text().await.unwrap();
    assert!(log.contains("tokens") && !log.contains(&back["code"]) && !log.contains("197905142381"));
    t.broker.stop().await;
}

#[actix_web::test]
async fn a_code_works_once_for_a_minute_and_with_its_own_verifier_and_address() {
    let t = tried("codes");
    let code = t.log_in("197905142381", &[]).await["code"].clone();
    let (answer, _) = t.tokens(&code).await;
    let (status, again) = t.exchange(&[("code", &code)], Some(SECRET)).await;
    assert_eq!((status, again["error"].as_str()), (400, Some("invalid_grant")));
    // Shown twice, it was stolen: what it gave is withdrawn.
    let info =
        t.http.get(t.url("/userinfo")).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(info.status(), 401);

    let wrong = [
        ("code_verifier", "another-verifier-that-is-long-enough-to-be-one"),
        ("redirect_uri", "http://localhost:8080/auth/aterkomst/annan"),
    ];
    for wrong in wrong {
        let code = t.log_in("197905142381", &[]).await["code"].clone();
        let (status, answer) = t.exchange(&[("code", &code), wrong], Some(SECRET)).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{wrong:?}");
        assert_eq!(t.exchange(&[("code", &code)], Some(SECRET)).await.0, 400, "the code is used up all the same");
    }
    let code = t.log_in("197905142381", &[]).await["code"].clone();
    for secret in [Some("wrong"), None] {
        let (status, answer) = t.exchange(&[("code", &code)], secret).await;
        assert_eq!((status, answer["error"].as_str()), (401, Some("invalid_client")));
    }
    t.clock.advance(61);
    assert_eq!(t.exchange(&[("code", &code)], Some(SECRET)).await.0, 400);
    t.broker.stop().await;
}

#[actix_web::test]
async fn requests_that_break_the_profile_are_sent_back_with_the_reason() {
    let t = tried("requests");
    let cases = [
        (("scope", "email"), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
        (("state", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("claims", "[]"), "invalid_request"),
        (("response_mode", "form_post"), "invalid_request"),
        (("request", "x.y.z"), "request_not_supported"),
        (("prompt", "none"), "login_required"),
    ];
    for (change, error) in cases {
        let back = returned(t.http.get(t.authorize(&[change])).send().await.unwrap());
        assert_eq!(back["error"], error, "{change:?}");
        assert_eq!(back["iss"], t.broker.issuer());
    }
    for change in [("redirect_uri", "http://localhost:8080/auth/aterkomst/standard/"), ("client_id", "okand")] {
        let answer = t.http.get(t.authorize(&[change])).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{change:?}");
    }
    let essential = json!({"id_token": {"acr": {"essential": true, "values": [LOA4]}}}).to_string();
    let back = t.log_in("197905142381", &[("claims", &essential)]).await;
    assert_eq!(back["error"], "unmet_authentication_requirements");
    t.broker.stop().await;
}

#[actix_web::test]
async fn the_page_lists_the_living_and_takes_any_valid_number() {
    let t = tried("page");
    let answer = t.http.get(t.authorize(&[])).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let page = answer.text().await.unwrap();
    assert!(page.contains("påhittade personer") && page.contains("&lt;kommun&gt;") && !page.contains("<kommun>"));
    assert!(page.contains("197905142381") && page.contains("samordningsnummer"));
    assert!(!page.contains("194409013838"), "the dead are not listed");
    assert!(!page.contains("kaso01@2120009911"), "nor are staff");

    let post = async |body: &[(&str, &str)]| t.http.post(t.authorize(&[])).form(body).send().await.unwrap();
    let back = returned(post(&[("person", "19900101-2385"), ("action", "login"), ("acr", LOA3)]).await);
    let (_, claims) = t.tokens(&back["code"]).await;
    assert_eq!(claims.unwrap()[PNR], "199001012385");
    assert_eq!(returned(post(&[("action", "cancel")]).await)["error"], "access_denied");
    assert_eq!(returned(post(&[("action", "fail")]).await)["error"], "server_error");
    let again = post(&[("person", "19900101-2386"), ("action", "login")]).await;
    assert_eq!(again.status(), 400);
    assert!(again.text().await.unwrap().contains("role=\"alert\""));
    t.broker.stop().await;
}

#[actix_web::test]
async fn staff_log_in_by_affiliation_at_staff_clients_only() {
    let t = tried("staff");
    let desk = [
        ("client_id", "kommunportal-desk"),
        ("scope", "openid https://id.oidc.se/scope/naturalPersonOrgId"),
        ("claims", ""),
    ];
    let page = t.http.get(t.authorize(&desk)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("kaso01@2120009911") && !page.contains("197905142381"));
    let back = t.log_in("kaso01@2120009911", &desk).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("code", &back["code"]),
    ];
    let request = t.http.post(t.url("/token")).form(&form).basic_auth("kommunportal-desk", Some(SECRET));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let claims = super::keys::unverified_claims(answer["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(claims["https://id.oidc.se/claim/orgAffiliation"], "kaso01@2120009911");
    assert!(claims.get(PNR).is_none() && claims.get("name").is_none());
    let info =
        t.http.get(t.url("/userinfo")).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
    let info = super::keys::unverified_claims(&info.text().await.unwrap()).unwrap();
    assert_eq!(
        (&info["name"], &info["https://id.oidc.se/claim/orgNumber"]),
        (&json!("Karin Solbacka"), &json!("2120009911"))
    );

    let citizen = t.http.get(t.authorize(&[])).header("cookie", "kp_person=kaso01@2120009911").send().await.unwrap();
    assert_eq!(citizen.status(), 200, "the page of people, not a log-in");
    t.broker.stop().await;
}

#[actix_web::test]
async fn a_client_proves_itself_with_its_key_once_per_assertion() {
    let t = tried("assertion");
    let folder = std::env::temp_dir().join(format!("kp-client-{}", uuid::Uuid::now_v7()));
    let key = SigningKey::kept(&folder.join("key")).unwrap();
    let jwks = json!({"keys": [key.jwk()]});
    let listeners = serving::listen(&[([127, 0, 0, 1], 0).into()]).unwrap();
    let serve = || -> Result<_, StartError> {
        Ok(serving::serve!(listeners, move || {
            let jwks = jwks.clone();
            App::new().route("/jwks.json", web::get().to(move || std::future::ready(web::Json(jwks.clone()))))
        }))
    };
    let (addresses, ..) = serve().unwrap();
    let jwks_uri = Some(format!("http://{}/jwks.json", addresses[0]));
    t.broker.register(Client { jwks_uri, client_secret: None, ..client("kommunportal", false) });

    let now = t.clock.now().seconds();
    let assertion = |jti: &str, aud: &str, exp: i64| {
        let claims =
            json!({"iss": "kommunportal", "sub": "kommunportal", "aud": aud, "jti": jti, "iat": now, "exp": exp});
        key.sign(&claims).unwrap()
    };
    let present = async |assertion: &str| {
        let code = t.log_in("197905142381", &[]).await["code"].clone();
        let type_ = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        t.exchange(&[("code", &code), type_, ("client_assertion", assertion)], None).await.0
    };
    let issuer = t.broker.issuer();
    let good = assertion("one", issuer, now + 60);
    assert_eq!(present(&good).await, 200);
    assert_eq!(present(&good).await, 401, "seen before");
    assert_eq!(present(&assertion("two", &format!("{issuer}/token"), now + 60)).await, 200);
    assert_eq!(present(&assertion("three", "http://another.example", now + 60)).await, 401);
    assert_eq!(present(&assertion("four", issuer, now - 120)).await, 401);
    assert_eq!(present(&assertion("five", issuer, now + 3600)).await, 401);
    let stranger = SigningKey::kept(&folder.join("other")).unwrap();
    let claims = json!({"iss": "kommunportal", "sub": "kommunportal", "aud": issuer, "jti": "six", "exp": now + 60});
    assert_eq!(present(&stranger.sign_as(key.kid(), &claims).unwrap()).await, 401);
    t.broker.stop().await;
}

#[actix_web::test]
async fn control_logs_in_without_a_page_and_makes_the_broker_lie() {
    let t = tried("lies");
    t.control(json!({"person": "199001792382", "acr": LOA4})).await;
    let back = returned(t.http.get(t.authorize(&[])).send().await.unwrap());
    let (_, claims) = t.tokens(&back["code"]).await;
    let claims = claims.unwrap();
    assert_eq!((&claims[SAMNR], &claims["acr"], claims.get(PNR)), (&json!("199001792382"), &json!(LOA4), None));

    let said = async |fault: &str| {
        t.control(json!({"person": "197905142381", "fault": fault, "times": 1})).await;
        let back = returned(t.http.get(t.authorize(&[])).send().await.unwrap());
        t.tokens(&back["code"]).await
    };
    for unverifiable in
        ["alg_none", "hs256", "hs256_secret", "unknown_kid", "bad_signature", "crit_header", "no_id_token"]
    {
        assert_eq!(said(unverifiable).await.1, None, "{unverifiable}");
    }
    assert_eq!(said("no_nonce").await.1.unwrap().get("nonce"), None);
    assert_eq!(said("no_acr").await.1.unwrap().get("acr"), None);
    assert_ne!(said("low_acr").await.1.unwrap()["acr"], LOA3);
    assert_ne!(said("wrong_iss").await.1.unwrap()["iss"], t.broker.issuer());
    assert_ne!(said("wrong_aud").await.1.unwrap()["aud"], "kommunportal");
    assert!(said("expired").await.1.unwrap()["exp"].as_i64().unwrap() < t.clock.now().seconds());
    let both = said("both_numbers").await.1.unwrap();
    assert!(both[PNR].is_string() && both[SAMNR].is_string());
    assert!(said("no_number").await.1.unwrap().get(PNR).is_none());
    let before = t.broker.provider.keys().current.kid().to_owned();
    assert!(said("rotate_keys").await.1.is_some(), "the new key is published");
    assert_ne!(t.broker.provider.keys().current.kid(), before);
    assert_eq!(said("no_nonce").await.1.unwrap()["iss"], t.broker.issuer(), "one lie at a time");

    for (fault, path, status) in
        [("discovery_down", "/.well-known/openid-configuration", 503), ("jwks_down", "/jwks", 503)]
    {
        t.control(json!({"fault": fault, "times": 1})).await;
        assert_eq!(t.http.get(t.url(path)).send().await.unwrap().status(), status);
        assert_eq!(t.http.get(t.url(path)).send().await.unwrap().status(), 200);
    }
    t.control(json!({"fault": "token_500", "times": 1})).await;
    assert_eq!(t.exchange(&[], Some(SECRET)).await.0, 500);
    t.control(json!({"fault": "access_denied", "times": 1})).await;
    assert_eq!(t.log_in("197905142381", &[]).await["error"], "access_denied");
    let state: Value = t.http.delete(t.url("/_control")).send().await.unwrap().json().await.unwrap();
    assert_eq!((&state["state"]["fault"], &state["log"]), (&Value::Null, &json!([])));
    let unknown = t.http.post(t.url("/_control")).json(&json!({"fault": "no_such_fault"})).send().await.unwrap();
    assert_eq!(unknown.status(), 400);
    t.broker.stop().await;
}

#[actix_web::test]
async fn logging_out_returns_to_registered_addresses_only() {
    let t = tried("logout");
    let out = async |back: &str| {
        let query = [("client_id", "kommunportal"), ("post_logout_redirect_uri", back), ("state", "s")];
        t.http.get(Url::parse_with_params(&t.url("/end_session"), query).unwrap()).send().await.unwrap()
    };
    let answer = out("http://localhost:8080/utloggad").await;
    assert_eq!(answer.headers()["location"], "http://localhost:8080/utloggad?state=s");
    assert_eq!(out("http://evil.example/").await.status(), 200);
    t.broker.stop().await;
}

#[test]
fn keys_are_kept_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let file = std::env::temp_dir().join(format!("kp-key-{}", uuid::Uuid::now_v7()));
    let first = SigningKey::kept(&file).unwrap();
    assert_eq!(SigningKey::kept(&file).unwrap().kid(), first.kid());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_ne!(SigningKey::replaced(&file).unwrap().kid(), first.kid());
}
