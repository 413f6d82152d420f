//! `demo`: portal, desk, administration and simulators in one process on loopback, on SQLite, with no other set-up.

use super::assembly::{Common, DeskSide, Pending, Portal, listen, serve_ops, take_in_staff};
use super::players::{Players, Ports, Stage, mandate_registers, navet_order, through_a_line};
use super::serve::{Notice, run_until_stopped};
use super::{DemoArgs, Failure, block_on, profile};
use crate::municipalities::Municipalities;
use crate::oidc::ClientKey;
use crate::settings::{ConfigTree, Profile, ReceiptKeys, load, random_bytes};
use crate::simulators::visitors;
use crate::telemetry;
use crate::web::ops::Ops;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A folder without it is never emptied.
const MARKER: &str = ".kommunportal-demo";
/// The staff of the demo's municipalities; everybody in it is invented.
const STAFF: &str = include_str!("../../assets/people/staff.json");

pub(super) fn run(args: DemoArgs, tree: ConfigTree) -> Result<(), Failure> {
    let ports = Ports::from(args.base_port)?;
    let profile = match profile(Profile::Demo)? {
        Profile::Production => {
            return Err(Failure::usage("The demo does not run with KOMMUNPORTAL_PROFILE=production."));
        }
        play => play,
    };
    let metrics = telemetry::start_metrics();
    let folder = prepare_folder(&args.data_dir, args.reset)?;
    let secrets = Secrets::kept(&folder.join("secrets.toml"))?;
    let mut settings =
        load(&tree, profile, secrets.settings(ports, &folder), std::env::vars()).map_err(Failure::fault)?;
    let traces = super::serve::traces(&settings, "kommunportal")?;
    telemetry::start_logging(false, traces.as_ref());
    settings.control_room = Some(ports.url(4));
    block_on(async move {
        let line = through_a_line(ports, &mut settings)?;
        let has_line = line.is_some();
        let common = Common::new(settings, tree)?;
        let stage = Stage { ports, listen: None };
        let players = Players::start(stage, &folder, &common.settings, &common.municipalities, line)?;
        let portal = Portal::build(&common, Pending::Run)?;
        let side = DeskSide::build(&common, Pending::Run)?;
        for store in [&portal.store, &side.store] {
            take_in_staff(store, &common.municipalities, STAFF.to_owned()).await?;
        }
        let (set, notice) = (&common.settings, Notice::default());
        let ops = Ops {
            parts: vec![portal.store.ops_part(), side.store.ops_part()],
            metrics,
            leaving: notice.leaving.clone(),
        };
        let servers = vec![
            portal.serve(listen(&set.portal.bind)?, 2).map_err(Failure::fault)?,
            side.serve(listen(&set.desk.bind)?, 1).map_err(Failure::fault)?,
            portal.serve_administration(listen(&set.administration.bind)?).map_err(Failure::fault)?,
            serve_ops(listen(&set.ops.bind)?, ops).map_err(Failure::fault)?,
        ];
        let workers = vec![portal.worker()?, side.worker()?];
        welcome(ports, &common.municipalities);
        // The desk must answer at the portal's own address as well: nothing is made up where a real system takes over.
        let examples = (!args.empty && has_line).then(|| players.progress()).flatten().map(|progress| {
            tokio::spawn(visitors::run(visitors::Visit {
                portal: ports.url(0),
                desk: ports.url(1),
                data_dir: folder.clone(),
                clock: common.clock.clone(),
                progress,
            }))
        });
        run_until_stopped(servers, workers, notice).await;
        if let Some(examples) = examples {
            examples.abort();
        }
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

/// What a first start in this profile would make, for `check`; nothing is written.
pub(super) fn made_for_check() -> Table {
    let made = Secrets::new().ok().zip(Ports::from(8080).ok());
    made.map_or_else(Table::new, |(secrets, ports)| secrets.settings(ports, Path::new("var/demo")))
}

impl Secrets {
    fn kept(path: &Path) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Failure::fault(format!("{}: {e}", path.display()));
        let mut made = Self::new()?;
        if let Ok(text) = std::fs::read_to_string(path) {
            let kept: Table = text.parse().map_err(|e| Failure::fault(format!("{}: {e}", path.display())))?;
            if made.0.keys().all(|name| kept.contains_key(name)) {
                return Ok(Self(kept));
            }
            // From before there was such a secret: what it has stays.
            made.0.extend(kept);
        }
        let whole = path;
        let path = &path.with_extension("new");
        let _ = std::fs::remove_file(path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        std::io::Write::write_all(&mut file, made.0.to_string().as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        std::fs::rename(path, whole).map_err(failed)?;
        Ok(made)
    }

    fn new() -> Result<Self, Failure> {
        let random = || random_bytes::<32>().map(|b| STANDARD.encode(b)).map_err(Failure::fault);
        let mut table = Table::new();
        for name in ["seal", "lookup", "forms", "token"] {
            table.insert(name.into(), Value::String(random()?));
        }
        for name in ["secret_out", "secret_in"] {
            table.insert(name.into(), Value::String(format!("whsec_{}", random()?)));
        }
        let key = ClientKey::generate_pem().ok_or_else(|| Failure::fault("no random bytes"))?;
        table.insert("client_key".into(), Value::String(key));
        table.insert("receipt".into(), Value::String(ReceiptKeys::generate().map_err(Failure::fault)?));
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
        // Citizens' log-in is proved by key, which signs what they are asked to sign as well; that of staff by secret. Not
        // where the environment has another proof: one excludes the other.
        let client = |section: &str, id: &str, proof: &str, kept: &str| {
            let mut client = Table::from_iter([
                ("issuer".to_owned(), text(ports.url(2))),
                ("client_id".to_owned(), text(id.to_owned())),
            ]);
            if !has_proof(section) {
                client.insert(proof.to_owned(), text(self.get(kept).to_owned()));
            }
            Value::Table(client)
        };
        let citizens = client("BROKER", "kommunportal", "private_key", "client_key");
        let staff = client("STAFF_BROKER", "kommunportal-desk", "client_secret", "client_secret");
        // Every third second for ten minutes, so that a queue is seen draining; then with longer pauses.
        let retry = [1, 2].into_iter().chain([3; 200]).chain([60; 60]).chain([1800; 24]);
        let retry = retry.map(Value::Integer).collect();
        let castor = Table::from_iter([
            ("kind".to_owned(), text("contract".into())),
            ("name".to_owned(), text("Castor".into())),
            ("url".to_owned(), text(format!("{}/integration", ports.url(1)))),
            ("token".to_owned(), text(self.get("token").to_owned())),
            ("secret_out".to_owned(), list("secret_out")),
            ("secret_in".to_owned(), list("secret_in")),
            ("retry_after".to_owned(), Value::Array(retry)),
        ]);
        let smtp = Table::from_iter([
            ("url".to_owned(), text(format!("smtp://localhost:{}", ports.base() + 5))),
            ("from".to_owned(), text("Kommunen <svara-inte@kommunen.example>".into())),
        ]);
        let keys = Table::from_iter([
            ("seal".to_owned(), list("seal")),
            ("lookup".to_owned(), text(self.get("lookup").to_owned())),
            ("forms".to_owned(), text(self.get("forms").to_owned())),
            ("receipt".to_owned(), list("receipt")),
        ]);
        let only_bind = |offset: u16| Table::from_iter([("bind".to_owned(), bind(offset))]);
        let mut table = Table::from_iter([
            ("portal".to_owned(), Value::Table(application("portal", 0))),
            ("desk".to_owned(), Value::Table(application("desk", 1))),
            ("administration".to_owned(), Value::Table(only_bind(6))),
            ("ops".to_owned(), Value::Table(only_bind(7))),
            ("broker".to_owned(), citizens),
            ("staff_broker".to_owned(), staff),
            ("navet".to_owned(), Value::Table(navet_order(ports))),
            ("smtp".to_owned(), Value::Table(smtp)),
            ("keys".to_owned(), Value::Table(keys)),
            ("targets".to_owned(), Value::Table(Table::from_iter([("castor".to_owned(), Value::Table(castor))]))),
        ]);
        table.extend(mandate_registers(ports, self.get("token"), self.get("client_secret")));
        table
    }
}

/// Whether the environment says how we prove ourselves at a broker.
fn has_proof(section: &str) -> bool {
    let is_set = |key: &str| std::env::var_os(format!("KOMMUNPORTAL__{section}__{key}")).is_some();
    ["CLIENT_SECRET", "CLIENT_SECRET_FILE", "PRIVATE_KEY", "PRIVATE_KEY_FILE"].into_iter().any(is_set)
}

fn welcome(ports: Ports, municipalities: &Municipalities) {
    let others: Vec<String> = municipalities
        .iter()
        .skip(1)
        .filter_map(|m| Some(format!("{} http://{}:{}", m.name, m.hosts.first()?, ports.base())))
        .collect();
    println!(
        "\nKommunportal är igång, med påhittade personer.\n\n  \
         Börja här     {}   (bli någon med ett tryck, se mejlen, ta sönder saker)\n\n  \
         Invånare      {}   (Anna Åkesson, fyra barn)\n  \
         Handläggare   {}   (Karin Solbacka, förskola: kaso01@2120009911)\n  \
         Administration {}  (Henrik Ekmark: heek01@2120009911)   Drift {}\n  \
         Andra kommuner: {}\n\nCtrl-C avslutar.\n",
        ports.url(4),
        ports.url(0),
        ports.url(1),
        ports.url(6),
        ports.url(7),
        others.join(", ")
    );
}
