//! Who ends: taken in with the same command that takes people in.

use super::browser::Browser;
use super::databases::Database;
use super::demo::legitimate;
use super::installation::Installation;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_ended_is_out_at_once_and_her_name_stays_with_what_she_did() {
    let (portal, desk) = (Database::postgres(), Database::postgres());
    let all = Installation::new(&portal.url, &desk.url);
    all.migrate();
    all.employ();
    all.run_well(&["staff", "portal", "assets/people/staff.json"]);
    let _simulators = all.start_simulators().await;
    let (_portal, _desk) = (all.start_portal().await, all.start_desk().await);
    let logged_in = async |address: &str, person: &str| {
        let mut browser = Browser::new();
        browser.open(address).await;
        legitimate(&mut browser, person).await;
        browser
    };
    let inbox = all.desk("/inkorg");
    let administration = format!("{}/", all.at(6));
    let mut karin = logged_in(&inbox, "kaso01@2120009911").await;
    let mut henrik = logged_in(&administration, "heek01@2120009911").await;
    karin.expect_status(200);
    henrik.expect_status(200);

    let mut list: Value = serde_json::from_str(&std::fs::read_to_string("assets/people/staff.json").unwrap()).unwrap();
    let people = list["staff"].as_array_mut().unwrap();
    people.retain(|p| ["kaso01@2120009911", "heek01@2120009911"].contains(&p["orgAffiliation"].as_str().unwrap()));
    assert_eq!(people.len(), 2);
    people.iter_mut().for_each(|p| p["ended"] = true.into());
    let path = all.folder.path().join("ended.json");
    std::fs::write(&path, list.to_string()).unwrap();
    for application in ["portal", "desk"] {
        all.run_well(&["staff", application, path.to_str().unwrap()]);
    }

    for (browser, address, person) in
        [(&mut karin, &inbox, "kaso01@2120009911"), (&mut henrik, &administration, "heek01@2120009911")]
    {
        browser.open(address).await;
        assert!(browser.status() == 403 || browser.source().contains("name=\"person\""), "{}", browser.text());
        let again = logged_in(address, person).await;
        assert!(again.status() == 403, "{person} does not get in again: {}", again.text());
    }
    // Those whom the list does not name stay.
    logged_in(&inbox, "jobr01@2120009911").await.expect_status(200);
    let names = super::databases::with_conn(&desk.url, |c| {
        let (orkelljunga, who) = ("orkelljunga".parse().unwrap(), vec!["kaso01@2120009911".to_owned()]);
        kommunportal::desk::staff::names_of(c, &orkelljunga, who).unwrap()
    });
    assert_eq!(names.into_values().collect::<Vec<_>>(), ["Karin Solbacka"]);
}
