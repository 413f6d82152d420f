//! "A language" of docs/architecture.md, tried: its block becomes a folder of texts, its line goes into a service, and the
//! pages of the portal speak it.

use super::databases::{Database, Folder};
use super::recipes::copy;
use actix_web::cookie::Cookie;
use actix_web::http::header;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use kommunportal::db::{Application, Db};
use kommunportal::files::BlobStore;
use kommunportal::municipalities::Municipalities;
use kommunportal::portal::{App, server::routes};
use kommunportal::settings::{ConfigTree, Keys, Profile, load};
use kommunportal::texts::Texts;
use kommunportal::vocabulary::Clock;
use kommunportal::web::{AddressLimit, Ground, Realm, Renderer};
use std::path::Path;
use std::sync::Arc;

fn page_of_the_house() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md")).unwrap()
}

fn between(page: &str, start: &str, end: &str) -> String {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("docs/architecture.md has no {start}"));
    rest.split_once(end).unwrap().0.to_owned()
}

/// The texts that we have, and the page's.
fn texts() -> Texts {
    let block = between(&page_of_the_house(), "```ftl\n# templates/texts/", "```");
    let (path, text) = block.split_once('\n').unwrap();
    let keys = text.lines().filter(|line| line.contains('=')).count();
    assert!(path.starts_with("fi/") && keys > 15, "{path} has {keys} texts");
    Texts::new(Texts::files().into_iter().chain([(path.to_owned(), text.to_owned())])).unwrap()
}

/// Our configuration, with the page's line in the service that it is about.
fn configuration(folder: &Folder) -> ConfigTree {
    let (config, line) = (folder.path().join("config"), between(&page_of_the_house(), "```toml\nfi = ", "\n"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), &config);
    let service = config.join("services/felanmalan.toml");
    let text = std::fs::read_to_string(&service).unwrap();
    std::fs::write(&service, format!("fi = {line}\n{text}")).unwrap();
    ConfigTree::open(Some(&config)).unwrap()
}

fn ground(url: &str, tree: &ConfigTree, folder: &Folder, renderer: Renderer) -> Data<Ground> {
    let key = "a2V5IGtleSBrZXkga2V5IGtleSBrZXkga2V5IGtleSE=";
    let keys = format!("[keys]\nseal = [\"{key}\"]\nlookup = \"{key}\"\nforms = \"{key}\"").parse().unwrap();
    let settings = load(tree, Profile::Test, keys, std::iter::empty()).unwrap();
    Data::new(Ground {
        realm: Realm::Portal,
        municipalities: Municipalities::load(tree, true).unwrap(),
        db: Db::start(url),
        blobs: Arc::new(BlobStore::open(&format!("file:{}", folder.path().join("blobs").display())).unwrap()),
        clock: Clock::standing_at("2026-11-21T08:00:00Z".parse().unwrap()),
        keys: Keys::new(&settings.keys).unwrap(),
        renderer: Arc::new(renderer),
        public_url: settings.portal.public_url.clone(),
        login_limit: AddressLimit::per_minute(settings.limits.login_per_minute),
        settings: Arc::new(settings),
    })
}

#[actix_web::test]
async fn a_folder_of_texts_is_a_language_on_every_page_and_what_it_lacks_is_said_in_swedish() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (folder, database) = (Folder::new(), Database::sqlite().migrated(Application::Portal));
    let tree = configuration(&folder);
    let ground = ground(&database.url, &tree, &folder, Renderer::with_texts(texts()).unwrap());
    let app = Data::new(App::build(ground.clone(), &tree).unwrap());
    let server = init_service(actix_web::App::new().app_data(ground).app_data(app).configure(routes)).await;
    let get = async |path: &str, language: &str| {
        let request = TestRequest::get().uri(path).insert_header(("host", "localhost:8080"));
        let request = request.cookie(Cookie::new("kp_lang", language.to_owned()));
        let response = call_service(&server, request.to_request()).await;
        let set = response.headers().get(header::SET_COOKIE).map(|c| c.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        (status, set.unwrap_or_default(), String::from_utf8(read_body(response).await.to_vec()).unwrap())
    };
    let has = |page: &str, part: &str| assert!(page.contains(part), "{part} is not on the page:\n{page}");

    // A Swedish page offers both others, by their own names.
    let (_, _, swedish) = get("/e-tjanster", "sv").await;
    has(&swedish, "<html lang=\"sv\"");
    has(&swedish, "lang=\"fi\" hreflang=\"fi\"");
    has(&swedish, "Suomi</a>");
    has(&swedish, "English</a>");
    assert!(!swedish.contains("Svenska</a>"), "a page does not offer its own language");
    let (status, cookie, _) = get("/sprak?sprak=fi&retur=/e-tjanster", "sv").await;
    assert_eq!(status, 303);
    assert!(cookie.starts_with("kp_lang=fi;"), "{cookie}");
    assert_eq!(get("/sprak?sprak=de", "sv").await.0, 404, "a language that nobody speaks");

    let (_, _, finnish) = get("/e-tjanster", "fi").await;
    has(&finnish, "<html lang=\"fi\"");
    has(&finnish, "Sähköiset palvelut");
    has(&finnish, "Ilmoita viasta");
    has(&finnish, "Svenska</a>");
    has(&finnish, "Om webbplatsen");
    has(&finnish, "Måndag–fredag 8–16");

    // Dates are written its own way; the engine of the forms speaks it too.
    let (_, _, statement) = get("/tillganglighet", "fi").await;
    has(&statement, "21. marraskuuta 2026");
    let (status, _, form) = get("/e-tjanster/felanmalan/fyll-i", "fi").await;
    assert_eq!(status, 200);
    has(&form, "Kyllä");
    has(&form, "Är det farligt för någon just nu?");
}
