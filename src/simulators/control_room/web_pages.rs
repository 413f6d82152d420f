//! Kontrollrum over HTTP.

use super::people::{CHOICES, Choice, Who};
use super::{Setup, queues};
use crate::simulators::StartError;
use crate::simulators::broker::NEXT_PERSON;
use crate::simulators::mailbox::{Letters, shown};
use crate::simulators::pages::Pages;
use crate::simulators::people::People;
use crate::web::{CONTROL_ROOM, asset_files, http_client, see_other};
use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieAge};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// So many letters are shown on the front page.
const NEWEST: usize = 5;
/// Our own process answers at once or not at all.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between the press and the log-in that it is for.
const CHOSEN_FOR: CookieAge = CookieAge::seconds(60);

/// What the pages of Kontrollrum and its mailbox share.
pub(in crate::simulators) struct ControlRoom {
    pub(in crate::simulators) pages: Arc<Pages>,
    pub(in crate::simulators) letters: Arc<Letters>,
    setup: Setup,
    people: Arc<People>,
    client: reqwest::Client,
}

impl ControlRoom {
    pub(in crate::simulators) fn new(setup: Setup, letters: Arc<Letters>) -> Result<Self, StartError> {
        let broken = |e: reqwest::Error| StartError::Part(format!("HTTP: {e}"));
        Ok(Self {
            pages: Pages::load(setup.sides.clone(), CONTROL_ROOM)?,
            letters,
            people: People::load()?,
            client: http_client(PATIENCE).map_err(broken)?,
            setup,
        })
    }

    /// What changes by itself.
    async fn now(&self) -> Value {
        let queues = match &self.setup.metrics {
            Some(address) => queues::read(&self.client, address).await,
            None => Some(Vec::new()),
        };
        let newest = self.letters.newest(None, NEWEST);
        json!({
            "is_unknown": queues.is_none(),
            "queues": queues.unwrap_or_default(),
            "letters": newest.iter().map(shown).collect::<Vec<_>>(),
            "letter_count": self.letters.count(),
            "examples": self.setup.progress.seen(),
            "broken": self.setup.levers.switches().iter().any(|s| s.on),
        })
    }

    /// Somebody's name, and what the broker knows her by.
    fn person(&self, choice: &Choice) -> Option<(String, String)> {
        match choice.who {
            Who::Resident(key) => {
                let found = self.people.persons.iter().find(|p| p.key == key)?;
                Some((found.namn.called()?, found.id.clone()))
            }
            Who::Handler(affiliation) => {
                let found = self.people.staff.employee(affiliation)?;
                Some((found.name.clone(), affiliation.to_owned()))
            }
        }
    }

    fn choices(&self) -> Vec<Value> {
        let choice = |choice: &Choice| {
            let (name, value) = self.person(choice)?;
            let first = name.split(' ').next().unwrap_or_default().to_owned();
            let is_staff = matches!(choice.who, Who::Handler(_));
            Some(json!({ "key": choice.key, "name": name, "first": first, "value": value, "staff": is_staff }))
        };
        CHOICES.iter().filter_map(choice).collect()
    }
}

pub(in crate::simulators) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(asset_files)
        .route("/", web::get().to(front))
        .route("/lage", web::get().to(now))
        .route("/lage.json", web::get().to(state))
        .route("/bli", web::post().to(become_somebody))
        .route("/brytare", web::post().to(turn))
        .route("/sprak", web::get().to(choose_language));
}

async fn front(http: HttpRequest, room: web::Data<ControlRoom>) -> HttpResponse {
    // Cookies belong to a host name: under another one nobody could be logged in from here.
    if let Some([_, _, own]) = &room.setup.sides
        && !own.ends_with(&format!("//{}", host(&http)))
    {
        return see_other(&format!("{own}/"));
    }
    let setup = &room.setup;
    let mut view = room.now().await;
    if let Some(view) = view.as_object_mut() {
        view.insert("people".into(), json!(room.choices()));
        view.insert("logs_in".into(), json!(setup.logs_in && setup.sides.is_some()));
        view.insert("switches".into(), json!(setup.levers.switches()));
        view.insert("places".into(), json!(setup.places));
        view.insert("sides".into(), json!(setup.sides));
    }
    room.pages.page(&http, StatusCode::OK, "control-room.html", view)
}

/// The part of the front page that changes by itself, for the script that renews it.
async fn now(http: HttpRequest, room: web::Data<ControlRoom>) -> HttpResponse {
    room.pages.page(&http, StatusCode::OK, "now.html", room.now().await)
}

/// The same for programs.
async fn state(room: web::Data<ControlRoom>) -> HttpResponse {
    let mut state = room.now().await;
    if let Some(state) = state.as_object_mut() {
        state.insert("switches".into(), json!(room.setup.levers.switches()));
    }
    HttpResponse::Ok().json(state)
}

fn host(http: &HttpRequest) -> &str {
    http.headers().get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// True for a form of our own page: same origin, and a host name that nobody else can point here.
fn is_own_form(http: &HttpRequest) -> bool {
    let text = |name: &str| http.headers().get(name).and_then(|v| v.to_str().ok());
    let host = host(http);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
        && text("origin").is_some_and(|origin| origin.strip_prefix("http://") == Some(host))
        && text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

fn foreign(room: &ControlRoom) -> HttpResponse {
    let text = "Formuläret kom inte från Kontrollrums egen sida. Gå till Kontrollrum och försök igen.";
    room.pages.notice(StatusCode::FORBIDDEN, "Inget har ändrats", text)
}

#[derive(Deserialize)]
struct Wish {
    person: String,
    #[serde(default)]
    till: String,
}

/// Logs somebody in: tells the broker who it will be, and sends the browser to log in. Whoever was logged in before on
/// that side is logged out by that, as by any log-in.
async fn become_somebody(http: HttpRequest, room: web::Data<ControlRoom>, wish: web::Form<Wish>) -> HttpResponse {
    if !is_own_form(&http) {
        return foreign(&room);
    }
    let choice = CHOICES.iter().find(|choice| choice.key == wish.person);
    let found = choice.and_then(|choice| Some((choice, room.person(choice)?.1)));
    let (Some((choice, value)), Some([portal, desk, _])) = (found, &room.setup.sides) else {
        return room.pages.notice(
            StatusCode::NOT_FOUND,
            "Personen finns inte",
            "Välj någon av dem som står i Kontrollrum.",
        );
    };
    let side = if matches!(choice.who, Who::Handler(_)) { desk } else { portal };
    let mut answer = HttpResponse::SeeOther();
    if room.setup.logs_in {
        let chosen = Cookie::build(NEXT_PERSON, value).path("/").http_only(true).same_site(SameSite::Lax);
        answer.cookie(chosen.max_age(CHOSEN_FOR).finish());
    }
    let goal = choice.who.goal(&wish.till);
    answer.insert_header((header::LOCATION, format!("{side}/logga-in?retur={goal}"))).finish()
}

#[derive(Deserialize)]
struct Turn {
    namn: String,
    #[serde(default)]
    lage: String,
}

async fn turn(http: HttpRequest, room: web::Data<ControlRoom>, turn: web::Form<Turn>) -> HttpResponse {
    if !is_own_form(&http) {
        return foreign(&room);
    }
    let levers = &room.setup.levers;
    match turn.namn.as_str() {
        "allt" => levers.mend(),
        name if levers.turn(name, turn.lage == "av") => {}
        _ => return room.pages.notice(StatusCode::NOT_FOUND, "Brytaren finns inte", "Inget har ändrats."),
    }
    see_other("/#brytare")
}

#[derive(Deserialize)]
struct Language {
    sprak: String,
    #[serde(default)]
    retur: String,
}

async fn choose_language(room: web::Data<ControlRoom>, wish: web::Query<Language>) -> HttpResponse {
    let lang = room.pages.spoken(&wish.sprak).unwrap_or_default();
    let own_path = wish.retur.starts_with('/') && !wish.retur.starts_with("//") && !wish.retur.contains('\\');
    let cookie = Cookie::build("kp_lang", lang.to_string()).path("/").http_only(true).same_site(SameSite::Lax);
    HttpResponse::SeeOther()
        .cookie(cookie.max_age(CookieAge::days(365)).finish())
        .insert_header((header::LOCATION, if own_path { wish.retur.as_str() } else { "/" }))
        .finish()
}
