//! Threads that own connections. A reader takes one unit at a time; a writer runs the waiting units in one transaction,
//! each in its own savepoint, commits once, then answers them all (group commit).

use super::{Conn, begin, open};
use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorKind, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// Units that wait for a free thread before the next is refused with [`DbError::Full`].
const QUEUE: usize = 1024;
/// Units in one commit on SQLite.
const GROUP: usize = 128;
/// How often a batch is begun that PostgreSQL gives up for another's sake. The rival may be run again at the same moment, and
/// meet it once more.
const RUNS: usize = 3;

/// Why a unit of work gave no answer of its own.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The queue is full: answer 503 and let the caller come again.
    #[error("the database queue is full")]
    Full,
    /// The database cannot be reached, or the process is stopping.
    #[error("the database cannot be reached")]
    Unreachable,
    /// The unit panicked; nothing of it was kept.
    #[error("a unit of work panicked")]
    Panicked,
    /// What the database said.
    #[error(transparent)]
    Diesel(Error),
}

impl From<Error> for DbError {
    fn from(e: Error) -> Self {
        // The server went away under the unit. Whether a commit arrived is then not known: units can be run again.
        if is_gone(&e) { DbError::Unreachable } else { DbError::Diesel(e) }
    }
}

fn is_gone(e: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    match e {
        Error::DatabaseError(ClosedConnection | UnableToSendCommand, _) => true,
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_gone(rollback_error) || is_gone(commit_error)
        }
        _ => false,
    }
}

impl DbError {
    /// True when a row like it is there already.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, DbError::Diesel(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }
}

trait Job: Send {
    /// True when its changes are to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    fn fail(&mut self, error: DbError);
    fn answer(&mut self);
}

struct Unit<F, T, E> {
    work: F,
    result: Option<Result<T, E>>,
    reply: Option<oneshot::Sender<Result<T, E>>>,
    span: tracing::Span,
}

impl<F, T, E> Job for Unit<F, T, E>
where
    F: FnMut(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> bool {
        let _entered = self.span.clone().entered();
        let result = (self.work)(conn);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }
    fn fail(&mut self, error: DbError) {
        self.result = Some(Err(error.into()));
    }
    fn answer(&mut self) {
        if let (Some(reply), Some(result)) = (self.reply.take(), self.result.take()) {
            let _ = reply.send(result);
        }
    }
}

fn depth(conn: &mut Conn) -> u32 {
    Conn::transaction_manager_status_mut(conn).transaction_depth().ok().flatten().map_or(0, |d| d.get())
}

fn unwind_to(conn: &mut Conn, level: u32) -> bool {
    while depth(conn) > level {
        if Conn::rollback_transaction(conn).is_err() {
            return false;
        }
    }
    // Diesel calls every connection broken that has a transaction open, which is what a group has.
    level > 0 || !Conn::is_broken_transaction_manager(conn)
}

/// How an attempt at a batch ended.
#[derive(PartialEq)]
enum Attempt {
    /// Every unit has its result.
    Done,
    /// Every unit has its result; the connection is not to be used again.
    Broken,
    /// All is undone: the database took this transaction as the victim of a conflict, and asks for it again.
    Again,
}

/// Runs one batch. False: the connection is not to be used again.
fn batch(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> bool {
    let mut ended = Attempt::Again;
    for run in 1..=RUNS {
        ended = attempt(conn, jobs, run == RUNS);
        if ended != Attempt::Again {
            break;
        }
        tracing::info!(units = jobs.len(), "a conflict with another transaction: run again");
    }
    ended == Attempt::Done
}

/// All units in one transaction. `last`: a unit that meets a conflict fails, instead of asking for the whole batch again.
fn attempt(conn: &mut Conn, jobs: &mut [Box<dyn Job>], last: bool) -> Attempt {
    if let Err(e) = begin(conn) {
        tracing::warn!(error = %e, "a transaction could not begin");
        for job in jobs {
            job.fail(DbError::Unreachable);
        }
        return Attempt::Broken;
    }
    // A unit alone needs no savepoint: the transaction is its own.
    let floor = u32::from(jobs.len() > 1);
    let mut usable = true;
    let mut kept = Vec::with_capacity(jobs.len());
    for job in jobs.iter_mut() {
        let mut keep = false;
        if floor == 1
            && let Err(e) = Conn::begin_transaction(conn)
        {
            usable = false;
            job.fail(e.into());
        } else {
            match catch_unwind(AssertUnwindSafe(|| job.run(conn))) {
                Ok(true) => match Conn::commit_transaction(conn) {
                    Ok(()) => keep = true,
                    Err(e) => {
                        job.fail(e.into());
                        usable &= unwind_to(conn, floor);
                    }
                },
                Ok(false) => usable &= undo_one(conn, job.as_mut(), floor),
                Err(_) => {
                    job.fail(DbError::Panicked);
                    unwind_to(conn, floor);
                    usable = false;
                }
            }
        }
        kept.push(keep);
        // A savepoint does not give back the locks of the units before it: the whole group goes once more.
        if !last && !keep && usable && super::met_conflict(conn) {
            return undo_all(conn, jobs);
        }
    }
    if floor == 1
        && let Err(e) = Conn::commit_transaction(conn)
    {
        if !last && super::met_conflict(conn) {
            return undo_all(conn, jobs);
        }
        tracing::error!(error = %e, "a group of units could not be committed");
        for (job, _) in jobs.iter_mut().zip(&kept).filter(|(_, keep)| **keep) {
            job.fail(DbError::Unreachable);
        }
        usable = false;
    }
    if usable && unwind_to(conn, 0) { Attempt::Done } else { Attempt::Broken }
}

/// Takes back what the units have done so far.
fn undo_all(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Attempt {
    if unwind_to(conn, 0) {
        return Attempt::Again;
    }
    for job in jobs {
        job.fail(DbError::Unreachable);
    }
    Attempt::Broken
}

/// After a unit's error. Whatever the unit made of a connection that is gone, what it answers is that it is gone: else a
/// page would tell a fault of ours where it can ask for patience.
fn undo_one(conn: &mut Conn, job: &mut dyn Job, floor: u32) -> bool {
    let sound = unwind_to(conn, floor) && super::answers(conn);
    if !sound {
        job.fail(DbError::Unreachable);
    }
    sound
}

/// One unit that only reads, without a transaction of ours around it.
fn single(conn: &mut Conn, job: &mut dyn Job) -> bool {
    match catch_unwind(AssertUnwindSafe(|| job.run(conn))) {
        Ok(true) => unwind_to(conn, 0),
        Ok(false) => undo_one(conn, job, 0),
        Err(_) => {
            job.fail(DbError::Panicked);
            false
        }
    }
}

type Queue = Arc<Mutex<Receiver<Box<dyn Job>>>>;

fn serve(url: &str, read_only: bool, group: usize, queue: &Queue, waiting: &AtomicUsize) {
    let mut conn: Option<Conn> = None;
    loop {
        let mut jobs = Vec::new();
        {
            let Ok(queue) = queue.lock() else { return };
            let Ok(first) = queue.recv() else { return };
            jobs.push(first);
            while jobs.len() < group
                && let Ok(next) = queue.try_recv()
            {
                jobs.push(next);
            }
        }
        waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
        if !conn.as_mut().is_some_and(super::is_open) {
            conn =
                open(url, read_only).inspect_err(|e| tracing::error!(error = %e, "the database cannot be opened")).ok();
        }
        let usable = match &mut conn {
            None => {
                for job in &mut jobs {
                    job.fail(DbError::Unreachable);
                }
                false
            }
            Some(conn) if read_only => jobs.first_mut().is_none_or(|job| single(conn, job.as_mut())),
            Some(conn) => batch(conn, &mut jobs),
        };
        if !usable {
            conn = None;
        }
        for job in &mut jobs {
            job.answer();
        }
    }
}

struct Pool {
    queue: SyncSender<Box<dyn Job>>,
    waiting: Arc<AtomicUsize>,
}

impl Pool {
    fn start(name: &str, url: &str, threads: usize, read_only: bool, group: usize) -> Arc<Pool> {
        let (queue, receiver) = sync_channel(QUEUE);
        let (receiver, waiting) = (Arc::new(Mutex::new(receiver)), Arc::new(AtomicUsize::new(0)));
        for n in 0..threads {
            let (url, receiver, waiting) = (url.to_owned(), receiver.clone(), waiting.clone());
            let thread = std::thread::Builder::new().name(format!("{name}-{n}"));
            if let Err(e) = thread.spawn(move || serve(&url, read_only, group, &receiver, &waiting)) {
                tracing::error!(error = %e, "a database thread could not be started");
            }
        }
        Arc::new(Pool { queue, waiting })
    }

    async fn ask<T, E>(&self, work: impl FnMut(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let unit = Unit { work, result: None, reply: Some(reply), span: tracing::Span::current() };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        match self.queue.try_send(Box::new(unit)) {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(DbError::Unreachable.into())),
            Err(refused) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Err(match refused {
                    TrySendError::Full(_) => DbError::Full.into(),
                    TrySendError::Disconnected(_) => DbError::Unreachable.into(),
                })
            }
        }
    }
}

/// One application's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    reads: Arc<Pool>,
    writes: Arc<Pool>,
    /// One writing thread that groups, for hot rows on PostgreSQL; on SQLite the same as `writes`.
    grouped: Arc<Pool>,
}

impl Db {
    /// Starts the threads for `url`. Nothing is opened before the first unit.
    /// SQLite: one writer that groups; PostgreSQL: a transaction for each unit on several writers, and one that groups.
    pub fn start(url: &str) -> Db {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let reads = Pool::start("db-read", url, cores.clamp(2, 8), true, 1);
        if url.starts_with("sqlite:") {
            let writes = Pool::start("db-write", url, 1, false, GROUP);
            Db { reads, grouped: writes.clone(), writes }
        } else {
            let writes = Pool::start("db-write", url, 4, false, 1);
            Db { reads, writes, grouped: Pool::start("db-group", url, 1, false, GROUP) }
        }
    }

    /// Runs `work` on a reading thread. Reads only: a write fails. Several statements see one connection.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let mut work = Some(work);
        self.reads.ask(move |c| work.take().map_or_else(|| Err(DbError::Unreachable.into()), |work| work(c))).await
    }

    /// Runs `work` as one transaction: kept when it answers `Ok`, undone otherwise. The answer comes after the commit.
    ///
    /// It is run again, at most twice, when PostgreSQL has chosen it as the victim of a deadlock (40P01) or of a serialisation conflict
    /// (40001): therefore `Fn`, which leaves nothing of the first run behind.
    pub async fn write<T, E>(&self, work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.writes.ask(work).await
    }

    /// As [`write`](Self::write), but units that take the same hot row (a diary's counter) share one commit, so that the
    /// row's lock is held once per group and not once per unit.
    pub async fn write_grouped<T, E>(&self, work: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.grouped.ask(work).await
    }

    /// Units waiting for a reading and for a writing thread.
    pub fn waiting(&self) -> (usize, usize) {
        (self.reads.waiting.load(Ordering::Relaxed), self.writes.waiting.load(Ordering::Relaxed))
    }
}
