//! A log-in from one end to the other.

use super::*;

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
    assert_eq!(claims["at_hash"], json!(keys::b64(&half.as_ref()[..16])));

    let info =
        t.http.get(t.url("/userinfo")).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(info.headers()["content-type"], "application/jwt");
    let info = keys::verified_claims(&info.text().await.unwrap(), &t.jwks()).unwrap();
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
        (("request", "x.y.z"), "invalid_request_object"),
        (("login_hint", "197905142381"), "invalid_request"),
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
    assert!(page.contains("påhittade personer") && page.contains("begär att du legitimerar dig"));
    assert!(page.contains("&lt;kommun&gt;") && !page.contains("<kommun>"));
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
    let claims = keys::unverified_claims(answer["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(claims["https://id.oidc.se/claim/orgAffiliation"], "kaso01@2120009911");
    assert!(claims.get(PNR).is_none() && claims.get("name").is_none());
    let info =
        t.http.get(t.url("/userinfo")).bearer_auth(answer["access_token"].as_str().unwrap()).send().await.unwrap();
    let info = keys::unverified_claims(&info.text().await.unwrap()).unwrap();
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
    let key = t.with_key();
    let assertion = |jti: &str, aud: &str, exp: i64| t.assertion(&key, jti, aud, exp);
    let present = async |assertion: &str| {
        let code = t.log_in("197905142381", &[]).await["code"].clone();
        t.exchange(&[("code", &code), ASSERTION_TYPE, ("client_assertion", assertion)], None).await.0
    };
    let issuer = t.broker.issuer();
    let good = assertion("one", issuer, 60);
    assert_eq!(present(&good).await, 200);
    assert_eq!(present(&good).await, 401, "seen before");
    assert_eq!(present(&assertion("two", &format!("{issuer}/token"), 60)).await, 200);
    assert_eq!(present(&assertion("three", "http://another.example", 60)).await, 401);
    assert_eq!(present(&assertion("four", issuer, -120)).await, 401);
    assert_eq!(present(&assertion("five", issuer, 3600)).await, 401);
    let stranger = SigningKey::passing().unwrap();
    let now = t.clock.now().seconds();
    let claims = json!({"iss": "kommunportal", "sub": "kommunportal", "aud": issuer, "jti": "six", "exp": now + 60});
    assert_eq!(present(&stranger.sign_as(key.kid(), &claims).unwrap()).await, 401);
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
