//! What the catalogue's pages show.

use super::{Catalogue, Category};
use crate::forms::{Cosign, Definition, Level};
use crate::texts::Voice;
use crate::vocabulary::MunicipalitySlug;
use serde_json::{Value, json};
use std::borrow::Cow;

/// A card in a list.
pub(super) fn card(definition: &Definition, catalogue: &Catalogue, voice: &Voice) -> Value {
    json!({
        "slug": definition.slug,
        "title": definition.title.get(voice),
        "summary": definition.summary.get(voice),
        "minutes": definition.minutes,
        "login": !definition.level.is_anonymous(),
        "icon": category_of(definition, catalogue).map_or("file", |c| &c.icon),
    })
}

fn category_of<'a>(definition: &Definition, catalogue: &'a Catalogue) -> Option<&'a Category> {
    catalogue.categories().iter().find(|c| c.slug == definition.category)
}

/// Groups with how many services each has; empty ones are left out.
pub(super) fn categories(catalogue: &Catalogue, municipality: &MunicipalitySlug, voice: &Voice) -> Vec<Value> {
    let all = catalogue.all(municipality, voice);
    catalogue
        .categories()
        .iter()
        .map(|c| (c, all.iter().filter(|d| d.category == c.slug).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(c, count)| json!({ "slug": c.slug, "title": c.title.get(voice), "count": count, "icon": c.icon }))
        .collect()
}

/// Everything that one should know before beginning.
pub(super) fn service(definition: &Definition, catalogue: &Catalogue, voice: &Voice) -> Value {
    let category = category_of(definition, catalogue);
    let law = definition.law.get(voice);
    json!({
        "slug": definition.slug,
        "title": definition.title.get(voice),
        "summary": definition.summary.get(voice),
        "icon": category.map_or("file", |c| &c.icon),
        "category": {
            "slug": definition.category,
            "title": category.map_or(Cow::Borrowed(definition.category.as_str()), |c| c.title.get(voice)),
        },
        "audience": definition.for_whom.get(voice),
        "needs": definition.you_need.iter().map(|w| w.get(voice)).collect::<Vec<_>>(),
        "minutes": definition.minutes,
        "fee": "",
        "decision_time": "",
        "laws": if law.is_empty() { json!([]) } else { json!([{ "text": law, "href": "" }]) },
        "personal_data": definition.personal_data.get(voice),
        "next": definition.what_happens_next.get(voice).split('\n').map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>(),
        "assurance": match definition.level {
            Level::None => "none",
            Level::Two => "low",
            Level::Three => "substantial",
            Level::Four => "high",
        },
        "login": !definition.level.is_anonymous(),
        "may_act": definition.may_act.iter().map(|a| a.word()).collect::<Vec<_>>(),
        "signing": match (definition.signing, definition.cosign) {
            (false, _) => String::new(),
            (true, None) => voice.text("service-signing-one"),
            (true, Some(Cosign::Guardians)) => voice.text("service-signing-guardians"),
            (true, Some(Cosign::Named)) => voice.text("service-signing-named"),
        },
        "closes_text": "",
        "closed_text": "",
        "start_href": format!("/e-tjanster/{}/fyll-i", definition.slug),
        "look_href": format!("/e-tjanster/{}/titta-igenom", definition.slug),
    })
}
