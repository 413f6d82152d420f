//! Commands: `demo`, `serve portal|desk|simulators`, `worker portal|desk`, `migrate portal|desk`,
//! `staff portal|desk FILE`, `check`, `health URL`, `conform URL --listen ADDR`.
//! Exit codes: 0 ok, 1 fault in what was asked, 2 wrong usage.

mod assembly;
mod check;
mod conform;
mod demo;
mod health;
mod lock;
mod players;
mod serve;
mod transport;

use crate::settings::{ConfigTree, Profile};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// E-tjänster, Mina sidor och handläggarstöd för svenska kommuner.
#[derive(Parser)]
#[command(name = "kommunportal", version)]
struct Cli {
    /// Folder with default.toml, municipalities and services (default: ./config, else the copy in the program).
    #[arg(long, global = true, value_name = "DIR")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything on this machine with invented people.
    Demo(DemoArgs),
    /// Serve one role.
    Serve {
        /// Which.
        #[arg(value_enum)]
        role: Role,
        /// Leave the worker to a process of its own.
        #[arg(long)]
        no_worker: bool,
        #[command(flatten)]
        simulators: SimulatorArgs,
    },
    /// Only the worker of one application.
    Worker {
        /// Whose.
        #[arg(value_enum)]
        application: ApplicationName,
    },
    /// Bring a database to this version.
    Migrate {
        /// Whose.
        #[arg(value_enum)]
        application: ApplicationName,
    },
    /// Take in units and staff from a list (JSON), in place of what is known of the same ones.
    Staff {
        /// Whose table: those who work at the desk, or those who administer the portal.
        #[arg(value_enum)]
        application: ApplicationName,
        /// The list.
        list: PathBuf,
    },
    /// Read settings, municipalities, services, templates and texts, and tell every fault.
    Check {
        /// How faults are told.
        #[arg(long, value_enum, default_value_t = check::Format::Text)]
        format: check::Format,
    },
    /// Ask a process how it is: exit code 0 when the address answers well. For containers, which have no curl.
    Health {
        /// For example http://127.0.0.1:8087/health/ready.
        address: url::Url,
    },
    /// Play the portal against an adapter, and tell what holds of the contract (docs/integration.md).
    Conform(Box<conform::ConformArgs>),
}

#[derive(Args)]
struct DemoArgs {
    /// The first of nine ports.
    #[arg(long, default_value_t = 8080)]
    base_port: u16,
    /// Where the demo keeps everything.
    #[arg(long, default_value = "var/demo", value_name = "DIR")]
    data_dir: PathBuf,
    /// Begin without ready-made cases.
    #[arg(long)]
    empty: bool,
    /// Empty the demo's folder first.
    #[arg(long)]
    reset: bool,
}

/// Only with `serve simulators`.
#[derive(Args)]
struct SimulatorArgs {
    /// Simulators: the first of nine ports; they take the third to the sixth [default: 8080].
    #[arg(long)]
    base_port: Option<u16>,
    /// Simulators: where they keep keys and letters [default: var/simulators].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Simulators: the address to listen on when a proxy stands before them; they then play whatever the settings name.
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Portal,
    Desk,
    Simulators,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ApplicationName {
    Portal,
    Desk,
}

/// What was asked cannot be done: said on stderr, exit code 1, or 2 when it was asked wrongly.
#[derive(Debug)]
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn fault(message: impl ToString) -> Self {
        Self { message: message.to_string(), code: 1 }
    }
    fn usage(message: impl ToString) -> Self {
        Self { message: message.to_string(), code: 2 }
    }
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() { 2 } else { 0 };
            drop(e.print());
            return ExitCode::from(code);
        }
    };
    // Before the first connection of any kind; a second provider is never loaded.
    drop(rustls::crypto::ring::default_provider().install_default());
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let tree = ConfigTree::open(cli.config.as_deref())
        .map_err(|e| Failure::fault(format!("The configuration cannot be read: {e}")))?;
    match cli.command {
        Command::Demo(args) => demo::run(args, tree),
        Command::Serve { role: Role::Simulators, simulators, .. } => {
            crate::telemetry::start_logging(false, None);
            players::serve(&simulators, &tree, profile(Profile::Production)?)
        }
        Command::Serve { simulators: SimulatorArgs { base_port, data_dir, listen }, .. }
            if base_port.is_some() || data_dir.is_some() || listen.is_some() =>
        {
            Err(Failure::usage(
                "--base-port, --data-dir and --listen are for simulators. Hint: portal.bind and desk.bind in the settings.",
            ))
        }
        Command::Serve { role, no_worker, .. } => serve::serve(role, !no_worker, tree, profile(Profile::Production)?),
        Command::Worker { application } => serve::worker(application, tree, profile(Profile::Production)?),
        Command::Migrate { application } => serve::migrate(application, tree, profile(Profile::Production)?),
        Command::Staff { application, list } => serve::staff(application, &list, tree, profile(Profile::Production)?),
        Command::Health { address } => health::ask(address),
        Command::Conform(args) => conform::run(&args),
        Command::Check { format } => check::run(&tree, profile(Profile::Production)?, format),
    }
}

/// `KOMMUNPORTAL_PROFILE`, else `default`.
fn profile(default: Profile) -> Result<Profile, Failure> {
    match std::env::var("KOMMUNPORTAL_PROFILE").as_deref() {
        Err(_) | Ok("") => Ok(default),
        Ok("production") => Ok(Profile::Production),
        Ok("demo") => Ok(Profile::Demo),
        Ok("test") => Ok(Profile::Test),
        Ok(other) => {
            Err(Failure::usage(format!("KOMMUNPORTAL_PROFILE is \"{other}\". Hint: production, demo or test.")))
        }
    }
}

/// The runtime of every command that serves or works: tasks on all cores, so that a slow dependency holds up nobody else.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::fault)?;
    Ok(actix_web::rt::System::with_tokio_rt(|| runtime).block_on(work))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
