//! A SQLite file belongs to one process: two writers without one queue would wait on each other's locks.

use super::Failure;
use std::fs::{File, OpenOptions};

/// Held for as long as the process uses the database.
pub(super) struct DatabaseLock(
    #[expect(dead_code, reason = "the lock lives as long as the file is open")] Option<File>,
);

/// Takes the lock beside the file; nothing to take for PostgreSQL.
pub(super) fn lock_database(url: &str) -> Result<DatabaseLock, Failure> {
    let Some(path) = url.strip_prefix("sqlite:") else { return Ok(DatabaseLock(None)) };
    let path = std::path::Path::new(path);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| Failure::fault(format!("{}: {e}", folder.display())))?;
    }
    let lock = path.with_extension("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock)
        .map_err(|e| Failure::fault(format!("{}: {e}", lock.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(DatabaseLock(Some(file))),
        Err(_) => Err(Failure::fault(format!(
            "{} is used by another process. Hint: a SQLite database belongs to one process; stop the other, or use PostgreSQL for several.",
            path.display()
        ))),
    }
}
