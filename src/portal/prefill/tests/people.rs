//! The invented population, household by household.

use super::*;
use crate::vocabulary::Clock;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::Instant;
use uuid::Uuid;

/// The register in memory: every post written as the service writes it, and read by our reader.
#[derive(Default)]
struct Population {
    posts: BTreeMap<String, String>,
    silent_about_protection: bool,
    down_for: Mutex<Vec<String>>,
    asked: AtomicUsize,
}

fn element(name: &str, value: &Value) -> String {
    value.as_str().map(|text| format!("<{name}>{text}</{name}>")).unwrap_or_default()
}

fn address(name: &str, value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let lines = [
        ("CareOf", "care_of"),
        ("Utdelningsadress1", "utdelningsadress1"),
        ("Utdelningsadress2", "utdelningsadress2"),
        ("Utdelningsadress3", "utdelningsadress3"),
        ("PostNr", "postnr"),
        ("Postort", "postort"),
        ("Land", "land"),
    ];
    let lines: String = lines.iter().map(|(element_name, key)| element(element_name, &value[key])).collect();
    format!("<{name}>{lines}</{name}>")
}

fn written(p: &Value) -> String {
    let e = element;
    let flags = match p["skydd"].as_str() {
        Some("SEKRETESSMARKERING") => "<Sekretessmarkering>J</Sekretessmarkering>",
        Some("SKYDDAD_FOLKBOKFORING") => {
            "<Sekretessmarkering>J</Sekretessmarkering><SkyddadFolkbokforing>J</SkyddadFolkbokforing>"
        }
        _ => "",
    };
    let id = if p["id_typ"] == "PERSONNUMMER" { "PersonNr" } else { "TilldelatPersonNrSamordningsNr" };
    let status = &p["samordningsnummeruppgifter"];
    let status = format!(
        "<Identitetsstatus>{}{}</Identitetsstatus>{}",
        e("IdentitetsstatusVarde", &status["identitetsstatus"]),
        e("IdentitetsstatusOrsak", &status["identitetsstatus_orsak"]),
        e("Identitetsniva", &status["identitetsniva"])
    );
    let references: String = p["hanvisningar"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|h| h["riktning"] == "NYTT")
        .map(|h| e("HanvisningsPersonNr", &h["id"]))
        .collect();
    let gone = match &p["avregistrering"] {
        Value::Null => String::new(),
        a => format!("<Avregistrering>{}</Avregistrering>", e("AvregistreringsorsakKod", &a["kod"])),
    };
    let (n, f, a) = (&p["namn"], &p["folkbokforing"], &p["adresser"]);
    let relations: String = p["relationer"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| {
            let kind = if r["id_typ"] == "PERSONNR" { "PersonNr" } else { "FodelsetidNr" };
            format!(
                "<Relation><RelationId>{}</RelationId>{}{}{}</Relation>",
                e(kind, &r["id"]),
                e("Relationstyp", &r["typ"]),
                e("RelationFromdatum", &r["fran"]),
                e("RelationTomdatum", &r["till"])
            )
        })
        .collect();
    post(&format!(
        "<Folkbokforingspost>{flags}<Personpost><PersonId>{}{status}</PersonId>{references}{gone}{}<Namn>{}{}{}{}</Namn>\
         <Folkbokforing>{}{}{}{}</Folkbokforing><Adresser>{}{}{}<UUID>{}</UUID></Adresser><Civilstand>{}</Civilstand>\
         <Relationer>{relations}</Relationer></Personpost></Folkbokforingspost>",
        e(id, &p["id"]),
        e("Fodelsedatum", &p["fodelsedatum"]),
        e("Tilltalsnamnsmarkering", &n["tilltalsnamnsmarkering"]),
        e("Fornamn", &n["fornamn"]),
        e("Mellannamn", &n["mellannamn"]),
        e("Efternamn", &n["efternamn"]),
        e("LanKod", &f["lan_kod"]),
        e("KommunKod", &f["kommun_kod"]),
        e("Fastighetsbeteckning", &f["fastighetsbeteckning"]),
        e("Lagenhet", &f["lagenhet"]),
        address("Folkbokforingsadress", &a["folkbokforingsadress"]),
        address("SarskildPostadress", &a["sarskild_postadress"]),
        address("Utlandsadress", &a["utlandsadress"]),
        e("Adress", &a["uuid"]["adress"]),
        e("CivilstandKod", &p["civilstand"]["kod"]),
    ))
}

impl Population {
    fn new() -> Self {
        let path = format!("{}/assets/people/population.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let all: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}"));
        let people = all["persons"].as_array().cloned().unwrap_or_default();
        let posts = people.iter().filter_map(|p| Some((p["id"].as_str()?.to_owned(), written(p)))).collect();
        Self { posts, ..Self::default() }
    }
}

impl PopulationRegister for Population {
    async fn look_up(&self, number: &Personnummer, _: Instant, _: Uuid) -> Result<Option<Person>, Unanswered> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let down = self.down_for.lock().map(|down| down.iter().any(|d| d == number.expose())).unwrap_or(true);
        if down {
            return Err(Unanswered::TimedOut);
        }
        Ok(self.posts.get(number.expose()).map(|xml| person(parse_reply(xml.as_bytes()))))
    }

    fn tells_protection(&self) -> bool {
        !self.silent_about_protection
    }
}

/// Rows by number look-up: sealed bytes and when they end.
#[derive(Default)]
struct Rows(Mutex<BTreeMap<Vec<u8>, Row>>);
/// What was sealed, and until when it counts.
type Row = (Vec<u8>, At);

impl Cache for Rows {
    async fn get(&self, _: &str, number_lookup: &[u8]) -> Option<Vec<u8>> {
        self.0.lock().ok()?.get(number_lookup).map(|(sealed, _)| sealed.clone())
    }

    async fn put(&self, _: &str, number_lookup: &[u8], sealed: Vec<u8>, _: At, expires_at: At) {
        if let Ok(mut rows) = self.0.lock() {
            rows.insert(number_lookup.to_vec(), (sealed, expires_at));
        }
    }
}

/// Turns every bit, which is enough to see that nothing lies in the clear.
struct Turned;

impl Vault for Turned {
    fn number_lookup(&self, municipality: &str, number: &Personnummer) -> Vec<u8> {
        let text = format!("{municipality}{}", number.expose());
        ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref().to_vec()
    }
    fn seal(&self, plain: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        Some(bound_to.iter().copied().chain(plain.iter().map(|b| !b)).collect())
    }
    fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        Some(sealed.strip_prefix(bound_to)?.iter().map(|b| !b).collect())
    }
}

fn portal() -> Prefill<Population, Rows, Turned> {
    Prefill {
        municipality: "orkelljunga".into(),
        register: Population::new(),
        cache: Rows::default(),
        vault: Turned,
        clock: Clock::standing_at(at("2026-11-21T12:00:00Z")),
    }
}

async fn with_children(digits: &str) -> Known {
    portal().known_about(&number(digits), Need::ApplicantAndChildren).await
}

fn names(known: &Known) -> Vec<&str> {
    known.children.iter().map(|c| c.first_name.as_str()).collect()
}

#[tokio::test]
async fn a_resident_finds_her_own_name_and_address_filled_in() {
    let prefill = portal();
    let anna = prefill.known_about(&number("197905142381"), Need::Applicant).await;
    assert_eq!(anna.state, State::Fresh { fetched_at: prefill.clock.now() });
    let expected = [
        ("navet.city", "Örkelljunga"),
        ("navet.civil_status", "Gift"),
        ("navet.first_name", "Anna-Karin"),
        ("navet.given_names", "Anna-Karin Elisabet"),
        ("navet.municipality_code", "1257"),
        ("navet.name", "Anna-Karin Elisabet Åkesson"),
        ("navet.postal_city", "Örkelljunga"),
        ("navet.postal_postcode", "286 32"),
        ("navet.postal_street", "Exempelvägen 4"),
        ("navet.postcode", "286 32"),
        ("navet.property", "Exemplet 1:14"),
        ("navet.street", "Exempelvägen 4"),
        ("navet.surname", "Åkesson"),
    ];
    assert_eq!(anna.values, expected.map(|(k, v)| (k, v.to_owned())).into());
    assert!(!anna.protected && !anna.protection_unchecked && anna.children.is_empty());
    assert_eq!(prefill.register.asked.load(Ordering::SeqCst), 1, "log-in asks about her alone");
}

#[tokio::test]
async fn addresses_of_every_kind_become_readable() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("198804092388", &[("navet.street", "Provgatan 11 LGH 1102"), ("navet.apartment", "1102")]),
        ("198301302397", &[("navet.municipality_code", "1495")]),
        (
            "194603173172",
            &[
                ("navet.address_extra", "Övre Gården"),
                ("navet.street", "Sagogården 1"),
                ("navet.postal_care_of", "Gode Mannen i Exempelstad"),
                ("navet.postal_street", "Box 999"),
            ],
        ),
        (
            "198502032397",
            &[("navet.foreign_address", "EKSEMPELVEIEN 12 B\n7030 TRONDHEIM"), ("navet.country", "Norge")],
        ),
        ("199001792382", &[("navet.street", "Diktargatan 14 LGH 0901"), ("navet.postcode", "532 36")]),
        ("198605052383", &[("navet.name", "Thiri"), ("navet.first_name", "Thiri")]),
        ("198401012391", &[("navet.name", "Kyawzin"), ("navet.surname", "Kyawzin"), ("navet.first_name", "Kyawzin")]),
        ("198307192388", &[("navet.municipality_code", "0180")]),
    ];
    for (digits, expected) in cases {
        let known = portal().known_about(&number(digits), Need::Applicant).await;
        for (key, value) in *expected {
            assert_eq!(known.values.get(key).map(String::as_str), Some(*value), "{digits} {key}");
        }
    }
    let c_o = portal().known_about(&number("198301302397"), Need::Applicant).await;
    assert!(c_o.values.contains_key("navet.care_of"));
    for no_municipality in ["198502032397", "199001792382"] {
        let known = portal().known_about(&number(no_municipality), Need::Applicant).await;
        assert!(!known.values.contains_key("navet.municipality_code"));
    }
}

#[tokio::test]
async fn guardians_see_the_children_they_have_custody_of_and_no_others() {
    use SecondSignature::*;
    let cases: &[(&str, &[&str], SecondSignature)] = &[
        ("197905142381", &["Ebba", "Hjalmar", "Tuva", "Saga"], Possible),
        ("194811092529", &[], NotNeeded),
        ("198804092388", &["Leo", "Wilma"], NotNeeded),
        ("198601152393", &["Barn utan förnamn, född 28 oktober 2026"], Possible),
        ("198406222383", &["Nils"], Possible),
        ("198301302397", &["Nils"], Possible),
        ("198910192387", &["Freja", "Elis"], Possible),
        ("198502032397", &["Freja", "Elis"], Possible),
        ("198103172386", &["Zoë", "Åke-André"], Possible),
        ("199001792382", &["Mykola"], Possible),
        ("198704232399", &["Mykola"], Possible),
        ("198401012391", &["Min"], Possible),
        ("198709122389", &["Alva", "Viggo"], Possible),
        ("198906012383", &["Alva", "Viggo"], Possible),
        ("196008133065", &["Moa"], Possible),
        ("198001282386", &["Moa"], Possible),
        ("201003122387", &[], NotNeeded),
        ("200901302380", &[], NotNeeded),
    ];
    for (digits, expected, signature) in cases {
        let known = with_children(digits).await;
        assert_eq!(names(&known), *expected, "{digits}");
        assert!(!known.children_hidden && !known.children_unavailable, "{digits}");
        assert!(known.children.iter().all(|c| c.second_signature == *signature), "{digits}");
        assert!(known.children.iter().all(|c| c.shared_custody == (*signature != NotNeeded)), "{digits}");
    }
    let together = with_children("197905142381").await;
    assert!(together.children.iter().all(|c| c.same_address && c.other_guardians.len() == 1));
    assert_eq!(together.children[0].name, "Ebba Linnéa Åkesson");
    let apart = with_children("198406222383").await;
    assert!(!apart.children[0].same_address);
    assert_eq!(apart.children[0].other_guardians[0].name, "Mattias Ek");
}

#[tokio::test]
async fn a_guardian_who_was_never_registered_is_asked_by_hand() {
    let thiri = with_children("198605052383").await;
    let su = thiri.children.iter().find(|c| c.number == number("201111142384"));
    let su = su.unwrap_or_else(|| panic!("not shown"));
    assert_eq!((su.second_signature, su.shared_custody), (SecondSignature::Manual, true));
    assert!(su.other_guardians.is_empty() && !su.same_address);
}

#[tokio::test]
async fn a_protected_child_is_hidden_and_leaves_no_trace() {
    let robert = with_children("198207072391").await;
    assert!(robert.children.is_empty() && robert.children_hidden && !robert.protected);
}

#[tokio::test]
async fn a_protected_guardian_is_never_named() {
    let mut prefill = portal();
    let mother = prefill.register.posts["198406222383"].clone();
    let flagged = mother.replace("<Personpost>", "<Sekretessmarkering>J</Sekretessmarkering><Personpost>");
    prefill.register.posts.insert("198406222383".into(), flagged);
    let father = prefill.known_about(&number("198301302397"), Need::ApplicantAndChildren).await;
    let child = father.children.first().unwrap_or_else(|| panic!("not shown"));
    assert_eq!(child.second_signature, SecondSignature::Manual);
    assert!(child.other_guardians.is_empty() && child.shared_custody && !child.same_address);
}

#[tokio::test]
async fn a_protected_resident_gets_her_name_and_nothing_else() {
    for digits in ["198508292383", "201305162388", "199203182382", "201707212393"] {
        let known = with_children(digits).await;
        assert!(matches!(known.state, State::Protected { .. }) && known.protected, "{digits}");
        assert!(known.children.is_empty() && !known.children_hidden);
        let allowed = ["navet.given_names", "navet.first_name", "navet.surname", "navet.name"];
        assert!(known.values.keys().all(|key| allowed.contains(key)), "{digits}");
        assert!(known.values.contains_key("navet.name"));
    }
}

#[tokio::test]
async fn an_order_without_flags_shows_no_address_and_no_children() {
    let mut prefill = portal();
    prefill.register.silent_about_protection = true;
    let anna = prefill.known_about(&number("197905142381"), Need::ApplicantAndChildren).await;
    assert!(matches!(anna.state, State::Fresh { .. }) && anna.protection_unchecked && !anna.protected);
    assert_eq!(anna.values.len(), 4);
    assert!(anna.children.is_empty() && anna.children_hidden);
}

#[tokio::test]
async fn deregistered_people_are_met_by_what_the_register_says() {
    let dead = with_children("194409013838").await;
    assert_eq!((dead.state, dead.values.len()), (State::Blocked(Block::Deceased), 0));
    for withheld in ["197504249215", "197801862397"] {
        let known = with_children(withheld).await;
        assert!(matches!(known.state, State::Withheld { .. }) && known.values.is_empty(), "{withheld}");
    }
    let mut prefill = portal();
    let signe = prefill.register.posts["192109099180"].clone();
    for (code, expected) in [
        ("AN", State::Withheld { fetched_at: prefill.clock.now() }),
        ("TA", State::Withheld { fetched_at: prefill.clock.now() }),
        ("AS", State::Withheld { fetched_at: prefill.clock.now() }),
        ("XX", State::Withheld { fetched_at: prefill.clock.now() }),
        ("GN", State::Withheld { fetched_at: prefill.clock.now() }),
        ("FI", State::Blocked(Block::FalseIdentity)),
        ("AV", State::Blocked(Block::Deceased)),
    ] {
        let gone =
            format!("<Avregistrering><AvregistreringsorsakKod>{code}</AvregistreringsorsakKod></Avregistrering><Namn>");
        prefill.register.posts.insert("192109099180".into(), signe.replace("<Namn>", &gone));
        let known = prefill.known_afresh(&number("192109099180"), Need::Applicant).await;
        assert_eq!((known.state, known.values.len()), (expected, 0), "{code}");
    }
}

#[tokio::test]
async fn an_old_number_leads_to_the_new_one_once() {
    let mut prefill = portal();
    let known = prefill.known_about(&number("199506162388"), Need::Applicant).await;
    assert_eq!(known.new_number, Some(number("199506162396")));
    assert_eq!(known.values.get("navet.first_name").map(String::as_str), Some("Alex"));

    let old = prefill.register.posts["199506162388"].clone();
    let back = old.replace("199506162388", "-").replace("199506162396", "199506162388").replace('-', "199506162396");
    let loops = back.replace("xmlns:199506162396", "xmlns:");
    prefill.register.posts.insert("199506162396".into(), loops);
    let asked = prefill.register.asked.load(Ordering::SeqCst);
    let known = prefill.known_afresh(&number("199506162388"), Need::Applicant).await;
    assert!(known.values.is_empty());
    assert!(prefill.register.asked.load(Ordering::SeqCst) <= asked + 2);
}

#[tokio::test]
async fn somebody_elses_post_is_never_shown() {
    let mut prefill = portal();
    let per = prefill.register.posts["197709022391"].clone();
    prefill.register.posts.insert("197905142381".into(), per);
    let known = prefill.known_about(&number("197905142381"), Need::Applicant).await;
    assert_eq!((known.state, known.values.len()), (State::Unavailable, 0));
}

#[tokio::test]
async fn when_the_register_is_silent_the_form_is_empty_and_protection_unchecked() {
    let prefill = portal();
    if let Ok(mut down) = prefill.register.down_for.lock() {
        down.push("197905142381".into());
    }
    let known = prefill.known_about(&number("197905142381"), Need::ApplicantAndChildren).await;
    assert_eq!(known.state, State::Unavailable);
    assert!(known.values.is_empty() && known.protection_unchecked && known.children_unavailable);

    let nobody = prefill.known_about(&number("199001012385"), Need::Applicant).await;
    assert_eq!(nobody.state, State::Unknown);
    assert!(nobody.values.is_empty() && nobody.protection_unchecked && !nobody.children_unavailable);
}

#[tokio::test]
async fn half_an_answer_about_custody_is_no_answer() {
    for silent in ["201902172384", "197709022391"] {
        let prefill = portal();
        if let Ok(mut down) = prefill.register.down_for.lock() {
            down.push(silent.into());
        }
        let known = prefill.known_about(&number("197905142381"), Need::ApplicantAndChildren).await;
        assert!(known.children.is_empty() && known.children_unavailable && !known.values.is_empty());
    }
}

#[tokio::test]
async fn answers_are_remembered_under_seal_for_an_hour_and_nobody_for_five_minutes() {
    let prefill = portal();
    let (anna, nobody) = (number("197905142381"), number("199001012385"));
    let asked = || prefill.register.asked.load(Ordering::SeqCst);
    let first = prefill.known_about(&anna, Need::Applicant).await;
    prefill.known_about(&nobody, Need::Applicant).await;
    prefill.clock.advance(299);
    let again = prefill.known_about(&anna, Need::Applicant).await;
    prefill.known_about(&nobody, Need::Applicant).await;
    assert_eq!(asked(), 2);
    assert_eq!((again.state, again.values), (first.state, first.values), "with the time it was fetched");
    prefill.clock.advance(1);
    prefill.known_about(&nobody, Need::Applicant).await;
    assert_eq!(asked(), 3);
    prefill.clock.advance(3299);
    prefill.known_about(&anna, Need::Applicant).await;
    assert_eq!(asked(), 3);
    prefill.known_afresh(&anna, Need::Applicant).await;
    assert_eq!(asked(), 4, "asked to fetch again");
    prefill.clock.advance(3600);
    prefill.known_about(&anna, Need::Applicant).await;
    assert_eq!(asked(), 5);
    let rows = prefill.cache.0.lock().map(|rows| rows.clone()).unwrap_or_default();
    for (key, (sealed, expires_at)) in rows {
        assert!(!String::from_utf8_lossy(&sealed).contains("Åkesson"));
        assert!(!String::from_utf8_lossy(&key).contains("1979"));
        assert!(expires_at <= prefill.clock.now().plus_seconds(3600));
    }
}

#[tokio::test]
async fn a_child_becomes_of_age_on_the_day() {
    for (day, expected) in [("2027-01-29T12:00:00Z", 1), ("2027-01-30T12:00:00Z", 0)] {
        let prefill = Prefill { clock: Clock::standing_at(at(day)), ..portal() };
        let known = prefill.known_about(&number("198001282386"), Need::ApplicantAndChildren).await;
        assert_eq!(known.children.len(), expected, "{day}");
    }
}

#[tokio::test]
async fn nothing_known_is_printed() {
    let known = with_children("197905142381").await;
    let printed = format!("{known:?} {:?}", known.children);
    for secret in ["Åkesson", "Anna", "Exempel", "1979", "2010", "Ebba"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
