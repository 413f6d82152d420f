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
    AddressLimit, Ground, NewSession, Realm, Renderer, Visit, end_session, start_session, sweep_sessions,
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
    start_session(ground, municipality, NewSession { principal: "party", data: &json!({ "name": "Anna" }) })
        .await
        .unwrap()
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
