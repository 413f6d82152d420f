//! Reading answers.

use super::*;

#[test]
fn every_kind_of_answer_is_read() {
    let anna = person(parse_reply(fixture("response-guardian").as_bytes()));
    assert_eq!(anna.number, Some(number("197905142381")));
    assert_eq!(anna.given_names.as_deref(), Some("Anna-Karin Elisabet"));
    assert_eq!(anna.first_name_marking.as_deref(), Some("12"));
    assert_eq!(anna.municipality_code.as_deref(), Some("1257"));
    assert_eq!(anna.changed_at.as_deref(), Some("20260105081500"));
    assert_eq!(anna.registered_address.and_then(|a| a.street).as_deref(), Some("EXEMPELVÄGEN 4"));
    assert_eq!(anna.relations.iter().filter(|r| r.kind == RelationKind::GuardianFor).count(), 3);
    assert!(!anna.protected && anna.deregistration.is_none() && anna.address_key.is_some());

    let child = person(parse_reply(fixture("response-child-sole-custody").as_bytes()));
    assert!(child.relations.iter().any(|r| r.kind == RelationKind::Guardian && r.until.is_some()));

    for protected in ["response-sekretessmarkering", "response-skyddad-folkbokforing"] {
        assert!(person(parse_reply(fixture(protected).as_bytes())).protected, "{protected}");
    }

    let olena = person(parse_reply(fixture("response-samordningsnummer").as_bytes()));
    assert_eq!(olena.number, Some(number("199001792382")));
    assert_eq!(olena.identity, IdentityStatus::Usable);
    assert!(olena.postal_address.is_some() && olena.municipality_code.is_none());

    let dead = person(parse_reply(fixture("response-deceased").as_bytes()));
    assert_eq!(dead.deregistration, Some(Deregistration::Deceased));

    let away = person(parse_reply(fixture("response-emigrated").as_bytes()));
    assert_eq!(away.deregistration, Some(Deregistration::Emigrated));
    assert_eq!(away.foreign_address.and_then(|a| a.country).as_deref(), Some("NORGE"));

    let old = person(parse_reply(fixture("response-number-change-old").as_bytes()));
    assert_eq!(old.deregistration, Some(Deregistration::OldNumber));
    assert_eq!(old.references, [number("199506162396")]);

    assert_eq!(parse_reply(fixture("response-not-found").as_bytes()), Ok(Reply::Nobody));
    assert_eq!(
        parse_reply(fixture("fault-invalid-parameters").as_bytes()),
        Ok(Reply::Fault { refused: true, code: Some(1) })
    );
}

#[test]
fn prefixes_mean_nothing_and_namespaces_everything() {
    let usual = fixture("response-guardian");
    let other = usual.replace("S:", "soapenv:").replace("xmlns:S=", "xmlns:soapenv=").replace("ns0", "q");
    assert_eq!(parse_reply(other.as_bytes()), parse_reply(usual.as_bytes()));

    let elsewhere = usual.replace("http://xmls.skatteverket.se/se", "http://example.com/se");
    assert_eq!(parse_reply(elsewhere.as_bytes()), Err(Unreadable::NotAnAnswer));
    // With a default namespace the post would be in it; "nobody" would be the wrong answer.
    let trapped = post("<Folkbokforingspost/>").replace("xmlns:b=", "xmlns=\"urn:x\" xmlns:b=");
    assert_eq!(parse_reply(trapped.as_bytes()), Err(Unreadable::NotAnAnswer));
}

#[test]
fn nothing_is_required_and_nothing_unknown_disturbs() {
    assert_eq!(person(parse_reply(post("<Folkbokforingspost/>").as_bytes())), Person::default());
    let odd = post(
        r#"<Folkbokforingspost><Ny x="1"><Djup/></Ny><Arendeuppgift andringstidpunkt="igår"/><Personpost>
        <PersonId><PersonNr>197905142382</PersonNr><Hanvisning>199506162396</Hanvisning>
        <TidigareIdentitetsbeteckningar><X><Y>197905142381</Y></X></TidigareIdentitetsbeteckningar></PersonId>
        <Avregistrering><AvregistreringsorsakKod>ZZ</AvregistreringsorsakKod></Avregistrering>
        <Fodelsedatum>0</Fodelsedatum>
        <Namn><Fornamn styrkt="J">  Åsa &amp;
          Bo&#x301; <![CDATA[<C>]]></Fornamn><x:Efternamn xmlns:x="urn:x">Nej</x:Efternamn></Namn>
        <Folkbokforing><LanKod>1</LanKod><KommunKod>80</KommunKod></Folkbokforing>
        <Relationer><Relation><Relationstyp>QQ</Relationstyp></Relation><Relation/></Relationer>
        </Personpost></Folkbokforingspost>"#,
    );
    let read = person(parse_reply(odd.as_bytes()));
    assert_eq!(read.number, None, "the check digit does not fit");
    assert_eq!(read.references, [number("199506162396"), number("197905142381")]);
    assert_eq!(read.deregistration, Some(Deregistration::Other));
    assert_eq!(read.given_names.as_deref(), Some("Åsa & Bo\u{301} <C>"));
    assert_eq!((read.surname, read.changed_at, read.born), (None, None, None));
    assert_eq!(read.municipality_code.as_deref(), Some("0180"));
    assert!(read.relations.iter().all(|r| r.kind == RelationKind::Other && r.to == RelatedTo::Unreachable));
}

#[test]
fn a_protection_flag_counts_wherever_it_stands() {
    for (flag, expected) in [
        ("<Sekretessmarkering>N</Sekretessmarkering>", false),
        ("<Sekretessmarkering/>", false),
        ("<Sekretessmarkering>J</Sekretessmarkering>", true),
        ("<Sekretessmarkering>N</Sekretessmarkering><SkyddadFolkbokforing>J</SkyddadFolkbokforing>", true),
        ("<SkyddadFolkbokforing>1</SkyddadFolkbokforing>", true),
        ("<Personpost><Sekretessmarkering>J</Sekretessmarkering></Personpost>", true),
        ("<n:Sekretessmarkering xmlns:n='urn:n'>J</n:Sekretessmarkering>", true),
    ] {
        let read = person(parse_reply(post(&format!("<Folkbokforingspost>{flag}</Folkbokforingspost>")).as_bytes()));
        assert_eq!(read.protected, expected, "{flag}");
    }
}

#[test]
fn what_is_not_an_answer_is_refused_with_the_reason() {
    use Unreadable::*;
    let whole = fixture("response-guardian");
    let cases: Vec<(Vec<u8>, Unreadable)> = vec![
        (Vec::new(), NotXml),
        (b"Service Unavailable".to_vec(), NotXml),
        (b"<html><body><h1>St\xc3\xa4ngt</h1></body></html>".to_vec(), NotAnAnswer),
        (whole[..whole.len() / 2].into(), NotXml),
        (format!("{whole}{whole}").into_bytes(), NotXml),
        (whole.chars().map(|c| c as u8).collect(), NotUtf8),
        (format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{}", post("")).into_bytes(), Forbidden),
        (post("<Folkbokforingspost>&a;</Folkbokforingspost>").into_bytes(), Forbidden),
        (post(&"<x>".repeat(40)).into_bytes(), TooDeep),
        (post("<Folkbokforingspost/><Folkbokforingspost/>").into_bytes(), SeveralPeople),
        (vec![b' '; (1 << 20) + 1], TooLarge),
    ];
    for (body, reason) in cases {
        assert_eq!(parse_reply(&body), Err(reason));
    }
    let failed = fixture("fault-invalid-parameters").replace("Felaktiga inparametrar", "Tekniskt fel");
    assert_eq!(parse_reply(failed.as_bytes()), Ok(Reply::Fault { refused: false, code: Some(1) }));
}

proptest::proptest! {
    #[test]
    fn no_bytes_upset_the_reader(body in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let _ = parse_reply(&body);
    }

    #[test]
    fn no_damage_to_an_answer_upsets_the_reader(place in 0..4000usize, put in ".{0,12}", cut in 0..40usize) {
        let mut body = fixture("response-guardian").into_bytes();
        let place = place.min(body.len());
        let end = (place + cut).min(body.len());
        body.splice(place..end, put.into_bytes());
        let _ = parse_reply(&body);
    }
}
