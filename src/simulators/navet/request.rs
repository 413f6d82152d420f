//! Reading a `PersonpostRequest`. Elements are matched on namespace and local name, never on prefix.

use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

/// SOAP 1.1.
pub(super) const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The message namespace of every version of the service.
pub(super) const MESSAGES: &str = "http://xmls.skatteverket.se/se/skatteverket/folkbokforing/na/epersondata/V1";

/// Whose record is asked for, by whom, under which order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PersonpostRequest {
    pub(super) org_nr: String,
    pub(super) order: String,
    pub(super) person_id: String,
}

/// Not a request, or with fields that the schema does not allow: "Felaktiga inparametrar".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InvalidParameters;

impl PersonpostRequest {
    pub(super) fn read(xml: &str) -> Result<Self, InvalidParameters> {
        const WANTED: [&str; 3] = [
            "Envelope/Body/PersonpostRequest/Bestallning/OrgNr",
            "Envelope/Body/PersonpostRequest/Bestallning/BestallningsId",
            "Envelope/Body/PersonpostRequest/PersonId",
        ];
        let mut reader = NsReader::from_str(xml);
        let mut path: Vec<String> = Vec::new();
        let mut found: [Option<String>; 3] = [const { None }; 3];
        let mut inside = None;
        loop {
            match reader.read_resolved_event() {
                Ok((namespace, Event::Start(element))) => {
                    let expected = if path.len() < 2 { SOAP } else { MESSAGES };
                    let known = namespace == ResolveResult::Bound(Namespace(expected));
                    // A foreign element gets a name that is on no path.
                    let local = if known { element.local_name().as_ref().to_owned() } else { "?".to_owned() };
                    path.push(local);
                    let here = path.join("/");
                    inside = WANTED.iter().position(|wanted| *wanted == here);
                    if let Some(slot) = inside.and_then(|i| found.get_mut(i))
                        && slot.replace(String::new()).is_some()
                    {
                        return Err(InvalidParameters);
                    }
                }
                Ok((_, Event::Text(text))) => {
                    if let Some(value) = inside.and_then(|i| found.get_mut(i)).and_then(Option::as_mut) {
                        value.push_str(&text.xml10_content());
                    }
                }
                Ok((_, Event::End(_))) => {
                    path.pop();
                    inside = None;
                }
                // No entity, no DTD: nothing that the fields could need.
                Ok((_, Event::DocType(_))) | Err(_) => return Err(InvalidParameters),
                Ok((_, Event::Eof)) => break,
                Ok(_) => {}
            }
        }
        let [org_nr, order, person_id] = found.map(|value| value.unwrap_or_default().trim().to_owned());
        let twelve_digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let valid = path.is_empty()
            && twelve_digits(&org_nr)
            && org_nr.as_str() >= "160000000000"
            && is_order(&order)
            && twelve_digits(&person_id)
            && !person_id.starts_with('0');
        if valid { Ok(Self { org_nr, order, person_id }) } else { Err(InvalidParameters) }
    }

    /// Whether the order was made without people under protection: they are then not found at all.
    pub(super) fn leaves_out_the_protected(&self) -> bool {
        self.order.ends_with("-0001")
    }
}

/// `NNNNNNNN-FONN-NNNN`.
fn is_order(text: &str) -> bool {
    let pattern = "NNNNNNNN-FONN-NNNN";
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'N' => byte.is_ascii_digit(),
            wanted => byte == wanted,
        })
}
