//! Answers that come twice, late, elsewhere or side by side, and what is done in a session that there is already.

use super::attempt::{ANNA, HOSTS, Met, PER, Scene, told, told_by};
use reqwest::Url;

const HOST: &str = HOSTS[0];

pub async fn all(scene: &Scene) {
    an_answer_counts_once(scene).await;
    an_answer_counts_in_its_own_browser(scene).await;
    two_tabs_do_not_disturb_each_other(scene).await;
    nobody_is_sent_to_a_strange_place(scene).await;
    a_session_is_proved_again_by_the_same_person_only(scene).await;
}

/// Rows 33 and 35.
async fn an_answer_counts_once(scene: &Scene) {
    let login = scene.portal(HOST, "/logga-in?retur=/mina-sidor");
    let mut anna = scene.browser(ANNA);
    let callback = scene.callback(&mut anna, &login).await;
    assert_eq!(scene.walk(&mut anna, &callback).await, Met::Entered);
    // Back in the browser: she is logged in, and stays so.
    assert_eq!(scene.walk(&mut anna, &callback).await, Met::Entered);
    assert!(scene.is_inside(&mut anna, HOST).await);
    let mut none = scene.browser(ANNA);
    let callback = scene.callback(&mut none, &login).await;
    scene.fault("invalid_grant").await;
    assert_eq!(scene.walk(&mut none, &callback).await, told("session"));
    assert_eq!(scene.walk(&mut none, &callback).await, told("session"), "spent, whatever came of it");
    for unknown in
        ["/auth/aterkomst/standard?code=c&state=nobodys", "/auth/aterkomst/standard?error=access_denied&state=x"]
    {
        assert_eq!(scene.walk(&mut none, &scene.portal(HOST, unknown)).await, told("session"));
    }
    for broken in
        ["/auth/aterkomst/standard", "/auth/aterkomst/standard?code=c", "/auth/aterkomst/standard?state=a&state=b"]
    {
        assert_eq!(scene.walk(&mut none, &scene.portal(HOST, broken)).await, told("technical"));
    }
}

/// Rows 34 and 50.
async fn an_answer_counts_in_its_own_browser(scene: &Scene) {
    let login = scene.portal(HOST, "/logga-in?retur=/mina-sidor");
    let mut attacker = scene.browser(PER);
    let callback = scene.callback(&mut attacker, &login).await;
    let mut stranger = scene.browser(ANNA);
    assert_eq!(scene.walk(&mut stranger, &callback).await, told("session"), "no cookie");
    // One with a log-in of her own under way.
    let own = scene.callback(&mut stranger, &login).await;
    assert_eq!(scene.walk(&mut stranger, &callback).await, told("session"), "another cookie");
    assert!(!scene.is_inside(&mut stranger, HOST).await);
    assert_eq!(scene.walk(&mut stranger, &own).await, Met::Entered, "hers is untouched");
    // In another municipality, with the same cookie.
    let mut moved = scene.browser(ANNA);
    let callback = scene.callback(&mut moved, &login).await;
    let cookie = moved.cookie(HOST, "kp_tx").unwrap().to_owned();
    moved.set_cookie(HOSTS[1], "kp_tx", &cookie);
    let mut elsewhere = Url::parse(&callback).unwrap();
    elsewhere.set_host(Some(HOSTS[1])).unwrap();
    assert_eq!(scene.walk(&mut moved, elsewhere.as_str()).await, told("session"));
}

/// Row 46.
async fn two_tabs_do_not_disturb_each_other(scene: &Scene) {
    let login = scene.portal(HOST, "/logga-in?retur=/mina-sidor");
    let mut anna = scene.browser(ANNA);
    let (one, two) = (scene.callback(&mut anna, &login).await, scene.callback(&mut anna, &login).await);
    assert_eq!(scene.walk(&mut anna, &two).await, Met::Entered);
    assert_eq!(scene.walk(&mut anna, &one).await, Met::Entered);
    assert!(scene.is_inside(&mut anna, HOST).await);
}

/// Row 48.
async fn nobody_is_sent_to_a_strange_place(scene: &Scene) {
    let strange = [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/%0d%0aset-cookie:a=b",
        "/\r\nlocation:x",
        "http://lidkoping.localhost/mina-sidor",
        "/logga-ut",
        "javascript:alert(1)",
    ];
    for place in strange {
        let login = Url::parse_with_params(&scene.portal(HOST, "/logga-in"), [("retur", place)]).unwrap();
        let mut anna = scene.browser(ANNA);
        let callback = scene.callback(&mut anna, login.as_str()).await;
        let landed = scene.step(&mut anna, &callback).await.unwrap();
        assert_eq!(landed, scene.portal(HOST, "/mina-sidor"), "{place:?}");
    }
}

/// Row 29, and the other rows where there is a session already: it stays as it was.
async fn a_session_is_proved_again_by_the_same_person_only(scene: &Scene) {
    let again = scene.portal(HOST, "/legitimera/standard?retur=/mina-sidor");
    let mut anna = scene.browser(ANNA);
    assert_eq!(scene.log_in(&mut anna, HOST).await, Met::Entered);
    let session = anna.cookie(HOST, "kp_session").unwrap().to_owned();
    let cases = [
        ("other_person", "other-person"),
        ("low_acr", "level"),
        ("wrong_nonce", "technical"),
        ("both_numbers", "identity"),
        ("token_503", "unavailable"),
        ("access_denied", "cancelled"),
    ];
    for (fault, message) in cases {
        scene.fault(fault).await;
        assert_eq!(scene.walk(&mut anna, &again).await, told_by("step-up", message), "{fault}");
        assert_eq!(anna.cookie(HOST, "kp_session"), Some(session.as_str()), "{fault}");
        assert!(scene.is_inside(&mut anna, HOST).await, "{fault}");
    }
    // An honest broker says so itself when somebody else takes the pen.
    anna.set_cookie("localhost", "kp_person", PER);
    assert_eq!(scene.walk(&mut anna, &again).await, told_by("step-up", "cancelled"));
    anna.set_cookie("localhost", "kp_person", ANNA);
    assert_eq!(scene.walk(&mut anna, &again).await, Met::Entered);
    assert_ne!(anna.cookie(HOST, "kp_session"), Some(session.as_str()), "a new name for a session proved anew");
    assert!(scene.is_inside(&mut anna, HOST).await);
    // A step-up belongs to the session that it was begun in: row 32.
    let mut out = scene.browser(ANNA);
    let step_up = scene.callback(&mut anna, &again).await;
    let cookie = anna.cookie(HOST, "kp_tx").unwrap().to_owned();
    out.set_cookie(HOST, "kp_tx", &cookie);
    assert_eq!(scene.walk(&mut out, &step_up).await, told("session"), "without the session it was begun in");
    assert!(!scene.is_inside(&mut out, HOST).await);
    assert_eq!(scene.log_in(&mut out, HOST).await, Met::Entered);
}
