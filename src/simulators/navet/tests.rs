use super::request::{InvalidParameters, PersonpostRequest};
use super::response::{self, Version};
use super::*;
use crate::vocabulary::At;
use quick_xml::events::Event;
use quick_xml::reader::NsReader;
use serde_json::{Value, json};
use std::time::Duration;

/// The day that the population was made for.
const TODAY: &str = "2026-11-21T12:00:00Z";

fn clock() -> Clock {
    Clock::standing_at(TODAY.parse().unwrap_or(At::EPOCH))
}

/// Elements with namespace, attributes and text, in order: what two answers must have in common.
fn structure(xml: &str) -> Vec<String> {
    let mut reader = NsReader::from_str(xml);
    let mut lines = Vec::new();
    loop {
        let (namespace, event) = reader.read_resolved_event().unwrap();
        let namespace = format!("{namespace:?}");
        match event {
            Event::Eof => return lines,
            Event::Start(e) => {
                lines.push(format!("<{namespace} {} {}", e.name().as_ref(), attributes(e.attributes_raw())))
            }
            Event::Empty(e) => {
                lines.push(format!("<{namespace} {} {}", e.name().as_ref(), attributes(e.attributes_raw())));
                lines.push(">".to_owned());
            }
            Event::End(_) => lines.push(">".to_owned()),
            Event::Text(t) if !t.xml10_content().trim().is_empty() => lines.push(t.xml10_content().into_owned()),
            _ => {}
        }
    }
}

fn attributes(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn answer_about(id: &str, version: Version, today: &str, fault: Option<Fault>) -> String {
    let people = People::load().unwrap();
    response::personpost(people.person(id), version, today.parse().unwrap(), fault).unwrap()
}

#[test]
fn records_are_written_as_the_real_service_writes_them() {
    let examples = [
        ("201506122397", include_str!("examples/response-child-sole-custody.xml")),
        ("194409013838", include_str!("examples/response-deceased.xml")),
        ("198502032397", include_str!("examples/response-emigrated.xml")),
        ("199504112381", include_str!("examples/response-not-found.xml")),
        ("199506162388", include_str!("examples/response-number-change-old.xml")),
        ("199001792382", include_str!("examples/response-samordningsnummer.xml")),
        ("201305162388", include_str!("examples/response-sekretessmarkering.xml")),
        ("199203182382", include_str!("examples/response-skyddad-folkbokforing.xml")),
    ];
    for (id, example) in examples {
        let answer = answer_about(id, Version::V4, "2026-11-21", None);
        assert_eq!(structure(&answer), structure(example), "{id}");
    }
    let fault = response::soap_fault("Felaktiga inparametrar", "1").unwrap();
    assert_eq!(structure(&fault), structure(include_str!("examples/fault-invalid-parameters.xml")));
}

#[test]
fn a_guardian_with_four_children_has_four_custodies() {
    let answer = answer_about("197905142381", Version::V4, "2026-11-21", None);
    assert_eq!(answer.matches("<Relationstyp>VF</Relationstyp>").count(), 4);
    assert!(!answer.contains("Sekretessmarkering") && !answer.contains("SkyddadFolkbokforing"));
}

#[test]
fn custody_ends_on_the_eighteenth_birthday() {
    // Ebba, born 12 March 2010.
    let custodies = |id, today| {
        let answer = answer_about(id, Version::V4, today, None);
        answer.matches("<Relationstyp>V</Relationstyp>").count() + answer.matches(">VF<").count()
    };
    assert_eq!((custodies("201003122387", "2028-03-11"), custodies("201003122387", "2028-03-12")), (2, 0));
    assert_eq!((custodies("197905142381", "2028-03-11"), custodies("197905142381", "2028-03-12")), (4, 3));
}

#[test]
fn older_versions_lack_what_came_later() {
    let v3 = answer_about("199001792382", Version::V3, "2026-11-21", None);
    assert!(v3.contains("Identitetsstatus") && !v3.contains("<Identitetsniva") && v3.contains("personpostXML/v3"));
    let v2 = answer_about("199203182382", Version::V2, "2026-11-21", None);
    assert!(v2.contains("Sekretessmarkering") && !v2.contains("SkyddadFolkbokforing") && !v2.contains("Fodelsedatum"));
}

#[test]
fn a_request_is_read_whatever_its_prefixes_are() {
    let example = include_str!("examples/request-personpost.xml");
    let wanted = PersonpostRequest {
        org_nr: "162021004748".to_owned(),
        order: "00000236-FO01-0002".to_owned(),
        person_id: "197905142381".to_owned(),
    };
    assert_eq!(PersonpostRequest::read(example).as_ref(), Ok(&wanted));
    assert_eq!(PersonpostRequest::read(&example.replace("v1", "x").replace("soapenv", "e")).as_ref(), Ok(&wanted));
    let wrong = [
        ("00000236-FO01-0002", "00000236-FO01-2"),
        ("197905142381", "19790514238"),
        ("197905142381", "<!-- 1 -->"),
        ("162021004748", "2021004748"),
        ("epersondata/V1", "epersondata/V9"),
        ("</v1:PersonpostRequest>", ""),
        ("<v1:PersonId>197905142381</v1:PersonId>", ""),
    ];
    for (find, replacement) in wrong {
        let changed = example.replace(find, replacement);
        assert_eq!(PersonpostRequest::read(&changed), Err(InvalidParameters), "{find} as {replacement}");
    }
}

fn started(name: &str) -> Navet {
    let data_dir = std::env::temp_dir().join(format!("kp-navet-{name}-{}", uuid::Uuid::now_v7()));
    start(NavetConfig {
        bind: vec![([127, 0, 0, 1], 0).into()],
        data_dir,
        mandates: Default::default(),
        clock: clock(),
    })
    .unwrap()
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap()
}

async fn ask(navet: &Navet, person: &str, order: &str) -> reqwest::Result<(u16, String)> {
    let body = include_str!("examples/request-personpost.xml")
        .replace("197905142381", person)
        .replace("00000236-FO01-0002", order);
    let url = navet.url().replace("localhost", "127.0.0.1");
    let answer = http().post(url).header("Content-Type", "text/xml; charset=UTF-8").body(body).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

async fn control(navet: &Navet, state: Value) {
    let url = format!("http://127.0.0.1:{}/_control", navet.running().port());
    assert_eq!(http().post(url).json(&state).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn a_look_up_over_the_wire_answers_and_is_counted() {
    let navet = started("wire");
    let (status, body) = ask(&navet, "197905142381", "00000236-FO01-0002").await.unwrap();
    assert_eq!(status, 200);
    assert!(body.contains("<Fornamn>Anna-Karin Elisabet</Fornamn>"));
    let anna = Personnummer::from_canonical("197905142381").unwrap();
    assert_eq!(navet.look_ups_of(&anna), 1);

    let (status, body) = ask(&navet, "12", "00000236-FO01-0002").await.unwrap();
    assert_eq!(status, 500);
    assert!(body.contains("<faultstring>Felaktiga inparametrar</faultstring>"));

    let log = http().get(format!("http://127.0.0.1:{}/_control", navet.running().port())).send().await.unwrap();
    let log = log.text().await.unwrap();
    assert!(log.contains("00000236-FO01-0002") && !log.contains("197905142381"));
    navet.stop().await;
}

#[actix_web::test]
async fn an_order_without_protected_people_does_not_find_them() {
    let navet = started("orders");
    let (_, with) = ask(&navet, "198508292383", "00000236-FO01-0002").await.unwrap();
    assert!(with.contains("<Sekretessmarkering>J</Sekretessmarkering>"));
    let (status, without) = ask(&navet, "198508292383", "00000236-FO01-0001").await.unwrap();
    assert_eq!(status, 200);
    assert!(without.contains("<ns0:Folkbokforingsposter/>"));
    navet.stop().await;
}

#[actix_web::test]
async fn a_fault_strikes_as_many_times_as_it_was_told() {
    let navet = started("faults");
    let anna = "197905142381";
    let order = "00000236-FO01-0002";
    control(&navet, json!({"fault": "html_503", "times": 2})).await;
    assert_eq!(ask(&navet, anna, order).await.unwrap().0, 503);
    assert_eq!(ask(&navet, anna, order).await.unwrap().0, 503);
    assert_eq!(ask(&navet, anna, order).await.unwrap().0, 200);
    for broken in ["reset", "truncated"] {
        control(&navet, json!({"fault": broken, "times": 1})).await;
        assert!(ask(&navet, anna, order).await.is_err(), "{broken}");
    }
    control(&navet, json!({"fault": "fault_500", "times": 1})).await;
    let (status, body) = ask(&navet, anna, order).await.unwrap();
    assert!(status == 500 && !body.contains("Felaktiga inparametrar"));
    control(&navet, json!({"fault": "empty_200", "times": 1})).await;
    assert_eq!(ask(&navet, anna, order).await.unwrap(), (200, String::new()));
    control(&navet, json!({"fault": "styrkt", "times": 1})).await;
    assert!(ask(&navet, anna, order).await.unwrap().1.contains(r#"<Fornamn styrkt="J">Anna"#));
    control(&navet, json!({"fault": "unknown_elements", "times": 1})).await;
    assert!(ask(&navet, anna, order).await.unwrap().1.contains("okänt &lt;innehåll&gt;"));
    control(&navet, json!({"fault": "references_inside", "times": 1})).await;
    assert!(ask(&navet, "199506162388", order).await.unwrap().1.contains("<Hanvisning>199506162396</Hanvisning>"));
    navet.stop().await;
}

#[actix_web::test]
async fn the_description_names_the_address_it_was_fetched_from() {
    let navet = started("wsdl");
    let base = format!("http://127.0.0.1:{}/na/na_epersondata", navet.running().port());
    let wsdl = http().get(format!("{base}/V4/personpostXML?wsdl")).send().await.unwrap().text().await.unwrap();
    assert!(wsdl.contains(&format!("location=\"{base}/V4/personpostXML\"")) && wsdl.contains("getData"));
    assert_eq!(http().get(format!("{base}/V5/personpostXML?wsdl")).send().await.unwrap().status(), 404);
    navet.stop().await;
}
