//! Posted forms, urlencoded and multipart, and the headers around them, through the very parts that pages are made of.

use super::databases::Folder;
use super::hostile::{cases_in, spoiled, spoiled_text};
use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, ResponseError};
use kommunportal::db::{self, Application, Db};
use kommunportal::files::BlobStore;
use kommunportal::municipalities::Municipalities;
use kommunportal::settings::{ConfigTree, Keys, Profile, load};
use kommunportal::vocabulary::Clock;
use kommunportal::web::{AddressLimit, Ground, PostedForm, Realm, Renderer, Visit};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

/// Looks like a session, so that the database is asked for it.
const BROWSER: &str = "s.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
const COOKIE: &str = "kp_session=s.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

struct Portal {
    ground: Data<Ground>,
    folder: Folder,
    runtime: tokio::runtime::Runtime,
}

impl Portal {
    fn new() -> Self {
        let folder = Folder::new();
        let tree = ConfigTree::embedded();
        let key = "a2V5IGtleSBrZXkga2V5IGtleSBrZXkga2V5IGtleSE=";
        let keys = format!("[keys]\nseal = [\"{key}\"]\nlookup = \"{key}\"\nforms = \"{key}\"").parse().unwrap();
        let settings = load(&tree, Profile::Test, keys, std::iter::empty()).unwrap();
        let url = format!("sqlite:{}", folder.path().join("portal.db").display());
        db::migrate(&mut db::open(&url, false).unwrap(), Application::Portal).unwrap();
        let files = folder.path().join("files");
        let ground = Data::new(Ground {
            realm: Realm::Portal,
            municipalities: Municipalities::load(&tree, true).unwrap(),
            db: Db::start(&url),
            blobs: Arc::new(BlobStore::open(&format!("file:{}", files.display())).unwrap()),
            clock: Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap()),
            keys: Keys::new(&settings.keys).unwrap(),
            renderer: Arc::new(Renderer::new().unwrap()),
            public_url: settings.portal.public_url.clone(),
            login_limit: AddressLimit::per_minute(settings.limits.login_per_minute),
            settings: Arc::new(settings),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { ground, folder, runtime }
    }

    fn request(&self) -> TestRequest {
        TestRequest::post()
            .insert_header(("host", "localhost:8080"))
            .insert_header(("origin", "http://localhost:8080"))
            .insert_header(("cookie", COOKIE))
            .app_data(self.ground.clone())
    }

    /// The token that a page would have had in its form.
    fn token(&self) -> String {
        self.ground.keys.form_token(BROWSER).unwrap()
    }

    /// What the form's reader says: fields and files, or the status of its answer.
    fn post(&self, kind: &str, body: Vec<u8>) -> Result<PostedForm, u16> {
        let (request, mut payload) =
            self.request().insert_header(("content-type", kind)).set_payload(Bytes::from(body)).to_http_parts();
        self.runtime.block_on(async {
            PostedForm::from_request(&request, &mut payload).await.map_err(|e| e.status_code().as_u16())
        })
    }

    fn stored(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            entries.map(|e| e.unwrap().path()).map(|p| if p.is_dir() { count(&p) } else { 1 }).sum()
        }
        count(&self.folder.path().join("files"))
    }
}

fn multipart(token: &str) -> Vec<u8> {
    format!(
        "--gräns\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n--gräns\r\n\
         Content-Disposition: form-data; name=\"beskrivning\"\r\n\r\nTvå rader\r\ntext\r\n--gräns\r\n\
         Content-Disposition: form-data; name=\"foto\"; filename=\"bild.txt\"\r\nContent-Type: text/plain\r\n\r\nHej\r\n--gräns--\r\n"
    )
    .replace("gräns", "grans")
    .into_bytes()
}

const MULTIPART: &str = "multipart/form-data; boundary=grans";
const URLENCODED: &str = "application/x-www-form-urlencoded";

#[test]
fn any_multipart_form_is_read_or_refused_and_nothing_is_kept_for_a_stranger() {
    let portal = Portal::new();
    let token = portal.token();
    let whole = portal.post(MULTIPART, multipart(&token)).map_err(|s| s.to_string()).unwrap();
    assert_eq!((whole.get("beskrivning"), whole.uploads.len(), portal.stored()), (Some("Två rader\r\ntext"), 1, 1));
    TestRunner::new(cases_in(file!(), 128))
        .run(&spoiled(vec![multipart(&token)]), |body| {
            let length = body.len();
            match portal.post(MULTIPART, body) {
                Ok(form) => {
                    prop_assert!(form.fields.iter().map(|(n, v)| n.len() + v.len()).sum::<usize>() <= length);
                    prop_assert!(form.uploads.len() <= 30);
                }
                Err(status) => prop_assert!((400..500).contains(&status), "{}", status),
            }
            Ok(())
        })
        .unwrap();
    let before = portal.stored();
    TestRunner::new(cases_in(file!(), 128))
        .run(&spoiled(vec![multipart("x")]), |body| {
            let status = portal.post(MULTIPART, body).map(|_| ()).unwrap_err();
            prop_assert!((400..500).contains(&status), "{}", status);
            Ok(())
        })
        .unwrap();
    assert_eq!(portal.stored(), before, "a file was kept for somebody without a token");
}

#[test]
fn any_urlencoded_form_is_read_or_refused_and_no_larger_than_it_came() {
    let portal = Portal::new();
    let honest = format!("_csrf={}&beskrivning=Tv%C3%A5+rader%0D%0Atext&val=a&val=b&tom=", portal.token());
    assert_eq!(
        portal.post(URLENCODED, honest.clone().into_bytes()).map_err(|s| s.to_string()).unwrap().fields.len(),
        5
    );
    TestRunner::new(cases_in(file!(), 256))
        .run(&spoiled(vec![honest.into_bytes()]), |body| {
            let length = body.len();
            match portal.post(URLENCODED, body) {
                // A byte that is no UTF-8 becomes the three of U+FFFD.
                Ok(form) => {
                    prop_assert!(form.fields.iter().map(|(n, v)| n.len() + v.len()).sum::<usize>() <= 3 * length);
                    prop_assert!(form.fields.len() <= 2_000);
                }
                Err(status) => prop_assert!((400..500).contains(&status), "{}", status),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_cookies_host_and_origin_are_answered_and_log_nobody_in() {
    let portal = Portal::new();
    let headers = (
        spoiled_text(&[COOKIE, "kp_lang=en; kp_session=; kp_tx=%00", "kp_session=a; kp_session=b"]),
        spoiled_text(&["localhost:8080", "skara.localhost:8080", "[::1]:8080", "127.0.0.1"]),
        spoiled_text(&["/mina-sidor", "/e-tjanster/x/utkast/../../y?z=%ff#", "//x"]),
        spoiled_text(&["text/html;q=0.1", "sv,en;q=0.8"]),
    );
    TestRunner::new(cases_in(file!(), 256))
        .run(&headers, |(cookie, host, path, accept)| {
            let mut request = TestRequest::get().app_data(portal.ground.clone());
            for (name, value) in [
                ("cookie", &cookie),
                ("host", &host),
                ("accept-language", &accept),
                ("x-forwarded-host", &host),
                ("x-forwarded-for", &accept),
            ] {
                if let Ok(value) = actix_web::http::header::HeaderValue::from_str(value) {
                    request = request.insert_header((name, value));
                }
            }
            if actix_web::http::Uri::try_from(path.as_str()).is_ok() {
                request = request.uri(&path);
            }
            let request = request.to_http_request();
            match portal.runtime.block_on(Visit::from_request(&request, &mut Payload::None)) {
                Ok(visit) => prop_assert!(visit.session.is_none()),
                Err(e) => prop_assert!(!e.status_code().is_server_error(), "{}", e),
            }
            Ok(())
        })
        .unwrap();
}
