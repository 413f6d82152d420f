//! Targets that differ: slow ones, some that are not idempotent, those that have moved, with tokens of their own, folders,
//! registrators, foreign models, and some that have been away for days.

use super::test_office::{Office, at, office, office_at, takes};
use super::test_server::{self, Asked, Log, count, registered};
use super::*;
use crate::contract::*;
use crate::db::DbError;
use crate::portal::cases::{self, StatusMappings};
use crate::portal::testing::{body, castor, databases, keys, morning, municipality, opened};
use crate::settings::Target;
use crate::vocabulary::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn a_receiver_that_hangs_keeps_nobody_else_waiting() {
    for db in databases() {
        let (slow, slow_log) = test_server::serve(|_| (0, String::new())).await;
        let (quick, _) = test_server::serve(takes).await;
        let targets = vec![("slow", at(&slow, "at_once = 2")), ("quick", at(&quick, ""))];
        let o = office_at(&db, targets, Clock::system());
        for _ in 0..5 {
            o.submit("slow", &[]).await;
        }
        let mut others = Vec::new();
        for _ in 0..20 {
            others.push(o.submit("quick", &[]).await);
        }
        let stop = crate::jobs::Stop::default();
        let running = tokio::spawn(o.pump.clone().run(stop.clone()));
        for id in &others {
            while o.row(id).await.state != DeliveryState::Registered {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        assert_eq!(count(&slow_log, "POST"), 2, "it has its two places and no more");
        running.abort();
    }
}

#[tokio::test]
async fn what_may_have_arrived_at_a_target_that_would_make_two_of_it_waits_for_a_person() {
    for db in databases() {
        let answers = Arc::new(AtomicUsize::new(0));
        let seen = answers.clone();
        let answer = move |asked: &Asked| match seen.fetch_add(1, Ordering::SeqCst) {
            0 => (200, "nothing that can be read".to_owned()),
            _ => takes(asked),
        };
        let (url, log) = test_server::serve(answer).await;
        let o = office(&db, vec![("castor", at(&url, "[capabilities]\nidempotent = false"))]);
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        let row = o.row(&id).await;
        assert_eq!(row.state, DeliveryState::Dead);
        assert!(row.last_error.unwrap().contains("outcome_unknown"));
        o.run_after(100_000).await;
        assert_eq!(count(&log, "POST"), 1, "never again by itself");
        let (again, now) = (id.clone(), o.clock.now());
        assert!(o.db.write(move |c| retry_dead(c, &municipality(), &again, "staff:x", now)).await.unwrap());
        o.run_after(0).await;
        assert_eq!((o.row(&id).await.state, count(&log, "POST")), (DeliveryState::Registered, 2));
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_asked_for_where_it_was_sent_though_the_address_has_changed() {
    for db in databases() {
        let first = |asked: &Asked| match asked.line.starts_with("POST") {
            true => (200, "broken".to_owned()),
            false => (200, registered(asked)),
        };
        let (old, old_log) = test_server::serve(first).await;
        let (new, new_log) = test_server::serve(takes).await;
        let o = office(&db, vec![("castor", at(&old, "retry_after = [10]"))]);
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        assert!(o.row(&id).await.unclear);
        let moved = office_at(&db, vec![("castor", at(&new, "retry_after = [10]"))], o.clock.clone());
        moved.run_after(13).await;
        assert_eq!(moved.row(&id).await.state, DeliveryState::Registered);
        assert_eq!((count(&old_log, "GET"), count(&new_log, "")), (1, 0));
    }
}

#[tokio::test]
async fn an_address_that_nobody_answers_at_any_more_holds_up_only_what_may_have_arrived_there() {
    for db in databases() {
        // The answer breaks off, and nothing says that it is known.
        let (old, _) = test_server::serve(|_| (200, "broken".to_owned())).await;
        let (new, new_log) = test_server::serve(takes).await;
        let schedule = "retry_after = [10, 10, 10, 10, 10, 10]";
        let o = office(&db, vec![("castor", at(&old, schedule))]);
        let left = o.submit("castor", &[]).await;
        o.run_after(0).await;
        let moved = office_at(&db, vec![("castor", at(&new, schedule))], o.clock.clone());
        for _ in 0..6 {
            moved.run_after(13).await;
        }
        let row = moved.row(&left).await;
        assert_eq!(row.state, DeliveryState::Dead);
        assert!(row.last_error.as_ref().unwrap().contains(old.as_str()), "{:?}", row.last_error);
        let fresh = moved.submit("castor", &[]).await;
        moved.run_after(0).await;
        assert_eq!(moved.row(&fresh).await.state, DeliveryState::Registered, "the target itself is not paused for it");
        let (again, now) = (left.clone(), moved.clock.now());
        assert!(moved.db.write(move |c| retry_dead(c, &municipality(), &again, "staff:x", now)).await.unwrap());
        moved.run_after(0).await;
        assert_eq!((moved.row(&left).await.state, count(&new_log, "POST")), (DeliveryState::Registered, 2));
    }
}

#[tokio::test]
async fn an_access_token_is_fetched_once_for_all_and_anew_shortly_before_it_ends() {
    for db in databases() {
        let given = Arc::new(AtomicUsize::new(0));
        let tokens = given.clone();
        let answer = move |asked: &Asked| {
            if asked.line.starts_with("POST /token") {
                let n = tokens.fetch_add(1, Ordering::SeqCst) + 1;
                return (200, format!(r#"{{"access_token":"bricka{n}","expires_in":600}}"#));
            }
            takes(asked)
        };
        let (url, log) = test_server::serve(answer).await;
        let oauth = format!(
            "[capabilities]\noauth2 = true\n[oauth2]\ntoken_url = \"{url}token\"\nclient_id = \"kp\"\nclient_secret = \"h\"\nscope = \"deliveries\"\n"
        );
        let o = office(&db, vec![("castor", at(&url, &oauth))]);
        for _ in 0..3 {
            o.submit("castor", &[]).await;
        }
        o.run_after(0).await;
        assert_eq!((count(&log, "POST /token"), count(&log, "POST /v1")), (1, 3));
        o.run_after(571).await;
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        assert_eq!((o.row(&id).await.state, count(&log, "POST /token")), (DeliveryState::Registered, 2));
        let fetched = log.lock().unwrap().iter().find(|a| a.line.starts_with("POST /token")).unwrap().clone();
        assert!(fetched.head.contains("authorization: basic "), "{}", fetched.head);
        assert_eq!(fetched.body, b"grant_type=client_credentials&scope=deliveries");
    }
}

#[tokio::test]
async fn a_refused_access_token_is_renewed_within_the_same_attempt() {
    for db in databases() {
        let given = Arc::new(AtomicUsize::new(0));
        let answer = move |asked: &Asked| {
            if asked.line.starts_with("POST /token") {
                let n = given.fetch_add(1, Ordering::SeqCst) + 1;
                return (200, format!(r#"{{"access_token":"bricka{n}","expires_in":600}}"#));
            }
            match asked.head.contains("bearer bricka1") {
                true => (401, String::new()),
                false => takes(asked),
            }
        };
        let (url, log) = test_server::serve(answer).await;
        let key = crate::oidc::ClientKey::generate_pem().unwrap();
        let oauth = format!(
            "[capabilities]\noauth2 = true\n[oauth2]\ntoken_url = \"{url}token\"\nclient_id = \"kp\"\nprivate_key = '''{key}'''\n"
        );
        let o = office(&db, vec![("castor", at(&url, &oauth))]);
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        let row = o.row(&id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Registered, 1));
        assert_eq!((count(&log, "POST /token"), count(&log, "POST /v1")), (2, 2));
        let form = String::from_utf8(log.lock().unwrap()[0].body.clone()).unwrap();
        assert!(form.contains("client_assertion=ey") && form.contains("jwt-bearer"), "{form}");
    }
}

#[tokio::test]
async fn more_than_a_target_takes_is_given_up_before_it_is_sent_and_small_files_go_along_when_asked() {
    for db in databases() {
        let (url, log) = test_server::serve(takes).await;
        let targets = vec![
            ("castor", at(&url, "largest_bytes = 5000")),
            ("ecos", at(&url, "[capabilities]\ninline_attachments = true")),
        ];
        let o = office(&db, targets);
        let large = o.submit("castor", &[("stor.txt", &[b'x'; 6000])]).await;
        o.run_after(0).await;
        let row = o.row(&large).await;
        assert_eq!((row.state, count(&log, "POST")), (DeliveryState::Dead, 0));
        assert!(row.last_error.unwrap().starts_with("too large: "));
        o.submit("ecos", &[("liten.txt", b"hej")]).await;
        o.run_after(0).await;
        let sent: Delivery = serde_json::from_slice(&log.lock().unwrap()[0].body).unwrap();
        assert_eq!(sent.documents[0].content.as_deref(), Some("aGVq"));
    }
}

#[tokio::test]
async fn a_target_that_wants_nothing_more_waits_for_a_person() {
    for db in databases() {
        let gone = Arc::new(AtomicUsize::new(0));
        let calls = gone.clone();
        let answer = move |asked: &Asked| match calls.fetch_add(1, Ordering::SeqCst) {
            0 => (410, String::new()),
            _ => takes(asked),
        };
        let (url, _) = test_server::serve(answer).await;
        let o = office(&db, vec![("castor", at(&url, ""))]);
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        o.run_after(100_000).await;
        assert_eq!((gone.load(Ordering::SeqCst), o.row(&id).await.attempts), (1, 0));
        let now = o.clock.now();
        let resumed =
            o.db.write(move |c| set_paused(c, &municipality(), &castor(), false, "staff:x", "åter", now)).await;
        assert!(resumed.unwrap());
        o.run_after(0).await;
        assert_eq!(o.row(&id).await.state, DeliveryState::Registered);
    }
}

#[tokio::test]
async fn a_folder_is_made_once_and_the_number_that_is_put_there_is_the_cases() {
    for db in databases() {
        let root = std::env::temp_dir().join(format!("kp-folder-{}", FileId::fresh()));
        std::fs::create_dir_all(&root).unwrap();
        let settings: Target =
            toml::from_str(&format!("kind = \"folder\"\nurl = \"file://{}\"", root.display())).unwrap();
        let o = office(&db, vec![("castor", settings)]);
        let id = o.submit("castor", &[("ritning <1>.txt", b"hej")]).await;
        o.run_after(0).await;
        assert_eq!(o.row(&id).await.state, DeliveryState::Accepted);
        let folders = || {
            let names = std::fs::read_dir(&root).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
            names.filter(|name| !name.starts_with('.') && name != "svar").collect::<Vec<_>>()
        };
        let name = folders().pop().unwrap();
        let whole = root.join(&name);
        let sums = std::fs::read_to_string(whole.join("SHA256SUMS")).unwrap();
        assert_eq!(sums.lines().count(), 3);
        for line in sums.lines() {
            let (sum, file) = line.split_once("  ").unwrap();
            assert_eq!(sum, crate::settings::sha256_hex(&std::fs::read(whole.join(file)).unwrap()), "{file}");
        }
        let xml = std::fs::read_to_string(whole.join("leverans.xml")).unwrap();
        assert!(xml.contains(&format!("id=\"{id}\"")) && xml.contains("ritning &lt;1&gt;.txt"), "{xml}");
        // The other system takes it away; the same delivery comes again all the same.
        std::fs::rename(&whole, root.join("svar")).unwrap();
        let again = id.clone();
        let begin_anew = o.db.write(move |c| {
            store::settle(
                c,
                &municipality(),
                &again,
                &[DeliveryState::Accepted],
                DeliveryState::Pending,
                None,
                morning(),
            )
        });
        assert!(begin_anew.await.unwrap());
        o.run_after(0).await;
        assert!(folders().is_empty());
        std::fs::write(root.join("svar").join(format!("{name}.json")), r#"{"diaryNumber":"KS 2026/7"}"#).unwrap();
        o.run_after(301).await;
        let row = o.row(&id).await;
        assert_eq!(row.state, DeliveryState::Registered);
        let case = o.db.read(move |c| cases::find(c, &municipality(), &row.case_id)).await.unwrap().unwrap();
        assert_eq!(case.diary_number.as_deref(), Some("KS 2026/7"));
        std::fs::remove_dir_all(&root).unwrap();
    }
}

async fn staff_letters(o: &Office) -> Vec<serde_json::Value> {
    use crate::db::schema::jobs;
    use diesel::prelude::*;
    let load = o.db.read(|c| {
        let letters = jobs::table.filter(jobs::kind.eq(STAFF_MAIL)).order(jobs::seq);
        Ok::<Vec<crate::db::types::Doc<serde_json::Value>>, DbError>(letters.select(jobs::payload).load(c)?)
    });
    load.await.unwrap().into_iter().map(|doc| doc.0).collect()
}

#[tokio::test]
async fn a_registrator_gets_one_letter_with_a_link_and_registers_by_hand() {
    for db in databases() {
        let settings: Target = toml::from_str("kind = \"email\"\nurl = \"mailto:registrator@kommunen.se\"").unwrap();
        let o = office(&db, vec![("diariet", settings)]);
        let id = o.submit("diariet", &[]).await;
        o.run_after(0).await;
        assert_eq!(o.row(&id).await.state, DeliveryState::Accepted);
        let letters = staff_letters(&o).await;
        let expected = json!({"to": ["registrator@kommunen.se"], "about": "delivery", "id": id, "at": morning()});
        assert_eq!(letters, [expected]);
        let (by_hand, now) = (id.clone(), o.clock.now());
        let settled = o.db.write(move |c| {
            let r = Resolution {
                external_case_id: "KS 2026/9",
                diary_number: Some("KS 2026/9"),
                who: "staff:x",
                why: "brev",
            };
            resolve_manually(c, &StatusMappings::default(), &municipality(), &by_hand, &r, now)
        });
        assert!(settled.await.unwrap());
        assert_eq!(o.row(&id).await.state, DeliveryState::ResolvedManually);
    }
}

#[tokio::test]
async fn a_foreign_model_is_resumed_where_it_failed_and_gets_nothing_twice() {
    for db in databases() {
        let held: Arc<Mutex<(usize, Vec<String>)>> = Arc::default();
        let theirs = held.clone();
        let answer = move |asked: &Asked| {
            let mut held = theirs.lock().unwrap();
            let sent: serde_json::Value = serde_json::from_slice(&asked.body).unwrap_or_default();
            match asked.line.as_str() {
                "POST /cases" if held.0 > 0 => (400, String::new()),
                "POST /cases" => {
                    held.0 += 1;
                    // The case is made, but the answer is lost.
                    (500, String::new())
                }
                "POST /cases/77/attachments" => {
                    held.1.push(sent["externalId"].as_str().unwrap_or_default().to_owned());
                    // The second attachment arrives, and the answer breaks.
                    if held.1.len() == 2 { (502, String::new()) } else { (201, "{}".to_owned()) }
                }
                "GET /cases/77/attachments" => {
                    let all: Vec<_> = held.1.iter().map(|id| json!({ "externalId": id })).collect();
                    (200, serde_json::to_string(&all).unwrap())
                }
                line if line.starts_with("GET /cases?externalCaseId=") => {
                    (200, r#"[{"caseId":"77","errandNumber":"SGP-2026-000001"}]"#.to_owned())
                }
                _ => (404, String::new()),
            }
        };
        let (url, log) = test_server::serve(answer).await;
        let settings: Target =
            toml::from_str(&format!("kind = \"rest-example\"\nurl = \"{url}\"\ntoken = \"t\"\nretry_after = [10, 10]"))
                .unwrap();
        let o = office(&db, vec![("foreign", settings)]);
        let id = o.submit("foreign", &[("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")]).await;
        for _ in 0..3 {
            o.run_after(13).await;
        }
        let row = o.row(&id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Registered, 3));
        let held = held.lock().unwrap();
        let different: BTreeSet<&String> = held.1.iter().collect();
        assert_eq!((held.0, held.1.len(), different.len()), (1, 3, 3), "one case, three files, none twice");
        assert_eq!(count(&log, "POST /cases/77/attachments"), 3);
    }
}

#[tokio::test]
async fn somebody_is_told_once_when_deliveries_wait_and_once_more_the_next_morning() {
    for db in databases() {
        let (url, _) = test_server::serve(|_| (503, String::new())).await;
        // A Friday, half past four in the afternoon in Sweden.
        let clock = Clock::standing_at("2026-03-06T15:30:00Z".parse().unwrap());
        let o = office_at(
            &db,
            vec![("castor", at(&url, "name = \"Castor\"\nalert_to = [\"drift@kommunen.se\"]\nretry_after = [10]"))],
            clock,
        );
        let watch = Watch {
            db: o.db.clone(),
            clock: o.clock.clone(),
            settings: o.pump.settings.clone(),
            municipalities: o.pump.municipalities.clone(),
        };
        let about = async || -> Vec<String> {
            staff_letters(&o).await.iter().map(|l| l["about"].as_str().unwrap().to_owned()).collect()
        };
        o.submit("castor", &[]).await;
        o.clock.advance(3600);
        watch.look().await;
        assert!(about().await.is_empty(), "an hour has passed, but so has five o'clock");
        // Monday, a little after eight.
        o.clock.advance(2 * 86_400 + 15 * 3600 - 20 * 60);
        watch.look().await;
        watch.look().await;
        assert_eq!(about().await, ["late"]);
        assert_eq!(staff_letters(&o).await[0]["to"], json!(["drift@kommunen.se"]));
        assert_eq!(staff_letters(&o).await[0]["target"], "Castor");
        o.clock.advance(86_400);
        watch.look().await;
        assert_eq!(about().await, ["late"], "Tuesday, not yet nine");
        o.clock.advance(3600);
        watch.look().await;
        watch.look().await;
        assert_eq!(about().await, ["late", "escalated"]);
        o.run_after(0).await;
        o.run_after(13).await;
        watch.look().await;
        watch.look().await;
        assert_eq!(about().await, ["late", "escalated", "dead"], "given up: no longer late, and told of as such");
    }
}

#[tokio::test]
async fn a_quiet_case_whose_event_was_lost_heals_by_itself() {
    for db in databases() {
        let answer = |asked: &Asked| match asked.line.starts_with("GET /v1/cases/") {
            true => {
                let id = asked.line.rsplit('/').next().unwrap().to_owned();
                (
                    200,
                    format!(
                        r#"{{"externalCaseId":"{id}","status":{{"externalCode":"HANDLAGGS","sequence":"00000000000000000004"}},"handler":{{"id":"u7","name":"Karin Solbacka","showToCitizen":true}}}}"#
                    ),
                )
            }
            false => takes(asked),
        };
        let (url, log) = test_server::serve(answer).await;
        let o = office(&db, vec![("castor", at(&url, ""))]);
        let id = o.submit("castor", &[]).await;
        o.run_after(0).await;
        let case = o.row(&id).await.case_id;
        let now = async || {
            let case = case.clone();
            let case = o.db.read(move |c| cases::find(c, &municipality(), &case)).await.unwrap().unwrap();
            (case.status, case.handler.and_then(|handler| handler.0.name))
        };
        let before = now().await;
        o.pump.ask_for_quiet_cases().await;
        assert_eq!(count(&log, "GET /v1/cases/"), 0, "it is not quiet yet");
        o.clock.advance(86_401);
        o.pump.ask_for_quiet_cases().await;
        let after = now().await;
        assert_ne!(after.0, before.0);
        assert_eq!((before.1, after.1.as_deref()), (None, Some("Karin Solbacka")));
        o.pump.ask_for_quiet_cases().await;
        assert_eq!(count(&log, "GET /v1/cases/"), 1, "once a day");
    }
}

#[tokio::test]
async fn a_thousand_deliveries_wait_three_days_and_go_in_order_while_others_go_on() {
    // SQLite alone: the statements are the same, and the costs of both are looked at elsewhere.
    let db = databases().into_iter().next().unwrap();
    let taken: Log = Log::default();
    let up = Arc::new(AtomicUsize::new(0));
    let (is_up, seen) = (up.clone(), taken.clone());
    let answer = move |asked: &Asked| {
        if is_up.load(Ordering::SeqCst) == 0 {
            return (503, String::new());
        }
        if asked.line.starts_with("POST") {
            seen.lock().unwrap().push(asked.clone());
        }
        takes(asked)
    };
    let (url, log) = test_server::serve(answer).await;
    let (other, _) = test_server::serve(takes).await;
    let o = office(&db, vec![("castor", at(&url, "at_once = 64")), ("ecos", at(&other, ""))]);
    let enqueued = o.db.write(|c| {
        for n in 0..200 {
            let now = morning().plus_seconds(n);
            let (_, case) = opened(c, now);
            for kind in 0..5 {
                let mut body = body(&case, now);
                if kind > 0 {
                    body.kind = DeliveryKind::Message;
                }
                let new = NewDelivery { target: castor(), body, attached: Attached::default() };
                enqueue(c, &keys(), &municipality(), new, now).unwrap();
            }
        }
        Ok::<_, DbError>(())
    });
    enqueued.await.unwrap();
    // Three days, a look every hour.
    for _ in 0..72 {
        o.run_after(3600).await;
    }
    let waiting = o.db.read(waiting).await.unwrap();
    assert_eq!(waiting, 1_000, "none is given up, and none is sent");
    assert!(log.lock().unwrap().len() < 500, "a target that is away is asked, not flooded");
    let on_time = o.submit("ecos", &[]).await;
    o.run_after(1).await;
    assert_eq!(o.row(&on_time).await.state, DeliveryState::Registered);
    up.store(1, Ordering::SeqCst);
    o.run_after(61).await;
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 1_000);
    let mut last = std::collections::BTreeMap::new();
    for asked in taken.iter() {
        let sent: Delivery = serde_json::from_slice(&asked.body).unwrap();
        let before = last.insert(sent.case.id.to_string(), sent.delivery_id.to_string());
        assert!(before.is_none_or(|before| before < sent.delivery_id.to_string()), "in order within its case");
    }
}
