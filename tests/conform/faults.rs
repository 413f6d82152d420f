//! A kit that cannot fail is worth nothing: each way of breaking the contract is found by the check that is about it.

use super::office::{Pair, told, verdict};
use kommunportal::conform::{Mode, Verdict};
use std::time::Duration;

async fn is_found(mode: Mode, fault: &str, check: &str) {
    let mut pair = Pair::new(mode).await;
    pair.config.only = vec![check.to_owned()];
    pair.config.patience = Duration::from_secs(3);
    pair.break_it(fault).await;
    let report = pair.run().await;
    assert_eq!(verdict(&report, check), Verdict::Failed, "{fault}:\n{}", told(&report));
    assert!(told(&report).contains(&format!("docs/integration.md#{}", check.to_lowercase())));
    pair.office.stop().await;
}

/// All at once: each waits for something that does not come.
async fn are_found(mode: Mode, faults: &'static [(&'static str, &'static str)]) {
    let found = faults.iter().map(|(fault, check)| tokio::spawn(is_found(mode, fault, check)));
    for (result, (fault, check)) in futures_util::future::join_all(found).await.into_iter().zip(faults) {
        result.unwrap_or_else(|e| panic!("{fault} should fail {check}: {e}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_registers_wrongly_fails_where_it_does() {
    are_found(
        Mode::Push,
        &[
            ("wrong_receipt_id", "C01"),
            ("html", "C01"),
            ("status500", "C01"),
            ("no_dedupe", "C02"),
            ("body_ignored", "C03"),
            ("forgetful", "C05"),
            ("event_never", "C07"),
            ("document_once", "C07"),
            ("document_half", "C11"),
            ("document_from_start", "C11"),
            ("own_time", "C12"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_tells_wrongly_fails_where_it_does() {
    are_found(
        Mode::Push,
        &[
            ("event_hasty", "C08"),
            ("event_once", "C09"),
            ("event_stubborn", "C10"),
            ("event_new_id", "C14"),
            ("event_twins", "C14"),
            ("event_backwards", "C15"),
            ("event_stubborn", "C16"),
            ("silent_reopening", "C17"),
            ("event_stubborn", "C18"),
            ("no_appeal", "C20"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_trusts_anybody_or_tells_too_much_fails_where_it_does() {
    are_found(
        Mode::Push,
        &[
            ("any_signature", "C13"),
            ("event_wrong_signature", "C13"),
            ("event_old_timestamp", "C13"),
            ("name_in_id", "C23"),
            ("no_trace", "C25"),
            ("any_clock", "C26"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_fetches_wrongly_fails_where_it_does() {
    are_found(
        Mode::Pull,
        &[
            ("receipt_never", "C01"),
            ("no_dedupe", "C02"),
            ("acknowledge_never", "C21"),
            ("lease_anew", "C22"),
            ("event_never", "C19"),
        ],
    )
    .await;
}
