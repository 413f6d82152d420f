//! The simulators as the commands start them: `demo` beside everything else, `serve simulators` alone.

use super::assembly::all;
use super::serve::{Notice, run_until_stopped};
use super::{Failure, SimulatorArgs, block_on};
use crate::contract::Secret;
use crate::municipalities::Municipalities;
use crate::settings::{Broker, ConfigTree, Profile, Settings, load};
use crate::simulators::Sides;
use crate::simulators::back_office::{self, BackOffice, BackOfficeConfig};
use crate::simulators::broker::{self, BrokerConfig, Client, SigningAlg, Style};
use crate::simulators::control_room::{Levers, Place, Setup};
use crate::simulators::line::{self, Line};
use crate::simulators::mailbox::{self, MailboxConfig};
use crate::simulators::mandates::MandatesConfig;
use crate::simulators::navet::{self, NavetConfig};
use crate::simulators::visitors::Progress;
use crate::vocabulary::Clock;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use toml::{Table, Value};
use url::Url;

/// Eight ports in a row.
#[derive(Clone, Copy)]
pub(super) struct Ports(u16);

impl Ports {
    pub(super) fn from(base: u16) -> Result<Self, Failure> {
        if base > 65_527 {
            return Err(Failure::usage("--base-port: there are nine ports in a row, so the first is at most 65527."));
        }
        Ok(Self(base))
    }

    pub(super) fn base(self) -> u16 {
        self.0
    }

    pub(super) fn addresses(self, offset: u16) -> Vec<SocketAddr> {
        let port = self.0 + offset;
        let has_v6 = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
        let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        both.into_iter().filter(|ip| ip.is_ipv4() || has_v6).map(|ip| SocketAddr::new(ip, port)).collect()
    }

    pub(super) fn url(self, offset: u16) -> String {
        format!("http://localhost:{}", self.0 + offset)
    }
}

/// Where the simulators listen, and which addresses of the settings lead to them.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    pub ports: Ports,
    /// Behind a proxy: whatever the settings name is theirs. Otherwise they are on loopback, under its own names.
    pub listen: Option<IpAddr>,
}

impl Stage {
    fn addresses(self, offset: u16) -> Vec<SocketAddr> {
        match self.listen {
            Some(ip) => vec![SocketAddr::new(ip, self.ports.0 + offset)],
            None => self.ports.addresses(offset),
        }
    }

    /// The broker's name when the settings mean this one.
    fn issuer(self, settings: &Settings) -> String {
        let named = settings.broker.as_ref().filter(|_| self.listen.is_some());
        // Whichever way of being a broker it is asked for; the usual one has no path and comes last.
        let strict =
            |b: &Broker| Style::ALL.iter().rev().find_map(|s| b.issuer.strip_suffix(s.path())).map(str::to_owned);
        named.and_then(strict).unwrap_or_else(|| self.ports.url(2))
    }

    fn is_navet(self, settings: &Settings) -> bool {
        let url = settings.navet.as_ref().map(|n| n.url.as_str());
        url.is_some_and(|url| self.listen.is_some() || url.starts_with(&self.ports.url(3)))
    }
}

/// `serve simulators`: the players without portal and desk, for whoever runs those as processes of their own. Secrets,
/// public addresses and ports come from the same settings and environment that portal and desk read, so that they agree.
pub(super) fn serve(args: &SimulatorArgs, tree: &ConfigTree, profile: Profile) -> Result<(), Failure> {
    let ports = Ports::from(args.base_port.unwrap_or(8080))?;
    crate::simulators::allowed_in(profile.as_str()).map_err(Failure::fault)?;
    let settings = load(tree, profile, unless_set(ports), std::env::vars()).map_err(Failure::fault)?;
    let municipalities = Municipalities::load(tree, profile.is_play()).map_err(all)?;
    let listen = args.listen;
    let folder = args.data_dir.as_deref().unwrap_or(Path::new("var/simulators"));
    let failed = |e: std::io::Error| Failure::fault(format!("{}: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let folder = folder.canonicalize().map_err(failed)?;
    block_on(async move {
        let stage = Stage { ports, listen };
        let players = Players::start(stage, &folder, &settings, &municipalities, None)?;
        let offices = back_offices(&settings, &municipalities, &folder)?;
        println!("Legitimering {}  Navet {}  Kontrollrum {}", ports.url(2), ports.url(3), ports.url(4));
        run_until_stopped(Vec::new(), Vec::new(), Notice::default()).await;
        for office in offices {
            office.stop().await;
        }
        players.stop().await;
        Ok(())
    })?
}

/// A back office for every target of the settings whose address is a simulated one on this machine.
fn back_offices(
    settings: &Settings,
    municipalities: &Municipalities,
    folder: &Path,
) -> Result<Vec<BackOffice>, Failure> {
    let is_ours =
        |url: &Url| url.host_str() == Some("localhost") && url.path().trim_end_matches('/') == back_office::PATH;
    let first = municipalities.iter().next();
    let portal =
        first.map_or_else(|| settings.portal.public_url.to_string(), |m| m.address(&settings.portal.public_url));
    let read = |name: &str, text: &str| text.parse().map_err(|e| Failure::fault(format!("targets.{name}: {e}")));
    let own = municipalities.iter().flat_map(|m| &m.targets);
    let mut offices = Vec::new();
    for (slug, target) in settings.targets.iter().chain(own) {
        let Some(url) = target.url.as_ref().filter(|url| is_ours(url)) else { continue };
        let name = slug.as_str();
        let secrets: Result<Vec<Secret>, Failure> = target.secret_out.iter().map(|s| read(name, s.expose())).collect();
        let secret_in = target.secret_in.first().map(|s| s.expose()).unwrap_or_default();
        let config = BackOfficeConfig {
            bind: vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), url.port().unwrap_or(80))],
            portal: portal.clone(),
            token: target.token.expose().to_owned(),
            secret_out: secrets?,
            secret_in: read(name, secret_in)?,
            clock: Clock::system(),
            journal: Some(folder.join(format!("back-office-{name}.jsonl"))),
        };
        let office = back_office::start(config).map_err(Failure::fault)?;
        println!("Mottagande system {name}  {}", office.url());
        offices.push(office);
    }
    Ok(offices)
}

/// Where the simulators are when the settings name no others.
fn unless_set(ports: Ports) -> Table {
    let text = |text: String| Value::String(text);
    let client = |id: &str| {
        Table::from_iter([("issuer".to_owned(), text(ports.url(2))), ("client_id".to_owned(), text(id.to_owned()))])
    };
    Table::from_iter([
        ("broker".to_owned(), Value::Table(client("kommunportal"))),
        ("staff_broker".to_owned(), Value::Table(client("kommunportal-desk"))),
        ("navet".to_owned(), Value::Table(navet_order(ports))),
    ])
}

/// The invented order at the simulated Navet.
pub(super) fn navet_order(ports: Ports) -> Table {
    let text = |text: String| Value::String(text);
    Table::from_iter([
        ("url".to_owned(), text(format!("{}/na/na_epersondata/V4/personpostXML", ports.url(3)))),
        ("organisation_number".to_owned(), text("162021004748".into())),
        ("order_id".to_owned(), text("00000236-FO01-0002".into())),
        ("order_includes_protection_flags".to_owned(), Value::Boolean(true)),
    ])
}

/// What the settings show at the registers of who acts for organisations.
fn mandates(settings: &Settings) -> MandatesConfig {
    let powers = settings.powers_of_attorney.as_ref();
    MandatesConfig {
        register_token: settings.company_register.as_ref().map(|r| r.token.expose().to_owned()).unwrap_or_default(),
        client: powers.map(|p| (p.client_id.clone(), p.client_secret.expose().to_owned())).unwrap_or_default(),
    }
}

/// The invented registers of who acts for organisations, with the demo's own secrets.
pub(super) fn mandate_registers(ports: Ports, token: &str, secret: &str) -> [(String, Value); 2] {
    let text = |text: String| Value::String(text);
    let companies = Table::from_iter([
        ("url".to_owned(), text(format!("{}/bolag", ports.url(3)))),
        ("token".to_owned(), text(token.to_owned())),
    ]);
    let powers = Table::from_iter([
        ("url".to_owned(), text(format!("{}/mina-ombud", ports.url(3)))),
        ("token_url".to_owned(), text(format!("{}/mina-ombud/token", ports.url(3)))),
        ("client_id".to_owned(), text("kommunportal".into())),
        ("client_secret".to_owned(), text(secret.to_owned())),
    ]);
    [("company_register".to_owned(), Value::Table(companies)), ("powers_of_attorney".to_owned(), Value::Table(powers))]
}

/// The simulators that the settings leave something to do.
pub(super) struct Players {
    broker: Option<broker::Broker>,
    navet: Option<navet::Navet>,
    mailbox: mailbox::Mailbox,
    line: Option<Line>,
    progress: Arc<Progress>,
}

/// A line to the desk in place of the desk itself, for every target of the settings that leads to our own.
pub(super) fn through_a_line(ports: Ports, settings: &mut Settings) -> Result<Option<Line>, Failure> {
    let own =
        |url: &Url| url.scheme() == "http" && url.host_str() == Some("localhost") && url.port() == Some(ports.0 + 1);
    if !settings.targets.values().any(|target| target.url.as_ref().is_some_and(own)) {
        return Ok(None);
    }
    // A port of its own that stays: what may have arrived is asked for at the address where it was sent.
    let line = line::start(&ports.addresses(8), ports.0 + 1).map_err(Failure::fault)?;
    for url in settings.targets.values_mut().filter_map(|target| target.url.as_mut()).filter(|url| own(url)) {
        // Cannot fail for http.
        let _ = url.set_port(Some(line.port()));
    }
    Ok(Some(line))
}

impl Players {
    pub(super) fn start(
        stage: Stage,
        folder: &Path,
        settings: &Settings,
        municipalities: &Municipalities,
        line: Option<Line>,
    ) -> Result<Self, Failure> {
        crate::simulators::allowed_in(settings.profile.as_str()).map_err(Failure::fault)?;
        let issuer = stage.issuer(settings);
        let is_ours = |b: &&Broker| Style::ALL.iter().any(|style| b.issuer == format!("{issuer}{}", style.path()));
        let citizens = settings.broker.as_ref().filter(is_ours);
        let staff = settings.staff_broker.as_ref().filter(is_ours);
        // Behind a proxy each has a host name of its own, and a cookie of Kontrollrum does not reach the broker.
        let logs_in = citizens.is_some() && staff.is_some() && stage.listen.is_none();
        let clients = clients(settings, municipalities, citizens, staff)?;
        let sides = sides(stage, settings, municipalities);
        let broker = (!clients.is_empty())
            .then(|| {
                broker::start(BrokerConfig {
                    bind: stage.addresses(2),
                    issuer: Some(issuer),
                    data_dir: folder.to_owned(),
                    clock: Clock::system(),
                    clients,
                    sides: sides.clone(),
                })
            })
            .transpose()
            .map_err(Failure::fault)?;
        let navet = stage
            .is_navet(settings)
            .then(|| {
                navet::start(NavetConfig {
                    bind: stage.addresses(3),
                    data_dir: folder.to_owned(),
                    mandates: mandates(settings),
                    clock: Clock::system(),
                })
            })
            .transpose()
            .map_err(Failure::fault)?;
        let progress = Arc::new(Progress::default());
        let mailbox = mailbox::start(MailboxConfig {
            bind: stage.addresses(4),
            smtp_bind: stage.addresses(5),
            data_dir: folder.to_owned(),
            clock: Clock::system(),
            room: Setup {
                sides,
                places: places(stage, settings, municipalities),
                logs_in,
                // One process for all has its own /metrics; the simulators alone know of none.
                metrics: line.as_ref().map(|_| format!("{}/metrics", stage.ports.url(7))),
                levers: Levers {
                    navet: navet.as_ref().map(navet::Navet::lever),
                    desk: line.as_ref().map(Line::lever),
                    broker: broker.as_ref().map(broker::Broker::lever),
                    mail: None,
                },
                progress: progress.clone(),
            },
        })
        .map_err(Failure::fault)?;
        Ok(Self { broker, navet, mailbox, line, progress })
    }

    /// Where example cases can be made: our own broker lets anybody in, and tells how far they have come.
    pub(super) fn progress(&self) -> Option<Arc<Progress>> {
        self.broker.as_ref().map(|_| self.progress.clone())
    }

    pub(super) async fn stop(self) {
        if let Some(broker) = self.broker {
            broker.stop().await;
        }
        if let Some(navet) = self.navet {
            navet.stop().await;
        }
        if let Some(line) = self.line {
            line.stop().await;
        }
        self.mailbox.stop().await;
    }
}

/// Where the first municipality's residents and handlers go, and Kontrollrum. Behind a proxy nobody has told us its name.
fn sides(stage: Stage, settings: &Settings, municipalities: &Municipalities) -> Sides {
    let first = municipalities.iter().next().filter(|_| stage.listen.is_none())?;
    let (portal, desk) = (first.address(&settings.portal.public_url), first.address(&settings.desk.public_url));
    Some([portal, desk, stage.ports.url(4)])
}

/// The further links of Kontrollrum.
fn places(stage: Stage, settings: &Settings, municipalities: &Municipalities) -> Vec<Place> {
    let first = municipalities.iter().next();
    let own = |name, url: &Url| first.map(|m| Place { name, title: None, url: m.address(url) });
    // Behind a proxy, health is on the inner network.
    let ops = stage.listen.is_none().then(|| Place { name: "ops", title: None, url: stage.ports.url(7) });
    let others = municipalities.iter().skip(1).map(|m| {
        let url = m.address(&settings.portal.public_url);
        Place { name: "municipality", title: Some(m.name.clone()), url }
    });
    own("administration", &settings.administration_url()).into_iter().chain(ops).chain(others).collect()
}

/// The broker's clients, each with every municipality's own addresses.
fn clients(
    settings: &Settings,
    municipalities: &Municipalities,
    citizens: Option<&Broker>,
    staff: Option<&Broker>,
) -> Result<Vec<Client>, Failure> {
    let (portal, desk) = (&settings.portal.public_url, &settings.desk.public_url);
    let mut clients = Vec::new();
    if let Some(b) = citizens {
        let maker = Registration { section: "broker", broker: b, more: &settings.brokers, municipalities };
        // To residents each municipality is itself.
        let names_at = municipalities.iter().map(|m| (m.address(portal), m.full_name.clone())).collect();
        clients.push(Client { names_at, ..maker.client(&b.client_id, "Kommunens e-tjänster", portal)? });
    }
    if let Some(b) = staff {
        let administration = settings.administration_url();
        let (id, other) = (&b.client_id, &b.administration_client_id);
        let maker = Registration { section: "staff_broker", broker: b, more: &settings.staff_brokers, municipalities };
        let desk = maker.client(id, "Handläggarstöd", desk)?;
        let administration = maker.client(other, "Administration", &administration)?;
        clients.extend([desk, administration].map(|c| Client { staff: true, may_sign: false, ..c }));
    }
    Ok(clients)
}

/// What our broker knows of us. Its other styles are brokers of their own to us, with addresses of their own.
struct Registration<'a> {
    section: &'static str,
    broker: &'a Broker,
    more: &'a BTreeMap<String, Broker>,
    municipalities: &'a Municipalities,
}

impl Registration<'_> {
    fn client(&self, id: &str, name: &str, public_url: &Url) -> Result<Client, Failure> {
        let (section, broker) = (self.section, self.broker);
        if broker.client_secret.is_none() && broker.private_key.is_none() {
            return Err(Failure::fault(format!(
                "{section}.client_secret is not set. Hint: give the simulators the same settings as portal and desk."
            )));
        }
        let addresses: Vec<String> = self.municipalities.iter().map(|m| m.address(public_url)).collect();
        let slugs = || std::iter::once("standard").chain(self.more.keys().map(String::as_str));
        let each = |path: &str| {
            addresses
                .iter()
                .flat_map(|a| slugs().map(move |slug| format!("{a}/auth/{path}/{slug}")))
                .collect::<Vec<_>>()
        };
        Ok(Client {
            client_id: id.to_owned(),
            client_name: name.to_owned(),
            names_at: Vec::new(),
            client_secret: broker.client_secret.as_ref().map(|s| s.expose().to_owned()),
            jwks_uri: addresses.first().map(|address| format!("{address}/.well-known/jwks.json")),
            redirect_uris: each("aterkomst"),
            post_logout_redirect_uris: addresses.iter().map(|a| format!("{a}/utloggad")).collect(),
            backchannel_logout_uris: each("utloggning"),
            id_token_signed_response_alg: SigningAlg::Es256,
            may_sign: true,
            staff: false,
        })
    }
}
