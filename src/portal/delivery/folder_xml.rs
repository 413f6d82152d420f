//! A delivery as simple XML that a person can read and an import program can map, with the same words as the JSON beside it.

use crate::contract::Delivery;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Cursor};

type Xml = Writer<Cursor<Vec<u8>>>;

/// The delivery: who, what, when, every question with its answer, and the list of files.
pub(super) fn readable(d: &Delivery) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Cursor::new(Vec::new()), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = [("id", d.delivery_id.as_str()), ("kind", d.kind.as_str()), ("schemaVersion", &d.schema_version)];
    xml.create_element("delivery").with_attributes(root).write_inner_content(|w| {
        line(w, "municipality", &d.municipality.code)?;
        line(w, "reference", &d.case.reference.to_string())?;
        line(w, "caseId", d.case.id.as_str())?;
        some(w, "externalCaseId", d.case.external_case_id.as_deref())?;
        line(w, "service", &d.service.code)?;
        line(w, "title", &d.title)?;
        line(w, "caseType", &d.routing.case_type)?;
        line(w, "unit", &d.routing.unit)?;
        line(w, "receivedAt", &d.received_at.rfc3339())?;
        line(w, "receivedDate", &d.received_date)?;
        line(w, "sensitivity", &d.sensitivity)?;
        for party in &d.parties {
            w.create_element("party").with_attribute(("role", party.role.as_str())).write_inner_content(|w| {
                some(w, "name", party.name.as_deref())?;
                some(w, "identifier", party.identifier.as_ref().map(|i| i.value.as_str()))?;
                let contact = party.contact.as_ref();
                some(w, "email", contact.and_then(|c| c.email.as_deref()))?;
                some(w, "phone", contact.and_then(|c| c.phone.as_deref()))?;
                if party.protected_identity {
                    line(w, "protectedIdentity", "true")?;
                }
                Ok(())
            })?;
        }
        for section in &d.answers {
            w.create_element("section").with_attribute(("title", section.section.as_str())).write_inner_content(
                |w| {
                    section.items.iter().try_for_each(|item| {
                        let answer = w.create_element("answer").with_attribute(("id", item.id.as_str()));
                        answer.write_inner_content(|w| {
                            line(w, "question", &item.label)?;
                            line(w, "text", &item.text)
                        })?;
                        Ok(())
                    })
                },
            )?;
        }
        some(w, "message", d.message.as_ref().map(|m| m.text.as_str()))?;
        for document in &d.documents {
            let sha256 = ("sha256", document.sha256.as_str());
            w.create_element("document").with_attribute(sha256).write_inner_content(|w| {
                line(w, "fileName", &document.file_name)?;
                line(w, "mediaType", &document.media_type)?;
                line(w, "size", &document.size.to_string())
            })?;
        }
        Ok(())
    })?;
    let mut bytes = xml.into_inner().into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn line(w: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    // What XML cannot hold at all is left out; a person typed it by mistake.
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    w.create_element(name).write_text_content(BytesText::new(&kept))?;
    Ok(())
}

fn some(w: &mut Xml, name: &str, text: Option<&str>) -> io::Result<()> {
    text.map_or(Ok(()), |text| line(w, name, text))
}
