//! A synchronous diesel connection to PostgreSQL without libpq: tokio-postgres (through diesel-async) driven by a
//! small runtime that each connection owns. The only file that knows diesel's third-party-backend traits.
use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection,
    MultiConnectionHelper, SimpleConnection,
};
use diesel::expression::QueryMetadata;
use diesel::migration::{CREATE_MIGRATIONS_TABLE, MigrationConnection};
use diesel::pg::{FailedToLookupTypeError, Pg, PgMetadataCacheKey, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use diesel_async::{AsyncConnection, AsyncConnectionCore, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::StreamExt;
use std::any::Any;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// One connection to PostgreSQL. Blocks: only `db::threads`, migrations and tests open one, never an async thread.
pub struct PgConn {
    // Declared before `rt`: the client goes first, then the runtime that drives its socket.
    inner: AsyncPgConnection,
    socket: JoinHandle<()>,
    transactions: AnsiTransactionManager,
    /// A statement failed since the last BEGIN or ROLLBACK.
    failed: bool,
    /// The server chose this transaction as the victim of a deadlock or of a serialisation conflict.
    conflict: bool,
    rt: Runtime,
}

impl PgConn {
    /// False once the server has gone. To be asked before work begins: nothing watches the socket between two statements.
    pub fn is_open(&mut self) -> bool {
        self.rt.block_on(async {
            for _ in 0..3 {
                tokio::task::yield_now().await
            }
        });
        !self.socket.is_finished()
    }

    /// True when the transaction since the last BEGIN is worth another run: SQLSTATE 40001 or 40P01.
    pub fn met_conflict(&self) -> bool {
        self.conflict
    }

    fn noting<T>(&mut self, result: QueryResult<T>) -> QueryResult<T> {
        self.failed |= result.is_err();
        self.conflict |= result.as_ref().is_err_and(is_conflict);
        match result {
            // The last word of a server that stops is an error like any other; that it is the last, the socket knows.
            Err(e) if !self.is_open() => {
                Err(Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(e.to_string())))
            }
            result => result,
        }
    }
}

/// Diesel has a kind for 40001 but none for 40P01, and no way to the SQLSTATE: a deadlock is known by the server's word
/// for it, which is the same in English and Swedish.
fn is_conflict(e: &Error) -> bool {
    match e {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, told) => told.message().contains("deadlock"),
        _ => false,
    }
}

type PgRow = <AsyncPgConnection as AsyncConnectionCore>::Row<'static, 'static>;

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        // PostgreSQL answers COMMIT of a failed transaction with a rollback and calls it success.
        if self.failed && query == "COMMIT" {
            let why = "a statement failed and its error was dropped: nothing to commit".to_string();
            return Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(why)));
        }
        self.conflict &= !query.starts_with("BEGIN");
        self.failed &= !(query.starts_with("BEGIN") || query.starts_with("ROLLBACK"));
        let result = self.rt.block_on(self.inner.batch_execute(query));
        self.noting(result)
    }
}

impl ConnectionSealed for PgConn {}

impl Connection for PgConn {
    type Backend = Pg;
    type TransactionManager = AnsiTransactionManager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let rt = Builder::new_current_thread().enable_all().build();
        let rt = rt.map_err(|e| ConnectionError::BadConnection(e.to_string()))?;
        let (inner, socket) = rt.block_on(super::tls::connect(url))?;
        Ok(PgConn {
            inner,
            socket,
            transactions: AnsiTransactionManager::default(),
            failed: false,
            conflict: false,
            rt,
        })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        let result = self.rt.block_on(self.inner.execute_returning_count(source));
        self.noting(result)
    }

    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
        &mut self.transactions
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation)
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.inner.set_prepared_statement_cache_size(size)
    }
}

impl LoadConnection for PgConn {
    type Cursor<'conn, 'query> = std::vec::IntoIter<QueryResult<PgRow>>;
    type Row<'conn, 'query> = PgRow;

    // All rows at once, as libpq does by default; also one runtime entry per query instead of one per row.
    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        let result = self.rt.block_on(async { Ok(self.inner.load(source).await?.collect::<Vec<_>>().await) });
        let rows = self.noting(result)?;
        self.failed |= rows.iter().any(Result::is_err);
        self.conflict |= rows.iter().any(|row| row.as_ref().is_err_and(is_conflict));
        Ok(rows.into_iter())
    }
}

impl MigrationConnection for PgConn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(CREATE_MIGRATIONS_TABLE).map(|()| 0)
    }
}

/// `MultiConnection` passes the type lookup around as `Any`. We use built-in types only, whose numbers are constants,
/// so nothing is ever looked up and a value without content stands in.
struct BuiltInTypesOnly;

impl PgMetadataLookup for BuiltInTypesOnly {
    fn lookup_type(&mut self, name: &str, schema: Option<&str>) -> PgTypeMetadata {
        let key = PgMetadataCacheKey::new(schema.map(Into::into), name.into()).into_owned();
        PgTypeMetadata::from_result(Err(FailedToLookupTypeError::new(key)))
    }
}

impl MultiConnectionHelper for PgConn {
    fn to_any<'a>(_: &mut <Pg as TypeMetadata>::MetadataLookup) -> &mut (dyn Any + 'a) {
        Box::leak(Box::new(BuiltInTypesOnly)) // no size, so nothing is allocated or leaked
    }
    fn from_any(lookup: &mut dyn Any) -> Option<&mut <Pg as TypeMetadata>::MetadataLookup> {
        lookup.downcast_mut::<BuiltInTypesOnly>().map(|l| l as _)
    }
}
