//! From the first page to the decision that is read, with every page on the way looked at: Anna on the portal, Karin at
//! the desk, Henrik in the administration. One browser for all three, as somebody who tries the demo has.

use super::chromium::Chromium;
use super::demo::Demo;

pub const ANNA: &str = "197905142381";
pub const KARIN: &str = "kaso01@2120009911";
pub const SERVICE: &str = "/e-tjanster/forskoleplats";
const MAIL: &str = "anna.akesson@example.se";

/// A day three months from now, which is always a day that may be asked for.
pub fn start_day() -> (i16, i8, i8) {
    let day = kommunportal::vocabulary::Clock::system().now().plus_days(90).day();
    (day.year(), day.month(), day.day())
}

/// A demo where Anna has sent in her application, and the address of her case.
pub async fn sent_by_anna() -> (Demo, Chromium, String) {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;
    screen.log_in(&demo.portal(&format!("{SERVICE}/fyll-i")), ANNA).await;
    screen.press("Fortsätt").await;
    screen.choose("barn", "Saga").await;
    fill_in(&mut screen).await;
    screen.press("Skicka in").await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{}", screen.find("strong.reference").await));
    (demo, screen, case)
}

/// From the page with her children to the review, with the fewest answers.
pub async fn fill_in(screen: &mut Chromium) {
    screen.press("Fortsätt").await;
    screen.date("startdatum", start_day()).await;
    screen.choose("forskola_1", "Garvarens förskola").await;
    screen.choose("syskon", "Nej").await;
    screen.press("Fortsätt").await;
    screen.choose("sysselsattning", "allman").await;
    screen.choose("hansyn", "Nej").await;
    screen.press("Fortsätt").await;
    screen.choose("kontakt_kanal", "På Mina sidor").await;
    screen.press("Fortsätt").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anna_sees_pages_that_are_whole_from_the_search_to_the_registered_case() {
    let demo = Demo::start().await;
    let mut screen = Chromium::start().await;

    // She finds the service, reads what it asks and logs in.
    screen.open(&demo.portal("/")).await;
    screen.look("01-start").await;
    screen.fill("q", "förskola").await;
    screen.press("Sök").await;
    screen.see("Plats i förskola").await;
    screen.look("02-search").await;
    screen.press("Plats i förskola").await;
    screen.look("03-service").await;
    screen.press("Titta igenom frågorna").await;
    screen.look("04-look-through").await;
    screen.open(&demo.portal(&format!("{SERVICE}/fyll-i"))).await;
    screen.legitimate(ANNA).await;
    screen.see("Dina uppgifter").await;
    screen.look("05-applicant").await;

    // She fills in; what an answer asks for more comes at once.
    screen.press("Fortsätt").await;
    screen.look("06-child").await;
    screen.choose("barn", "Saga").await;
    screen.press("Fortsätt").await;
    screen.look("07-when-and-where").await;
    screen.date("startdatum", start_day()).await;
    screen.choose("forskola_1", "Garvarens förskola").await;
    screen.choose("forskola_2", "Bokhyllans förskola").await;
    screen.choose("syskon", "Ja").await;
    screen.press("Fortsätt").await;
    screen.choose("sysselsattning", "arbete").await;
    screen.wait_for("Hur många timmar i veckan").await;
    screen.choose("hansyn", "Ja").await;
    screen.wait_for("Vad behöver förskolan veta?").await;
    screen.fill("timmar", "35").await;
    screen.choose("obekvam_tid", "Nej").await;
    screen.fill("hansyn_beskrivning", "Saga tål inte jordnötter.").await;
    screen.look("08-needs").await;
    screen.press("Fortsätt").await;
    screen.look("09-contact").await;
    screen.fill("kontakt_epost", MAIL).await;
    screen.choose("kontakt_kanal", "På Mina sidor").await;
    screen.press("Fortsätt").await;
    screen.see("Kontrollera dina svar").await;
    screen.look("10-review").await;
    screen.press("Skicka in").await;
    let reference = screen.find("strong.reference").await;
    assert!(reference.starts_with("EK-"), "{reference}");
    screen.look("11-done").await;

    // The letter's link leads to the case.
    let letters = demo.wait_for_letters(MAIL, 1).await;
    let text = letters[0]["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.contains("/mina-sidor")).expect("a link in the letter");
    screen.open(link).await;
    let case = demo.portal(&format!("/mina-sidor/arenden/{reference}"));
    screen.reload_until(&case, "Kvitto PDF").await;
    screen.reload_until(&case, "BUN 20").await;
    screen.look("12-case-registered").await;

    screen.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn karin_asks_and_decides_and_anna_reads_why_on_pages_that_are_whole() {
    let (demo, mut screen, case) = sent_by_anna().await;

    // Karin takes the errand, asks, and Anna answers.
    screen.log_in(&demo.desk("/inkorg"), KARIN).await;
    screen.reload_until(&demo.desk("/inkorg"), "BUN 20").await;
    screen.look("20-desk-inbox").await;
    screen.press("BUN 20").await;
    let errand = demo.desk(&screen.path().await);
    screen.look("21-desk-errand").await;
    screen.press("Ta ärendet").await;
    screen.see("Karin Solbacka (du)").await;
    screen.fill("Meddelande", "Hej! Kan Saga börja redan på måndag?").await;
    screen.press("Skicka meddelandet").await;
    screen.press("Begär komplettering").await;
    screen.fill("Vad behöver vi, och varför?", "Vi behöver veta hur du arbetar i höst.").await;
    screen.press("Begär komplettering").await;
    screen.look("22-desk-asked").await;
    screen.reload_until(&case, "Vi behöver veta hur du arbetar i höst.").await;
    screen.see("Kan Saga börja redan på måndag?").await;
    screen.look("13-case-asked").await;
    screen.open(&demo.portal("/mina-sidor")).await;
    screen.look("14-my-pages").await;
    screen.open(&demo.portal("/mina-sidor/meddelanden")).await;
    screen.look("15-messages").await;
    screen.open(&case).await;
    screen.fill("text", "Ja, det kan hon.").await;
    screen.press("Skicka").await;
    screen.see("Ditt meddelande är skickat.").await;
    screen.look("16-case-answered").await;

    // What she writes when her session has ended is given back to her, and not sent.
    screen.fill("text", "Kan hon gå där bara på förmiddagarna till att börja med?").await;
    demo.end_sessions();
    screen.press("Skicka").await;
    screen.see("Du har loggats ut").await;
    assert_eq!(screen.find("textarea").await, "Kan hon gå där bara på förmiddagarna till att börja med?");
    screen.look_at("19-given-back", 401).await;
    let log_in = screen.attribute("a[href^='/logga-in?'][target]", "href").await;
    screen.log_in(&demo.portal(&log_in), ANNA).await;
    screen.open(&case).await;
    screen.do_not_see("bara på förmiddagarna").await;
    screen.reload_until(&errand, "Ja, det kan hon.").await;

    // Karin decides and closes; Anna reads why and how to appeal.
    screen.press("Skriv beslut").await;
    screen.look("23-desk-decision").await;
    screen.choose("outcome", "rejected").await;
    screen.fill("Beslut", "Du får ingen plats på Garvarens förskola.").await;
    screen.fill("Motivering", "Alla platser är upptagna till och med augusti.").await;
    screen.fill("Bestämmelser", "2010:800, 8 kap. 12 §").await;
    screen.press("Fatta beslutet").await;
    screen.see("Avslag").await;
    screen.look("24-desk-decided").await;
    screen.press("Avsluta ärendet").await;
    screen.choose("outcome", "rejected").await;
    screen.look("25-desk-closing").await;
    screen.fill("Text till den sökande", "Ärendet är klart. Barnet står kvar i kön.").await;
    screen.press("Avsluta ärendet").await;
    screen.look("26-desk-closed").await;
    screen.open(&demo.desk("/mina-arenden")).await;
    screen.look("27-desk-mine").await;
    screen.reload_until(&case, "Ärendet är avslutat").await;
    screen.see("Alla platser är upptagna").await;
    screen.see("Förvaltningsrätten").await;
    screen.look("17-case-decided").await;
    screen.press("Logga ut").await;
    screen.look("18-logged-out").await;

    // Henrik sees that it all reached the desk.
    screen.log_in(&demo.administration("/"), "heek01@2120009911").await;
    screen.see("Dagens balans").await;
    screen.look("30-administration").await;
    let pages = [
        ("31-deliveries", "/leveranser?lage=registered"),
        ("33-events", "/handelser"),
        ("34-jobs", "/jobb"),
        ("35-statuses", "/statusar"),
        ("36-connections", "/anslutningar"),
    ];
    for (name, path) in pages {
        screen.open(&demo.administration(path)).await;
        screen.look(&format!("{name}-administration")).await;
    }
    screen.open(&demo.administration("/handelser")).await;
    let heard = screen.find("td a[href^='/handelser/']").await;
    screen.press(&heard).await;
    screen.see("Händelse").await;
    screen.look("37-event-administration").await;
    screen.open(&demo.administration("/anslutningar")).await;
    screen.press("Skapa ny").await;
    screen.look("38-key-administration").await;
    screen.press("Jag har kopierat den").await;
    screen.press("Dra in").await;
    screen.look("39-revoke-administration").await;
    screen.open(&demo.administration("/leveranser?lage=registered")).await;
    let received = screen.find("td a[href^='/leveranser/']").await;
    screen.press(&received).await;
    screen.see("Diarienummer").await;
    screen.look("32-delivery-administration").await;
    screen.finish().await;
}
