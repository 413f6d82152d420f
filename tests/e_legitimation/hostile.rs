//! The whole table of what a hostile or broken broker can answer, against the whole program: each is told to the person in
//! the right words, nobody is let in, and the next log-in goes well.

use super::attempt::{HOSTS, Met, Scene, assert_none, told};
use super::{cold, slow, ways_back};

/// Row of the table of cases, message, and the faults that lead to it.
const CASES: &[(u8, &str, &[&str])] = &[
    (1, "technical", &["wrong_iss", "other_iss", "upper_iss"]),
    (2, "technical", &["wrong_aud", "many_aud", "many_aud_with_azp", "no_aud"]),
    (3, "technical", &["wrong_azp", "double_aud_without_azp"]),
    (4, "technical", &["no_nonce", "wrong_nonce", "old_nonce"]),
    (5, "technical", &["alg_none", "alg_none_capital", "alg_none_mixed", "empty_signature"]),
    (6, "technical", &["hs256", "hs256_pem", "hs256_secret"]),
    (7, "technical", &["es512", "ps256"]),
    (8, "technical", &["header_jwk", "header_jku", "header_x5u", "header_x5c"]),
    (9, "technical", &["crit_header", "wrong_typ", "typ_at_jwt", "cty_jwt", "encrypted"]),
    (13, "technical", &["bad_signature", "altered_payload", "der_signature", "padded_base64"]),
    (14, "technical", &["expired", "no_exp", "exp_string", "long_lifetime"]),
    (15, "technical", &["future_iat", "future_nbf", "old_iat"]),
    (16, "technical", &["no_auth_time", "old_auth_time"]),
    (17, "level", &["no_acr"]),
    (18, "level", &["low_acr", "misspelt_acr", "acr_typo", "acr_space", "acr_nonresident", "acr_trust_mark"]),
    (19, "level", &["acr_loa5"]),
    (20, "technical", &["wrong_at_hash"]),
    (21, "technical", &["no_id_token", "empty_id_token", "id_token_not_jwt", "not_bearer", "no_access_token"]),
    (22, "technical", &["sub_mismatch", "unsigned_userinfo", "userinfo_other_key"]),
    (22, "technical", &["userinfo_other_iss", "userinfo_other_aud"]),
    (23, "identity", &["both_numbers"]),
    (24, "identity", &["no_number", "empty_number", "null_number", "array_number"]),
    (
        25,
        "identity",
        &[
            "bad_number",
            "impossible_date",
            "hyphen_number",
            "short_number",
            "full_width_number",
            "newline_number",
            "number_as_number",
            "future_number",
        ],
    ),
    (26, "identity", &["wrong_number_claim"]),
    (33, "session", &["wrong_state"]),
    (35, "session", &["invalid_grant"]),
    (36, "technical", &["no_code", "double_code", "huge_code", "code_and_error"]),
    (37, "technical", &["wrong_response_iss", "no_response_iss"]),
    (39, "cancelled", &["access_denied", "huge_error_description"]),
    (40, "unavailable", &["redirect_internal", "userinfo_redirect_internal"]),
    (
        41,
        "unavailable",
        &[
            "huge_body",
            "endless_body",
            "gzip_bomb",
            "connection_reset",
            "not_json",
            "wrong_content_type",
            "invalid_utf8",
            "deep_json",
        ],
    ),
    (41, "unavailable", &["userinfo_huge_body", "userinfo_connection_reset"]),
    (42, "unavailable", &["token_500", "token_503", "token_429", "userinfo_503"]),
    (44, "technical", &["duplicate_members", "duplicate_answer_members"]),
    (50, "session", &["other_callback"]),
    // What the broker itself says.
    (0, "unavailable", &["temporarily_unavailable", "server_error"]),
    (0, "level", &["unmet_authentication_requirements"]),
    (0, "technical", &["login_required", "invalid_request", "unauthorized_client", "unknown_error", "invalid_client"]),
];

/// Rows 45 and 49, and a number where it was not asked for: odd, and to be borne.
const BORNE: &[(u8, &str)] =
    &[(22, "number_in_userinfo"), (45, "hostile_names"), (49, "skew_ahead"), (49, "skew_behind")];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_broker_answers_people_are_told_what_happened_and_only_the_right_ones_come_in() {
    let scene = Scene::begin().await;
    // Before any metadata or keys are known, and while each municipality may still ask for keys once more.
    let mut wrong = cold::keys_are_asked_for_again_once(&scene).await;
    wrong.extend(cold::nothing_is_known_yet(&scene).await);
    let host = HOSTS[0];
    for (row, message, faults) in CASES {
        for fault in *faults {
            let suffered = scene.suffer(host, fault, &told(message)).await;
            let well = scene.goes_well(host, fault).await;
            wrong.extend([suffered, well].into_iter().filter_map(Result::err).map(|why| format!("row {row}: {why}")));
        }
    }
    for (row, fault) in BORNE {
        let suffered = scene.suffer(host, fault, &Met::Entered).await;
        wrong.extend(suffered.err().map(|why| format!("row {row}: {why}")));
    }
    wrong.extend(slow::nobody_else_waits(&scene).await);
    ways_back::all(&scene).await;
    assert_none(wrong);
    scene.assert_clean_log();
}
