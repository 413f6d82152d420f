//! Brokers that do not follow the Profile, people from elsewhere, and RS256.

use super::*;

/// Logs in at another issuer of the same broker.
async fn at(t: &Tried, style: Style, person: &str, changes: &[(&str, &str)]) -> (Value, Value) {
    let path = style.path();
    let mut url = t.authorize(changes);
    url.set_path(&format!("{path}/authorize"));
    let back = returned(t.http.get(url).header("cookie", format!("kp_person={person}")).send().await.unwrap());
    assert_eq!(back["iss"], format!("{}{path}", t.broker.issuer()));
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("code", &back["code"]),
    ];
    let request = t.http.post(t.url(&format!("{path}/token"))).form(&form).basic_auth("kommunportal", Some(SECRET));
    let tokens: Value = request.send().await.unwrap().json().await.unwrap();
    let said = keys::verified_claims(tokens["id_token"].as_str().unwrap(), &t.jwks()).unwrap();
    let info = t.http.get(t.url(&format!("{path}/userinfo"))).bearer_auth(tokens["access_token"].as_str().unwrap());
    let info = info.send().await.unwrap();
    let is_signed = info.headers()["content-type"] == "application/jwt";
    let text = info.text().await.unwrap();
    let info = if is_signed { keys::verified_claims(&text, &t.jwks()) } else { serde_json::from_str(&text).ok() };
    assert_eq!(is_signed, matches!(style, Style::Strict | Style::DraftNames));
    (said, info.unwrap())
}

#[actix_web::test]
async fn each_style_is_an_issuer_of_its_own_with_its_own_names() {
    let t = tried("styles");
    for style in Style::ALL {
        let address = t.url(&format!("{}/.well-known/openid-configuration", style.path()));
        let metadata: Value = t.http.get(address).send().await.unwrap().json().await.unwrap();
        let issuer = format!("{}{}", t.broker.issuer(), style.path());
        assert_eq!(metadata["issuer"], issuer);
        assert_eq!(metadata["token_endpoint"], format!("{issuer}/token"));
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        let reads_claims = matches!(style, Style::Strict | Style::DraftNames);
        assert_eq!(metadata["claims_parameter_supported"], reads_claims);
        assert_eq!(metadata["https://id.oidc.se/disco/userMessageSupported"].as_bool(), reads_claims.then_some(true));
    }
    let draft = "https://claims.oidc.se/1.0/personalNumber";
    let scope = [("scope", "openid https://scopes.oidc.se/1.0/naturalPersonPnr"), ("claims", "")];
    let (said, info) = at(&t, Style::DraftNames, "197905142381", &scope).await;
    assert_eq!((&said[draft], &info[draft], said.get(PNR)), (&json!("197905142381"), &json!("197905142381"), None));
    assert_eq!(said["acr"], LOA3);

    let method = "urn:grn:authn:se:bankid:same-device";
    let (said, _) = at(&t, Style::Ssn, "197905142381", &[("acr_values", method)]).await;
    assert_eq!((&said["ssn"], &said["acr"], &said["country"]), (&json!("197905142381"), &json!(method), &json!("SE")));
    let (said, _) = at(&t, Style::Ssn, "199001792382", &[("acr_values", "urn:grn:authn:se:frejaid")]).await;
    assert_eq!((&said["ssn"], &said["identityscheme"]), (&json!("199001792382"), &json!("sefrejaid")));

    let asked = [("scope", "openid nin profile"), ("acr_values", "idp:sbid")];
    let (said, info) = at(&t, Style::Nin, "197905142381", &asked).await;
    assert_eq!((&said["idp"], said.get("acr"), said.get("nin")), (&json!("sbid"), None, None));
    assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 600);
    assert_eq!((&info["nin"], &info["nin_type"]), (&json!("197905142381"), &json!("PERSON")));
    assert_eq!(info["nin_issuing_country"], "SE");
    assert_eq!(info["sub"], said["sub"]);
    t.broker.stop().await;
}

#[actix_web::test]
async fn foreigners_log_in_by_their_own_id_and_with_the_number_that_they_have_bound() {
    let t = tried("foreign");
    const EIDAS: &str = "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub";
    const PRID: &str = "https://id.swedenconnect.se/claim/prid";
    const MAPPED: &str = "https://id.swedenconnect.se/claim/mappedPersonalIdentityNumber";
    let scope = "openid https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity \
                 https://id.swedenconnect.se/scope/eidasSwedishIdentity";
    let claims = json!({"id_token": {"acr": {"essential": true, "values": [LOA3, EIDAS]},
        "https://id.swedenconnect.se/claim/eidasCountry": null}});
    let claims = claims.to_string();
    let asked = [("scope", scope), ("claims", claims.as_str())];
    let (said, info) = at(&t, Style::Strict, "no:05068907693", &asked).await;
    assert_eq!((&said[PRID], &said["acr"]), (&json!("NO:05068907693"), &json!(EIDAS)));
    assert_eq!(said["https://id.swedenconnect.se/claim/eidasCountry"], "NO");
    assert_eq!(said["https://id.swedenconnect.se/claim/pridPersistence"], "A");
    assert!(info.get(MAPPED).is_none() && info["https://id.swedenconnect.se/claim/eidasPersonIdentifier"].is_string());
    let binding = "https://id.swedenconnect.se/claim/identityBinding";
    let (said, info) = at(&t, Style::Strict, "DE:0katharina0muller0beispiel", &asked).await;
    assert!(said.get(MAPPED).is_none(), "the scope places it in UserInfo only");
    assert!(info[MAPPED] == "198307192388" && info[binding].is_string());
    let (_, info) = at(&t, Style::Strict, "DE:0andreas0lothar0beispiel", &asked).await;
    assert!(info[MAPPED].is_string() && info.get(binding).is_none(), "a number that must not be believed");

    let page = t.http.get(t.authorize(&asked)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("NO:05068907693"));
    let page = t.http.get(t.authorize(&[])).send().await.unwrap().text().await.unwrap();
    assert!(!page.contains("NO:05068907693"), "a client that takes no foreign level is offered none");
    assert_eq!(t.log_in("NO:05068907693", &[]).await["error"], "unmet_authentication_requirements");
    t.broker.stop().await;
}

#[actix_web::test]
async fn rs256_is_offered_when_its_key_is_there_and_kept_for_the_next_start() {
    let t = tried("rs256");
    let wants = Client { id_token_signed_response_alg: SigningAlg::Rs256, ..client("kommunportal", false) };
    t.broker.register(wants);
    let metadata = async || -> Value {
        t.http.get(t.url("/.well-known/openid-configuration")).send().await.unwrap().json().await.unwrap()
    };
    let begun = std::time::Instant::now();
    while metadata().await["id_token_signing_alg_values_supported"] != json!(["ES256", "RS256"]) {
        assert!(begun.elapsed().as_secs() < 300, "no RSA key");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (tokens, said) = t.tokens(&t.log_in("197905142381", &[]).await["code"]).await;
    assert_eq!(keys::header(tokens["id_token"].as_str().unwrap()).unwrap()["alg"], "RS256");
    assert_eq!(said.unwrap()[PNR], "197905142381");
    let folder = &t.broker.provider.keys;
    let again = key_ring::KeyRing::open(folder.folder().to_owned()).unwrap();
    assert_eq!(again.rsa().unwrap().kid(), folder.rsa().unwrap().kid());
    t.broker.stop().await;
}
