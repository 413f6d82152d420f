//! What residents and operators notice of the register.

mod people;
mod posts;
mod wire;

use super::*;
use crate::vocabulary::{At, Personnummer};

fn number(digits: &str) -> Personnummer {
    Personnummer::from_canonical(digits).unwrap_or_else(|e| panic!("{digits}: {e}"))
}

fn at(text: &str) -> At {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/navet/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn person(reply: Result<Reply, Unreadable>) -> Person {
    match reply {
        Ok(Reply::Person(person)) => *person,
        other => panic!("not a person: {other:?}"),
    }
}

fn post(inside: &str) -> String {
    format!(
        r#"<a:Envelope xmlns:a="http://schemas.xmlsoap.org/soap/envelope/"><a:Body><b:PersonpostXMLResponse xmlns:b="http://xmls.skatteverket.se/se/skatteverket/folkbokforing/na/epersondata/V1"><b:Folkbokforingsposter>{inside}</b:Folkbokforingsposter></b:PersonpostXMLResponse></a:Body></a:Envelope>"#
    )
}
