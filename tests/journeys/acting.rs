//! On whose behalf: chosen after log-in, shown on every page, looked up in registers, and kept apart.

use super::application::ANNA;
use super::browser::Browser;
use super::databases::{Database, Folder};
use super::demo::{Demo, fault, reload_until};
use super::recipes::copy;
use serde_json::json;
use std::path::Path;

pub const SAGA: &str = "Saga Elvira Åkesson";
/// Anna and Per each sign for it alone.
pub const HOUSE: &str = "Brf Garvaren";
/// Anna and Per sign for it together.
pub const HILL: &str = "Brf Åsen";
/// Anna has a power of attorney.
pub const HERITAGE: &str = "Örkelljunga Hembygdsförening";
pub const CLUB: (&str, &str) = ("802400-0005", "Örkelljunga bågskytteklubb");

/// Services for everybody: one that believes what one says, one that does not.
const SERVICE: &str = r#"
title = "Boka en lokal"
summary = "Boka en lokal."
category = "uppleva-och-gora"
for_whom = "Alla."
minutes = 1
what_happens_next = "Vi svarar."
law = "Ingen."
personal_data = "Sparas."
send_label = "Skicka in bokningen"
level = 3
may_act = ["self", "child", "company", "association"]
appeal_regime = "none"
sensitivity = "normal"
[acting]
declared = true
powers = ["foreningsbidrag"]
[applicant]
ask = ["name"]
[routing]
target = "castor"
case_type = "KS-SYNPUNKT"
unit = "KANSLI"
classification = "1"
[retention]
case = "Gallras."
[[steps]]
id = "bokning"
title = "Vad vill du boka?"
[[steps.fields]]
id = "for_vem"
type = "text"
label = "Vem bokar?"
prefill = "principal.name"
optional = true
[[steps.fields]]
id = "vad"
type = "longtext"
label = "Berätta om bokningen"
[[steps.fields]]
id = "egen"
type = "notice"
label = "Du bokar för dig själv"
text = "För egen del."
show_if = "applicant.acting_for == 'self'"
[[steps.fields]]
id = "bilaga"
type = "file"
label = "Skiss"
optional = true
accept = ["pdf"]
"#;

const BOOKING: &str = "/e-tjanster/lokalbokning";
const STRICT: &str = "/e-tjanster/lokalavtal";

pub struct Installation {
    pub demo: Demo,
    _database: Option<Database>,
    _folder: Folder,
}

pub async fn start(database: Option<Database>) -> Installation {
    let folder = Folder::new();
    let config = folder.path().join("config");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), &config);
    std::fs::write(config.join("services/lokalbokning.toml"), SERVICE).unwrap();
    let strict = SERVICE.replace("declared = true", "declared = false").replace("Boka en lokal", "Hyr en lokal");
    let strict = strict.replace("may_act = [\"self\", \"child\", ", "may_act = [");
    std::fs::write(config.join("services/lokalavtal.toml"), strict).unwrap();
    let url = database.as_ref().map(|d| d.url.clone());
    let environment: Vec<(&str, &str)> =
        url.iter().map(|url| ("KOMMUNPORTAL__PORTAL__DATABASE_URL", url.as_str())).collect();
    let demo = Demo::start_on(&config, &environment).await;
    Installation { demo, _database: database, _folder: folder }
}

/// Chooses one that is offered.
pub async fn act_for(demo: &Demo, browser: &mut Browser, whom: &str) {
    browser.open(&demo.portal("/foretrad")).await;
    let form = browser.form_with(whom);
    browser.submit(form, whom).await;
    browser.expect_status(200);
    browser.see(&format!("Du företräder {whom}"));
}

/// Says herself for whom she acts.
pub async fn declare(demo: &Demo, browser: &mut Browser, (number, name): (&str, &str)) {
    browser.open(&demo.portal("/foretrad")).await;
    let form = browser.form_with("Fortsätt").fill("nummer", number).fill("namn", name).choose("slag", "association");
    browser.submit(form, "Fortsätt").await;
    browser.see(&format!("Du företräder {name}"));
}

pub async fn be_oneself(browser: &mut Browser) {
    let form = browser.form_with("Sluta företräda");
    browser.submit(form, "Sluta företräda").await;
    browser.do_not_see("Du företräder");
}

/// From the first step to the one that asks something; the address of the draft.
pub async fn begin(demo: &Demo, browser: &mut Browser) -> String {
    browser.open(&demo.portal(&format!("{BOOKING}/fyll-i"))).await;
    let form = browser.form_with("Fortsätt");
    browser.submit(form, "Fortsätt").await;
    browser.see("Vad vill du boka?");
    browser.path().to_owned()
}

/// Fills in the rest, to the review page.
pub async fn fill_in(browser: &mut Browser, words: &str) {
    let form = browser.form_with("Fortsätt").fill("vad", words);
    let form = form.attach("Skiss", "skiss.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
    browser.submit(form, "Fortsätt").await;
    let email = "kontakt@example.se";
    let form = browser.form_with("Fortsätt").fill("kontakt_epost", email).choose("kontakt_kanal", "På Mina sidor");
    browser.submit(form, "Fortsätt").await;
    assert!(browser.path().ends_with("/granska"), "{}: {}", browser.path(), browser.text());
}

pub async fn send_in(browser: &mut Browser) -> String {
    let form = browser.form("/skicka-in");
    browser.submit(form, "Skicka in").await;
    browser.find("strong.reference").unwrap_or_else(|| panic!("no reference:\n{}", browser.text()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_party_renews_the_session_and_a_form_of_the_party_before_is_not_taken() {
    let here = start(None).await;
    let demo = &here.demo;
    let mut anna = demo.citizen(ANNA).await;
    let draft = begin(demo, &mut anna).await;
    let old_form = anna.form_with("Fortsätt").fill("vad", "Något som tog lång tid att skriva");
    let old_cookie = anna.cookie("localhost", "kp_session").unwrap().to_owned();
    let mut other_tab = anna.another_tab();
    act_for(demo, &mut other_tab, HOUSE).await;
    let new_cookie = other_tab.cookie("localhost", "kp_session").unwrap().to_owned();
    assert_ne!(old_cookie, new_cookie);

    // The old token is dead: whoever has it is logged in no more.
    let mut thief = Browser::new();
    thief.set_cookie("localhost", "kp_session", &old_cookie);
    thief.open(&demo.portal("/mina-sidor")).await;
    thief.see("Testlegitimering");

    // The tab that was opened as herself is told, and nothing is saved for anybody.
    anna.set_cookie("localhost", "kp_session", &new_cookie);
    anna.submit(old_form, "Fortsätt").await;
    anna.expect_status(409);
    anna.see("Du har bytt vem du företräder");
    anna.see("Något som tog lång tid att skriva");
    anna.open(&demo.portal(&draft)).await;
    anna.expect_status(404);
    anna.click("Byt vem du företräder").await;
    let form = anna.form_with("Anna");
    anna.submit(form, "Anna").await;
    anna.open(&demo.portal(&draft)).await;
    assert_eq!(anna.form_with("Fortsätt").value("vad"), "");

    // And the other way: what is open as the house is not sent as herself.
    other_tab.open(&demo.portal(&format!("{BOOKING}/fyll-i"))).await;
    let mut other_tab = anna.another_tab();
    act_for(demo, &mut other_tab, HOUSE).await;
    begin(demo, &mut other_tab).await;
    fill_in(&mut other_tab, "årsstämman").await;
    let send = other_tab.form("/skicka-in");
    anna.set_cookie("localhost", "kp_session", other_tab.cookie("localhost", "kp_session").unwrap());
    anna.open(&demo.portal("/mina-sidor")).await;
    be_oneself(&mut anna).await;
    other_tab.set_cookie("localhost", "kp_session", anna.cookie("localhost", "kp_session").unwrap());
    other_tab.submit(send, "Skicka in").await;
    other_tab.expect_status(409);
    for whom in [None, Some(HOUSE)] {
        if let Some(whom) = whom {
            act_for(demo, &mut anna, whom).await;
        }
        anna.open(&demo.portal("/mina-sidor")).await;
        assert_eq!(anna.count("a[href^='/mina-sidor/arenden/']"), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn custody_is_looked_up_both_ways_when_a_child_is_chosen_and_again_when_something_is_sent_in() {
    let here = start(None).await;
    let demo = &here.demo;
    let mut anna = demo.citizen(ANNA).await;
    anna.open(&demo.portal("/foretrad")).await;
    anna.see(SAGA);
    // The child's post does not know her as a guardian.
    demo.control(3, fault("custody_one_sided")).await;
    anna.open(&demo.portal("/foretrad")).await;
    anna.do_not_see("Saga");
    // A choice that was offered a moment before is looked up again.
    demo.reset(3).await;
    anna.open(&demo.portal("/foretrad")).await;
    let form = anna.form_with(SAGA);
    demo.control(3, fault("html_503")).await;
    anna.submit(form, SAGA).await;
    anna.expect_status(409);
    anna.see("Registret svarar inte just nu");
    anna.do_not_see("Du företräder");
    demo.reset(3).await;
    // The register has been left alone for a while after failing; it is asked again when it answers.
    reload_until(&mut anna, &demo.portal("/foretrad"), SAGA).await;
    act_for(demo, &mut anna, SAGA).await;
    begin(demo, &mut anna).await;
    fill_in(&mut anna, "barnkalaset").await;
    let review = anna.path().to_owned();

    // Silent: kept, and she may try again.
    demo.control(3, fault("html_503")).await;
    let form = anna.form("/skicka-in");
    anna.submit(form, "Skicka in").await;
    anna.see("Vi kan inte kontrollera att du får företräda");
    anna.see(&format!("Du företräder {SAGA}"));
    // Ended: she is herself again, and the draft is the child's still.
    demo.control(3, fault("custody_ended")).await;
    anna.open(&demo.portal(&review)).await;
    let form = anna.form("/skicka-in");
    anna.submit(form, "Skicka in").await;
    anna.see("Du får inte längre företräda den som du hade valt");
    assert!(anna.find(".acting-banner").is_none());
    anna.open(&demo.portal(&review)).await;
    anna.expect_status(404);
    demo.reset(3).await;
    act_for(demo, &mut anna, SAGA).await;
    anna.open(&demo.portal(&review)).await;
    send_in(&mut anna).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_tied_to_a_child_when_one_of_them_or_another_guardian_is_protected() {
    let here = start(None).await;
    // Robert's child is protected, and so is Camilla herself, who is the other guardian.
    for (who, child) in [("198207072391", "Elin"), ("198508292383", "Elin"), ("199203182382", "Sami")] {
        let mut guardian = here.demo.citizen(who).await;
        guardian.open(&here.demo.portal("/foretrad")).await;
        guardian.do_not_see(child);
        guardian.see("Alla barn kan inte visas här");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_is_down_or_lies_gives_nobody_a_right_and_one_can_still_be_oneself_or_say_for_whom() {
    let here = start(None).await;
    let demo = &here.demo;
    let mut anna = demo.citizen(ANNA).await;
    let faults = [
        ("bolag", HOUSE, HERITAGE, vec!["down", "html_200", "huge_body", "redirect_internal", "other_holder"]),
        (
            "mina-ombud",
            HERITAGE,
            HOUSE,
            vec!["down", "wrong_signature", "altered", "other_holder", "other_third_party", "old"],
        ),
    ];
    for (register, gone, there, ways) in faults {
        for way in ways {
            demo.control_register(register, fault(way)).await;
            anna.open(&demo.portal("/foretrad")).await;
            anna.do_not_see(gone);
            anna.do_not_see("Någon annan AB");
            anna.do_not_see("Testlunds");
            anna.see(there);
            anna.see(SAGA);
            anna.see("svarar inte just nu");
            anna.see("Ett annat företag eller en förening");
            demo.control_register(register, json!({})).await;
            anna.open(&demo.portal("/foretrad")).await;
            anna.see(gone);
        }
    }
    // Too slow is silent too, and a power that is gone is gone.
    demo.control_register("bolag", json!({ "delay_ms": 7000 })).await;
    demo.control_register("mina-ombud", fault("no_powers")).await;
    anna.open(&demo.portal("/foretrad")).await;
    anna.do_not_see(HOUSE);
    anna.do_not_see(HERITAGE);
    demo.control_register("bolag", json!({})).await;

    // Everything that is missing is told at once.
    anna.open(&demo.portal("/foretrad")).await;
    let form = anna.form_with("Fortsätt");
    anna.submit(form, "Fortsätt").await;
    for words in ["Skriv organisationsnumret", "Skriv företagets eller föreningens namn", "Välj om det är ett företag"]
    {
        anna.see(words);
    }

    // Who may not sign, and what is struck off, is told by name; nobody can declare what is struck off.
    anna.open(&demo.portal("/foretrad")).await;
    anna.see("Skånska Skogsvägar AB: du har ett uppdrag där");
    anna.see("Annas Kafé i Eket AB: är avregistrerat");
    let form =
        anna.form_with("Fortsätt").fill("nummer", "559999-9033").fill("namn", "Kaféet").choose("slag", "company");
    anna.submit(form, "Fortsätt").await;
    anna.expect_status(422);
    anna.see("är avregistrerad");
    for (number, words) in
        [("900101-2385", "Det är ett personnummer"), ("802400-0001", "stämmer inte"), ("", "Skriv organisationsnumret")]
    {
        let form = anna.form_with("Fortsätt").fill("nummer", number).fill("namn", "X");
        anna.submit(form, "Fortsätt").await;
        anna.see(words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_says_for_whom_it_is_and_what_it_takes_as_a_right() {
    let here = start(None).await;
    let demo = &here.demo;
    let mut anna = demo.citizen(ANNA).await;
    // Not for herself: she chooses, and is taken on to the service.
    anna.open(&demo.portal(&format!("{STRICT}/fyll-i"))).await;
    assert_eq!(anna.path(), "/foretrad");
    anna.see("Tjänsten kan inte användas för dig själv");
    anna.see(&format!("{HILL}: tjänsten kräver att du får företräda ensam enligt ett register"));
    anna.do_not_see("Ett annat företag eller en förening");
    let form = anna.form_with(HOUSE);
    anna.submit(form, HOUSE).await;
    assert_eq!(anna.path(), format!("{STRICT}/fyll-i"));
    anna.see(&format!("Du företräder {HOUSE}"));

    // Her own word is not enough there, nor may the form be posted past the page.
    declare(demo, &mut anna, CLUB).await;
    let first = |page: &Browser| {
        let form = page.form_with("Fortsätt");
        (form.value("_csrf").to_owned(), form.value("_capacity").to_owned(), form.value("_draft").to_owned())
    };
    anna.open(&demo.portal(&format!("{BOOKING}/fyll-i"))).await;
    let (token, capacity, draft) = first(&anna);
    let fields = [("_csrf", token.as_str()), ("_capacity", &capacity), ("_draft", &draft)];
    let origin = demo.portal("");
    anna.post_raw(&demo.portal(&format!("{STRICT}/fyll-i")), Some(&origin), &fields).await;
    anna.expect_status(303);
    assert_eq!(anna.header("location"), "/foretrad?tjanst=lokalavtal");
    anna.open(&demo.portal("/foretrad?tjanst=lokalavtal")).await;
    anna.see("Tjänsten kräver att ett register visar");

    // A service for oneself is not used for another.
    anna.open(&demo.portal("/e-tjanster/forskoleplats/fyll-i")).await;
    assert_eq!(anna.path(), "/foretrad");
    let form = anna.form_with("Dig själv");
    anna.submit(form, "Dig själv").await;
    assert_eq!(anna.path(), "/e-tjanster/forskoleplats/fyll-i");
    anna.see("Dina uppgifter");

    // A power of attorney opens what it names, and what a page shows may depend on for whom it is.
    anna.open(&demo.portal(&format!("{BOOKING}/fyll-i"))).await;
    begin(demo, &mut anna).await;
    anna.see("Du bokar för dig själv");
    act_for(demo, &mut anna, HERITAGE).await;
    begin(demo, &mut anna).await;
    anna.do_not_see("Du bokar för dig själv");
    assert_eq!(anna.form_with("Fortsätt").value("for_vem"), HERITAGE);
    // One that lets her read only opens nothing.
    let mut sofia = demo.citizen("198804092388").await;
    act_for(demo, &mut sofia, HERITAGE).await;
    sofia.open(&demo.portal(&format!("{BOOKING}/fyll-i"))).await;
    sofia.see("Din fullmakt för Örkelljunga Hembygdsförening gäller inte den här tjänsten");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_samordningsnummer_does_what_everybody_does_whether_or_not_her_birth_date_is_known() {
    let here = start(None).await;
    let demo = &here.demo;
    // Known to the register; unknown to it, without month and day.
    for (who, shown) in [("199001792382", "Olena Tkachenko-Prov"), ("198000602394", "")] {
        let mut resident = demo.citizen(who).await;
        resident.see("Mina sidor");
        begin(demo, &mut resident).await;
        fill_in(&mut resident, "festen").await;
        resident.see(shown);
        let reference = send_in(&mut resident).await;
        resident.open(&demo.portal(&format!("/mina-sidor/arenden/{reference}"))).await;
        resident.expect_status(200);
        declare(demo, &mut resident, CLUB).await;
        begin(demo, &mut resident).await;
    }
    assert!(!demo.log().contains("198000602394"), "no number in the log");
}
