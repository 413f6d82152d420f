//! Backup while people send in, and restore into a fresh place, by the commands of docs/operations.md.

use super::application::{ANNA, SERVICE, go_on, how_we_reach_her, needs, send_in, when_and_where};
use super::browser::Browser;
use super::databases::{Database, with_conn};
use super::demo::{legitimate, reload_until};
use super::fault::report;
use super::installation::{Installation, copy};
use base64::Engine as _;
use diesel::connection::SimpleConnection;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

async fn apply(all: &Installation, anna: &mut Browser) -> String {
    anna.open(&all.portal(&format!("{SERVICE}/fyll-i"))).await;
    let form = anna.form_with("Fortsätt");
    go_on(anna, form).await;
    let form = anna.form_with("Fortsätt").choose("barn", "Saga");
    go_on(anna, form).await;
    when_and_where(anna).await;
    needs(anna).await;
    how_we_reach_her(anna).await;
    send_in(anna).await
}

async fn read_receipt(anna: &mut Browser, case: &str) {
    reload_until(anna, case, "Kvitto PDF").await;
    let link = anna.attribute("a[href*='/dokument/']", "href").expect("a link to the receipt");
    anna.open(&link).await;
    assert!(anna.bytes().starts_with(b"%PDF"), "{}", anna.text());
}

/// Reports fault after fault until told to stop; each with its browser and the page of its receipt.
async fn reports(
    first_step: String,
    stop: Arc<AtomicBool>,
    done: tokio::sync::mpsc::UnboundedSender<(Browser, String)>,
) {
    while !stop.load(Ordering::Relaxed) {
        let mut someone = Browser::new();
        let reference = report(&mut someone, &first_step).await;
        drop(done.send((someone, reference)));
    }
}

/// `back_up` makes the copy, `restore` a new database of it; gives the new address.
async fn survives(
    mut all: Installation,
    back_up: impl FnOnce(&Installation),
    restore: impl FnOnce(&Installation) -> String,
) {
    all.migrate();
    all.employ();
    let _simulators = all.start_simulators().await;
    let mut portal = all.start_portal().await;
    let mut desk = all.start_desk().await;
    let mut anna = Browser::new();
    anna.open(&all.portal("/mina-sidor")).await;
    legitimate(&mut anna, ANNA).await;
    let registered = apply(&all, &mut anna).await;
    let case = |all: &Installation, reference: &str| all.portal(&format!("/mina-sidor/arenden/{reference}"));
    reload_until(&mut anna, &case(&all, &registered), "Ärendet är registrerat").await;
    // The desk is away: at the moment of the backup this one waits to be delivered.
    desk.kill();
    let waiting = apply(&all, &mut anna).await;
    read_receipt(&mut anna, &case(&all, &waiting)).await;

    let (stop, (sender, mut receiver)) = (Arc::new(AtomicBool::new(false)), tokio::sync::mpsc::unbounded_channel());
    let flow = tokio::spawn(reports(all.portal("/e-tjanster/felanmalan/fyll-i"), stop.clone(), sender));
    let mut acknowledged = vec![receiver.recv().await.unwrap()];
    back_up(&all);
    let copied = all.folder.path().join("copy-of-files");
    copy(&all.folder.path().join("portal-files"), &copied);
    acknowledged.extend(tokio::time::timeout(Duration::from_secs(20), receiver.recv()).await.unwrap());
    stop.store(true, Ordering::Relaxed);
    flow.await.unwrap();
    acknowledged.truncate(1);

    // After the backup the desk gets what waited; then the portal's machine is lost.
    let _desk = all.start_desk().await;
    reload_until(&mut anna, &case(&all, &waiting), "Ärendet är registrerat").await;
    portal.kill();
    std::fs::remove_dir_all(all.folder.path().join("portal-files")).unwrap();

    let address = restore(&all);
    all.set("PORTAL__DATABASE_URL", &address);
    let files = all.folder.path().join("restored-files");
    copy(&copied, &files);
    all.set("PORTAL__BLOBS_URL", &format!("file:{}", files.display()));
    // A new key seals from now on; the old one still opens what it sealed.
    let old = all.environment["KOMMUNPORTAL__KEYS__SEAL"].clone();
    let new = kommunportal::settings::random_bytes::<32>().unwrap();
    let new = base64::engine::general_purpose::STANDARD.encode(new);
    all.set("KEYS__SEAL", &format!("{new},{old}"));
    all.run_well(&["migrate", "portal"]);
    let _portal = all.start_portal().await;

    for reference in [&registered, &waiting] {
        reload_until(&mut anna, &case(&all, reference), "Ärendet är registrerat").await;
        read_receipt(&mut anna, &case(&all, reference)).await;
    }
    for (mut someone, reference) in acknowledged {
        let receipt = someone.url().to_string();
        someone.open(&receipt).await;
        someone.see(&reference);
    }
    // The desk got the second one twice, and knew it.
    let mut karin = Browser::new();
    karin.open(&all.desk("/inkorg")).await;
    legitimate(&mut karin, "kaso01@2120009911").await;
    assert_eq!(karin.source().matches("href=\"/arenden/").count(), 2, "registered once each:\n{}", karin.text());
    // Whoever comes back is known by the same sealed number.
    let mut again = Browser::new();
    again.open(&all.portal("/mina-sidor")).await;
    legitimate(&mut again, ANNA).await;
    again.see(&registered);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_what_was_acknowledged_before_a_backup_is_there_after_its_restore_and_registered_once() {
    let all = Installation::on_files();
    let path = |all: &Installation, name: &str| all.folder.path().join(name).display().to_string();
    let back_up = move |all: &Installation| {
        let sql = format!("VACUUM INTO '{}'", path(all, "portal-copy.db"));
        with_conn(&format!("sqlite:{}", path(all, "portal.db")), move |c| c.batch_execute(&sql).unwrap());
    };
    let restore = move |all: &Installation| {
        std::fs::create_dir(path(all, "fresh")).unwrap();
        std::fs::copy(path(all, "portal-copy.db"), path(all, "fresh/portal.db")).unwrap();
        format!("sqlite:{}", path(all, "fresh/portal.db"))
    };
    survives(all, back_up, restore).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_what_was_acknowledged_before_a_backup_is_there_after_its_restore_and_registered_once() {
    let (portal, desk, fresh) = (Database::postgres(), Database::postgres(), Database::postgres());
    let all = Installation::new(&portal.url, &desk.url);
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let dump = |all: &Installation| all.folder.path().join("portal.dump");
    let back_up = |all: &Installation| {
        run(Command::new("pg_dump").args(["--format=custom", "--file"]).arg(dump(all)).arg(&portal.url));
    };
    let restore = |all: &Installation| {
        run(Command::new("pg_restore").args(["--no-owner", "--exit-on-error", "--dbname", &fresh.url]).arg(dump(all)));
        fresh.url.clone()
    };
    survives(all, back_up, restore).await;
}
