//! A small reader of trusted-by-contract but unchecked XML: a whole document becomes a tree of what we care about.
//! No DOCTYPE, no entities but the five of XML itself, bounded in size and depth. Names are matched by namespace and
//! local name, never by prefix.

use super::soap::Unreadable;
use quick_xml::NsReader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// More is never a person.
pub(super) const GREATEST_SIZE: usize = 1 << 20;
const GREATEST_DEPTH: usize = 32;
const MOST_ATTRIBUTES: usize = 32;

/// The namespaces that our documents use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    None,
    Soap,
    Message,
    Foreign,
}

pub(super) struct Element {
    pub(super) space: Space,
    pub(super) name: String,
    /// Attributes without prefix.
    attributes: Vec<(String, String)>,
    text: String,
    pub(super) children: Vec<Element>,
}

pub(super) const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
pub(super) const MESSAGE: &str = "http://xmls.skatteverket.se/se/skatteverket/folkbokforing/na/epersondata/V1";

impl Element {
    /// The first child by that name.
    pub(super) fn child(&self, space: Space, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.space == space && c.name == name)
    }

    pub(super) fn all<'a>(&'a self, space: Space, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.space == space && c.name == name)
    }

    /// Down a path of elements that have no namespace.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(Space::None, name))
    }

    /// The text at the end of a path, with white space evened out and control characters gone; `None` when empty.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        self.at(path).and_then(Element::own_text)
    }

    pub(super) fn own_text(&self) -> Option<String> {
        let visible: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words: Vec<&str> = visible.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// This element and everything below it.
    pub(super) fn everything(&self) -> Vec<&Element> {
        let mut found = vec![self];
        let mut next = 0;
        while let Some(element) = found.get(next).copied() {
            found.extend(element.children.iter());
            next += 1;
        }
        found
    }

    fn opened(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Self {
        let space = match space {
            ResolveResult::Unbound => Space::None,
            ResolveResult::Bound(name) if name.0 == SOAP => Space::Soap,
            ResolveResult::Bound(name) if name.0 == MESSAGE => Space::Message,
            ResolveResult::Bound(_) | ResolveResult::Unknown(_) => Space::Foreign,
        };
        let attributes = start
            .attributes()
            .flatten()
            .filter(|a| a.key.prefix().is_none())
            .map(|a| (a.key.local_name().into_inner().to_owned(), a.value.into_owned()))
            .collect();
        let name = start.local_name().into_inner().to_owned();
        Self { space, name, attributes, text: String::new(), children: Vec::new() }
    }
}

/// The root element of a document.
pub(super) fn read(body: &[u8]) -> Result<Element, Unreadable> {
    if body.len() > GREATEST_SIZE {
        return Err(Unreadable::TooLarge);
    }
    let body = std::str::from_utf8(body).map_err(|_| Unreadable::NotUtf8)?;
    let mut reader = NsReader::from_str(body.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_resolved_event().map_err(|_| Unreadable::NotXml)? {
            (space, Event::Start(start)) => {
                if open.len() >= GREATEST_DEPTH {
                    return Err(Unreadable::TooDeep);
                }
                if root.is_some() {
                    return Err(Unreadable::NotXml);
                }
                // Each is compared with the others of its element, and each namespace with every name below it.
                if start.attributes().with_checks(false).count() > MOST_ATTRIBUTES {
                    return Err(Unreadable::TooManyAttributes);
                }
                open.push(Element::opened(&space, &start));
            }
            (_, Event::End(_)) => {
                let closed = open.pop().ok_or(Unreadable::NotXml)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => root = Some(closed),
                }
            }
            (_, Event::Text(text)) => add(&mut open, &text.xml10_content()),
            (_, Event::CData(text)) => add(&mut open, &text.xml10_content()),
            (_, Event::GeneralRef(reference)) => {
                let character = reference.resolve_char_ref().map_err(|_| Unreadable::NotXml)?;
                match (character, resolve_predefined_entity(&reference)) {
                    (Some(character), _) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => add(&mut open, text),
                    (None, None) => return Err(Unreadable::Forbidden),
                }
            }
            (_, Event::DocType(_)) => return Err(Unreadable::Forbidden),
            (_, Event::Eof) => break,
            _ => {}
        }
    }
    // A document that was cut off has elements left open.
    if open.is_empty() { root.ok_or(Unreadable::NotXml) } else { Err(Unreadable::NotXml) }
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}
