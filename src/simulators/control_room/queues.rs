//! What waits, as the applications themselves tell it at `/metrics`.

use serde::Serialize;

/// A box for each thing that waits is drawn up to so many.
const DRAWN: usize = 24;

/// One queue; the text `room-queue-<name>` says what waits in it.
#[derive(Debug, Serialize)]
pub(super) struct Queue {
    name: &'static str,
    waiting: u64,
    /// One for each box to draw.
    boxes: Vec<()>,
}

const QUEUES: [(&str, &str); 3] =
    [("deliveries", "deliveries_waiting"), ("letters", "letters_waiting"), ("events", "desk_events_waiting")];

/// The queues; `None` when nobody answers at the address.
pub(super) async fn read(client: &reqwest::Client, address: &str) -> Option<Vec<Queue>> {
    let answer = client.get(address).send().await.ok()?.error_for_status().ok()?;
    let text = answer.text().await.ok()?;
    let queue = |(name, metric)| {
        let waiting = gauge(&text, metric)?;
        Some(Queue { name, waiting, boxes: vec![(); usize::try_from(waiting).unwrap_or(DRAWN).min(DRAWN)] })
    };
    Some(QUEUES.into_iter().filter_map(queue).collect())
}

/// The value of a gauge without labels in the text format of Prometheus.
fn gauge(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    value.trim().split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_is_found_by_its_whole_name() {
        let text =
            "# TYPE letters_waiting gauge\nletters_waiting_long 7\nletters_waiting 3\nx{letters_waiting=\"1\"} 9\n";
        assert_eq!(gauge(text, "letters_waiting"), Some(3));
        assert_eq!(gauge(text, "deliveries_waiting"), None);
        assert_eq!(gauge("a 12.0\n", "a"), Some(12));
    }
}
