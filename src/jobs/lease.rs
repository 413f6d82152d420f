//! Leases: for a while a piece of work is one worker's own. A lease is short and renewed while the work goes on, so that
//! what a killed worker had begun is free soon, and work that takes long is still done by one alone.
//!
//! A lease is known by the moment it runs out: whoever ends the work says which lease it had, and is not heard when
//! another has been given meanwhile. It is renewed when it has ten seconds left. If that has not succeeded when five are
//! left, the work is dropped where it stands. Those five seconds are for machines whose clocks differ, so that nobody
//! takes over what somebody else still does.

use crate::db::DbError;
use crate::vocabulary::{At, Clock};
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a lease is. Seconds.
pub const LEASE: i64 = 15;
/// Left when it is renewed. Seconds.
const RENEW: i64 = 10;
/// Left when work that could not be renewed is dropped. Seconds.
const DROP: i64 = 5;

/// Does `work` under a lease until `until`. `renew(held, next)` moves the lease and answers false when it has become
/// somebody else's. What came of the work, with the lease that it ended under; `None` when the lease was lost: then
/// nothing may be written down, and the work is done again.
pub async fn while_leased<T, F>(
    clock: &Clock,
    mut until: At,
    work: impl Future<Output = T>,
    renew: impl Fn(At, At) -> F,
) -> Option<(T, At)>
where
    F: Future<Output = Result<bool, DbError>>,
{
    let mut work = pin!(work);
    loop {
        match select(work.as_mut(), pin!(sleep(before(until, RENEW, clock)))).await {
            Either::Left((done, _)) => return Some((done, until)),
            Either::Right(_) => {}
        }
        let next = clock.now().plus_seconds(LEASE);
        let renewal = pin!(timeout(before(until, DROP, clock), renew(until, next)));
        // Which lease it is must be known before anything can be written down under it.
        let (done, renewed) = match select(work.as_mut(), renewal).await {
            Either::Left((done, renewal)) => (Some(done), renewal.await),
            Either::Right((renewed, _)) => (None, renewed),
        };
        if !matches!(renewed, Ok(Ok(true))) {
            tracing::warn!("a lease was lost: the work will be done again");
            return None;
        }
        until = next;
        if let Some(done) = done {
            return Some((done, until));
        }
    }
}

/// Until `left` seconds are left of a lease.
fn before(until: At, left: i64, clock: &Clock) -> Duration {
    let micros = until.plus_seconds(-left).micros() - clock.now().micros();
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

    fn clock() -> Clock {
        Clock::standing_at(At::from_seconds(1000))
    }

    #[tokio::test]
    async fn work_that_takes_long_keeps_its_lease() {
        let (clock, renewals) = (clock(), AtomicU32::new(0));
        let first = clock.now().plus_seconds(RENEW);
        let stored = AtomicI64::new(first.micros());
        let work = async {
            while renewals.load(Ordering::SeqCst) < 12 {
                sleep(Duration::from_millis(1)).await;
            }
            "done"
        };
        let renew = |held: At, next: At| {
            assert!(clock.now() < held, "while it still holds");
            let mine =
                stored.compare_exchange(held.micros(), next.micros(), Ordering::SeqCst, Ordering::SeqCst).is_ok();
            clock.advance(5);
            renewals.fetch_add(1, Ordering::SeqCst);
            async move { Ok(mine) }
        };
        let (done, last) = while_leased(&clock, first, work, renew).await.unwrap();
        assert_eq!((done, last.micros()), ("done", stored.load(Ordering::SeqCst)));
        assert!(last.seconds() >= 1000 + 12 * 5);
    }

    #[tokio::test]
    async fn work_whose_lease_is_lost_or_cannot_be_renewed_is_dropped() {
        let clock = clock();
        let short = clock.now().plus_seconds(DROP);
        assert!(while_leased(&clock, short, pending::<()>(), |_, _| async { Ok(false) }).await.is_none());
        assert!(while_leased(&clock, short, pending::<()>(), |_, _| async { Err(DbError::Full) }).await.is_none());
        assert!(while_leased(&clock, short, pending::<()>(), |_, _| pending()).await.is_none());
    }
}
