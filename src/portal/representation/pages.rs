//! Choosing for whom to act: `/foretrad`.

use super::Lost;
use super::find::{self, Children, Organisations, Principal};
use super::store::{self, Moment};
use super::view::{Choices, Typed};
use crate::audit;
use crate::forms::{Actor, FieldError};
use crate::oidc::{USUAL_LEVEL, safe_return_path};
use crate::portal::App;
use crate::portal::identity::{Acting, Citizen, citizen_of, require_level, switch};
use crate::texts::Voice;
use crate::vocabulary::{InvalidOrganisationsnummer, Organisationsnummer, PartyId};
use crate::web::{AppError, PostedForm, Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

const HERE: &str = "/foretrad";
/// Longest name of an organisation.
const LONGEST_NAME: usize = 120;

/// The page and what is chosen on it.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(HERE, web::get().to(show)).route(HERE, web::post().to(choose));
}

#[derive(Deserialize, Default)]
struct Wish {
    /// The service that she is on her way to.
    #[serde(default)]
    tjanst: String,
    /// Where she was.
    #[serde(default)]
    retur: String,
    /// Why she is here.
    #[serde(default)]
    besked: String,
}

impl Wish {
    fn service(&self, app: &App, visit: &Visit) -> Option<std::sync::Arc<crate::forms::Definition>> {
        app.catalogue.find(&visit.municipality.slug, &self.tjanst.parse().ok()?)
    }

    fn news(&self, voice: &Voice) -> Option<String> {
        match self.besked.as_str() {
            "upphort" => Some(voice.text("acting-ended")),
            "tyst" => Some(voice.text("acting-silent")),
            _ => None,
        }
    }
}

/// Open to every log-in that some service takes; what registers say is for stronger ones.
async fn show(visit: Visit, app: web::Data<App>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let citizen = citizen_of(&visit).ok_or_else(|| AppError::LogIn(visit.path_and_query.clone()))?;
    let news = wish.news(&visit.voice);
    page(&app, &visit, &citizen, &wish, StatusCode::OK, news, &Typed::default(), &[]).await
}

#[expect(clippy::too_many_arguments, reason = "one page, with all that may stand on it")]
async fn page(
    app: &App,
    visit: &Visit,
    citizen: &Citizen,
    wish: &Wish,
    status: StatusCode,
    news: Option<String>,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<HttpResponse, AppError> {
    let (slug, actor, keys) = (visit.municipality.slug.clone(), citizen.person().clone(), app.ground.keys.clone());
    let service = wish.service(app, visit);
    let is_strong = visit.session.as_ref().is_some_and(|session| session.level >= USUAL_LEVEL);
    // Nobody is asked about what the service has no use for.
    let wants = |kinds: &[Actor]| {
        is_strong && service.as_ref().is_none_or(|s| kinds.iter().any(|kind| s.may_act.contains(kind)))
    };
    let (wants_children, wants_organisations) = (wants(&[Actor::Child]), wants(&[Actor::Company, Actor::Association]));
    let children =
        async { if wants_children { find::children(app, &slug, citizen).await } else { Children::default() } };
    let organisations = async {
        if wants_organisations { find::organisations(app, &slug, citizen).await } else { Organisations::default() }
    };
    let (children, organisations) = futures_util::future::join(children, organisations).await;
    let before = {
        let (slug, actor) = (slug.clone(), actor.clone());
        app.ground.db.read(move |c| store::capacities_of(c, &keys, &slug, &actor)).await?
    };
    let key = |principal: &Principal| key_of(app, &actor, principal);
    let choices = Choices {
        citizen,
        service: service.as_deref(),
        children: &children,
        organisations: &organisations,
        before: &before,
        key: &key,
        voice: &visit.voice,
        is_strong,
    };
    let context = choices.page(&wish.retur, news.as_deref(), typed, errors);
    visit.page_with_status(status, "portal/acting.html", "", context)
}

/// Names a principal in her pages: telling nothing, and of no use to anybody else.
fn key_of(app: &App, actor: &PartyId, principal: &Principal) -> String {
    let what = format!("{}:{}", principal.authority.kind.as_str(), principal.number.expose());
    let key: String = app.ground.keys.lookup(&format!("choices:{actor}"), &what).chars().take(32).collect();
    match principal.kind {
        Actor::Child => format!("barn.{key}"),
        _ => format!("org.{key}"),
    }
}

/// What was chosen.
enum Chosen {
    Oneself,
    For(Box<Principal>),
    /// Not there, or not any more: why.
    Not(&'static str),
    Wrong(Vec<FieldError>),
}

async fn choose(form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let citizen = citizen_of(visit).ok_or_else(|| AppError::LogIn(HERE.to_owned()))?;
    let field = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
    let wish = Wish { tjanst: field("tjanst"), retur: field("retur"), besked: String::new() };
    let typed = Typed { number: field("nummer"), name: field("namn"), kind: field("slag") };
    let acting = match chosen(&app, visit, &citizen, &field("val"), &typed).await? {
        Chosen::Oneself => None,
        Chosen::For(principal) => Some(take_on(&app, visit, &citizen, *principal).await?),
        Chosen::Not(why) => {
            let news = Some(visit.text(why));
            return page(&app, visit, &citizen, &wish, StatusCode::CONFLICT, news, &Typed::default(), &[]).await;
        }
        Chosen::Wrong(errors) => {
            return page(&app, visit, &citizen, &wish, StatusCode::UNPROCESSABLE_ENTITY, None, &typed, &errors).await;
        }
    };
    if acting.is_none() {
        leave(&app, visit, &citizen).await?;
    }
    let cookie = switch(&app, visit, &citizen.acting_as(acting)).await?;
    let onward = match wish.service(&app, visit) {
        Some(service) => format!("/e-tjanster/{}/fyll-i", service.slug),
        None => safe_return_path(&wish.retur).unwrap_or_else(|| "/mina-sidor".to_owned()),
    };
    let mut response = see_other(&onward);
    response.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(response)
}

async fn chosen(app: &App, visit: &Visit, citizen: &Citizen, choice: &str, typed: &Typed) -> Result<Chosen, AppError> {
    let slug = &visit.municipality.slug;
    let pick = |all: Vec<Principal>, is_silent: bool| match all
        .into_iter()
        .find(|p| key_of(app, citizen.person(), p) == choice)
    {
        Some(principal) => Chosen::For(Box::new(principal)),
        None if is_silent => Chosen::Not("acting-silent-choosing"),
        None => Chosen::Not("acting-not-yours"),
    };
    Ok(match choice.split_once('.') {
        None if choice == "sjalv" => Chosen::Oneself,
        None if choice == "annan" => match read(typed, &visit.voice) {
            Err(errors) => Chosen::Wrong(errors),
            Ok((number, name, kind)) => declare(app, visit, number, name, kind).await,
        },
        Some(("barn", _)) => {
            require_level(visit, USUAL_LEVEL, HERE)?;
            let found = find::children(app, slug, citizen).await;
            pick(found.offered, found.is_silent)
        }
        Some(("org", _)) => {
            require_level(visit, USUAL_LEVEL, HERE)?;
            let found = find::organisations(app, slug, citizen).await;
            pick(found.offered, found.is_silent)
        }
        Some(("tidigare", party)) => {
            let (keys, slug, actor) = (app.ground.keys.clone(), slug.clone(), citizen.person().clone());
            let before = app.ground.db.read(move |c| store::capacities_of(c, &keys, &slug, &actor)).await?;
            match before.into_iter().find(|capacity| capacity.party.as_str() == party) {
                Some(capacity) => declare(app, visit, capacity.number, capacity.name, capacity.kind).await,
                None => Chosen::Not("acting-not-yours"),
            }
        }
        _ => return Err(AppError::Invalid("invalid")),
    })
}

async fn declare(app: &App, visit: &Visit, number: Organisationsnummer, name: String, kind: Actor) -> Chosen {
    match find::declared(app, &visit.municipality.slug, number, name, kind).await {
        Ok(principal) => Chosen::For(Box::new(principal)),
        Err(find::Gone) => Chosen::Wrong(vec![FieldError::new("nummer", visit.text("acting-number-gone"))]),
    }
}

/// Writes down whom she takes on and by what right, and gives what the session is to hold.
async fn take_on(app: &App, visit: &Visit, citizen: &Citizen, principal: Principal) -> Result<Acting, AppError> {
    let (keys, slug, now) = (app.ground.keys.clone(), visit.municipality.slug.clone(), app.ground.clock.now());
    let actor = citizen.person().clone();
    let write = move |c: &mut crate::db::Conn| {
        let party = store::find_or_create(c, &keys, &slug, &actor, &principal, now)?;
        let authority = &principal.authority;
        store::record(c, &slug, (&actor, &party), authority, (Moment::Chosen, None), now)?;
        let by = format!("{} {}", authority.kind.as_str(), authority.source.as_str());
        audit::record(c, &slug, now, &format!("party:{actor}"), "acting.chosen", party.as_str(), &by)?;
        let Principal { kind, name, number, address, authority } = principal.clone();
        Ok::<_, crate::db::DbError>(Acting::new(actor.clone(), party, kind, name, &number, address, authority))
    };
    Ok(app.ground.db.write(write).await?)
}

async fn leave(app: &App, visit: &Visit, citizen: &Citizen) -> Result<(), AppError> {
    if citizen.acting.is_none() {
        return Ok(());
    }
    let (slug, now) = (visit.municipality.slug.clone(), app.ground.clock.now());
    let (actor, party) = (citizen.person().clone(), citizen.party.clone());
    let write = move |c: &mut crate::db::Conn| {
        audit::record(c, &slug, now, &format!("party:{actor}"), "acting.left", party.as_str(), "")
    };
    Ok(app.ground.db.write(write).await?)
}

/// An organisation by number, name and kind; everything that is wrong at once.
fn read(typed: &Typed, voice: &Voice) -> Result<(Organisationsnummer, String, Actor), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |id: &str, key: &str| errors.push(FieldError::new(id, voice.text(key)));
    let number = Organisationsnummer::parse(&typed.number);
    match &number {
        Ok(_) => {}
        Err(_) if typed.number.is_empty() => wrong("nummer", "acting-number-missing"),
        Err(InvalidOrganisationsnummer::Person) => wrong("nummer", "acting-number-person"),
        Err(_) => wrong("nummer", "acting-number-wrong"),
    }
    let name = typed.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        wrong("namn", "acting-name-missing");
    }
    let kind = [Actor::Company, Actor::Association].into_iter().find(|kind| kind.word() == typed.kind);
    if kind.is_none() {
        wrong("slag", "acting-kind-missing");
    }
    match (number, kind) {
        (Ok(number), Some(kind)) if errors.is_empty() => Ok((number, name, kind)),
        _ => Err(errors),
    }
}

/// What she sees instead: the page where she chooses for whom she acts, with the reason. A right that has ended is gone
/// from her session too; her drafts stay with the party that they belong to.
pub async fn lost(
    app: &App,
    visit: &Visit,
    citizen: &Citizen,
    why: Lost,
    back: &str,
) -> Result<HttpResponse, AppError> {
    let query = |news: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("besked", news).append_pair("retur", back).finish()
    };
    tracing::info!(party = %citizen.party, ?why, "a right to act did not hold");
    match why {
        Lost::Silent => Ok(see_other(&format!("/foretrad?{}", query("tyst")))),
        Lost::Ended => {
            let cookie = switch(app, visit, &citizen.acting_as(None)).await?;
            let mut response = see_other("/foretrad?besked=upphort");
            response.add_cookie(&cookie).map_err(AppError::internal)?;
            Ok(response)
        }
    }
}
