//! Letters to those who run the system, over SMTP: what they are told of one that stands still, and how often.

use super::back_office::{Office, pump, queue, waiting};
use super::installation::Installation;
use kommunportal::portal::server::worker;
use kommunportal::vocabulary::Clock;

const DRIFT: &str = "drift@kommunen.example";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_written_to_once_when_a_system_is_away_and_anew_only_when_it_has_been_back() {
    let mut all = Installation::on_files();
    all.set("TARGETS__CASTOR__NAME", "Castor i molnet");
    all.set("TARGETS__CASTOR__ALERT_TO", DRIFT);
    all.migrate();
    let _simulators = all.start_simulators().await;
    let clock = Clock::standing_at(Clock::system().now());
    let (app, office) = (all.app(clock.clone()), Office::open().await);
    let (pump, worker) = (pump(&app, &clock, 4, &[("castor", &office)]), worker(&app).unwrap());
    let subjects = async |count: usize| -> Vec<String> {
        let letters = all.wait_for_letters(DRIFT, count).await;
        letters.iter().map(|letter| letter["subject"].as_str().unwrap().to_owned()).collect()
    };
    let told = "Inget skickas just nu till Castor i molnet";

    office.set_down(true);
    queue(&app, "castor", clock.now(), 5, 0).await;
    while pump.run_due().await.unwrap() {}
    // What looks after the deliveries does so again and again; it is asked, in vain, between its looks.
    for _ in 0..5 {
        worker.run_due().await;
        clock.advance(300);
        while pump.run_due().await.unwrap() {}
    }
    assert_eq!(subjects(1).await, [told]);
    office.set_down(false);
    clock.advance(61);
    while pump.run_due().await.unwrap() {}
    assert_eq!(waiting(&app).await, 0);
    worker.run_due().await;
    worker.run_due().await;
    assert_eq!(subjects(1).await, [told], "nobody has to do anything because it is back");
    office.set_down(true);
    queue(&app, "castor", clock.now(), 5, 0).await;
    while pump.run_due().await.unwrap() {}
    worker.run_due().await;
    worker.run_due().await;
    assert_eq!(subjects(2).await, [told, told]);
    let text = all.wait_for_letters(DRIFT, 2).await[0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains(&all.at(6)), "{text}");
    assert!(!text.contains("Gatlyktan"), "{text}");
}
