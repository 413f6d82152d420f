//! The desk and the administration where nothing goes by itself: empty lists, wrong answers, people who may not.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::{KARIN, SERVICE, fill_in};

/// Sekretessmarkering, in Lidköping.
const CAMILLA: &str = "198508292383";

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_tells_what_is_wrong_and_who_may_not() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.desk("/inkorg"), "ingen99@2120009911").await;
    let status = screen.status().await;
    screen.look_at("w1-not-staff", status).await;
    screen.log_in(&demo.desk("/inkorg"), "ulka01@2120009929").await;
    let status = screen.status().await;
    screen.look_at("w2-other-municipality", status).await;
    screen.log_in(&demo.administration("/"), KARIN).await;
    let status = screen.status().await;
    screen.look_at("w3-not-administrator", status).await;
    screen.log_in(&demo.desk("/inkorg"), KARIN).await;
    screen.look("w4-empty-inbox").await;
    screen.fill("q", "rymdraket").await;
    screen.press("Sök").await;
    screen.see("Inget ärende hittades").await;

    // Camilla's errand at Lidköping's desk: a reason first, then warnings on every page.
    screen.log_in(&demo.portal_of("lidkoping", &format!("{SERVICE}/fyll-i")), CAMILLA).await;
    screen.press("Fortsätt").await;
    screen.fill("barn", "Barnet är fyra år.").await;
    fill_in(&mut screen).await;
    screen.look("w6-protected-review").await;
    screen.press("Skicka in").await;
    let inbox = format!("http://lidkoping.localhost:{}/inkorg", demo.base + 1);
    screen.log_in(&inbox, "ulka01@2120009929").await;
    screen.reload_until(&inbox, "Skyddade personuppgifter").await;
    screen.look("w7-protected-inbox").await;
    screen.press("BUN 20").await;
    screen.look("w8-reason").await;
    screen.press("Öppna ärendet").await;
    screen.look("w9-reason-missing").await;
    screen.fill("Varför öppnar du ärendet?", "Jag handlägger ansökan.").await;
    screen.press("Öppna ärendet").await;
    screen.look("w10-protected-errand").await;

    // Every form of the errand without an answer.
    screen.press("Ta ärendet").await;
    screen.press("Skicka meddelandet").await;
    screen.look("w11-empty-message").await;
    screen.press("Byt status").await;
    screen.press("Byt status").await;
    screen.see("Välj en status").await;
    screen.press("Avsluta ärendet").await;
    screen.press("Avsluta ärendet").await;
    screen.look("w14-closing-empty").await;
    screen.press("Skriv beslut").await;
    screen.press("Fatta beslutet").await;
    screen.look("w15-decision-empty").await;
    screen.finish().await;
}
