//! A handler who takes errands and says so, while the desk and the portal come and go: her words reach the residents.

use super::browser::Browser;
use super::load::Board;
use super::resident::Resident;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

const KARIN: &str = "kaso01@2120009911";
const BEGUN: &str = "Under handläggning";
/// So many errands she begins in one run.
const ENOUGH: usize = 10;

/// Begins errands until it is calm and there are some. Their references.
pub async fn run(board: Arc<Board>, desk: String, mut karin: Resident) -> Vec<String> {
    let inbox = format!("{desk}/inkorg");
    karin.log_in(&inbox, KARIN).await;
    // By address, with the reference once the errand says that it is begun.
    let mut begun: BTreeMap<String, String> = BTreeMap::new();
    while begun.is_empty() || (begun.len() < ENOUGH && !board.calm.load(Ordering::SeqCst)) {
        karin.open(&inbox).await;
        let waiting = karin.browser.links("/arenden/").into_iter().find(|link| !begun.contains_key(link));
        match waiting {
            Some(link) => {
                let reference = begin(&mut karin, &format!("{desk}{link}")).await;
                begun.insert(link, reference);
            }
            None => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
    begun.into_values().collect()
}

async fn begin(karin: &mut Resident, errand: &str) -> String {
    loop {
        karin.open(errand).await;
        if karin.browser.find("p.errand-tags").is_some_and(|tags| tags.contains(BEGUN)) {
            let text = karin.browser.text();
            let reference = text.split_whitespace().find(|word| word.starts_with("EK-"));
            return reference.unwrap_or_else(|| panic!("no reference on {errand}:\n{text}")).to_owned();
        }
        let can_take = karin.browser.attribute("form[action$='/ta']", "action").is_some();
        let (form, button) = if can_take {
            (karin.browser.form("/ta"), "Ta ärendet")
        } else {
            (karin.browser.form("/status").choose("Ny status", BEGUN), "Byt status")
        };
        // Whether it was heard is seen when the errand is opened again.
        drop(karin.browser.try_submit(form, button).await);
    }
}

/// The resident reads what the handler did.
pub async fn read_by(anna: &mut Browser, portal: &str, references: &[String]) {
    for reference in references {
        super::demo::reload_until(anna, &format!("{portal}/mina-sidor/arenden/{reference}"), BEGUN).await;
    }
}
