//! An installation: databases, a folder, settings in the environment, and the processes that run on them.

use super::databases::Folder;
use super::demo::free_block;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kommunportal::db::Db;
use kommunportal::files::BlobStore;
use kommunportal::municipalities::Municipalities;
use kommunportal::portal::App;
use kommunportal::settings::{ConfigTree, Keys, Profile, ReceiptKeys, Settings, load, random_bytes};
use kommunportal::vocabulary::Clock;
use kommunportal::web::{AddressLimit, Ground, Realm, Renderer};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};

pub type Environment = BTreeMap<String, String>;

pub struct Installation {
    pub folder: Folder,
    pub base: u16,
    /// Of a second process of the same role.
    pub second: u16,
    pub environment: Environment,
    secrets: Vec<String>,
}

fn random() -> String {
    STANDARD.encode(random_bytes::<32>().unwrap())
}

impl Installation {
    /// Profile test, with everything set.
    pub fn new(portal_database: &str, desk_database: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let base = free_block();
        let second = (0..100).map(|_| free_block()).find(|other| *other != base).unwrap();
        let folder = Folder::new();
        let files = |name: &str| format!("file:{}", folder.path().join(name).display());
        let secrets: Vec<String> = (0..7).map(|_| random()).collect();
        let secret = |n: usize| secrets[n].clone();
        let at = |offset: u16| format!("http://localhost:{}", base + offset);
        let bind = |offset: u16| format!("127.0.0.1:{}", base + offset);
        let environment = [
            ("PORTAL__BIND", bind(0)),
            ("PORTAL__PUBLIC_URL", at(0)),
            ("PORTAL__DATABASE_URL", portal_database.to_owned()),
            ("PORTAL__BLOBS_URL", files("portal-files")),
            ("DESK__BIND", bind(1)),
            ("DESK__PUBLIC_URL", at(1)),
            ("DESK__DATABASE_URL", desk_database.to_owned()),
            ("DESK__BLOBS_URL", files("desk-files")),
            ("ADMINISTRATION__BIND", bind(6)),
            ("OPS__BIND", bind(7)),
            ("BROKER__ISSUER", at(2)),
            ("BROKER__CLIENT_ID", "kommunportal".into()),
            ("BROKER__CLIENT_SECRET", secret(0)),
            ("STAFF_BROKER__ISSUER", at(2)),
            ("STAFF_BROKER__CLIENT_ID", "kommunportal-desk".into()),
            ("STAFF_BROKER__CLIENT_SECRET", secret(1)),
            ("NAVET__URL", format!("{}/na/na_epersondata/V4/personpostXML", at(3))),
            ("NAVET__ORGANISATION_NUMBER", "162021004748".into()),
            ("NAVET__ORDER_ID", "00000236-FO01-0002".into()),
            ("NAVET__ORDER_INCLUDES_PROTECTION_FLAGS", "true".into()),
            ("SMTP__URL", format!("smtp://localhost:{}", base + 5)),
            ("SMTP__FROM", "Kommunen <svara-inte@kommunen.example>".into()),
            ("TARGETS__CASTOR__KIND", "contract".into()),
            ("TARGETS__CASTOR__URL", format!("{}/integration", at(1))),
            ("TARGETS__CASTOR__TOKEN", secret(2)),
            ("TARGETS__CASTOR__SECRET_OUT", format!("whsec_{}", secret(3))),
            ("TARGETS__CASTOR__SECRET_IN", format!("whsec_{}", secret(4))),
            ("TARGETS__CASTOR__RETRY_AFTER", "1,1,2,2,5,5,5,5".into()),
            ("KEYS__SEAL", secret(5)),
            ("KEYS__LOOKUP", secret(6)),
            ("KEYS__FORMS", random()),
            ("KEYS__RECEIPT", ReceiptKeys::generate().unwrap()),
        ];
        let mut environment: Environment =
            environment.into_iter().map(|(key, value)| (format!("KOMMUNPORTAL__{key}"), value)).collect();
        environment.insert("KOMMUNPORTAL_PROFILE".into(), "test".into());
        Installation { folder, base, second, environment, secrets }
    }

    /// On two files of its own.
    pub fn on_files() -> Self {
        let mut installation = Self::new("", "");
        for (key, name) in [("PORTAL", "portal.db"), ("DESK", "desk.db")] {
            let url = format!("sqlite:{}", installation.folder.path().join(name).display());
            installation.set(&format!("{key}__DATABASE_URL"), &url);
        }
        installation
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.environment.insert(format!("KOMMUNPORTAL__{key}"), value.to_owned());
    }

    pub fn at(&self, offset: u16) -> String {
        format!("http://localhost:{}", self.base + offset)
    }

    pub fn portal(&self, path: &str) -> String {
        format!("{}{path}", self.at(0))
    }

    pub fn desk(&self, path: &str) -> String {
        format!("{}{path}", self.at(1))
    }

    fn command(&self, arguments: &[&str], more: &[(&str, String)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kommunportal"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KOMMUNPORTAL_")) {
            command.env_remove(name);
        }
        command.args(arguments).envs(&self.environment).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
        command.envs(more.iter().map(|(key, value)| (format!("KOMMUNPORTAL__{key}"), value)));
        command
    }

    /// A command that ends by itself.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments, &[]).output().unwrap()
    }

    #[track_caller]
    pub fn run_well(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The command is refused with this exit code; what it says.
    #[track_caller]
    pub fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// As its processes read them.
    pub fn settings(&self) -> Settings {
        let tree = ConfigTree::open(None).unwrap();
        load(&tree, Profile::Test, toml::Table::new(), self.environment.clone().into_iter()).unwrap()
    }

    /// The citizens' side in the test's own process, on the same database: for what is asked of it without HTTP, or at
    /// another time than now.
    pub fn app(&self, clock: Clock) -> Arc<App> {
        let (tree, settings) = (ConfigTree::open(None).unwrap(), self.settings());
        let ground = Ground {
            realm: Realm::Portal,
            municipalities: Municipalities::load(&tree, true).unwrap(),
            db: Db::start(settings.portal.database_url.expose()),
            blobs: Arc::new(BlobStore::open(&settings.portal.blobs_url).unwrap()),
            clock,
            keys: Keys::new(&settings.keys).unwrap(),
            renderer: Arc::new(Renderer::new().unwrap()),
            public_url: settings.portal.public_url.clone(),
            login_limit: AddressLimit::per_minute(settings.limits.login_per_minute),
            settings: Arc::new(settings),
        };
        Arc::new(App::build(actix_web::web::Data::new(ground), &tree).unwrap())
    }

    pub fn migrate(&self) {
        self.run_well(&["migrate", "portal"]);
        self.run_well(&["migrate", "desk"]);
    }

    /// The desk's units and handlers.
    pub fn employ(&self) {
        self.run_well(&["staff", "desk", "assets/people/staff.json"]);
    }

    /// Starts a role without waiting for it.
    pub fn launch(&self, name: &str, arguments: &[&str], more: &[(&str, String)]) -> Process {
        let path = self.folder.path().join(format!("{name}.log"));
        let log = File::options().create(true).append(true).open(&path).unwrap();
        let mut command = self.command(arguments, more);
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Process { name: name.to_owned(), child }
    }

    /// Starts a role and waits until `ready` answers well.
    pub async fn start(&self, name: &str, arguments: &[&str], more: &[(&str, String)], ready: &str) -> Process {
        self.ready(self.launch(name, arguments, more), ready).await
    }

    async fn ready(&self, mut process: Process, ready: &str) -> Process {
        let begun = Instant::now();
        while status_of(ready).await != Some(200) {
            if let Some(status) = process.child.try_wait().unwrap() {
                panic!("{} ended: {status}\n{}", process.name, self.log());
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{} is not ready:\n{}", process.name, self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process
    }

    /// `serve portal` on the first ports.
    pub async fn start_portal(&self) -> Process {
        self.ready(self.launch_portal(), &format!("{}/health/ready", self.at(7))).await
    }

    /// `serve desk`; its health is on the sixteenth port.
    pub async fn start_desk(&self) -> Process {
        self.ready(self.launch_desk(), &self.desk_ready()).await
    }

    /// As [`start_portal`](Self::start_portal), without waiting for it.
    pub fn launch_portal(&self) -> Process {
        self.launch("portal", &["serve", "portal"], &[])
    }

    /// As [`start_desk`](Self::start_desk), without waiting for it.
    pub fn launch_desk(&self) -> Process {
        self.launch("desk", &["serve", "desk"], &[("OPS__BIND", format!("127.0.0.1:{}", self.second + 7))])
    }

    fn desk_ready(&self) -> String {
        format!("http://127.0.0.1:{}/health/ready", self.second + 7)
    }

    /// Until `serve portal` and `serve desk` both take requests.
    pub async fn wait_until_ready(&self) {
        let begun = Instant::now();
        for ready in [format!("{}/health/ready", self.at(7)), self.desk_ready()] {
            while status_of(&ready).await != Some(200) {
                assert!(begun.elapsed() < Duration::from_secs(60), "{ready} does not answer:\n{}", self.log());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    pub async fn start_simulators(&self) -> Process {
        let (base, folder) = (self.base.to_string(), self.folder.path().join("simulators"));
        let arguments = ["serve", "simulators", "--base-port", &base, "--data-dir", folder.to_str().unwrap()];
        self.start("simulators", &arguments, &[], &format!("{}/_control", self.at(2))).await
    }

    /// What every process has written.
    pub fn log(&self) -> String {
        let mut all = String::new();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "log") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                all.push_str(&format!("--- {name}\n{}", std::fs::read_to_string(&path).unwrap()));
            }
        }
        all
    }

    /// Holds what was written against what must not be there.
    #[track_caller]
    pub fn assert_clean_logs(&self, more: &[String]) {
        let secrets: Vec<String> = self.secrets.iter().chain(more).cloned().collect();
        super::logs::assert_clean(&self.log(), &secrets);
    }

    /// Letters to an address, when there are as many.
    pub async fn wait_for_letters(&self, to: &str, count: usize) -> Vec<serde_json::Value> {
        let begun = Instant::now();
        let address = reqwest::Url::parse_with_params(&format!("{}/api/brev", self.at(4)), [("till", to)]).unwrap();
        loop {
            let answer = client().get(address.clone()).send().await.unwrap();
            let letters: Vec<serde_json::Value> = answer.json().await.unwrap();
            if letters.len() >= count {
                return letters;
            }
            assert!(begun.elapsed() < Duration::from_secs(40), "{} letters:\n{}", letters.len(), self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sets a simulator's state, by its port's place.
    pub async fn control(&self, offset: u16, state: serde_json::Value) {
        let answer = client().post(format!("{}/_control", self.at(offset))).json(&state).send().await.unwrap();
        assert!(answer.status().is_success());
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what the processes wrote ---\n{}", self.log());
        }
    }
}

/// A folder with everything in it. What goes away meanwhile was being made, and is left out.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => match std::fs::copy(&path, &target) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => panic!("{}: {e}", path.display()),
                _ => {}
            },
        }
    }
}

pub fn client() -> reqwest::Client {
    kommunportal::web::http_client(Duration::from_secs(20)).unwrap()
}

/// The status of an address, if anything answers there.
pub async fn status_of(address: &str) -> Option<u16> {
    client().get(address).send().await.ok().map(|answer| answer.status().as_u16())
}

/// A process of ours; killed when it goes out of scope.
pub struct Process {
    pub name: String,
    child: Child,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a power cut.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// As systemd stops it.
    pub fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap().success());
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{} does not end", self.name);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What stands before several portals: one public port, whoever is behind it.
pub struct Balancer {
    port: Arc<AtomicU16>,
    open: Arc<std::sync::Mutex<Vec<tokio::task::JoinHandle<()>>>>,
}

impl Balancer {
    pub async fn start(public: u16, first: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", public)).await.unwrap();
        let balancer = Balancer { port: Arc::new(AtomicU16::new(first)), open: Arc::default() };
        let (port, open) = (balancer.port.clone(), balancer.open.clone());
        tokio::spawn(async move {
            loop {
                let (mut visitor, _) = listener.accept().await.unwrap();
                let port = port.load(Ordering::SeqCst);
                let task = tokio::spawn(async move {
                    let Ok(mut behind) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    drop(tokio::io::copy_bidirectional(&mut visitor, &mut behind).await);
                });
                open.lock().unwrap().push(task);
            }
        });
        balancer
    }

    /// From now on everybody meets the process on this port.
    pub async fn turn_to(&self, port: u16) {
        self.port.store(port, Ordering::SeqCst);
        self.open.lock().unwrap().drain(..).for_each(|task| task.abort());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
