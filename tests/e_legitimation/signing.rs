//! What a hostile or broken broker can answer when somebody is to sign: what was sent in is what she saw and signed
//! herself, or nothing.

use super::attempt::{ANNA, HOSTS, Met, PER, Scene, told};
use super::browser::Browser;
use diesel::prelude::*;
use kommunportal::db::schema::{cases, signatures};
use reqwest::Url;

const HOST: &str = HOSTS[0];
const SERVICE: &str = "/e-tjanster/uppsagning-forskoleplats";

#[tokio::test(flavor = "multi_thread")]
async fn what_she_saw_and_signed_herself_is_sent_in_once_and_nothing_else_ever() {
    let scene = Scene::begin().await;
    let mut anna = scene.browser(ANNA);
    assert_eq!(scene.log_in(&mut anna, HOST).await, Met::Entered);
    let notice = Notice::filled_in(&scene, &mut anna).await;
    a_bad_answer_sends_in_nothing(&notice, &mut anna).await;
    an_answer_to_a_log_in_is_no_signature(&notice, &mut anna).await;
    what_has_changed_is_not_signed(&notice, &mut anna).await;
    it_is_sent_in_once(&notice, &mut anna).await;
    scene.assert_clean_log();
    for word in ["userSignature", "tbs_data", "authnEvidence"] {
        assert!(!scene.demo.log().contains(word), "{word} is in the log");
    }
}

/// A draft that only a signature is missing of.
struct Notice<'a> {
    scene: &'a Scene,
    /// Its address, without the page.
    draft: String,
}

impl<'a> Notice<'a> {
    async fn filled_in(scene: &'a Scene, anna: &mut Browser) -> Self {
        anna.open(&scene.portal(HOST, &format!("{SERVICE}/fyll-i"))).await;
        for _ in 0..8 {
            if let Some(draft) = anna.url().as_str().strip_suffix("/granska") {
                return Notice { scene, draft: draft.to_owned() };
            }
            let mut form = anna.form_with("Fortsätt");
            if form.has("Saga") {
                form = form.choose("barn", "Saga");
            }
            if form.has("sista_dag.year") {
                let day = last_day(90);
                form = form.date("sista_dag", day.0, day.1, day.2);
            }
            if form.has("kontakt_kanal") {
                form = form.choose("kontakt_kanal", "På Mina sidor");
            }
            anna.submit(form, "Fortsätt").await;
        }
        panic!("no end of the questions: {}: {}", anna.url(), anna.text());
    }

    fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.draft)
    }

    /// Presses the button that leads to the broker; gives where that is.
    async fn begun(&self, anna: &mut Browser) -> String {
        anna.open(&self.page("granska")).await;
        let form = anna.form("/skicka-in");
        self.scene.press(anna, form, "Skriv under").await.expect("to the broker")
    }

    /// As far as the address that the broker sends to with a signature.
    async fn signed(&self, anna: &mut Browser) -> String {
        let broker = self.begun(anna).await;
        self.scene.step(anna, &broker).await.expect("back from the broker")
    }

    /// She is back where she began, told why, logged in, and nothing is sent in.
    async fn is_stopped(&self, anna: &mut Browser, from: &str, why: &str, case: &str) {
        let met = self.scene.walk(anna, from).await;
        assert!(matches!(met, Met::Told(200, _)), "{case}: {met:?}");
        assert!(anna.url().path().ends_with("/granska"), "{case}: {}", anna.url());
        let title = format!("sign-stopped-{why}-title = ");
        let texts = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/texts/sv/submissions.ftl");
        let texts = std::fs::read_to_string(texts).unwrap();
        let title = texts.lines().find_map(|line| line.strip_prefix(&title)).unwrap();
        assert!(anna.text().contains(title), "{case}: no \"{title}\" in {}", anna.text());
        assert!(self.scene.is_inside(anna, HOST).await, "{case}");
        assert_eq!(self.sent_in(), (0, 0), "{case}");
    }

    /// How many cases there are, and signatures.
    fn sent_in(&self) -> (i64, i64) {
        let url = format!("sqlite:{}", self.scene.demo.data().join("portal.db").display());
        super::databases::with_conn(&url, |c| {
            let count = cases::table.count().get_result(c).unwrap();
            (count, signatures::table.count().get_result(c).unwrap())
        })
    }
}

fn last_day(ahead: i64) -> (i16, i8, i8) {
    let day = kommunportal::vocabulary::Clock::system().now().plus_days(ahead).day();
    (day.year(), day.month(), day.day())
}

/// Rows 29 and 30, and some that a log-in has, too.
async fn a_bad_answer_sends_in_nothing(notice: &Notice<'_>, anna: &mut Browser) {
    let cases = [
        ("no_user_signature", "technical"),
        ("user_signature_not_base64", "technical"),
        ("huge_user_signature", "technical"),
        ("other_person", "other-person"),
        ("sub_with_another_number", "other-person"),
        ("low_acr", "level"),
        ("wrong_nonce", "technical"),
        ("bad_signature", "technical"),
        ("invalid_grant", "session"),
        ("token_503", "unavailable"),
        ("access_denied", "cancelled"),
    ];
    for (fault, why) in cases {
        notice.scene.fault(fault).await;
        let broker = notice.begun(anna).await;
        notice.is_stopped(anna, &broker, why, fault).await;
        assert!(notice.scene.is_struck().await, "{fault} never struck");
    }
    // An honest broker lets nobody else sign.
    anna.set_cookie("localhost", "kp_person", PER);
    let broker = notice.begun(anna).await;
    notice.is_stopped(anna, &broker, "cancelled", "another person").await;
    anna.set_cookie("localhost", "kp_person", ANNA);
}

/// Row 32, each way round.
async fn an_answer_to_a_log_in_is_no_signature(notice: &Notice<'_>, anna: &mut Browser) {
    let scene = notice.scene;
    let login = scene.portal(HOST, "/logga-in/standard?retur=/mina-sidor");
    let code_of = |from: &str, to: &str| {
        let [from, mut to] = [from, to].map(|url| Url::parse(url).unwrap());
        let code = from.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let rest = to.query_pairs().filter(|(name, _)| name != "code").map(|(n, v)| (n.into_owned(), v.into_owned()));
        let pairs: Vec<_> = rest.chain([("code".to_owned(), code)]).collect();
        to.query_pairs_mut().clear().extend_pairs(pairs);
        to.to_string()
    };
    let (signed, logged_in) = (notice.signed(anna).await, scene.callback(anna, &login).await);
    notice.is_stopped(anna, &code_of(&logged_in, &signed), "session", "a log-in for a signature").await;
    let (signed, logged_in) = (notice.signed(anna).await, scene.callback(anna, &login).await);
    assert_eq!(scene.walk(anna, &code_of(&signed, &logged_in)).await, told("session"));
    assert!(scene.is_inside(anna, HOST).await);
    // In a browser where nobody is logged in, her signature is nobody's.
    let signed = notice.signed(anna).await;
    let mut out = Browser::new();
    out.set_cookie(HOST, "kp_tx", anna.cookie(HOST, "kp_tx").unwrap());
    scene.walk(&mut out, &signed).await;
    assert!(!scene.is_inside(&mut out, HOST).await);
    assert_eq!(notice.sent_in(), (0, 0));
}

/// Row 31: in another tab, while she is at the broker.
async fn what_has_changed_is_not_signed(notice: &Notice<'_>, anna: &mut Browser) {
    let signed = notice.signed(anna).await;
    anna.open(&notice.page("platsen?andra=1")).await;
    let day = last_day(120);
    let form = anna.form_with("Spara ändringen").date("sista_dag", day.0, day.1, day.2);
    anna.submit(form, "Spara ändringen").await;
    notice.is_stopped(anna, &signed, "session", "changed").await;
}

/// Row 31: two tabs sign the same notice. The one that comes later finds it sent in, and adds nothing.
async fn it_is_sent_in_once(notice: &Notice<'_>, anna: &mut Browser) {
    let scene = notice.scene;
    let (one, two) = (notice.signed(anna).await, notice.signed(anna).await);
    for from in [&two, &one] {
        let met = scene.walk(anna, from).await;
        assert!(matches!(met, Met::Told(200, _)), "{met:?}");
        assert_eq!(anna.url().as_str(), notice.page("klart"));
        assert_eq!(notice.sent_in(), (1, 1));
    }
    // Back in the browser.
    assert_eq!(scene.walk(anna, &two).await, Met::Entered);
    assert_eq!(notice.sent_in(), (1, 1));
}
