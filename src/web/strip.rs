//! The strip on every page of the demo: three sides of the same thing, and which of them one is on.

use serde_json::{Value, json};

/// The side that is neither portal nor desk.
pub const CONTROL_ROOM: &str = "control-room";

/// `page.demo_links` of the component `demo_strip`: where residents, handlers and Kontrollrum are. `current` is the name
/// of a realm or [`CONTROL_ROOM`]; another name marks nothing.
pub fn demo_links([portal, desk, room]: [String; 3], current: &str) -> Value {
    [("portal", portal), ("desk", desk), (CONTROL_ROOM, room)]
        .into_iter()
        .map(|(side, href)| json!({ "side": side, "href": href, "current": side == current }))
        .collect()
}
