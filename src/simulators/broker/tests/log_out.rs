//! Logging out: by the person's browser, and told to the client behind it.

use super::*;

#[actix_web::test]
async fn logging_out_returns_to_registered_addresses_only() {
    let t = tried("logout");
    let out = async |query: &[(&str, &str)]| {
        t.http.get(Url::parse_with_params(&t.url("/end_session"), query).unwrap()).send().await.unwrap()
    };
    let (tokens, _) = t.tokens(&t.log_in("197905142381", &[]).await["code"]).await;
    let hint = ("id_token_hint", tokens["id_token"].as_str().unwrap());
    let back = ("post_logout_redirect_uri", "http://localhost:8080/utloggad");
    for who in [("client_id", "kommunportal"), hint] {
        let answer = out(&[who, back, ("state", "s")]).await;
        assert_eq!(answer.headers()["location"], "http://localhost:8080/utloggad?state=s");
    }
    assert_eq!(out(&[]).await.status(), 200);
    let forged =
        SigningKey::passing().unwrap().sign(&json!({"iss": t.broker.issuer(), "aud": "kommunportal"})).unwrap();
    for (what, query) in [
        ("an address of nobody's", vec![hint, ("post_logout_redirect_uri", "http://evil.example/")]),
        ("an address and no client", vec![back]),
        ("another client's token", vec![hint, ("client_id", "kommunportal-desk"), back]),
        ("a token by somebody else", vec![("id_token_hint", forged.as_str()), back]),
        ("no token", vec![("id_token_hint", "x.y.z"), ("client_id", "kommunportal"), back]),
    ] {
        let answer = out(&query).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{what}");
    }
    t.broker.stop().await;
}

#[actix_web::test]
async fn the_client_is_told_of_a_log_out_in_the_right_way_and_in_every_wrong_one() {
    let t = tried("told");
    let (address, told) = heard("204 No Content", String::new());
    // The municipality that was logged in at is told, and no other.
    let (here, there) = (format!("{address}/auth/utloggning/standard"), "http://127.0.0.1:1/auth/utloggning/standard");
    let back = format!("{address}/auth/aterkomst/standard");
    t.broker.register(Client {
        redirect_uris: vec![back.clone()],
        backchannel_logout_uris: vec![there.to_owned(), here],
        ..client("kommunportal", false)
    });
    let log_in = async || {
        let url = t.authorize(&[("redirect_uri", &back)]);
        let answer = t.http.get(url).header("cookie", "kp_person=197905142381").send().await.unwrap();
        let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let (_, tokens) = t.exchange(&[("code", &code), ("redirect_uri", &back)], Some(SECRET)).await;
        let token = tokens["id_token"].as_str().unwrap().to_owned();
        (keys::verified_claims(&token, &t.jwks()).unwrap(), token)
    };
    let hear = async || {
        for _ in 0..200 {
            if let Ok(body) = told.try_recv() {
                let form: Query = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
                return form["logout_token"].clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("nothing was told");
    };
    let (said, hint) = log_in().await;
    let query = [("id_token_hint", hint.as_str())];
    t.http.get(Url::parse_with_params(&t.url("/end_session"), query).unwrap()).send().await.unwrap();
    let token = hear().await;
    assert_eq!(keys::header(&token).unwrap()["typ"], "logout+jwt");
    let told = keys::verified_claims(&token, &t.jwks()).unwrap();
    assert_eq!((&told["sid"], &told["sub"], &told["aud"]), (&said["sid"], &said["sub"], &json!("kommunportal")));
    assert!(told["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
    assert!(told["jti"].is_string() && told.get("nonce").is_none());

    let (said, _) = log_in().await;
    let tell = async |kind: &str| {
        t.control(json!({"fault": kind})).await;
        let token = hear().await;
        (keys::verified_claims(&token, &t.jwks()), token)
    };
    assert!(tell("logout_with_nonce").await.0.unwrap()["nonce"].is_string());
    assert!(tell("logout_no_events").await.0.unwrap().get("events").is_none());
    assert_eq!(tell("logout_replayed_jti").await.0.unwrap()["jti"], told["jti"]);
    assert_ne!(tell("logout_other_aud").await.0.unwrap()["aud"], "kommunportal");
    let (_, as_id_token) = tell("logout_id_token").await;
    assert_eq!(keys::header(&as_id_token).unwrap()["typ"], "JWT");
    assert_eq!(tell("logout_other_key").await.0, None);
    assert_eq!(tell("logout_proper").await.0.unwrap()["sid"], said["sid"]);
    t.broker.stop().await;
}
