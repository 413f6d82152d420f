//! Putting the applications together from the settings, the same for `demo`, `serve` and `worker`.

use super::Failure;
use super::lock::{DatabaseLock, lock_database};
use crate::db::{self, Application, Db};
use crate::desk::{self, Desk};
use crate::files::BlobStore;
use crate::jobs::{self, Worker};
use crate::municipalities::Municipalities;
use crate::oidc::{Door, LogIn, log_in_routes, relying_parties};
use crate::portal;
use crate::powers::{self, Staffing};
use crate::settings::{Application as ApplicationSettings, ConfigTree, Keys, Settings};
use crate::vocabulary::Clock;
use crate::web::{AddressLimit, AppError, Ground, Realm, Renderer, asset_routes, ops, protect, render_errors};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer, web};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// What every application is made from.
pub(super) struct Common {
    pub settings: Arc<Settings>,
    pub tree: ConfigTree,
    pub municipalities: Municipalities,
    pub renderer: Arc<Renderer>,
    pub keys: Keys,
    pub clock: Clock,
}

/// Several faults as one message.
pub(super) fn all(faults: Vec<impl ToString>) -> Failure {
    Failure::fault(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

impl Common {
    pub(super) fn new(settings: Settings, tree: ConfigTree) -> Result<Self, Failure> {
        let municipalities = Municipalities::load(&tree, settings.profile.is_play()).map_err(all)?;
        let mut faults = super::transport::faults(&settings, &municipalities);
        faults.extend(super::check::routing(&settings, &municipalities));
        if !faults.is_empty() {
            return Err(all(faults));
        }
        Ok(Self {
            municipalities,
            renderer: Arc::new(Renderer::new().map_err(all)?),
            keys: Keys::new(&settings.keys).map_err(Failure::fault)?,
            clock: Clock::system(),
            settings: Arc::new(settings),
            tree,
        })
    }

    fn ground(&self, realm: Realm, public_url: url::Url, store: &Store) -> Data<Ground> {
        let ground = Data::new(Ground {
            realm,
            settings: self.settings.clone(),
            municipalities: self.municipalities.clone(),
            db: store.db.clone(),
            blobs: store.blobs.clone(),
            clock: self.clock.clone(),
            keys: self.keys.clone(),
            renderer: self.renderer.clone(),
            public_url,
            login_limit: AddressLimit::per_minute(self.settings.limits.login_per_minute),
        });
        // In the process that serves, whether or not it has the worker.
        let swept = ground.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(300)).await;
                swept.login_limit.sweep();
            }
        });
        ground
    }

    fn log_in(&self, realm: Realm, door: Arc<dyn Door>) -> Result<Data<LogIn>, Failure> {
        let brokers = relying_parties(&self.settings, &self.municipalities, realm, &self.clock).map_err(all)?;
        let log_in = Data::new(LogIn::new(brokers, door, self.settings.limits.login_per_minute));
        let swept = log_in.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(300)).await;
                swept.sweep();
            }
        });
        Ok(log_in)
    }
}

/// One application's own database and files.
pub(super) struct Store {
    pub application: Application,
    pub db: Db,
    pub blobs: Arc<BlobStore>,
    _lock: DatabaseLock,
}

/// Whether pending migrations are run or refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    Run,
    Refuse,
}

impl Store {
    pub(super) fn open(
        application: Application,
        settings: &ApplicationSettings,
        pending: Pending,
    ) -> Result<Self, Failure> {
        let url = settings.database_url.expose();
        let lock = lock_database(url)?;
        bring_up(application, url, pending)?;
        let blobs = BlobStore::open(&settings.blobs_url).map_err(Failure::fault)?;
        Ok(Self { application, db: Db::start(url), blobs: Arc::new(blobs), _lock: lock })
    }

    fn name(&self) -> &'static str {
        name_of(self.application)
    }

    pub(super) fn ops_part(&self) -> ops::Part {
        let waiting: &[(&str, ops::Waiting)] = match self.application {
            Application::Portal => &[
                ("deliveries_waiting", portal::delivery::waiting),
                ("deliveries_dead", portal::delivery::dead),
                ("targets_paused", portal::delivery::targets_paused),
                ("delivery_oldest_timestamp_seconds", portal::delivery::oldest),
                ("letters_waiting", portal::notifications::letters_waiting),
            ],
            Application::Desk => &[("desk_events_waiting", desk::portal_link::waiting)],
        };
        let (name, application) = (self.name(), self.application);
        ops::Part { name, application, db: self.db.clone(), blobs: self.blobs.clone(), waiting }
    }
}

fn name_of(application: Application) -> &'static str {
    match application {
        Application::Portal => "portal",
        Application::Desk => "desk",
    }
}

/// In a thread of its own, because a PostgreSQL connection must not be opened on an async thread.
pub(super) fn bring_up(application: Application, url: &str, pending: Pending) -> Result<usize, Failure> {
    let url = url.to_owned();
    let work = move || -> Result<usize, String> {
        let mut conn = db::open(&url, false).map_err(|e| format!("the {} database: {e}", name_of(application)))?;
        let steps = match pending {
            Pending::Run => db::migrate(&mut conn, application).map_err(|e| e.to_string())?,
            Pending::Refuse => match db::pending(&mut conn, application).map_err(|e| e.to_string())? {
                0 => 0,
                n => {
                    return Err(format!(
                        "the {0} database lacks {n} migration(s). Run: kommunportal migrate {0}",
                        name_of(application)
                    ));
                }
            },
        };
        // The lock says that nobody else works on it: what a killed process had begun is taken up at once.
        if matches!(conn, db::Conn::Sqlite(_)) {
            free_leases(&mut conn, application).map_err(|e| e.to_string())?;
        }
        Ok(steps)
    };
    std::thread::spawn(work)
        .join()
        .map_err(|_| Failure::fault("the database could not be opened"))?
        .map_err(Failure::fault)
}

/// Units and staff (JSON) into the application's own tables: who works at the desk, who may administer the portal.
pub(super) async fn take_in_staff(store: &Store, municipalities: &Municipalities, list: String) -> Result<(), Failure> {
    let (application, municipalities) = (store.application, municipalities.clone());
    let taken = store.db.write(move |c| match application {
        Application::Portal => {
            portal::administration::seed(c, &municipalities, &list).map_err(|e| NotTaken(e.to_string()))
        }
        Application::Desk => desk::staff::seed(c, &municipalities, &list).map_err(|e| NotTaken(e.to_string())),
    });
    taken.await.map_err(|NotTaken(why)| Failure::fault(why))
}

/// An error and not a value, so that the transaction is undone.
struct NotTaken(String);

impl From<db::DbError> for NotTaken {
    fn from(e: db::DbError) -> Self {
        Self(e.to_string())
    }
}

fn free_leases(conn: &mut db::Conn, application: Application) -> Result<(), db::DbError> {
    jobs::free_leases(conn)?;
    match application {
        Application::Portal => portal::delivery::free_leases(conn, Clock::system().now())?,
        Application::Desk => desk::portal_link::free_leases(conn)?,
    };
    Ok(())
}

/// The citizens' side, whole.
pub(super) struct Portal {
    pub store: Store,
    pub app: Arc<portal::App>,
    ground: Data<Ground>,
    log_in: Data<LogIn>,
    admin_ground: Data<Ground>,
    admin_log_in: Data<LogIn>,
}

impl Portal {
    pub(super) fn build(common: &Common, pending: Pending) -> Result<Self, Failure> {
        let settings = &common.settings;
        // Before anything is received that could not be given a receipt.
        common.keys.receipts().map_err(Failure::fault)?;
        let store = Store::open(Application::Portal, &settings.portal, pending)?;
        let ground = common.ground(Realm::Portal, settings.portal.public_url.clone(), &store);
        let app = Arc::new(portal::App::build(ground.clone(), &common.tree).map_err(all)?);
        let log_in = common.log_in(Realm::Portal, Arc::new(portal::identity::PortalDoor(app.clone())))?;
        let admin_url = settings.administration_url();
        let admin_ground = common.ground(Realm::Administration, admin_url, &store);
        let admin_log_in =
            common.log_in(Realm::Administration, Arc::new(portal::administration::AdministrationDoor))?;
        Ok(Self { store, app, ground, log_in, admin_ground, admin_log_in })
    }

    pub(super) fn worker(&self) -> Result<Worker, Failure> {
        portal::server::worker(&self.app).map_err(Failure::fault)
    }

    pub(super) fn serve(&self, listeners: Vec<TcpListener>, workers: usize) -> std::io::Result<Server> {
        let (ground, log_in, app) = (self.ground.clone(), self.log_in.clone(), Data::from(self.app.clone()));
        http_server(listeners, workers, move |cfg| {
            cfg.app_data(ground.clone()).app_data(log_in.clone()).app_data(app.clone());
            cfg.configure(asset_routes).configure(log_in_routes).configure(portal::server::routes);
        })
    }

    pub(super) fn serve_administration(&self, listeners: Vec<TcpListener>) -> std::io::Result<Server> {
        let (ground, log_in) = (self.admin_ground.clone(), self.admin_log_in.clone());
        let app = Data::from(self.app.clone());
        let staffing: Arc<dyn Staffing> = Arc::new(portal::administration::AdministrationStaffing);
        let staffing = Data::new(staffing);
        http_server(listeners, 1, move |cfg| {
            cfg.app_data(ground.clone()).app_data(log_in.clone()).app_data(app.clone());
            cfg.app_data(staffing.clone()).configure(powers::routes);
            cfg.configure(asset_routes).configure(log_in_routes).configure(portal::administration::routes);
        })
    }
}

/// The handlers' side, whole.
pub(super) struct DeskSide {
    pub store: Store,
    pub desk: Arc<Desk>,
    ground: Data<Ground>,
    log_in: Data<LogIn>,
}

impl DeskSide {
    pub(super) fn build(common: &Common, pending: Pending) -> Result<Self, Failure> {
        let settings = &common.settings;
        let store = Store::open(Application::Desk, &settings.desk, pending)?;
        let ground = common.ground(Realm::Desk, settings.desk.public_url.clone(), &store);
        let desk = Desk::new(
            settings.clone(),
            &common.tree,
            common.municipalities.clone(),
            store.db.clone(),
            common.clock.clone(),
            common.keys.clone(),
            store.blobs.clone(),
        )
        .map_err(Failure::fault)?;
        let log_in = common.log_in(Realm::Desk, Arc::new(desk::staff::StaffDoor))?;
        Ok(Self { store, desk: Arc::new(desk), ground, log_in })
    }

    pub(super) fn worker(&self) -> Result<Worker, Failure> {
        self.desk.worker().map_err(Failure::fault)
    }

    pub(super) fn serve(&self, listeners: Vec<TcpListener>, workers: usize) -> std::io::Result<Server> {
        let (ground, log_in, desk) = (self.ground.clone(), self.log_in.clone(), Data::from(self.desk.clone()));
        let staffing: Arc<dyn Staffing> = Arc::new(desk::staff::DeskStaffing);
        let staffing = Data::new(staffing);
        http_server(listeners, workers, move |cfg| {
            cfg.app_data(ground.clone()).app_data(log_in.clone()).app_data(desk.clone());
            cfg.app_data(staffing.clone()).configure(powers::routes);
            cfg.configure(asset_routes).configure(log_in_routes).configure(desk::server::routes);
        })
    }
}

/// Health and metrics of the parts in this process.
pub(super) fn serve_ops(listeners: Vec<TcpListener>, ops: ops::Ops) -> std::io::Result<Server> {
    let ops = Data::new(ops);
    http_server(listeners, 1, move |cfg| {
        cfg.app_data(ops.clone()).configure(ops::routes);
    })
}

async fn not_found() -> Result<actix_web::HttpResponse, AppError> {
    Err(AppError::NotFound)
}

/// Middleware, from the inside out. `render_errors` makes a page of whatever went wrong, `Compress` sees the page,
/// `protect` puts id and headers on everything that leaves.
fn http_server<F>(listeners: Vec<TcpListener>, workers: usize, configure: F) -> std::io::Result<Server>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let mut server = HttpServer::new(move || {
        App::new()
            .configure(configure.clone())
            .default_service(web::to(not_found))
            .wrap(from_fn(render_errors))
            .wrap(Compress::default())
            .wrap(from_fn(protect))
    })
    .workers(workers)
    // Without it the last bytes of an answer may wait for the reader's delayed ACK.
    .tcp_nodelay(true)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(10)
    .disable_signals();
    for listener in listeners {
        server = server.listen(listener)?;
    }
    Ok(server.run())
}

/// Takes the addresses; a taken one is named. An address family that the machine lacks is left out when another is there.
pub(super) fn listen(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, Failure> {
    let mut listeners = Vec::new();
    let mut lacking = None;
    for address in addresses {
        match TcpListener::bind(address) {
            Ok(listener) => listeners.push(listener),
            Err(e) if e.kind() == std::io::ErrorKind::AddrNotAvailable || e.raw_os_error() == Some(97) => {
                lacking = Some(format!("{address}: {e}"));
            }
            Err(e) => {
                return Err(Failure::fault(format!(
                    "Port {} on {} is taken ({e}). Hint: stop what uses it, or choose other ports.",
                    address.port(),
                    address.ip()
                )));
            }
        }
    }
    match (listeners.is_empty(), lacking) {
        (true, Some(why)) => Err(Failure::fault(why)),
        (true, None) => Err(Failure::fault("no address to listen on is set (bind)")),
        _ => Ok(listeners),
    }
}
