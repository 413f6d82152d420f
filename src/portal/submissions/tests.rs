//! Signing, together with others too, and testing the receipt, on both databases.

use super::draft::Owner;
use super::prepare::Prepared;
use super::sign::{self, Returned, SignFault, Wish};
use super::store::{self, NewDraft};
use super::submit::{Sending, Sent};
use super::{cosign, make_receipt, withdraw_signers};
use crate::contract::{Delivery, WhyMissing};
use crate::db::{Conn, DbError};
use crate::forms::{Answer, Answers, Applicant, ChildOption, Context, Prefill, PrefillState, PrefilledValue, Source};
use crate::jobs::Job;
use crate::oidc::Pinned;
use crate::portal::prefill::{Child, OtherGuardian, SecondSignature};
use crate::portal::receipts::{Seal, blanked_sha256, of_case, seals_in};
use crate::portal::signatures::{self, SignerState};
use crate::portal::testing::{TestDb, databases, evidence, ground, morning, municipality};
use crate::portal::{App, cases, catalogue, delivery, identity};
use crate::settings::{ConfigTree, Profile, load};
use crate::vocabulary::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const ANNA: &str = "189001019802";
const ERIK: &str = "189001029819";

fn number(text: &str) -> Personnummer {
    Personnummer::from_canonical(text).unwrap()
}

struct Stage {
    app: Arc<App>,
    anna: PartyId,
    erik: PartyId,
    draft: DraftId,
    _folder: std::path::PathBuf,
}

fn slug() -> ServiceSlug {
    "uppsagning-forskoleplats".parse().unwrap()
}

fn answers(last_day: &str) -> Answers {
    let mut all = Answers::default();
    let child = json!({ "key": "barn1", "name": "Ebba Öberg", "born": "2022-03-01", "sharedCustody": true });
    for (id, value) in [
        ("barn", child),
        ("sista_dag", json!(last_day)),
        ("medundertecknare_epost", json!("erik@example.se")),
        ("kontakt_epost", json!("anna@example.se")),
        ("kontakt_kanal", json!("mina-sidor")),
    ] {
        all.set(id, Answer { value, source: Source::Resident, source_at: morning() });
    }
    for (id, text) in [
        ("ditt_namn", "Anna Öberg"),
        ("din_adress", "Hemliga vägen 1"),
        ("ditt_postnummer", "28631"),
        ("din_postort", "Örkelljunga"),
    ] {
        all.set(id, Answer { value: json!(text), source: Source::Navet, source_at: morning() });
    }
    all
}

impl Stage {
    async fn new(db: &TestDb) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = std::env::temp_dir().join(format!("kp-sign-{}", FileId::fresh()));
        let tree = ConfigTree::embedded();
        let settings = load(&tree, Profile::Test, toml::Table::new(), std::iter::empty()).unwrap();
        let ground = actix_web::web::Data::new(ground(db.start(), settings, &folder));
        let app = Arc::new(App::build(ground, &tree).unwrap());
        let draft = DraftId::fresh();
        let (keys, inner, catalogue) = (app.ground.keys.clone(), draft.clone(), app.catalogue.clone());
        let (anna, erik) = app
            .ground
            .db
            .write(move |c| {
                let mut party = |who: &str, name: &str| {
                    let known_by = identity::KnownBy::Number { number: number(who), previous: None };
                    identity::find_or_create(c, &keys, &municipality(), &known_by, name, morning())
                };
                let (anna, erik) = (party(ANNA, "Anna Öberg")?, party(ERIK, "Erik Öberg")?);
                let definition = catalogue.find(&municipality(), &slug()).unwrap();
                catalogue::remember_definition(c, &municipality(), &definition, morning())?;
                let new = NewDraft {
                    id: &inner,
                    municipality: &municipality(),
                    definition: &definition,
                    title: "Säga upp plats",
                    owner: &Owner::Party(anna.clone()),
                    step: "barnet",
                    now: morning(),
                    delete_at: morning().plus_days(30),
                };
                store::insert_draft(c, &new)?;
                store::save(c, &inner, &answers("2027-03-31"), b"", "granska")?;
                Ok::<_, DbError>((anna, erik))
            })
            .await
            .unwrap();
        Stage { app, anna, erik, draft, _folder: folder }
    }

    fn sending(&self, second: SecondSignature) -> Sending {
        let voice = self.app.ground.renderer.voice(Lang::SWEDISH);
        let known = |text: &str| PrefilledValue { text: text.into(), source: Source::Navet, at: morning() };
        let values = [
            ("navet.name", "Anna Öberg"),
            ("navet.address", "Hemliga vägen 1"),
            ("navet.postcode", "28631"),
            ("navet.city", "Örkelljunga"),
        ];
        let option = ChildOption { key: "barn1".into(), name: "Ebba Öberg".into(), born: None, shared_custody: true };
        let prefill = Prefill {
            values: values.iter().map(|(name, text)| ((*name).to_owned(), known(text))).collect(),
            children: vec![option],
            state: PrefillState::Fresh,
            ..Prefill::default()
        };
        let applicant = Applicant { logged_in: true, age: Some(36), acting_for: None };
        let child = Child {
            number: number("202203012386"),
            name: "Ebba Öberg".into(),
            first_name: "Ebba".into(),
            born: "2022-03-01".parse().unwrap(),
            municipality_code: None,
            shared_custody: true,
            second_signature: second,
            other_guardians: match second {
                SecondSignature::Possible => {
                    vec![OtherGuardian { number: number(ERIK), name: "Erik Öberg".into() }]
                }
                _ => Vec::new(),
            },
            same_address: false,
            may_be_represented: true,
        };
        let all = &self.app.ground.municipalities;
        Sending {
            catalogue: self.app.catalogue.clone(),
            keys: self.app.ground.keys.clone(),
            settings: self.app.ground.settings.clone(),
            municipality: all.find(&municipality()).unwrap().clone(),
            address: "http://localhost:8080".into(),
            owner: Owner::Party(self.anna.clone()),
            draft: self.draft.clone(),
            prepared: Prepared {
                context: Context { at: morning(), voice, applicant, prefill },
                citizen: Some(self.citizen(ANNA)),
                known: None,
                children: BTreeMap::from([("barn1".to_owned(), child)]),
                sealed: Vec::new(),
            },
            lang: Lang::SWEDISH,
            now: self.app.ground.clock.now(),
            authority: None,
        }
    }

    async fn write<T: Send + 'static>(&self, work: impl Fn(&mut Conn) -> Result<T, DbError> + Send + 'static) -> T {
        self.app.ground.db.write(work).await.unwrap()
    }

    async fn begin(&self, second: SecondSignature) -> (SigningId, Vec<u8>) {
        let sending = self.sending(second);
        match self.app.ground.db.write(move |c| sign::begin(c, &sending)).await {
            Ok(Wish::Begun(begun)) => {
                assert_eq!(begun.named.title.as_deref(), Some("Säga upp plats i förskola"));
                (begun.id, begun.tbs_data)
            }
            Ok(_) => panic!("there is a draft to sign"),
            Err(e) => panic!("{e:?}"),
        }
    }

    fn returned(&self, id: SigningId, tbs: &[u8], who: &str) -> Returned {
        let now = self.app.ground.clock.now();
        Returned {
            catalogue: self.app.catalogue.clone(),
            keys: self.app.ground.keys.clone(),
            settings: self.app.ground.settings.clone(),
            municipality: self.app.ground.municipalities.find(&municipality()).unwrap().clone(),
            address: "http://localhost:8080".into(),
            lang: Lang::SWEDISH,
            now,
            id,
            citizen: self.citizen(who),
            pinned: Pinned::Number(number(who)),
            evidence: evidence(tbs, &number(who), now),
        }
    }

    fn citizen(&self, who: &str) -> identity::Citizen {
        let (party, name) = if who == ANNA { (&self.anna, "Anna Öberg") } else { (&self.erik, "Erik Öberg") };
        let citizen = json!({ "party": party, "name": name, "number": who, "acr": "loa3", "method": "bankid", "auth_at": morning() });
        serde_json::from_value(citizen).unwrap()
    }

    async fn finish(&self, returned: Returned) -> Result<Sent, SignFault> {
        self.app.ground.db.write(move |c| sign::finish(c, &returned)).await
    }

    /// Signed by Anna and sent in.
    async fn sent(&self, second: SecondSignature) -> cases::Case {
        let (id, tbs) = self.begin(second).await;
        assert!(matches!(self.finish(self.returned(id, &tbs, ANNA)).await, Ok(Sent::Now)));
        self.case().await.unwrap()
    }

    async fn case(&self) -> Option<cases::Case> {
        let (owner, draft) = (Owner::Party(self.anna.clone()), self.draft.clone());
        self.write(move |c| match store::case_of_draft(c, &municipality(), &owner, &draft)? {
            Some(id) => cases::find(c, &municipality(), &id),
            None => Ok(None),
        })
        .await
    }

    async fn receipt(&self, case: &cases::Case) -> Vec<u8> {
        let payload = json!({ "submission": case.submission_id });
        let job = Job { seq: 1, municipality: municipality(), kind: super::RECEIPT_JOB.into(), payload, attempts: 1 };
        make_receipt(&self.app, job).await.unwrap();
        let id = case.id.clone();
        let documents = self.write(move |c| cases::documents(c, &id)).await;
        let receipt = documents.into_iter().find(|d| d.kind == cases::DocumentKind::Receipt).unwrap();
        let blob = crate::files::StoredBlob {
            key: receipt.blob_key.parse().unwrap(),
            size: receipt.size.unsigned_abs(),
            sha256: receipt.sha256,
        };
        self.app.ground.blobs.read(&blob).await.unwrap().to_vec()
    }

    /// What would be handed over now; `None` while it waits.
    async fn delivered(&self, case: &cases::Case) -> Option<Result<Delivery, String>> {
        let (id, keys) = (case.id.clone(), self.app.ground.keys.clone());
        self.write(move |c| {
            let state = delivery::DeliveryState::Pending;
            let due = delivery::by_state(c, &municipality(), None, state, None, 10)?;
            let Some(row) = due.into_iter().find(|row| row.case_id == id) else { return Ok(None) };
            let body = delivery::sealed_body(c, &keys, &municipality(), &row.id, "http://localhost:8080");
            Ok(Some(body.map(|b| serde_json::from_slice(&b).unwrap()).map_err(|e| e.to_string())))
        })
        .await
    }

    async fn signer(&self, case: &cases::Case) -> signatures::Signer {
        let (id, keys) = (case.id.clone(), self.app.ground.keys.clone());
        self.write(move |c| signatures::signers_of(c, &keys, &id)).await.remove(0)
    }
}

#[actix_web::test]
async fn what_was_signed_is_sent_in_once_and_a_change_after_the_signature_sends_nothing() {
    for db in databases() {
        let stage = Stage::new(&db).await;
        let (first, tbs) = stage.begin(SecondSignature::NotNeeded).await;
        let (second, again) = stage.begin(SecondSignature::NotNeeded).await;
        // Somebody else's token, and a token about other bytes, are nothing.
        let mut other = stage.returned(first.clone(), &tbs, ANNA);
        other.evidence = evidence(&tbs, &number(ERIK), morning());
        assert!(matches!(stage.finish(other).await, Err(SignFault::Signature(_))));
        let mixed = stage.returned(first.clone(), &again, ANNA);
        assert!(matches!(stage.finish(mixed).await, Err(SignFault::Signature(_))));
        let stolen = stage.returned(first.clone(), &tbs, ERIK);
        assert!(matches!(stage.finish(stolen).await, Err(SignFault::Over)));
        assert!(stage.case().await.is_none(), "the whole unit was undone");
        // An answer is changed between signature and return.
        let draft = stage.draft.clone();
        stage.write(move |c| store::save(c, &draft, &answers("2027-04-30"), b"", "granska")).await;
        assert!(matches!(stage.finish(stage.returned(first.clone(), &tbs, ANNA)).await, Err(SignFault::Over)));
        let draft = stage.draft.clone();
        stage.write(move |c| store::save(c, &draft, &answers("2027-03-31"), b"", "granska")).await;
        // Two tabs: one case.
        assert!(matches!(stage.finish(stage.returned(first.clone(), &tbs, ANNA)).await, Ok(Sent::Now)));
        assert!(matches!(stage.finish(stage.returned(second, &again, ANNA)).await, Ok(Sent::Before)));
        assert!(matches!(stage.finish(stage.returned(first, &tbs, ANNA)).await, Err(SignFault::Over)));
        let case = stage.case().await.unwrap();
        let named: Value = serde_json::from_slice(&tbs).unwrap();
        assert_eq!(named["reference"], json!(case.reference));
        assert!(!String::from_utf8_lossy(&tbs).contains(ANNA) && tbs.len() < 2000);
        let pdf = stage.receipt(&case).await;
        assert!(pdf.starts_with(b"%PDF"));
        let body = stage.delivered(&case).await.unwrap().unwrap();
        assert_eq!((body.signatures.len(), body.signatures[0].by.as_str()), (1, ANNA));
        assert_eq!(body.signatures[0].document_id.as_deref(), Some(body.documents[0].document_id.as_str()));
        assert!(body.missing_signatures.is_empty());
    }
}

#[actix_web::test]
async fn a_signature_that_came_too_late_sends_nothing() {
    for db in databases() {
        let stage = Stage::new(&db).await;
        let (id, tbs) = stage.begin(SecondSignature::NotNeeded).await;
        stage.app.ground.clock.advance(1600);
        assert!(matches!(stage.finish(stage.returned(id, &tbs, ANNA)).await, Err(SignFault::Over)));
        assert!(stage.case().await.is_none());
    }
}

#[actix_web::test]
async fn the_delivery_waits_for_the_other_guardian_and_carries_both_signatures() {
    for db in databases() {
        let stage = Stage::new(&db).await;
        let case = stage.sent(SecondSignature::Possible).await;
        let first = stage.receipt(&case).await;
        assert!(stage.delivered(&case).await.is_none(), "it waits");
        let signer = stage.signer(&case).await;
        let (app, erik, asked) = (stage.app.clone(), stage.erik.clone(), signer.clone());
        let begun = stage
            .app
            .ground
            .db
            .write(move |c| {
                let all = &app.ground.municipalities;
                let municipality = all.find(&municipality()).unwrap().clone();
                let now = app.ground.clock.now();
                sign::begin_for_signer(c, &app.ground.keys, &municipality, &erik, &asked, now)
            })
            .await
            .unwrap()
            .unwrap();
        stage.app.ground.clock.advance(60);
        assert!(matches!(stage.finish(stage.returned(begun.id, &begun.tbs_data, ERIK)).await, Ok(Sent::Now)));
        assert!(stage.delivered(&case).await.is_none(), "not before the new receipt");
        let second = stage.receipt(&case).await;
        assert_ne!(first, second);
        let body = stage.delivered(&case).await.unwrap().unwrap();
        let by: Vec<&str> = body.signatures.iter().map(|s| s.by.as_str()).collect();
        assert_eq!(by, [ANNA, ERIK]);
        let id = case.id.clone();
        let receipts = stage.write(move |c| of_case(c, &id)).await;
        assert_eq!(receipts.iter().map(|r| r.complete).collect::<Vec<_>>(), [true, false]);
        for (pdf, signatures) in [(&first, 1), (&second, 2)] {
            let seals = stage.app.ground.keys.receipts().unwrap();
            let jws = seals_in(pdf).into_iter().find(|jws| Seal::open(seals, jws).is_ok()).unwrap();
            let seal = Seal::open(seals, jws).unwrap();
            assert_eq!((seal.pdf, seal.signatures.len()), (blanked_sha256(pdf, jws), signatures));
        }
    }
}

#[actix_web::test]
async fn nothing_is_lost_when_the_other_declines_is_silent_cannot_be_asked_or_it_is_taken_back() {
    for db in databases() {
        for why in [WhyMissing::Declined, WhyMissing::Unanswered, WhyMissing::ByHand, WhyMissing::Withdrawn] {
            let stage = Stage::new(&db).await;
            let by_hand = why == WhyMissing::ByHand;
            let second = if by_hand { SecondSignature::Manual } else { SecondSignature::Possible };
            let case = stage.sent(second).await;
            let signer = stage.signer(&case).await;
            let (erik, id, now) = (stage.erik.to_string(), case.id.clone(), stage.app.ground.clock.now());
            match why {
                WhyMissing::Declined => {
                    let done = stage.write(move |c| cosign::decline(c, &municipality(), &erik, &signer, now)).await;
                    assert!(done);
                }
                WhyMissing::Unanswered => {
                    stage.app.ground.clock.advance(31 * 86_400);
                    super::end_overdue_signers(&stage.app).await;
                }
                WhyMissing::ByHand => assert_eq!(signer.state, SignerState::ByHand),
                WhyMissing::Withdrawn => {
                    stage.write(move |c| withdraw_signers(c, &municipality(), &id, now)).await;
                }
            }
            stage.receipt(&case).await;
            let body = stage.delivered(&case).await.unwrap().unwrap();
            let missing = &body.missing_signatures[0];
            let name = (!by_hand).then(|| "Erik Öberg".to_owned());
            assert_eq!((missing.reason, &missing.name), (why, &name));
            assert_eq!(body.signatures.len(), 1);
        }
    }
}

#[actix_web::test]
async fn evidence_that_does_not_hold_stops_the_delivery_and_says_why() {
    for db in databases() {
        let stage = Stage::new(&db).await;
        let case = stage.sent(SecondSignature::NotNeeded).await;
        stage.receipt(&case).await;
        let (submission, keys) = (case.submission_id.clone(), stage.app.ground.keys.clone());
        // What an intruder with the database and its key could do: another text in the place of what was signed.
        let sealed = keys.seal("submissions.content", b"{\"answers\":{}}").unwrap();
        stage.write(move |c| store::put_content_for_test(c, &submission, &sealed)).await;
        let stopped = stage.delivered(&case).await.unwrap().unwrap_err();
        assert_eq!(stopped, "what was sent in is not what was signed");
    }
}

#[actix_web::test]
async fn the_other_guardian_reads_the_answers_without_address_or_ways_to_reach() {
    let db = &databases()[0];
    let stage = Stage::new(db).await;
    let case = stage.sent(SecondSignature::Possible).await;
    let definition = stage.app.catalogue.find(&municipality(), &slug()).unwrap();
    let all = stage.write(move |c| store::sent_in(c, &case.submission_id)).await;
    let text = |sections: &[crate::forms::Section]| serde_json::to_string(sections).unwrap();
    assert!(text(&all).contains("Hemliga vägen") && text(&all).contains("anna@example.se"));
    let shown = text(&definition.for_another(all));
    assert!(shown.contains("Ebba Öberg") && shown.contains("2027") && shown.contains("Anna Öberg"));
    for hidden in ["Hemliga", "28631", "Örkelljunga", "anna@example.se", "erik@example.se"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}
