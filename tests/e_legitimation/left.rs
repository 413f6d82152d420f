//! Row 47: the broker says that somebody has left it.

use super::attempt::{ANNA, HOSTS, Met, PER, Scene};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const HOST: &str = HOSTS[0];
const BROKER: u16 = 2;
const IMPROPER: &[&str] = &[
    "logout_with_nonce",
    "logout_no_events",
    "logout_wrong_events",
    "logout_replayed_jti",
    "logout_no_jti",
    "logout_other_aud",
    "logout_other_iss",
    "logout_expired",
    "logout_nobody",
    "logout_id_token",
    "logout_unsigned",
    "logout_other_key",
];

pub async fn only_a_proper_word_of_the_broker_ends_a_session(scene: &Scene) {
    let [mut anna, mut through_the_other] = [scene.browser(ANNA), scene.browser(ANNA)];
    let mut per = scene.browser(PER);
    assert_eq!(scene.log_in(&mut anna, HOST).await, Met::Entered);
    assert_eq!(scene.log_in_by(&mut through_the_other, HOST, "utkast").await, Met::Entered);
    assert_eq!(scene.log_in(&mut per, HOST).await, Met::Entered);
    for kind in IMPROPER {
        let answers = tell(scene, kind).await;
        assert!(answers.len() >= 2, "{kind}: both brokers have something to say: {answers:?}");
        assert!(answers.iter().all(|status| *status == 400), "{kind}: {answers:?}");
        for browser in [&mut anna, &mut through_the_other] {
            assert!(scene.is_inside(browser, HOST).await, "{kind}");
        }
    }
    let answers = tell(scene, "logout_proper").await;
    assert!(answers.len() >= 2 && answers.iter().all(|status| *status == 200), "{answers:?}");
    for browser in [&mut anna, &mut through_the_other] {
        assert!(!scene.is_inside(browser, HOST).await, "a proper word ends it");
    }
    assert!(scene.is_inside(&mut per, HOST).await, "it was not about him");
    assert_eq!(scene.log_in(&mut anna, HOST).await, Met::Entered, "she may come back");
}

/// What the portal answered to log-out tokens of this kind about Anna, one for each of her log-ins.
async fn tell(scene: &Scene, kind: &str) -> Vec<u64> {
    scene.demo.reset(BROKER).await;
    scene.demo.control(BROKER, json!({ "fault": kind, "person": ANNA })).await;
    let begun = Instant::now();
    let log = loop {
        let seen = scene.demo.observed(BROKER).await;
        let log = seen["log"].as_array().unwrap().clone();
        if log.iter().any(|line| line["event"] == "logout_told" && line["kind"] == kind) {
            break log;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{kind}: the broker has told nobody: {log:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    scene.demo.reset(BROKER).await;
    let is_it = |line: &&Value| line["event"] == "logout_token" && line["kind"] == kind;
    log.iter().filter(is_it).map(|line| line["status"].as_u64().unwrap_or_default()).collect()
}
