//! Who it is: a number that contradicts another, and what a foreign e-legitimation is bound to.

use super::attempt::{ANNA, HOSTS, KATHARINA, Met, Scene, titled, told};

const HOST: &str = HOSTS[0];
const KATHARINA_ABROAD: &str = "DE:0katharina0muller0beispiel";
/// Says a number that nothing binds him to.
const ANDREAS: &str = "DE:0andreas0lothar0beispiel";

/// Rows 22 and 28: a number that is not the ID token's, or not the one that the broker's name for her came with before.
pub async fn contradicted(scene: &Scene) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut anna = scene.browser(ANNA);
    assert_eq!(scene.log_in(&mut anna, HOST).await, Met::Entered);
    let party = scene.demo.party_of_last_log_in();
    let cases = [
        ("userinfo_other_number", told("technical")),
        ("sub_with_another_number", titled(403, "error-other-number-title")),
    ];
    for (fault, wanted) in cases {
        wrong.extend(scene.suffer(HOST, fault, &wanted).await.err());
        assert!(scene.is_inside(&mut anna, HOST).await, "{fault}: her session before it is untouched");
        wrong.extend(scene.goes_well(HOST, fault).await.err());
    }
    let metrics = reqwest::get(format!("{}/metrics", scene.demo.at(7))).await.unwrap().text().await.unwrap();
    let is_told = |line: &str| line.starts_with("broker_alerts_total") && line.contains("other_number");
    if !metrics.lines().any(is_told) {
        wrong.push("no alert of another number".to_owned());
    }
    assert_eq!(scene.log_in(&mut scene.browser(ANNA), HOST).await, Met::Entered);
    assert_eq!(scene.demo.party_of_last_log_in(), party, "she is who she was");
    wrong
}

/// Row 27.
pub async fn a_foreign_one_has_the_number_that_is_bound_well(scene: &Scene) {
    let enters = async |person: &str| {
        let mut browser = scene.browser(person);
        assert_eq!(scene.log_in(&mut browser, HOST).await, Met::Entered);
        (browser, scene.demo.party_of_last_log_in())
    };
    let (_, at_home) = enters(KATHARINA).await;
    let (mut bound, abroad) = enters(KATHARINA_ABROAD).await;
    assert_eq!(at_home, abroad, "one person, whichever e-legitimation she has with her");
    assert_eq!(refused(scene, &mut bound).await, [false, false]);
    let again = scene.portal(HOST, "/legitimera/standard?retur=/mina-sidor");
    assert_eq!(scene.walk(&mut bound, &again).await, Met::Entered, "the same e-legitimation proves her again");
    for fault in ["mapped_without_binding", "mapped_unknown_binding"] {
        scene.fault(fault).await;
        let (mut unbound, party) = enters(KATHARINA_ABROAD).await;
        assert!(scene.is_struck().await, "{fault}");
        assert_ne!(party, at_home, "{fault}");
        assert_eq!(refused(scene, &mut unbound).await, [true, false], "{fault}");
    }
    let (mut andreas, _) = enters(ANDREAS).await;
    assert_eq!(refused(scene, &mut andreas).await, [true, false]);
}

/// Whether a service that needs a number, and one that does not, are kept from this one.
async fn refused(scene: &Scene, browser: &mut super::browser::Browser) -> [bool; 2] {
    let mut all = [false; 2];
    for (is_refused, slug) in all.iter_mut().zip(["uppsagning-forskoleplats", "foreningsbidrag"]) {
        browser.open(&scene.portal(HOST, &format!("/e-tjanster/{slug}/fyll-i"))).await;
        browser.expect_status(200);
        *is_refused = browser.text().contains("Din utländska e-legitimation ger oss inget sådant nummer");
    }
    all
}
