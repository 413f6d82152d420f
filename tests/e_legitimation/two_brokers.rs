//! A portal with two brokers, one of which vouches for people from other countries as well.

use super::attempt::{ANNA, HOSTS, Met, PER, Scene, assert_none, told};
use super::browser::Browser;
use super::{identities, left};
use kommunportal::oidc::ClientKey;
use reqwest::Url;

const HOST: &str = HOSTS[0];

#[tokio::test(flavor = "multi_thread")]
async fn with_two_brokers_everybody_is_known_for_who_she_is_and_no_broker_speaks_for_the_other() {
    let key = ClientKey::generate_pem().unwrap();
    let scene = Scene::begin_with(&[
        ("KOMMUNPORTAL__BROKER__EIDAS", "true"),
        ("KOMMUNPORTAL__BROKER__USERINFO", "always"),
        ("KOMMUNPORTAL__BROKERS__UTKAST__ISSUER", "{broker}/draft_names"),
        ("KOMMUNPORTAL__BROKERS__UTKAST__STYLE", "draft_names"),
        ("KOMMUNPORTAL__BROKERS__UTKAST__CLIENT_ID", "kommunportal"),
        ("KOMMUNPORTAL__BROKERS__UTKAST__PRIVATE_KEY", &key),
    ])
    .await;
    she_sees_whose_page_she_comes_from(&scene).await;
    she_is_the_same_through_both(&scene).await;
    assert_none(identities::contradicted(&scene).await);
    identities::a_foreign_one_has_the_number_that_is_bound_well(&scene).await;
    the_answer_of_one_is_not_taken_for_the_others(&scene).await;
    left::only_a_proper_word_of_the_broker_ends_a_session(&scene).await;
    scene.assert_clean_log();
}

async fn she_sees_whose_page_she_comes_from(scene: &Scene) {
    let names = ["Örkelljunga kommun", "Lidköpings kommun", "Götene kommun", "Skara kommun"];
    for (host, name) in HOSTS.into_iter().zip(names) {
        let mut anybody = Browser::new();
        anybody.open(&scene.portal(host, "/logga-in/standard")).await;
        anybody.see(&format!("{name} begär att du legitimerar dig"));
    }
}

async fn she_is_the_same_through_both(scene: &Scene) {
    let mut anna = scene.browser(ANNA);
    let both = scene.portal(HOST, "/logga-in?retur=/mina-sidor");
    assert!(matches!(scene.walk(&mut anna, &both).await, Met::Told(200, _)));
    let links = anna.links("/logga-in/");
    assert_eq!(links.len(), 2, "she chooses between two: {links:?}");
    let mut parties = Vec::new();
    for link in links {
        let mut anna = scene.browser(ANNA);
        assert_eq!(scene.walk(&mut anna, &scene.portal(HOST, &link)).await, Met::Entered);
        parties.push(scene.demo.party_of_last_log_in());
    }
    assert_eq!(parties[0], parties[1]);
}

/// Row 38.
async fn the_answer_of_one_is_not_taken_for_the_others(scene: &Scene) {
    // The broker itself sends her to the wrong place.
    scene.suffer(HOST, "other_callback", &told("technical")).await.unwrap();
    let logins = ["standard", "utkast"].map(|slug| scene.portal(HOST, &format!("/logga-in/{slug}?retur=/mina-sidor")));
    let mut anna = scene.browser(ANNA);
    for (begun, other) in [(0, 1), (1, 0)] {
        let own = Url::parse(&scene.callback(&mut anna, &logins[begun]).await).unwrap();
        let others = Url::parse(&scene.callback(&mut anna, &logins[other]).await).unwrap();
        let asked = scene.asked("token").await;
        // The whole answer at the other's address: it is spent by that, too.
        let mut moved = others.clone();
        moved.set_path(own.path());
        assert_eq!(scene.walk(&mut anna, moved.as_str()).await, told("technical"));
        assert_eq!(scene.walk(&mut anna, others.as_str()).await, told("session"));
        // What was begun with one is answered by the other.
        let of = |url: &Url, name: &str| url.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned();
        let mut mixed = own.clone();
        let fields = [("code", of(&others, "code")), ("state", of(&own, "state")), ("iss", of(&others, "iss"))];
        mixed.query_pairs_mut().clear().extend_pairs(fields);
        assert_eq!(scene.walk(&mut anna, mixed.as_str()).await, told("technical"));
        assert_eq!(scene.asked("token").await, asked, "no broker is asked for tokens by another's code");
        assert!(!scene.is_inside(&mut anna, HOST).await);
    }
    for slug in ["standard", "utkast"] {
        assert_eq!(scene.log_in_by(&mut scene.browser(PER), HOST, slug).await, Met::Entered, "{slug}");
    }
}
