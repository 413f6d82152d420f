//! What a handler gets over HTTP, with the real templates.

use super::*;
use crate::desk::{Desk, server};
use crate::files::BlobStore;
use crate::settings::{KeySettings, Keys, Profile, SecretText, Settings, load};
use crate::vocabulary::Clock;
use crate::web::{AddressLimit, Ground, Login, NewSession, Realm, Renderer, render_errors, start_session};
use actix_web::http::StatusCode;
use actix_web::{App, middleware, test, web};
use base64::Engine as _;

const SECRET: &str = "whsec_S29tbXVucG9ydGFsVGVzdE55Y2tlbDAxMjM0NTY=";
const HOST: &str = "localhost:8081";

fn settings() -> Settings {
    let environment = [
        ("KOMMUNPORTAL__TARGETS__CASTOR__KIND", "contract"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__URL", "http://localhost:8081/integration"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__TOKEN", "a-token"),
        ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_OUT", SECRET),
        ("KOMMUNPORTAL__TARGETS__CASTOR__SECRET_IN", SECRET),
    ];
    let environment = environment.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
    load(&ConfigTree::embedded(), Profile::Test, Default::default(), environment).unwrap()
}

fn keys() -> Keys {
    let key = |n: u8| SecretText::new(base64::engine::general_purpose::STANDARD.encode([n; 32]));
    Keys::new(&KeySettings { seal: vec![key(1)], lookup: Some(key(2)), forms: Some(key(3)), ..KeySettings::default() })
        .unwrap()
}

fn built(bench: &Bench) -> (Desk, Ground) {
    let tree = ConfigTree::embedded();
    let settings = Arc::new(settings());
    let municipalities = Municipalities::load(&tree, true).unwrap();
    let clock = Clock::standing_at(bench.now);
    let folder = std::env::temp_dir().join(format!("kp_desk_blobs_{}", uuid::Uuid::now_v7()));
    let blobs = Arc::new(BlobStore::open(&format!("file:{}", folder.display())).unwrap());
    let ground = Ground {
        realm: Realm::Desk,
        settings: settings.clone(),
        municipalities: municipalities.clone(),
        db: bench.db.clone(),
        blobs: blobs.clone(),
        clock: clock.clone(),
        keys: keys(),
        renderer: Arc::new(Renderer::new().unwrap()),
        public_url: settings.desk.public_url.clone(),
        login_limit: AddressLimit::per_minute(600),
    };
    let desk = Desk::new(settings, &tree, municipalities, bench.db.clone(), clock, keys(), blobs).unwrap();
    (desk, ground)
}

macro_rules! app {
    ($desk:expr, $ground:expr) => {
        test::init_service(
            App::new()
                .app_data(web::Data::new($desk))
                .app_data($ground.clone())
                .wrap(middleware::from_fn(render_errors))
                .configure(server::routes),
        )
        .await
    };
}

async fn cookie(ground: &Ground, affiliation: &str) -> actix_web::cookie::Cookie<'static> {
    let all = Municipalities::load(&ConfigTree::embedded(), true).unwrap();
    let municipality = all.find_by_code("1257").unwrap();
    let data = serde_json::json!({ "name": "N N", "unit_names": "Enheten", "roles": [] });
    let login = Login { level: 3, auth_at: ground.clock.now(), ..Login::default() };
    start_session(ground, municipality, NewSession { principal: affiliation, data: &data, login }).await.unwrap()
}

fn signed(delivery: &Delivery, now: At) -> test::TestRequest {
    let body = serde_json::to_vec(delivery).unwrap();
    let id = delivery.delivery_id.as_str();
    test::TestRequest::post()
        .uri("/integration/v1/deliveries")
        .insert_header(("host", HOST))
        .insert_header(("content-type", "application/json"))
        .insert_header(("webhook-id", id))
        .insert_header(("webhook-timestamp", now.seconds().to_string()))
        .insert_header(("webhook-signature", SECRET.parse::<Secret>().unwrap().sign(id, now, &body)))
        .set_payload(body)
}

/// Sends a request to this host as whoever has the cookie; status, place to go on and body.
macro_rules! call {
    ($app:expr, $request:expr, $cookie:expr) => {{
        let request = $request.insert_header(("host", HOST)).cookie($cookie.clone()).to_request();
        let response = test::call_service(&$app, request).await;
        let place = response.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status();
        let body = test::read_body(response).await.to_vec();
        (status, place, String::from_utf8(body).unwrap())
    }};
}

/// Posts a form of the page before.
macro_rules! post {
    ($app:expr, $path:expr, $cookie:expr, $page:expr, $fields:expr) => {{
        let mut fields: Vec<(&str, String)> = vec![("_csrf", csrf(&$page))];
        fields.extend($fields);
        let request =
            test::TestRequest::post().uri($path).insert_header(("origin", format!("http://{HOST}"))).set_form(fields);
        call!($app, request, $cookie)
    }};
}

fn csrf(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let field = scraper::Selector::parse("input[name=_csrf]").unwrap();
    html.select(&field).next().unwrap().attr("value").unwrap().to_owned()
}

fn hidden(page: &str, form: &str, name: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let field = scraper::Selector::parse(&format!("form[action$='{form}'] input[name={name}]")).unwrap();
    html.select(&field).next().unwrap().attr("value").unwrap().to_owned()
}

#[actix_web::test]
async fn a_delivery_is_registered_once_read_by_its_handler_and_nothing_typed_is_lost() {
    for bench in aside(benches) {
        let (desk, ground) = built(&bench);
        let ground = web::Data::new(ground);
        let app = app!(desk, ground);
        let jonas = cookie(&ground, "jobr01@2120009911").await;
        let delivery = submission("SBN-FELANMALAN", "GATA");
        for status in [StatusCode::CREATED, StatusCode::OK] {
            let answer = test::call_service(&app, signed(&delivery, bench.now).to_request()).await;
            assert_eq!(answer.status(), status);
            let receipt: DeliveryReceipt = test::read_body_json(answer).await;
            assert_eq!(receipt.diary_number.as_deref(), Some("SBN 2026/00001"));
        }
        let late = signed(&delivery, bench.now.plus_seconds(-301)).to_request();
        assert_eq!(test::call_service(&app, late).await.status(), StatusCode::UNAUTHORIZED);
        let asked = format!("/integration/v1/deliveries/{}", delivery.delivery_id);
        let ask = |token: &str| {
            test::TestRequest::get().uri(&asked).insert_header(("authorization", format!("Bearer {token}")))
        };
        assert_eq!(test::call_service(&app, ask("a-token").to_request()).await.status(), StatusCode::OK);
        assert_eq!(test::call_service(&app, ask("b-token").to_request()).await.status(), StatusCode::UNAUTHORIZED);

        let (status, _, inbox) = call!(app, test::TestRequest::get().uri("/inkorg"), jonas);
        assert_eq!(status, StatusCode::OK);
        assert!(inbox.contains("SBN 2026/00001") && inbox.contains("Åsa Öberg") && inbox.contains("Ny"));
        let errand = aside(|| bench.again(&mut bench.conn(), &delivery));
        let path = format!("/arenden/{}", errand.id);
        let (status, _, page) = call!(app, test::TestRequest::get().uri(&path), jonas);
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("Vad är fel?") && page.contains("19800101-9802"));

        let take = format!("{path}/ta");
        let version = hidden(&page, "/ta", "version");
        let (status, place, _) = post!(app, &take, jonas, page, [("version", version.clone())]);
        assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, path.as_str()));
        // The form of the page before: somebody has changed the errand since.
        let close = format!("{path}/avsluta");
        let words = "Lampan är bytt & allt lyser.";
        let fields = [("version", version), ("outcome", "answered".to_owned()), ("words", words.to_owned())];
        let (status, _, again) = post!(app, &close, jonas, page, fields);
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(again.contains("Lampan är bytt &amp; allt lyser."), "{again}");
        let fields = [
            ("version", hidden(&again, "/avsluta", "version")),
            ("outcome", "answered".to_owned()),
            ("words", words.to_owned()),
        ];
        let (status, ..) = post!(app, &close, jonas, again, fields);
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(aside(|| bench.again(&mut bench.conn(), &delivery)).status, "AVSLUTAD");

        let malin = cookie(&ground, "mali01@2120009911").await;
        assert_eq!(call!(app, test::TestRequest::get().uri(&path), malin).0, StatusCode::NOT_FOUND);
        let henrik = cookie(&ground, "heek01@2120009911").await;
        assert_eq!(call!(app, test::TestRequest::get().uri("/inkorg"), henrik).0, StatusCode::FORBIDDEN);
        let nobody = actix_web::cookie::Cookie::new("kp_lang", "sv");
        let (status, place, _) = call!(app, test::TestRequest::get().uri("/inkorg"), nobody);
        assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/logga-in?retur=%2Finkorg"));
    }
}

#[actix_web::test]
async fn every_page_can_be_shown_in_both_languages() {
    for bench in aside(benches) {
        let (desk, ground) = built(&bench);
        let ground = web::Data::new(ground);
        let app = app!(desk, ground);
        let viro = cookie(&ground, "viro01@2120009911").await;
        let mut hidden_one = submission("SN-EKONOMI", "IFO");
        hidden_one.parties[0].protected_identity = true;
        let open_one = submission("SN-EKONOMI", "IFO");
        for delivery in [&hidden_one, &open_one, &later(DeliveryKind::Message, &open_one, "Hur går det?")] {
            let answer = test::call_service(&app, signed(delivery, bench.now).to_request()).await;
            assert_eq!(answer.status(), StatusCode::CREATED);
        }
        let (one, two) = (
            aside(|| bench.again(&mut bench.conn(), &hidden_one)),
            aside(|| bench.again(&mut bench.conn(), &open_one)),
        );
        for lang in ["sv", "en"] {
            for path in [
                "/inkorg".to_owned(),
                "/inkorg?visa=nytt&status=REG&enhet=IFO".to_owned(),
                "/inkorg?status=AVSLUTAD".to_owned(),
                "/mina-arenden".to_owned(),
                "/sok".to_owned(),
                "/sok?q=finns+inte".to_owned(),
                "/sok?q=%C3%B6berg".to_owned(),
                format!("/arenden/{}", one.id),
                format!("/arenden/{}?svar=0", two.id),
                format!("/arenden/{}/beslut", two.id),
            ] {
                let request =
                    test::TestRequest::get().uri(&path).cookie(actix_web::cookie::Cookie::new("kp_lang", lang));
                let (status, _, page) = call!(app, request, viro);
                assert_eq!(status, StatusCode::OK, "{path} {page}");
                assert!(!page.contains("desk-"), "{path}: a text is missing: {page}");
            }
        }
        let (_, _, why) = call!(app, test::TestRequest::get().uri(&format!("/arenden/{}", one.id)), viro);
        assert!(why.contains("skyddade personuppgifter") && !why.contains("Åsa"));
    }
}
