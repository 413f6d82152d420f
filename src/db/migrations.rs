//! Bringing a database to the schema of this build. One folder for each application and database; the names are the same
//! for both databases (a test holds them equal).

use super::Conn;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const PORTAL_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/portal/sqlite");
const PORTAL_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/portal/postgres");
const DESK_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/desk/sqlite");
const DESK_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/desk/postgres");

/// Whose tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Application {
    /// The citizens' side.
    Portal,
    /// The handlers' side.
    Desk,
}

/// A migration did not run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MigrationError(String);

fn source(conn: &Conn, application: Application) -> EmbeddedMigrations {
    match (application, conn) {
        (Application::Portal, Conn::Sqlite(_)) => PORTAL_SQLITE,
        (Application::Portal, Conn::Postgres(_)) => PORTAL_POSTGRES,
        (Application::Desk, Conn::Sqlite(_)) => DESK_SQLITE,
        (Application::Desk, Conn::Postgres(_)) => DESK_POSTGRES,
    }
}

/// Runs what is pending; the number of steps run. Two at once wait for each other.
pub fn migrate(conn: &mut Conn, application: Application) -> Result<usize, MigrationError> {
    let failed = |e: &dyn std::fmt::Display| MigrationError(e.to_string());
    let source = source(conn, application);
    let locked = matches!(conn, Conn::Postgres(_));
    if locked {
        // The address has the time limit of pages; a new index may take longer.
        conn.batch_execute("SET statement_timeout = 0; SELECT pg_advisory_lock(4711)").map_err(|e| failed(&e))?;
    }
    let run = conn.run_pending_migrations(source).map(|v| v.len()).map_err(|e| failed(&e));
    if locked {
        conn.batch_execute("SELECT pg_advisory_unlock(4711)").map_err(|e| failed(&e))?;
    }
    run
}

/// How many steps are still to run.
pub fn pending(conn: &mut Conn, application: Application) -> Result<usize, MigrationError> {
    let source = source(conn, application);
    conn.pending_migrations(source).map(|v| v.len()).map_err(|e| MigrationError(e.to_string()))
}

/// Takes every step back. For tests of the `down.sql` files.
pub fn revert_all(conn: &mut Conn, application: Application) -> Result<usize, MigrationError> {
    let source = source(conn, application);
    conn.revert_all_migrations(source).map(|v| v.len()).map_err(|e| MigrationError(e.to_string()))
}
