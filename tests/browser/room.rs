//! What somebody who tries the demo meets: Kontrollrum with its mailbox, the page where one says who one is, and both sides
//! full of example cases.

use super::chromium::Chromium;
use super::demo::Demo;

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_shown_round_on_pages_that_are_whole() {
    let demo = Demo::start_with_examples().await;
    let mut screen = Chromium::start().await;

    // Who one is, when the number is wrong, and among the staff.
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.look("r1-who-are-you").await;
    screen.fill("person", "19790514-2380").await;
    screen.press("Legitimera").await;
    screen.see("inte ett giltigt personnummer").await;
    screen.look_at("r2-wrong-number", 400).await;
    screen.open(&demo.desk("/inkorg")).await;
    screen.look("r3-who-are-you-at-work").await;

    // Kontrollrum when the examples are there, and with something broken.
    demo.wait_for_room(|state| state["examples"]["state"] == "ready").await;
    screen.open(&demo.at(4)).await;
    screen.look("r4-room").await;
    screen.press("Ta sönder: Navet nere").await;
    screen.see("Trasigt nu").await;
    screen.look("r5-room-broken").await;
    screen.press("Laga allt").await;
    screen.do_not_see("Trasigt nu").await;
    screen.press("Brevlåda").await;
    screen.look("r6-letters").await;
    let subject = screen.find(".letters-all a").await;
    screen.press(&subject).await;
    screen.look("r7-letter").await;
    screen.open(&format!("{}/brev?till=ingen@example.se", demo.at(4))).await;
    screen.see("Inga brev").await;
    screen.open(&format!("{}/brev/finns-inte", demo.at(4))).await;
    screen.look_at("r8-no-letter", 404).await;

    // The tour's presses lead to somebody who has something to do.
    screen.open(&demo.at(4)).await;
    screen.press("Bli Anna").await;
    screen.see("Du kan också företräda").await;
    screen.press("Örkelljunga barn- och ungdomskör").await;
    screen.see("Avslutade ärenden").await;
    screen.look("r9-my-pages").await;
    screen.press("Meddelanden").await;
    screen.look("r10-messages").await;
    screen.open(&demo.at(4)).await;
    screen.press("Bli Karin").await;
    screen.look("r11-inbox").await;
    screen.finish().await;
}
