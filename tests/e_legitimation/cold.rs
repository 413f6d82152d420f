//! Before the portal knows a broker: bad metadata, bad keys, keys that appear later.

use super::attempt::{ANNA, HOSTS, Met, Scene, told};

/// Rows 40–43 at discovery. What the broker answers at all comes between what breaks, as it does in life; five breaks on
/// end would be another story (the breaker's).
const METADATA: &[&str] = &[
    "discovery_503",
    "discovery_redirect_internal",
    "wrong_discovery_issuer",
    "discovery_huge_body",
    "http_endpoints",
    "discovery_gzip_bomb",
    "other_host_endpoints",
    "discovery_connection_reset",
    "discovery_not_json",
    "discovery_500",
    "discovery_wrong_content_type",
    "discovery_429",
    "discovery_invalid_utf8",
    "discovery_endless_body",
    "discovery_deep_json",
];

/// The same of the keys.
const KEYS: &[&str] = &[
    "jwks_503",
    "empty_jwks",
    "oct_jwks",
    "jwks_redirect_internal",
    "jwks_huge_body",
    "jwks_gzip_bomb",
    "jwks_connection_reset",
    "jwks_not_json",
    "jwks_invalid_utf8",
    "jwks_deep_json",
];

/// Without metadata and keys nobody can log in, and as soon as they come everybody can.
pub async fn nothing_is_known_yet(scene: &Scene) -> Vec<String> {
    let host = HOSTS[1];
    let mut wrong = Vec::new();
    for fault in METADATA.iter().chain(KEYS) {
        wrong.extend(scene.suffer(host, fault, &told("unavailable")).await.err());
    }
    wrong.extend(scene.goes_well(host, "all of them").await.err());
    // Row 7 and 12: the keys that such a token leads to are asked for, and it is refused all the same.
    for (host, fault) in [(HOSTS[1], "wrong_curve"), (HOSTS[2], "duplicate_kid"), (HOSTS[3], "key_alg_differs")] {
        wrong.extend(scene.goes_well(host, "nothing").await.err());
        let before = scene.asked("jwks").await;
        wrong.extend(scene.suffer(host, fault, &told("technical")).await.err());
        if scene.asked("jwks").await != before + 1 {
            wrong.push(format!("{fault}: the keys were not asked for once"));
        }
        wrong.extend(scene.goes_well(host, fault).await.err());
    }
    wrong
}

/// Rows 10–12: a new key is found, made-up ones cost one question a minute.
pub async fn keys_are_asked_for_again_once(scene: &Scene) -> Vec<String> {
    let host = HOSTS[0];
    let mut wrong: Vec<String> = scene.goes_well(host, "nothing").await.err().into_iter().collect();
    let before = scene.asked("jwks").await;
    wrong.extend(scene.suffer(host, "rotate_keys", &Met::Entered).await.err());
    for fault in ["unknown_kid", "unknown_kid", "no_kid", "no_kid_many_keys"] {
        wrong.extend(scene.suffer(host, fault, &told("technical")).await.err());
        wrong.extend(scene.goes_well(host, fault).await.err());
    }
    let asked = scene.asked("jwks").await - before;
    if asked != 1 {
        wrong.push(format!("the keys were asked for {asked} times"));
    }
    // And the broker may stay in its new key for good.
    if scene.log_in(&mut scene.browser(ANNA), host).await != Met::Entered {
        wrong.push("nobody comes in by the new key".to_owned());
    }
    wrong
}
