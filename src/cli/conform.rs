//! `conform`: the kit as a command. Secrets come from files or the environment, never from the command line, which
//! everybody on the machine can read.

use super::{Failure, block_on};
use crate::conform::{self, Config, Mode};
use crate::contract::{MunicipalityRef, Secret};
use crate::vocabulary::Clock;
use clap::{Args, ValueEnum};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// What the kit plays, against whom.
#[derive(Args)]
pub(super) struct ConformArgs {
    /// The adapter's root: the address before /v1/deliveries. Not for --mode pull.
    url: Option<Url>,
    /// Where the kit plays the portal.
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// push: the kit calls the adapter. pull: the adapter calls the kit.
    #[arg(long, value_enum, default_value_t = ModeName::Push)]
    mode: ModeName,
    /// How the adapter reaches ADDR [default: http://localhost:PORT].
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
    /// Bearer token of GETs, either way; else CONFORM_TOKEN.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Signs what the kit sends; else CONFORM_SECRET_OUT.
    #[arg(long, value_name = "FILE")]
    secret_out_file: Option<PathBuf>,
    /// The secret that comes next, if the adapter knows both; else CONFORM_SECRET_OUT_NEXT.
    #[arg(long, value_name = "FILE")]
    secret_out_next_file: Option<PathBuf>,
    /// Signs what the adapter sends; else CONFORM_SECRET_IN.
    #[arg(long, value_name = "FILE")]
    secret_in_file: Option<PathBuf>,
    /// Kommunkod that deliveries are made for.
    #[arg(long, default_value = "1257")]
    municipality: String,
    /// Organisation number that deliveries are made for.
    #[arg(long, default_value = "2120009911")]
    organisation_number: String,
    /// A case type that the adapter knows.
    #[arg(long, default_value = "KFN-BIDRAG")]
    case_type: String,
    /// Its unit.
    #[arg(long, default_value = "FRITID")]
    unit: String,
    /// How its decisions are appealed: fl, kl or none.
    #[arg(long, default_value = "kl")]
    appeal_regime: String,
    /// A case type whose titles must not leave the case [default: as --case-type].
    #[arg(long)]
    sensitive_case_type: Option<String>,
    /// Seconds that the adapter may take for what it does by itself.
    #[arg(long, default_value_t = 30.0)]
    patience: f64,
    /// Seconds in which nothing must come where nothing may.
    #[arg(long, default_value_t = 2.0)]
    settle: f64,
    /// Seconds that you have for each thing that you are asked to do in the back office; 0: do not ask.
    #[arg(long, default_value_t = 120)]
    person_seconds: u64,
    /// Only these: C05,C11.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Does what somebody would do in the back office; see docs/integration.md.
    #[arg(long, value_name = "URL")]
    hook: Option<Url>,
    /// Remembers a delivery for the next run, which tries it once more (C02).
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t = FormatName::Table)]
    format: FormatName,
}

#[derive(Clone, Copy, ValueEnum)]
enum ModeName {
    Push,
    Pull,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Table,
    Json,
    Junit,
}

/// From a file, else from the environment.
fn secret(file: Option<&PathBuf>, variable: &str) -> Result<Option<String>, Failure> {
    let text = match file {
        Some(path) => {
            Some(std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?)
        }
        None => std::env::var(variable).ok(),
    };
    Ok(text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()))
}

fn needed(found: Option<String>, option: &str, variable: &str) -> Result<String, Failure> {
    found.ok_or_else(|| Failure::usage(format!("The secret is missing: {option} or {variable}.")))
}

fn signing(text: &str, variable: &str) -> Result<Secret, Failure> {
    text.trim().parse().map_err(|e| Failure::usage(format!("{variable}: {e}.")))
}

fn config(args: &ConformArgs, port: u16) -> Result<Config, Failure> {
    let token = needed(secret(args.token_file.as_ref(), "CONFORM_TOKEN")?, "--token-file", "CONFORM_TOKEN")?;
    let out = secret(args.secret_out_file.as_ref(), "CONFORM_SECRET_OUT")?;
    let out = needed(out, "--secret-out-file", "CONFORM_SECRET_OUT")?;
    let next = secret(args.secret_out_next_file.as_ref(), "CONFORM_SECRET_OUT_NEXT")?;
    let back = secret(args.secret_in_file.as_ref(), "CONFORM_SECRET_IN")?;
    let back = needed(back, "--secret-in-file", "CONFORM_SECRET_IN")?;
    if !matches!(args.appeal_regime.as_str(), "fl" | "kl" | "none") {
        return Err(Failure::usage("--appeal-regime is fl, kl or none."));
    }
    let seconds =
        |n: f64| Duration::try_from_secs_f64(n).map_err(|_| Failure::usage("A time must be a number of seconds."));
    let mode = match args.mode {
        ModeName::Push => Mode::Push,
        ModeName::Pull => Mode::Pull,
    };
    if mode == Mode::Push && args.url.is_none() {
        return Err(Failure::usage("The adapter's address is missing. Hint: kommunportal conform URL --listen ADDR."));
    }
    let public_url = args.public_url.as_ref().map_or_else(|| format!("http://localhost:{port}"), Url::to_string);
    Ok(Config {
        mode,
        url: args.url.clone(),
        public_url: public_url.trim_end_matches('/').to_owned(),
        token,
        secret_out: signing(&out, "CONFORM_SECRET_OUT")?,
        secret_out_next: next.map(|text| signing(&text, "CONFORM_SECRET_OUT_NEXT")).transpose()?,
        secret_in: back.split(',').map(|text| signing(text, "CONFORM_SECRET_IN")).collect::<Result<_, _>>()?,
        municipality: MunicipalityRef {
            code: args.municipality.clone(),
            organisation_number: args.organisation_number.clone(),
        },
        case_type: args.case_type.clone(),
        unit: args.unit.clone(),
        appeal_regime: args.appeal_regime.clone(),
        sensitive_case_type: args.sensitive_case_type.clone().unwrap_or_else(|| args.case_type.clone()),
        patience: seconds(args.patience)?,
        settle: seconds(args.settle)?,
        person: Duration::from_secs(args.person_seconds),
        only: args.only.iter().map(|id| id.trim().to_ascii_uppercase()).collect(),
        hook: args.hook.clone(),
        state: args.state.clone(),
    })
}

pub(super) fn run(args: &ConformArgs) -> Result<(), Failure> {
    let listener = TcpListener::bind(args.listen)
        .and_then(|l| l.set_nonblocking(true).map(|()| l))
        .map_err(|e| Failure::fault(format!("{}: {e}", args.listen)))?;
    let port = listener.local_addr().map_or(args.listen.port(), |a| a.port());
    let config = config(args, port)?;
    let (format, is_table) = (args.format, args.format == FormatName::Table);
    let report = block_on(async move {
        let told = |result: &conform::CheckResult| {
            if is_table {
                print!("{}", result.lines());
            } else {
                // A CI's log shows how far it has come; the report itself is on stdout.
                eprintln!("{} {}", result.id, result.verdict.as_str());
            }
        };
        conform::run(config, listener, Clock::system(), told).await
    })?
    .map_err(|e| match e {
        conform::KitError::UnknownCheck(_) | conform::KitError::NoAddress => Failure::usage(e),
        e => Failure::fault(e),
    })?;
    match format {
        FormatName::Table => println!("\n{}", report.summary()),
        FormatName::Json => println!("{}", report.json()),
        FormatName::Junit => print!("{}", report.junit()),
    }
    if report.is_good() { Ok(()) } else { Err(Failure::fault(report.summary())) }
}
