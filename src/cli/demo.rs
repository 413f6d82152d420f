//! `demo`: portal, desk, administration and simulators in one process on loopback, on SQLite, with no other set-up.

use super::assembly::{Common, DeskSide, Pending, Portal, listen, serve_ops};
use super::serve::run_until_stopped;
use super::{DemoArgs, Failure, block_on, profile};
use crate::db::DbError;
use crate::municipalities::{Municipalities, Municipality};
use crate::settings::{ConfigTree, Profile, Settings, load, random_bytes};
use crate::simulators::broker::{self, BrokerConfig, Client};
use crate::simulators::mailbox::{self, MailboxConfig, Place};
use crate::simulators::navet::{self, NavetConfig};
use crate::vocabulary::Clock;
use crate::web::ops::Ops;
use crate::{desk, portal, telemetry};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A folder without it is never emptied.
const MARKER: &str = ".kommunportal-demo";
/// The staff of the demo's municipalities; everybody in it is invented.
const STAFF: &str = include_str!("../../assets/people/staff.json");

/// Eight ports in a row.
#[derive(Clone, Copy)]
struct Ports(u16);

impl Ports {
    fn addresses(self, offset: u16) -> Vec<SocketAddr> {
        let port = self.0 + offset;
        let has_v6 = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
        let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        both.into_iter().filter(|ip| ip.is_ipv4() || has_v6).map(|ip| SocketAddr::new(ip, port)).collect()
    }

    fn url(self, offset: u16) -> String {
        format!("http://localhost:{}", self.0 + offset)
    }
}

pub(super) fn run(args: DemoArgs, tree: ConfigTree) -> Result<(), Failure> {
    if args.base_port > 65_528 {
        return Err(Failure::usage("--base-port: the demo uses eight ports in a row, so the first is at most 65528."));
    }
    let profile = match profile(Profile::Demo)? {
        Profile::Production => {
            return Err(Failure::usage("The demo does not run with KOMMUNPORTAL_PROFILE=production."));
        }
        play => play,
    };
    telemetry::start_logging(false);
    let metrics = telemetry::start_metrics();
    let folder = prepare_folder(&args.data_dir, args.reset)?;
    let ports = Ports(args.base_port);
    let secrets = Secrets::kept(&folder.join("secrets.toml"))?;
    let mut settings =
        load(&tree, profile, secrets.settings(ports, &folder), std::env::vars()).map_err(Failure::fault)?;
    settings.demo_links = vec![
        ("Invånare".into(), ports.url(0)),
        ("Handläggare".into(), ports.url(1)),
        ("Kontrollrum".into(), ports.url(4)),
    ];
    block_on(async move {
        let common = Common::new(settings, tree)?;
        let players = Players::start(ports, &folder, &secrets, &common)?;
        let portal = Portal::build(&common, Pending::Run)?;
        let side = DeskSide::build(&common, Pending::Run)?;
        seed(&common, &portal, &side).await?;
        let set = &common.settings;
        let ops = Ops { parts: vec![portal.store.ops_part(), side.store.ops_part()], metrics };
        let servers = vec![
            portal.serve(listen(&set.portal.bind)?, 2).map_err(Failure::fault)?,
            side.serve(listen(&set.desk.bind)?, 1).map_err(Failure::fault)?,
            portal.serve_administration(listen(&set.administration.bind)?).map_err(Failure::fault)?,
            serve_ops(listen(&set.ops.bind)?, ops).map_err(Failure::fault)?,
        ];
        let workers = vec![portal.worker()?, side.worker()?];
        welcome(ports, &common.municipalities);
        run_until_stopped(servers, workers).await;
        players.stop().await;
        Ok(())
    })?
}

/// `serve simulators`: the same players without portal and desk, for developers who run those themselves.
pub(super) fn serve_simulators(tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    crate::simulators::allowed_in(profile.as_str()).map_err(Failure::fault)?;
    let folder = prepare_folder(Path::new("var/simulators"), false)?;
    let secrets = Secrets::kept(&folder.join("secrets.toml"))?;
    let ports = Ports(8080);
    let settings = load(&tree, profile, secrets.settings(ports, &folder), std::env::vars()).map_err(Failure::fault)?;
    block_on(async move {
        let common = Common::new(settings, tree)?;
        let players = Players::start(ports, &folder, &secrets, &common)?;
        println!("Legitimering {}  Navet {}  Kontrollrum {}", ports.url(2), ports.url(3), ports.url(4));
        run_until_stopped(Vec::new(), Vec::new()).await;
        players.stop().await;
        Ok(())
    })?
}

/// The folder, emptied when asked and only when it is a demo's.
fn prepare_folder(folder: &Path, reset: bool) -> Result<PathBuf, Failure> {
    let failed = |e: std::io::Error| Failure::fault(format!("{}: {e}", folder.display()));
    let marker = folder.join(MARKER);
    if reset && folder.exists() {
        if !marker.is_file() {
            return Err(Failure::fault(format!(
                "{} is not emptied: it lacks the demo's marker file {MARKER}. Hint: choose another folder with --data-dir.",
                folder.display()
            )));
        }
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            removed.map_err(failed)?;
        }
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&marker, "Den här mappen hör till kommunportal demo och får tömmas.\n").map_err(failed)?;
    folder.canonicalize().map_err(failed)
}

/// Keys and secrets of this demo, made at its first start.
struct Secrets(Table);

impl Secrets {
    fn kept(path: &Path) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Failure::fault(format!("{}: {e}", path.display()));
        if let Ok(text) = std::fs::read_to_string(path) {
            return text.parse().map(Self).map_err(|e| Failure::fault(format!("{}: {e}", path.display())));
        }
        let random = || random_bytes::<32>().map(|b| STANDARD.encode(b)).map_err(Failure::fault);
        let mut table = Table::new();
        for name in ["seal", "lookup", "forms", "client_secret", "token"] {
            table.insert(name.into(), Value::String(random()?));
        }
        for name in ["secret_out", "secret_in"] {
            table.insert(name.into(), Value::String(format!("whsec_{}", random()?)));
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        std::io::Write::write_all(&mut file, table.to_string().as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(Self(table))
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// What the demo decides by itself; the environment may still say otherwise.
    fn settings(&self, ports: Ports, folder: &Path) -> Table {
        let bind =
            |offset: u16| Value::Array(ports.addresses(offset).iter().map(|a| Value::String(a.to_string())).collect());
        let text = |text: String| Value::String(text);
        let list = |name: &str| Value::Array(vec![text(self.get(name).to_owned())]);
        let application = |name: &str, offset: u16| {
            Table::from_iter([
                ("bind".to_owned(), bind(offset)),
                ("public_url".to_owned(), text(ports.url(offset))),
                ("database_url".to_owned(), text(format!("sqlite:{}", folder.join(format!("{name}.db")).display()))),
                ("blobs_url".to_owned(), text(format!("file:{}", folder.join(format!("{name}-files")).display()))),
            ])
        };
        let client = |id: &str| {
            Table::from_iter([
                ("issuer".to_owned(), text(ports.url(2))),
                ("client_id".to_owned(), text(id.to_owned())),
                ("client_secret".to_owned(), text(self.get("client_secret").to_owned())),
            ])
        };
        let retry = [1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1800].map(Value::Integer).to_vec();
        let castor = Table::from_iter([
            ("kind".to_owned(), text("contract".into())),
            ("url".to_owned(), text(format!("{}/integration", ports.url(1)))),
            ("token".to_owned(), text(self.get("token").to_owned())),
            ("secret_out".to_owned(), list("secret_out")),
            ("secret_in".to_owned(), list("secret_in")),
            ("retry_after".to_owned(), Value::Array(retry)),
        ]);
        let navet = Table::from_iter([
            ("url".to_owned(), text(format!("{}/na/na_epersondata/V4/personpostXML", ports.url(3)))),
            ("organisation_number".to_owned(), text("162021004748".into())),
            ("order_id".to_owned(), text("00000236-FO01-0002".into())),
            ("order_includes_protection_flags".to_owned(), Value::Boolean(true)),
        ]);
        let smtp = Table::from_iter([
            ("url".to_owned(), text(format!("smtp://localhost:{}", ports.0 + 5))),
            ("from".to_owned(), text("Kommunen <svara-inte@kommunen.example>".into())),
        ]);
        let keys = Table::from_iter([
            ("seal".to_owned(), list("seal")),
            ("lookup".to_owned(), text(self.get("lookup").to_owned())),
            ("forms".to_owned(), text(self.get("forms").to_owned())),
        ]);
        let only_bind = |offset: u16| Table::from_iter([("bind".to_owned(), bind(offset))]);
        Table::from_iter([
            ("portal".to_owned(), Value::Table(application("portal", 0))),
            ("desk".to_owned(), Value::Table(application("desk", 1))),
            ("administration".to_owned(), Value::Table(only_bind(6))),
            ("ops".to_owned(), Value::Table(only_bind(7))),
            ("broker".to_owned(), Value::Table(client("kommunportal"))),
            ("staff_broker".to_owned(), Value::Table(client("kommunportal-desk"))),
            ("navet".to_owned(), Value::Table(navet)),
            ("smtp".to_owned(), Value::Table(smtp)),
            ("keys".to_owned(), Value::Table(keys)),
            ("targets".to_owned(), Value::Table(Table::from_iter([("castor".to_owned(), Value::Table(castor))]))),
        ])
    }
}

/// The simulators that the settings leave something to do.
struct Players {
    broker: Option<broker::Broker>,
    navet: Option<navet::Navet>,
    mailbox: mailbox::Mailbox,
}

impl Players {
    fn start(ports: Ports, folder: &Path, secrets: &Secrets, common: &Common) -> Result<Self, Failure> {
        let settings = &common.settings;
        crate::simulators::allowed_in(settings.profile.as_str()).map_err(Failure::fault)?;
        let ours = |issuer: Option<&str>| issuer == Some(ports.url(2).as_str());
        let citizens = settings.broker.as_ref().map(|b| b.issuer.as_str());
        let staff = settings.staff_broker.as_ref().map(|b| b.issuer.as_str());
        let broker = (ours(citizens) || ours(staff))
            .then(|| {
                broker::start(BrokerConfig {
                    bind: ports.addresses(2),
                    issuer: Some(ports.url(2)),
                    data_dir: folder.to_owned(),
                    clock: Clock::system(),
                    clients: clients(settings, &common.municipalities, secrets.get("client_secret")),
                })
            })
            .transpose()
            .map_err(Failure::fault)?;
        let asks_us = settings.navet.as_ref().is_some_and(|n| n.url.as_str().starts_with(&ports.url(3)));
        let navet = asks_us
            .then(|| {
                navet::start(NavetConfig {
                    bind: ports.addresses(3),
                    data_dir: folder.to_owned(),
                    clock: Clock::system(),
                })
            })
            .transpose()
            .map_err(Failure::fault)?;
        let mailbox = mailbox::start(MailboxConfig {
            bind: ports.addresses(4),
            smtp_bind: ports.addresses(5),
            data_dir: folder.to_owned(),
            clock: Clock::system(),
            places: places(ports),
        })
        .map_err(Failure::fault)?;
        Ok(Self { broker, navet, mailbox })
    }

    async fn stop(self) {
        if let Some(broker) = self.broker {
            broker.stop().await;
        }
        if let Some(navet) = self.navet {
            navet.stop().await;
        }
        self.mailbox.stop().await;
    }
}

fn places(ports: Ports) -> Vec<Place> {
    let place = |name: &str, offset: u16, about: &str| Place {
        name: name.to_owned(),
        url: ports.url(offset),
        about: about.to_owned(),
    };
    vec![
        place("Invånare", 0, "E-tjänster och Mina sidor."),
        place("Handläggare", 1, "Handläggarstödet, där ärendena tas emot och besvaras."),
        place("Administration", 6, "Leveranser, statusar och dagens balans."),
        place("Drift", 7, "Hälsa på /health/ready och mätvärden på /metrics."),
    ]
}

/// The three clients of the broker, each with every municipality's own addresses.
fn clients(settings: &Settings, municipalities: &Municipalities, secret: &str) -> Vec<Client> {
    let port = |addresses: &[SocketAddr]| addresses.first().map(SocketAddr::port);
    let client = |id: &str, name: &str, staff: bool, port: Option<u16>| {
        let addresses: Vec<String> = municipalities
            .iter()
            .map(|m: &std::sync::Arc<Municipality>| {
                let mut url = settings.portal.public_url.clone();
                // Cannot fail for http and https.
                let _ = url.set_port(port);
                m.address(&url)
            })
            .collect();
        Client {
            client_id: id.to_owned(),
            client_name: name.to_owned(),
            client_secret: Some(secret.to_owned()),
            jwks_uri: None,
            redirect_uris: addresses.iter().map(|a| format!("{a}/auth/aterkomst/standard")).collect(),
            post_logout_redirect_uris: addresses.iter().map(|a| format!("{a}/utloggad")).collect(),
            staff,
        }
    };
    vec![
        client("kommunportal", "Kommunens e-tjänster", false, settings.portal.public_url.port()),
        client("kommunportal-desk", "Handläggarstöd", true, settings.desk.public_url.port()),
        client("kommunportal-administration", "Administration", true, port(&settings.administration.bind)),
    ]
}

/// Staff and units of the invented municipalities, into both applications' own tables.
async fn seed(common: &Common, portal: &Portal, side: &DeskSide) -> Result<(), Failure> {
    let municipalities = common.municipalities.clone();
    let seeded = side
        .store
        .db
        .write(move |c| Ok::<_, DbError>(desk::staff::seed(c, &municipalities, STAFF).map_err(|e| e.to_string())));
    seeded.await.map_err(Failure::fault)?.map_err(Failure::fault)?;
    let municipalities = common.municipalities.clone();
    let seeded = portal.store.db.write(move |c| {
        Ok::<_, DbError>(portal::administration::seed(c, &municipalities, STAFF).map_err(|e| e.to_string()))
    });
    seeded.await.map_err(Failure::fault)?.map_err(Failure::fault)
}

fn welcome(ports: Ports, municipalities: &Municipalities) {
    let others: Vec<String> = municipalities
        .iter()
        .skip(1)
        .filter_map(|m| Some(format!("{} http://{}:{}", m.name, m.hosts.first()?, ports.0)))
        .collect();
    println!(
        "\nKommunportal är igång, med påhittade personer.\n\n  \
         Invånare      {}   (logga in som Anna Åkesson)\n  \
         Handläggare   {}   (logga in som Karin Solbacka)\n  \
         Kontrollrum   {}   (brevlåda och vem du kan vara)\n\n  \
         Administration {}  (Henrik Ekmark)   Drift {}\n  \
         Andra kommuner: {}\n\nCtrl-C avslutar.\n",
        ports.url(0),
        ports.url(1),
        ports.url(4),
        ports.url(6),
        ports.url(7),
        others.join(", ")
    );
}
