//! The broker as control tells it to be.

use super::*;

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
    let before = t.broker.provider.keys.current().kid().to_owned();
    assert!(said("rotate_keys").await.1.is_some(), "the new key is published");
    assert_ne!(t.broker.provider.keys.current().kid(), before);
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

#[test]
fn every_fault_has_a_name_of_its_own_by_which_it_is_told() {
    let wires = ["token_500", "gzip_bomb", "jwks_down", "userinfo_503", "discovery_redirect_internal", "par_timeout"];
    let read = |name: &str| serde_json::from_value::<BrokerState>(json!({"fault": name})).unwrap().fault.unwrap();
    let mut names: Vec<String> = Lie::ALL.iter().map(|lie| json!(lie).as_str().unwrap().to_owned()).collect();
    for (name, lie) in names.iter().zip(Lie::ALL) {
        assert!(read(name) == Fault::Lie(*lie), "{name}");
    }
    for name in wires {
        assert!(matches!(read(name), Fault::Wire(_)), "{name}");
    }
    // Told by these names before there were so many.
    assert!(read("hs256_pubkey") == Fault::Lie(Lie::Hs256) && read("discovery_down") == read("discovery_503"));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), Lie::ALL.len());
}

#[actix_web::test]
async fn no_lie_ends_the_broker_and_each_is_told_once() {
    let t = tried("every-lie");
    for lie in Lie::ALL.iter().filter(|lie| IN_TOKENS_AND_RETURN.contains(&lie.place())) {
        t.control(json!({"fault": lie, "times": 1})).await;
        let back =
            returned(t.http.get(t.authorize(&[])).header("cookie", "kp_person=197905142381").send().await.unwrap());
        let bent = back.get("code").map(String::as_str).unwrap_or_default();
        let (status, _) = t.exchange(&[("code", bent)], Some(SECRET)).await;
        let never_came = matches!(lie, Lie::NoCode | Lie::HugeCode);
        assert_eq!(status, if never_came { 400 } else { 200 }, "{lie:?}");
        let code = t.log_in("197905142381", &[]).await["code"].clone();
        assert_eq!(t.tokens(&code).await.1.unwrap()[PNR], "197905142381", "after {lie:?}");
    }
    t.broker.stop().await;
}

const IN_TOKENS_AND_RETURN: &[Place] =
    &[Place::Return, Place::TokenAnswer, Place::Person, Place::Claims, Place::Envelope];
