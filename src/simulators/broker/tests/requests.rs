//! Requests that are signed, pushed, or both.

use super::*;

const REDIRECT: (&str, &str) = ("redirect_uri", BACK);

/// The same request as [`Tried::authorize`] makes, signed, with some members changed (to null: left out).
fn object(t: &Tried, key: &SigningKey, changes: &Value) -> String {
    let now = t.clock.now().seconds();
    let mut members = serde_json::Map::new();
    for (name, value) in t.authorize(&[]).query_pairs() {
        members.insert(name.into_owned(), json!(value));
    }
    let claims: Value = serde_json::from_str(members["claims"].as_str().unwrap()).unwrap();
    members.insert("claims".into(), claims);
    members.extend([
        ("iss".to_owned(), json!("kommunportal")),
        ("aud".to_owned(), json!(t.broker.issuer())),
        ("exp".to_owned(), json!(now + 300)),
    ]);
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name)
        } else {
            members.insert(name.clone(), value.clone())
        };
    }
    key.sign(&Value::Object(members)).unwrap()
}

fn with_object(t: &Tried, object: &str) -> Url {
    let outer =
        [("client_id", "kommunportal"), ("response_type", "code"), ("scope", "openid"), REDIRECT, ("request", object)];
    Url::parse_with_params(&t.url("/authorize"), outer).unwrap()
}

#[actix_web::test]
async fn a_signed_request_counts_and_what_stands_beside_it_does_not() {
    let t = tried("signed");
    let key = t.with_key();
    let send = async |url: Url, as_form: bool| {
        let request = if as_form {
            let form: HashMap<String, String> = url.query_pairs().into_owned().collect();
            t.http.post(t.url("/authorize")).form(&form)
        } else {
            t.http.get(url)
        };
        returned(request.header("cookie", "kp_person=197905142381").send().await.unwrap())
    };
    let good = object(&t, &key, &json!({"state": "the-inner-state"}));
    for as_form in [false, true] {
        let mut url = with_object(&t, &good);
        url.query_pairs_mut().append_pair("state", "the-outer-state");
        let back = send(url, as_form).await;
        assert_eq!(back["state"], "the-inner-state");
        let assertion = t.assertion(&key, &format!("{as_form}"), t.broker.issuer(), 60);
        let proof = [("code", back["code"].as_str()), ASSERTION_TYPE, ("client_assertion", &assertion)];
        assert_eq!(t.exchange(&proof, None).await.0, 200);
    }
    let endpoint = format!("{}/authorize", t.broker.issuer());
    assert!(send(with_object(&t, &object(&t, &key, &json!({"aud": endpoint}))), false).await.contains_key("code"));

    let stranger = SigningKey::passing().unwrap();
    let now = t.clock.now().seconds();
    let bad = [
        ("another key", object(&t, &stranger, &json!({}))),
        ("another client", object(&t, &key, &json!({"iss": "somebody"}))),
        ("another broker", object(&t, &key, &json!({"aud": "https://another.example"}))),
        ("no audience", object(&t, &key, &json!({"aud": null}))),
        ("too old", object(&t, &key, &json!({"exp": now - 120}))),
        ("another scope outside", object(&t, &key, &json!({"scope": "openid profile"}))),
        ("another client inside", object(&t, &key, &json!({"client_id": "kommunportal-desk"}))),
        ("one in another", object(&t, &key, &json!({"request_uri": "urn:x"}))),
        ("unsigned", format!("{}.", keys::signing_input(&json!({"alg": "none"}), &json!({"iss": "kommunportal"})))),
    ];
    for (what, object) in bad {
        assert_eq!(send(with_object(&t, &object), false).await["error"], "invalid_request_object", "{what}");
    }
    // Signed or not, the person is not sent to an address that nobody registered.
    let elsewhere = object(&t, &key, &json!({"redirect_uri": "https://evil.example/"}));
    assert_eq!(t.http.get(with_object(&t, &elsewhere)).send().await.unwrap().status(), 400);
    t.broker.stop().await;
}

#[actix_web::test]
async fn a_pushed_request_is_used_once_and_stands_alone() {
    let t = tried("pushed");
    let push = async |extra: &[(&str, &str)], secret: &str| {
        let mut form: HashMap<String, String> = t.authorize(&[]).query_pairs().into_owned().collect();
        form.extend(extra.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let request = t.http.post(t.url("/par")).basic_auth("kommunportal", Some(secret)).form(&form);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let begin = async |request_uri: &str, more: &[(&str, &str)]| {
        let only = [("client_id", "kommunportal"), ("request_uri", request_uri)];
        let url = Url::parse_with_params(&t.url("/authorize"), only.iter().chain(more)).unwrap();
        t.http.get(url).header("cookie", "kp_person=197905142381").send().await.unwrap()
    };
    let (status, kept) = push(&[], SECRET).await;
    assert_eq!((status, kept["expires_in"].as_i64()), (201, Some(60)), "{kept}");
    let name = kept["request_uri"].as_str().unwrap();
    let back = returned(begin(name, &[]).await);
    assert_eq!(back["state"], "the-state");
    assert!(t.tokens(&back["code"]).await.1.is_some());
    assert_eq!(begin(name, &[]).await.status(), 400, "used");

    let (_, kept) = push(&[], SECRET).await;
    let name = kept["request_uri"].as_str().unwrap();
    assert_eq!(begin(name, &[("scope", "openid")]).await.status(), 400, "not alone");
    t.clock.advance(61);
    assert_eq!(begin(name, &[]).await.status(), 400, "too old");
    assert_eq!(push(&[], "wrong").await.0, 401);
    assert_eq!(push(&[("request_uri", "urn:x")], SECRET).await.0, 400);
    assert_eq!(push(&[("scope", "email")], SECRET).await.1["error"], "invalid_scope");
    assert_eq!(push(&[("redirect_uri", "https://evil.example/")], SECRET).await.0, 400);

    // A key proves the client here as at the token endpoint, and the page that is shown can be filled in later.
    let key = t.with_key();
    let assertion = t.assertion(&key, "pushed", &format!("{}/par", t.broker.issuer()), 60);
    let object = object(&t, &key, &json!({}));
    let form = [
        ("client_id", "kommunportal"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("request", &object),
        ASSERTION_TYPE,
        ("client_assertion", &assertion),
    ];
    let kept: Value = t.http.post(t.url("/par")).form(&form).send().await.unwrap().json().await.unwrap();
    let name = kept["request_uri"].as_str().unwrap_or_default();
    let only = [("client_id", "kommunportal"), ("request_uri", name)];
    let page = t.http.get(Url::parse_with_params(&t.url("/authorize"), only).unwrap()).send().await.unwrap();
    let page = page.text().await.unwrap();
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    t.clock.advance(600);
    let form = [("ticket", ticket.as_str()), ("person", "197905142381"), ("action", "login")];
    let answer = t.http.post(t.url("/authorize")).form(&form).send().await.unwrap();
    assert!(returned(answer).contains_key("code"));
    t.broker.stop().await;
}

#[actix_web::test]
async fn the_page_shows_the_message_in_the_language_asked_for_and_takes_e_legitimation_and_level() {
    use base64::Engine as _;
    let t = tried("message");
    let b64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let message = json!({"message": b64("alla"), "message#sv": b64("Logga in hos <oss>"), "message#en": b64("Log in")});
    let message = message.to_string();
    let param = ("https://id.oidc.se/param/userMessage", message.as_str());
    let page =
        async |changes: &[(&str, &str)]| t.http.get(t.authorize(changes)).send().await.unwrap().text().await.unwrap();
    let swedish = page(&[param]).await;
    assert!(swedish.contains("Logga in hos &lt;oss&gt;") && swedish.contains("Testlegitimering"));
    let english = page(&[param, ("ui_locales", "en-GB sv")]).await;
    assert!(english.contains("<pre>Log in</pre>") && english.contains("asks you to identify yourself"));
    let markdown = json!({"message": b64("**x**"), "mime_type": "text/markdown"}).to_string();
    assert!(!page(&[("https://id.oidc.se/param/userMessage", &markdown)]).await.contains("**x**"));

    let claims = |values: &[&str]| {
        json!({"id_token": {"acr": {"essential": true, "values": values}, PNR: null,
            "https://id.oidc.se/claim/authnProvider": null}})
        .to_string()
    };
    let post = async |claims: &str, body: &[(&str, &str)]| {
        returned(t.http.post(t.authorize(&[("claims", claims)])).form(body).send().await.unwrap())
    };
    let both = claims(&[LOA3, LOA4]);
    let who = ("person", "197905142381");
    for (eid, acr) in [("bankid", LOA3), ("freja", LOA3), ("pass", LOA4)] {
        let (_, said) = t.tokens(&post(&both, &[who, ("eid", eid)]).await["code"]).await;
        let said = said.unwrap();
        let provider = format!("{}/eid/{eid}", t.broker.issuer());
        assert_eq!((&said["acr"], &said["https://id.oidc.se/claim/authnProvider"]), (&json!(acr), &json!(provider)));
    }
    let four = claims(&[LOA4]);
    assert_eq!(post(&four, &[who, ("eid", "freja")]).await["error"], "unmet_authentication_requirements");
    let lie = post(&four, &[who, ("eid", "freja"), ("other_acr", LOA3)]).await;
    assert_eq!(t.tokens(&lie["code"]).await.1.unwrap()["acr"], LOA3, "as it was forced to say");
    let failed = post(&four, &[("action", "fail"), ("error", "login_required"), ("error_description", "so")]).await;
    assert_eq!((failed["error"].as_str(), failed["error_description"].as_str()), ("login_required", "so"));

    // The client has said who it is: nobody else, unless the broker is made to lie.
    let pinned = json!({"id_token": {PNR: {"essential": true, "value": "197905142381"}}}).to_string();
    assert_eq!(post(&pinned, &[("person", "197709022391")]).await["error"], "access_denied");
    let lie = post(&pinned, &[who, ("other_person", "197709022391")]).await;
    assert_eq!(t.tokens(&lie["code"]).await.1.unwrap()[PNR], "197709022391");
    assert!(page(&[("claims", &pinned)]).await.contains("Anna-Karin"));
    t.broker.stop().await;
}
