//! Both databases, fresh for each test. SQLite is a file in a folder of its own; PostgreSQL is one server for the whole
//! run (scripts/postgres-for-tests) and a database for each test. Nothing is skipped: without a server the test fails.

use kommunportal::db::{Application, Conn, migrate, open};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A name that no other test, process or run has.
fn unique(what: &str) -> String {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{what}_{}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed), nanos % 1_000_000_000)
}

/// A folder that goes with the value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("kommunportal-test"));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The server that belongs to this run.
fn server() -> String {
    std::env::var("KP_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "KP_TEST_POSTGRES is not set, and every test of the database runs on PostgreSQL as well. `make test` and \
             `cargo nextest run` start a server by themselves; for `cargo test`, run: \
             export KP_TEST_POSTGRES=\"$(scripts/postgres-for-tests $$)\""
        )
    })
}

/// Opens in a thread of its own: a PostgreSQL connection must never be opened, used or dropped on an async thread.
pub fn with_conn<T: Send + 'static>(url: &str, work: impl FnOnce(&mut Conn) -> T + Send + 'static) -> T {
    let url = url.to_owned();
    std::thread::spawn(move || work(&mut open(&url, false).unwrap())).join().unwrap()
}

/// Says something to the server that no table is needed for.
pub fn tell_server(sql: String) {
    use diesel::connection::SimpleConnection;
    with_conn(&server(), move |c| c.batch_execute(&sql).unwrap());
}

/// A database that goes with the value.
pub struct Database {
    pub url: String,
    /// Its name on the PostgreSQL server.
    pub name: Option<String>,
    _folder: Option<Folder>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Database { url, name: None, _folder: Some(folder) }
    }

    pub fn postgres() -> Self {
        let name = unique("t");
        tell_server(format!("CREATE DATABASE {name}"));
        let root = server();
        let (address, _) = root.rsplit_once('/').expect("KP_TEST_POSTGRES ends with /<database>");
        Database { url: format!("{address}/{name}"), name: Some(name), _folder: None }
    }

    /// With every table of `application`.
    pub fn migrated(self, application: Application) -> Self {
        with_conn(&self.url, move |c| migrate(c, application).unwrap());
        self
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = self.name.take()
            && !std::thread::panicking()
        {
            tell_server(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Both databases, empty. The test is a plain function.
pub fn on_both(test: impl Fn(&Database)) {
    for database in [Database::sqlite(), Database::postgres()] {
        eprintln!("on {}", database.url);
        test(&database);
    }
}

/// Both databases with the tables of `application`. The test is async and gets the address.
pub fn both<F: Future<Output = ()>>(application: Application, test: impl Fn(String) -> F) {
    on_both(|database| {
        with_conn(&database.url, move |c| migrate(c, application).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(test(database.url.clone()));
    });
}
