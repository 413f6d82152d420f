//! How she wants to be reached.

use crate::audit;
use crate::forms::{FieldError, FieldView, OptionView};
use crate::oidc::USUAL_LEVEL;
use crate::portal::identity::{self, Citizen, LoggedIn, Reach, citizen_of, require_fresh, require_level};
use crate::portal::{App, submissions};
use crate::texts::Voice;
use crate::vocabulary::{EmailAddress, PhoneNumber};
use crate::web::{AppError, PostedForm, Visit, see_other};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Deserialize;
use serde_json::json;

const HERE: &str = "/mina-sidor/installningar";
/// The channels, as [`Reach`] keeps them.
const CHANNELS: [&str; 2] = ["mina-sidor", "brev"];

#[derive(Deserialize)]
pub(super) struct Wish {
    visa: Option<String>,
}

/// What stands in the form.
struct Typed {
    email: String,
    phone: String,
    channel: String,
}

impl Typed {
    fn of(fields: &[(String, String)]) -> Self {
        let field = |name: &str| {
            let found = fields.iter().find(|(n, _)| n == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        Self { email: field("epost"), phone: field("telefon"), channel: field("kanal") }
    }
}

pub(super) async fn show(who: LoggedIn, app: web::Data<App>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let party = who.citizen.party.clone();
    let reach = app.ground.db.read(move |c| identity::reach_of(c, &party)).await?.unwrap_or_default();
    let is_refused = reach.email_refused_at.is_some();
    if let Some(fields) = submissions::unpark(&app, &who.visit, &kept_at(&who.citizen)).await? {
        return page(&who.visit, &Typed::of(&fields), &[], is_refused, Some("settings-kept"));
    }
    let typed = Typed {
        phone: reach.phone_shown(),
        email: reach.email.unwrap_or_default(),
        channel: if CHANNELS.contains(&reach.channel.as_str()) { reach.channel } else { "mina-sidor".to_owned() },
    };
    let notice = (wish.visa.as_deref() == Some("sparat")).then_some("settings-saved");
    page(&who.visit, &typed, &[], is_refused, notice)
}

fn page(
    visit: &Visit,
    typed: &Typed,
    errors: &[FieldError],
    is_refused: bool,
    notice: Option<&str>,
) -> Result<HttpResponse, AppError> {
    let voice = &visit.voice;
    let error = |id: &str| errors.iter().find(|e| e.field_id == id).map(|e| e.message.clone()).unwrap_or_default();
    let text = |id: &str, kind: &'static str, value: &str| FieldView {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        label: voice.text(&format!("settings-{kind}")),
        hint: voice.text(&format!("settings-{kind}-hint")),
        optional: true,
        value: value.to_owned(),
        error: error(id),
        ..FieldView::default()
    };
    let fields = [
        FieldView { autocomplete: "email", inputmode: "email", width: "full", ..text("epost", "email", &typed.email) },
        FieldView { autocomplete: "tel", inputmode: "tel", width: "medium", ..text("telefon", "phone", &typed.phone) },
        FieldView {
            id: "kanal".to_owned(),
            name: "kanal".to_owned(),
            kind: "choice",
            label: voice.text("settings-channel"),
            options: CHANNELS
                .iter()
                .map(|channel| OptionView {
                    value: (*channel).to_owned(),
                    label: voice.text(&format!("settings-channel-{channel}")),
                    hint: voice.text(&format!("settings-channel-{channel}-hint")),
                    selected: typed.channel == *channel,
                })
                .collect(),
            error: error("kanal"),
            ..FieldView::default()
        },
    ];
    visit.page(
        "portal/settings.html",
        "my-pages",
        json!({
            "page": { "error_prefix": !errors.is_empty(), "notice": notice.map(|key| voice.text(key)) },
            "action": HERE,
            "fields": fields,
            "errors": errors,
            "refused": is_refused,
        }),
    )
}

/// Where her changes wait while she proves anew who she is.
fn kept_at(citizen: &Citizen) -> String {
    format!("{HERE}#{}", citizen.party)
}

pub(super) async fn save(form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let citizen = citizen_of(visit).ok_or_else(|| AppError::LogIn(HERE.to_owned()))?;
    let typed = Typed::of(&form.fields);
    let reach = match read(&typed, &visit.voice) {
        Ok(reach) => reach,
        Err(errors) => return page(visit, &typed, &errors, false, None),
    };
    let actor = citizen.audited();
    if let Err(again) = require_level(visit, USUAL_LEVEL, HERE).and_then(|()| require_fresh(visit, HERE)) {
        submissions::park(&app, visit, &kept_at(&citizen), &form.fields).await?;
        // An answer and no longer an error: what is kept need not be given back.
        return Ok(again.error_response());
    }
    let (slug, party, now) = (visit.municipality.slug.clone(), citizen.party, app.ground.clock.now());
    let save = move |c: &mut crate::db::Conn| {
        identity::set_reach(c, &slug, &party, &reach, now)?;
        audit::record(c, &slug, now, &actor, "settings.changed", party.as_str(), "")
    };
    app.ground.db.write(save).await?;
    Ok(see_other(&format!("{HERE}?visa=sparat")))
}

fn read(typed: &Typed, voice: &Voice) -> Result<Reach, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |id: &str, key: &str| errors.push(FieldError::new(id, voice.text(key)));
    let mut reach = Reach { channel: typed.channel.clone(), ..Reach::default() };
    match typed.email.parse::<EmailAddress>() {
        _ if typed.email.is_empty() => {}
        Ok(email) => reach.email = Some(email.as_str().to_owned()),
        Err(_) => wrong("epost", "settings-email-wrong"),
    }
    match typed.phone.parse::<PhoneNumber>() {
        _ if typed.phone.is_empty() => {}
        Ok(phone) => reach.phone = Some(phone.as_str().to_owned()),
        Err(_) => wrong("telefon", "settings-phone-wrong"),
    }
    if !CHANNELS.contains(&typed.channel.as_str()) {
        wrong("kanal", "settings-channel-missing");
    }
    if errors.is_empty() { Ok(reach) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Lang;
    use crate::web::Renderer;

    #[test]
    fn everything_that_is_wrong_is_told_at_once_and_nothing_need_be_given() {
        let renderer = Renderer::new().unwrap();
        let voice = &renderer.voice(Lang::SWEDISH);
        let typed = |email: &str, phone: &str, channel: &str| Typed {
            email: email.into(),
            phone: phone.into(),
            channel: channel.into(),
        };
        let wrong = read(&typed("anna", "12", "duva"), voice).unwrap_err();
        assert_eq!(wrong.iter().map(|e| e.href.as_str()).collect::<Vec<_>>(), ["#epost", "#telefon", "#kanal"]);
        let fine = read(&typed("anna@example.se", "070-123 45 67", "brev"), voice).unwrap();
        assert_eq!(fine.phone.as_deref(), Some("+46701234567"));
        assert_eq!(read(&typed("", "", "mina-sidor"), voice).unwrap().email, None);
    }
}
