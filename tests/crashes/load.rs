//! Sixteen residents who send in one thing after the other, and write down what they were told.

use super::application::ANNA;
use super::chance::Chance;
use super::resident::Resident;
use super::services::{Service, fill_in, send_in};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const RESIDENTS: usize = 16;

/// A reference that somebody has been shown, and the address that her letter goes to.
#[derive(Clone, Debug)]
pub struct Told {
    pub reference: String,
    pub mail: String,
    pub service: Service,
}

/// A draft that was left at its review.
pub struct Left {
    pub resident: Resident,
    pub address: String,
    pub mark: String,
}

/// What the residents have between them.
#[derive(Default)]
pub struct Board {
    begun: AtomicUsize,
    pub told: Mutex<Vec<Told>>,
    /// Set when the killing is over.
    pub calm: AtomicBool,
}

/// Sends until there are `wanted` and it is calm. The drafts that were left.
pub async fn run(board: &Arc<Board>, portal: &str, wanted: usize, chance: &Chance) -> Vec<Left> {
    let mut all = tokio::task::JoinSet::new();
    for n in 0..RESIDENTS {
        let (board, portal, chance) = (board.clone(), portal.to_owned(), chance.branch());
        all.spawn(async move { one(n, board, portal, wanted, chance).await });
    }
    all.join_all().await
}

async fn one(n: usize, board: Arc<Board>, portal: String, wanted: usize, chance: Chance) -> Left {
    let service = [Service::Opinion, Service::Preschool, Service::Fault, Service::Opinion][n % 4];
    let mut resident = Resident::new(chance);
    if service == Service::Preschool {
        resident.log_in(&format!("{portal}/mina-sidor"), ANNA).await;
    }
    loop {
        let nth = board.begun.fetch_add(1, Ordering::SeqCst);
        let (mail, mark) = (format!("boende-{nth}@example.se"), format!("Ärende nummer {nth} i raden"));
        let is_last = nth >= wanted && board.calm.load(Ordering::SeqCst);
        fill_in(&mut resident, &portal, service, &mail, &mark).await;
        if is_last {
            let address = resident.browser.url().to_string();
            return Left { resident, address, mark };
        }
        let reference = send_in(&mut resident).await;
        board.told.lock().unwrap().push(Told { reference, mail, service });
        if nth >= wanted {
            // Enough has been sent; what follows only keeps the processes busy until the last of them is killed.
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }
}
