//! Brokers that leave the Profile, userinfo, and foreign e-legitimation.

use super::broker::{Broker, Draft, NUMBER, PNR, Reply, Seal};
use super::*;
use crate::hostile::{cases_in, spoiled};
use crate::oidc::identity::SWEDEN_CONNECT;
use crate::oidc::levels::ASSUMED;
use crate::oidc::userinfo::together;
use crate::settings::BrokerStyle;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

const METHOD: &str = "https://id.oidc.se/claim/authnProvider";

async fn party_of(style: BrokerStyle, change: impl Fn(&mut BrokerConfig)) -> (Broker, RelyingParty) {
    let broker = Broker::start().await;
    broker.change_metadata(|m| {
        m["userinfo_endpoint"] = format!("{}/userinfo", m["issuer"].as_str().unwrap()).into();
        m.as_object_mut().unwrap().remove("acr_values_supported");
    });
    let mut settings = config(&broker);
    super::super::style::bend(&mut settings, style);
    change(&mut settings);
    let party = RelyingParty::new(settings, Clock::standing_at(now())).unwrap();
    (broker, party)
}

/// A log-in at level 3 as this broker has it, foreign e-legitimation included where settings allow it.
async fn enter(
    party: &RelyingParty,
    broker: &Broker,
    change: impl Fn(&mut Draft),
) -> Result<(Authenticated, url::Url), LoginFault> {
    let accepted = [party.accepted_acr(3), party.accepted_foreign_acr(3)].concat();
    let begun = party.begin(Request { accepted_acr: &accepted, ..request(Purpose::Citizen) }).await?;
    let mut draft = Draft::honest(broker, &begun.url, Purpose::Citizen, now());
    change(&mut draft);
    broker.answer_token(draft.reply(broker));
    Ok((party.finish(&begun.pending, back(&begun)).await?, begun.url))
}

fn asked(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn number_of(person: &Authenticated) -> Option<&str> {
    let Who::Citizen { identity, .. } = &person.who else { panic!("a citizen") };
    identity.number().map(|number| number.expose())
}

#[tokio::test]
async fn drafts_of_the_profile_have_other_names() {
    let (broker, party) = party_of(BrokerStyle::DraftNames, |c| c.userinfo = Userinfo::Never).await;
    let (person, url) = enter(&party, &broker, |d| {
        d.drop(PNR);
        d.set("https://claims.oidc.se/1.0/personalNumber", NUMBER)
    })
    .await
    .unwrap();
    assert_eq!(number_of(&person), Some(NUMBER));
    assert!(asked(&url, "claims").unwrap().contains("https://claims.oidc.se/1.0/personalNumber"));
    assert_eq!(asked(&url, "scope").as_deref(), Some("openid https://scopes.oidc.se/1.0/naturalPersonPnr"));
    let strict = enter(&party, &broker, |_| {}).await.map(|_| ());
    assert_eq!(strict, Err(LoginFault::NumberMissing), "the Profile's own claim is not this broker's");
}

#[tokio::test]
async fn idura_names_the_method_where_the_level_should_be() {
    let (broker, party) = party_of(BrokerStyle::Idura, |c| c.userinfo = Userinfo::Never).await;
    let honest = |d: &mut Draft| {
        d.drop(PNR);
        d.set("acr", "urn:grn:authn:se:bankid:same-device");
        d.set("ssn", NUMBER);
        d.set("country", "SE");
        d.set("identityscheme", "sebankid");
    };
    let (person, url) = enter(&party, &broker, honest).await.unwrap();
    assert_eq!((number_of(&person), person.level, person.method.as_deref()), (Some(NUMBER), 3, Some("sebankid")));
    assert_eq!(asked(&url, "claims"), None, "it does not know the parameter");
    assert_eq!(asked(&url, "acr_values").as_deref(), Some("urn:grn:authn:se:bankid urn:grn:authn:se:frejaid"));
    assert!(party.accepted_acr(4).is_empty());
    let spoilt = async |change: fn(&mut Draft)| {
        enter(&party, &broker, |d| {
            honest(d);
            change(d)
        })
        .await
        .map(|_| ())
    };
    assert_eq!(spoilt(|d| d.set("country", "NO")).await, Err(LoginFault::NumberMissing));
    assert_eq!(spoilt(|d| d.set("acr", "urn:grn:authn:no:bankid")).await, Err(LoginFault::AcrRefused));
    let swedish = spoilt(|d| d.set("acr", "http://id.elegnamnden.se/loa/1.0/loa3")).await;
    assert_eq!(swedish, Err(LoginFault::AcrRefused), "a broker vouches for its own values only");
}

#[tokio::test]
async fn signicat_sends_no_level_and_the_number_in_userinfo() {
    let (broker, party) = party_of(BrokerStyle::Signicat, |_| {}).await;
    let honest = |d: &mut Draft| {
        for gone in [PNR, "acr", "name", "given_name", "family_name"] {
            d.drop(gone);
        }
        d.set("idp", "sbid");
        d.add("exp", 360);
    };
    let userinfo = json!({
        "sub": "f3c1b9e2-7d10", "nin": NUMBER, "nin_issuing_country": "SE", "given_name": "Tora", "acr": "loa4"
    });
    broker.answer("/userinfo", Reply::Json(200, userinfo.to_string()));
    let (person, url) = enter(&party, &broker, honest).await.unwrap();
    assert_eq!((number_of(&person), person.acr.as_str(), person.level), (Some(NUMBER), ASSUMED, 3));
    assert_eq!(asked(&url, "acr_values").as_deref(), Some("idp:sbid"));
    assert_eq!(asked(&url, "scope").as_deref(), Some("openid profile nin"));
    let other = |d: &mut Draft| {
        honest(d);
        d.set("idp", "google");
    };
    assert_eq!(enter(&party, &broker, other).await.map(|_| ()), Err(LoginFault::AcrMissing));
    let named = |d: &mut Draft| {
        honest(d);
        d.set("acr", ASSUMED);
    };
    assert_eq!(enter(&party, &broker, named).await.map(|_| ()), Err(LoginFault::AcrRefused), "nobody else may say so");
    let unknown = |d: &mut Draft| {
        honest(d);
        d.drop("idp");
    };
    assert_eq!(enter(&party, &broker, unknown).await.map(|_| ()), Err(LoginFault::AcrMissing));
}

#[tokio::test]
async fn numbers_are_read_in_the_form_that_settings_name_and_in_no_other() {
    let cases: [(NumberFormat, &[&str], &[&str]); 3] = [
        (
            NumberFormat::D12,
            &[NUMBER],
            &["19900101-2385", "9001012385", "１９９００１０１２３８５", "199001012385\n", " 199001012385"],
        ),
        (NumberFormat::D12dash, &["19900101-2385"], &[NUMBER, "19900101−2385", "1990-01012385", "19900101--2385"]),
        (NumberFormat::D10, &["9001012385", "900101-2385"], &[NUMBER, "900101 2385", "90-01012385", "900101-238"]),
    ];
    for (format, good, bad) in cases {
        let (broker, party) = party_of(BrokerStyle::Profile, |c| {
            c.numbers = vec![NumberClaim { format, ..NumberClaim::new("/identity/ssn", NumberKind::ByValue) }];
        })
        .await;
        let with = |text: &str| {
            let text = text.to_owned();
            move |d: &mut Draft| {
                d.drop(PNR);
                d.set("identity", json!({ "ssn": text }))
            }
        };
        for text in good {
            let (person, url) = enter(&party, &broker, with(text)).await.unwrap();
            assert_eq!(number_of(&person), Some(NUMBER), "{text}");
            assert!(asked(&url, "claims").unwrap().contains("\"identity\""));
        }
        for text in bad {
            assert_eq!(enter(&party, &broker, with(text)).await.map(|_| ()), Err(LoginFault::NumberInvalid), "{text}");
        }
    }
}

#[tokio::test]
async fn userinfo_is_asked_for_what_is_missing_and_believed_only_when_it_is_ours_and_hers() {
    let (broker, party) = party_of(BrokerStyle::Profile, |_| {}).await;
    let claims = json!({ "iss": broker.issuer, "aud": "kommunportal", "sub": "f3c1b9e2-7d10", PNR: NUMBER });
    let token = |change: &dyn Fn(&mut Value), seal| {
        let mut claims = claims.clone();
        change(&mut claims);
        Reply::Jwt(broker.token(&json!({ "alg": "ES256", "kid": "k1" }), &claims, seal))
    };
    let without = |d: &mut Draft| d.drop(PNR);
    broker.answer("/userinfo", token(&|_| {}, Seal::Key));
    enter(&party, &broker, |_| {}).await.unwrap();
    assert_eq!(broker.calls("/userinfo"), 0, "nothing was missing");
    let (person, _) = enter(&party, &broker, without).await.unwrap();
    assert_eq!((number_of(&person), broker.calls("/userinfo")), (Some(NUMBER), 1));
    let (head, _) = broker.last_request("/userinfo");
    assert!(head.to_lowercase().contains("authorization: bearer acc3ss-t0ken"), "{head}");

    let refused = [
        (token(&|c| c["sub"] = "another".into(), Seal::Key), LoginFault::UserinfoMismatch),
        (token(&|c| c["sub"] = Value::Null, Seal::Key), LoginFault::UserinfoMismatch),
        (token(&|c| c["aud"] = "another".into(), Seal::Key), LoginFault::AudienceMismatch),
        (token(&|c| c["iss"] = "https://evil.example".into(), Seal::Key), LoginFault::IssuerMismatch),
        (token(&|c| c["exp"] = 1.into(), Seal::Key), LoginFault::Expired),
        (token(&|_| {}, Seal::Stranger), LoginFault::SignatureInvalid),
        (Reply::Json(200, claims.to_string()), LoginFault::UserinfoMalformed),
        (Reply::Json(401, "{}".into()), LoginFault::UserinfoMalformed),
        (Reply::Text("<html>"), LoginFault::UserinfoMalformed),
        (Reply::Jwt("a.b.c".into()), LoginFault::IdTokenMalformed),
        (Reply::Redirect, LoginFault::RedirectRefused),
        (Reply::Json(500, "{}".into()), LoginFault::BrokerFailing),
    ];
    for (reply, fault) in refused {
        broker.answer("/userinfo", reply);
        assert_eq!(enter(&party, &broker, without).await.map(|_| ()), Err(fault));
    }
    let (broker, always) = party_of(BrokerStyle::Profile, |c| {
        c.userinfo = Userinfo::Always;
        c.userinfo_signed = false;
    })
    .await;
    let other = json!({ "sub": "f3c1b9e2-7d10", PNR: "199008252398" });
    broker.answer("/userinfo", Reply::Json(200, other.to_string()));
    assert_eq!(enter(&always, &broker, |_| {}).await.map(|_| ()), Err(LoginFault::UserinfoMismatch), "two persons");
    let (broker, never) = party_of(BrokerStyle::Profile, |c| c.userinfo = Userinfo::Never).await;
    assert_eq!(enter(&never, &broker, without).await.map(|_| ()), Err(LoginFault::NumberMissing));
    assert_eq!(broker.calls("/userinfo"), 0);
}

#[tokio::test]
async fn rsa_signatures_are_read_too_and_only_where_they_are_allowed() {
    let (broker, party) = party_of(BrokerStyle::Profile, |_| {}).await;
    let keys = json!({ "keys": [broker.jwk("k1"), broker.rsa_jwk("k2")] });
    broker.answer("/jwks", Reply::Json(200, keys.to_string()));
    broker.change_metadata(|m| m["id_token_signing_alg_values_supported"] = json!(["RS256", "ES256"]));
    let rsa = |d: &mut Draft| {
        d.header.insert("alg".into(), "RS256".into());
        d.header.insert("kid".into(), "k2".into());
        d.seal = Seal::Rsa;
    };
    let (person, _) = enter(&party, &broker, rsa).await.unwrap();
    assert_eq!(number_of(&person), Some(NUMBER));
    let wrong_key = |d: &mut Draft| {
        rsa(d);
        d.header.insert("kid".into(), "k1".into());
    };
    assert_eq!(enter(&party, &broker, wrong_key).await.map(|_| ()), Err(LoginFault::KeyUnknown));
    let another_algorithm = |d: &mut Draft| {
        rsa(d);
        d.header.insert("alg".into(), "RS384".into());
    };
    assert_eq!(enter(&party, &broker, another_algorithm).await.map(|_| ()), Err(LoginFault::AlgorithmRefused));
    let (broker, strict) = party_of(BrokerStyle::Profile, |c| c.allowed_algs = vec![SigningAlgorithm::Es256]).await;
    broker.answer("/jwks", Reply::Json(200, keys.to_string()));
    assert_eq!(enter(&strict, &broker, rsa).await.map(|_| ()), Err(LoginFault::AlgorithmRefused));
}

#[tokio::test]
async fn a_foreign_person_is_known_by_her_provisional_identity() {
    let (broker, party) = party_of(BrokerStyle::Profile, |c| {
        c.eidas = true;
        c.userinfo = Userinfo::Never;
    })
    .await;
    let claim = |suffix: &str| format!("{SWEDEN_CONNECT}{suffix}");
    let foreign = |d: &mut Draft| {
        d.drop(PNR);
        d.set("acr", "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub");
        d.set(&claim("prid"), "no:ABCDEF-12345");
        d.set(&claim("pridPersistence"), "B");
        d.set(&claim("eidasCountry"), "no");
    };
    let (person, url) = enter(&party, &broker, foreign).await.unwrap();
    let Who::Citizen { identity: Identity::Foreign { prid, persistence, country, mapped }, .. } = &person.who else {
        panic!("a foreign person")
    };
    assert_eq!((prid.as_str(), *persistence, country.as_str()), ("NO:abcdef-12345", Persistence::B, "NO"));
    assert_eq!((mapped, person.level), (&None, 3));
    assert!(!format!("{person:?}").contains("abcdef"));
    assert!(asked(&url, "claims").unwrap().contains(&claim("prid")));

    let mapped = |binding: &'static str| {
        let claim = claim("mappedPersonalIdentityNumber");
        let bound = format!("{SWEDEN_CONNECT}identityBinding");
        move |d: &mut Draft| {
            d.set(&claim, NUMBER);
            if !binding.is_empty() {
                d.set(&bound, binding);
            }
        }
    };
    let process = "http://id.swedenconnect.se/id-binding/process/swedish-eid";
    for (binding, number) in [
        ("", None),
        ("http://id.swedenconnect.se/id-binding/process/other", None),
        (process, Some(NUMBER)),
        ("urn:x;http://id.swedenconnect.se/id-binding/process/populationregister", Some(NUMBER)),
    ] {
        let (person, _) = enter(&party, &broker, |d| {
            foreign(d);
            mapped(binding)(d)
        })
        .await
        .unwrap();
        assert_eq!(number_of(&person), number, "{binding}");
    }
    let verdict = async |change: &dyn Fn(&mut Draft)| {
        enter(&party, &broker, |d| {
            foreign(d);
            change(d)
        })
        .await
        .map(|_| ())
    };
    assert_eq!(
        verdict(&|d| d.set(PNR, NUMBER)).await,
        Err(LoginFault::NumberAmbiguous),
        "a foreign level with a number"
    );
    assert_eq!(verdict(&|d| d.set(&claim("prid"), "no:short")).await, Err(LoginFault::PridInvalid));
    assert_eq!(verdict(&|d| d.drop(&claim("pridPersistence"))).await, Err(LoginFault::PridInvalid));
    let swedish = verdict(&|d| d.set("acr", "http://id.elegnamnden.se/loa/1.0/loa3")).await;
    assert_eq!(swedish, Err(LoginFault::NumberMissing), "a Swedish level without a number");
    let (broker, closed) = party_of(BrokerStyle::Profile, |_| {}).await;
    assert_eq!(enter(&closed, &broker, foreign).await.map(|_| ()), Err(LoginFault::AcrRefused));
}

#[tokio::test]
async fn the_e_legitimation_that_was_asked_for_is_the_one_that_answers() {
    let (broker, party) = party_of(BrokerStyle::Profile, |c| c.authn_provider = Some("urn:bankid".into())).await;
    broker.change_metadata(|m| m["https://id.oidc.se/disco/authnProviderSupported"] = true.into());
    for (used, verdict) in
        [(Some("urn:bankid"), Ok(())), (None, Ok(())), (Some("urn:freja"), Err(LoginFault::MethodMismatch))]
    {
        let entered = enter(&party, &broker, |d| {
            if let Some(used) = used {
                d.set(METHOD, used);
            }
        })
        .await;
        if let Ok((_, url)) = &entered {
            assert_eq!(asked(url, "https://id.oidc.se/param/authnProvider").as_deref(), Some("urn:bankid"));
        }
        assert_eq!(entered.map(|_| ()), verdict, "{used:?}");
    }
}

#[tokio::test]
async fn the_broker_tells_of_an_earlier_number_and_how_sure_it_is() {
    let (broker, party) = party_of(BrokerStyle::Profile, |_| {}).await;
    let (person, _) = enter(&party, &broker, |d| {
        d.set("https://id.oidc.se/claim/previousCoordinationNumber", "198502862397");
        d.set("https://id.oidc.se/claim/coordinationNumberLevel", "confirmed");
        d.set("name", "A\u{30a}sa");
    })
    .await
    .unwrap();
    let Who::Citizen { identity: Identity::Number { level, previous, .. }, name, .. } = &person.who else {
        panic!("a citizen")
    };
    assert_eq!(*level, Some(CoordinationLevel::Confirmed));
    assert_eq!(previous.as_ref().map(|number| number.expose()), Some("198502862397"));
    assert_eq!(name.as_deref(), Some("Åsa"), "in composed form");
}

#[tokio::test]
async fn userinfo_altered_in_any_way_never_makes_another_person() {
    let broker = Broker::start().await;
    let settings = config(&broker);
    let object = |value: Value| value.as_object().unwrap().clone();
    let claims = object(json!({ "sub": "f3c1b9e2-7d10", PNR: NUMBER }));
    let body = json!({ "sub": "f3c1b9e2-7d10", PNR: NUMBER, "name": "Tora" }).to_string();
    TestRunner::new(cases_in(file!(), 256))
        .run(&spoiled(vec![body.into_bytes()]), |bytes| {
            let Ok(more) = super::super::json::object(&bytes) else { return Ok(()) };
            let Ok(all): Result<Map<String, Value>, _> = together(&claims, more, &settings) else { return Ok(()) };
            prop_assert_eq!((&all["sub"], &all[PNR]), (&claims["sub"], &claims[PNR]));
            Ok(())
        })
        .unwrap();
}
