//! A broker that keeps people waiting.

use super::attempt::{ANNA, HOSTS, Met, PER, Scene, told};
use std::time::{Duration, Instant};

/// Longer than the portal waits for any answer, with time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(25);

/// Row 41: two municipalities wait for answers that never end; a third one's people notice nothing.
pub async fn nobody_else_waits(scene: &Scene) -> Vec<String> {
    let mut wrong = Vec::new();
    let begun = Instant::now();
    let suffer = async |host: &str| (scene.log_in(&mut scene.browser(ANNA), host).await, begun.elapsed());
    let struck = async || {
        while !scene.is_struck().await && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let first = async {
        scene.fault("token_timeout").await;
        suffer(HOSTS[0]).await
    };
    let second = async {
        // Told to the broker when the first one has met its fault.
        tokio::time::sleep(Duration::from_millis(300)).await;
        struck().await;
        scene.fault("slow_body").await;
        suffer(HOSTS[1]).await
    };
    let others = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        struck().await;
        let mut slowest = Duration::ZERO;
        let mut met = Vec::new();
        for _ in 0..3 {
            let asked = Instant::now();
            met.push(scene.log_in(&mut scene.browser(PER), HOSTS[2]).await);
            slowest = slowest.max(asked.elapsed());
        }
        (met, slowest, begun.elapsed())
    };
    let (first, second, (met, slowest, ended)) = tokio::join!(first, second, others);
    for (what, (met, took)) in [("token_timeout", &first), ("slow_body", &second)] {
        if *met != told("unavailable") || *took > PATIENCE {
            wrong.push(format!("{what}: {met:?} after {took:?}"));
        }
    }
    if met.iter().any(|met| *met != Met::Entered) || ended > first.1.max(second.1) {
        wrong.push(format!("others met {met:?}, at most after {slowest:?}"));
    }
    for host in &HOSTS[..2] {
        wrong.extend(scene.goes_well(host, "the waiting").await.err());
    }
    wrong
}
