//! An adapter that keeps the contract passes everything that it can be asked.

use super::office::{Pair, told, verdict};
use kommunportal::conform::{Mode, Verdict};

/// What only the other mode has, or no adapter of ours.
fn is_applicable(id: &str, mode: Mode) -> bool {
    match mode {
        Mode::Push => !["C22", "C24"].contains(&id),
        Mode::Pull => !["C03", "C04", "C24", "C26"].contains(&id),
    }
}

async fn passes_everything(mode: Mode) {
    let pair = Pair::new(mode).await;
    let report = pair.run().await;
    assert_eq!(report.results.len(), 26);
    for result in &report.results {
        let wanted = if is_applicable(result.id, mode) { Verdict::Passed } else { Verdict::NotApplicable };
        assert_eq!(result.verdict, wanted, "{}\n{}", result.lines(), told(&report));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_is_called_and_keeps_the_contract_passes_every_check() {
    passes_everything(Mode::Push).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_fetches_and_keeps_the_contract_passes_every_check() {
    passes_everything(Mode::Pull).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contract_allows_is_no_fault() {
    for (mode, oddity, checks) in [
        (Mode::Push, "event_duplicate", "C14,C15,C17"),
        (Mode::Push, "event_reverse", "C15,C17"),
        (Mode::Pull, "receipt_twice", "C01,C02"),
    ] {
        let mut pair = Pair::new(mode).await;
        pair.config.only = checks.split(',').map(str::to_owned).collect();
        pair.break_it(oddity).await;
        let report = pair.run().await;
        for id in checks.split(',') {
            assert_eq!(verdict(&report, id), Verdict::Passed, "{oddity}:\n{}", told(&report));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_hook_what_a_handler_must_do_is_left_out_and_said_so() {
    let mut pair = Pair::new(Mode::Push).await;
    (pair.config.hook, pair.config.only) = (None, vec!["C01".into(), "C17".into(), "C20".into()]);
    let report = pair.run().await;
    assert_eq!(verdict(&report, "C01"), Verdict::Passed, "{}", told(&report));
    assert_eq!(verdict(&report, "C17"), Verdict::Skipped);
    assert!(told(&report).contains("somebody must close the case"), "{}", told(&report));
    assert!(report.is_good());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_an_earlier_run_is_tried_once_more_and_must_lead_to_its_first_case() {
    let folder = std::env::temp_dir().join(format!("kp_conform_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let state = folder.join("state.json");
    let mut notes = Vec::new();
    let mut known = Pair::new(Mode::Push).await;
    let mut stranger = Pair::new(Mode::Push).await;
    for pair in [&mut known, &mut stranger] {
        (pair.config.state, pair.config.only) = (Some(state.clone()), vec!["C02".into()]);
    }
    for pair in [&known, &known, &stranger] {
        notes.push(told(&pair.run().await));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(notes[0].contains("remembered for the next run"), "{notes:?}");
    assert!(notes[1].contains("one of an earlier run"), "{notes:?}");
    assert!(notes[2].contains("failed") && notes[2].contains("200 to a delivery of an earlier run"), "{notes:?}");
}
