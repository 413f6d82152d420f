//! Writing the answer: the real service's prefixes, its element order, its silences (an absent flag, an absent field).

use super::Fault;
use super::request::{MESSAGES, SOAP};
use crate::simulators::people::{
    Avregistrering, IdTyp, Namn, Person, Relation, RelationIdTyp, Riktning, Skydd, SvenskAdress,
};
use crate::vocabulary::{Day, Personnummer};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

/// Version of the service, by the path it was called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V2,
    V3,
    V4,
}

impl Version {
    pub(super) fn number(self) -> u8 {
        match self {
            Version::V2 => 2,
            Version::V3 => 3,
            Version::V4 => 4,
        }
    }
}

/// The answer about one person, or about nobody.
pub(super) fn personpost(
    person: Option<&Person>,
    version: Version,
    today: Day,
    fault: Option<Fault>,
) -> io::Result<String> {
    let mut xml = Xml { writer: Writer::new(Vec::new()), version, fault };
    let service = format!("http://www.skatteverket.se/folkbokforing/na/personpostXML/v{}", version.number());
    xml.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.element("S:Envelope", &[("xmlns:S", SOAP)], |xml| {
        xml.group("S:Body", |xml| {
            let namespaces = [("xmlns:ns0", MESSAGES), ("xmlns:ns1", service.as_str())];
            xml.element("ns0:PersonpostXMLResponse", &namespaces, |xml| match person {
                Some(person) => xml.group("ns0:Folkbokforingsposter", |xml| xml.post(person, today)),
                None => xml.empty("ns0:Folkbokforingsposter"),
            })
        })
    })?;
    Ok(String::from_utf8_lossy(&xml.writer.into_inner()).into_owned())
}

/// A SOAP fault with the service's own detail.
pub(super) fn soap_fault(text: &str, code: &str) -> io::Result<String> {
    let mut xml = Xml { writer: Writer::new(Vec::new()), version: Version::V4, fault: None };
    xml.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.element("S:Envelope", &[("xmlns:S", SOAP)], |xml| {
        xml.group("S:Body", |xml| {
            xml.group("S:Fault", |xml| {
                xml.text("faultcode", "S:Server")?;
                xml.text("faultstring", text)?;
                xml.group("detail", |xml| {
                    xml.element("ns0:WebServiceFault", &[("xmlns:ns0", MESSAGES)], |xml| {
                        xml.text("ns0:Felkod", code)?;
                        xml.text("ns0:Beskrivning", text)
                    })
                })
            })
        })
    })?;
    Ok(String::from_utf8_lossy(&xml.writer.into_inner()).into_owned())
}

struct Xml {
    writer: Writer<Vec<u8>>,
    version: Version,
    fault: Option<Fault>,
}

impl Xml {
    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start))?;
        content(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    fn group(&mut self, name: &str, content: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.element(name, &[], content)
    }

    fn empty(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::Empty(BytesStart::new(name)))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.element(name, &[], |xml| xml.writer.write_event(Event::Text(BytesText::new(text))))
    }

    fn maybe(&mut self, name: &str, text: &Option<String>) -> io::Result<()> {
        text.as_deref().map_or(Ok(()), |text| self.text(name, text))
    }

    /// A field that since 2026 can tell whether it has been proved.
    fn provable(&mut self, name: &str, text: &Option<String>) -> io::Result<()> {
        match text {
            Some(text) if self.fault == Some(Fault::Styrkt) => {
                self.element(name, &[("styrkt", "J")], |xml| xml.writer.write_event(Event::Text(BytesText::new(text))))
            }
            _ => self.maybe(name, text),
        }
    }

    /// Something that came with a later version than any client knows.
    fn unknown(&mut self, name: &str) -> io::Result<()> {
        if self.fault != Some(Fault::UnknownElements) {
            return Ok(());
        }
        self.element(name, &[("nytt", "J")], |xml| {
            xml.text("PersonNr", "okänt <innehåll>")?;
            xml.empty("Tom")
        })
    }

    fn post(&mut self, person: &Person, today: Day) -> io::Result<()> {
        self.group("Folkbokforingspost", |xml| {
            if person.skydd != Skydd::Ingen {
                xml.text("Sekretessmarkering", "J")?;
            }
            if person.skydd == Skydd::SkyddadFolkbokforing && xml.version >= Version::V3 {
                xml.text("SkyddadFolkbokforing", "J")?;
            }
            let mut case = BytesStart::new("Arendeuppgift");
            case.push_attribute(("andringstidpunkt", person.andringstidpunkt.as_str()));
            xml.writer.write_event(Event::Empty(case))?;
            xml.unknown("Framtidsuppgift")?;
            xml.group("Personpost", |xml| xml.record(person, today))
        })
    }

    fn record(&mut self, person: &Person, today: Day) -> io::Result<()> {
        self.person_id(person)?;
        // Since 2026 the reference stands inside PersonId instead.
        if self.fault != Some(Fault::ReferencesInside) {
            for new in person.hanvisningar.iter().filter(|h| h.riktning == Riktning::Nytt) {
                self.text("HanvisningsPersonNr", &new.id)?;
            }
        }
        if let Some(avregistrering) = &person.avregistrering {
            self.avregistrering(avregistrering)?;
        }
        if self.version >= Version::V3 {
            self.text("Fodelsedatum", &person.fodelsedatum)?;
        }
        self.unknown("Framtidsnamn")?;
        self.namn(&person.namn)?;
        if let Some(registered) = &person.folkbokforing {
            self.group("Folkbokforing", |xml| {
                xml.text("Folkbokforingsdatum", &registered.folkbokforingsdatum)?;
                xml.text("LanKod", &registered.lan_kod)?;
                xml.text("KommunKod", &registered.kommun_kod)?;
                xml.maybe("Fastighetsbeteckning", &registered.fastighetsbeteckning)?;
                xml.maybe("Trappuppgang", &registered.trappuppgang)?;
                xml.maybe("Lagenhet", &registered.lagenhet)?;
                xml.text("FiktivtNr", "0")
            })?;
        }
        self.adresser(person)?;
        if let Some(status) = &person.civilstand {
            self.group("Civilstand", |xml| {
                xml.text("CivilstandKod", &status.kod)?;
                xml.maybe("Civilstandsdatum", &status.datum)
            })?;
        }
        if let Some(birth) = &person.fodelse {
            self.group("Fodelse", |xml| {
                if let Some(home) = &birth.hemort_sverige {
                    xml.group("HemortSverige", |xml| {
                        xml.maybe("FodelselanKod", &home.fodelselan_kod)?;
                        xml.maybe("Fodelseforsamling", &home.fodelseforsamling)
                    })?;
                }
                if let Some(abroad) = &birth.ort_utlandet {
                    xml.group("OrtUtlandet", |xml| {
                        xml.provable("FodelseortUtland", &abroad.fodelseort)?;
                        xml.maybe("Fodelseland", &abroad.fodelseland)
                    })?;
                }
                Ok(())
            })?;
        }
        if let Some(immigration) = &person.invandring {
            self.group("Invandring", |xml| {
                xml.maybe("Invandringsdatum", &immigration.invandringsdatum)?;
                xml.maybe("Uppehallsratt", &immigration.uppehallsratt)
            })?;
        }
        let relations: Vec<&Relation> =
            person.relationer.iter().filter(|r| still_holds(person, r, today) && !self.leaves_out(&r.typ)).collect();
        if !relations.is_empty() {
            self.group("Relationer", |xml| relations.iter().try_for_each(|relation| xml.relation(relation)))?;
        }
        for citizenship in &person.medborgarskap {
            self.group("Medborgarskap", |xml| {
                xml.provable("MedborgarskapslandKod", &Some(citizenship.landkod.clone()))?;
                xml.text("Medborgarskapsdatum", &citizenship.datum)
            })?;
        }
        if let Some(coordination) = &person.samordningsnummeruppgifter
            && self.version >= Version::V3
        {
            self.group("Samordningsnummeruppgifter", |xml| {
                xml.maybe("Tilldelningsdatum", &coordination.tilldelningsdatum)?;
                let expires = &coordination.preliminart_vilandeforklaringsdatum;
                xml.maybe("PreliminartVilandeforklaringsdatum", expires)?;
                xml.maybe("Fornyelsedatum", &coordination.fornyelsedatum)?;
                xml.maybe("DatumAvliden", &coordination.datum_avliden)
            })?;
        }
        Ok(())
    }

    fn person_id(&mut self, person: &Person) -> io::Result<()> {
        self.group("PersonId", |xml| {
            match person.id_typ {
                IdTyp::Personnummer => xml.text("PersonNr", &person.id)?,
                IdTyp::Samordningsnummer => xml.text("TilldelatPersonNrSamordningsNr", &person.id)?,
            }
            if let Some(coordination) = &person.samordningsnummeruppgifter
                && xml.version >= Version::V3
            {
                xml.group("Identitetsstatus", |xml| {
                    xml.text("IdentitetsstatusVarde", &coordination.identitetsstatus)?;
                    xml.maybe("IdentitetsstatusDatum", &coordination.identitetsstatus_datum)?;
                    xml.maybe("IdentitetsstatusOrsak", &coordination.identitetsstatus_orsak)
                })?;
                if xml.version >= Version::V4 {
                    xml.maybe("Identitetsniva", &coordination.identitetsniva)?;
                    xml.maybe("Identitetsnivadatum", &coordination.identitetsniva_datum)?;
                }
            }
            if xml.fault == Some(Fault::ReferencesInside) {
                for reference in &person.hanvisningar {
                    match reference.riktning {
                        Riktning::Nytt => xml.text("Hanvisning", &reference.id)?,
                        Riktning::Tidigare => xml.group("TidigareIdentitetsbeteckningar", |xml| {
                            xml.text("TidigareIdentitetsbeteckning", &reference.id)
                        })?,
                    }
                }
            }
            xml.unknown("FramtidaBeteckning")
        })
    }

    fn avregistrering(&mut self, avregistrering: &Avregistrering) -> io::Result<()> {
        self.group("Avregistrering", |xml| {
            xml.text("AvregistreringsorsakKod", &avregistrering.kod)?;
            xml.text("Avregistreringsdatum", &avregistrering.datum)?;
            if xml.version >= Version::V3 {
                xml.maybe("AntraffadDod", &avregistrering.antraffad_dod)?;
            }
            Ok(())
        })
    }

    fn namn(&mut self, namn: &Namn) -> io::Result<()> {
        self.group("Namn", |xml| {
            xml.maybe("Tilltalsnamnsmarkering", &namn.tilltalsnamnsmarkering)?;
            xml.provable("Fornamn", &namn.fornamn)?;
            xml.provable("Mellannamn", &namn.mellannamn)?;
            xml.provable("Efternamn", &namn.efternamn)?;
            xml.maybe("Aviseringsnamn", &namn.aviseringsnamn)
        })
    }

    fn adresser(&mut self, person: &Person) -> io::Result<()> {
        let adresser = &person.adresser;
        let uuid = adresser.uuid.as_ref().filter(|_| self.version >= Version::V3);
        if adresser.folkbokforingsadress.is_none()
            && adresser.sarskild_postadress.is_none()
            && adresser.utlandsadress.is_none()
            && uuid.is_none()
        {
            return Ok(());
        }
        self.group("Adresser", |xml| {
            if let Some(address) = &adresser.folkbokforingsadress {
                xml.svensk("Folkbokforingsadress", address)?;
            }
            if let Some(uuid) = uuid {
                xml.group("UUID", |xml| {
                    xml.maybe("Fastighet", &uuid.fastighet)?;
                    xml.maybe("Adress", &uuid.adress)?;
                    xml.maybe("Lagenhet", &uuid.lagenhet)
                })?;
            }
            if let Some(address) = &adresser.sarskild_postadress {
                xml.svensk("SarskildPostadress", address)?;
            }
            if let Some(abroad) = &adresser.utlandsadress {
                xml.group("Utlandsadress", |xml| {
                    xml.upper("Utdelningsadress1", &abroad.utdelningsadress1)?;
                    xml.upper("Utdelningsadress2", &abroad.utdelningsadress2)?;
                    xml.upper("Utdelningsadress3", &abroad.utdelningsadress3)?;
                    xml.upper("Land", &abroad.land)?;
                    xml.maybe("Utlandsadressdatum", &abroad.utlandsadressdatum)?;
                    xml.maybe("Rostrattsdatum", &abroad.rostrattsdatum)
                })?;
            }
            Ok(())
        })
    }

    fn svensk(&mut self, name: &str, address: &SvenskAdress) -> io::Result<()> {
        self.group(name, |xml| {
            xml.upper("CareOf", &address.care_of)?;
            xml.upper("Utdelningsadress1", &address.utdelningsadress1)?;
            xml.upper("Utdelningsadress2", &address.utdelningsadress2)?;
            xml.maybe("PostNr", &address.postnr)?;
            xml.upper("Postort", &address.postort)
        })
    }

    /// Addresses are delivered in upper case, names of people are not.
    fn upper(&mut self, name: &str, text: &Option<String>) -> io::Result<()> {
        self.maybe(name, &text.as_ref().map(|text| text.to_uppercase()))
    }

    fn leaves_out(&self, relation: &str) -> bool {
        match self.fault {
            Some(Fault::CustodyEnded) => matches!(relation, "V" | "VF"),
            Some(Fault::CustodyOneSided) => relation == "V",
            _ => false,
        }
    }

    fn relation(&mut self, relation: &Relation) -> io::Result<()> {
        self.group("Relation", |xml| {
            xml.group("RelationId", |xml| match relation.id_typ {
                RelationIdTyp::Personnr => xml.text("PersonNr", &relation.id),
                RelationIdTyp::Fodelsetidnr => xml.text("FodelsetidNr", &relation.id),
            })?;
            xml.text("Relationstyp", &relation.typ)?;
            xml.maybe("RelationFromdatum", &relation.fran)?;
            xml.maybe("RelationTomdatum", &relation.till)?;
            if let Some(namn) = &relation.namn {
                xml.namn(namn)?;
            }
            relation.avregistrering.as_ref().map_or(Ok(()), |avregistrering| xml.avregistrering(avregistrering))
        })
    }
}

/// Custody leaves both records on the child's eighteenth birthday (föräldrabalken 6 kap. 2 §); everything else stays.
fn still_holds(person: &Person, relation: &Relation, today: Day) -> bool {
    let child = match relation.typ.as_str() {
        "V" => &person.id,
        "VF" => &relation.id,
        _ => return true,
    };
    let age = Personnummer::from_canonical(child).ok().and_then(|number| number.age(today));
    age.is_none_or(|age| age < 18)
}
