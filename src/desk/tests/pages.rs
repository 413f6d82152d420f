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
    desk_with(bench, settings())
}

/// A desk and what stands around its pages.
pub fn desk_with(bench: &Bench, settings: Settings) -> (Desk, Ground) {
    let tree = ConfigTree::embedded();
    let settings = Arc::new(settings);
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
        aside(|| everything(&bench, &open_one));
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
                format!("/arenden/{}?trad=x", two.id),
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

/// An errand with all that can be asked, decided and appealed in it.
fn everything(bench: &Bench, first: &Delivery) {
    use crate::desk::decisions::{self, DecisionDraft, Further, Ground, ServedHow};
    use crate::desk::errands::{self, HearingDraft, SupplementDraft};
    use crate::vocabulary::{DecisionId, MessageId};
    let mut c = bench.conn();
    let viro = member(&mut c, "viro01@2120009911");
    let (one, two, decision) = (MessageId::fresh(), MessageId::fresh(), DecisionId::fresh());
    let supplement = SupplementDraft {
        id: &one,
        text: "Skicka hyresavi.",
        required: "Hyresavi",
        optional: "Foto",
        due: "2026-12-12",
        consequence: "Annars avslag.",
    };
    let errand = bench.again(&mut c, first);
    errands::request_supplement(&mut c, &bench.act(&viro, &errand), &supplement).unwrap();
    let mut answer = later(DeliveryKind::Supplement, first, "Här.");
    answer.supplement = Some(SupplementAnswer { supplement_id: Some(one.to_string()), items: vec![] });
    bench.receive(&mut c, &answer).unwrap();
    let errand = bench.again(&mut c, first);
    let hearing = HearingDraft { id: &two, text: "Läs.", due: "2026-12-12", files: &[] };
    errands::request_hearing(&mut c, &bench.act(&viro, &errand), &hearing).unwrap();
    let errand = bench.again(&mut c, first);
    errands::set_due(&mut c, &bench.act(&viro, &errand), "2026-12-19", "Många ärenden.").unwrap();
    bench.receive(&mut c, &later(DeliveryKind::DecisionRequest, first, "Avgör nu.")).unwrap();
    let draft = DecisionDraft {
        id: &decision,
        outcome: Some(Outcome::Rejected),
        text: "Avslag.",
        reasons: "Därför.",
        legal_basis: "2001:453, 4 kap. 1 §",
        instructions: "Så.",
        court: "Rätten",
        service: "ordinary",
        files: &[],
        further: None,
    };
    let errand = bench.again(&mut c, first);
    decisions::decide(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
    let errand = bench.again(&mut c, first);
    let further = Some(Further { version: 2, ground: Some(Ground::MustChange) });
    decisions::decide(&mut c, &bench.act(&viro, &errand), &DecisionDraft { further, ..draft }).unwrap();
    let errand = bench.again(&mut c, first);
    decisions::serve(&mut c, &bench.act(&viro, &errand), &decision, "2026-11-21", ServedHow::Simplified).unwrap();
    let mut appeal = later(DeliveryKind::Appeal, first, "Jag överklagar.");
    appeal.decision_id = Some(decision.to_string());
    bench.receive(&mut c, &appeal).unwrap();
}

#[actix_web::test]
async fn the_portal_asks_where_a_case_stands_and_tells_of_a_confirmed_decision() {
    for bench in aside(benches) {
        let (desk, ground) = built(&bench);
        let ground = web::Data::new(ground);
        let app = app!(desk, ground);
        let first = submission("NO-SUCH-TYPE", "NOWHERE");
        let answer = test::call_service(&app, signed(&first, bench.now).to_request()).await;
        let receipt: DeliveryReceipt = test::read_body_json(answer).await;
        assert_eq!(receipt.warnings[0].code, "case_type_unknown");
        let case = format!("/integration/v1/cases/{}", receipt.external_case_id.unwrap());
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let ask = |path: &str, token: &str| {
            test::TestRequest::get()
                .uri(path)
                .insert_header(("authorization", format!("Bearer {token}")))
                .insert_header(("traceparent", trace))
        };
        let answer = test::call_service(&app, ask(&case, "a-token").to_request()).await;
        assert_eq!(answer.headers().get("traceparent").unwrap(), trace);
        let etag = answer.headers().get("etag").unwrap().to_str().unwrap().to_owned();
        let body: serde_json::Value = test::read_body_json(answer).await;
        assert_eq!((body["status"]["externalCode"].as_str(), body["closed"].as_bool()), (Some("REG"), Some(false)));
        assert_eq!(body["lastSequence"], "00000000000000000001");
        let known = ask(&case, "a-token").insert_header(("if-none-match", etag)).to_request();
        assert_eq!(test::call_service(&app, known).await.status(), StatusCode::NOT_MODIFIED);
        let stranger = test::call_service(&app, ask(&case, "b-token").to_request()).await;
        assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(stranger.headers().get("traceparent").unwrap(), trace);
        let types: serde_json::Value = test::read_body_json(
            test::call_service(&app, ask("/integration/v1/case-types", "a-token").to_request()).await,
        )
        .await;
        assert!(types["caseTypes"].as_array().unwrap().iter().any(|t| t["code"] == "SBN-BYGGLOV"));

        let notice = serde_json::json!([{ "specversion": "1.0", "id": "n1", "source": "urn:portal", "subject": first.case.id,
            "type": "se.kommunportal.case.supplement_submitted", "time": bench.now, "data": {} }]);
        let body = serde_json::to_vec(&notice).unwrap();
        for (n, (status, key)) in [(202, "k1"), (200, "k1"), (200, "k2")].into_iter().enumerate() {
            let request = test::TestRequest::post()
                .uri("/integration/v1/citizen-events")
                .insert_header(("content-type", "application/cloudevents-batch+json"))
                .insert_header(("webhook-id", key))
                .insert_header(("webhook-timestamp", bench.now.seconds().to_string()))
                .insert_header(("webhook-signature", SECRET.parse::<Secret>().unwrap().sign(key, bench.now, &body)))
                .set_payload(body.clone());
            let answer = test::call_service(&app, request.to_request()).await;
            assert_eq!(answer.status().as_u16(), status, "{n}");
            let results: EventResults = test::read_body_json(answer).await;
            let wanted = if n == 0 { EventOutcome::Applied } else { EventOutcome::Duplicate };
            assert_eq!(results.results[0].outcome, wanted);
        }
    }
}

#[actix_web::test]
async fn whoever_runs_the_system_sees_the_link_and_leaves_what_was_refused_with_a_reason() {
    for bench in aside(benches) {
        let (desk, ground) = built(&bench);
        let ground = web::Data::new(ground);
        let app = app!(desk, ground);
        let first = submission("SBN-FELANMALAN", "GATA");
        let event = aside(|| {
            use crate::db::schema::outgoing_events as e;
            use diesel::prelude::*;
            let mut c = bench.conn();
            let errand = bench.errand(&mut c, &first);
            let jonas = member(&mut c, "jobr01@2120009911");
            crate::desk::errands::take(&mut c, &bench.act(&jonas, &errand)).unwrap();
            let id: String = e::table.order(e::sequence).select(e::id).first(&mut c).unwrap();
            diesel::update(e::table.find(&id))
                .set((e::state.eq("rejected"), e::outcome.eq("422 x")))
                .execute(&mut c)
                .unwrap();
            id
        });
        let jonas = cookie(&ground, "jobr01@2120009911").await;
        assert_eq!(call!(app, test::TestRequest::get().uri("/koppling"), jonas).0, StatusCode::FORBIDDEN);
        let henrik = cookie(&ground, "heek01@2120009911").await;
        let (status, _, page) = call!(app, test::TestRequest::get().uri("/koppling"), henrik);
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("SBN 2026/00001") && page.contains("422 x") && !page.contains("desk-"), "{page}");
        let path = format!("/koppling/handelser/{event}/lat-vara");
        let (status, _, again) = post!(app, &path, henrik, page, [("reason", " ".to_owned())]);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.contains("Skriv varför händelsen inte behöver skickas"));
        let (status, ..) = post!(app, &path, henrik, page, [("reason", "Ärendet är avslutat.".to_owned())]);
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, _, page) = call!(app, test::TestRequest::get().uri("/koppling"), henrik);
        assert!(!page.contains("SBN 2026/00001"));
    }
}
