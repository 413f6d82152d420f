//! How the texts of the contract look in its JSON Schema (2020-12). The schemas of everything else come from the types.

use crate::vocabulary::{At, CaseId, DeliveryId, Reference};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! text_schema {
    ($($of:ty: $name:literal, $schema:tt;)+) => { $(
        impl JsonSchema for $of {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+ };
}

text_schema! {
    At: "At", { "type": "string", "format": "date-time" };
    CaseId: "CaseId", { "type": "string", "format": "uuid" };
    DeliveryId: "DeliveryId", { "type": "string", "format": "uuid" };
    Reference: "Reference", { "type": "string", "pattern": "^EK-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{8}$" };
}
