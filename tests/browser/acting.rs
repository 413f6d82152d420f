//! Acting for somebody, in a real browser: the choice, the banner on every page, and the service that asks for whom.

use super::chromium::Chromium;
use super::demo::Demo;
use super::whole_journey::ANNA;

const HOUSE: &str = "Brf Garvaren";

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_acts_for_is_chosen_with_one_press_and_stands_on_every_page() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal("/mina-sidor"), ANNA).await;
    screen.press("Byt vem du företräder").await;
    screen.see("Vem gäller det?").await;
    screen.look("p1-choose").await;
    screen.press(HOUSE).await;
    screen.see("Du företräder Brf Garvaren").await;
    screen.look("p2-my-pages").await;

    // A service for oneself explains, and one press goes on to it.
    screen.open(&demo.portal("/e-tjanster/forskoleplats/fyll-i")).await;
    screen.see("och för Brf Garvaren i Örkelljunga kan tjänsten inte användas").await;
    screen.look("p3-not-for-it").await;
    screen.open(&demo.portal("/e-tjanster/foreningsbidrag/fyll-i")).await;
    screen.press("Fortsätt").await;
    screen.see("769999-9020").await;
    screen.see("Hämtat från register").await;
    screen.look("p4-prefilled").await;
    screen.press("Sluta företräda").await;
    screen.see("Mina sidor").await;
    screen.do_not_see("Du företräder").await;
    screen.finish().await;
}
