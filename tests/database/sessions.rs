//! Sessions end when they should, and belong to one application and one municipality.

use super::databases::{Folder, both};
use actix_web::FromRequest;
use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use kommunportal::db::{Application, Db, DbError};
use kommunportal::files::BlobStore;
use kommunportal::municipalities::Municipalities;
use kommunportal::settings::{ConfigTree, Keys, Profile, load};
use kommunportal::vocabulary::Clock;
use kommunportal::web::{
    AddressLimit, Ground, Login, NewSession, Realm, Renderer, Visit, end_other_sessions, end_session, end_session_of,
    end_sessions_at_broker, id_token_of, prove_again, replace_session, sessions_of, sid_lookup, start_session,
    subject_lookup, sweep_sessions,
};
use serde_json::json;
use std::sync::Arc;

fn ground(url: &str, realm: Realm, clock: &Clock, folder: &Folder) -> Data<Ground> {
    let tree = ConfigTree::embedded();
    let key = "a2V5IGtleSBrZXkga2V5IGtleSBrZXkga2V5IGtleSE=";
    let keys: toml::Table =
        format!("[keys]\nseal = [\"{key}\"]\nlookup = \"{key}\"\nforms = \"{key}\"").parse().unwrap();
    let settings = load(&tree, Profile::Test, keys, std::iter::empty()).unwrap();
    Data::new(Ground {
        realm,
        municipalities: Municipalities::load(&tree, true).unwrap(),
        db: Db::start(url),
        blobs: Arc::new(BlobStore::open(&format!("file:{}", folder.path().display())).unwrap()),
        clock: clock.clone(),
        keys: Keys::new(&settings.keys).unwrap(),
        renderer: Arc::new(Renderer::new().unwrap()),
        public_url: settings.portal.public_url.clone(),
        login_limit: AddressLimit::per_minute(settings.limits.login_per_minute),
        settings: Arc::new(settings),
    })
}

/// Who is logged in, in the eyes of a page at `host`.
async fn visit(ground: &Data<Ground>, host: &str, cookie: &Cookie<'static>) -> Visit {
    let request = TestRequest::get().insert_header(("host", host)).app_data(ground.clone()).cookie(cookie.clone());
    Visit::from_request(&request.to_http_request(), &mut Payload::None).await.unwrap()
}

async fn log_in(ground: &Data<Ground>) -> Cookie<'static> {
    let slug = "orkelljunga".parse().unwrap();
    let municipality = ground.municipalities.find(&slug).unwrap();
    let login = Login {
        issuer: "https://broker.example",
        subject: "anna",
        session_id: Some("at-the-broker"),
        acr: "http://id.elegnamnden.se/loa/1.0/loa3",
        level: 3,
        auth_at: ground.clock.now(),
        method: "bankid",
        agent: "Firefox, Windows",
        id_token: Some("a.raw.token"),
    };
    let new = NewSession { principal: "party", data: &json!({ "name": "Anna" }), login };
    start_session(ground, municipality, new).await.unwrap()
}

const HOME: &str = "localhost:8080";

#[test]
fn a_session_is_over_after_half_an_hour_without_a_request() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap()), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&ground).await;
        for _ in 0..3 {
            clock.advance(29 * 60);
            assert!(visit(&ground, HOME, &cookie).await.session.is_some(), "every request gives half an hour more");
        }
        clock.advance(30 * 60);
        assert!(visit(&ground, HOME, &cookie).await.session.is_none());
        let now = clock.now();
        assert_eq!(ground.db.write(move |c| sweep_sessions(c, now)).await.unwrap(), 1);
    });
}

#[test]
fn a_session_is_over_after_eight_hours_however_busy() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap()), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&ground).await;
        for _ in 0..47 {
            clock.advance(600);
            assert!(visit(&ground, HOME, &cookie).await.session.is_some());
        }
        clock.advance(600);
        assert!(visit(&ground, HOME, &cookie).await.session.is_none());
    });
}

#[test]
fn a_session_that_was_ended_opens_nothing_again() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap()), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&ground).await;
        let session = visit(&ground, HOME, &cookie).await.session.unwrap();
        end_session(&ground, &session).await.unwrap();
        assert!(visit(&ground, HOME, &cookie).await.session.is_none());
    });
}

#[test]
fn a_session_counts_in_its_own_municipality_and_application_only() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (Clock::system(), Folder::new());
        let portal = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&portal).await;
        assert!(visit(&portal, HOME, &cookie).await.session.is_some());
        assert!(visit(&portal, "skara.localhost:8080", &cookie).await.session.is_none());
        let administration = ground(&url, Realm::Administration, &clock, &folder);
        let same_token = Cookie::new(administration.session_cookie(), cookie.value().to_owned());
        assert!(visit(&administration, HOME, &same_token).await.session.is_none());
    });
}

#[test]
fn what_a_session_holds_is_sealed_in_the_database() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (Clock::system(), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&ground).await;
        use diesel::prelude::*;
        use kommunportal::db::schema::sessions;
        let rows: Result<Vec<(String, Vec<u8>)>, DbError> =
            ground.db.read(|c| Ok(sessions::table.select((sessions::token_hash, sessions::sealed)).load(c)?)).await;
        let rows = rows.unwrap();
        let [(hash, sealed)] = rows.as_slice() else { panic!("{} sessions", rows.len()) };
        assert!(!cookie.value().contains(hash.as_str()) && hash != cookie.value(), "the token itself is not there");
        assert!(!String::from_utf8_lossy(sealed).contains("Anna"));
    });
}

fn start() -> Clock {
    Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap())
}

#[test]
fn a_change_of_power_gives_a_new_token_and_the_old_one_opens_nothing() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (start(), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let old_cookie = log_in(&ground).await;
        let old = visit(&ground, HOME, &old_cookie).await.session.unwrap();
        clock.advance(600);
        let municipality = ground.municipalities.find(&"orkelljunga".parse().unwrap()).unwrap();
        let acting = json!({ "name": "Anna", "acting_for": "Fören AB" });
        let new_cookie = replace_session(&ground, municipality, &old, "party", &acting).await.unwrap();
        assert_ne!(new_cookie.value(), old_cookie.value());
        assert!(visit(&ground, HOME, &old_cookie).await.session.is_none());
        let new = visit(&ground, HOME, &new_cookie).await.session.unwrap();
        assert_eq!(new.data, acting);
        let login = |s: &kommunportal::web::Session| {
            (s.public_id.clone(), s.issuer.clone(), s.acr.clone(), s.level, s.auth_at, s.expires_at)
        };
        assert_eq!(login(&new), login(&old), "the log-in behind it is the same");
        assert!(replace_session(&ground, municipality, &old, "party", &acting).await.is_err(), "the old is gone");
    });
}

#[test]
fn who_proves_again_who_she_is_keeps_her_session_and_its_end() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (start(), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let old_cookie = log_in(&ground).await;
        let old = visit(&ground, HOME, &old_cookie).await.session.unwrap();
        clock.advance(1200);
        let municipality = ground.municipalities.find(&"orkelljunga".parse().unwrap()).unwrap();
        let login = Login { acr: "loa4", level: 4, auth_at: clock.now(), id_token: Some("new"), ..Login::default() };
        let new = NewSession { principal: "party", data: &json!({ "name": "Anna" }), login };
        let cookie = prove_again(&ground, municipality, &old, new).await.unwrap();
        assert!(visit(&ground, HOME, &old_cookie).await.session.is_none());
        let session = visit(&ground, HOME, &cookie).await.session.unwrap();
        assert_eq!((session.level, session.acr.as_str(), session.auth_at), (4, "loa4", clock.now()));
        assert_eq!((&session.public_id, session.expires_at), (&old.public_id, old.expires_at));
        assert_eq!(id_token_of(&ground, &session).await.unwrap().as_deref(), Some("new"));
    });
}

#[test]
fn each_of_her_sessions_is_listed_and_can_be_ended_by_its_name() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (start(), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let (here, there, third) = (log_in(&ground).await, log_in(&ground).await, log_in(&ground).await);
        let own = visit(&ground, HOME, &here).await.session.unwrap().public_id;
        let other = visit(&ground, HOME, &there).await.session.unwrap().public_id;
        let slug: kommunportal::vocabulary::MunicipalitySlug = "orkelljunga".parse().unwrap();
        let (now, place) = (clock.now(), slug.clone());
        let list = ground.db.read(move |c| sessions_of(c, Realm::Portal, &place, Some("party"), now)).await.unwrap();
        assert_eq!(list.len(), 3);
        assert!(list.iter().all(|s| s.agent == "Firefox, Windows" && s.method == "bankid" && s.created_at == now));
        let (place, named) = (slug.clone(), other.clone());
        let ended = ground.db.write(move |c| {
            let by_another = end_session_of(c, Realm::Portal, &place, "somebody else", &named)?;
            Ok::<_, DbError>((by_another, end_session_of(c, Realm::Portal, &place, "party", &named)?))
        });
        assert_eq!(ended.await.unwrap(), (false, true), "only her own");
        assert!(visit(&ground, HOME, &there).await.session.is_none());
        let kept = own.clone();
        let n = ground.db.write(move |c| end_other_sessions(c, Realm::Portal, &slug, "party", &kept)).await.unwrap();
        assert_eq!(n, 1);
        assert!(visit(&ground, HOME, &third).await.session.is_none());
        assert!(visit(&ground, HOME, &here).await.session.is_some());
    });
}

#[test]
fn the_broker_ends_what_rests_on_its_own_session_and_nothing_else() {
    both(Application::Portal, |url| async move {
        let (clock, folder) = (start(), Folder::new());
        let ground = ground(&url, Realm::Portal, &clock, &folder);
        let cookie = log_in(&ground).await;
        let keys = ground.keys.clone();
        let end = |issuer: &str, subject: Option<&str>, sid: Option<&str>| {
            let subject = subject.map(|s| subject_lookup(&keys, issuer, s));
            let sid = sid.map(|s| sid_lookup(&keys, issuer, s));
            let slug = "orkelljunga".parse().unwrap();
            ground
                .db
                .write(move |c| end_sessions_at_broker(c, Realm::Portal, &slug, subject.as_deref(), sid.as_deref()))
        };
        let (own, other) = ("https://broker.example", "https://other.example");
        assert!(end(other, Some("anna"), None).await.unwrap().is_empty(), "another broker's person of the same name");
        assert!(end(own, Some("bo"), None).await.unwrap().is_empty());
        assert!(end(own, Some("bo"), Some("at-the-broker")).await.unwrap().is_empty(), "both must be hers");
        assert!(end(own, None, None).await.unwrap().is_empty());
        assert!(visit(&ground, HOME, &cookie).await.session.is_some());
        assert_eq!(end(own, None, Some("at-the-broker")).await.unwrap(), ["party"]);
        assert!(visit(&ground, HOME, &cookie).await.session.is_none());
    });
}
