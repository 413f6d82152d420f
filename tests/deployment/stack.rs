//! The services of docker-compose.yml as plain processes. Each has an address of its own on loopback in place of its network,
//! folders in place of its volumes, and nothing of the environment but what the file gives it.

use super::browser::Browser;
use super::compose::{self, Service, Variables, env_file, root, service, services};
use super::databases::{Folder, with_conn};
use super::demo::free_block;
use super::server::Server;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Stack {
    /// First, so that they end before their folders go.
    running: BTreeMap<String, Child>,
    postgres: Server,
    folder: Folder,
    file: Value,
    /// The port of the residents; the desk's and administration's follow.
    pub base: u16,
    /// Of the services' addresses.
    net: (u8, u8),
}

#[track_caller]
fn well(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = [output.stdout, output.stderr].map(|s| String::from_utf8_lossy(&s).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {said}");
}

impl Stack {
    /// Prepared as the documentation says, with nothing running but PostgreSQL.
    pub fn prepare() -> Self {
        let (folder, base) = (Folder::new(), free_block());
        let secrets = folder.path().join("secrets");
        well(Command::new("deploy/prepare").args(["--demo", "--host", "localhost"]).arg(&secrets).current_dir(root()));
        let postgres = Server::start();
        let seed = kommunportal::settings::random_bytes::<2>().unwrap();
        let net = (100 + seed[0] % 100, seed[1]);
        let mut stack = Stack { running: BTreeMap::new(), postgres, folder, file: Value::Null, base, net };
        stack.file = compose::read(&stack.variables());
        stack.put_names_in_place(&secrets);
        stack.initialise_postgres();
        stack
    }

    /// The demo's, under names and ports that are free here.
    fn variables(&self) -> Variables {
        let places = [(8443, 0), (8444, 1), (8445, 2), (8088, 3)];
        let here = |(name, mut value): (String, String)| {
            for (port, offset) in places {
                let free = self.base + offset;
                value = value.replace(&format!(":{port}"), &format!(":{free}"));
                value = if value == port.to_string() { free.to_string() } else { value };
            }
            (name, value.replace("kommunportal.test", "localhost"))
        };
        env_file("deploy/demo.env").into_iter().map(here).collect()
    }

    /// In place of the name that it has on the engine's network.
    pub fn address(&self, service: &str) -> String {
        let at = services(&self.file).iter().position(|s| s.name == service).unwrap();
        match service {
            // The portal's public names lead to loopback.
            "proxy" => "127.0.0.1".into(),
            _ => format!("127.{}.{}.{}", self.net.0, self.net.1, at + 10),
        }
    }

    fn postgres_address(&self) -> &str {
        self.postgres.url().split('@').nth(1).unwrap().split('/').next().unwrap()
    }

    /// Secrets hold addresses too.
    fn put_names_in_place(&self, secrets: &Path) {
        for entry in std::fs::read_dir(secrets).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let here = text.replace("postgres:5432", self.postgres_address());
            let here = here.replace("simulators:", &format!("{}:", self.address("simulators")));
            if here != text {
                std::fs::remove_file(&path).unwrap();
                std::fs::write(&path, here).unwrap();
            }
        }
    }

    /// As the image does it: the script of the volume on an empty server, then passwords for everybody.
    fn initialise_postgres(&self) {
        self.sql("CREATE ROLE postgres SUPERUSER LOGIN");
        let postgres = service(&self.file, "postgres");
        let scripts: Vec<&str> =
            postgres.list("volumes").into_iter().filter(|v| v.contains("/docker-entrypoint-initdb.d/")).collect();
        assert_eq!(scripts.len(), 1);
        let (host, port) = self.postgres_address().split_once(':').unwrap();
        let mut script = Command::new(root().join(scripts[0].split(':').next().unwrap()));
        script.env("PGHOST", host).env("PGPORT", port);
        for (name, value) in postgres.environment() {
            script.env(name, self.here(&postgres, value));
        }
        well(&mut script);
        self.sql(
            "COPY (SELECT 'host all tests 127.0.0.1/32 trust' UNION ALL SELECT 'host all all 127.0.0.1/32 scram-sha-256') \
             TO PROGRAM 'cat > pg_hba.conf'; SELECT pg_reload_conf()",
        );
    }

    /// As the superuser, in the server's own database.
    pub fn sql(&self, sql: &str) {
        self.sql_in("postgres", sql);
    }

    pub fn sql_in(&self, database: &str, sql: &str) {
        let url = format!("{}/{database}", self.postgres.url().rsplit_once('/').unwrap().0);
        let sql = sql.to_owned();
        with_conn(&url, move |c| c.batch_execute(&sql).unwrap());
    }

    /// Where a volume of a service lies.
    fn volumes(&self, of: &Service<'_>) -> Vec<(String, PathBuf)> {
        let place = |volume: &&str| {
            let mut parts = volume.split(':');
            let (source, target) = (parts.next().unwrap(), parts.next().unwrap());
            let source = match (source.strip_prefix("./deploy/secrets/"), source.strip_prefix("./")) {
                (Some(made), _) => self.folder.path().join("secrets").join(made),
                (None, Some("deploy/haproxy.cfg")) => self.proxy_file(),
                (None, Some(ours)) => root().join(ours),
                (None, None) => self.folder.path().join("volumes").join(source),
            };
            (target.to_owned(), source)
        };
        of.list("volumes").iter().map(place).collect()
    }

    /// The proxy's own configuration, with addresses for the names that the engine would resolve.
    fn proxy_file(&self) -> PathBuf {
        let mut text = std::fs::read_to_string(root().join("deploy/haproxy.cfg")).unwrap();
        for s in services(&self.file) {
            for mark in [' ', '"'] {
                text = text.replace(&format!("{mark}{}:", s.name), &format!("{mark}{}:", self.address(s.name)));
            }
        }
        let path = self.folder.path().join("haproxy.cfg");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A text of the file as it must be without network and volumes of its own.
    fn here(&self, of: &Service<'_>, text: &str) -> String {
        let own = self.address(of.name);
        let mut here = text.replace("0.0.0.0", &own).replace("*:", "127.0.0.1:");
        here = here.replace("127.0.0.1:8404", &format!("127.0.0.1:{}", self.base + 4));
        if of.is_ours() {
            here = here.replace("127.0.0.1:80", &format!("{own}:80"));
        }
        let trusted = service(&self.file, "proxy").value["networks"]["inner"]["ipv4_address"].clone();
        here = here.replace(trusted.as_str().unwrap(), "127.0.0.1");
        for (target, source) in self.volumes(of) {
            here = here.replace(&target, source.to_str().unwrap());
        }
        let secrets = self.folder.path().join("secrets");
        here = here.replace("/run/secrets", secrets.to_str().unwrap());
        here.replace("/app/kommunportal", env!("CARGO_BIN_EXE_kommunportal"))
    }

    /// A command of the service: its own or its health check.
    fn command(&self, of: &Service<'_>, words: &[&str]) -> Command {
        let words: Vec<String> = words.iter().map(|w| self.here(of, w)).collect();
        let home = self.home(of.name);
        if !home.exists() {
            std::fs::create_dir_all(home.join("tmp")).unwrap();
            for (target, source) in self.volumes(of) {
                if !source.exists() {
                    std::fs::create_dir_all(&source).unwrap();
                }
                if target == "/app/config" {
                    std::os::unix::fs::symlink(&source, home.join("config")).unwrap();
                }
            }
        }
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(&home).env_clear().env("TMPDIR", home.join("tmp"));
        let folders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let found = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{found}:{folders}"));
        command.envs(of.environment().into_iter().map(|(name, value)| (name, self.here(of, value))));
        command.stdin(Stdio::null());
        command
    }

    /// In place of a container's root: the working directory with the configuration, and a folder for temporary files.
    pub fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join("homes").join(name)
    }

    fn own_command(&self, name: &str) -> Command {
        let s = service(&self.file, name);
        let mut words = s.list("command");
        if s.is_ours() {
            words.insert(0, "/app/kommunportal");
        }
        let log = File::options().create(true).append(true).open(self.log_file(name)).unwrap();
        let mut command = self.command(&s, &words);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    fn log_file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// What it has written.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.log_file(name)).unwrap_or_default()
    }

    /// Starts services in the order that they need, and waits for all of them.
    pub async fn up(&mut self, names: &[&str]) {
        for name in names {
            self.bring_up(name).await;
        }
        for name in names {
            if !service(&self.file, name).runs_once() {
                self.wait_healthy(name).await;
            }
        }
    }

    /// Until the proxy, too, has seen that there is somebody behind it.
    pub async fn open_door(&self) {
        let begun = Instant::now();
        let mut browser = self.browser();
        loop {
            browser.open(&self.portal("/e-tjanster")).await;
            if browser.status() == 200 {
                return;
            }
            assert!(begun.elapsed().as_secs() < 30, "{}", self.log("proxy"));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn bring_up(&mut self, name: &str) {
        if self.running.contains_key(name) || name == "postgres" {
            return;
        }
        let file = self.file.clone();
        let s = service(&file, name);
        for (needed, condition) in s.needs() {
            match condition {
                "service_completed_successfully" => assert!(service(&file, needed).runs_once(), "{needed}"),
                "service_healthy" => assert!(!service(&file, needed).runs_once(), "{needed}"),
                other => panic!("{name}: {other}"),
            }
            Box::pin(self.bring_up(needed)).await;
            if condition == "service_healthy" {
                self.wait_healthy(needed).await;
            }
        }
        let mut child = self.own_command(name).spawn().unwrap_or_else(|e| panic!("{name}: {e}"));
        if s.runs_once() {
            let status = child.wait().unwrap();
            assert!(status.success(), "{name}: {status}\n{}", self.log(name));
        }
        self.running.insert(name.to_owned(), child);
    }

    /// By its own health check, as the engine asks it.
    async fn wait_healthy(&mut self, name: &str) {
        let begun = Instant::now();
        loop {
            if self.is_healthy(name) {
                return;
            }
            let ended = self.running.get_mut(name).and_then(|c| c.try_wait().unwrap());
            assert!(ended.is_none() && begun.elapsed().as_secs() < 60, "{name} ({ended:?}):\n{}", self.log(name));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub fn is_healthy(&self, name: &str) -> bool {
        let s = service(&self.file, name);
        let mut command = self.command(&s, &s.health_check());
        if name == "postgres" {
            let (host, port) = self.postgres_address().split_once(':').unwrap();
            command.env("PGHOST", host).env("PGPORT", port);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap_or_else(|e| panic!("{name}: {e}")).success()
    }

    /// As the engine stops it.
    pub fn terminate(&self, name: &str) {
        signal(&self.running[name], "TERM");
    }

    /// Waits until it has ended by itself; its exit code.
    pub async fn ended(&mut self, name: &str) -> Option<i32> {
        let mut child = self.running.remove(name).unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed().as_secs() < 60, "{name} does not end:\n{}", self.log(name));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// As a power cut.
    pub fn kill(&mut self, name: &str) {
        let mut child = self.running.remove(name).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Whoever visits has taken the demo's own authority into her browser.
    pub fn browser(&self) -> Browser {
        Browser::trusting(&std::fs::read(self.folder.path().join("secrets/authorities/own.pem")).unwrap())
    }

    pub fn portal(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.base)
    }

    pub fn desk(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.base + 1)
    }
}

fn signal(child: &Child, name: &str) {
    well(Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]));
}

impl Drop for Stack {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for name in self.running.keys() {
                let log = self.log(name);
                let last: Vec<&str> = log.lines().rev().take(40).collect();
                eprintln!("--- {name} ---");
                last.iter().rev().for_each(|l| eprintln!("{l}"));
            }
        }
        for child in self.running.values_mut() {
            // The proxy's workers go when their master does.
            drop(child.kill());
            drop(child.wait());
        }
    }
}
